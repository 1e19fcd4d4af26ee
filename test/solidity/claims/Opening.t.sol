// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier, Incident} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

contract OpeningTest is ClaimTest {
    function test_CLM01_AnyoneOpensAnIncidentWithABond() public {
        show(20e18, START + 1 days, 42);
        vm.warp(START + 2 days);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentOpened(vault, SERIES, 1, ALICE, 20e18, START + 1 days, 42);
        Fuzz.assertEqual(openAs(ALICE), 1, "key");

        Incident memory opened = incident();
        Fuzz.assertEqual(opened.openedAt, START + 2 days, "opened at");
        Fuzz.assertEqual(opened.eventAt, START + 1 days, "event at");
        Fuzz.assertEqual(opened.closedAt, 0, "closed at");
        Fuzz.assertTrue(opened.opener == ALICE, "opener");
        Fuzz.assertEqual(opened.payoutPerUnit, 20e18, "payout");
        Fuzz.assertEqual(opened.evidence, 42, "evidence");
        assertStatus(IncidentStatus.Open, 1);
        assertOutcome(true, 0, 1);
        Fuzz.assertEqual(verifier.transitionsOf(vault), 1, "transitions of the vault");
        assertBalances(FUNDS - BOND, 0, BOND);
    }

    function test_CLM01_OneIncidentAtATime() public {
        openAfterEvent(20e18);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_IncidentOpen.selector, vault, SERIES, 1));
        openAs(BOB);
    }

    /// @dev Whatever stood in the trigger's books before the series is in its mark.
    function test_CLM03_NothingIsOpenedWhenNothingHasHappened() public {
        vm.warp(START + 1 days);
        vm.expectRevert(nothingHappened(0, 0, START - 1 days));
        openAs(ALICE);
        show(0, START + 1 days);
        vm.expectRevert(nothingHappened(0, 0, START + 1 days));
        openAs(ALICE);
        show(1, START + 1 days);
        openAs(ALICE);
    }

    function test_CVR07_EventTimeDecides() public {
        vm.warp(ENDS_AT + 2);
        uint256[5] memory outside = [0, START - 1, START, uint256(ENDS_AT) + 1, uint256(ENDS_AT) + 2];
        for (uint256 i = 0; i < outside.length; ++i) {
            show(20e18, outside[i]);
            vm.expectRevert(nothingHappened(20e18, 0, outside[i]));
            openAs(ALICE);
        }
        uint256 before = vm.snapshotState();
        show(20e18, START + 1);
        openAs(ALICE);
        vm.revertToState(before);
        show(20e18, ENDS_AT);
        openAs(ALICE);
    }

    function test_CVR07_ReportTimeEnds() public {
        show(20e18, START + 1 days);
        vm.warp(REPORTS_UNTIL + 1);
        vm.expectRevert(notReportable(START, REPORTS_UNTIL));
        openAs(ALICE);
        vm.warp(REPORTS_UNTIL);
        openAs(ALICE);
    }

    function test_INV12_TheLimitCutsWhatIsSeen() public {
        openAfterEvent(type(uint256).max - 1_000e18);
        Fuzz.assertEqual(incident().payoutPerUnit, LIMIT, "cut");
        verifier.resolve(vault, SERIES);
        Fuzz.assertEqual(confirmed(), LIMIT, "confirmed");
        // More than the limit is nothing more.
        vm.expectRevert(nothingHappened(LIMIT, LIMIT, START + 1 days));
        openAs(ALICE);
    }

    function test_CLM01_TheSameEventIsPaidOnce() public {
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        vm.expectRevert(nothingHappened(20e18, 20e18, START + 1 days));
        openAs(ALICE);
        // Nor when only its time or its evidence moves.
        show(20e18, START + 1 days + 1 minutes, 7);
        vm.expectRevert(nothingHappened(20e18, 20e18, START + 1 days + 1 minutes));
        openAs(ALICE);
    }

    /// @dev What is decided or open for one series says nothing about any other, even with the same trigger and terms.
    function test_CLM08_NothingIsReplayedAcrossVaultsAndSeries() public {
        register(OTHER_SERIES);
        registerElsewhere(SERIES);
        openAfterEvent(20e18);
        (bool isOpen, , uint32 transitions) = verifier.outcome(vault, OTHER_SERIES);
        Fuzz.assertTrue(!isOpen && transitions == 0, "other series untouched");
        (isOpen, , transitions) = verifier.outcome(OTHER_VAULT, SERIES);
        Fuzz.assertTrue(!isOpen && transitions == 0, "other vault untouched");
        vm.expectRevert(
            abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NoOpenIncident.selector, vault, OTHER_SERIES)
        );
        verifier.resolve(vault, OTHER_SERIES);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NoOpenIncident.selector, OTHER_VAULT, SERIES)
        );
        verifier.lapse(OTHER_VAULT, SERIES);

        verifier.resolve(vault, SERIES);
        (, uint256 paid, ) = verifier.outcome(OTHER_VAULT, SERIES);
        Fuzz.assertEqual(paid, 0, "not confirmed elsewhere");

        // Each of them is opened and bonded by itself.
        vm.prank(BOB);
        Fuzz.assertEqual(verifier.open(vault, OTHER_SERIES), 1, "key of its own");
        vm.prank(BOB);
        Fuzz.assertEqual(verifier.open(OTHER_VAULT, SERIES), 1, "key of its own");
        Fuzz.assertEqual(token.balanceOf(address(verifier)), 2 * BOND, "a bond each");
        Fuzz.assertEqual(verifier.transitionsOf(vault), 3, "sum over the vault's series");
        Fuzz.assertEqual(verifier.transitionsOf(OTHER_VAULT), 1, "and over the other's");
    }

    /// @dev A series that starts later has a later mark: it is not paid for what came before.
    function test_CLM03_ALaterSeriesDoesNotSeeAnEarlierEvent() public {
        show(20e18, START + 1 days);
        vm.warp(START + 1 days);
        register(OTHER_SERIES);
        vm.prank(ALICE);
        vm.expectRevert(nothingHappened(0, 0, START + 1 days));
        verifier.open(vault, OTHER_SERIES);
        // What happens in the block in which it begins does not count, even when it comes after the mark.
        show(23e18, START + 1 days);
        vm.prank(ALICE);
        vm.expectRevert(nothingHappened(3e18, 0, START + 1 days));
        verifier.open(vault, OTHER_SERIES);
        show(25e18, START + 2 days);
        vm.warp(START + 2 days);
        (bool isDecided, uint256 payout, uint256 eventAt) = verifier.preview(vault, OTHER_SERIES);
        Fuzz.assertTrue(isDecided && eventAt == START + 2 days, "preview");
        Fuzz.assertEqual(payout, 5e18, "since its own mark");
    }

    function test_CVR07_PreviewShowsWhatTheTriggerShows() public {
        (bool isDecided, uint256 payout, uint256 eventAt) = verifier.preview(vault, SERIES);
        Fuzz.assertTrue(isDecided && payout == 0 && eventAt == START - 1 days, "nothing yet");
        vm.warp(START + 1 days);
        show(60e18, START + 1 days);
        (isDecided, payout, eventAt) = verifier.preview(vault, SERIES);
        Fuzz.assertTrue(isDecided && payout == LIMIT && eventAt == START + 1 days, "cut at the limit");
        // In all, not beyond what is confirmed: a touched series is not sold again.
        openAs(ALICE);
        verifier.resolve(vault, SERIES);
        (, payout, ) = verifier.preview(vault, SERIES);
        Fuzz.assertEqual(payout, LIMIT, "still");
    }
}
