// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LiquidationErrorTrigger} from "../../../contracts/claims/triggers/LiquidationErrorTrigger.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {SaleRecord} from "../../../contracts/types/Clearing.sol";
import {AccountId, FeedId, MarketId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SetOracle} from "./SetOracle.sol";

/// @dev A SetOracle that has a variance, too.
contract SetVariance is SetOracle {
    uint256 private _fast;
    uint256 private _slow;

    function setVariance(uint256 fast, uint256 slow) external {
        (_fast, _slow) = (fast, slow);
    }

    function variance(FeedId) external view returns (uint256, uint256) {
        return (_fast, _slow);
    }
}

/// @dev The house's records, as a test sets them.
contract SetSales {
    address public immutable oracle;
    mapping(AccountId account => mapping(MarketId market => SaleRecord)) private _sales;

    constructor(address oracle_) {
        oracle = oracle_;
    }

    function record(AccountId account, MarketId market, SaleRecord calldata sale) external {
        _sales[account][market] = sale;
    }

    function saleOf(AccountId account, MarketId market) external view returns (SaleRecord memory) {
        return _sales[account][market];
    }
}

/// @dev An account in market 3, of which 10 are sold; 5% are tolerated within 20 minutes, and 100 of loss pay one unit.
abstract contract SaleTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant SALE = START + 1 days;
    uint256 internal constant WINDOW = 20 minutes;
    uint256 internal constant SPACING = 5 minutes;
    uint96 internal constant BASE = 10e18;
    uint8 internal constant LONG = 1;
    uint8 internal constant SHORT = 2;
    AccountId internal constant ACCOUNT = AccountId.wrap(bytes32(uint256(0xA11CE) << 96));
    MarketId internal constant MARKET = MarketId.wrap(3);
    address internal constant VAULT = address(0xBA017);
    SeriesId internal constant SERIES = SeriesId.wrap(1);

    SetVariance internal oracle;
    SetSales internal house;
    LiquidationErrorTrigger internal trigger;
    bytes32 internal terms;
    uint256 internal mark;

    function setUp() public virtual {
        vm.warp(START);
        oracle = new SetVariance();
        oracle.set(100e18);
        house = new SetSales(address(oracle));
        trigger = new LiquidationErrorTrigger(IClearingHouse(address(house)));
        terms = trigger.defineTerms(definition());
        mark = trigger.checkpoint(terms, VAULT, SERIES);
    }

    function definition() internal pure returns (LiquidationErrorTrigger.Definition memory) {
        return
            LiquidationErrorTrigger.Definition({
                account: ACCOUNT,
                market: MARKET,
                toleranceBps: 5_00,
                window: uint32(WINDOW),
                scale: 100e18
            });
    }

    /// @dev The house records a sale of BASE at SALE.
    function sell(uint112 price, uint8 side) internal {
        sellAt(SALE, price, BASE, side);
    }

    function sellAt(uint256 time, uint112 price, uint96 base, uint8 side) internal {
        house.record(ACCOUNT, MARKET, SaleRecord({price: price, base: base, soldAt: uint40(time), side: side}));
    }

    function observeAt(uint256 time) internal returns (uint256 confirmed, uint256 eventAt) {
        vm.warp(time);
        return trigger.observe(terms, mark);
    }

    /// @dev The first one in the second after a sale.
    function observeThrice(uint256 soldAt) internal {
        for (uint256 i = 0; i < 3; ++i) observeAt(soldAt + 1 + i * SPACING);
    }

    function assertAnswer(uint256 payout, uint256 eventAt) internal view {
        (uint256 payoutPerUnit, uint256 at, ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(at, eventAt, "event at");
    }

    function assertUndecided() internal {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function expectOutsideWindow(uint256 soldAt) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                LiquidationErrorTrigger.LiquidationErrorTrigger_OutsideWindow.selector,
                soldAt,
                soldAt + WINDOW
            )
        );
    }

    function expectNothingSold(uint256 mark_, uint256 soldAt) internal {
        vm.expectRevert(
            abi.encodeWithSelector(LiquidationErrorTrigger.LiquidationErrorTrigger_NothingSold.selector, mark_, soldAt)
        );
    }
}
