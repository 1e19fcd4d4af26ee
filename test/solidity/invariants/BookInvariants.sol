// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {AccountHeader, Interest, Position} from "../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../contracts/types/Flags.sol";
import {AccountId, AssetId, MarketId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {Ledger} from "./handlers/Ledger.sol";
import {Target} from "./Target.sol";

/// @dev What the books of a house and its fund must say after every call, whatever was called. Each message begins with the id of the
/// promise.
abstract contract BookInvariants is Target {
    uint256 private constant UNIT = 1e18;

    System internal system;
    IClearingHouse internal house;

    error Invariant_Broken(string what);

    /// @dev Sums over all accounts.
    struct Sums {
        int256 claims;
        int256[2] base;
        uint256[2] longs;
        uint256[2] shorts;
        uint256 collateral;
        uint256 negativeCash;
    }

    function _checkBooks(Ledger ledger, uint256[2] memory prices) internal view {
        Sums memory sums = _sum(ledger, prices);
        _checkBase(ledger, sums, 0);
        _checkBase(ledger, sums, 1);
        _checkMoney(ledger, sums);
    }

    /// @dev INV-02: base of a market sums to zero, and open interest equals both sides, within R2a.
    function _checkBase(Ledger ledger, Sums memory sums, uint8 market) private view {
        (, Interest memory interest) = house.marketOf(MarketId.wrap(market));
        uint256 dust = ledger.baseDust(market);
        uint256 off = sums.base[market] < 0 ? uint256(-sums.base[market]) : uint256(sums.base[market]);
        _assert(off <= dust, "INV-02: sum of base");
        uint256 openInterest = interest.openInterest;
        _assert(_distance(int256(openInterest), int256(sums.longs[market])) <= dust, "INV-02: longs");
        _assert(_distance(int256(openInterest), int256(sums.shorts[market])) <= dust, "INV-02: shorts");
    }

    function _checkMoney(Ledger ledger, Sums memory sums) private view {
        (uint256 fees, uint256 negativeCash) = house.totals();
        int256 fundAccount = house.fundAccount();
        SegmentView memory segment = system.fund().segmentOf(system.segment());
        uint256 held = system.usd().balanceOf(address(house)) * 1e12;
        int256 unallocated = int256(house.unallocatedLoss());
        int256 dust = int256(ledger.quoteDust());
        for (uint256 i = 0; i < 2; ++i) dust += int256((ledger.baseDust(i) * ledger.highestPrice(i)) / UNIT + 1);

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

    /* SUMS */

    function _sum(Ledger ledger, uint256[2] memory prices) private view returns (Sums memory sums) {
        AccountId[] memory accounts = ledger.accounts();
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

    function _distance(int256 a, int256 b) internal pure returns (uint256) {
        return a > b ? uint256(a - b) : uint256(b - a);
    }

    function _assert(bool condition, string memory what) internal pure {
        if (!condition) revert Invariant_Broken(what);
    }
}
