// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ProductTerms, Purchase} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Attacks by buyers and holders. Junior 300, senior 700; a series of 8 weeks with a limit of 10.
contract AttacksByHoldersTest is AttackVault {
    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        series = newSeries(10, 8);
        endsAt = block.timestamp + 8 * WEEK;
    }

    /* FORGED NUMBERS */

    function test_CVR03_forged_series_are_unknown_at_every_door() external {
        uint64[3] memory forged = [uint64(0), 2, type(uint64).max];
        for (uint256 i = 0; i < 3; ++i) {
            SeriesId wrong = SeriesId.wrap(forged[i]);
            bytes memory reason = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_UnknownSeries.selector,
                wrong
            );
            vm.expectRevert(reason);
            vault.buy(wrong, 1, 1, MALLORY);
            vm.expectRevert(reason);
            vault.previewPremium(wrong, 1);
            vm.expectRevert(reason);
            vault.sync(wrong);
            vm.expectRevert(reason);
            vault.redeem(wrong, 1, MALLORY);
            vm.expectRevert(reason);
            vault.release(wrong);
        }
    }

    function test_CVR07_forged_and_used_purchases_are_unknown() external {
        expectUnknownPurchase(0);
        vault.complete(PurchaseId.wrap(0));
        expectUnknownPurchase(1);
        vault.complete(PurchaseId.wrap(1));
        expectUnknownPurchase(type(uint64).max);
        vault.complete(PurchaseId.wrap(type(uint64).max));
        (PurchaseId purchase, uint256 premium) = buyFor(series, MALLORY, 5);
        verifier.open(series);
        vault.complete(purchase);
        expectUnknownPurchase(1);
        vault.complete(purchase);
        assertEq("refunded once", token.balanceOf(MALLORY), premium);
    }

    function expectUnknownPurchase(uint64 number) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_UnknownPurchase.selector, PurchaseId.wrap(number))
        );
    }

    /* A LOSS THAT CAN BE SEEN */

    /// @dev Bought in the second before the loss is booked, or a second before the tokens come: the premium goes back, nothing is covered.
    function test_CVR07_cover_bought_just_before_a_loss_covers_nothing() external {
        (PurchaseId early, uint256 premium) = buyFor(series, MALLORY, 20);
        skip(1 days - 1);
        (PurchaseId late, uint256 more) = buyFor(series, MALLORY, 10);
        verifier.setPreview(series, true, 4 * UNIT);
        house.setChargedAt(5, block.timestamp);
        skip(1);
        assertTrue("refunded", !vault.complete(early) && !vault.complete(late));
        assertEq("premiums", token.balanceOf(MALLORY), premium + more);
        verifier.open(series);
        verifier.close(series, 4 * UNIT);
        vault.sync(series);
        VaultBooks memory books = vault.books();
        assertEq("capital", books.junior + books.senior, 1_000 * UNIT);
        assertEq("liability", books.liability, 0);
        assertEq("tokens", cover.balanceOf(MALLORY, SeriesId.unwrap(series)), 0);
        expectAmount(20 * UNIT, 0);
        redeem(series, MALLORY, 20 * UNIT);
    }

    /// @dev Measured, shown by the trigger, reported, or paid: each alone stops the sale.
    function test_CVR07_nothing_is_sold_with_a_loss_in_sight() external {
        house.setDeficit(1);
        expectNotForSale(series);
        vault.buy(series, 1, 1, MALLORY);
        house.setDeficit(0);
        house.setChargedAt(5, block.timestamp);
        verifier.setPreview(series, true, 1);
        expectNotForSale(series);
        vault.buy(series, 1, 1, MALLORY);
        verifier.setPreview(series, true, 0);
        verifier.open(series);
        vault.sync(series);
        expectNotForSale(series);
        vault.buy(series, 1, 1, MALLORY);
        verifier.close(series, 1);
        vault.sync(series);
        expectNotForSale(series);
        vault.buy(series, 1, 1, MALLORY);
    }

    /* REDEEMING */

    /// @dev The vault takes the decision in before it pays, so nobody is paid from books that do not know of it.
    function test_CVR05_redeeming_before_the_sync_pays_what_was_decided_once() external {
        insure(series, MALLORY, 20);
        insure(series, CAROL, 20);
        verifier.open(series);
        verifier.close(series, 3 * UNIT);
        VaultBooks memory before = vault.books();
        assertEq("first", redeem(series, MALLORY, 20 * UNIT), 60 * NATIVE);
        VaultBooks memory books = vault.books();
        assertEq("booked for all", books.junior, before.junior - 120 * UNIT);
        assertEq("payable", books.payable_, 60 * UNIT);
        expectInsufficient(MALLORY, 0, 20 * UNIT);
        redeem(series, MALLORY, 20 * UNIT);
        assertEq("second", redeem(series, CAROL, 20 * UNIT), 60 * NATIVE);
        assertEq("payable", vault.books().payable_, 0);
        expectAmount(1, 0);
        redeem(series, CAROL, 1);
        assertSound();
    }

    /// @dev With another's tokens, with sold ones, with a part too many, or with more than there are.
    function test_CVR05_nobody_redeems_what_he_does_not_hold() external {
        insure(series, CAROL, 20);
        insure(series, ALICE, 20);
        verifier.close(series, 3 * UNIT);
        expectInsufficient(MALLORY, 0, UNIT);
        redeem(series, MALLORY, UNIT);
        expectInsufficient(CAROL, 20 * UNIT, 20 * UNIT + 1e12);
        redeem(series, CAROL, 20 * UNIT + 1e12);
        expectAmount(40 * UNIT + 1, 40 * UNIT);
        redeem(series, CAROL, 40 * UNIT + 1);
        expectAmount(type(uint96).max, 40 * UNIT);
        redeem(series, CAROL, type(uint96).max);

        vm.prank(CAROL);
        cover.safeTransferFrom(CAROL, MALLORY, SeriesId.unwrap(series), 20 * UNIT, "");
        expectInsufficient(CAROL, 0, 20 * UNIT);
        redeem(series, CAROL, 20 * UNIT);
        assertEq("who holds them", redeem(series, MALLORY, 20 * UNIT), 60 * NATIVE);
        assertEq("Alice's are untouched", redeem(series, ALICE, 20 * UNIT), 60 * NATIVE);
    }

    function expectInsufficient(address who, uint256 balance, uint256 needed) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC1155Errors.ERC1155InsufficientBalance.selector,
                who,
                balance,
                needed,
                SeriesId.unwrap(series)
            )
        );
    }

    /// @dev A third of a unit a token, in pieces: each is rounded down, so that the last one still finds what is his.
    function test_INV12_redeeming_in_pieces_pays_no_more_than_at_once() external {
        insure(series, MALLORY, 10);
        insure(series, CAROL, 10);
        verifier.close(series, UNIT / 3);
        uint256 paid;
        for (uint256 i = 0; i < 9; ++i) paid += redeem(series, MALLORY, UNIT + i);
        paid += redeem(series, MALLORY, UNIT - 36);
        assertTrue("pieces", paid <= 3_333_333 && paid >= 3_333_333 - 10);
        assertEq("at once", redeem(series, CAROL, 10 * UNIT), 3_333_333);
        assertEq("supply", vault.seriesOf(series).supply, 0);
        assertEq("liability", vault.books().liability, vault.seriesOf(series).bound);
        assertTrue("at most rounding is bound", vault.seriesOf(series).bound <= 11);
        // A piece that is worth less than the token can express is not burnt for nothing.
        expectAmount(1e12, 0);
        redeem(series, CAROL, 1e12);
        assertSound();
    }

    /* RECEIVERS */

    /// @dev Cover for the vault itself: neither minted nor refunded, so that it pays for all of its time.
    function test_CVR07_a_purchase_for_the_vault_itself_only_costs_its_premium() external {
        address receiver = address(vault);
        uint256 price = vault.previewPremium(series, uint96(20 * UNIT));
        fill(MALLORY, price);
        vm.prank(MALLORY);
        (PurchaseId purchase, ) = vault.buy(series, uint96(20 * UNIT), price, receiver);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IERC1155Errors.ERC1155InvalidReceiver.selector, receiver));
        vault.complete(purchase);
        skip(7 days);
        expectUnexpectedTransfer((price * 48) / 55, 0);
        vault.complete(purchase);
        Purchase memory waiting = vault.purchaseOf(purchase);
        assertEq("waits", waiting.units, 20 * UNIT);
        vm.warp(endsAt);
        assertTrue("minted", !vault.complete(purchase));
        assertEq("liability", vault.books().liability, 0);
        skip(2 weeks);
        VaultBooks memory books = vault.books();
        assertEq("underwriters have it all", books.junior + books.senior, 1_000 * UNIT + price * 1e12);
        assertEq("escrowed", books.escrowed, 0);
    }

    /* PRICES */

    /// @dev CVR-08: an underwriter who asks to leave makes capital scarce, and can take that back. A buyer pays no more than he has named.
    function test_CVR08_queueing_shares_does_not_raise_the_price_above_the_buyers_limit() external {
        ProductTerms memory product = terms();
        product.model = hazard(1);
        series = openSeries(list(product), 10, 8);
        uint96 units = uint96(39 * UNIT);
        uint256 calm = vault.previewPremium(series, units);
        queue(senior, BOB, 600 * UNIT);
        uint256 scarce = vault.previewPremium(series, units);
        // The mean of the curve from 0 to 390 / 399 of the capital is 1.7182 times 4%, instead of the floor.
        assertTrue("from 3% to 6.873%", scarce * 100 > 229 * calm && scarce * 100 < 230 * calm);
        fill(CAROL, scarce);
        vm.prank(CAROL);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector, scarce, calm)
        );
        vault.buy(series, units, calm, CAROL);
        vm.prank(BOB);
        senior.cancelRedeemRequest();
        assertEq("as before", vault.previewPremium(series, units), calm);
    }

    /* EDGES */

    /// @dev 2^96 - 1 tokens of a wei each bind 8e10 wei. One more does not fit; of a larger limit they do not fit into the capital.
    function test_CVR02_the_largest_sum_insured_and_one_more() external {
        uint96 max = type(uint96).max;
        // Rounded up: max * 10 + 0.
        expectNoCapacity(uint256(max) * 10, 999 * UNIT);
        vault.previewPremium(series, max);

        ProductTerms memory product = terms();
        product.minLimit = 1;
        SeriesId cheap = vault.openSeries(list(product), 1, uint32(block.timestamp / WEEK + 8));
        fill(MALLORY, 10);
        vm.prank(MALLORY);
        (, uint256 price) = vault.buy(cheap, max - 5, 10, MALLORY);
        assertEq("the least premium", price, 1);
        assertEq("liability", vault.books().liability, uint256(max) / UNIT + 1);
        expectAmount(6, 5);
        vault.previewPremium(cheap, 6);
        expectAmount(max, 5);
        vault.previewPremium(cheap, max);
        expectAmount(0, 5);
        vault.previewPremium(cheap, 0);
        vm.prank(MALLORY);
        vault.buy(cheap, 5, 10, MALLORY);
        expectAmount(1, 0);
        vault.previewPremium(cheap, 1);
        skip(1 days);
        vault.complete(PurchaseId.wrap(1));
        vault.complete(PurchaseId.wrap(2));
        assertEq("supply", vault.seriesOf(cheap).supply, max);
        verifier.open(cheap);
        vault.sync(cheap);
        assertTrue("at risk", vault.books().atRisk <= vault.books().liability);
        assertEq("at risk", vault.books().atRisk, uint256(max) / UNIT + 1);
        verifier.close(cheap, 1);
        vault.sync(cheap);
        assertEq("payable", vault.books().payable_, uint256(max) / UNIT + 1);
        assertSound();
    }
}
