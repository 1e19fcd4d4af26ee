// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Streaks} from "../../../contracts/claims/Streaks.sol";
import {IObservedTrigger} from "../../../contracts/interfaces/IObservedTrigger.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockProtocol} from "../../../contracts/mocks/MockProtocol.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ForeignTest} from "./ForeignTest.sol";

/// @dev CLM-02: what it takes that a fact without a time of its own becomes an event, shown on a vault that loses a fifth.
contract ObservationsTest is ForeignTest {
    uint256 private constant LOSS = START + 1 days;
    uint256 private constant FALLEN = 800e6;
    /// @dev 20% less the deductible.
    uint256 private constant PAYOUT = 0.15e18;

    function test_CLM02_ThreeObservationsFiveMinutesApartConfirm() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        observeAt(LOSS + 5 minutes);
        assertConfirmed(0, 0);
        vm.expectEmit(address(trigger));
        emit IObservedTrigger.Observed(terms, mark, FALLEN, PAYOUT, PAYOUT);
        (uint256 confirmed, uint256 eventAt) = observeAt(LOSS + 10 minutes);
        Fuzz.assertEqual(confirmed, PAYOUT, "returned");
        Fuzz.assertEqual(eventAt, LOSS, "CVR-07: the first of them");
        assertConfirmed(PAYOUT, LOSS);
        assertAnswer(PAYOUT, LOSS);
    }

    function test_CLM02_ASecondLessDoesNotCount() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        observeAt(LOSS + 5 minutes - 1);
        observeAt(LOSS + 10 minutes - 2);
        assertConfirmed(0, 0);
        Fuzz.assertEqual(trigger.streakOf(terms, mark).count, 2, "the third counts as the second");
        observeAt(LOSS + 15 minutes - 3);
        assertConfirmed(0, 0);
        observeAt(LOSS + 15 minutes - 2);
        assertConfirmed(PAYOUT, LOSS);
    }

    function test_CLM02_AnyNumberInOneSecondIsOne() public {
        setPrice(FALLEN);
        for (uint256 i = 0; i < 10; ++i) observeAt(LOSS);
        assertConfirmed(0, 0);
        Fuzz.assertEqual(trigger.streakOf(terms, mark).count, 1, "one");
    }

    /// @dev A price that was pushed down must be kept down: one true observation, at whatever second, starts it all again.
    function test_CLM02_OneThatShowsNothingEndsTheRow() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        observeAt(LOSS + 5 minutes);
        setPrice(PRICE);
        observeAt(LOSS + 5 minutes + 1);
        setPrice(FALLEN);
        observeAt(LOSS + 10 minutes);
        assertConfirmed(0, 0);
        observeAt(LOSS + 15 minutes);
        observeAt(LOSS + 20 minutes - 1);
        assertConfirmed(0, 0);
        observeAt(LOSS + 20 minutes);
        assertConfirmed(PAYOUT, LOSS + 10 minutes);
    }

    function test_CLM02_AnHourWithoutObservationEndsTheRow() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        observeAt(LOSS + 1 hours);
        observeAt(LOSS + 2 hours + 1);
        assertConfirmed(0, 0);
        observeAt(LOSS + 3 hours + 1);
        assertConfirmed(0, 0);
        observeAt(LOSS + 4 hours + 1);
        assertConfirmed(PAYOUT, LOSS + 2 hours + 1);
    }

    /// @dev Patience runs from the last observation, counted or not.
    function test_CLM02_ObservationsThatDoNotCountKeepTheRowAlive() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        observeAt(LOSS + 4 minutes);
        observeAt(LOSS + 4 minutes + 1 hours);
        observeAt(LOSS + 9 minutes + 1 hours);
        assertConfirmed(PAYOUT, LOSS);
    }

    function test_CLM02_TheLeastThatWasSeenIsConfirmed() public {
        setPrice(500e6);
        observeAt(LOSS);
        setPrice(900e6);
        observeAt(LOSS + 1); // Not counted, and yet it says something.
        setPrice(600e6);
        observeAt(LOSS + 5 minutes);
        observeAt(LOSS + 10 minutes);
        assertConfirmed(0.05e18, LOSS);
    }

    function test_CVR07_WhatHappensWithTheStartIsNotCovered() public {
        setPrice(FALLEN);
        vm.expectRevert(markNotPast(mark));
        trigger.observe(terms, mark);
        uint256 tomorrow = ((START + 1 days) << 128) | PRICE;
        vm.expectRevert(markNotPast(tomorrow));
        trigger.observe(terms, tomorrow);
        observeAt(START + 1);
        Fuzz.assertEqual(trigger.streakOf(terms, mark).since, START + 1, "a second later");
    }

    /// @dev Before anyone has observed it, a loss stops the sale: nobody buys what has happened already by keeping quiet.
    function test_CVR07_ALossThatNobodyHasObservedIsUndecided() public {
        assertAnswer(0, 0);
        setPrice(FALLEN);
        assertUndecided();
        setPrice(950e6); // At the deductible: no loss.
        assertAnswer(0, 0);
        setPrice(950e6 - 1);
        assertUndecided();
    }

    function test_CVR07_UndecidedForADayAfterItWasSeen() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        setPrice(PRICE);
        observeAt(LOSS + 1);
        vm.warp(LOSS + 1 days - 1);
        assertUndecided();
        vm.warp(LOSS + 1 days);
        assertAnswer(0, 0);
    }

    function test_CLM03_AConfirmedLossStaysWhateverBecomesOfTheVault() public {
        setPrice(FALLEN);
        confirmFrom(LOSS);
        setPrice(PRICE);
        observeAt(LOSS + 1 hours);
        assertAnswer(PAYOUT, LOSS);
        protocol.setMode(MockProtocol.Mode.BurnsGas);
        uint256 gasBefore = gasleft();
        assertAnswer(PAYOUT, LOSS);
        Fuzz.assertBetween(gasBefore - gasleft(), 1, 30_000, "it is not asked again");
    }

    function test_CLM03_ADeeperLossIsAnotherEvent() public {
        setPrice(FALLEN);
        confirmFrom(LOSS);
        // Less than 1% deeper is none: it must not move the time.
        setPrice(790e6 + 1);
        confirmFrom(LOSS + 2 days);
        assertConfirmed(PAYOUT, LOSS);
        Fuzz.assertEqual(trigger.streakOf(terms, mark).since, 0, "no row");
        setPrice(790e6);
        observeAt(LOSS + 3 days);
        observeAt(LOSS + 3 days + 5 minutes);
        assertConfirmed(PAYOUT, LOSS);
        assertAnswer(PAYOUT, LOSS);
        observeAt(LOSS + 3 days + 10 minutes);
        assertConfirmed(0.16e18, LOSS + 3 days);
    }

    /// @dev CLM-08: what is seen for one series says nothing about another, even of the same terms and price.
    function test_CLM08_SeriesDoNotShareObservations() public {
        vm.warp(START + 1);
        trigger.prepare(terms);
        vm.warp(START + 2);
        uint256 other = trigger.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertTrue(other != mark && other << 128 == mark << 128, "same price, other mark");
        setPrice(FALLEN);
        confirmFrom(LOSS);
        (uint256 payout, , ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payout, PAYOUT, "of the one");
        Fuzz.assertEqual(trigger.streakOf(terms, other).count, 0, "not of the other");
    }

    function test_CLM06_WhatCannotBeReadCountsForNothing() public {
        setPrice(FALLEN);
        observeAt(LOSS);
        MockProtocol.Mode[4] memory modes = [
            MockProtocol.Mode.Reverts,
            MockProtocol.Mode.BurnsGas,
            MockProtocol.Mode.Short,
            MockProtocol.Mode.RevertsWithAnswer
        ];
        vm.warp(LOSS + 5 minutes);
        for (uint256 i = 0; i < modes.length; ++i) {
            protocol.setMode(modes[i]);
            vm.expectRevert(unreadable());
            trigger.observe(terms, mark);
            // With the gas that the verifier gives a trigger: a vault that burns its share leaves enough for an answer.
            vm.expectRevert(unreadable());
            trigger.evaluate{gas: 500_000}(terms, mark);
            vm.expectRevert(unreadable());
            trigger.prepare(terms);
            vm.expectRevert(unreadable());
            trigger.checkpoint(terms, VAULT, SERIES);
        }
        Fuzz.assertEqual(trigger.streakOf(terms, mark).count, 1, "as it was");
        protocol.setMode(MockProtocol.Mode.Bomb);
        uint256 gasBefore = gasleft();
        observeAt(LOSS + 5 minutes);
        Fuzz.assertBetween(gasBefore - gasleft(), 1, 250_000, "the answer is read, the bomb not copied");
        Fuzz.assertEqual(trigger.streakOf(terms, mark).count, 2, "counted");
    }

    /// @dev Between "enough" and "nothing happens" there is no gas that makes an honest vault look dead.
    function test_CLM06_AnObservationCannotBeStarved() public {
        setPrice(FALLEN);
        vm.warp(LOSS);
        bytes memory data = abi.encodeCall(IObservedTrigger.observe, (terms, mark));
        uint256 refused;
        for (uint256 gasGiven = 600_000; gasGiven > 40_000; gasGiven -= 9_973) {
            uint256 before = vm.snapshotState();
            (bool success, bytes memory reason) = address(trigger).call{gas: gasGiven}(data);
            if (!success) {
                ++refused;
                Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
            } else {
                Fuzz.assertEqual(trigger.streakOf(terms, mark).count, 1, "seen");
            }
            vm.revertToState(before);
        }
        Fuzz.assertBetween(refused, 10, 50, "both were seen");
    }

    /// forge-config: default.fuzz.runs = 500
    /// @dev Against the rule in words: confirmed is never more than any three observations five minutes apart without a better one in
    /// between would allow, and never falls.
    function testFuzz_CLM02_OnlyWhatThreeInARowShow(uint256[10] calldata seeds) public {
        uint256 time = START + 1;
        uint256[10] memory times;
        uint256[10] memory shown;
        uint256 last;
        for (uint256 i = 0; i < seeds.length; ++i) {
            time += Fuzz.between(seeds[i] >> 128, 0, 20 minutes);
            uint256 price = Fuzz.between(seeds[i] & type(uint128).max, 600e6, 1_100e6);
            setPrice(price);
            (uint256 confirmed, uint256 eventAt) = observeAt(time);
            times[i] = time;
            shown[i] = price < 950e6 ? (950e6 - price) * 1e9 : 0;
            Fuzz.assertTrue(confirmed >= last, "never falls");
            if (confirmed > last) {
                Fuzz.assertBetween(
                    confirmed,
                    last + (last == 0 ? 1 : Streaks.STEP),
                    _leastSince(times, shown, i, eventAt),
                    "least"
                );
                Fuzz.assertTrue(time - eventAt >= 10 minutes, "long enough");
            }
            last = confirmed;
        }
    }

    function _leastSince(
        uint256[10] memory times,
        uint256[10] memory shown,
        uint256 last,
        uint256 since
    ) private pure returns (uint256 least) {
        least = type(uint256).max;
        bool isOneOfThem;
        for (uint256 i = 0; i <= last; ++i) {
            if (times[i] == since) isOneOfThem = true;
            // In the second in which the row began an earlier one may have ended.
            if (times[i] > since && shown[i] < least) least = shown[i];
        }
        Fuzz.assertTrue(isOneOfThem, "the event is an observation");
    }
}
