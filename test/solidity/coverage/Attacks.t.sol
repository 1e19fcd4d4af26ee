// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Attacks on the price of shares: inflation, donation, tranches of which a loss has left nothing or next to nothing, and
/// deposits timed around a loss.
contract AttacksOnSharesTest is AttackVault {
    /* INFLATION AND DONATION */

    function test_CVR01_inflating_junior_costs_a_million_times_what_the_victim_loses() external {
        inflate(junior);
    }

    function test_CVR01_inflating_senior_costs_a_million_times_what_the_victim_loses() external {
        inflate(senior);
    }

    /// @dev The attacker has the least that the token can express, then has 1,000,000 units of premium earned for it.
    function inflate(TrancheShare share) private {
        depositNative(share, MALLORY, 1);
        fill(MALLORY, 1_000_000 * NATIVE);
        vm.prank(MALLORY);
        vault.payPremium(1_000_000 * NATIVE, uint32(START / WEEK + 1));
        skip(1 weeks);
        uint256 value = 1_000_000 * UNIT + 1e12;
        uint256 shares = deposit(share, BOB, 1_000);
        assertEq("victim's shares", shares, (1_000 * UNIT * (1e12 + VIRTUAL)) / (value + VIRTUAL));

        uint256 supply = 1e12 + shares + VIRTUAL;
        uint256 total = value + 1_000 * UNIT;
        uint256 victim = 1_000 * UNIT - (shares * (total + VIRTUAL)) / supply;
        uint256 attacker = value - (1e12 * (total + VIRTUAL)) / supply;
        assertTrue("at most a share", victim <= (value + VIRTUAL) / (1e12 + VIRTUAL) + 1);
        assertTrue("a million times", attacker >= victim * 999_000);
    }

    /// @dev Tokens sent to the vault before anyone is in, between, and into a tranche that is used up: nobody's.
    function test_CVR01_donations_reach_neither_tranche_in_any_state() external {
        token.mint(address(vault), 500 * NATIVE);
        assertEq("first", deposit(senior, BOB, 200), 200 * UNIT);
        assertEq("first", deposit(junior, ALICE, 100), 100 * UNIT);
        commit(250);
        draw(100 * UNIT);
        token.mint(address(vault), 500 * NATIVE);
        assertEq("junior", vault.books().junior, 0);
        assertEq("one for one again", deposit(junior, CAROL, 7), 7 * UNIT);
        assertEq("senior", senior.convertToAssets(200 * UNIT), 200 * NATIVE);
        assertEq("old shares", junior.convertToAssets(junior.balanceOf(ALICE)), 0);
        draw(1_000 * UNIT);
        // 150 were still committed: 7 of junior, 143 of senior. What was given cannot be drawn either.
        assertEq("left", vault.books().junior + vault.books().senior, 57 * UNIT);
    }

    /// @dev Premium can be sent to a tranche on purpose. In one that is used up there is nobody, so that the other earns all.
    function test_CVR04_premium_cannot_be_parked_in_a_used_up_tranche() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 200);
        commit(250);
        draw(100 * UNIT);
        vm.warp(block.timestamp + WEEK - (block.timestamp % WEEK));
        fill(MALLORY, 70 * NATIVE);
        vm.prank(MALLORY);
        vault.payPremium(70 * NATIVE, uint32(block.timestamp / WEEK + 1));
        skip(1 weeks);
        assertEq("junior", vault.books().junior, 0);
        assertEq("senior", vault.books().senior, 270 * UNIT);
        assertEq("later junior earns nothing of it", deposit(junior, MALLORY, 5), 5 * UNIT);
        assertEq("worth", junior.convertToAssets(5 * UNIT), 5 * NATIVE);
    }

    /* TRANCHES OF WHICH NEXT TO NOTHING IS LEFT */

    /// @dev A loss that leaves one wei less than dust ends the epoch, whoever chose its size.
    function test_CVR05_a_loss_that_leaves_one_wei_ends_the_epoch_of_either_tranche() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 200);
        commit(299);
        draw(100 * UNIT - 1);
        assertEq("junior's epoch", vault.epochOf(Tranche.Junior), 1);
        assertEq("its wei is senior's", vault.books().senior, 200 * UNIT + 1);
        assertEq("shares", junior.totalSupply(), 0);
        // The floor is never drawn, so that a draw cannot use senior up.
        draw(1_000 * UNIT);
        assertEq("senior", vault.books().senior, UNIT);
        assertEq("senior's epoch", vault.epochOf(Tranche.Senior), 0);
        assertEq("senior's shares", senior.totalSupply(), 200 * UNIT);
    }

    /// @dev A million units of shares over the least that a loss can leave. The tranche must stay open for new capital, which must not
    /// lose to the old shares, nor they to it.
    function test_CVR01_a_loss_that_leaves_next_to_nothing_does_not_close_junior() external {
        refillAfter(1e6, 1);
        assertEq("once at each deposit", vault.epochOf(Tranche.Junior), 3);
        assertEq("all the newcomer's", junior.balanceOf(CAROL), junior.totalSupply());
    }

    function test_CVR01_a_loss_that_leaves_a_millionth_does_not_close_junior() external {
        refillAfter(1e12, 1);
    }

    function test_CVR01_a_loss_that_leaves_a_thousandth_does_not_close_junior() external {
        refillAfter(1e15, 0);
    }

    /// @dev Only dust is ever given up with its shares: here a unit of value stands for more than 1e9 shares, and is worth something.
    function test_CVR01_shares_that_are_worth_something_outlive_a_spent_price() external {
        deposit(junior, ALICE, 1_000);
        deposit(senior, BOB, 5_000_000);
        commit(4_500_000);
        draw(1_000 * UNIT - 1.5e12);
        deposit(junior, CAROL, 400);
        draw(160 * UNIT);
        assertTrue("the price is spent", vault.books().junior < junior.totalSupply() / 1e9);
        uint256 shares = junior.balanceOf(CAROL);
        deposit(junior, BOB, 240);
        assertEq("no new epoch", vault.epochOf(Tranche.Junior), 0);
        assertEq("Carol's shares", junior.balanceOf(CAROL), shares);
        uint256 worth = junior.convertToAssets(shares);
        assertTrue("Carol's 240", worth + 1 >= 240 * NATIVE - 1 && worth <= 240 * NATIVE);
    }

    /// @dev ... and what cannot be counted is refused with what can.
    function test_CVR01_a_deposit_of_more_shares_than_a_number_holds_is_refused() external {
        deposit(junior, ALICE, 1_000_000);
        deposit(senior, BOB, 5_000_000);
        commit(4_500_000);
        draw(1_000_000 * UNIT - 1e16);
        deposit(junior, CAROL, 1_000_000);
        draw(vault.books().junior - 1e16);
        uint256 supply = junior.totalSupply();
        uint256 asked = (UNIT * 1_000_000 * (supply + VIRTUAL)) / (1e16 + VIRTUAL);
        fill(CAROL, 1_000_000 * NATIVE);
        expectAmount(asked, type(uint128).max - supply);
        vm.prank(CAROL);
        junior.deposit(1_000_000 * NATIVE, CAROL);
        deposit(junior, CAROL, 1);
    }

    /// @dev Who has asked to leave a tranche of which nothing is left has asked for nothing.
    function test_CVR06_a_request_dies_with_the_shares_of_a_spent_tranche() external {
        deposit(junior, ALICE, 1_000_000);
        deposit(senior, BOB, 2_000_000);
        commit(1_500_000);
        request(junior, ALICE);
        draw(1_000_000 * UNIT - 1e6);
        assertEq("still queued", vault.queuedOf(Tranche.Junior), 1_000_000 * UNIT);
        deposit(junior, CAROL, 10);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        skip(COOLDOWN);
        expectNoRequest(ALICE);
        vm.prank(ALICE);
        junior.claimExit(ALICE);
        vm.prank(ALICE);
        assertEq("nothing to take back", junior.cancelRedeemRequest(), 0);
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        assertEq("Carol's", junior.totalAssets(), 10 * NATIVE);
        assertEq("worth", junior.convertToAssets(junior.balanceOf(CAROL)), 10 * NATIVE);
    }

    function refillAfter(uint256 rest, uint256 epoch) private {
        deposit(junior, ALICE, 1_000_000);
        deposit(senior, BOB, 5_000_000);
        commit(4_500_000);
        draw(1_000_000 * UNIT - rest);
        uint256 preview = junior.previewDeposit(1_000_000 * NATIVE);
        uint256 shares = deposit(junior, CAROL, 1_000_000);
        assertEq("preview", shares, preview);
        assertEq("epoch", vault.epochOf(Tranche.Junior), epoch);
        assertEq("old shares", junior.balanceOf(ALICE), epoch == 0 ? 1_000_000 * UNIT : 0);
        uint256 worth = junior.convertToAssets(shares);
        assertTrue("newcomer", worth + 1 >= 1_000_000 * NATIVE && worth <= 1_000_000 * NATIVE);
        assertTrue("old shares", junior.convertToAssets(junior.balanceOf(ALICE)) <= rest / 1e12);

        // And again, and once more.
        for (uint256 i = 0; i < 2; ++i) {
            draw(vault.books().junior - rest);
            assertEq("left", vault.books().junior, rest);
            assertEq("preview", junior.previewDeposit(NATIVE), deposit(junior, CAROL, 1));
            deposit(junior, CAROL, 999_999);
        }
        assertTrue("fits", junior.totalSupply() <= type(uint128).max);
        assertSound();
    }

    /* DEPOSITS AROUND A LOSS */

    /// @dev Nobody is spared by entering in the block of a loss before it, nor charged by entering after it.
    function test_CVR05_deposit_in_the_block_of_a_draw() external {
        deposit(junior, ALICE, 100);
        commit(90);
        uint256 state = vm.snapshotState();

        uint256 shares = deposit(junior, MALLORY, 100);
        draw(60 * UNIT);
        assertEq("before it: half of 60", junior.convertToAssets(shares), 70 * NATIVE);
        assertEq("and so has Alice", junior.convertToAssets(junior.balanceOf(ALICE)), 70 * NATIVE);

        vm.revertToState(state);
        draw(60 * UNIT);
        shares = deposit(junior, MALLORY, 100);
        assertEq("after it: none", junior.convertToAssets(shares), 100 * NATIVE - 1);
        assertEq("shares", shares, (100 * UNIT * (100 * UNIT + VIRTUAL)) / (40 * UNIT + VIRTUAL));
        assertEq("Alice alone", junior.convertToAssets(junior.balanceOf(ALICE)), 40 * NATIVE);
    }

    /// @dev In the hour after a charge the payout is not in the books yet: who comes in bears it, and who was in cannot leave meanwhile.
    function test_R4_deposit_within_the_hour_of_a_charge_gains_nothing_from_the_payout() external {
        deposit(junior, ALICE, 100);
        SeriesId series = newSeries(5, 8);
        insure(series, CAROL, 10);
        house.setChargedAt(5, block.timestamp);
        uint256 price = vault.books().junior;
        uint256 shares = deposit(junior, MALLORY, 100);
        skip(30 minutes);
        verifier.open(series);
        verifier.close(series, 5 * UNIT);
        VaultBooks memory before = vault.books();
        vault.sync(series);
        assertEq("50 lost", vault.books().junior, before.junior - 50 * UNIT);
        uint256 value = vault.books().junior;
        uint256 supply = 100 * UNIT + shares + VIRTUAL;
        assertEq("shares", shares, (100 * UNIT * (100 * UNIT + VIRTUAL)) / (price + VIRTUAL));
        assertEq("Mallory", junior.convertToAssets(shares), ((shares * (value + VIRTUAL)) / supply) / 1e12);
        assertTrue("bears about half", junior.convertToAssets(shares) < 76 * NATIVE);
        assertSound();
    }

    /// @dev Entering in the second before a payment of premium is earned, and leaving as soon as possible: 28 days of standing for it.
    function test_INV11_nothing_is_earned_by_standing_for_no_time() external {
        deposit(senior, ALICE, 100);
        fill(CAROL, 604_800);
        vm.prank(CAROL);
        vault.payPremium(604_800, uint32(START / WEEK + 1));
        skip(1 weeks - 1);
        uint256 value = vault.books().senior;
        uint256 shares = deposit(senior, MALLORY, 1_000_000);
        queue(senior, MALLORY, shares);
        assertEq("shares", shares, (1_000_000 * UNIT * (100 * UNIT + VIRTUAL)) / (value + VIRTUAL));
        skip(COOLDOWN);
        // 1e12 wei for the last second, of which Mallory's million earns all but a hundred-millionth.
        assertEq("a second's premium", claim(senior, MALLORY), 1_000_000 * NATIVE);
    }

    /* BOUNDS */

    /// @dev The ledger holds 2^96 - 1 wei, whoever fills it. What does not fit is refused with what would.
    function test_CVR01_the_largest_deposit_fits_and_no_more() external {
        uint256 room = type(uint96).max / 1e12;
        fill(ALICE, room + 1);
        vm.startPrank(ALICE);
        expectAmount(room + 1, room);
        junior.deposit(room + 1, ALICE);
        assertEq("shares", junior.deposit(room, ALICE), room * 1e12);
        expectAmount(1, 0);
        senior.deposit(1, ALICE);
        expectAmount(1, 0);
        vault.payPremium(1, uint32(START / WEEK + 1));
        vm.stopPrank();
        assertEq("max", junior.maxDeposit(ALICE), 0);

        // Full as it is, it can be drawn on and left.
        commit(type(uint96).max / UNIT - 1);
        (uint256 drawn, ) = draw(type(uint256).max);
        assertEq("drawn", drawn, (type(uint96).max / UNIT - 1) * UNIT);
        request(junior, ALICE);
        skip(COOLDOWN);
        assertEq("left", claim(junior, ALICE), room - drawn / 1e12);
    }

    /// @dev A donation does not eat the room either.
    function test_CVR01_a_donation_takes_no_room() external {
        uint256 room = type(uint96).max / 1e12;
        token.mint(address(vault), room);
        assertEq("shares", depositNative(senior, ALICE, room), room * 1e12);
        assertEq("senior", vault.books().senior, room * 1e12);
    }
}
