// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {ExitRequest, Tranche} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev Alice has 40 and Bob 60 of junior. A measured deficit of 30 is open, which the fund may draw here.
contract WithholdingTest is VaultTest {
    uint256 private requestedAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 40);
        deposit(junior, BOB, 60);
        commit(90);
        requestedAt = block.timestamp;
        request(junior, ALICE);
        skip(COOLDOWN);
        house.setDeficit(30 * UNIT);
    }

    function requestOf(address who) private view returns (ExitRequest memory) {
        return vault.exitRequestOf(Tranche.Junior, who);
    }

    function test_R4_advance_is_what_survives_the_full_loss() external {
        assertEq("paid", claim(junior, ALICE), 28 * NATIVE); // 40 * (100 - 30) / 100
        VaultBooks memory books = vault.books();
        assertEq("junior", books.junior, 100 * UNIT);
        assertEq("advanced", books.juniorAdvanced, 28 * UNIT);
        assertEq("supply", junior.totalSupply(), 100 * UNIT);
        assertEq("shares", requestOf(ALICE).shares, 40 * UNIT);
        assertEq("request", requestOf(ALICE).advanced, 28 * UNIT);
        // Commitments fall with what has left: 72 less the floor.
        assertEq("committed", books.committed, 71 * UNIT);
        assertSound();
    }

    function test_R4_when_the_loss_comes_both_have_lost_the_same() external {
        claim(junior, ALICE);
        draw(30 * UNIT);
        house.setDeficit(0);
        assertEq("alice", claim(junior, ALICE), 0);
        assertEq("supply", junior.totalSupply(), 60 * UNIT);
        request(junior, BOB);
        skip(COOLDOWN);
        assertEq("bob", claim(junior, BOB), 42 * NATIVE); // 60 * 0.7
        assertEq("left", vault.books().junior / 1e12, 0);
        assertSound();
    }

    function test_R4_when_no_loss_comes_the_rest_follows() external {
        claim(junior, ALICE);
        house.setDeficit(0);
        assertEq("alice", claim(junior, ALICE), 12 * NATIVE);
        assertEq("advanced", vault.books().juniorAdvanced, 0);
        assertEq("junior", vault.books().junior, 60 * UNIT);
        request(junior, BOB);
        skip(COOLDOWN);
        assertEq("bob", claim(junior, BOB), 60 * NATIVE);
    }

    function test_R4_half_the_loss_and_a_second_leaver_are_fair_too() external {
        claim(junior, ALICE);
        request(junior, BOB);
        skip(COOLDOWN);
        // 42, of which the floor holds 1, and Alice's older request a few wei: her 28 are rounded down.
        assertEq("bob's advance", claim(junior, BOB), 41 * NATIVE - 1);
        draw(15 * UNIT);
        house.setDeficit(0);
        assertEq("alice", claim(junior, ALICE), 6 * NATIVE); // 40 * 0.85 - 28
        assertEq("bob", claim(junior, BOB), 10 * NATIVE + 1); // 60 * 0.85 - 41
    }

    /// @dev INV-21: who is first is paid first, and nobody is paid more: 13 of the 30 are lost in the end.
    function test_INV21_order_of_two_leavers_changes_no_total() external {
        vm.warp(requestedAt);
        request(junior, BOB);
        skip(COOLDOWN);
        uint256 start = vm.snapshotState();
        claim(junior, ALICE);
        claim(junior, BOB);
        draw(13 * UNIT);
        house.setDeficit(0);
        claim(junior, BOB);
        claim(junior, ALICE);
        assertEq("alice", token.balanceOf(ALICE), 34.8e6);
        assertEq("bob", token.balanceOf(BOB), 52.2e6);

        assertTrue("reverted", vm.revertToState(start));
        claim(junior, BOB);
        claim(junior, ALICE);
        draw(13 * UNIT);
        house.setDeficit(0);
        claim(junior, ALICE);
        claim(junior, BOB);
        assertEq("alice", token.balanceOf(ALICE), 34.8e6);
        assertEq("bob", token.balanceOf(BOB), 52.2e6);
        assertSound();
    }

    function test_R4_a_withheld_request_keeps_its_window() external {
        claim(junior, ALICE);
        vm.warp(requestedAt + COOLDOWN + WINDOW + 1);
        assertEq("claimable for longer", junior.claimableRedeemRequest(0, ALICE), 40 * UNIT);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 12 * UNIT, 12 * UNIT)
        );
        junior.claimExit(ALICE);
        house.setDeficit(0);
        assertEq("paid", claim(junior, ALICE), 12 * NATIVE);
    }

    /// @dev INV-19: at the end of the longest delay nothing is withheld any more.
    function test_INV19_exit_completes_within_cooldown_and_longest_delay() external {
        claim(junior, ALICE);
        vm.warp(requestedAt + COOLDOWN + MAX_DELAY - 1);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 12 * UNIT, 12 * UNIT)
        );
        junior.claimExit(ALICE);
        skip(1);
        assertEq("paid", claim(junior, ALICE), 12 * NATIVE);
        assertEq("request", requestOf(ALICE).shares, 0);
    }

    /// @dev All but the floor can be drawn, and what commitments a measured deficit counts on do not fall with exits.
    function test_R4_first_call_lengthens_the_window_even_when_it_pays_nothing() external {
        vm.prank(ALICE);
        junior.cancelRedeemRequest();
        house.setDeficit(0);
        commit(99);
        request(junior, ALICE);
        skip(COOLDOWN);
        house.setDeficit(1_000 * UNIT);
        assertEq("paid", claim(junior, ALICE), 0);
        assertTrue("withheld", requestOf(ALICE).isWithheld);
        assertEq("committed", vault.books().committed, 99 * UNIT);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 40 * UNIT, 40 * UNIT)
        );
        junior.claimExit(ALICE);
    }

    /// @dev Were commitments cut below the deficit, each advance would lower what the next one counts, down to nothing.
    function test_R4_claiming_again_and_again_pays_nothing_more() external {
        house.setDeficit(80 * UNIT);
        assertEq("alice", claim(junior, ALICE), 8 * NATIVE);
        request(junior, BOB);
        skip(COOLDOWN);
        // 60 * 0.2 would be 12; the floor holds 1 of it, and Alice's older request a few wei: her 8 are rounded down.
        assertEq("bob", claim(junior, BOB), 11 * NATIVE - 1);
        assertEq("committed", vault.books().committed, 80 * UNIT + 1e12); // What he was not paid stays.
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 32 * UNIT, 32 * UNIT)
        );
        junior.claimExit(ALICE);
        (uint256 drawn, ) = draw(80 * UNIT);
        assertEq("drawn", drawn, 80 * UNIT);
    }

    function test_CVR06_an_advanced_request_cannot_be_taken_back_or_added_to() external {
        claim(junior, ALICE);
        bytes memory reason = abi.encodeWithSelector(
            ICoverageVaultEvents.CoverageVault_ExitAdvanced.selector,
            ALICE,
            28 * UNIT
        );
        vm.prank(ALICE);
        vm.expectRevert(reason);
        junior.cancelRedeemRequest();
        deposit(junior, ALICE, 1);
        vm.prank(ALICE);
        vm.expectRevert(reason);
        junior.requestRedeem(UNIT, ALICE, ALICE);
    }

    /// @dev The advance of 28 is settled in 28 shares at a price of 1, the other 12 return.
    function test_CVR06_expiry_settles_an_advance_in_shares() external {
        claim(junior, ALICE);
        vm.warp(requestedAt + COOLDOWN + WINDOW + MAX_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_OutsideWindow.selector,
                requestedAt + COOLDOWN,
                block.timestamp
            )
        );
        junior.expireRedeemRequest(ALICE);
        skip(1);
        assertEq("shares", junior.expireRedeemRequest(ALICE), 12 * UNIT);
        assertEq("balance", junior.balanceOf(ALICE), 12 * UNIT);
        assertEq("supply", junior.totalSupply(), 72 * UNIT);
        assertEq("junior", vault.books().junior, 72 * UNIT);
        assertEq("advanced", vault.books().juniorAdvanced, 0);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
    }

    /// @dev A later loss, which the advance did not allow for: 70 of the 72 that are left. The price of 0.3 promises Bob 18, but there are 2.
    function test_R3_no_one_outruns_an_overdrawn_advance() external {
        claim(junior, ALICE);
        request(junior, BOB);
        skip(COOLDOWN);
        draw(70 * UNIT);
        house.setDeficit(0);

        fill(CAROL, NATIVE);
        vm.prank(CAROL);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector, Tranche.Junior)
        );
        junior.deposit(NATIVE, CAROL);

        // Alice's 40 shares are worth 12, and she had 28: anyone ends that.
        assertEq("returned", junior.expireRedeemRequest(ALICE), 0);
        assertEq("junior", vault.books().junior, 2 * UNIT);
        assertEq("supply", junior.totalSupply(), 60 * UNIT);
        assertEq("bob", claim(junior, BOB), 2 * NATIVE);
        assertSound();
    }

    function test_R3_while_frozen_an_exit_is_paid_by_what_is_liquid() external {
        claim(junior, ALICE);
        request(junior, BOB);
        skip(COOLDOWN);
        draw(70 * UNIT);
        house.setDeficit(0);
        // 60 / 100 of the 2 that are there, not of the 30 that the shares stand for.
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(ITrancheShare.TrancheShare_AssetsBelowMinimum.selector, 1.2e6, 2 * NATIVE)
        );
        junior.claimExit(BOB, 2 * NATIVE);
        assertEq("bob", claim(junior, BOB), 1.2e6);
        assertSound();
    }

    function test_CVR10_exit_while_the_house_is_locked_or_the_vault_is_behind_reverts() external {
        house.setLocked(true);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector));
        junior.claimExit(ALICE);
        house.setLocked(false);
        verifier.open(SeriesId.wrap(1));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 0, 1));
        junior.claimExit(ALICE);
    }

    function test_R4_what_is_withheld_is_told() external {
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.ExitPaid(Tranche.Junior, ALICE, 28 * UNIT, 0, 12 * UNIT);
        claim(junior, ALICE);
    }

    /// @dev Alice's advance has ended with her request; Bob asked in her week, Carol later. What Bob claims is kept from Carol whole.
    function test_INV19_an_advance_that_has_ended_is_taken_off_nobodys_claim() external {
        deposit(junior, CAROL, 40);
        vm.warp(requestedAt);
        request(junior, BOB);
        skip(8 days);
        request(junior, CAROL);
        vm.warp(requestedAt + COOLDOWN);
        claim(junior, ALICE);
        house.setDeficit(0);
        claim(junior, ALICE);
        house.setDeficit(30 * UNIT);
        skip(8 days);
        // 100 less 30, the floor of 1 and Bob's 60 * 0.7; her own are worth 28.
        uint256 paid = claim(junior, CAROL);
        assertTrue("at most 27", paid <= 27 * NATIVE);
        assertTrue("but for rounding", paid + 2 >= 27 * NATIVE);
    }
}
