// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PutSpreadTrigger} from "../../../contracts/claims/triggers/PutSpreadTrigger.sol";
import {MAX_PRICE} from "../../../contracts/types/Constants.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "./PriceTest.sol";

/// @dev A vault that answers what a test tells it to, word by word.
contract AnsweringVault {
    bytes private _answer;
    bool private _burns;
    bool private _bombs;

    function setAnswer(bytes calldata answer) external {
        _answer = answer;
    }

    function setEnd(uint256 endsAt) external {
        // The first words of a Series.
        _answer = abi.encode(uint256(1), endsAt, uint256(0));
    }

    /// @dev The end, and 50,000 bytes behind it.
    function bomb() external {
        _bombs = true;
    }

    function burnGas() external {
        _burns = true;
    }

    function seriesOf(SeriesId) external view {
        while (_burns) {}
        bytes memory answer = _answer;
        uint256 size = _bombs ? 50_000 : answer.length;
        assembly ("memory-safe") {
            return(add(answer, 0x20), size)
        }
    }
}

/// @dev CLM-04: a spread from 0.9 down to 0.5 on a price of 1. How observations count: Observations.t.sol; from purchase to payment, with
/// several prices: test/typescript/coverage/price-payoffs.test.ts.
contract PutSpreadTriggerTest is PriceTest {
    uint256 private constant END = START + 30 days;
    /// @dev A series that began at START and ends at END.
    uint256 private constant MARK = (START << 128) | END;

    PutSpreadTrigger private trigger;
    AnsweringVault private vault;
    bytes32 private terms;

    function setUp() public override {
        super.setUp();
        trigger = new PutSpreadTrigger(oracle);
        vault = new AnsweringVault();
        vault.setEnd(END);
        terms = trigger.defineTerms(_definition(0.9e18, 0.5e18));
    }

    /* WHAT IS PAID */

    function test_CLM04_NothingAtTheUpperLevelAllAtTheLowerOne() public {
        vm.warp(END);
        _shows(0.9e8, 0);
    }

    function test_CLM04_LinearBetween() public {
        vm.warp(END);
        _shows(0.6e8, 0.75e18);
    }

    /// @dev 1e-8 below 0.9 of 0.4: 2.5e-8 of a unit.
    function test_CLM04_TheLeastFall() public {
        vm.warp(END);
        _shows(0.9e8 - 1, 0.000000025e18);
    }

    function test_CLM04_AllAtTheLowerLevel() public {
        vm.warp(END);
        _shows(0.5e8, 1e18);
    }

    function test_CLM04_AllBelowTheLowerLevel() public {
        vm.warp(END);
        _shows(0.2e8, 1e18);
    }

    /// @dev 0.9 - 0.8 of 0.9 - 0.6 is a third, rounded down.
    function test_CLM04_RoundedDown() public {
        terms = trigger.defineTerms(_definition(0.9e18, 0.6e18));
        vm.warp(END);
        _shows(0.8e8, 333333333333333333);
    }

    /* WHEN */

    function test_CLM04_OnlyTheLastHourCounts() public {
        vm.warp(END - 1 hours - 1);
        setPrice(0.6e8);
        _answersNothing();
        vm.warp(END - 1 hours);
        setPrice(0.6e8);
        vm.expectRevert(undecided(terms));
        trigger.evaluate(terms, MARK);
        vm.warp(END);
        setPrice(0.6e8);
        vm.expectRevert(undecided(terms));
        trigger.evaluate(terms, MARK);
        vm.warp(END + 1);
        setPrice(0.6e8);
        _answersNothing();
    }

    function test_CLM04_BeforeTheLastHourAnObservationCountsNothing() public {
        vm.warp(END - 1 hours - 1);
        _shows(0.6e8, 0);
    }

    function test_CLM04_AfterTheEndAnObservationCountsNothing() public {
        vm.warp(END + 1);
        _shows(0.6e8, 0);
    }

    /// @dev What is confirmed stays, though the price is back and the end has passed.
    function test_CLM02_ThreeInARowConfirmTheLeast() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(END - 1 hours + i * 5 minutes);
            setPrice(0.6e8);
            trigger.observe(terms, MARK);
        }
        vm.warp(END + 1 days);
        setPrice(1e8);
        (uint256 payout, uint256 eventAt, ) = trigger.evaluate(terms, MARK);
        Fuzz.assertEqual(payout, 0.75e18, "three quarters");
        Fuzz.assertEqual(eventAt, END - 1 hours, "event");
    }

    /* THE BEGINNING */

    function test_CLM04_TheMarkKeepsTheEndOfTheSeries() public {
        Fuzz.assertEqual(trigger.checkpoint(terms, address(vault), SERIES), MARK, "mark");
        vm.warp(END - 1 hours);
        setPrice(1e8);
        Fuzz.assertEqual(trigger.checkpoint(terms, address(vault), SERIES), ((END - 1 hours) << 128) | END, "latest");
        vm.warp(END - 1 hours + 1);
        setPrice(1e8);
        _refusesSeries(address(vault));
    }

    function test_CLM04_NoSeriesBeginsBelowTheUpperLevel() public {
        vm.warp(START + 1);
        setPrice(0.9e8);
        trigger.checkpoint(terms, address(vault), SERIES);
        setPrice(0.9e8 - 1);
        vm.expectRevert(undecided(terms));
        trigger.checkpoint(terms, address(vault), SERIES);
    }

    function test_R6_AVaultThatDoesNotSayWhenCoverEndsIsRefused() public {
        _refusesSeries(address(0xDEAD));
        _refusesSeries(address(this));
        vault.setAnswer(new bytes(63));
        _refusesSeries(address(vault));
        vault.setEnd(uint256(type(uint40).max) + 1);
        _refusesSeries(address(vault));
        vault.setEnd(type(uint40).max);
        trigger.checkpoint(terms, address(vault), SERIES);
        vault.setEnd(END);
        vault.bomb();
        Fuzz.assertEqual(trigger.checkpoint(terms, address(vault), SERIES), MARK, "as much as was asked for");
        vault.burnGas();
        uint256 gas = gasleft();
        _refusesSeries(address(vault));
        Fuzz.assertTrue(gas - gasleft() < 500_000, "bounded");
    }

    function test_CLM06_WithoutConsensusNothingIsDecided() public {
        vm.warp(END);
        breakSources();
        vm.expectRevert(unreadable(terms));
        trigger.evaluate(terms, MARK);
        vm.expectRevert(unreadable(terms));
        trigger.checkpoint(terms, address(vault), SERIES);
        vm.expectRevert(unreadable(terms));
        trigger.observe(terms, MARK);
    }

    /* DEFINITIONS */

    function test_CLM04_BoundsOfADefinition() public {
        _invalid(0.9e18, 0);
        _invalid(0.9e18, 0.9e18);
        _invalid(uint128(MAX_PRICE) + 1, 1);
        trigger.defineTerms(_definition(uint128(MAX_PRICE), uint128(MAX_PRICE) - 1));
        bytes32 widest = trigger.defineTerms(_definition(2, 1));
        Fuzz.assertTrue(widest == keccak256(abi.encode(_definition(2, 1))), "the hash");
        Fuzz.assertTrue(trigger.defineTerms(_definition(2, 1)) == widest, "again the same");
        Fuzz.assertEqual(uint256(trigger.definitionOf(widest).upper), 2, "as written");
    }

    function test_CLM04_TermsThatNobodyHasDefined() public {
        bytes32 unknown = keccak256("nobody");
        vm.warp(END);
        vm.expectRevert(invalidTerms(unknown));
        trigger.evaluate(unknown, MARK);
        vm.expectRevert(invalidTerms(unknown));
        trigger.checkpoint(unknown, address(vault), SERIES);
        vm.expectRevert(invalidTerms(unknown));
        trigger.observe(unknown, MARK);
    }

    /* HELPERS */

    /// @dev One observation at a price that all sources say, and what it is worth.
    function _shows(int256 price, uint256 expected) private {
        setPrice(price);
        (uint256 confirmed, ) = trigger.observe(terms, MARK);
        Fuzz.assertEqual(confirmed, 0, "one confirms nothing");
        uint256 shown = trigger.streakOf(terms, MARK).least;
        Fuzz.assertEqual(shown, expected, "shown");
    }

    function _answersNothing() private view {
        (uint256 payout, uint256 eventAt, ) = trigger.evaluate(terms, MARK);
        Fuzz.assertEqual(payout, 0, "nothing is paid");
        Fuzz.assertEqual(eventAt, 0, "nothing has happened");
    }

    function _refusesSeries(address asked) private {
        vm.expectRevert(
            abi.encodeWithSelector(PutSpreadTrigger.PutSpreadTrigger_InvalidSeries.selector, asked, SERIES)
        );
        trigger.checkpoint(terms, asked, SERIES);
    }

    function _invalid(uint128 upper, uint128 lower) private {
        PutSpreadTrigger.Definition memory wrong = _definition(upper, lower);
        vm.expectRevert(abi.encodeWithSelector(PutSpreadTrigger.PutSpreadTrigger_InvalidDefinition.selector, wrong));
        trigger.defineTerms(wrong);
    }

    function _definition(uint128 upper, uint128 lower) private pure returns (PutSpreadTrigger.Definition memory) {
        return PutSpreadTrigger.Definition({feed: FEED, upper: upper, lower: lower});
    }
}
