// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev What one who leaves can do to others who leave: take the capacity that cover leaves free.
contract AttacksBetweenExitsTest is AttackVault {
    uint256 private requestedAt;
    SeriesId private series;

    /// @dev Alice asks to leave with 40 of 100. Then cover of 59 is sold against Mallory's 60, and Mallory asks to leave as well.
    /// @param into the week of Alice's request that it is made
    /// @param later that the cover is sold, and that Mallory asks
    function sellAndQueue(uint256 into, uint256 later) private {
        deposit(junior, ALICE, 40);
        deposit(junior, MALLORY, 60);
        ProductId product = list(terms());
        skip(into);
        request(junior, ALICE);
        requestedAt = block.timestamp;
        skip(later);
        series = openSeries(product, 1, 10);
        (PurchaseId purchase, ) = buyFor(series, CAROL, 59);
        request(junior, MALLORY);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
    }

    function wholeOf(uint256 units) private view returns (uint256) {
        return (units * UNIT * (vault.books().junior + VIRTUAL)) / (junior.totalSupply() + VIRTUAL) / 1e12;
    }

    function assertGone(address who) private view {
        assertEq("gone", vault.exitRequestOf(Tranche.Junior, who).shares, 0);
    }

    /// @dev Who claims when his window opens is paid whole: nobody who asked later can have been before him.
    function test_INV19_cover_sold_after_a_request_does_not_hold_it_when_its_window_opens() external {
        sellAndQueue(1 days, 6 days);
        vm.warp(requestedAt + COOLDOWN);
        uint256 whole = wholeOf(40);
        assertEq("paid", claim(junior, ALICE), whole);
        assertGone(ALICE);
        assertSound();
    }

    /// @dev Alice waits for the last day of her window, and Mallory, who asked in a later week, is first. He is paid what cover and Alice's
    /// claim leave, which is premium; she is paid whole.
    function test_INV19_a_later_request_leaves_what_an_older_one_claims() external {
        sellAndQueue(1 days, 6 days);
        vm.warp(requestedAt + COOLDOWN + WINDOW - 1 days);
        vault.accrue();
        uint256 whole = wholeOf(40);
        uint256 free = vault.books().junior - 60 * UNIT;
        uint256 claimed = (40 * UNIT * (vault.books().junior + VIRTUAL)) / (100 * UNIT + VIRTUAL);
        assertEq("Mallory is first", claim(junior, MALLORY), (free - claimed) / 1e12);
        assertTrue("Alice is whole", wholeOf(40) >= whole);
        assertEq("paid", claim(junior, ALICE), whole);
        assertGone(ALICE);
        assertSound();

        // Cover that was sold before Mallory asked holds him to the end of the reports on it, which is before his longest delay is over.
        uint256 freeFrom = vault.seriesOf(series).endsAt + 7 days + 1;
        assertTrue("in time", freeFrom <= requestedAt + 6 days + COOLDOWN + MAX_DELAY);
        vm.warp(freeFrom);
        vault.release(series);
        claim(junior, MALLORY);
        assertGone(MALLORY);
        assertSound();
    }

    /// @dev Within a week those who leave take what is free as they come. What was sold in that week is free again before the longest delay of
    /// its first request is over: ten weeks, a week for reports, two for a decision.
    function test_INV19_requests_of_one_week_wait_for_its_cover_at_most_the_longest_delay() external {
        sellAndQueue(0, 2 days);
        vm.warp(requestedAt + COOLDOWN + WINDOW - 1 days);
        vault.accrue();
        uint256 free = vault.books().junior - 60 * UNIT;
        assertEq("Mallory is first", claim(junior, MALLORY), free / 1e12);
        assertEq("nothing for Alice", claim(junior, ALICE), 0);
        assertTrue("but a longer window", vault.exitRequestOf(Tranche.Junior, ALICE).isWithheld);

        uint256 decidedBy = vault.seriesOf(series).endsAt + 7 days + 14 days;
        assertEq("ten weeks after the week began", decidedBy, requestedAt + COOLDOWN + MAX_DELAY);
        vm.warp(decidedBy);
        vault.release(series);
        uint256 whole = (40 * UNIT * (vault.books().junior + VIRTUAL)) / (junior.totalSupply() + VIRTUAL);
        assertEq("the whole of it", claim(junior, ALICE), whole / 1e12);
        assertGone(ALICE);
        assertSound();
    }

    /// @dev Alice asks to leave senior with her 40, then cover of 59 is sold and Mallory asks to leave junior.
    /// @param staying in senior beside Alice
    function claimAfterSenior(uint256 staying) private {
        deposit(junior, MALLORY, 60);
        deposit(senior, ALICE, 40);
        if (staying != 0) deposit(senior, BOB, staying);
        ProductId product = list(terms());
        request(senior, ALICE);
        uint256 asked = block.timestamp;
        skip(7 days);
        series = openSeries(product, 1, 10);
        (PurchaseId purchase, ) = buyFor(series, CAROL, 59);
        request(junior, MALLORY);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
        vm.warp(asked + COOLDOWN + WINDOW);
        vault.accrue();
        uint256 value = vault.books().senior;
        uint256 hers = (40 * UNIT * (value + VIRTUAL)) / ((40 + staying) * UNIT + VIRTUAL);
        if (hers > value) hers = value;
        uint256 free = vault.books().junior + value - 60 * UNIT;
        assertEq("Mallory", claim(junior, MALLORY), (free - hers) / 1e12);
        assertEq("Alice", claim(senior, ALICE), hers / 1e12);
        assertEq("gone", vault.exitRequestOf(Tranche.Senior, ALICE).shares, 0);
        assertSound();
    }

    /// @dev Senior's older request binds junior's exit as well: cover binds both.
    function test_INV19_older_requests_of_the_other_tranche_come_first() external {
        claimAfterSenior(0);
    }

    /// @dev Of the other tranche only what is queued there binds, by its own number of shares, not all that it holds.
    function test_INV19_an_older_request_for_half_of_the_other_tranche_leaves_the_other_half() external {
        claimAfterSenior(40);
    }

    /// @dev A request that is never claimed holds a younger one only until its window has closed: then anyone ends it.
    function test_R4_an_older_request_that_nobody_claims_ends_with_its_window() external {
        deposit(junior, MALLORY, 40);
        deposit(junior, ALICE, 40);
        deposit(junior, BOB, 40);
        ProductId product = list(terms());
        request(junior, MALLORY);
        uint256 asked = block.timestamp;
        skip(7 days);
        request(junior, ALICE);
        skip(7 days);
        series = openSeries(product, 1, 10);
        (PurchaseId purchase, ) = buyFor(series, CAROL, 39);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
        queue(junior, BOB, 20 * UNIT);
        uint256 bobAsked = block.timestamp;
        vm.warp(asked + COOLDOWN + WINDOW);
        assertTrue("Alice is not held by Bob", claim(junior, ALICE) >= 40 * NATIVE);
        assertGone(ALICE);
        skip(1);
        assertEq("ended by anyone", junior.expireRedeemRequest(MALLORY), 40 * UNIT);
        // What Mallory keeps in the tranche now frees Bob, whom cover and Mallory's claim would have held.
        vm.warp(bobAsked + COOLDOWN);
        assertTrue("Bob", claim(junior, BOB) >= 20 * NATIVE);
        assertGone(BOB);
        assertSound();
    }

    /// @dev Asking again moves all shares to the end of the queue, and taking the request back takes them out of it.
    function test_CVR06_whoever_asks_again_is_younger_and_whoever_stays_binds_nobody() external {
        sellAndQueue(1 days, 6 days);
        vm.warp(requestedAt + 8 days);
        vm.prank(ALICE);
        junior.cancelRedeemRequest();
        skip(7 days);
        queue(junior, ALICE, 15 * UNIT);
        skip(7 days);
        queue(junior, ALICE, 25 * UNIT);
        vm.warp(requestedAt + COOLDOWN + WINDOW - 1 days);
        vault.accrue();
        uint256 free = vault.books().junior - 60 * UNIT;
        assertEq("Mallory is older now", claim(junior, MALLORY), free / 1e12);
        assertSound();
    }

    /// @dev She asks for more without taking anything back: the week in which she asked first counts nothing of hers any more.
    function test_CVR06_whoever_asks_for_more_is_younger_with_all_of_it() external {
        sellAndQueue(1 days, 6 days);
        deposit(junior, ALICE, 10);
        vm.warp(requestedAt + 15 days);
        queue(junior, ALICE, 9 * UNIT);
        vm.warp(requestedAt + COOLDOWN + WINDOW - 1 days);
        vault.accrue();
        uint256 free = vault.books().junior - 60 * UNIT;
        assertEq("Mallory is older now", claim(junior, MALLORY), free / 1e12);
        assertSound();
    }
}
