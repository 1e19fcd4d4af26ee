// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {BudgetShares, CapitalLayers, IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverRequest, LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A real fund with two segments of this test's behind one vault: junior 100, 50 committed to each at most.
contract AttacksOnLayersTest is AttackVault {
    InsuranceFund private fund;
    SegmentId private first;
    SegmentId private second;
    HostileVenue private firstVenue;
    HostileVenue private secondVenue;

    function setUp() public override {
        super.setUp();
        fund = new InsuranceFund();
        useVault(address(fund), address(verifier));
        (first, firstVenue) = newSegment(address(this));
        (second, secondVenue) = newSegment(address(this));
        deposit(junior, ALICE, 60);
        deposit(junior, BOB, 41);
        vault.announceCommitment(first, uint96(50 * UNIT));
        vault.announceCommitment(second, uint96(50 * UNIT));
        skip(COOLDOWN + WINDOW + 1);
        vault.activateCommitment(first);
        vault.activateCommitment(second);
    }

    function budgets() private pure returns (BudgetShares memory) {
        return BudgetShares({major: 35_00, mid: 20_00, tail: 10_00, segment: 60_00, reward: 2_00});
    }

    /// @dev `engine` registers a venue of its own, behind which the vault stands.
    function newSegment(address engine) private returns (SegmentId segment, HostileVenue venue) {
        venue = new HostileVenue(address(token), engine, address(fund));
        vm.prank(engine);
        segment = fund.registerSegment(address(venue), budgets(), CapitalLayers(address(vault), address(0)));
    }

    function take(address engine, SegmentId segment, uint256 amount) private returns (LayerAmounts memory) {
        CoverRequest memory asked;
        asked.shortfallByClass = [amount, 0, 0];
        asked.fraction = UNIT;
        vm.prank(engine);
        return fund.cover(segment, asked).paid;
    }

    /* A SEGMENT OF THE ATTACKER'S */

    /// @dev Anyone may name the vault as the layer of his own segment: without a commitment it pays him nothing, and what it owes to another
    /// segment is not sent to his.
    function test_CVR09_a_segment_that_the_vault_knows_nothing_of_draws_and_collects_nothing() external {
        (SegmentId forged, HostileVenue venue) = newSegment(MALLORY);
        LayerAmounts memory paid = take(MALLORY, forged, 1_000 * UNIT);
        assertEq("junior", paid.junior, 0);
        assertEq("senior", paid.senior, 0);
        take(address(this), first, 30 * UNIT);
        venue.setAccount(-int256(30 * UNIT), -int256(30 * UNIT));
        fund.settle(forged);
        assertEq("sent to the forged venue", token.balanceOf(address(venue)), 0);
        assertEq("still owed to the first", vault.owedTo(first), 30 * UNIT);
        firstVenue.setAccount(-int256(30 * UNIT), 0);
        fund.settle(first);
        assertEq("which gets it", token.balanceOf(address(firstVenue)), 30 * NATIVE);
    }

    /// @dev INV-07: what one segment drew is never sent to the other's venue, whatever that claims.
    function test_INV07_two_segments_behind_one_vault_collect_their_own() external {
        take(address(this), first, 30 * UNIT);
        take(address(this), second, 20 * UNIT);
        secondVenue.setAccount(-int256(1_000 * UNIT), -int256(1_000 * UNIT));
        fund.settle(second);
        assertEq("second", token.balanceOf(address(secondVenue)), 20 * NATIVE);
        assertEq("waits for the first", vault.owedTo(first), 30 * UNIT);
        assertEq("pending", fund.segmentOf(first).pending, 30 * UNIT);
    }

    function test_FND01_one_vault_is_not_both_layers() external {
        HostileVenue venue = new HostileVenue(address(token), address(this), address(fund));
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidLayer.selector, address(vault)));
        fund.registerSegment(address(venue), budgets(), CapitalLayers(address(vault), address(vault)));
    }

    /* TWO SEGMENTS AND ONE TOTAL */

    /// @dev Alice leaves: 40 of 100 stay committed. Whoever draws first has at most that, and the other what is left: never more in all.
    function test_CVR09_segments_that_compete_draw_no_more_than_the_total() external {
        request(junior, ALICE);
        skip(COOLDOWN);
        claim(junior, ALICE);
        assertEq("committed", vault.books().committed, 40 * UNIT);
        uint256 state = vm.snapshotState();
        assertEq("first", take(address(this), first, 35 * UNIT).junior, 35 * UNIT);
        assertEq("second", take(address(this), second, 35 * UNIT).junior, 5 * UNIT);
        assertEq("nothing left", take(address(this), first, 35 * UNIT).junior, 0);
        vm.revertToState(state);
        assertEq("second", take(address(this), second, 50 * UNIT).junior, 40 * UNIT);
        assertEq("first", take(address(this), first, 50 * UNIT).junior, 0);
        assertEq("the floor", vault.books().junior, UNIT);
    }

    /// @dev New capital for the first segment gives the second its old limit back, within the new total: 90, not 140.
    function test_CVR09_a_new_commitment_does_not_add_to_a_cut_one() external {
        request(junior, ALICE);
        skip(COOLDOWN);
        claim(junior, ALICE);
        deposit(junior, CAROL, 100);
        vault.announceCommitment(first, uint96(90 * UNIT));
        skip(COOLDOWN + WINDOW + 1);
        assertEq("added to the 40", vault.activateCommitment(first), 50 * UNIT);
        assertEq("total", vault.books().committed, 90 * UNIT);
        assertEq("second", take(address(this), second, 90 * UNIT).junior, 50 * UNIT);
        assertEq("first", take(address(this), first, 90 * UNIT).junior, 40 * UNIT);
    }

    /// @dev Commitments and cover never count on the same capital: after the largest loss of cover a dust exit has nothing to cut.
    function test_CVR02_a_dust_exit_after_a_loss_cuts_no_commitment() external {
        deposit(junior, MALLORY, 100);
        SeriesId series = newSeries(10, 10);
        insure(series, CAROL, 10);
        queue(junior, MALLORY, 1);
        verifier.close(series, 10 * UNIT);
        vault.sync(series);
        skip(COOLDOWN);
        assertEq("paid", claim(junior, MALLORY), 0);
        assertEq("committed", vault.books().committed, 100 * UNIT);
        assertEq("and there", take(address(this), first, 50 * UNIT).junior, 50 * UNIT);
        assertEq("for both", take(address(this), second, 50 * UNIT).junior, 50 * UNIT);
        assertSound();
    }

    /* NOTHING STOPS A DRAW */

    /// @dev R1b, INV-04: house locked, token dead, a decision that the vault has not taken in, a dead trigger: a draw is booked.
    function test_R1b_a_draw_is_booked_whatever_else_fails() external {
        SeriesId series = newSeries(1, 10);
        verifier.open(series);
        verifier.setPreview(series, false, 0);
        house.setLocked(true);
        token.setMode(HostileToken.Mode.BurnsGas);
        assertEq("drawn", take(address(this), first, 30 * UNIT).junior, 30 * UNIT);
        (, bytes memory result) = address(fund).call(abi.encodeCall(fund.settle, (first)));
        assertEq("nothing moved", result.length, 32);
        assertEq("owed", vault.owedTo(first), 30 * UNIT);
        token.setMode(HostileToken.Mode.Honest);
        firstVenue.setAccount(-int256(30 * UNIT), 0);
        fund.settle(first);
        assertEq("later", token.balanceOf(address(firstVenue)), 30 * NATIVE);
    }
}
