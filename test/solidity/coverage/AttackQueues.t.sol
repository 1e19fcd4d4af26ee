// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev What one who leaves can do to others who leave. Two of these attacks work within the bounds that the tests show.
contract AttacksBetweenExitsTest is AttackVault {
    /* CAPACITY */

    /// @dev Alice asks to leave with 40 of 100. Then cover of 59 is sold against Mallory's 60, and Mallory asks to leave as well.
    function sellAndQueue() private returns (SeriesId series, uint256 requestedAt) {
        deposit(junior, ALICE, 40);
        deposit(junior, MALLORY, 60);
        ProductId product = list(terms());
        skip(1 days);
        request(junior, ALICE);
        requestedAt = block.timestamp;
        skip(6 days);
        series = openSeries(product, 1, 12);
        (PurchaseId purchase, ) = buyFor(series, CAROL, 59);
        request(junior, MALLORY);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
    }

    /// @dev Who claims when his window opens is paid whole: nobody who asked later can have been before him.
    function test_INV19_cover_sold_after_a_request_does_not_hold_it_when_its_window_opens() external {
        (, uint256 requestedAt) = sellAndQueue();
        vm.warp(requestedAt + COOLDOWN);
        uint256 whole = (40 * UNIT * (vault.books().junior + VIRTUAL)) / (100 * UNIT + VIRTUAL);
        assertEq("paid", claim(junior, ALICE), whole / 1e12);
        assertEq("gone", vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0);
        assertSound();
    }

    /// @dev A limit of INV-19. When Alice waits for the last day of her window, Mallory is first, though she asked later, and takes what cover
    /// leaves free. Alice then waits for the end of cover that was sold after her request: six days more than cooldown and longest delay.
    /// She loses nothing by it.
    function test_INV19_who_claims_late_may_wait_for_cover_that_was_sold_after_his_request() external {
        (SeriesId series, uint256 requestedAt) = sellAndQueue();
        vm.warp(requestedAt + COOLDOWN + WINDOW - 1 days);
        uint256 free = vault.books().junior - 60 * UNIT;
        assertEq("Mallory is first", claim(junior, MALLORY), free / 1e12);
        assertEq("nothing for Alice", claim(junior, ALICE), 0);
        assertTrue("but a longer window", vault.exitRequestOf(Tranche.Junior, ALICE).isWithheld);

        vm.warp(requestedAt + COOLDOWN + MAX_DELAY);
        vault.accrue();
        uint256 whole = (40 * UNIT * (vault.books().junior + VIRTUAL)) / (junior.totalSupply() + VIRTUAL);
        free = vault.books().junior - 60 * UNIT;
        assertEq("what premium has freed", claim(junior, ALICE), free / 1e12);
        uint256 endsAt = vault.seriesOf(series).endsAt;
        assertEq("six days later", endsAt + 7 days, requestedAt + COOLDOWN + MAX_DELAY + 6 days);
        vm.warp(endsAt + 7 days + 1);
        vault.release(series);
        assertTrue("the rest of it", claim(junior, ALICE) >= (whole - free) / 1e12);
        assertEq("gone", vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0);
        assertSound();
    }

    /* FREEZING A TRANCHE */

    /// @dev Mallory has two dust requests, advanced in incidents of different size. After a loss the higher advance can be ended by anyone,
    /// and the lower one, which is not overdrawn, by her alone: until its window closes the tranche takes no deposits. Exits are paid.
    function test_R3_a_dust_advance_keeps_a_tranche_frozen_until_its_window_closes() external {
        deposit(junior, ALICE, 98);
        deposit(junior, MALLORY, 1);
        deposit(junior, CAROL, 1);
        commit(99);
        request(junior, MALLORY);
        request(junior, CAROL);
        request(junior, ALICE);
        uint256 requestedAt = block.timestamp;
        skip(COOLDOWN);
        house.setDeficit(10 * UNIT);
        assertEq("a tenth at stake", claim(junior, MALLORY), 0.9e6);
        house.setDeficit(60 * UNIT);
        assertEq("most at stake", claim(junior, CAROL), 0.4e6);
        draw(30 * UNIT);
        house.setDeficit(0);

        fill(BOB, 10 * NATIVE);
        assertEq("hers ends", junior.expireRedeemRequest(MALLORY), 0);
        expectOutsideWindow(requestedAt + COOLDOWN, requestedAt + COOLDOWN + WINDOW + MAX_DELAY);
        junior.expireRedeemRequest(CAROL);
        expectFrozen();
        junior.deposit(10 * NATIVE, BOB);
        // Exits are paid 98 / 99 of what is liquid, 70 - 0.9 - 0.4. What they are not paid of the 0.4 falls to the one who has it: 1.09 for a
        // share that is worth 0.70. Whoever will not have that names the least that he takes, and waits.
        uint256 state = vm.snapshotState();
        uint256 paid = (uint256(98 * UNIT) * 68.7e6) / (99 * UNIT);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_AssetsBelowMinimum.selector, paid, paid + 1));
        junior.claimExit(ALICE, paid + 1);
        assertEq("exits go on", claim(junior, ALICE), paid);
        assertEq("the rest, but for rounding", claim(junior, CAROL), 69.1e6 - paid - 0.4e6 - 1);
        vm.revertToState(state);

        vm.warp(requestedAt + COOLDOWN + WINDOW + MAX_DELAY);
        expectFrozen();
        junior.deposit(10 * NATIVE, BOB);
        skip(1);
        junior.expireRedeemRequest(CAROL);
        vm.prank(BOB);
        junior.deposit(10 * NATIVE, BOB);
        assertSound();
    }

    function expectFrozen() private {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TrancheFrozen.selector, Tranche.Junior)
        );
        vm.prank(BOB);
    }
}
