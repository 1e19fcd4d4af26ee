// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev What a vault tells those who only listen. Junior 300, senior 700; a series of 8 weeks with a limit of 10.
contract VaultEventsTest is AttackVault {
    SeriesId private series;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        series = newSeries(10, 8);
    }

    function test_CVR07_buying_tells_the_purchase_and_when_it_can_be_minted() external {
        uint96 units = uint96(20 * UNIT);
        uint256 premium = vault.previewPremium(series, units);
        fill(CAROL, premium);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.CoverBought(
            PurchaseId.wrap(1),
            series,
            BOB,
            units,
            premium * 1e12,
            block.timestamp + 1 days
        );
        vm.prank(CAROL);
        vault.buy(series, units, premium, BOB);
    }

    function test_CVR05_a_payout_is_told_when_the_vault_takes_it_in() external {
        insure(series, CAROL, 20);
        verifier.close(series, 2 * UNIT);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.SeriesSettled(series, 2 * UNIT, 40 * UNIT);
        vault.sync(series);
    }

    function test_R4_who_asks_to_leave_is_told_as_of_erc7540() external {
        vm.expectEmit(address(junior));
        emit ITrancheShare.RedeemRequest(ALICE, ALICE, 0, ALICE, 7 * UNIT);
        queue(junior, ALICE, 7 * UNIT);
    }

    function test_CVR09_a_draw_is_told_by_tranche_with_what_is_left_of_it() external {
        commit(400);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.Drawn(SEGMENT, 300 * UNIT, 20 * UNIT, 80 * UNIT);
        draw(320 * UNIT);
    }
}
