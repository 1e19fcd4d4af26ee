// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

contract CommitmentsTest is VaultTest {
    SegmentId private constant OTHER = SegmentId.wrap(2);

    function test_CVR05_draw_takes_junior_first() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 200);
        commit(250);
        (uint256 fromJunior, uint256 fromSenior) = draw(60 * UNIT);
        assertEq("junior", fromJunior, 60 * UNIT);
        assertEq("senior", fromSenior, 0);
        (fromJunior, fromSenior) = vault.available(SEGMENT);
        assertEq("available junior", fromJunior, 40 * UNIT);
        assertEq("available senior", fromSenior, 150 * UNIT);
        (fromJunior, fromSenior) = draw(70 * UNIT);
        assertEq("junior", fromJunior, 40 * UNIT);
        assertEq("senior", fromSenior, 30 * UNIT);
        assertEq("owed", vault.owedTo(SEGMENT), 130 * UNIT);
        assertEq("senior left", vault.books().senior, 170 * UNIT);
        assertSound();
    }

    function test_CVR05_an_exhausted_tranche_starts_a_new_epoch() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 200);
        commit(250);
        draw(100 * UNIT);
        assertEq("epoch", vault.epochOf(Tranche.Junior), 1);
        assertEq("senior epoch", vault.epochOf(Tranche.Senior), 0);
        assertEq("dead", junior.balanceOf(ALICE), 0);
        assertEq("supply", junior.totalSupply(), 0);
        token.mint(CAROL, 7 * NATIVE);
        vm.startPrank(CAROL);
        token.approve(address(junior), 7 * NATIVE);
        // The shares that have died had no Transfer event each.
        vm.expectEmit(address(junior));
        emit ITrancheShare.EpochStarted(1);
        assertEq("one for one", junior.deposit(7 * NATIVE, CAROL), 7 * UNIT);
        vm.stopPrank();
        assertEq("worth", junior.convertToAssets(7 * UNIT), 7 * NATIVE);
        assertEq("still dead", junior.balanceOf(ALICE), 0);
    }

    /// @dev What a loss leaves below a millionth of a millionth is not worth shares: it falls to senior.
    function test_CVR05_dust_of_junior_falls_to_senior() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 200);
        commit(250);
        draw(100 * UNIT - 999_999);
        assertEq("epoch", vault.epochOf(Tranche.Junior), 1);
        assertEq("junior", vault.books().junior, 0);
        assertEq("senior", vault.books().senior, 200 * UNIT + 999_999);
    }

    function test_INV04_draw_pays_what_it_can_and_leaves_the_floor() external {
        deposit(junior, ALICE, 100);
        commit(1_000);
        (uint256 fromJunior, ) = draw(type(uint256).max);
        assertEq("all but the floor", fromJunior, 99 * UNIT);
        (fromJunior, ) = draw(1);
        assertEq("nothing left", fromJunior, 0);
        assertEq("floor", vault.books().junior, UNIT);
    }

    function test_CVR09_only_the_fund_draws_and_collects() external {
        bytes memory reason = abi.encodeWithSelector(
            ICoverageVaultEvents.CoverageVault_NotLinked.selector,
            address(this),
            FUND
        );
        vm.expectRevert(reason);
        vault.draw(SEGMENT, 1);
        vm.expectRevert(reason);
        vault.collect(SEGMENT);
    }

    function test_R5_commitment_waits_longer_than_cooldown_and_window() external {
        deposit(junior, ALICE, 100);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NothingAnnounced.selector, SEGMENT));
        vault.activateCommitment(SEGMENT);
        vault.announceCommitment(SEGMENT, uint96(50 * UNIT));
        skip(COOLDOWN + WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, block.timestamp + 1)
        );
        vault.activateCommitment(SEGMENT);
        skip(1);
        assertEq("added", vault.activateCommitment(SEGMENT), 50 * UNIT);
        assertEq("free", vault.freeCapital(), 49 * UNIT);
    }

    function test_R5_announcements_are_restricted() external {
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, ALICE);
        vm.startPrank(ALICE);
        vm.expectRevert(reason);
        vault.announceCommitment(SEGMENT, 1);
        vm.expectRevert(reason);
        vault.announceProduct(terms());
        vm.stopPrank();
    }

    function test_CVR02_commitment_binds_free_capital_only_and_the_rest_later() external {
        deposit(junior, ALICE, 100);
        deposit(junior, BOB, 50);
        request(junior, BOB);
        commit(120);
        (uint256 remaining, uint256 announced, ) = vault.commitmentOf(SEGMENT);
        assertEq("remaining", remaining, 99 * UNIT);
        assertEq("announced", announced, 21 * UNIT);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, 21 * UNIT, 0));
        vault.activateCommitment(SEGMENT);
        deposit(junior, CAROL, 10);
        assertEq("added", vault.activateCommitment(SEGMENT), 10 * UNIT);
    }

    /// @dev A draw is not filled up by activating again: that takes a new announcement.
    function test_CVR09_a_draw_uses_the_commitment_up() external {
        deposit(junior, ALICE, 100);
        commit(50);
        draw(20 * UNIT);
        (uint256 remaining, uint256 announced, ) = vault.commitmentOf(SEGMENT);
        assertEq("remaining", remaining, 30 * UNIT);
        assertEq("announced", announced, 0);
        vault.announceCommitment(SEGMENT, uint96(50 * UNIT));
        (, announced, ) = vault.commitmentOf(SEGMENT);
        assertEq("to add", announced, 20 * UNIT);
    }

    function test_CVR02_exits_cut_commitments() external {
        deposit(junior, ALICE, 60);
        deposit(junior, BOB, 40);
        commit(90);
        request(junior, ALICE);
        skip(COOLDOWN);
        assertEq("commitments do not hold exits", claim(junior, ALICE), 60 * NATIVE);
        assertEq("committed", vault.books().committed, 39 * UNIT);
        (uint256 remaining, , ) = vault.commitmentOf(SEGMENT);
        assertEq("remaining", remaining, 39 * UNIT);
        (uint256 fromJunior, ) = vault.available(SEGMENT);
        assertEq("available", fromJunior, 39 * UNIT);
        (fromJunior, ) = draw(90 * UNIT);
        assertEq("drawn", fromJunior, 39 * UNIT);
    }

    function test_CVR09_segments_share_one_total() external {
        deposit(junior, ALICE, 60);
        deposit(junior, BOB, 41);
        vault.announceCommitment(OTHER, uint96(50 * UNIT));
        commit(50);
        vault.activateCommitment(OTHER);
        request(junior, ALICE);
        skip(COOLDOWN);
        claim(junior, ALICE);
        assertEq("committed", vault.books().committed, 40 * UNIT);
        (uint256 fromJunior, ) = draw(30 * UNIT);
        assertEq("first", fromJunior, 30 * UNIT);
        (fromJunior, ) = vault.available(OTHER);
        assertEq("other", fromJunior, 10 * UNIT);
    }

    function test_FND11_collect_sends_whole_units_and_keeps_the_rest() external {
        deposit(junior, ALICE, 100);
        commit(50);
        draw(20 * UNIT + 1);
        vm.prank(FUND);
        assertEq("sent", vault.collect(SEGMENT), 20 * UNIT);
        assertEq("fund", token.balanceOf(FUND), 20 * NATIVE);
        assertEq("owed", vault.owedTo(SEGMENT), 1);
        vm.prank(FUND);
        assertEq("again", vault.collect(SEGMENT), 0);
        assertSound();
    }

    function test_FND11_a_refusal_of_the_token_changes_nothing() external {
        deposit(junior, ALICE, 100);
        commit(50);
        draw(20 * UNIT);
        token.setMode(HostileToken.Mode.Paused);
        vm.prank(FUND);
        assertEq("sent", vault.collect(SEGMENT), 0);
        assertEq("owed", vault.owedTo(SEGMENT), 20 * UNIT);
        VaultBooks memory books = vault.books();
        assertEq("sum", books.owedToFund, 20 * UNIT);
        token.setMode(HostileToken.Mode.Honest);
        vm.prank(FUND);
        assertEq("later", vault.collect(SEGMENT), 20 * UNIT);
        assertEq("sum", vault.books().owedToFund, 0);
    }
}
