// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

contract DepositsTest is VaultTest {
    function test_CVR01_first_deposit_mints_one_share_per_unit() external {
        assertEq("shares", deposit(junior, ALICE, 1_000), 1_000 * UNIT);
        assertEq("balance", junior.balanceOf(ALICE), 1_000 * UNIT);
        assertEq("junior", vault.books().junior, 1_000 * UNIT);
        assertEq("senior", vault.books().senior, 0);
        assertEq("totalAssets", junior.totalAssets(), 1_000 * NATIVE);
        assertEq("tokens", token.balanceOf(address(vault)), 1_000 * NATIVE);
    }

    function test_CVR01_later_deposit_pays_the_price_of_now_rounded_down() external {
        deposit(senior, ALICE, 100);
        fill(BOB, 7 * 604_800);
        vm.prank(BOB);
        vault.payPremium(7 * 604_800, uint32(START / WEEK + 1));
        skip(3 days);
        // 7e12 wei a second for three days.
        uint256 value = 100 * UNIT + 7e12 * 3 days;
        uint256 expected = (50 * UNIT * (100 * UNIT + VIRTUAL)) / (value + VIRTUAL);
        assertEq("preview", senior.previewDeposit(50 * NATIVE), expected);
        assertEq("shares", deposit(senior, BOB, 50), expected);
        assertEq("senior", vault.books().senior, value + 50 * UNIT);
    }

    function test_INV11_deposit_and_exit_at_once_never_profits() external {
        deposit(senior, ALICE, 100);
        fill(BOB, 7 * 604_800);
        vm.prank(BOB);
        vault.payPremium(7 * 604_800, uint32(START / WEEK + 1));
        skip(3 days + 1);
        uint256 shares = depositNative(senior, BOB, 33_333_333);
        assertTrue("profit", senior.convertToAssets(shares) <= 33_333_333);
        assertTrue("loss", senior.convertToAssets(shares) >= 33_333_332);
    }

    function test_CVR01_donation_changes_nothing() external {
        deposit(junior, ALICE, 100);
        token.mint(address(vault), 900 * NATIVE);
        assertEq("totalAssets", junior.totalAssets(), 100 * NATIVE);
        assertEq("free", vault.freeCapital(), 99 * UNIT);
        assertEq("shares", deposit(junior, BOB, 100), 100 * UNIT);
        request(junior, ALICE);
        skip(COOLDOWN);
        assertEq("paid", claim(junior, ALICE), 100 * NATIVE);
    }

    /// @dev The attacker deposits the least, and inflates the price by what the vault does take: premium.
    function test_CVR01_first_depositor_inflation_fails() external {
        depositNative(junior, ALICE, 1);
        fill(ALICE, 1_000_000 * NATIVE);
        vm.prank(ALICE);
        vault.payPremium(1_000_000 * NATIVE, uint32(START / WEEK + 1));
        skip(1 weeks);
        uint256 shares = deposit(junior, BOB, 1_000);
        uint256 worth = junior.convertToAssets(shares);
        // Rounding costs at most one share, whose price is below two native units.
        assertTrue("victim", worth + 2 >= 1_000 * NATIVE);
    }

    function test_CVR01_deposit_below_minimum_shares_reverts() external {
        fill(ALICE, NATIVE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_SharesBelowMinimum.selector, UNIT, UNIT + 1));
        junior.deposit(NATIVE, ALICE, UNIT + 1);
    }

    function test_CVR01_deposit_of_nothing_reverts() external {
        uint256 room = type(uint96).max / 1e12;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, 0, room));
        junior.deposit(0, ALICE);
    }

    function test_CVR01_deposit_that_does_not_arrive_whole_reverts() external {
        fill(ALICE, 100 * NATIVE);
        token.setMode(HostileToken.Mode.Fee);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(ITrancheShare.TrancheShare_UnexpectedTransfer.selector, 100 * NATIVE, 99 * NATIVE)
        );
        junior.deposit(100 * NATIVE, ALICE);
    }

    function test_CVR10_deposit_while_the_house_is_locked_reverts() external {
        fill(ALICE, NATIVE);
        house.setLocked(true);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector));
        junior.deposit(NATIVE, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector));
        junior.totalAssets();
    }

    function test_CVR01_only_the_shares_book_deposits_and_only_the_vault_burns() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_NotLinked.selector,
                address(this),
                address(junior)
            )
        );
        vault.onDeposit(Tranche.Junior, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotVault.selector, address(this)));
        junior.burnQueued(1);
    }

    function test_CVR01_shares_move_like_any_erc20() external {
        deposit(junior, ALICE, 10);
        vm.prank(ALICE);
        junior.transfer(BOB, 4 * UNIT);
        assertEq("alice", junior.balanceOf(ALICE), 6 * UNIT);
        assertEq("bob", junior.balanceOf(BOB), 4 * UNIT);
        assertEq("supply", junior.totalSupply(), 10 * UNIT);
        vm.prank(BOB);
        junior.approve(CAROL, UNIT);
        vm.prank(CAROL);
        junior.transferFrom(BOB, CAROL, UNIT);
        assertEq("carol", junior.balanceOf(CAROL), UNIT);
    }

    /// @dev 1e12 shares stand for 7e28 wei: one native unit, 1e12 wei, is worth less than a share.
    function test_CVR01_deposit_that_would_mint_nothing_reverts() external {
        fill(ALICE, 7e16 + 1);
        vm.startPrank(ALICE);
        junior.deposit(1, ALICE);
        vault.payPremium(7e16, uint32(START / WEEK + 1));
        vm.stopPrank();
        skip(1 weeks);
        fill(BOB, 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_ZeroShares.selector, 1));
        junior.deposit(1, BOB);
    }
}
