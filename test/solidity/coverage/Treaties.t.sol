// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {TreatyTerms} from "../../../contracts/types/Treaty.sol";
import {vm} from "../support/Vm.sol";
import {TreatyTest} from "./TreatyTest.sol";

/// @dev CVR-09: how a treaty is announced, begun, renewed and ended.
contract TreatiesTest is TreatyTest {
    SeriesId private constant SERIES = SeriesId.wrap(1);

    /* ANNOUNCEMENT */

    function expectInvalid(SegmentId segment, TreatyTerms memory wrong) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidTreaty.selector, segment, wrong)
        );
        vault.announceTreaty(segment, wrong);
    }

    function test_CVR09_terms_have_bounds() external {
        TreatyTerms memory wrong = treatyTerms();
        expectInvalid(SegmentId.wrap(0), wrong);
        wrong.limit = 0;
        expectInvalid(SEGMENT, wrong);
        wrong = treatyTerms();
        wrong.reinstatements = 5;
        expectInvalid(SEGMENT, wrong);
        wrong = treatyTerms();
        wrong.periodWeeks = 3;
        expectInvalid(SEGMENT, wrong);
        wrong.periodWeeks = 14;
        expectInvalid(SEGMENT, wrong);
        wrong = treatyTerms();
        wrong.premiumBps = 0;
        expectInvalid(SEGMENT, wrong);
        wrong.premiumBps = 100_01;
        expectInvalid(SEGMENT, wrong);
        TreatyTerms memory widest = TreatyTerms(type(uint96).max, type(uint96).max, 4, 13, 100_00);
        vault.announceTreaty(SEGMENT, widest);
        assertEq("as announced", state().announced.attachment, type(uint96).max);
        vault.announceTreaty(SEGMENT, TreatyTerms(1, 0, 0, 4, 1));
        assertEq("the last one counts", state().announced.limit, 1);
    }

    function test_R5_announcing_is_restricted_and_waits_longer_than_cooldown_and_window() external {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, ALICE));
        vault.announceTreaty(SEGMENT, treatyTerms());
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NothingAnnounced.selector, SEGMENT));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        vault.announceTreaty(SEGMENT, treatyTerms());
        uint256 from = block.timestamp + COOLDOWN + WINDOW + 1;
        vm.warp(from - 1);
        vm.expectRevert(tooEarly(from));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        skip(1);
        vault.beginPeriod(SEGMENT, type(uint256).max);
    }

    /* BEGINNING */

    /// @dev START is a boundary of weeks, so 35 days and a second later the current week ends in 7 days less a second: 4 weeks and that.
    function test_CVR09_a_period_binds_capital_and_is_paid_for() external {
        announce(treatyTerms());
        uint256 endsAt = START + 10 * WEEK;
        uint256 expected = premiumOf(LIMIT, 5_00, endsAt - block.timestamp - OCCURRENCE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector,
                expected,
                expected - 1
            )
        );
        vault.beginPeriod(SEGMENT, expected - 1);
        uint256 before = token.balanceOf(address(this));
        assertEq("premium", vault.beginPeriod(SEGMENT, expected), expected);
        assertEq("paid", before - token.balanceOf(address(this)), expected);
        VaultBooks memory books = vault.books();
        assertEq("committed", books.committed, LIMIT);
        assertEq("free", vault.freeCapital(), 1_000 * UNIT - LIMIT - UNIT + (books.junior - 1_000 * UNIT));
        uint256 term = endsAt - block.timestamp;
        assertEq("unearned", books.unearned, ((expected * 1e12) / term) * term);
        assertEq("startsAt", state().startsAt, block.timestamp + OCCURRENCE);
        assertEq("endsAt", state().endsAt, endsAt);
        assertEq("limit", state().limit, LIMIT);
        assertEq("reinstatable", state().reinstatable, 2 * LIMIT);
        assertEq("attaches", state().attachesAt, ATTACHMENT);
        vm.warp(endsAt);
        assertEq("earned", vault.books().junior, 1_000 * UNIT + expected * 1e12);
        assertSound();
    }

    /// @dev On the boundary itself no week has begun: 4 weeks to the second.
    function test_CVR09_periods_end_with_a_week() external {
        announce(treatyTerms());
        vm.warp(START + 6 * WEEK);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("four weeks", state().endsAt, START + 10 * WEEK);
    }

    function test_CVR09_the_first_period_pays_after_72_hours_to_the_second() external {
        announce(treatyTerms());
        vault.beginPeriod(SEGMENT, type(uint256).max);
        skip(OCCURRENCE - 1);
        assertEq("before", lose(400 * UNIT, 0), 0);
        skip(1);
        // What was lost while it waited counts towards the attachment.
        assertEq("from then on", lose(10 * UNIT, 0), 10 * UNIT);
    }

    function test_CVR09_a_period_ends_to_the_second_and_pays_nothing_after() external {
        conclude(treatyTerms());
        uint256 endsAt = state().endsAt;
        vm.expectRevert(tooEarly(endsAt));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        vm.warp(endsAt - 1);
        assertEq("the last second", lose(110 * UNIT, 0), 10 * UNIT);
        vm.expectRevert(tooEarly(endsAt));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        skip(1);
        assertEq("over", lose(110 * UNIT, 0), 0);
        assertEq("still bound", vault.books().committed, 290 * UNIT);
        assertSound();
    }

    function test_CVR09_a_period_counts_its_own_losses_and_restores_limit_and_reinstatements() external {
        conclude(treatyTerms());
        assertEq("150 in excess of 100", lose(250 * UNIT, 0), 150 * UNIT);
        skip(OCCURRENCE);
        vault.reinstate(SEGMENT, uint96(50 * UNIT), type(uint256).max);
        vm.warp(state().endsAt);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("attaches above what was lost before", state().attachesAt, 350 * UNIT);
        assertEq("limit", state().remaining, LIMIT);
        assertEq("reinstatable", state().reinstatable, 2 * LIMIT);
        assertEq("at once", state().startsAt, block.timestamp);
        assertEq("below", lose(100 * UNIT, 0), 0);
        assertEq("above", lose(1, 0), 1);
        assertSound();
    }

    function test_CVR09_within_a_day_of_the_end_it_goes_on_at_once_and_later_it_waits() external {
        conclude(treatyTerms());
        uint256 endsAt = state().endsAt;
        vm.warp(endsAt + 1 days - 1);
        uint256 id = vm.snapshotState();
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("at once", state().startsAt, block.timestamp);
        vm.revertToState(id);
        skip(1);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("waits", state().startsAt, block.timestamp + OCCURRENCE);
    }

    function test_CVR09_a_commitment_goes_on_as_a_treaty_without_a_gap() external {
        commit(200);
        announce(treatyTerms());
        vault.announceCommitment(SEGMENT, uint96(250 * UNIT));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("at once", state().startsAt, block.timestamp);
        assertEq("in its place", vault.books().committed, LIMIT);
        (uint256 remaining, uint256 announced, ) = vault.commitmentOf(SEGMENT);
        assertEq("remaining", remaining, LIMIT);
        assertEq("nothing else to come", announced, 0);
        uint256 endsAt = state().endsAt;
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TreatyInForce.selector, SEGMENT, endsAt)
        );
        vault.announceCommitment(SEGMENT, 1);
    }

    function test_R5_new_terms_change_no_period_that_has_begun() external {
        conclude(treatyTerms());
        TreatyTerms memory other = treatyTerms();
        (other.limit, other.attachment, other.premiumBps) = (uint96(200 * UNIT), 0, 10_00);
        vault.announceTreaty(SEGMENT, other);
        vm.warp(state().endsAt);
        // 28 + 7 days are not over: the old terms once more.
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("old", state().terms.limit, LIMIT);
        assertEq("waiting", state().announced.limit, 200 * UNIT);
        vm.warp(state().endsAt);
        uint256 expected = premiumOf(200 * UNIT, 10_00, 4 * WEEK);
        assertEq("at the new rate", vault.beginPeriod(SEGMENT, type(uint256).max), expected);
        assertEq("new", state().limit, 200 * UNIT);
        assertEq("no attachment", state().attachesAt, 0);
        assertEq("taken", state().announced.limit, 0);
        assertEq("released", vault.books().committed, 200 * UNIT);
    }

    /* CAPACITY */

    function test_CVR02_a_period_needs_half_of_its_limit_to_the_wei() external {
        TreatyTerms memory large = treatyTerms();
        // Free are 999.
        large.limit = uint96(1_998 * UNIT + 1);
        announce(large);
        vm.expectRevert(noCapacity(999 * UNIT + 1, 999 * UNIT));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        large.limit = uint96(1_998 * UNIT);
        announce(large);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("what there is", state().limit, 999 * UNIT);
        assertEq("reinstatable", state().reinstatable, 2 * 999 * UNIT);
    }

    /// @dev What stood until now is free for the new period, but not the capital that has asked to leave meanwhile.
    function test_CVR02_a_renewal_binds_staying_capital_only() external {
        TreatyTerms memory large = treatyTerms();
        large.limit = uint96(900 * UNIT);
        conclude(large);
        uint256 third = junior.balanceOf(ALICE) / 3;
        queue(junior, ALICE, third);
        vm.warp(state().endsAt);
        vault.accrue();
        uint256 value = vault.books().junior;
        uint256 staying = (value * (junior.totalSupply() - third)) / junior.totalSupply();
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("limit", state().limit, staying - UNIT);
        assertEq("committed", vault.books().committed, staying - UNIT);
        // But for premium below a wei a second, which is earned at once.
        assertTrue("nothing else is free", vault.freeCapital() < 4 * WEEK);
    }

    function test_CVR02_exits_cut_a_treaty_as_any_commitment() external {
        TreatyTerms memory large = treatyTerms();
        (large.limit, large.periodWeeks) = (uint96(900 * UNIT), 13);
        conclude(large);
        queue(junior, ALICE, junior.balanceOf(ALICE) / 2);
        skip(COOLDOWN);
        claim(junior, ALICE);
        uint256 left = vault.books().committed;
        assertTrue("cut", left < 510 * UNIT);
        assertEq("remaining", state().remaining, left);
        assertEq("pays what is left", lose(2_000 * UNIT, 0), left);
        assertSound();
    }

    function test_CVR09_nothing_begins_while_the_house_measures_a_deficit() external {
        announce(treatyTerms());
        house.setDeficit(1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InDistress.selector, 1));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        house.setDeficit(0);
        house.setLocked(true);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        house.setLocked(false);
        verifier.open(SERIES);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 0, 1));
        vault.beginPeriod(SEGMENT, type(uint256).max);
    }

    /* THE END */

    function test_CVR09_a_treaty_that_nobody_renews_ends_after_a_week() external {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoTreaty.selector, SEGMENT, 0));
        vault.endTreaty(SEGMENT);
        conclude(treatyTerms());
        lose(130 * UNIT, 0);
        uint256 from = state().endsAt + WEEK;
        vm.warp(from - 1);
        vm.expectRevert(tooEarly(from));
        vault.endTreaty(SEGMENT);
        skip(1);
        assertEq("released", vault.endTreaty(SEGMENT), 270 * UNIT);
        assertEq("committed", vault.books().committed, 0);
        assertEq("endsAt", state().endsAt, 0);
        assertEq("limit", state().limit, 0);
        assertEq("reinstatable", state().reinstatable, 0);
        assertEq("attachesAt", state().attachesAt, 0);
        assertEq("terms", state().terms.limit, 0);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NothingAnnounced.selector, SEGMENT));
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("owed as before", vault.owedTo(SEGMENT), 30 * UNIT);
        commit(100);
        (uint256 remaining, , ) = vault.commitmentOf(SEGMENT);
        assertEq("a commitment again", remaining, 100 * UNIT);
        assertSound();
    }
}
