// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ExitRequest, ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev Bob has 60 of junior. Purchases wait for their tokens, so that no premium moves the numbers: cover for 20 binds 21 with the floor.
contract CapacityTest is VaultTest {
    function setUp() public override {
        super.setUp();
        deposit(junior, BOB, 60);
    }

    function requestOf(address who) private view returns (ExitRequest memory) {
        return vault.exitRequestOf(Tranche.Junior, who);
    }

    function expectNoCapacity(uint256 required, uint256 free) private {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, required, free));
    }

    function test_CVR02_cover_never_binds_more_than_free_capital() external {
        SeriesId series = openSeries(list(terms()), 10, 8);
        assertEq("free", vault.freeCapital(), 59 * UNIT);
        expectNoCapacity(59 * UNIT + 10, 59 * UNIT);
        vault.previewPremium(series, uint96(5.9e18 + 1));
        buy(series, CAROL, 5);
        assertEq("liability", vault.books().liability, 50 * UNIT);
        assertEq("free", vault.freeCapital(), 9 * UNIT);
        expectNoCapacity(10 * UNIT, 9 * UNIT);
        vault.previewPremium(series, uint96(UNIT));
        assertSound();
    }

    function test_CVR02_capital_that_has_asked_to_leave_sells_nothing() external {
        deposit(junior, ALICE, 40);
        SeriesId series = openSeries(list(terms()), 10, 8);
        request(junior, BOB);
        assertEq("free", vault.freeCapital(), 39 * UNIT);
        expectNoCapacity(40 * UNIT, 39 * UNIT);
        vault.previewPremium(series, uint96(4 * UNIT));
    }

    function test_CVR03_products_bind_their_share_of_capacity() external {
        ProductTerms memory product = terms();
        product.capacityShareBps = 50_00;
        SeriesId series = openSeries(list(product), 1, 8);
        expectNoCapacity(29.5e18 + 1, 29.5e18);
        vault.previewPremium(series, uint96(29.5e18 + 1));
        vault.previewPremium(series, uint96(29.5e18));
    }

    function test_CVR04_nothing_is_sold_while_junior_is_thin() external {
        deposit(senior, ALICE, 240);
        SeriesId series = openSeries(list(terms()), 10, 8);
        vault.previewPremium(series, uint96(UNIT)); // Exactly 20%.
        depositNative(senior, ALICE, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_JuniorTooThin.selector,
                60 * UNIT,
                300 * UNIT + 1e12
            )
        );
        vault.previewPremium(series, uint96(UNIT));
    }

    function test_CVR09_cover_and_commitments_share_capacity() external {
        commit(30);
        SeriesId series = openSeries(list(terms()), 10, 8);
        expectNoCapacity(30 * UNIT, 29 * UNIT);
        vault.previewPremium(series, uint96(3 * UNIT));
        buy(series, CAROL, 2);
        (uint256 fromJunior, ) = draw(100 * UNIT);
        assertEq("drawn", fromJunior, 30 * UNIT);
        assertSound();
    }

    function test_R4_capacity_cuts_an_exit_and_keeps_its_rest_queued() external {
        SeriesId series = openSeries(list(terms()), 10, 8);
        buy(series, CAROL, 2);
        request(junior, BOB);
        skip(COOLDOWN);
        assertEq("cut", claim(junior, BOB), 39 * NATIVE);
        assertEq("rest", requestOf(BOB).shares, junior.totalSupply());
        assertTrue("price", junior.totalSupply() <= 21 * UNIT && junior.totalSupply() >= 21 * UNIT - 1);
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 21 * UNIT, 21 * UNIT)
        );
        junior.claimExit(BOB);
        assertSound();
    }

    function test_R4_after_a_charge_nobody_has_reported_all_cover_counts_as_lost() external {
        SeriesId series = openSeries(list(terms()), 10, 8);
        buy(series, CAROL, 2);
        request(junior, BOB);
        skip(COOLDOWN);
        house.setChargedAt(5, block.timestamp);
        assertEq("advance", claim(junior, BOB), 39 * NATIVE); // 60 less the 20 that may be lost would be 40; the floor holds 1.
        assertEq("advanced", vault.books().juniorAdvanced, 39 * UNIT);
        assertEq("shares", junior.totalSupply(), 60 * UNIT);
        skip(1 hours);
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, 21 * UNIT, 21 * UNIT)
        );
        junior.claimExit(BOB);
    }
}
