// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IRecoveries} from "../../../contracts/interfaces/IRecoveries.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {toAccountId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {RecoveryTest} from "./RecoveryTest.sol";

/// @dev Times to the second, tokens that misbehave, and what is never claimed.
contract RecoveriesHostileTest is RecoveryTest {
    uint256 private constant END = START + REGISTRATION;

    function setUp() public override {
        super.setUp();
        lose(ALICE, 30 * UNIT);
        lose(BOB, 10 * UNIT);
        endRound();
    }

    /* TIMES */

    function test_FND10_ARoundIsPaidForUntilThreeYearsAfterItsEnd() public {
        vm.warp(END + PAYABLE - 1);
        assertEq(recover(1, 1e6), 1e6, "the last second");
        vm.warp(END + PAYABLE);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NotPayable.selector, 1, END, END + PAYABLE));
        recover(1, 1e6);
    }

    function test_FND10_AClaimIsPaidUntilFourYearsAfterTheEnd() public {
        recover(1, 20e6);
        vm.warp(END + CLAIMABLE - 1);
        assertEq(claimAs(ALICE, 1), 15e6, "the last second");
        vm.warp(END + CLAIMABLE);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TooLate.selector, 1, END + CLAIMABLE));
        claimAs(BOB, 1);
    }

    function test_FND10_WhatNobodyClaimsBecomesReserve() public {
        recover(1, 20e6);
        claimAs(ALICE, 1);
        vm.warp(END + CLAIMABLE - 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToRelease.selector, 1, END + CLAIMABLE));
        recoveries.release(1);
        vm.warp(END + CLAIMABLE);
        vm.expectEmit(address(recoveries));
        emit IRecoveries.PassedToReserve(5e6);
        assertEq(recoveries.release(1), 5e6, "Bob's");
        assertEq(reserveOf(segment), 5 * UNIT, "reserve");
        assertRound(1, 40 * UNIT, 20 * UNIT, 20 * UNIT);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToRelease.selector, 1, END + CLAIMABLE));
        recoveries.release(1);
    }

    function test_FND10_ARoundThatDoesNotExistReleasesNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToRelease.selector, 2, 0));
        recoveries.release(2);
    }

    /// @dev A release takes nothing of another round's money, which lies in the same contract.
    function test_R2_AReleaseLeavesOtherRoundsWhole() public {
        recover(1, 20e6);
        vm.warp(END + CLAIMABLE - 30 days);
        lose(CAROL, 8 * UNIT);
        uint256 second = endRound();
        recover(second, 8e6);
        vm.warp(END + CLAIMABLE);
        assertEq(recoveries.release(1), 20e6, "the first");
        assertEq(claimAs(CAROL, second), 8e6, "the second");
    }

    /* TOKENS */

    function test_FND10_APaymentThatDoesNotArriveIsNone() public {
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
            vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_UnexpectedTransfer.selector, 10e6, 0));
            recover(1, 10e6);
        }
        token.setMode(HostileToken.Mode.Fee);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_UnexpectedTransfer.selector, 10e6, 9.9e6));
        recover(1, 10e6);
        token.setMode(HostileToken.Mode.ReturnsNothing);
        assertEq(recover(1, 10e6), 10e6, "as USDT does");
        assertRound(1, 40 * UNIT, 10 * UNIT, 0);
    }

    function test_FND10_ARefusedClaimStays() public {
        recover(1, 20e6);
        HostileToken.Mode[7] memory modes = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.ReturnsGarbage,
            HostileToken.Mode.BurnsGas,
            HostileToken.Mode.FeeOnTop,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TransferFailed.selector, ALICE, 15e6));
            claimAs(ALICE, 1);
        }
        token.setMode(HostileToken.Mode.Honest);
        token.setBlocked(ALICE, true);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TransferFailed.selector, ALICE, 15e6));
        claimAs(ALICE, 1);
        vm.prank(ALICE);
        assertEq(recoveries.claim(1, CAROL), 15e6, "a blocked payee names another");
        assertEq(claimAs(BOB, 1), 5e6, "and stops nobody");
    }

    function test_FND10_ATokenThatCallsBackFindsEveryDoorLocked() public {
        vm.prank(ALICE);
        recoveries.safeTransferFrom(ALICE, address(this), 1, 15 * UNIT, "");
        vm.prank(BOB);
        recoveries.safeTransferFrom(BOB, CAROL, 1, 10 * UNIT, "");
        recover(1, 8e6);
        bytes[4] memory payloads = [
            abi.encodeCall(IRecoveries.claim, (1, address(token))),
            abi.encodeCall(IRecoveries.recover, (listOf(1), 1e6)),
            abi.encodeCall(IRecoveries.release, (1)),
            abi.encodeCall(IRecoveries.register, (toAccountId(CAROL, 0), markets()))
        ];
        for (uint256 i = 0; i < payloads.length; ++i) {
            token.setReentry(address(recoveries), payloads[i]);
            recover(1, 1e6);
            assertTrue(!token.reentrySucceeded(), "in a payment");
            assertLocked();
            recoveries.claim(1, address(this));
            assertTrue(!token.reentrySucceeded(), "in a claim");
            assertLocked();
        }
        assertEq(token.reentries(), 8, "it tried");
    }

    function assertLocked() private view {
        assertTrue(
            bytes4(token.reentryResult()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            "because of the lock"
        );
    }

    /// @dev Receiver of claims in transfers.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }
}
