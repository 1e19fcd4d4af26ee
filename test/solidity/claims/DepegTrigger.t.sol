// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepegTrigger} from "../../../contracts/claims/triggers/DepegTrigger.sol";
import {PriceReader} from "../../../contracts/claims/triggers/PriceReader.sol";
import {PriceTouchTrigger} from "../../../contracts/claims/triggers/PriceTouchTrigger.sol";
import {IObservedTrigger} from "../../../contracts/interfaces/IObservedTrigger.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {FeedId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SetOracle} from "./SetOracle.sol";

/// @dev CLM-04: the time-weighted price below 0.95 for an hour.
contract DepegTriggerTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant DROP = START + 1 days;
    uint128 private constant LEVEL = 0.95e18;
    uint256 private constant LOW = 0.9e18;
    uint256 private constant HIGH = 1e18;
    FeedId private constant FEED = FeedId.wrap(9);
    address private constant VAULT = address(0xBA017);
    SeriesId private constant SERIES = SeriesId.wrap(1);

    SetOracle private oracle;
    DepegTrigger private trigger;
    bytes32 private terms;
    uint256 private mark;

    function setUp() public {
        vm.warp(START);
        oracle = new SetOracle();
        trigger = new DepegTrigger(IPriceOracle(address(oracle)));
        terms = trigger.defineTerms(_definition());
        mark = trigger.checkpoint(terms, VAULT, SERIES);
    }

    function test_CLM04_BelowForTheWindowIsADepeg() public {
        Fuzz.assertEqual(mark, (START << 128) | HIGH, "mark");
        for (uint256 i = 0; i < 4; ++i) _observe(DROP + i * 15 minutes, LOW);
        _confirmed(0);
        _observe(DROP + 1 hours - 1, LOW);
        _confirmed(0);
        vm.warp(DROP + 1 hours);
        vm.expectEmit(address(trigger));
        emit IObservedTrigger.Observed(terms, mark, LOW, 1e18, 1e18);
        (uint256 confirmed, uint256 eventAt) = trigger.observe(terms, mark);
        Fuzz.assertTrue(confirmed == 1e18 && eventAt == DROP, "returned");
        _confirmed(DROP);
    }

    /// @dev At the level is not below it.
    function test_CLM04_AtTheLevelIsNone() public {
        for (uint256 i = 0; i < 9; ++i) _observe(DROP + i * 15 minutes, LEVEL);
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, 0, "no run");
        _answersNothing();
        for (uint256 i = 0; i < 9; ++i) _observe(DROP + 1 days + i * 15 minutes, LEVEL - 1);
        _confirmed(DROP + 1 days);
    }

    /// @dev Two observations, an hour apart, are no average.
    function test_CLM02_ThreeObservationsAtLeast() public {
        _observe(DROP, LOW);
        _observe(DROP + 1 hours, LOW);
        _confirmed(0);
        _observe(DROP + 1 hours + 5 minutes - 1, LOW);
        _confirmed(0);
        _observe(DROP + 1 hours + 5 minutes, LOW);
        _confirmed(DROP);
    }

    /// @dev Time above weighs as much as time below: 20 minutes at 1.00 need 20 minutes at 0.90.
    function test_CLM04_TimeAboveIsWeighedAgainstTimeBelow() public {
        _observe(DROP, LOW);
        _observe(DROP + 20 minutes, LOW); // 20 minutes below.
        _observe(DROP + 20 minutes + 1, HIGH);
        _observe(DROP + 39 minutes, HIGH); // 19 minutes above: the run lives.
        _observe(DROP + 39 minutes + 1, LOW); // The higher of two: above until here.
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, DROP, "still the same run");
        _observe(DROP + 1 hours, LOW);
        _confirmed(DROP);
    }

    function test_CLM04_AnAverageThatHasComeUpEndsTheRun() public {
        _observe(DROP, LOW);
        _observe(DROP + 20 minutes, LOW);
        _observe(DROP + 40 minutes - 1, HIGH); // 20 minutes less a second above.
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, DROP, "below by a second");
        _observe(DROP + 40 minutes, HIGH);
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, 0, "and at par again");
        _observe(DROP + 41 minutes, LOW);
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, DROP + 41 minutes, "a new one");
        for (uint256 i = 1; i < 4; ++i) _observe(DROP + 41 minutes + i * 15 minutes, LOW);
        _confirmed(0);
        _observe(DROP + 101 minutes, LOW);
        _confirmed(DROP + 41 minutes);
    }

    /// @dev A price made for one block weighs nothing, however low it is and however often it is made.
    function test_CLM02_APriceOfOneBlockWeighsNothing() public {
        for (uint256 i = 0; i < 60; ++i) {
            _observe(DROP + i * 10 minutes, 1);
            _observe(DROP + i * 10 minutes + 12, HIGH);
        }
        _confirmed(0);
    }

    /// @dev A price made up for the rest of a second would end a run that it cannot outweigh.
    function test_CLM02_AnotherPriceInTheSameSecondEndsNoRun() public {
        _observe(DROP, LOW);
        _observe(DROP, HIGH);
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, DROP, "it goes on");
        _observe(DROP, LOW);
        for (uint256 i = 1; i < 5; ++i) _observe(DROP + i * 15 minutes, LOW);
        _confirmed(DROP);
    }

    function test_CLM04_AnHourWithoutObservationEndsTheRun() public {
        _observe(DROP, LOW);
        _observe(DROP + 10 minutes, LOW);
        _observe(DROP + 70 minutes + 1, LOW);
        _confirmed(0);
        Fuzz.assertEqual(trigger.runOf(terms, mark).since, DROP + 70 minutes + 1, "from the start");
    }

    function test_CLM06_WithoutConsensusNothingIsCountedOrDecided() public {
        _observe(DROP, LOW);
        oracle.lose();
        vm.warp(DROP + 10 minutes);
        bytes memory unreadable = abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, terms);
        vm.expectRevert(unreadable);
        trigger.observe(terms, mark);
        vm.expectRevert(unreadable);
        trigger.evaluate(terms, mark);
        vm.expectRevert(unreadable);
        trigger.checkpoint(terms, VAULT, SERIES);
        // What is confirmed needs no oracle any more.
        for (uint256 i = 1; i < 5; ++i) _observe(DROP + i * 15 minutes, LOW);
        oracle.lose();
        _confirmed(DROP);
    }

    function test_CLM04_WhatIsConfirmedStays() public {
        for (uint256 i = 0; i < 5; ++i) _observe(DROP + i * 15 minutes, LOW);
        for (uint256 i = 0; i < 9; ++i) _observe(DROP + 2 days + i * 15 minutes, HIGH);
        for (uint256 i = 0; i < 9; ++i) _observe(DROP + 3 days + i * 15 minutes, LOW);
        _confirmed(DROP);
    }

    function test_CVR07_NothingIsSoldWhileItIsBelowAndForADayAfter() public {
        vm.warp(DROP);
        oracle.set(LEVEL - 1);
        _isUndecided();
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.checkpoint(terms, VAULT, SERIES);
        oracle.set(LEVEL);
        _answersNothing();
        trigger.checkpoint(terms, VAULT, SERIES);
        _observe(DROP, LOW);
        _observe(DROP + 1, HIGH);
        vm.warp(DROP + 1 days - 1);
        _isUndecided();
        vm.warp(DROP + 1 days);
        _answersNothing();
    }

    function test_CVR07_WhatHappensWithTheStartIsNotCovered() public {
        vm.warp(START);
        vm.expectRevert(abi.encodeWithSelector(IObservedTrigger.Trigger_MarkNotPast.selector, mark));
        trigger.observe(terms, mark);
        _observe(START + 1, LOW);
    }

    function test_CLM04_DefinitionsThatCannotBeDecidedAreRefused() public {
        DepegTrigger.Definition memory bad = _definition();
        Fuzz.assertTrue(trigger.defineTerms(bad) == terms && terms == keccak256(abi.encode(bad)), "a hash");
        Fuzz.assertTrue(keccak256(abi.encode(trigger.definitionOf(terms))) == terms, "stored");
        bad.window = 30 minutes - 1;
        _refuse(bad);
        bad.window = 30 minutes;
        trigger.defineTerms(bad);
        bad.window = 7 days;
        trigger.defineTerms(bad);
        bad.window = 7 days + 1;
        _refuse(bad);
        bad = _definition();
        bad.level = 0;
        _refuse(bad);
        bad.level = 1e27;
        trigger.defineTerms(bad);
        bad.level = 1e27 + 1;
        _refuse(bad);
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        trigger.checkpoint(unknown, VAULT, SERIES);
        vm.expectRevert(abi.encodeWithSelector(PriceReader.PriceReader_InvalidOracle.selector, address(0xdead)));
        new DepegTrigger(IPriceOracle(address(0xdead)));
    }

    /// @dev The largest area that a run can come to is held: 40 years below the highest level there is.
    function test_CLM04_TheAreaFits() public {
        terms = trigger.defineTerms(DepegTrigger.Definition({feed: FEED, level: 1e27, window: 7 days}));
        oracle.set(1e27);
        mark = trigger.checkpoint(terms, VAULT, SERIES);
        uint256 time = START;
        for (uint256 i = 0; i < 300; ++i) _observe(time += 1 hours, 1);
        _confirmed(START + 1 hours);
        Fuzz.assertTrue(uint256(1e27) * 14_610 days < type(uint120).max, "40 years");
    }

    /// forge-config: default.fuzz.runs = 500
    /// @dev Against the rule in words, computed anew from all observations: an event only where some stretch of an hour or more, ending
    /// now, was below the level on average.
    function testFuzz_CLM04_OnlyWhereTheAverageIsBelow(uint256[16] calldata seeds) public {
        uint256[16] memory times;
        uint256[16] memory prices;
        uint256 time = DROP;
        for (uint256 i = 0; i < seeds.length; ++i) {
            time += Fuzz.between(seeds[i] >> 128, 1, 25 minutes);
            uint256 price = Fuzz.between(seeds[i] & type(uint128).max, 0.9e18, 1e18);
            (times[i], prices[i]) = (time, price);
            (, uint256 eventAt) = _observe(time, price);
            bool isDue = _isBelow(times, prices, i);
            Fuzz.assertTrue((eventAt != 0) == isDue, "exactly then");
            if (isDue) return;
        }
    }

    /// @dev From the first observation below the level after which the average never came up.
    function _isBelow(uint256[16] memory times, uint256[16] memory prices, uint256 last) private pure returns (bool) {
        for (uint256 first = 0; first < last; ++first) {
            if (prices[first] >= LEVEL || times[last] - times[first] < 1 hours) continue;
            int256 area;
            bool hasLived = true;
            for (uint256 i = first + 1; i <= last && hasLived; ++i) {
                uint256 higher = prices[i] > prices[i - 1] ? prices[i] : prices[i - 1];
                area += (int256(uint256(LEVEL)) - int256(higher)) * int256(times[i] - times[i - 1]);
                hasLived = area > 0;
            }
            if (hasLived && _countsThree(times, prices, first, last)) return true;
        }
        return false;
    }

    function _countsThree(
        uint256[16] memory times,
        uint256[16] memory prices,
        uint256 first,
        uint256 last
    ) private pure returns (bool) {
        uint256 count = 1;
        uint256 countedAt = times[first];
        for (uint256 i = first + 1; i <= last; ++i) {
            if (prices[i] >= LEVEL || times[i] - countedAt < 5 minutes) continue;
            countedAt = times[i];
            ++count;
        }
        return count >= 3;
    }

    /// @dev The other price trigger on the same oracle, to the second: three in a row at the level.
    function test_CLM04_APriceTouchNeedsThreeInARow() public {
        PriceTouchTrigger touch = new PriceTouchTrigger(IPriceOracle(address(oracle)));
        terms = touch.defineTerms(PriceTouchTrigger.Definition({feed: FEED, level: LEVEL, fromAbove: true}));
        vm.warp(START);
        oracle.set(HIGH);
        mark = touch.checkpoint(terms, VAULT, SERIES);
        oracle.set(LEVEL);
        uint256 eventAt;
        for (uint256 i = 0; i < 3; ++i) {
            Fuzz.assertEqual(eventAt, 0, "not yet");
            vm.warp(DROP + i * 5 minutes);
            (, eventAt) = touch.observe(terms, mark);
        }
        Fuzz.assertEqual(eventAt, DROP, "the first of them");
        oracle.lose();
        (uint256 payout, , ) = touch.evaluate(terms, mark);
        Fuzz.assertEqual(payout, 1e18, "one unit");
    }

    function _observe(uint256 time, uint256 price) private returns (uint256, uint256) {
        vm.warp(time);
        oracle.set(price);
        return trigger.observe(terms, mark);
    }

    function _confirmed(uint256 eventAt) private {
        Fuzz.assertEqual(trigger.runOf(terms, mark).eventAt, eventAt, "event at");
        if (eventAt == 0) return _isUndecided();
        (uint256 payout, uint256 at, ) = trigger.evaluate(terms, mark);
        Fuzz.assertTrue(payout == 1e18 && at == eventAt, "answer");
    }

    function _answersNothing() private view {
        (uint256 payout, uint256 at, ) = trigger.evaluate(terms, mark);
        Fuzz.assertTrue(payout == 0 && at == 0, "nothing has happened");
    }

    function _isUndecided() private {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function _refuse(DepegTrigger.Definition memory bad) private {
        vm.expectRevert(abi.encodeWithSelector(DepegTrigger.DepegTrigger_InvalidDefinition.selector, bad));
        trigger.defineTerms(bad);
    }

    function _definition() private pure returns (DepegTrigger.Definition memory) {
        return DepegTrigger.Definition({feed: FEED, level: LEVEL, window: 1 hours});
    }
}
