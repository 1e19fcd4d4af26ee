// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Attestation,
    AttestedClaim,
    ClaimStatus,
    IAttestedTrigger
} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {AttestedTest, keys} from "./AttestedTest.sol";

/// @dev CLM-05: a claim from its attestation to the end, each way it can go, to the second and the wei.
contract AttestedClaimsTest is AttestedTest {
    function test_CLM05_UnchallengedItIsFinalAfterItsTime() public {
        assertAnswer(0, 0);
        attest();
        assertStatus(ClaimStatus.Pending, 1);
        Fuzz.assertEqual(token.balanceOf(ALICE), FUNDS - BOND, "5% of 1,500");
        assertUndecided();
        vm.warp(DECIDED_AT - 1);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_TooEarly.selector, DECIDED_AT));
        trigger.finish(mark);
        assertUndecided();

        vm.warp(DECIDED_AT);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_TooLate.selector, DECIDED_AT));
        challengeAs(BOB);
        vm.expectEmit(address(trigger));
        emit IAttestedTrigger.ClaimDecided(mark, 1, true, false);
        trigger.finish(mark);
        assertStatus(ClaimStatus.None, 1);
        assertAnswer(PAYOUT, EVENT);
        assertCredits(BOND, 0, 0);
        vm.prank(ALICE);
        Fuzz.assertEqual(trigger.withdraw(), BOND, "withdrawn");
        Fuzz.assertEqual(token.balanceOf(ALICE), FUNDS, "whole again");
        vm.expectRevert(noClaim(ClaimStatus.None));
        trigger.finish(mark);
    }

    function test_CLM05_UpheldItIsFinalAtOnce() public {
        attest();
        vm.warp(DECIDED_AT - 1);
        challengeAs(BOB);
        Fuzz.assertEqual(token.balanceOf(BOB), FUNDS - BOND, "an equal bond");
        assertUndecided();
        ruleOn(true);
        assertAnswer(PAYOUT, EVENT);
        assertCredits(2 * BOND, 0, 0);
        Fuzz.assertEqual(trigger.stakeBehind(terms), 3_000e18, "no stake is touched");
    }

    function test_CLM05_OverturnedItCostsTheStakesOfAllWhoSigned() public {
        attest();
        challengeAs(BOB);
        vm.expectEmit(address(trigger));
        emit IAttestedTrigger.ClaimDecided(mark, 1, false, false);
        ruleOn(false);
        assertStatus(ClaimStatus.None, 1);
        assertCredits(0, 2 * BOND, 3 * STAKE);
        for (uint256 i = 0; i < 4; ++i) {
            uint256 left = trigger.stakeOf(terms, keys.addr(firstKeys[i]));
            Fuzz.assertEqual(left, i < 3 ? 0 : STAKE, "who has not signed keeps his");
        }
        Fuzz.assertEqual(trigger.stakeBehind(terms), 0, "nothing stands behind it any more");
        assertUndecided(); // Nothing is sold until the stakes are back.
        for (uint256 i = 0; i < 3; ++i) stakeAs(keys.addr(firstKeys[i]));
        assertAnswer(0, 0);
        vm.prank(SLASH_RECIPIENT);
        Fuzz.assertEqual(trigger.withdraw(), 3 * STAKE, "to the recipient");
    }

    function test_CLM05_ChallengedAndWithoutAWordItLapses() public {
        attest();
        challengeAs(BOB);
        uint256 lapsesAt = NOW + 3 days;
        vm.warp(lapsesAt - 1);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_TooEarly.selector, lapsesAt));
        trigger.finish(mark);
        vm.warp(lapsesAt);
        (AttestedClaim memory claim, ) = trigger.claimOf(mark);
        bytes32 digest = trigger.rulingDigest(claim.digest, true, uint40(lapsesAt));
        bytes[] memory late = signed(secondKeys, 0x3, digest);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_TooLate.selector, lapsesAt));
        trigger.rule(mark, true, uint40(lapsesAt), 0x3, late);
        vm.expectEmit(address(trigger));
        emit IAttestedTrigger.ClaimDecided(mark, 1, false, true);
        trigger.finish(mark);
        assertCredits(BOND, BOND, 0);
        assertAnswer(0, 0);
        Fuzz.assertEqual(trigger.stakeBehind(terms), 3_000e18, "no stake is touched");
    }

    function test_CLM05_ARulingInTheLastSecondCounts() public {
        attest();
        challengeAs(BOB);
        vm.warp(NOW + 3 days - 1);
        ruleOn(true);
        assertAnswer(PAYOUT, EVENT);
    }

    function test_CLM05_OnlyWhatIsPendingCanBeChallengedAndOnlyWhatIsChallengedRuledUpon() public {
        vm.expectRevert(noClaim(ClaimStatus.None));
        challengeAs(BOB);
        bytes[] memory none = new bytes[](0);
        vm.expectRevert(noClaim(ClaimStatus.None));
        trigger.rule(mark, true, uint40(NOW), 0, none);
        attest();
        vm.expectRevert(noClaim(ClaimStatus.Pending));
        trigger.rule(mark, true, uint40(NOW), 0, none);
        challengeAs(BOB);
        vm.expectRevert(noClaim(ClaimStatus.Challenged));
        challengeAs(ALICE);
    }

    /// @dev The delay and the bond grow with what is paid: from one day and a wei's worth to three days at the whole stake.
    function test_CLM05_DelayAndBondGrowWithThePayout() public {
        Attestation memory small = attestation();
        small.payoutPerUnit = 1;
        _decidesIn(small, 1 days + 1, 1);
        Attestation memory whole = attestation();
        whole.payoutPerUnit = 2e18;
        vault.sell(1_500e18, 0);
        _decidesIn(whole, 3 days, 150e6);
    }

    /// @dev CLM-05: the insured sum never exceeds the stake of the smallest quorum; to the wei, tokens that still wait included.
    function test_CLM05_NothingAboveTheStakeIsSoldOrPaid() public {
        vault.sell(1_499e18, 1e18);
        assertAnswer(0, 0);
        vault.sell(1_499e18, 1e18 + 1);
        assertUndecided();
        Attestation memory whole = attestation();
        whole.payoutPerUnit = 2e18;
        refuse(whole, problem(IAttestedTrigger.AttestedTrigger_AboveStake.selector, 3_000e18 + 2, 3_000e18));
        // Above the limit of a token nothing is paid, so nothing needs to be staked for it.
        vault.sell(1_500e18, 0);
        whole.payoutPerUnit = type(uint128).max;
        submit(whole);
    }

    function test_CLM05_OneClaimAtATimeStandsOnTheSameStakes() public {
        openSeries(OTHER_SERIES);
        trigger.bind(address(vault), OTHER_SERIES);
        attest();
        Attestation memory other = attestation();
        other.series = OTHER_SERIES;
        refuse(other, abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_ClaimUndecided.selector, terms, mark));
        vm.warp(DECIDED_AT);
        trigger.finish(mark);
        other.deadline = uint40(DECIDED_AT);
        other.eventAt = uint40(NOW + 1);
        submit(other);
    }

    function test_CLM05_MoreCanBeAttestedLaterAndNothingLess() public {
        attest();
        vm.warp(DECIDED_AT);
        trigger.finish(mark);
        Attestation memory more = attestation();
        more.round = 2;
        more.deadline = uint40(DECIDED_AT);
        refuse(more, problem(IAttestedTrigger.AttestedTrigger_NothingNew.selector, PAYOUT, PAYOUT));
        more.payoutPerUnit = PAYOUT + 1;
        more.eventAt = uint40(NOW);
        submit(more);
        assertAnswer(PAYOUT, EVENT); // What was decided is paid meanwhile.
        vm.warp(DECIDED_AT + 2 days + 1);
        trigger.finish(mark);
        assertAnswer(PAYOUT + 1, NOW);
    }

    function test_CVR07_OnlyEventsInsideTheCoversTimeAreAttested() public {
        Attestation memory given = attestation();
        given.eventAt = uint40(START);
        refuse(given, _notCovered(START, NOW));
        given.eventAt = uint40(NOW) + 1;
        refuse(given, _notCovered(NOW + 1, NOW));
        vm.warp(ENDS_AT + 3 days);
        given.deadline = ENDS_AT + 3 days;
        given.eventAt = ENDS_AT + 1;
        refuse(given, _notCovered(ENDS_AT + 1, ENDS_AT));
        given.eventAt = ENDS_AT;
        submit(given);
    }

    /// @dev From the attestation to what the verifier confirms, within the week of reporting, with every delay there is.
    function test_CLM05_TheLongestWayEndsWithinTheReportingTime() public {
        vm.warp(ENDS_AT + 1 days - 1);
        Attestation memory whole = attestation();
        vault.sell(1_500e18, 0);
        (whole.payoutPerUnit, whole.deadline, whole.eventAt) = (2e18, ENDS_AT + 1 days, ENDS_AT);
        submit(whole);
        vm.warp(ENDS_AT + 4 days - 2);
        challengeAs(BOB);
        vm.warp(ENDS_AT + 7 days - 3);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger)));
        vm.prank(BOB);
        verifier.open(address(vault), SERIES);
        ruleOn(true);
        vm.warp(ENDS_AT + 7 days);
        vm.prank(BOB);
        verifier.open(address(vault), SERIES);
        Fuzz.assertEqual(verifier.resolve(address(vault), SERIES), 2e18, "confirmed");
    }

    function _decidesIn(Attestation memory given, uint256 delay, uint256 bond) private {
        uint256 before = vm.snapshotState();
        submit(given);
        (AttestedClaim memory claim, ) = trigger.claimOf(mark);
        Fuzz.assertEqual(claim.decidedAt, NOW + delay, "decided at");
        Fuzz.assertEqual(claim.bond, bond, "bond");
        vm.revertToState(before);
    }

    function _notCovered(uint256 eventAt, uint256 until) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_NotCovered.selector, eventAt, START, until);
    }
}
