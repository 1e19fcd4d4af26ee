// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev CVR-02 at the edge: a purchase that takes all the capital there is, to the wei, and one wei more.
contract IncidentCapacityTest is VaultTest {
    SeriesId private series;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 40);
        deposit(senior, BOB, 61);
        series = openSeries(list(terms()), 1, 8);
    }

    function test_CVR02_APurchaseAtExactlyFullCapacityIsSoldAndOneWeiMoreIsNot() external {
        uint256 free = vault.freeCapital();
        assertEq("all but the floor", free, 100 * UNIT);
        fill(CAROL, 1_000 * NATIVE);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, free + 1, free));
        vm.prank(CAROL);
        vault.buy(series, uint96(free + 1), type(uint256).max, CAROL);

        vm.prank(CAROL);
        (PurchaseId purchase, ) = vault.buy(series, uint96(free), type(uint256).max, CAROL);
        assertEq("bound", vault.books().liability, free);
        assertEq("nothing left", vault.freeCapital(), 0);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoCapacity.selector, 1, 0));
        vault.previewPremium(series, 1);

        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
        assertSound();
        // Every token is collateralised: all of it can be paid, and the floor stays.
        assertTrue("capital", vault.books().junior + vault.books().senior >= free + vault.floor());
        assertTrue("to the premium of a second", vault.books().junior + vault.books().senior < 101 * UNIT + UNIT / 1e5);
    }
}
