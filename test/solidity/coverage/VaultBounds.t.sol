// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockAccessManager} from "../../../contracts/mocks/MockAccessManager.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Bounds of a vault, on both sides. Junior 300, senior 700.
contract VaultBoundsTest is AttackVault {
    /// @dev Weeks for which premium can be kept, and the current one.
    uint256 private constant RING = 16;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
    }

    function test_CVR06_premium_for_exactly_a_week_is_taken() external {
        fill(address(this), 500);
        uint32 week = uint32(START / WEEK);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidTerm.selector, START + WEEK));
        vault.payPremium(500, week + 1);
        vm.warp(START);
        vault.payPremium(500, week + 1);
        assertTrue("taken, but for what rounding earns at once", vault.books().unearned > 499e12);
    }

    /// @dev A second before a week begins, the end that lies just out of reach is a second nearer.
    function test_CVR06_premium_reaches_as_far_as_the_ring_and_no_second_farther() external {
        fill(address(this), 1_000);
        uint256 farthest = START + RING * WEEK;
        vm.warp(START + WEEK - 1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidTerm.selector, farthest));
        vault.payPremium(500, uint32(farthest / WEEK));
        vm.warp(START + WEEK);
        vault.payPremium(500, uint32(farthest / WEEK));
    }

    /// @dev Governance that is called back in the middle of a payment finds the vault locked like anyone.
    function test_CVR10_no_product_is_announced_while_the_vault_is_paid() external {
        manager = new MockAccessManager(address(token));
        useVault(FUND, address(verifier));
        fill(ALICE, 500);
        token.setReentry(address(vault), abi.encodeCall(vault.announceProduct, (terms())));
        vm.prank(ALICE);
        vault.payPremium(500, uint32(block.timestamp / WEEK + 3));
        assertEq("tried", token.reentries(), 1);
        assertTrue("locked", keccak256(token.reentryResult()) == keccak256(locked()));
    }

    /// @dev A wei of a share is worth less than a wei after a loss: that is no advance, and nothing to end.
    function test_R4_a_request_without_an_advance_is_not_overdrawn_however_little_it_is_worth() external {
        commit(100);
        draw(100 * UNIT);
        queue(junior, ALICE, 1);
        expectOutsideWindow(block.timestamp + COOLDOWN, block.timestamp + COOLDOWN + WINDOW);
        junior.expireRedeemRequest(ALICE);
    }

    /// @dev A wei less than a token is paid a unit of the settlement token less than a unit, which is nothing.
    function test_CVR05_a_payout_is_rounded_down_twice() external {
        SeriesId series = newSeries(10, 8);
        insure(series, CAROL, 20);
        verifier.close(series, 1e12);
        vault.sync(series);
        expectAmount(UNIT - 1, 20 * UNIT);
        redeem(series, CAROL, UNIT - 1);
        assertEq("a whole one", redeem(series, CAROL, UNIT), 1);
    }

    function test_CVR10_a_token_that_moves_and_does_not_say_so_has_not_paid() external {
        fill(MALLORY, 500);
        token.setMode(HostileToken.Mode.ReturnsGarbage);
        expectUnexpectedTransfer(500, 0);
        vm.prank(MALLORY);
        vault.payPremium(500, uint32(block.timestamp / WEEK + 3));
    }

    /// @dev The week that has just ended is taken out of the ring at once: its place is that of a week sixteen later.
    function test_CVR04_a_week_that_has_ended_a_minute_ago_leaves_the_ring() external {
        fill(address(this), 2e9);
        uint32 week = uint32(START / WEEK);
        vault.payPremium(1e9, week + 1);
        vm.warp(START + WEEK + 60);
        vault.accrue();
        vm.warp(START + 2 * WEEK + 60);
        vault.payPremium(1e9, week + 17);
        vm.warp(START + 17 * WEEK);
        vault.accrue();
        assertEq("all is earned", vault.books().unearned, 0);
    }

    /// @dev All that tokens stand for counts: capital, and what is owed to the fund.
    function test_CVR01_the_ledger_takes_in_no_more_than_it_can_write_down() external {
        commit(100);
        draw(100 * UNIT);
        uint256 room = (type(uint96).max - 1_000 * UNIT) / 1e12;
        expectAmount(room + 1, room);
        vault.payPremium(room + 1, uint32(block.timestamp / WEEK + 3));
    }

    function test_CVR06_a_request_that_ends_unpaid_takes_nothing_with_it() external {
        request(junior, ALICE);
        skip(COOLDOWN + WINDOW + 1);
        uint256 value = vault.books().junior;
        assertEq("shares", junior.expireRedeemRequest(ALICE), 300 * UNIT);
        assertEq("value", vault.books().junior, value);
    }

    function test_FND11_a_single_unit_of_the_token_is_collected_and_less_is_not() external {
        commit(100);
        draw(1e12 - 1);
        vm.prank(FUND);
        assertEq("less than a unit", vault.collect(SEGMENT), 0);
        draw(1);
        vm.prank(FUND);
        assertEq("a unit", vault.collect(SEGMENT), 1e12);
        assertEq("all of it", vault.owedTo(SEGMENT), 0);
    }
}
