// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverToken} from "../../../contracts/coverage/CoverToken.sol";
import {CoverageVault} from "../../../contracts/coverage/CoverageVault.sol";
import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ICoverageVault, VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev CVR-01, CVR-05: a vault with the least floor there is, on a token of 18 decimals, where a wei is a wei: only there can senior die.
contract SeniorEndsTest is AttackVault {
    uint256 private constant LEAST_FLOOR = 1e6;
    uint96 private constant UNITS = 5e18 + 1;

    function setUp() public override {
        build(18);
        vault = ICoverageVault(
            address(
                new CoverageVault(new CoverageVaultExtension(settingsWith(FUND, address(verifier), LEAST_FLOOR), model))
            )
        );
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        senior = TrancheShare(vault.shareOf(Tranche.Senior));
        cover = CoverToken(vault.coverToken());
        depositNative(junior, ALICE, 20e18);
        depositNative(senior, BOB, 30e18);
    }

    /// @dev What a draw leaves is the floor. Shares over so little die at the next deposit, or they would take it.
    function test_CVR01_shares_over_the_floor_do_not_dilute_a_new_deposit() external {
        commit(1_000);
        draw(1_000 * UNIT);
        assertEq("senior", vault.books().senior, LEAST_FLOOR);
        assertEq("alive", vault.epochOf(Tranche.Senior), 0);
        fill(CAROL, 50e18);
        vm.prank(CAROL);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.TrancheExhausted(Tranche.Senior, 1);
        senior.deposit(50e18, CAROL);
        assertEq("the next life", vault.epochOf(Tranche.Senior), 1);
        assertEq("junior's is another", vault.epochOf(Tranche.Junior), 1);
        assertEq("the old shares", senior.balanceOf(BOB), 0);
        uint256 worth = senior.convertToAssets(senior.balanceOf(CAROL));
        assertTrue("all that came", worth >= 50e18 - 1 && worth <= 50e18 + LEAST_FLOOR);
    }

    /// @dev Ten payouts of a tenth are rounded up ten times: nine wei more than was bound, out of the floor. What is left is below dust and
    /// leaves the books with the shares.
    function test_CVR05_payouts_that_are_rounded_up_into_the_floor_end_senior() external {
        SeriesId series = openSeries(list(terms()), 1, 10);
        uint256 premium = vault.previewPremium(series, UNITS);
        fill(CAROL, premium);
        vm.prank(CAROL);
        (uint256 purchase, ) = abi.decode(
            callVault(abi.encodeCall(vault.buy, (series, UNITS, premium, CAROL))),
            (uint256, uint256)
        );
        skip(1 days);
        vault.complete(PurchaseId.wrap(uint64(purchase)));
        commit(1_000);
        draw(1_000 * UNIT);
        assertEq("cover and floor", vault.books().senior, UNITS + LEAST_FLOOR);
        for (uint256 tenth = 1; tenth <= 10; ++tenth) {
            assertEq("alive", vault.epochOf(Tranche.Senior), 0);
            verifier.close(series, tenth * 0.1e18);
            vault.sync(series);
        }
        assertEq("dead", vault.epochOf(Tranche.Senior), 1);
        assertEq("shares", senior.totalSupply(), 0);
        VaultBooks memory books = vault.books();
        assertEq("its dust is nobody's", uint256(books.junior) + books.senior, 0);
        assertEq("paid in full", books.payable_, UNITS + 9);
        uint256 ledger = books.unearned + books.escrowed + books.payable_ + books.owedToFund;
        assertTrue("INV-01", token.balanceOf(address(vault)) >= ledger);
    }

    function callVault(bytes memory data) private returns (bytes memory result) {
        bool success;
        (success, result) = address(vault).call(data);
        assertTrue("vault", success);
    }
}
