// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

contract ExitsTest is VaultTest {
    function expectOutsideWindow(uint256 opensAt, uint256 closesAt) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_OutsideWindow.selector, opensAt, closesAt)
        );
    }

    function expectNoRequest(address who) private {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoExitRequest.selector, who));
    }

    function test_CVR06_exit_is_paid_inside_its_window_only() external {
        deposit(junior, ALICE, 100);
        deposit(junior, BOB, 50);
        request(junior, ALICE);
        assertEq("pending", junior.pendingRedeemRequest(0, ALICE), 100 * UNIT);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 100 * UNIT);
        assertEq("balance", junior.balanceOf(ALICE), 0);

        vm.warp(START + COOLDOWN - 1);
        assertEq("not yet claimable", junior.claimableRedeemRequest(0, ALICE), 0);
        vm.prank(ALICE);
        expectOutsideWindow(START + COOLDOWN, START + COOLDOWN + WINDOW);
        junior.claimExit(ALICE);

        vm.warp(START + COOLDOWN + WINDOW + 1);
        vm.prank(ALICE);
        expectOutsideWindow(START + COOLDOWN, START + COOLDOWN + WINDOW);
        junior.claimExit(ALICE);
        assertEq("expired", junior.claimableRedeemRequest(0, ALICE), 0);

        vm.warp(START + COOLDOWN + WINDOW);
        assertEq("claimable", junior.claimableRedeemRequest(0, ALICE), 100 * UNIT);
        assertEq("pending no longer", junior.pendingRedeemRequest(0, ALICE), 0);
        assertEq("paid", claim(junior, ALICE), 100 * NATIVE);
        assertEq("tokens", token.balanceOf(ALICE), 100 * NATIVE);
        assertEq("supply", junior.totalSupply(), 50 * UNIT);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        assertEq("junior", vault.books().junior, 50 * UNIT);
        vm.prank(ALICE);
        expectNoRequest(ALICE);
        junior.claimExit(ALICE);
    }

    function test_CVR06_window_opens_at_its_second_and_pays_any_receiver() external {
        deposit(senior, ALICE, 100);
        request(senior, ALICE);
        vm.warp(START + COOLDOWN);
        vm.prank(ALICE);
        assertEq("paid", senior.claimExit(BOB), 100 * NATIVE);
        assertEq("bob", token.balanceOf(BOB), 100 * NATIVE);
        assertEq("senior", vault.books().senior, 0);
    }

    function test_CVR06_anyone_ends_an_expired_request_and_the_shares_return() external {
        deposit(junior, ALICE, 100);
        request(junior, ALICE);
        vm.warp(START + COOLDOWN + WINDOW);
        expectOutsideWindow(START + COOLDOWN, START + COOLDOWN + WINDOW);
        junior.expireRedeemRequest(ALICE);
        skip(1);
        assertEq("shares", junior.expireRedeemRequest(ALICE), 100 * UNIT);
        assertEq("balance", junior.balanceOf(ALICE), 100 * UNIT);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        expectNoRequest(ALICE);
        junior.expireRedeemRequest(ALICE);
    }

    function test_CVR06_second_request_adds_and_starts_anew() external {
        deposit(junior, ALICE, 100);
        vm.prank(ALICE);
        junior.requestRedeem(30 * UNIT, ALICE, ALICE);
        skip(COOLDOWN);
        vm.prank(ALICE);
        junior.requestRedeem(20 * UNIT, ALICE, ALICE);
        assertEq("pending", junior.pendingRedeemRequest(0, ALICE), 50 * UNIT);
        vm.prank(ALICE);
        expectOutsideWindow(START + 2 * COOLDOWN, START + 2 * COOLDOWN + WINDOW);
        junior.claimExit(ALICE);
        skip(COOLDOWN);
        assertEq("paid", claim(junior, ALICE), 50 * NATIVE);
        assertEq("rest", junior.balanceOf(ALICE), 50 * UNIT);
    }

    function test_CVR06_a_request_can_be_taken_back() external {
        deposit(junior, ALICE, 100);
        request(junior, ALICE);
        vm.prank(ALICE);
        assertEq("shares", junior.cancelRedeemRequest(), 100 * UNIT);
        assertEq("balance", junior.balanceOf(ALICE), 100 * UNIT);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        vm.prank(ALICE);
        expectNoRequest(ALICE);
        junior.cancelRedeemRequest();
    }

    function test_CVR06_only_the_owner_requests() external {
        deposit(junior, ALICE, 100);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotOwner.selector, BOB, ALICE));
        junior.requestRedeem(UNIT, BOB, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotOwner.selector, BOB, ALICE));
        junior.requestRedeem(UNIT, BOB, ALICE);
    }

    /// @dev 200 stand, 50 are lost while Alice is queued: 75 of her 100 are left (INV-10).
    function test_CVR06_queued_shares_bear_losses() external {
        deposit(junior, ALICE, 100);
        deposit(junior, BOB, 100);
        commit(150);
        request(junior, ALICE);
        skip(1 days);
        draw(50 * UNIT);
        skip(COOLDOWN - 1 days);
        assertEq("alice", claim(junior, ALICE), 75 * NATIVE);
        request(junior, BOB);
        skip(COOLDOWN);
        assertEq("bob", claim(junior, BOB), 75 * NATIVE);
        assertEq("junior", vault.books().junior, 0);
        assertSound();
    }

    function test_CVR06_shares_that_died_in_the_queue_are_gone() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 100);
        commit(150);
        request(junior, ALICE);
        draw(120 * UNIT);
        skip(COOLDOWN);
        assertEq("claimable", junior.claimableRedeemRequest(0, ALICE), 0);
        vm.prank(ALICE);
        expectNoRequest(ALICE);
        junior.claimExit(ALICE);
        // New shares, new request, nothing of the old one in it.
        deposit(junior, ALICE, 10);
        request(junior, ALICE);
        assertEq("pending", junior.pendingRedeemRequest(0, ALICE), 10 * UNIT);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 10 * UNIT);
        skip(COOLDOWN);
        assertEq("paid", claim(junior, ALICE), 10 * NATIVE);
    }

    function test_FND11_a_refusing_token_leaves_the_request_as_it_was() external {
        deposit(junior, ALICE, 100);
        request(junior, ALICE);
        skip(COOLDOWN);
        token.setMode(HostileToken.Mode.Paused);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_TransferFailed.selector,
                address(token),
                ALICE,
                100 * NATIVE
            )
        );
        junior.claimExit(ALICE);
        token.setMode(HostileToken.Mode.BlindBalance);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_TransferFailed.selector,
                address(token),
                ALICE,
                100 * NATIVE
            )
        );
        junior.claimExit(ALICE);
        token.setMode(HostileToken.Mode.Honest);
        assertEq("paid", claim(junior, ALICE), 100 * NATIVE);
    }

    function test_CVR06_exits_are_by_request_only() external {
        bytes memory reason = abi.encodeWithSelector(ITrancheShare.TrancheShare_NotSupported.selector);
        vm.expectRevert(reason);
        junior.redeem(1, ALICE, ALICE);
        vm.expectRevert(reason);
        junior.withdraw(1, ALICE, ALICE);
        vm.expectRevert(reason);
        junior.mint(1, ALICE);
        vm.expectRevert(reason);
        junior.previewRedeem(1);
        assertEq("maxRedeem", junior.maxRedeem(ALICE), 0);
    }
}
