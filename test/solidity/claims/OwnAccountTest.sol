// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {OwnAccountTrigger} from "../../../contracts/claims/triggers/OwnAccountTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IOwnAccountTrigger, OwnAccountTerms} from "../../../contracts/interfaces/IOwnAccountTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {AccountHeader, Interest, Market, SaleRecord} from "../../../contracts/types/Clearing.sol";
import {Series} from "../../../contracts/types/Coverage.sol";
import {AccountFlags} from "../../../contracts/types/Flags.sol";
import {AccountId, MarketId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SetOracle} from "./SetOracle.sol";

/// @dev What the trigger reads of a house, as a test sets it.
contract SetAccounts {
    address public immutable oracle;
    AccountHeader private _header;
    Market private _market;
    SaleRecord private _sale;
    int256 private _base;
    int256 private _quoteValue;
    uint256 private _cost;

    constructor(address oracle_) {
        oracle = oracle_;
    }

    function setHeader(AccountHeader calldata header) external {
        _header = header;
    }

    function setMarket(Market calldata market) external {
        _market = market;
    }

    function setPosition(int256 base, int256 quoteValue) external {
        (_base, _quoteValue) = (base, quoteValue);
    }

    /// @dev The account is liquidated now: the house keeps the sum of what one second sells of one side.
    function sell(uint112 price, uint96 base, uint8 side, uint256 cost) external {
        if (_sale.soldAt == block.timestamp && _sale.side == side) base += _sale.base;
        _sale = SaleRecord({price: price, base: base, soldAt: uint40(block.timestamp), side: side});
        liquidate(cost);
    }

    /// @dev As of an account whose owner has ended the records.
    function liquidate(uint256 cost) public {
        _cost += cost;
        _header.lastLiquidatedAt = uint40(block.timestamp);
    }

    function headerOf(AccountId) external view returns (AccountHeader memory) {
        return _header;
    }

    function marketOf(MarketId) external view returns (Market memory, Interest memory) {
        Interest memory interest;
        return (_market, interest);
    }

    function positionOf(AccountId, MarketId) external view returns (int256, int256) {
        return (_base, _quoteValue);
    }

    function saleOf(AccountId, MarketId) external view returns (SaleRecord memory) {
        return _sale;
    }

    function liquidationCostOf(AccountId) external view returns (uint256) {
        return _cost;
    }
}

/// @dev Alice is long 10 of market 3 at 200 with 200 of cash and 4% of margin: her price is a wei below 187.5. The test is the vault;
/// 20 tokens of its series are out. A fifth is deductible, 10% of what was sold counts at most, and 5% must lie between.
abstract contract OwnAccountTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant BOND = 100e6;
    uint112 internal constant TOUCH = 187.5e18 - 1;
    uint96 internal constant BASE = 10e18;
    uint96 internal constant SUPPLY = 20e18;
    uint128 internal constant LIMIT = 50e18;
    uint8 internal constant LONG = 1;
    uint8 internal constant SHORT = 2;
    address internal constant ALICE = address(0xA11CE);
    AccountId internal constant ACCOUNT = AccountId.wrap(bytes32(uint256(0xA11CE) << 96));
    MarketId internal constant MARKET = MarketId.wrap(3);
    SeriesId internal constant SERIES = SeriesId.wrap(1);
    uint40 internal constant ENDS_AT = uint40(START) + 28 days;
    uint40 internal constant REPORTS_UNTIL = ENDS_AT + 7 days;

    SetOracle internal oracle;
    SetAccounts internal house;
    ClaimVerifier internal verifier;
    OwnAccountTrigger internal trigger;
    bytes32 internal terms;
    uint256 internal mark;
    uint96 internal supply;

    function setUp() public virtual {
        vm.warp(START);
        oracle = new SetOracle();
        oracle.set(200e18);
        house = new SetAccounts(address(oracle));
        house.setHeader(header(200e18));
        Market memory market;
        (market.rateSet, market.rateTarget, market.rateSetAt) = (4_000, 4_000, uint32(START));
        house.setMarket(market);
        house.setPosition(int256(uint256(BASE)), -2_000e18);
        HostileToken token = new HostileToken(6);
        verifier = new ClaimVerifier(address(token), BOND, 1e6, address(0xFEE));
        token.mint(address(this), 10 * BOND);
        token.approve(address(verifier), 10 * BOND);
        trigger = new OwnAccountTrigger(IClearingHouse(address(house)), verifier);
        terms = trigger.defineTerms(definition());
        register(SERIES);
        mark = trigger.markOf(address(this), SERIES);
        supply = SUPPLY;
    }

    /* THE VAULT */

    function register(SeriesId series) internal {
        verifier.registerSeries(series, address(trigger), terms, LIMIT, ENDS_AT, REPORTS_UNTIL);
    }

    function seriesOf(SeriesId) external view returns (Series memory series) {
        series.supply = supply;
    }

    /* ALICE */

    function definition() internal pure returns (OwnAccountTerms memory) {
        return OwnAccountTerms({deductibleBps: 20_00, maxCostBps: 10_00, minDistanceBps: 5_00});
    }

    function header(int128 cash) internal pure returns (AccountHeader memory result) {
        (result.cash, result.markets, result.flags) = (cash, uint48(1 << 3), AccountFlags.RECORDED);
    }

    function bindSeries() internal {
        vm.prank(ALICE);
        trigger.bind(address(this), SERIES, ACCOUNT);
    }

    /// @dev A day later: that much is sold, at that price.
    function sell(uint112 price, uint96 base, uint256 cost) internal {
        vm.warp(block.timestamp + 1 days);
        house.sell(price, base, LONG, cost);
    }

    /* ANSWERS */

    function assertPays(uint256 payout, uint256 eventAt) internal view {
        (uint256 payoutPerUnit, uint256 at, ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(at, eventAt, "event at");
    }

    function expectUndecided() internal {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function notDecided() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger));
    }

    function wrongDistance(uint256 price, uint256 touch) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_WrongDistance.selector, price, touch);
    }
}
