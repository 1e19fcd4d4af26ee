// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {TreatyTerms} from "../../../contracts/types/Treaty.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {TreatyTest} from "./TreatyTest.sol";

/// @dev CVR-09: what a treaty pays, and how its limit is restored. 300 in excess of 100.
contract TreatyDrawsTest is TreatyTest {
    function setUp() public override {
        super.setUp();
        conclude(treatyTerms());
    }

    /* ATTACHMENT AND LIMIT */

    function test_CVR09_nothing_below_the_attachment_all_above_and_nothing_beyond_the_limit() external {
        assertEq("100 in all", lose(ATTACHMENT, 0), 0);
        assertEq("the first wei above", lose(1, 0), 1);
        assertEq("the rest", lose(500 * UNIT, 0), LIMIT - 1);
        assertEq("used up", lose(500 * UNIT, 0), 0);
        assertEq("remaining", state().remaining, 0);
        assertEq("owed", vault.owedTo(SEGMENT), LIMIT);
        assertSound();
    }

    /// @dev The layers before it bear 60 of 180: of the 120 that are left, 40 make the segment's 100 full, and 80 are the layer's.
    function test_CVR09_what_others_bear_counts_towards_the_attachment() external {
        assertEq("80", lose(180 * UNIT, 60 * UNIT), 80 * UNIT);
        assertEq("raised by what it has paid", state().attachesAt, ATTACHMENT + 80 * UNIT);
        // 180 lost, 80 of them paid here: any further loss is the layer's.
        assertEq("from now on all", lose(20 * UNIT, 5 * UNIT), 15 * UNIT);
    }

    function test_CVR09_what_is_offered_for_any_loss_is_what_no_gap_keeps_back() external {
        (uint256 fromJunior, uint256 fromSenior) = vault.available(SEGMENT);
        assertEq("a gap of 100", fromJunior + fromSenior, 0);
        (fromJunior, ) = vault.offer(SEGMENT, ATTACHMENT - 1, type(uint256).max);
        assertEq("of a wei", fromJunior, 0);
        (fromJunior, ) = vault.offer(SEGMENT, ATTACHMENT, type(uint256).max);
        assertEq("none", fromJunior, LIMIT);
        (fromJunior, ) = vault.offer(SEGMENT, 0, ATTACHMENT + 7);
        assertEq("of a loss that is known", fromJunior, 7);
    }

    function test_CVR09_without_attachment_a_treaty_is_offered_as_a_commitment() external {
        vm.warp(state().endsAt + WEEK);
        vault.endTreaty(SEGMENT);
        TreatyTerms memory plain = treatyTerms();
        plain.attachment = 0;
        conclude(plain);
        lose(17 * UNIT, 0);
        (uint256 fromJunior, ) = vault.available(SEGMENT);
        assertEq("available", fromJunior, LIMIT - 17 * UNIT);
        assertEq("never attaches", state().attachesAt, 0);
        assertEq("time of the draw", state().lastDrawnAt, block.timestamp);
    }

    function test_INV08_junior_pays_first_also_above_an_attachment() external {
        deposit(senior, BOB, 500);
        draw300();
        VaultBooks memory books = vault.books();
        assertTrue("senior whole", books.senior >= 500 * UNIT);
        (uint256 fromJunior, uint256 fromSenior) = vault.offer(SEGMENT, 1_000 * UNIT, 1);
        assertEq("nothing is left", fromJunior + fromSenior, 0);
    }

    function draw300() private {
        assertEq("drawn", lose(400 * UNIT, 0), LIMIT);
    }

    /// @dev In any order and any parts, the layer has paid what its segment has lost beyond the attachment, as far as it came to the layer.
    function test_CVR09_the_layer_follows_the_segments_loss(uint256 seed) external {
        uint256 lost;
        uint256 paid;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 whole = Fuzz.between(uint256(keccak256(abi.encode(seed, i))), 0, 120 * UNIT);
            uint256 before = Fuzz.between(uint256(keccak256(abi.encode(seed, i, "before"))), 0, whole);
            lost += whole;
            // In excess of what was paid before; never more than reaches the layer, nor than is left.
            uint256 beyond = lost > ATTACHMENT + paid ? lost - ATTACHMENT - paid : 0;
            uint256 expected = smaller(smaller(whole - before, beyond), LIMIT - paid);
            assertEq("paid", lose(whole, before), expected);
            paid += expected;
        }
        assertEq("remaining", state().remaining, LIMIT - paid);
        assertTrue("aggregate", paid <= (lost > ATTACHMENT ? lost - ATTACHMENT : 0));
        assertSound();
    }

    /// @dev INV-21, LIQ-04: an account that is taken in two parts draws what it draws at once. Each part is rounded down once, its loss up.
    function test_INV21_a_loss_in_parts_draws_the_same(uint256 whole, uint256 before, uint256 fraction) external {
        lose(Fuzz.between(whole / 3, 0, 150 * UNIT), 0);
        whole = Fuzz.between(whole, 0, 600 * UNIT);
        before = Fuzz.between(before, 0, whole);
        fraction = Fuzz.between(fraction, 1, UNIT - 1);
        uint256 id = vm.snapshotState();
        uint256 atOnce = treatyFund.lose(vault, whole, before, UNIT);
        vm.revertToState(id);
        uint256 first = treatyFund.lose(vault, whole, before, fraction);
        uint256 restBefore = before - (before * fraction) / UNIT;
        uint256 rest = whole - (whole * fraction + UNIT - 1) / UNIT;
        if (restBefore > rest) restBefore = rest;
        uint256 second = treatyFund.lose(vault, rest, restBefore, UNIT);
        Fuzz.assertBetween(first + second + 3, atOnce, atOnce + 6, "parts");
    }

    /* REINSTATEMENT */

    function test_CVR09_the_limit_is_restored_after_72_hours_to_the_second() external {
        draw300();
        uint256 from = block.timestamp + OCCURRENCE;
        vm.warp(from - 1);
        vm.expectRevert(tooEarly(from));
        vault.reinstate(SEGMENT, uint96(LIMIT), type(uint256).max);
        skip(1);
        vault.reinstate(SEGMENT, uint96(LIMIT), type(uint256).max);
        assertEq("remaining", state().remaining, LIMIT);
        assertEq("committed", vault.books().committed, LIMIT);
        assertEq("reinstatable", state().reinstatable, LIMIT);
        assertEq("pays again, above the same attachment", lose(10 * UNIT, 0), 10 * UNIT);
        assertSound();
    }

    function test_CVR09_restoring_costs_pro_rata_of_the_amount_and_all_of_the_time() external {
        draw300();
        skip(OCCURRENCE);
        uint256 expected = premiumOf(120 * UNIT, 5_00, 4 * WEEK);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector,
                expected,
                expected - 1
            )
        );
        vault.reinstate(SEGMENT, uint96(120 * UNIT), expected - 1);
        uint256 before = token.balanceOf(address(this));
        assertEq("premium", vault.reinstate(SEGMENT, uint96(120 * UNIT), expected), expected);
        assertEq("paid", before - token.balanceOf(address(this)), expected);
        // As much a week before the end.
        vm.warp(state().endsAt - 1);
        uint256 unearned = vault.books().unearned;
        assertEq("late", vault.reinstate(SEGMENT, uint96(120 * UNIT), expected), expected);
        assertTrue("earned over a week at least", vault.books().unearned >= unearned + (expected * 1e12 * 6) / 7);
        assertEq("restored", state().remaining, 240 * UNIT);
    }

    function test_CVR09_no_more_is_restored_than_was_drawn_nor_than_the_terms_allow() external {
        lose(150 * UNIT, 0);
        skip(OCCURRENCE);
        expectAmount(50 * UNIT + 1, 50 * UNIT);
        vault.reinstate(SEGMENT, uint96(50 * UNIT + 1), type(uint256).max);
        expectAmount(0, 50 * UNIT);
        vault.reinstate(SEGMENT, 0, type(uint256).max);
        vault.reinstate(SEGMENT, uint96(50 * UNIT), type(uint256).max);
        lose(LIMIT, 0);
        skip(OCCURRENCE);
        vault.reinstate(SEGMENT, uint96(LIMIT), type(uint256).max);
        lose(LIMIT, 0);
        skip(OCCURRENCE);
        // Of twice 300, 250 are left.
        expectAmount(250 * UNIT + 1, 250 * UNIT);
        vault.reinstate(SEGMENT, uint96(250 * UNIT + 1), type(uint256).max);
        deposit(junior, BOB, 1_000);
        vault.reinstate(SEGMENT, uint96(250 * UNIT), type(uint256).max);
        lose(LIMIT, 0);
        skip(OCCURRENCE);
        expectAmount(1, 0);
        vault.reinstate(SEGMENT, 1, type(uint256).max);
        assertSound();
    }

    function test_CVR02_only_free_capital_is_restored() external {
        draw300();
        queue(junior, ALICE, junior.balanceOf(ALICE));
        skip(OCCURRENCE);
        vm.expectRevert(noCapacity(1, 0));
        vault.reinstate(SEGMENT, 1, type(uint256).max);
    }

    function test_CVR09_nothing_is_restored_in_distress_nor_after_the_period() external {
        draw300();
        skip(OCCURRENCE);
        house.setDeficit(5);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InDistress.selector, 5));
        vault.reinstate(SEGMENT, 1, type(uint256).max);
        house.setDeficit(0);
        uint256 endsAt = state().endsAt;
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoTreaty.selector, SEGMENT, endsAt));
        vault.reinstate(SEGMENT, 1, type(uint256).max);
    }

    function test_CVR02_what_is_restored_is_bound() external {
        draw300();
        skip(OCCURRENCE);
        uint256 free = vault.freeCapital();
        vault.accrue();
        uint256 earned = vault.books().junior;
        vault.reinstate(SEGMENT, uint96(100 * UNIT), type(uint256).max);
        assertEq("free", vault.freeCapital(), free - 100 * UNIT + (vault.books().junior - earned));
        assertSound();
    }

    function test_FND11_what_a_treaty_owes_is_collected() external {
        draw300();
        assertEq("sent", treatyFund.collect(vault), LIMIT);
        assertEq("fund", token.balanceOf(address(treatyFund)), 300 * NATIVE);
        assertEq("attachment stays", state().attachesAt, ATTACHMENT + LIMIT);
        assertEq("time stays", state().lastDrawnAt, block.timestamp);
        assertSound();
    }
}
