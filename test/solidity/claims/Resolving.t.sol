// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

contract ResolvingTest is ClaimTest {
    uint256 private constant EVENT = START + 1 days;
    uint256 private constant OPENED = EVENT + 1 hours;

    function test_CLM01_AnyoneResolves() public {
        openAfterEvent(20e18);
        vm.warp(OPENED + 5);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Confirmed, 20e18, 6);
        vm.prank(BOB);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "returned");
        assertOutcome(false, 20e18, 2);
        assertStatus(IncidentStatus.Confirmed, 1);
        Fuzz.assertEqual(incident().closedAt, OPENED + 5, "closed at");
        Fuzz.assertEqual(verifier.transitionsOf(vault), 2, "transitions of the vault");
        assertBalances(FUNDS, 0, 0);
    }

    function test_CLM01_NothingIsClosedTwice() public {
        vm.expectRevert(noOpenIncident());
        verifier.resolve(vault, SERIES);
        vm.expectRevert(noOpenIncident());
        verifier.lapse(vault, SERIES);
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        vm.expectRevert(noOpenIncident());
        verifier.resolve(vault, SERIES);
        vm.warp(OPENED + 30 days);
        vm.expectRevert(noOpenIncident());
        verifier.lapse(vault, SERIES);
    }

    function test_CLM01_WhatHappensWhileItIsOpenAddsUp() public {
        openAfterEvent(20e18);
        show(31e18, EVENT + 2 days, 9);
        vm.warp(EVENT + 3 days);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Confirmed, 31e18, 9);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 31e18, "the larger one");
        Fuzz.assertEqual(incident().payoutPerUnit, 31e18, "payout");
        Fuzz.assertEqual(incident().eventAt, EVENT + 2 days, "event at");
    }

    function test_INV12_ButNotAboveTheLimit() public {
        openAfterEvent(20e18);
        show(LIMIT + 1, EVENT + 30 minutes);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), LIMIT, "cut");
    }

    /// @dev An event after the end moves the trigger's time: what was seen when the incident was opened must survive it.
    function test_CVR07_ALaterEventAfterTheEndTakesNothingAway() public {
        openAfterEvent(20e18);
        show(45e18, uint256(ENDS_AT) + 1, 9);
        vm.warp(ENDS_AT + 1);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Confirmed, 20e18, 6);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "as seen when opened");
        Fuzz.assertEqual(incident().eventAt, EVENT, "its event");
        // And what it showed after the end is never paid.
        vm.expectRevert(nothingHappened(45e18, 20e18, uint256(ENDS_AT) + 1));
        openAs(BOB);
    }

    function test_CVR07_NorDoesALaterAnswerThatShowsLess() public {
        openAfterEvent(20e18);
        show(0, uint256(ENDS_AT) + 1);
        vm.warp(ENDS_AT + 1);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "as seen when opened");
    }

    function test_CVR07_AnEventAtTheVeryEndCounts() public {
        openAfterEvent(20e18);
        show(45e18, ENDS_AT);
        vm.warp(ENDS_AT + 1);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 45e18, "inside");
    }

    function test_CVR07_AnEventBeforeTheStartDoesNotRaiseIt() public {
        openAfterEvent(20e18);
        show(45e18, START);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "as seen when opened");
    }

    /// @dev The least that resolve confirms is what was seen, as long as the trigger still shows something new.
    function test_CLM01_APayoutThatHasShrunkIsConfirmedAsSeen() public {
        openAfterEvent(20e18);
        show(1, EVENT);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "as seen when opened");
    }

    function test_CLM01_APayoutThatHasGoneIsRejected() public {
        openAfterEvent(20e18);
        show(0, 0);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Rejected, 0, 6);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 0, "nothing");
        assertOutcome(false, 0, 2);
        assertStatus(IncidentStatus.Rejected, 1);
        assertBalances(FUNDS - BOND, BOND, 0);
    }

    function test_CLM01_BackToWhatIsConfirmedIsRejectedToo() public {
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        show(25e18, EVENT + 1 hours);
        openAs(ALICE);
        show(20e18, EVENT);
        verifier.resolve(vault, SERIES);
        assertStatus(IncidentStatus.Rejected, 2);
        assertOutcome(false, 20e18, 4);
    }

    function test_CLM01_IncidentsFollowOneAnother() public {
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        // No pause after a confirmed one: in the same second.
        show(30e18, OPENED);
        Fuzz.assertEqual(openAs(BOB), 2, "second key");
        assertOutcome(true, 20e18, 3);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 30e18, "in all");
        assertOutcome(false, 30e18, 4);
        show(80e18, ENDS_AT);
        vm.warp(REPORTS_UNTIL);
        Fuzz.assertEqual(openAs(BOB), 3, "third key");
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), LIMIT, "up to the limit");
        Fuzz.assertEqual(verifier.transitionsOf(vault), 6, "transitions");
    }

    function test_CLM01_AnIncidentMayBeDecidedAfterTheReportingTime() public {
        show(20e18, EVENT);
        vm.warp(REPORTS_UNTIL);
        openAs(ALICE);
        vm.warp(REPORTS_UNTIL + 10 days);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "late");
    }

    function test_CLM06_AnUndecidedIncidentLapses() public {
        openAfterEvent(20e18);
        trigger.setMode(MockTrigger.Mode.Reverts);
        vm.expectRevert(notDecided());
        verifier.resolve(vault, SERIES);
        vm.expectRevert(tooEarly(OPENED + 14 days));
        verifier.lapse(vault, SERIES);
        vm.warp(OPENED + 14 days - 1);
        vm.expectRevert(tooEarly(OPENED + 14 days));
        verifier.lapse(vault, SERIES);

        vm.warp(OPENED + 14 days);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Lapsed, 0, 6);
        vm.prank(BOB);
        verifier.lapse(vault, SERIES);
        assertOutcome(false, 0, 2);
        assertStatus(IncidentStatus.Lapsed, 1);
        Fuzz.assertEqual(incident().closedAt, OPENED + 14 days, "closed at");
        assertBalances(FUNDS - LAPSE_FEE, LAPSE_FEE, 0);
    }

    function test_CLM06_ALapseKeepsWhatWasConfirmed() public {
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        show(30e18, EVENT + 30 minutes);
        openAs(ALICE);
        trigger.setMode(MockTrigger.Mode.BurnsGas);
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        assertOutcome(false, 20e18, 4);
    }

    /// @dev R3: after 14 days in which nobody came, or could, the first caller must not choose between payment and lapse.
    function test_CLM06_ALapseDoesNotOverrideTheTrigger() public {
        openAfterEvent(20e18);
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Confirmed, 1);
        assertOutcome(false, 20e18, 2);
        assertBalances(FUNDS, 0, 0);
    }

    function test_CLM06_NorForAPayoutThatHasGone() public {
        openAfterEvent(20e18);
        show(0, 0);
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Rejected, 1);
        assertBalances(FUNDS - BOND, BOND, 0);
    }

    function test_CLM01_ARejectedKeyReopensAfterAPause() public {
        openAfterEvent(20e18);
        show(0, 0);
        verifier.resolve(vault, SERIES);
        show(20e18, EVENT);
        _reopensAfter(OPENED + 1 hours);
    }

    function test_CLM06_ALapsedKeyReopensAfterAPause() public {
        openAfterEvent(20e18);
        trigger.setMode(MockTrigger.Mode.Reverts);
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        trigger.setMode(MockTrigger.Mode.Honest);
        _reopensAfter(OPENED + 14 days + 1 hours);
    }

    /// forge-config: default.fuzz.runs = 500
    /// @dev Whatever a trigger says, and in whatever order it is asked: what is confirmed only grows, stays within the limit, and
    /// every bond is accounted for.
    function testFuzz_INV12_ConfirmedOnlyGrowsUpToTheLimit(uint256[12] calldata seeds) public {
        uint256 now_ = START;
        uint256 last;
        for (uint256 i = 0; i < seeds.length; ++i) {
            uint256 seed = seeds[i];
            now_ += seed % 5 days;
            vm.warp(now_);
            uint256 payout = Fuzz.between(seed >> 16, 0, 2 * LIMIT);
            uint256 eventAt = Fuzz.between(seed >> 80, START - 2 days, now_);
            show(payout, eventAt);
            trigger.setMode(seed >> 248 < 40 ? MockTrigger.Mode.Reverts : MockTrigger.Mode.Honest);
            _act();
            uint256 current = confirmed();
            Fuzz.assertBetween(current, last, LIMIT, "confirmed");
            Fuzz.assertTrue(current == last || (payout >= current || payout > last), "nothing out of nothing");
            bool isOpen = incident().status == IncidentStatus.Open;
            Fuzz.assertEqual(token.balanceOf(address(verifier)), isOpen ? BOND : 0, "bonds");
            last = current;
        }
        uint256 spread = token.balanceOf(ALICE) + token.balanceOf(FEE_RECIPIENT) + token.balanceOf(address(verifier));
        Fuzz.assertEqual(spread, FUNDS, "no bond is lost");
    }

    /// @dev Opens, resolves and lapses what can be; an incident that cannot be is left as it is.
    function _act() private {
        (bool isOpen, , ) = verifier.outcome(vault, SERIES);
        bytes4 action = isOpen ? IClaimVerifier.resolve.selector : IClaimVerifier.open.selector;
        vm.prank(ALICE);
        (bool success, ) = address(verifier).call(abi.encodeWithSelector(action, vault, SERIES));
        if (success || !isOpen) return;
        (success, ) = address(verifier).call(abi.encodeCall(IClaimVerifier.lapse, (vault, SERIES)));
    }

    function _reopensAfter(uint256 from) private {
        vm.expectRevert(notReportable(from, REPORTS_UNTIL));
        openAs(ALICE);
        vm.warp(from - 1);
        vm.expectRevert(notReportable(from, REPORTS_UNTIL));
        openAs(ALICE);
        vm.warp(from);
        Fuzz.assertEqual(openAs(ALICE), 2, "second key");
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "confirmed after all");
    }
}
