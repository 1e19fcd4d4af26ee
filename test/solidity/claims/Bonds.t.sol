// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

contract BondsTest is ClaimTest {
    function test_CLM01_ABondThatDoesNotArriveWholeOpensNothing() public {
        _event();
        token.setMode(HostileToken.Mode.Fee);
        vm.expectRevert(unexpected(BOND, BOND - BOND / 100));
        openAs(ALICE);
        HostileToken.Mode[7] memory modes = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.Paused,
            HostileToken.Mode.ReturnsGarbage,
            HostileToken.Mode.BurnsGas,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            vm.expectRevert(unexpected(BOND, 0));
            openAs(ALICE);
        }
        token.setMode(HostileToken.Mode.Honest);
        vm.expectRevert(unexpected(BOND, 0));
        verifier.open(vault, SERIES); // This test has no tokens.
        assertOutcome(false, 0, 0);
        Fuzz.assertEqual(verifier.transitionsOf(vault), 0, "no transition");
        assertBalances(FUNDS, 0, 0);
    }

    function test_CLM01_ATokenThatSaysNothingIsTaken() public {
        token.setMode(HostileToken.Mode.ReturnsNothing);
        openAfterEvent(20e18);
        assertBalances(FUNDS - BOND, 0, BOND);
        verifier.resolve(vault, SERIES);
        assertBalances(FUNDS, 0, 0);
        Fuzz.assertEqual(verifier.creditOf(ALICE), 0, "nothing left to withdraw");
    }

    function test_CLM06_ABlockedOpenerStopsNothing() public {
        openAfterEvent(20e18);
        token.setBlocked(ALICE, true);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.BondCredited(ALICE, BOND);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "confirmed all the same");
        Fuzz.assertEqual(verifier.creditOf(ALICE), BOND, "credited");
        assertBalances(FUNDS - BOND, 0, BOND);

        // A withdrawal that fails changes nothing.
        vm.prank(ALICE);
        vm.expectRevert(unexpected(BOND, 0));
        verifier.withdrawBond();
        token.setBlocked(ALICE, false);
        vm.prank(ALICE);
        Fuzz.assertEqual(verifier.withdrawBond(), BOND, "withdrawn");
        assertBalances(FUNDS, 0, 0);
        vm.prank(ALICE);
        vm.expectRevert(nothingToWithdraw(ALICE));
        verifier.withdrawBond();
    }

    function test_CLM06_ABlockedRecipientStopsNothing() public {
        openAfterEvent(20e18);
        token.setBlocked(FEE_RECIPIENT, true);
        show(0, 0);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.BondCredited(FEE_RECIPIENT, BOND);
        verifier.resolve(vault, SERIES);
        assertStatus(IncidentStatus.Rejected, 1);
        token.setBlocked(FEE_RECIPIENT, false);
        vm.prank(FEE_RECIPIENT);
        verifier.withdrawBond();
        assertBalances(FUNDS - BOND, BOND, 0);
    }

    function test_CLM06_ALapseCreditsBothParts() public {
        openAfterEvent(20e18);
        trigger.setMode(MockTrigger.Mode.Reverts);
        token.setMode(HostileToken.Mode.Paused);
        vm.warp(block.timestamp + 14 days);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.BondCredited(ALICE, BOND - LAPSE_FEE);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.BondCredited(FEE_RECIPIENT, LAPSE_FEE);
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Lapsed, 1);
        Fuzz.assertEqual(verifier.creditOf(ALICE), BOND - LAPSE_FEE, "less the fee");
        Fuzz.assertEqual(verifier.creditOf(FEE_RECIPIENT), LAPSE_FEE, "the fee");
    }

    /// @dev What the token says does not count, what has left does: no bond is paid twice and none is lost.
    function test_CLM01_EveryTokenThatMovesNothingLeavesACredit() public {
        HostileToken.Mode[7] memory modes = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.Paused,
            HostileToken.Mode.BurnsGas,
            HostileToken.Mode.ReturnBomb,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            _openAndConfirm(modes[i], i);
            Fuzz.assertEqual(verifier.creditOf(ALICE), (i + 1) * BOND, "credited");
        }
        // Credits add up and go out at once.
        vm.prank(ALICE);
        Fuzz.assertEqual(verifier.withdrawBond(), modes.length * BOND, "all");
        assertBalances(FUNDS, 0, 0);
    }

    function test_CLM01_ATokenThatMovesAndDeniesItLeavesNoCredit() public {
        _openAndConfirm(HostileToken.Mode.ReturnsGarbage, 0);
        Fuzz.assertEqual(verifier.creditOf(ALICE), 0, "sent");
        assertBalances(FUNDS, 0, 0);
    }

    /// @dev A credit of one opener cannot be drawn by another, nor out of another's bond.
    function test_CLM01_CreditsAreTheirOwners() public {
        register(OTHER_SERIES);
        openAfterEvent(20e18);
        vm.prank(BOB);
        verifier.open(vault, OTHER_SERIES);
        token.setBlocked(ALICE, true);
        verifier.resolve(vault, SERIES);
        vm.prank(BOB);
        vm.expectRevert(nothingToWithdraw(BOB));
        verifier.withdrawBond();
        token.setBlocked(ALICE, false);
        // A token that takes more than it moves would take it from Bob's bond.
        token.setMode(HostileToken.Mode.FeeOnTop);
        vm.prank(ALICE);
        vm.expectRevert(unexpected(BOND, BOND + BOND / 100));
        verifier.withdrawBond();
        token.setMode(HostileToken.Mode.Honest);
        vm.prank(ALICE);
        verifier.withdrawBond();
        verifier.resolve(vault, OTHER_SERIES);
        assertBalances(FUNDS, 0, 0);
        Fuzz.assertEqual(token.balanceOf(BOB), FUNDS, "Bob's tokens");
    }

    /// @dev While the bond moves, in and out, every door is locked and the readers show the outcome already.
    function test_CLM01_ATokenThatCallsBackFindsEveryDoorLocked() public {
        bytes[5] memory doors = [
            abi.encodeCall(IClaimVerifier.open, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.resolve, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.lapse, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.withdrawBond, ()),
            abi.encodeCall(
                IClaimVerifier.registerSeries,
                (OTHER_SERIES, address(trigger), TERMS, LIMIT, ENDS_AT, REPORTS_UNTIL)
            )
        ];
        vm.warp(START + 1 days);
        for (uint256 i = 0; i < doors.length; ++i) {
            token.setReentry(address(verifier), doors[i]);
            show(i + 1, START + 1 days);
            openAs(ALICE);
            _wasLockedOut(2 * i + 1);
            verifier.resolve(vault, SERIES);
            _wasLockedOut(2 * i + 2);
        }
        assertBalances(FUNDS, 0, 0);
    }

    function test_CLM01_EffectsComeBeforeTheBondMoves() public {
        _event();
        token.setReentry(address(verifier), abi.encodeCall(IClaimVerifier.outcome, (vault, SERIES)));
        openAs(ALICE);
        (bool isOpen, uint256 paid, uint32 transitions) = abi.decode(token.reentryResult(), (bool, uint256, uint32));
        Fuzz.assertTrue(isOpen && paid == 0 && transitions == 1, "open");
        verifier.resolve(vault, SERIES);
        (isOpen, paid, transitions) = abi.decode(token.reentryResult(), (bool, uint256, uint32));
        Fuzz.assertTrue(!isOpen && paid == 20e18 && transitions == 2, "confirmed");
    }

    /// @dev A caller cannot make the token fail, and the opener wait, by bringing too little gas.
    function test_R1a_TheTokenCannotBeStarved() public {
        openAfterEvent(20e18);
        bytes memory data = abi.encodeCall(IClaimVerifier.resolve, (vault, SERIES));
        uint256 refused;
        for (uint256 gasGiven = 1_900_000; gasGiven > 1_300_000; gasGiven -= 9_973) {
            uint256 before = vm.snapshotState();
            (bool success, bytes memory reason) = address(verifier).call{gas: gasGiven}(data);
            if (success) {
                Fuzz.assertEqual(verifier.creditOf(ALICE), 0, "sent");
            } else {
                ++refused;
                Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
            }
            vm.revertToState(before);
        }
        Fuzz.assertBetween(refused, 10, 50, "both were seen");
    }

    function _event() private {
        show(20e18, START + 1 days);
        vm.warp(START + 1 days);
    }

    function _openAndConfirm(HostileToken.Mode mode, uint256 round) private {
        vm.warp(START + 1 days);
        show(round + 1, START + 1 days);
        token.setMode(HostileToken.Mode.Honest);
        openAs(ALICE);
        token.setMode(mode);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), round + 1, "confirmed");
        token.setMode(HostileToken.Mode.Honest);
    }

    function _wasLockedOut(uint256 reentries) private view {
        Fuzz.assertEqual(token.reentries(), reentries, "it tried");
        Fuzz.assertTrue(!token.reentrySucceeded(), "it failed");
        Fuzz.assertTrue(
            bytes4(token.reentryResult()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            "because of the lock"
        );
    }
}
