// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

contract PremiumsTest is VaultTest {
    uint32 private constant FIRST = uint32(START / WEEK);

    function pay(uint256 amount, uint32 endsInWeek) private {
        fill(CAROL, amount);
        vm.prank(CAROL);
        vault.payPremium(amount, endsInWeek);
    }

    /// @dev J : S = 100 : 300, so weights 300 : 300. 4e12 wei a second until week 2 ends, 6e12 until week 5 ends.
    function test_CVR04_premium_is_earned_linearly_and_split_three_to_one() external {
        deposit(junior, ALICE, 100);
        deposit(senior, BOB, 300);
        pay(4 * 2 weeks, FIRST + 2);
        pay(6 * 5 weeks, FIRST + 5);

        skip(10 days);
        VaultBooks memory books = vault.books();
        assertEq("junior", books.junior, 100 * UNIT + 5e12 * 10 days);
        assertEq("senior", books.senior, 300 * UNIT + 5e12 * 10 days);
        assertEq("unearned", books.unearned, 4e12 * 4 days + 6e12 * 25 days);

        // A view and a write say the same.
        vault.accrue();
        assertEq("accrued", vault.books().junior, books.junior);
    }

    function test_CVR04_streams_end_with_their_weeks() external {
        deposit(senior, BOB, 300);
        pay(4 * 2 weeks, FIRST + 2);
        pay(6 * 5 weeks, FIRST + 5);
        skip(4 weeks);
        assertEq("senior", vault.books().senior, 300 * UNIT + 4e12 * 2 weeks + 6e12 * 4 weeks);
        vault.accrue();
        skip(1 weeks);
        assertEq("all", vault.books().senior, 300 * UNIT + 4e12 * 2 weeks + 6e12 * 5 weeks);
        skip(1);
        assertEq("no more", vault.books().senior, 300 * UNIT + 4e12 * 2 weeks + 6e12 * 5 weeks);
        assertEq("unearned", vault.books().unearned, 0);
    }

    /// @dev 40 weeks without a call walk the ring twice round; a new stream in an old bucket is not cut short.
    function test_CVR04_long_silence_earns_everything_once() external {
        deposit(senior, BOB, 300);
        pay(6 * 15 weeks, FIRST + 15);
        skip(40 weeks);
        assertEq("senior", vault.books().senior, 300 * UNIT + 6e12 * 15 weeks);
        pay(6 * 7 weeks, FIRST + 47);
        skip(3 weeks);
        assertEq("again", vault.books().senior, 300 * UNIT + 6e12 * 18 weeks);
        skip(40 weeks);
        assertEq("end", vault.books().senior, 300 * UNIT + 6e12 * 22 weeks);
    }

    /// @dev 1 native unit over a week is 1e12 / 604800 = 1653439 wei a second and a rest of 92800 at once.
    function test_CVR04_what_the_rate_cannot_express_is_not_lost() external {
        deposit(senior, BOB, 300);
        pay(1, FIRST + 1);
        assertEq("rest", vault.books().senior, 300 * UNIT + (1e12 - 1_653_439 * uint256(604_800)));
        skip(1 weeks);
        assertEq("all", vault.books().senior, 300 * UNIT + 1e12);
        assertEq("unearned", vault.books().unearned, 0);
    }

    function test_INV11_late_deposit_earns_nothing_of_what_is_past() external {
        deposit(senior, ALICE, 100);
        pay(1_000_000 * 1 weeks, FIRST + 1);
        skip(1 weeks);
        uint256 shares = deposit(senior, BOB, 1_000_000);
        assertTrue("late", senior.convertToAssets(shares) <= 1_000_000 * NATIVE);
    }

    function test_CVR04_without_capital_premium_stays_unearned() external {
        pay(6 * 1 weeks, FIRST + 1);
        skip(2 days);
        vault.accrue();
        assertEq("unearned", vault.books().unearned, 6e12 * 1 weeks);
        deposit(senior, BOB, 1);
        skip(1 weeks);
        assertEq("senior", vault.books().senior, UNIT + 6e12 * 5 days);
    }

    function test_CVR04_term_of_premium_is_one_to_fifteen_weeks() external {
        fill(address(this), 100);
        skip(1);
        uint256 early = START + 1 weeks;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidTerm.selector, early));
        vault.payPremium(1, FIRST + 1);
        uint256 late = START + 16 weeks;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidTerm.selector, late));
        vault.payPremium(1, FIRST + 16);
        vault.payPremium(1, FIRST + 15);
    }
}
