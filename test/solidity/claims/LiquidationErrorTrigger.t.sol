// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LiquidationErrorTrigger} from "../../../contracts/claims/triggers/LiquidationErrorTrigger.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IObservedTrigger} from "../../../contracts/interfaces/IObservedTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SaleTest} from "./SaleTest.sol";

/// @dev CLM-04: how wrong a sale's price was, and what is paid for it. On the real house and oracle: test/typescript/claims. When a sale
/// counts: LiquidationErrorSales.t.sol.
contract LiquidationErrorTriggerTest is SaleTest {
    /// @dev 36 * VARIANCE * 625 s = 0.15^2: after 625 seconds six standard deviations are 15%.
    uint256 private constant VARIANCE = 1e12;
    uint256 private constant AGE = 625;

    function test_CLM04_ALongSoldTooLowIsPaidTheDifferenceBeyondTheTolerance() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        observeAt(SALE + 1 + SPACING);
        vm.expectEmit(address(trigger));
        emit IObservedTrigger.Observed(terms, mark, 100e18, 0.5e18, 0.5e18);
        (uint256 confirmed, uint256 eventAt) = observeAt(SALE + 1 + 2 * SPACING);
        // 10 * (100 less 5% - 90) of loss, 100 of which pay one.
        Fuzz.assertEqual(confirmed, 0.5e18, "returned");
        Fuzz.assertEqual(eventAt, SALE, "CVR-07: the time of the sale");
        assertAnswer(0.5e18, SALE);
    }

    function test_CLM04_AShortBoughtBackTooHighToo() public {
        sell(110e18, SHORT);
        observeThrice(SALE);
        // 10 * (110 - 100 and 5%).
        assertAnswer(0.5e18, SALE);
    }

    function test_CLM04_APriceBetterForTheAccountIsNoError() public {
        sell(110e18, LONG);
        observeThrice(SALE);
        sellAt(SALE + 1 hours, 90e18, BASE, SHORT);
        observeThrice(SALE + 1 hours);
        vm.warp(SALE + 1 hours + WINDOW + 1);
        assertAnswer(0, 0);
    }

    function test_CLM04_AtTheToleranceNothing_aWeiBeyondSomething() public {
        terms = _withScale(10);
        sell(95e18, LONG);
        observeThrice(SALE);
        sellAt(SALE + 1 hours, 105e18, BASE, SHORT);
        observeThrice(SALE + 1 hours);
        sellAt(SALE + 2 hours, 95e18 - 1, BASE, LONG);
        observeThrice(SALE + 2 hours);
        assertAnswer(1e18, SALE + 2 hours);
        sellAt(SALE + 3 hours, 105e18 + 1, BASE, SHORT);
        observeThrice(SALE + 3 hours);
        assertAnswer(2e18, SALE + 3 hours);
    }

    /// @dev Within an ordinary move nothing, a wei beyond it all that is beyond the tolerance: 10 * (95 - 85), or 10 * (115 - 105).
    function test_CLM04_WhatTheMarketMovesOrdinarilyIsNoError_sixStandardDeviationsSinceTheSale() public {
        oracle.setVariance(VARIANCE, 0);
        _expectShown(SALE, 85e18, LONG, 0);
        _expectShown(SALE + 1 hours, 85e18 - 1, LONG, 1e18);
        _expectShown(SALE + 2 hours, 115e18, SHORT, 0);
        _expectShown(SALE + 3 hours, 115e18 + 1, SHORT, 1e18);
        oracle.setVariance(0, VARIANCE);
        _expectShown(SALE + 4 hours, 85e18, LONG, 0);
        _expectShown(SALE + 5 hours, 85e18 - 1, LONG, 1e18);
        oracle.setVariance(VARIANCE / 2, VARIANCE);
        _expectShown(SALE + 6 hours, 85e18, LONG, 0);
        oracle.setVariance(VARIANCE, VARIANCE / 2);
        _expectShown(SALE + 7 hours, 85e18, LONG, 0);
    }

    function test_CLM04_TheLongerAgoTheSaleTheMoreItTakes() public {
        oracle.setVariance(VARIANCE, 0);
        sell(91e18, LONG);
        observeAt(SALE + 1);
        Fuzz.assertEqual(trigger.rowOf(terms, mark, SALE).streak.count, 1, "9% in a second is an error");
        observeAt(SALE + AGE);
        Fuzz.assertEqual(trigger.rowOf(terms, mark, SALE).streak.since, 0, "in ten minutes it is an ordinary move");
    }

    function test_CLM04_BeyondAllMeasureNothingIsAnError() public {
        sell(1, LONG);
        // An ordinary move of more than 100%: of the price nothing is left.
        oracle.setVariance(VARIANCE * 45, 0);
        observeAt(SALE + AGE);
        oracle.setVariance(type(uint64).max, type(uint64).max);
        observeAt(SALE + AGE + SPACING);
        sellAt(SALE + 1 hours, 50_000e18, BASE, SHORT);
        observeAt(SALE + 1 hours + WINDOW);
        vm.warp(SALE + 1 hours + WINDOW + 1);
        assertAnswer(0, 0);
    }

    function test_CLM02_TheLeastThatWasSeenIsConfirmed() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        oracle.set(98e18); // 93.1 - 90.
        observeAt(SALE + 2); // Not counted, and yet it says something.
        oracle.set(120e18);
        observeAt(SALE + 1 + SPACING);
        observeAt(SALE + 1 + 2 * SPACING);
        assertAnswer(0.31e18, SALE);
    }

    function test_CLM02_OneThatShowsNoErrorEndsTheRow_soNoBlockDecides() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        observeAt(SALE + 1 + SPACING);
        oracle.set(94e18);
        observeAt(SALE + 2 + SPACING);
        oracle.set(100e18);
        observeAt(SALE + 1 + 2 * SPACING);
        observeAt(SALE + 1 + 3 * SPACING);
        vm.warp(SALE + WINDOW);
        assertUndecided();
        observeAt(SALE + WINDOW); // A second too early to count.
        vm.warp(SALE + WINDOW + 1);
        assertAnswer(0, 0);
    }

    function test_CLM06_WithoutConsensusNothingIsCounted_andWhatIsConfirmedStays() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        oracle.lose();
        vm.warp(SALE + 1 + SPACING);
        bytes memory unreadable = abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, terms);
        vm.expectRevert(unreadable);
        trigger.observe(terms, mark);
        vm.expectRevert(unreadable);
        trigger.checkpoint(terms, VAULT, SERIES);
        oracle.set(100e18);
        observeAt(SALE + 2 + SPACING);
        observeAt(SALE + 2 + 2 * SPACING);
        oracle.lose();
        assertAnswer(0.5e18, SALE);
        (uint256 confirmed, uint256 eventAt) = observeAt(SALE + 3 + 2 * SPACING);
        Fuzz.assertTrue(confirmed == 0.5e18 && eventAt == SALE, "no look at the price any more");
    }

    function test_CLM04_DefinitionsThatCannotBeDecidedAreRefused() public {
        LiquidationErrorTrigger.Definition memory given = definition();
        given.toleranceBps = 5_00 - 1;
        _refuse(given);
        given.toleranceBps = 50_00 + 1;
        _refuse(given);
        given = definition();
        given.window = 15 minutes - 1;
        _refuse(given);
        given.window = 20 minutes + 1;
        _refuse(given);
        given = definition();
        given.scale = 0;
        _refuse(given);
        (given.scale, given.window, given.toleranceBps) = (1, 15 minutes, 5_00);
        trigger.defineTerms(given);
        (given.window, given.toleranceBps) = (20 minutes, 50_00);
        bytes32 widest = keccak256(abi.encode(given));
        vm.expectEmit(address(trigger));
        emit ITrigger.TermsDefined(widest, abi.encode(given));
        Fuzz.assertTrue(trigger.defineTerms(given) == widest, "a hash of what they say");
        Fuzz.assertTrue(trigger.defineTerms(given) == widest, "again");
        Fuzz.assertTrue(keccak256(abi.encode(trigger.definitionOf(widest))) == widest, "stored");
    }

    function test_CLM04_TermsThatNobodyHasDefinedAreRefused() public {
        bytes32 unknown = "unknown";
        bytes memory invalid = abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown);
        vm.expectRevert(invalid);
        trigger.checkpoint(unknown, VAULT, SERIES);
        vm.expectRevert(invalid);
        trigger.evaluate(unknown, mark);
        vm.expectRevert(invalid);
        trigger.observe(unknown, mark);
    }

    function test_CLM04_ItsHouseAndOracleNeverChange() public {
        Fuzz.assertTrue(trigger.house() == address(house) && trigger.oracle() == address(oracle), "as deployed");
        IClearingHouse nobody = IClearingHouse(address(0xdead));
        vm.expectRevert(
            abi.encodeWithSelector(LiquidationErrorTrigger.LiquidationErrorTrigger_InvalidHouse.selector, nobody)
        );
        new LiquidationErrorTrigger(nobody);
    }

    /// @dev One token is worth a unit of loss here: never more is paid than the account lost by the price, and nothing within the tolerance.
    function testFuzz_CLM04_neverMoreThanWasLost(uint256 price, uint256 soldAt, uint256 base, uint256 side) public {
        terms = _withScale(1e18);
        uint256 current = Fuzz.between(price, 1, 1e27);
        uint112 sold = uint112(Fuzz.between(soldAt, 1, 1e27));
        uint96 amount = uint96(Fuzz.between(base, 1, 1e18));
        bool isLong = side % 2 == 0;
        oracle.set(current);
        sellAt(SALE, sold, amount, isLong ? LONG : SHORT);
        observeAt(SALE + 1);
        uint256 shown = trigger.rowOf(terms, mark, SALE).streak.least;
        uint256 lost = isLong ? (current > sold ? current - sold : 0) : (sold > current ? sold - current : 0);
        Fuzz.assertTrue(shown * 1e18 <= lost * amount, "not more than was lost");
        if (lost * 100 <= current * 5) Fuzz.assertEqual(shown, 0, "within the tolerance");
        if (lost * 100 > current * 6 && lost > 1e18) {
            Fuzz.assertTrue(shown * 1e18 + 1e18 >= (lost - (current * 5) / 100 - 1) * amount, "what is beyond it");
        }
    }

    /// @dev What one observation AGE after a sale shows.
    function _expectShown(uint256 soldAt, uint112 price, uint8 side, uint256 expected) private {
        sellAt(soldAt, price, BASE, side);
        observeAt(soldAt + AGE);
        Fuzz.assertEqual(trigger.rowOf(terms, mark, soldAt).streak.least, expected, "shown");
    }

    function _withScale(uint128 scale) private returns (bytes32) {
        LiquidationErrorTrigger.Definition memory given = definition();
        given.scale = scale;
        return trigger.defineTerms(given);
    }

    function _refuse(LiquidationErrorTrigger.Definition memory bad) private {
        vm.expectRevert(
            abi.encodeWithSelector(LiquidationErrorTrigger.LiquidationErrorTrigger_InvalidDefinition.selector, bad)
        );
        trigger.defineTerms(bad);
    }
}
