// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Junior 100: Alice 98, Mallory 1, Carol 1, all on their way out. Two dust requests are advanced in incidents of different size, then a
/// loss comes that takes more than Mallory's rest: she has 0.9 for what is worth 0.7, Carol 0.4.
contract AttacksByAdvancesTest is AttackVault {
    uint256 private requestedAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 98);
        deposit(junior, MALLORY, 1);
        deposit(junior, CAROL, 1);
        commit(99);
        request(junior, MALLORY);
        request(junior, CAROL);
        request(junior, ALICE);
        requestedAt = block.timestamp;
        skip(COOLDOWN);
        house.setDeficit(10 * UNIT);
        assertEq("a tenth at stake", claim(junior, MALLORY), 0.9e6);
        house.setDeficit(60 * UNIT);
        assertEq("most at stake", claim(junior, CAROL), 0.4e6);
        draw(30 * UNIT);
        house.setDeficit(0);
        fill(BOB, 100 * NATIVE);
    }

    function expectFrozen() private {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector, Tranche.Junior)
        );
    }

    function list(address a) private pure returns (address[] memory owners) {
        owners = new address[](1);
        owners[0] = a;
    }

    function list(address a, address b) private pure returns (address[] memory owners) {
        owners = new address[](2);
        (owners[0], owners[1]) = (a, b);
    }

    function depositOfBob() private returns (uint256) {
        vm.prank(BOB);
        return junior.deposit(10 * NATIVE, BOB);
    }

    /// @dev Worth of a share once Mallory's request is ended: 70 less her 0.9 for the other 99 (plus virtual ones).
    function fairOf(uint256 units) private pure returns (uint256) {
        return (units * UNIT * (69.1e18 + VIRTUAL)) / (99 * UNIT + VIRTUAL);
    }

    /// @dev In one call each, by anybody, in the block of the loss: nobody waits for Mallory or Carol.
    function test_R3_an_overdrawn_request_is_ended_and_the_rest_measured_by_anyone_at_once() external {
        expectFrozen();
        depositOfBob();
        assertEq("hers ends", junior.expireRedeemRequest(MALLORY), 0);
        expectFrozen();
        depositOfBob();
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.AdvancesMeasured(Tranche.Junior, 0.4e18);
        vm.prank(BOB);
        assertTrue("complete", vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertEq("deposit", depositOfBob(), (10 * UNIT * (99 * UNIT + VIRTUAL)) / (69.1e18 + VIRTUAL));
        assertSound();
    }

    /// @dev R3, INV-21: whoever leaves while the tranche is frozen is paid a lower bound and the rest later: order pays nobody.
    function test_R3_leaving_a_frozen_tranche_costs_nothing() external {
        uint256 start = vm.snapshotState();
        junior.expireRedeemRequest(MALLORY);
        vault.measureAdvances(Tranche.Junior, list(CAROL));
        uint256 paid = claim(junior, ALICE);
        assertEq("Alice", paid, fairOf(98) / 1e12);
        uint256 left = 69.1e18 - paid * 1e12; // With what is below a unit of the token.
        assertEq("Carol", claim(junior, CAROL), ((UNIT * (left + VIRTUAL)) / (UNIT + VIRTUAL) - 0.4e18) / 1e12);
        assertSound();

        vm.revertToState(start);
        uint256 first = claim(junior, ALICE);
        assertEq("what is liquid over all shares", first, (uint256(98 * UNIT) * 68.7e6) / (100 * UNIT));
        assertEq("shares stay", vault.exitRequestOf(Tranche.Junior, ALICE).shares, 98 * UNIT);
        junior.expireRedeemRequest(MALLORY);
        assertTrue("incomplete", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertTrue("complete", vault.measureAdvances(Tranche.Junior, list(ALICE, CAROL)));
        assertEq("Carol", claim(junior, CAROL), (fairOf(1) - 0.4e18) / 1e12);
        uint256 all = first + claim(junior, ALICE);
        // With what rounding has left of Carol's.
        assertTrue("Alice, in all", all == fairOf(98) / 1e12 || all == fairOf(98) / 1e12 + 1);
        assertEq("gone", vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0);
        assertSound();
    }

    /// @dev A request with an advance is not settled at a price that promises too much, also after its window. One without is.
    function test_R3_an_expired_request_with_an_advance_waits_for_the_price() external {
        vm.warp(requestedAt + COOLDOWN + WINDOW + 1);
        assertEq("without an advance", junior.expireRedeemRequest(ALICE), 98 * UNIT);
        vm.warp(requestedAt + COOLDOWN + WINDOW + MAX_DELAY + 1);
        expectFrozen();
        junior.expireRedeemRequest(CAROL);
        junior.expireRedeemRequest(MALLORY);
        vault.measureAdvances(Tranche.Junior, list(CAROL));
        uint256 burnt = (0.4e18 * (99 * UNIT + VIRTUAL) + 69.1e18 + VIRTUAL - 1) / (69.1e18 + VIRTUAL);
        assertEq("Carol keeps the rest", junior.expireRedeemRequest(CAROL), UNIT - burnt);
        assertSound();
    }

    /* MEASURING */

    /// @dev Everybody counts once, in any number of calls; owners without an advance do not count.
    function test_R3_advances_are_measured_in_parts() external {
        assertTrue("lower one first", uint160(MALLORY) < uint160(CAROL));
        vm.startPrank(BOB);
        assertTrue("Mallory", !vault.measureAdvances(Tranche.Junior, list(address(1), MALLORY)));
        assertTrue("Carol", vault.measureAdvances(Tranche.Junior, list(CAROL, address(type(uint160).max))));
        vm.stopPrank();
        expectFrozen(); // Because one is overdrawn, measured or not.
        depositOfBob();
        assertTrue("not by another caller", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertTrue("nobody", !vault.measureAdvances(Tranche.Junior, new address[](0)));
    }

    function test_R3_no_owner_counts_twice() external {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotAscending.selector, CAROL, CAROL));
        vault.measureAdvances(Tranche.Junior, list(CAROL, CAROL));
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotAscending.selector, CAROL, MALLORY)
        );
        vault.measureAdvances(Tranche.Junior, list(CAROL, MALLORY));
        assertTrue("Carol", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertTrue("again is anew", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertTrue("again", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
    }

    function test_R3_an_advance_that_ends_begins_the_count_anew() external {
        assertTrue("Mallory", !vault.measureAdvances(Tranche.Junior, list(MALLORY)));
        junior.expireRedeemRequest(MALLORY);
        assertTrue("Carol's is the only one", vault.measureAdvances(Tranche.Junior, list(CAROL)));
    }

    /// @dev What was shown before an advance changed says nothing about what is: the higher one would be missed.
    function test_R3_a_change_of_any_advance_begins_the_count_anew() external {
        assertTrue("Mallory", !vault.measureAdvances(Tranche.Junior, list(MALLORY)));
        junior.expireRedeemRequest(MALLORY);
        claim(junior, ALICE);
        // Two advances, Alice's and Carol's. Mallory's, counted before, would make two with Carol's.
        assertTrue("Carol alone", !vault.measureAdvances(Tranche.Junior, list(CAROL)));
        assertTrue("both", vault.measureAdvances(Tranche.Junior, list(ALICE, CAROL)));
        assertTrue("all are settled", claim(junior, ALICE) > 0);
    }
}
