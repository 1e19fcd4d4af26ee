// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev Junior 100 (Alice 40, Bob 60), senior 100 (Bob). Carol holds 10 tokens of a series with a limit of 5, which ends in 10 weeks.
contract SettlementsTest is VaultTest {
    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 40);
        deposit(junior, BOB, 60);
        deposit(senior, BOB, 100);
        series = openSeries(list(terms()), 5, 10);
        endsAt = block.timestamp + 10 * WEEK;
        (uint256 number, ) = buy(series, CAROL, 10);
        skip(1 days);
        vault.complete(PurchaseId.wrap(uint64(number)));
    }

    function redeem(uint256 units) private returns (uint256) {
        vm.prank(CAROL);
        return vault.redeem(series, uint96(units * UNIT), CAROL);
    }

    function test_CVR05_confirmed_payout_is_booked_once_and_paid_to_all_alike() external {
        verifier.open(series);
        vault.sync(series);
        assertEq("at risk", vault.books().atRisk, 50 * UNIT);
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_IncidentOpen.selector, series));
        vault.redeem(series, 1, CAROL);

        verifier.close(series, 2 * UNIT);
        VaultBooks memory before = vault.books();
        assertEq("per unit", vault.sync(series), 2 * UNIT);
        VaultBooks memory books = vault.books();
        assertEq("junior", books.junior, before.junior - 20 * UNIT);
        assertEq("senior", books.senior, before.senior);
        assertEq("payable", books.payable_, 20 * UNIT);
        assertEq("liability", books.liability, 30 * UNIT);
        assertEq("at risk", books.atRisk, 0);

        assertEq("first", redeem(4), 8 * NATIVE);
        assertEq("again", vault.sync(series), 2 * UNIT);
        assertEq("second", redeem(6), 12 * NATIVE);
        assertEq("payable", vault.books().payable_, 0);
        assertEq("liability", vault.books().liability, 0);
        assertEq("supply", vault.seriesOf(series).supply, 0);
        assertSound();
    }

    function test_CVR05_two_incidents_of_a_series_pay_the_difference() external {
        verifier.open(series);
        verifier.close(series, 2 * UNIT);
        redeem(5);
        verifier.open(series);
        vault.sync(series);
        assertEq("at risk", vault.books().atRisk, 15 * UNIT); // 5 tokens, 3 each
        verifier.close(series, 5 * UNIT);
        assertEq("rest", redeem(5), 25 * NATIVE);
        assertEq("payable", vault.books().payable_, 0);
        assertEq("liability", vault.books().liability, 0);
        assertSound();
    }

    function test_CLM01_a_rejected_incident_costs_nothing() external {
        verifier.open(series);
        vault.sync(series);
        verifier.close(series, 0);
        VaultBooks memory before = vault.books();
        vault.sync(series);
        assertEq("junior", vault.books().junior, before.junior);
        assertEq("at risk", vault.books().atRisk, 0);
        vm.prank(CAROL);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, UNIT, 10 * UNIT)
        );
        vault.redeem(series, uint96(UNIT), CAROL);
    }

    function test_INV12_payout_never_exceeds_the_limit() external {
        verifier.close(series, 9 * UNIT);
        assertEq("per unit", vault.sync(series), 5 * UNIT);
        assertEq("paid", redeem(10), 50 * NATIVE);
    }

    function test_CVR07_tokens_work_for_whoever_holds_them() external {
        vm.prank(CAROL);
        cover.safeTransferFrom(CAROL, ALICE, SeriesId.unwrap(series), 3 * UNIT, "");
        verifier.close(series, 2 * UNIT);
        vm.prank(ALICE);
        assertEq("alice", vault.redeem(series, uint96(3 * UNIT), ALICE), 6 * NATIVE);
        assertEq("carol", redeem(7), 14 * NATIVE);
    }

    function test_CVR04_release_waits_for_reports_and_decisions() external {
        vm.warp(endsAt + 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, block.timestamp + 1)
        );
        vault.release(series);
        verifier.open(series);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_IncidentOpen.selector, series));
        vault.release(series);
        verifier.close(series, 1 * UNIT);
        vault.release(series);
        assertEq("liability", vault.books().liability, 0);
        assertEq("payable", vault.books().payable_, 10 * UNIT);
        assertEq("redeemed later", redeem(10), 10 * NATIVE);
        vault.release(series);
        assertSound();
    }

    function test_CVR02_release_frees_what_the_limit_bound() external {
        assertEq("liability", vault.books().liability, 50 * UNIT);
        vm.warp(endsAt + 7 days + 1);
        vault.release(series);
        assertEq("liability", vault.books().liability, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_UnknownSeries.selector, SeriesId.wrap(9))
        );
        vault.release(SeriesId.wrap(9));
    }

    /// @dev Alice asks to leave; then an incident over 50 of 100 opens. She is paid half of her part, and half of that part is at stake.
    function incidentWhileLeaving() private returns (uint256 value, uint256 advance) {
        request(junior, ALICE);
        skip(COOLDOWN);
        verifier.open(series);
        vault.sync(series);
        value = vault.books().junior;
        advance = claim(junior, ALICE);
        uint256 supply = 100 * UNIT;
        uint256 expected = (40 * UNIT * (value - 50 * UNIT + VIRTUAL)) / (supply + VIRTUAL);
        assertEq("advance", advance, expected / 1e12);
        assertTrue("about 20", advance >= 20 * NATIVE && advance < 21 * NATIVE);
    }

    function test_R4_incident_that_is_confirmed_in_full_leaves_nothing_withheld() external {
        (uint256 value, uint256 advance) = incidentWhileLeaving();
        verifier.close(series, 5 * UNIT);
        vault.sync(series);
        claim(junior, ALICE);
        assertEq("alice", token.balanceOf(ALICE), advance);
        // Who stays has the same per share, to the native unit and what rounding gave him.
        assertEq("supply", junior.totalSupply(), 60 * UNIT);
        uint256 rest = vault.books().junior;
        assertEq("junior", rest, value - 50 * UNIT - advance * 1e12);
        assertTrue("fair", rest / 60 - (advance * 1e12) / 40 < 1e12);
        assertSound();
    }

    function test_R4_incident_that_is_rejected_pays_the_rest() external {
        (uint256 value, uint256 advance) = incidentWhileLeaving();
        verifier.close(series, 0);
        vault.sync(series);
        uint256 rest = claim(junior, ALICE);
        uint256 whole = (40 * UNIT * (value + VIRTUAL)) / (100 * UNIT + VIRTUAL);
        assertEq("rest", rest, (whole - advance * 1e12) / 1e12);
        assertTrue("whole", whole / 1e12 - (advance + rest) <= 1);
        assertSound();
    }

    function test_R4_senior_leaves_whole_while_junior_can_bear_the_incident() external {
        request(senior, BOB);
        skip(COOLDOWN);
        verifier.open(series);
        vault.sync(series);
        uint256 value = vault.books().senior;
        assertEq("advance", claim(senior, BOB), value / 1e12);
    }
}
