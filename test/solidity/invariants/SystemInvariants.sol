// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {AccountHeader, Interest, Position} from "../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../contracts/types/Flags.sol";
import {AccountId, AssetId, MarketId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
import {SystemHandler} from "./handlers/SystemHandler.sol";

struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @dev What holds after every call, whatever was called. Each message begins with the id of the promise.
abstract contract SystemInvariants {
    uint256 private constant UNIT = 1e18;
    uint256 private constant TWINS = 10;
    /// @dev After so many runs every outcome must have been reached.
    uint256 private constant FULL_CAMPAIGN = 50;
    /// @dev A broken balance stays broken, so that not every call needs to be followed by the whole count.
    uint256 private constant EVERY = 3;

    uint256 private immutable RESERVE;
    bool private immutable WITH_TWINS;

    System internal system;
    SystemHandler internal handler;
    IClearingHouse internal house;

    error Invariant_Broken(string what);
    error Campaign_NeverReached(string outcome, string reached);

    /// @dev Sums over all accounts.
    struct Sums {
        int256 claims;
        int256[2] base;
        uint256[2] longs;
        uint256[2] shorts;
        uint256 collateral;
        uint256 negativeCash;
    }

    constructor(uint256 reserve, bool withTwins) {
        RESERVE = reserve;
        WITH_TWINS = withTwins;
    }

    function setUp() public {
        system = new System(address(0xFEE));
        handler = new SystemHandler(system, RESERVE, WITH_TWINS);
        house = system.house();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[22] memory all = [
            handler.deposit.selector,
            handler.depositCollateral.selector,
            handler.withdraw.selector,
            handler.move.selector,
            handler.donate.selector,
            handler.settle.selector,
            handler.collectFees.selector,
            handler.trade.selector,
            handler.movePrice.selector,
            handler.gap.selector,
            handler.killFeed.selector,
            handler.reviveFeeds.selector,
            handler.wait.selector,
            handler.refresh.selector,
            handler.roll.selector,
            handler.start.selector,
            handler.touch.selector,
            handler.bid.selector,
            handler.bidOneWei.selector,
            handler.bidMany.selector,
            handler.deleverage.selector,
            handler.writeOff.selector
        ];
        bytes4[] memory selectors = new bytes4[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) selectors[i] = all[i];
        selectors[all.length] = handler.buyCollateral.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector({addr: address(handler), selectors: selectors});
    }

    /// @dev Runs once after each run. What a run has reached is kept in the environment of the test process, because its state is not: a
    /// campaign that has not seen what it is for proves nothing, and fails.
    function afterInvariant() public {
        uint256 runs = vm.envOr(string.concat(_name(), ".runs"), uint256(0)) + 1;
        vm.setEnv(string.concat(_name(), ".runs"), handler.decimal(runs));
        string[] memory outcomes = _mustReach();
        uint256 missed;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat(_name(), ".", outcomes[i]);
            uint256 reached = vm.envOr(key, uint256(0)) + handler.count(bytes32(bytes(outcomes[i])));
            vm.setEnv(key, handler.decimal(reached));
            if (reached != 0) continue;
            ++missed;
            // Seeds do not decide everything that a campaign does: one of the rare outcomes may be missed by chance, not two.
            if (runs >= FULL_CAMPAIGN && missed > 1) revert Campaign_NeverReached(outcomes[i], handler.report());
        }
    }

    /// @dev Prefix of the campaign's counters.
    function _name() internal pure virtual returns (string memory);

    /// @dev Outcomes that a full campaign must have reached.
    function _mustReach() internal pure virtual returns (string[] memory);

    /* THE INVARIANTS */

    function _checkAll() internal view {
        _assert(bytes(handler.broken()).length == 0, handler.broken());
        if (handler.steps() % EVERY != 0) return;
        uint256[2] memory prices = handler.prices();
        Sums memory sums = _sum(prices);
        _checkBase(sums, 0);
        _checkBase(sums, 1);
        _checkMoney(sums);
        if (WITH_TWINS) _checkTwins(prices);
    }

    /// @dev INV-02: base of a market sums to zero, and open interest equals both sides, within R2a.
    function _checkBase(Sums memory sums, uint8 market) private view {
        (, Interest memory interest) = house.marketOf(MarketId.wrap(market));
        uint256 dust = handler.baseDust(market);
        uint256 off = sums.base[market] < 0 ? uint256(-sums.base[market]) : uint256(sums.base[market]);
        _assert(off <= dust, "INV-02: sum of base");
        uint256 openInterest = interest.openInterest;
        _assert(_distance(int256(openInterest), int256(sums.longs[market])) <= dust, "INV-02: longs");
        _assert(_distance(int256(openInterest), int256(sums.shorts[market])) <= dust, "INV-02: shorts");
    }

    function _checkMoney(Sums memory sums) private view {
        (uint256 fees, uint256 negativeCash) = house.totals();
        int256 fundAccount = house.fundAccount();
        SegmentView memory segment = system.fund().segmentOf(system.segment());
        uint256 held = system.usd().balanceOf(address(house)) * 1e12;
        int256 unallocated = int256(house.unallocatedLoss());
        int256 dust = int256(handler.quoteDust());
        for (uint256 i = 0; i < 2; ++i) dust += int256((handler.baseDust(i) * handler.highestPrice(i)) / UNIT + 1);

        (uint256 waiting, uint256 reserved) = house.withdrawalQueue();
        int256 books = sums.claims + int256(fees + waiting + reserved) - unallocated;
        int256 off = int256(held) - books - fundAccount;
        _assert(off >= -dust, "CLR-08: fewer tokens than the books say");
        _assert(off <= dust, "CLR-08: more tokens than the books say");

        int256 claims = books + (fundAccount > 0 ? fundAccount : int256(0));
        _assert(int256(held + segment.owed) + dust >= claims, "INV-01: tokens held and owed below claims");
        _assert(fundAccount >= 0 || segment.owed >= uint256(-fundAccount), "FND-11: owed below what the house claims");
        uint256 inFund = system.usd().balanceOf(address(system.fund())) * 1e12;
        _assert(inFund >= segment.reserve + segment.owed, "INV-07: the fund's tokens below its ledger");

        (, uint256 total) = house.assetOf(AssetId.wrap(1));
        _assert(total == sums.collateral, "INV-01: sum of collateral");
        _assert(system.weth().balanceOf(address(house)) == total, "INV-01: collateral held");
        _assert(negativeCash == sums.negativeCash, "CLR-10: sum of negative cash");
    }

    /// @dev INV-18: never touched equals always touched.
    function _checkTwins(uint256[2] memory prices) private view {
        AccountId[] memory accounts = handler.accounts();
        for (uint256 i = TWINS; i < TWINS + 4; i += 2) {
            (int256 lazy, ) = house.positionOf(accounts[i], MarketId.wrap(0));
            (int256 settled, ) = house.positionOf(accounts[i + 1], MarketId.wrap(0));
            _assert(_distance(lazy, settled) <= handler.twinBaseDust(), "INV-18: base");
            int256 lazyValue = handler.valueOf(accounts[i], prices);
            int256 settledValue = handler.valueOf(accounts[i + 1], prices);
            _assert(_distance(lazyValue, settledValue) <= handler.twinValueDust(), "INV-18: value");
        }
    }

    /* SUMS */

    function _sum(uint256[2] memory prices) private view returns (Sums memory sums) {
        AccountId[] memory accounts = handler.accounts();
        for (uint256 i = 0; i < accounts.length; ++i) _add(sums, accounts[i], prices);
        _add(sums, house.clearingAccount(), prices);
    }

    function _add(Sums memory sums, AccountId account, uint256[2] memory prices) private view {
        AccountHeader memory header = house.headerOf(account);
        sums.claims += header.cash;
        if (header.cash < 0) sums.negativeCash += uint256(-int256(header.cash));
        for (uint8 market = 0; market < 2; ++market) _addPosition(sums, account, header, market, prices[market]);
        uint256 collateral = house.collateralOf(account, AssetId.wrap(1));
        sums.collateral += collateral;
        _assert((collateral != 0) == (header.assets == 2), "CLR-02: bit of the asset");
        bool isOpen = system.engine().auctionOf(account).isOpen;
        _assert(isOpen == (header.flags & AccountFlags.IN_AUCTION != 0), "LIQ-01: flag and auction differ");
    }

    function _addPosition(
        Sums memory sums,
        AccountId account,
        AccountHeader memory header,
        uint8 market,
        uint256 price
    ) private view {
        Position memory position = house.storedPosition(account, MarketId.wrap(market));
        bool hasBit = header.markets & (1 << market) != 0;
        _assert(hasBit || (position.shares == 0 && position.quote == 0), "CLR-04: bit of the market");
        if (!hasBit) return;
        (int256 base, int256 quoteValue) = house.positionOf(account, MarketId.wrap(market));
        sums.base[market] += base;
        if (base > 0) sums.longs[market] += uint256(base);
        else sums.shorts[market] += uint256(-base);
        int256 product = base * int256(price);
        sums.claims += product / int256(UNIT) + quoteValue;
    }

    function _distance(int256 a, int256 b) private pure returns (uint256) {
        return a > b ? uint256(a - b) : uint256(b - a);
    }

    function _assert(bool condition, string memory what) private pure {
        if (!condition) revert Invariant_Broken(what);
    }
}
