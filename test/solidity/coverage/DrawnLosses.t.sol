// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {SegmentLoss, Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev FND-10: who bore what the fund drew. Junior 300 of Alice and 100 of Bob, senior 200 of Carol, 500 committed.
contract DrawnLossesTest is VaultTest {
    SegmentId private constant OTHER = SegmentId.wrap(2);

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(junior, BOB, 100);
        deposit(senior, CAROL, 200);
        commit(500);
    }

    function borne(address who, uint32 interval) private view returns (uint256) {
        return junior.borneBy(SEGMENT, interval, who);
    }

    function send(TrancheShare share, address from, address to, uint256 shares) private {
        vm.prank(from);
        share.transfer(to, shares);
    }

    /* INTERVALS */

    function test_FND10_without_a_draw_nothing_begins_and_nothing_is_kept() external {
        send(junior, ALICE, BOB, 7 * UNIT);
        deposit(junior, CAROL, 5);
        assertEq("interval", vault.currentInterval(), 0);
        assertEq("nothing borne", borne(ALICE, 0), 0);
        bytes32 holding = vm.load(address(junior), keccak256(abi.encode(CAROL, _holdingsSlot(0))));
        assertEq("shares alone", uint256(holding), 5 * UNIT);
    }

    /// @dev Finds the holdings of an epoch: the second slot of its register, whose mapping is somewhere among the first slots.
    function _holdingsSlot(uint256 epoch) private view returns (bytes32) {
        for (uint256 slot = 0; slot < 16; ++slot) {
            bytes32 holdings = bytes32(uint256(keccak256(abi.encode(epoch, slot))) + 1);
            if (vm.load(address(junior), keccak256(abi.encode(ALICE, holdings))) != 0) return holdings;
        }
        revert Assertion_Failed("no register");
    }

    function test_FND10_the_first_movement_after_a_draw_begins_an_interval() external {
        draw(40 * UNIT);
        draw(20 * UNIT);
        assertEq("draws begin none", vault.currentInterval(), 0);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.IntervalOpened(1);
        send(junior, ALICE, BOB, 1);
        assertEq("begun", vault.currentInterval(), 1);
        send(junior, BOB, ALICE, 1);
        assertEq("one only", vault.currentInterval(), 1);
        SegmentLoss memory loss = vault.lossOf(SEGMENT, 0);
        assertEq("both draws", loss.junior, 60 * UNIT);
        assertEq("junior alone", loss.senior, 0);
        assertEq("nothing yet", vault.lossOf(SEGMENT, 1).junior, 0);
    }

    /// @dev Shares of one tranche and draws on both: one clock for both.
    function test_FND10_a_movement_of_senior_ends_the_interval_of_junior() external {
        draw(40 * UNIT);
        send(senior, CAROL, BOB, UNIT);
        draw(20 * UNIT);
        assertEq("before", vault.lossOf(SEGMENT, 0).junior, 40 * UNIT);
        assertEq("after", vault.lossOf(SEGMENT, 1).junior, 20 * UNIT);
    }

    function test_FND10_a_draw_of_nothing_is_none() external {
        assertEq("nothing is committed", vault.owedTo(OTHER), 0);
        vm.prank(FUND);
        vault.draw(OTHER, 5 * UNIT);
        draw(0);
        send(junior, ALICE, BOB, 1);
        assertEq("interval", vault.currentInterval(), 0);
    }

    /* WHO BORE IT */

    function test_FND10_holders_bear_by_their_shares_junior_before_senior() external {
        draw(420 * UNIT);
        assertEq("three quarters of junior", borne(ALICE, 0), 300 * UNIT);
        assertEq("a quarter", borne(BOB, 0), 100 * UNIT);
        assertEq("the rest is senior's", senior.borneBy(SEGMENT, 0, CAROL), 20 * UNIT);
        assertEq("whoever has none", senior.borneBy(SEGMENT, 0, ALICE), 0);
    }

    function test_R2_parts_are_rounded_down() external {
        send(junior, ALICE, CAROL, 300 * UNIT - 1);
        draw(1e6 + 1);
        assertEq("a share of a wei", borne(ALICE, 0), 0);
        assertEq("a quarter", borne(BOB, 0), uint256(1e6 + 1) / 4);
        assertTrue("no more than was lost", borne(ALICE, 0) + borne(BOB, 0) + borne(CAROL, 0) <= 1e6 + 1);
    }

    function test_FND10_who_sold_since_bore_it_and_who_bought_did_not() external {
        draw(40 * UNIT);
        send(junior, ALICE, CAROL, 300 * UNIT);
        assertEq("who held", borne(ALICE, 0), 30 * UNIT);
        assertEq("who bought", borne(CAROL, 0), 0);
        draw(40 * UNIT);
        assertEq("not any more", borne(ALICE, 1), 0);
        assertEq("now", borne(CAROL, 1), 30 * UNIT);
        assertEq("as before", borne(BOB, 0) + borne(BOB, 1), 20 * UNIT);
    }

    function test_FND10_who_comes_after_a_draw_has_borne_nothing_of_it() external {
        draw(200 * UNIT);
        deposit(junior, CAROL, 200);
        assertEq("late", borne(CAROL, 0), 0);
        assertEq("whole", borne(ALICE, 0) + borne(BOB, 0), 200 * UNIT);
        draw(100 * UNIT);
        // A deposit mints a trace less than its half.
        assertTrue("half of the next", borne(CAROL, 1) <= 50 * UNIT && borne(CAROL, 1) + 1e6 > 50 * UNIT);
        assertTrue("three eighths", borne(ALICE, 1) >= 37.5e18 && borne(ALICE, 1) < 37.5e18 + 1e6);
    }

    /// @dev Known of an interval long ago: that he came, left, and came back.
    function test_FND10_intervals_in_which_somebody_was_away_are_not_his() external {
        uint256[6] memory held;
        for (uint32 i = 0; i < 6; ++i) {
            held[i] = junior.balanceOf(CAROL);
            draw(10 * UNIT);
            if (i == 1) send(junior, ALICE, CAROL, 50 * UNIT);
            else if (i == 3) send(junior, CAROL, ALICE, 50 * UNIT);
            else if (i == 4) send(junior, BOB, CAROL, 20 * UNIT);
            else send(junior, ALICE, BOB, 1);
        }
        assertEq("six intervals", vault.currentInterval(), 6);
        for (uint32 i = 0; i < 6; ++i) {
            assertEq("by what he held", borne(CAROL, i), (10 * held[i]) / 400);
        }
        assertEq("he did hold some", held[2] + held[5], 70 * UNIT);
    }

    function test_FND10_segments_are_told_apart() external {
        vault.announceCommitment(OTHER, uint96(50 * UNIT));
        skip(35 days + 1);
        vault.activateCommitment(OTHER);
        draw(40 * UNIT);
        vm.prank(FUND);
        vault.draw(OTHER, 20 * UNIT);
        assertEq("one", borne(ALICE, 0), 30 * UNIT);
        assertEq("the other", junior.borneBy(OTHER, 0, ALICE), 15 * UNIT);
        // By turns, and beyond junior's end.
        draw(20 * UNIT);
        vm.prank(FUND);
        vault.draw(OTHER, 10 * UNIT);
        draw(400 * UNIT);
        send(senior, CAROL, BOB, 1);
        assertEq("all of one", vault.lossOf(SEGMENT, 0).junior, (60 + 310) * UNIT);
        assertEq("all of the other", vault.lossOf(OTHER, 0).junior, 30 * UNIT);
        assertEq("three quarters of both", borne(ALICE, 0) + junior.borneBy(OTHER, 0, ALICE), 300 * UNIT);
        assertEq("senior's part", senior.borneBy(SEGMENT, 0, CAROL), 90 * UNIT);
        assertEq("nothing is left over", vault.lossOf(SEGMENT, 1).senior + vault.lossOf(OTHER, 1).senior, 0);
    }

    /// @dev A tranche that cover has used up and that somebody has filled again, all before the first draw.
    function test_FND10_a_draw_is_borne_by_the_shares_that_it_finds() external {
        build(6);
        deposit(junior, ALICE, 40);
        deposit(senior, CAROL, 150);
        SeriesId series = openSeries(list(terms()), 10, 8);
        (uint256 purchase, ) = buy(series, CAROL, 5);
        skip(1 days);
        vault.complete(PurchaseId.wrap(uint64(purchase)));
        verifier.close(series, 10 * UNIT);
        vault.sync(series);
        assertEq("dead", vault.epochOf(Tranche.Junior), 1);
        deposit(junior, BOB, 100);
        commit(50);
        draw(20 * UNIT);
        assertEq("no interval between", vault.currentInterval(), 0);
        assertEq("the second life's", vault.lossOf(SEGMENT, 0).juniorEpoch, 1);
        assertEq("Bob", borne(BOB, 0), 20 * UNIT);
        assertEq("not Alice", borne(ALICE, 0), 0);
        assertEq("nor what cover cost", vault.lossOf(SEGMENT, 0).junior, 20 * UNIT);
    }

    /* THE QUEUE */

    function test_FND10_queued_shares_bear_for_their_owner() external {
        draw(40 * UNIT);
        request(junior, ALICE);
        assertEq("before the request", borne(ALICE, 0), 30 * UNIT);
        draw(40 * UNIT);
        assertEq("in the queue", borne(ALICE, 0) + borne(ALICE, 1), 60 * UNIT);
        vm.prank(ALICE);
        junior.cancelRedeemRequest();
        draw(40 * UNIT);
        uint32 last = vault.currentInterval();
        assertEq("back again", borne(ALICE, 0) + borne(ALICE, 1) + (last > 1 ? borne(ALICE, last) : 0), 90 * UNIT);
        assertEq("the queue itself", borne(address(junior), 0) + borne(address(junior), 1), 0);
    }

    function test_FND10_who_has_left_keeps_what_he_bore() external {
        request(junior, ALICE);
        draw(40 * UNIT);
        skip(COOLDOWN);
        uint256 paid = claim(junior, ALICE);
        assertTrue("paid for what is left", paid != 0 && junior.totalSupply() < 400 * UNIT);
        assertEq("all his", borne(ALICE, 0), 30 * UNIT);
        assertEq("by the supply of then", borne(BOB, 0), 10 * UNIT);
        draw(20 * UNIT);
        uint32 last = vault.currentInterval();
        uint256 others = borne(ALICE, last) + borne(BOB, last);
        assertTrue("the rest bears the next", others <= 20 * UNIT && others + 2 >= 20 * UNIT);
    }

    function test_FND10_a_request_that_expires_moves_nothing_into_the_past() external {
        request(junior, ALICE);
        draw(40 * UNIT);
        skip(COOLDOWN + WINDOW + MAX_DELAY + 1);
        junior.expireRedeemRequest(ALICE);
        draw(40 * UNIT);
        uint32 last = vault.currentInterval();
        assertEq("both", borne(ALICE, 0) + (last == 0 ? 0 : borne(ALICE, last)), 60 * UNIT);
    }

    /* EPOCHS */

    function test_FND10_shares_that_died_have_borne_it() external {
        vm.prank(ALICE);
        junior.requestRedeem(100 * UNIT, ALICE, ALICE);
        draw(400 * UNIT);
        assertEq("dead", junior.totalSupply(), 0);
        assertEq("held and queued", borne(ALICE, 0), 300 * UNIT);
        // A new life, in which the vault forgets the dead request.
        deposit(junior, ALICE, 50);
        request(junior, ALICE);
        assertEq("still", borne(ALICE, 0), 300 * UNIT);
        assertEq("and the other", borne(BOB, 0), 100 * UNIT);
        draw(10 * UNIT);
        assertEq("the new epoch's", borne(ALICE, vault.currentInterval()), 10 * UNIT);
        assertEq("whoever has none there", borne(BOB, vault.currentInterval()), 0);
    }

    function test_FND10_a_dead_request_that_is_cancelled_has_borne_it() external {
        request(junior, BOB);
        draw(400 * UNIT);
        vm.prank(BOB);
        assertEq("nothing to return", junior.cancelRedeemRequest(), 0);
        assertEq("borne", borne(BOB, 0), 100 * UNIT);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoExitRequest.selector, BOB));
        junior.cancelRedeemRequest();
    }

    /// @dev Dust of junior falls to senior after senior has died: it is nobody's, and nobody has borne it.
    function test_FND10_what_falls_to_a_tranche_without_shares_is_borne_by_nobody() external {
        draw(400 * UNIT - 999_999);
        draw(100 * UNIT);
        SegmentLoss memory loss = vault.lossOf(SEGMENT, 0);
        assertEq("junior's epoch", loss.juniorEpoch, 0);
        assertEq("junior", loss.junior, 400 * UNIT - 999_999);
        assertTrue("all of it is Carol's", senior.borneBy(SEGMENT, 0, CAROL) == loss.senior);
        assertEq("senior", loss.senior, 100 * UNIT);
    }

    /* DOORS */

    function test_FND10_only_the_share_token_says_that_shares_move() external {
        draw(UNIT);
        bytes4 error_ = ICoverageVaultEvents.CoverageVault_NotLinked.selector;
        vm.expectRevert(abi.encodeWithSelector(error_, address(this), address(junior)));
        vault.openInterval(Tranche.Junior);
        vm.prank(address(junior));
        vm.expectRevert(abi.encodeWithSelector(error_, address(junior), address(senior)));
        vault.openInterval(Tranche.Senior);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotVault.selector, address(this)));
        junior.returnDead(ALICE, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotVault.selector, address(this)));
        junior.keepHolding(ALICE, 0, 1);
    }

    /// @dev A vault that is busy can still be drawn on, and its shares can still move.
    function test_R1b_shares_move_while_the_vault_is_busy() external {
        draw(40 * UNIT);
        request(junior, BOB);
        skip(COOLDOWN);
        token.setMode(HostileToken.Mode.Reenters);
        token.setReentry(address(junior), abi.encodeCall(junior.transferFrom, (ALICE, CAROL, UNIT)));
        vm.prank(ALICE);
        junior.approve(address(token), UNIT);
        claim(junior, BOB);
        assertTrue("moved", token.reentrySucceeded() && junior.balanceOf(CAROL) == UNIT);
        assertEq("what it was", borne(ALICE, 0) + borne(BOB, 0) + borne(CAROL, 0), 40 * UNIT);
    }
}
