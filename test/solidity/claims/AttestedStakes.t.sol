// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestedTrigger} from "../../../contracts/claims/triggers/AttestedTrigger.sol";
import {Attestation, AttestedDefinition, IAttestedTrigger} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {AttestedTest, keys, SellingVault} from "./AttestedTest.sol";

/// @dev CLM-05: what stands behind an attestation, how it comes and how it goes.
contract AttestedStakesTest is AttestedTest {
    uint256 private constant LOCKED_UNTIL = uint256(ENDS_AT) + 7 days;

    function test_CLM05_DefinitionsThatCannotBeDecidedAreRefused() public {
        AttestedDefinition memory bad = definition();
        Fuzz.assertTrue(trigger.defineTerms(bad) == terms, "the same gives the same");
        Fuzz.assertTrue(keccak256(abi.encode(trigger.definitionOf(terms))) == terms, "stored, a hash of what it says");
        bad.first.threshold = 1;
        _refuse(bad);
        bad.first.threshold = 5;
        _refuse(bad);
        bad = definition();
        (bad.first.attestors[1], bad.first.attestors[2]) = (bad.first.attestors[2], bad.first.attestors[1]);
        _refuse(bad);
        bad = definition();
        bad.first.attestors[1] = bad.first.attestors[0];
        _refuse(bad);
        bad = definition();
        bad.first.attestors[0] = address(0);
        _refuse(bad);
        bad = definition();
        bad.first.groups = new uint8[](4); // All of group 0.
        _refuse(bad);
        bad.first.groups = new uint8[](3);
        _refuse(bad);
        bad = definition();
        bad.second.groups[0] = 3; // A group of the first.
        _refuse(bad);
        bad = definition();
        bad.second.threshold = 4;
        _refuse(bad);
        bad = definition();
        bad.second.attestors = new address[](3);
        bad.second.attestors[0] = address(1);
        bad.second.attestors[1] = address(2);
        bad.second.attestors[2] = bad.first.attestors[3];
        _refuse(bad);
        bad = definition();
        bad.stake = 0;
        _refuse(bad);
        bad = definition();
        bad.slashRecipient = address(0);
        _refuse(bad);
        bad = definition();
        bad.vault = address(0xdead);
        _refuse(bad);
        bad.vault = address(new SellingVault(address(new HostileToken(6)), verifier)); // Keeps another token.
        _refuse(bad);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_InvalidToken.selector, address(0xdead))
        );
        new AttestedTrigger(verifier, address(0xdead));
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_InvalidVerifier.selector, address(0xdead))
        );
        new AttestedTrigger(IClaimVerifier(address(0xdead)), address(token));
    }

    function test_CLM05_SeventeenAreTooMany() public {
        AttestedDefinition memory wide = definition();
        wide.first.attestors = addressesOf(sorted(100, 17));
        wide.first.groups = new uint8[](17);
        wide.first.groups[16] = 1;
        _refuse(wide);
        wide.first.attestors = addressesOf(sorted(100, 16));
        wide.first.groups = new uint8[](16);
        wide.first.groups[15] = 1;
        trigger.defineTerms(wide);
    }

    function test_CLM05_OnlyAttestorsOfTheFirstQuorumStakeAndOnce() public {
        address attestor = keys.addr(firstKeys[0]);
        vm.expectRevert(_who(IAttestedTrigger.AttestedTrigger_AlreadyStaked.selector, attestor));
        vm.prank(attestor);
        trigger.stake(terms);
        address judge = keys.addr(secondKeys[0]);
        vm.expectRevert(_who(IAttestedTrigger.AttestedTrigger_NotAttestor.selector, judge));
        vm.prank(judge);
        trigger.stake(terms);
        vm.expectRevert(_who(IAttestedTrigger.AttestedTrigger_NotAttestor.selector, judge));
        vm.prank(judge);
        trigger.retire(terms);
    }

    /// @dev No series begins, and none is bound, without every stake.
    function test_CLM05_NothingBeginsWithoutAllStakes() public {
        AttestedDefinition memory other = definition();
        other.statement = "other";
        terms = trigger.defineTerms(other);
        for (uint256 i = 0; i < 3; ++i) stakeAs(keys.addr(firstKeys[i]));
        Fuzz.assertEqual(trigger.stakeBehind(terms), 0, "nothing yet");
        vm.expectRevert(abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_StakeMissing.selector, terms, 3, 4));
        trigger.checkpoint(terms, address(vault), OTHER_SERIES);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimVerifier.ClaimVerifier_InvalidSeries.selector,
                address(trigger),
                LIMIT,
                ENDS_AT,
                ENDS_AT + 7 days
            )
        );
        openSeries(OTHER_SERIES);
        stakeAs(keys.addr(firstKeys[3]));
        Fuzz.assertEqual(trigger.stakeBehind(terms), 3_000e18, "three stakes of a thousand");
        openSeries(OTHER_SERIES);
    }

    function test_CLM05_OnlyTheNamedVaultsSeriesBegin() public {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, terms));
        trigger.checkpoint(terms, address(0xBEEF), SERIES);
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        trigger.checkpoint(unknown, address(0), SERIES);
        Fuzz.assertEqual(trigger.checkpoint(terms, address(vault), SERIES), mark, "the mark names the series");
        Fuzz.assertTrue(trigger.markOf(address(vault), OTHER_SERIES) != mark, "and no other");
    }

    /// @dev CVR-07: nothing is sold before the trigger knows whose series it is.
    function test_CLM05_UndecidedUntilItIsBound() public {
        openSeries(OTHER_SERIES);
        mark = trigger.markOf(address(vault), OTHER_SERIES);
        assertUndecided();
        trigger.bind(address(vault), OTHER_SERIES);
        assertAnswer(0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_WrongSubject.selector,
                terms,
                address(vault),
                OTHER_SERIES
            )
        );
        trigger.bind(address(vault), OTHER_SERIES);
        bytes32 nothing;
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, nothing));
        trigger.evaluate(nothing, 1);
    }

    function test_CLM05_AForeignTriggersSeriesIsNotBound() public {
        AttestedTrigger twin = new AttestedTrigger(verifier, address(token));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_WrongSubject.selector,
                terms,
                address(vault),
                SERIES
            )
        );
        twin.bind(address(vault), SERIES);
    }

    function test_CLM05_AStakeIsLockedUntilNothingCanBeClaimedOnIt() public {
        address attestor = keys.addr(firstKeys[0]);
        vm.startPrank(attestor);
        vm.warp(LOCKED_UNTIL + 1);
        _isLocked();
        trigger.retire(terms);
        vm.warp(LOCKED_UNTIL);
        _isLocked();
        vm.warp(LOCKED_UNTIL + 1);
        trigger.unstake(terms);
        vm.expectRevert(_who(IAttestedTrigger.AttestedTrigger_NothingStaked.selector, attestor));
        trigger.unstake(terms);
        Fuzz.assertEqual(trigger.withdraw(), STAKE, "back");
        vm.expectRevert(abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_NothingToWithdraw.selector, attestor));
        trigger.withdraw();
        vm.stopPrank();
    }

    function test_CLM05_AnUndecidedClaimLocksItToo() public {
        vm.warp(LOCKED_UNTIL);
        Attestation memory given = attestation();
        given.deadline = uint40(LOCKED_UNTIL);
        submit(given);
        vm.warp(LOCKED_UNTIL + 1);
        vm.startPrank(keys.addr(firstKeys[0]));
        trigger.retire(terms);
        _isLocked();
        vm.warp(LOCKED_UNTIL + 2 days);
        trigger.finish(mark);
        trigger.unstake(terms);
        vm.stopPrank();
    }

    function test_CLM05_RetiredTermsBeginNothing() public {
        openSeries(OTHER_SERIES);
        address attestor = keys.addr(firstKeys[2]);
        vm.expectEmit(address(trigger));
        emit IAttestedTrigger.Retired(terms, attestor);
        vm.prank(attestor);
        trigger.retire(terms);
        bytes memory retired = abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_IsRetired.selector, terms);
        vm.expectRevert(retired);
        trigger.bind(address(vault), OTHER_SERIES);
        vm.expectRevert(retired);
        trigger.checkpoint(terms, address(vault), SeriesId.wrap(3));
        vm.expectRevert(retired);
        vm.prank(attestor);
        trigger.retire(terms);
        vm.expectRevert(retired);
        vm.prank(attestor);
        trigger.stake(terms);
        // What stands already goes on.
        attest();
    }

    /// @dev Only what arrived is a stake or a bond, and what a token keeps back is not given away twice.
    function test_CLM05_ATokenThatCheatsChangesNothing() public {
        HostileToken.Mode[6] memory modes = [
            HostileToken.Mode.Fee,
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.BurnsGas,
            HostileToken.Mode.BlindBalance
        ];
        Attestation memory given = attestation();
        for (uint256 i = 0; i < modes.length; ++i) {
            uint256 before = vm.snapshotState();
            token.setMode(modes[i]);
            uint256 received = modes[i] == HostileToken.Mode.Fee ? BOND - BOND / 100 : 0;
            refuse(given, problem(IAttestedTrigger.AttestedTrigger_UnexpectedTransfer.selector, BOND, received));
            vm.revertToState(before);
        }
        attest();
        vm.warp(DECIDED_AT);
        trigger.finish(mark);
        for (uint256 i = 1; i < modes.length; ++i) {
            uint256 before = vm.snapshotState();
            token.setMode(modes[i]);
            vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_UnexpectedTransfer.selector, BOND, 0));
            vm.prank(ALICE);
            trigger.withdraw();
            vm.revertToState(before);
        }
        vm.prank(ALICE);
        trigger.withdraw();
        Fuzz.assertEqual(token.balanceOf(address(trigger)), 4 * STAKE, "the stakes are untouched");
    }

    /// @dev Incident T18: whoever buys the votes of an oracle pays more for them than they win. To have a false claim paid, the smallest
    /// quorum must lie; it is overturned, and what it loses is more than the most that was to be won. For any sum insured and any payout.
    /// forge-config: default.fuzz.runs = 300
    function testFuzz_T18_CorruptingCostsMoreThanItWins(uint96 units, uint128 payout) public {
        units = uint96(Fuzz.between(units, 1, 4_000e18));
        vault.sell(units, 0);
        Attestation memory lie = attestation();
        lie.payoutPerUnit = uint128(Fuzz.between(payout, 1, 3e18));
        uint256 capped = lie.payoutPerUnit < LIMIT ? lie.payoutPerUnit : LIMIT;
        uint256 won = (uint256(units) * capped + 1e18 - 1) / 1e18;
        bytes[] memory signatures = signed(firstKeys, 0x7, trigger.attestationDigest(lie));
        uint256 before = token.balanceOf(ALICE);
        vm.prank(ALICE);
        (bool success, ) = address(trigger).call(abi.encodeCall(IAttestedTrigger.attest, (lie, 0x7, signatures)));
        // What would win more than it can cost is refused.
        Fuzz.assertTrue(success == (won <= 3_000e18), "refused above the stake");
        if (!success) return;
        uint256 bond = before - token.balanceOf(ALICE);
        challengeAs(BOB);
        ruleOn(false);
        uint256 lost = (trigger.creditOf(SLASH_RECIPIENT) + bond) * 1e12;
        Fuzz.assertTrue(lost >= won + won / 20, "the stakes and the bond: at least 105% of what was to be won");
        Fuzz.assertEqual(trigger.creditOf(BOB), 2 * bond, "and the challenger wins the bond");
        assertUndecided();
    }

    function _isLocked() private {
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_StakeLocked.selector, terms, LOCKED_UNTIL)
        );
        trigger.unstake(terms);
    }

    function _refuse(AttestedDefinition memory bad) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_InvalidDefinition.selector,
                keccak256(abi.encode(bad))
            )
        );
        trigger.defineTerms(bad);
    }

    function _who(bytes4 selector, address who) private view returns (bytes memory) {
        return abi.encodeWithSelector(selector, terms, who);
    }
}
