// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {CoverToken} from "../../../contracts/coverage/CoverToken.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {MockVerifier} from "../../../contracts/mocks/MockVerifier.sol";
import {ProductTerms, Series} from "../../../contracts/types/Coverage.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev Junior 300, senior 700; a series of 8 weeks with a limit of 10.
contract PurchasesTest is VaultTest {
    ProductId private product;
    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        product = list(terms());
        series = openSeries(product, 10, 8);
        endsAt = block.timestamp + 8 * WEEK;
    }

    function bought(uint256 units) private returns (PurchaseId purchase, uint256 premium) {
        uint256 number;
        (number, premium) = buy(series, CAROL, units);
        purchase = PurchaseId.wrap(uint64(number));
    }

    function expectNotForSale() private {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
    }

    function test_CVR03_series_is_registered_with_its_product() external view {
        MockVerifier.Case memory subject = verifier.registered(series);
        assertTrue("trigger", subject.trigger == address(verifier));
        assertEq("terms", uint256(subject.terms), 7);
        assertEq("limit", subject.limit, 10 * UNIT);
        assertEq("endsAt", subject.endsAt, endsAt);
        assertEq("reportsUntil", subject.reportsUntil, endsAt + 7 days);
    }

    function test_R5_product_waits_longer_than_cooldown_and_window() external {
        ProductId later = vault.announceProduct(terms());
        uint256 opensAt = block.timestamp + COOLDOWN + WINDOW + 1;
        vm.warp(opensAt - 1);
        bytes memory reason = abi.encodeWithSelector(
            ICoverageVaultEvents.CoverageVault_ProductNotOpen.selector,
            later,
            opensAt,
            false
        );
        vm.expectRevert(reason);
        openSeries(later, 10, 8);
        vm.warp(opensAt);
        openSeries(later, 10, 8);
    }

    function test_CVR03_series_stay_within_their_product() external {
        uint32 week = uint32(block.timestamp / WEEK);
        expectInvalidSeries(10 * UNIT + 1, endsAt);
        vault.openSeries(product, uint96(10 * UNIT + 1), week + 8);
        expectInvalidSeries(UNIT - 1, endsAt);
        vault.openSeries(product, uint96(UNIT - 1), week + 8);
        expectInvalidSeries(UNIT, block.timestamp);
        vault.openSeries(product, uint96(UNIT), week);
        expectInvalidSeries(UNIT, block.timestamp + 11 * WEEK);
        vault.openSeries(product, uint96(UNIT), week + 11);
        vault.openSeries(product, uint96(UNIT), week + 10);
    }

    function expectInvalidSeries(uint256 limit, uint256 end) private {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidSeries.selector, limit, end));
    }

    function test_CVR03_product_bounds_are_checked() external {
        ProductTerms memory wrong = terms();
        wrong.maxTermWeeks = 11;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidProduct.selector, wrong));
        vault.announceProduct(wrong);
        wrong = terms();
        wrong.waiting = 24 hours - 1;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidProduct.selector, wrong));
        vault.announceProduct(wrong);
        wrong = terms();
        wrong.trigger = ALICE;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidProduct.selector, wrong));
        vault.announceProduct(wrong);
    }

    /// @dev Model: 0.1 * 1.3 = 13% a year, above curve and floor. 20 tokens of 10 for 55 days.
    function test_CVR08_premium_is_the_models_with_its_loading() external view {
        uint256 exact = 200 * UNIT * 0.13e18 * 55 days;
        uint256 wad = (exact - 1) / (365 days * UNIT) + 1;
        assertEq("premium", vault.previewPremium(series, uint96(20 * UNIT)), (wad - 1) / 1e12 + 1);
    }

    function test_CVR07_purchase_waits_in_escrow() external {
        (PurchaseId purchase, uint256 premium) = bought(20);
        VaultBooks memory books = vault.books();
        assertEq("escrowed", books.escrowed, premium * 1e12);
        assertEq("liability", books.liability, 200 * UNIT);
        assertEq("unearned", books.unearned, 0);
        assertEq("tokens", cover.balanceOf(CAROL, SeriesId.unwrap(series)), 0);
        uint256 mintsAt = block.timestamp + 1 days;
        vm.warp(mintsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, mintsAt));
        vault.complete(purchase);
        assertSound();
    }

    function test_CVR07_after_waiting_tokens_are_minted_and_premium_runs() external {
        (PurchaseId purchase, uint256 premium) = bought(20);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
        assertEq("tokens", cover.balanceOf(CAROL, SeriesId.unwrap(series)), 20 * UNIT);
        uint256 wad = premium * 1e12;
        uint256 rate = wad / 55 days;
        VaultBooks memory books = vault.books();
        assertEq("escrowed", books.escrowed, 0);
        assertEq("unearned", books.unearned, rate * 55 days);
        skip(10 days);
        assertEq("ten days", vault.books().unearned, rate * 45 days);
        vm.warp(endsAt + 1);
        books = vault.books();
        assertEq("all earned", books.junior + books.senior, 1_000 * UNIT + wad);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_UnknownPurchase.selector, purchase));
        vault.complete(purchase);
        assertSound();
    }

    function test_FND02_a_tenth_of_the_premium_is_the_funds() external {
        commit(100);
        vm.warp(block.timestamp + WEEK - (block.timestamp % WEEK));
        series = openSeries(product, 10, 8);
        (PurchaseId purchase, uint256 premium) = bought(20);
        skip(1 days);
        vault.complete(purchase);
        assertEq("owed", vault.owedTo(SEGMENT), (premium * 1e12) / 10);
        assertSound();
    }

    function test_CVR07_what_happens_while_waiting_is_refunded_at_once() external {
        (PurchaseId purchase, uint256 premium) = bought(20);
        skip(1 hours);
        verifier.setPreview(series, true, 1);
        assertTrue("minted", !vault.complete(purchase));
        assertEq("refund", token.balanceOf(CAROL), premium);
        VaultBooks memory books = vault.books();
        assertEq("liability", books.liability, 0);
        assertEq("escrowed", books.escrowed, 0);
        assertEq("pending", vault.seriesOf(series).pending, 0);
    }

    function test_CVR07_an_open_or_confirmed_incident_refunds_who_waits() external {
        (PurchaseId first, ) = bought(20);
        (PurchaseId second, ) = bought(10);
        verifier.open(series);
        assertTrue("open", !vault.complete(first));
        verifier.close(series, 3 * UNIT);
        assertTrue("confirmed", !vault.complete(second));
        assertEq("liability", vault.books().liability, 0);
    }

    function test_CLM06_a_dead_trigger_refunds_after_waiting() external {
        (PurchaseId purchase, uint256 premium) = bought(20);
        verifier.setPreview(series, false, 0);
        uint256 mintsAt = block.timestamp + 1 days;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, mintsAt));
        vault.complete(purchase);
        vm.warp(mintsAt);
        assertTrue("minted", !vault.complete(purchase));
        assertEq("refund", token.balanceOf(CAROL), premium);
    }

    /// @dev The token has no ERC-1155 callback: its purchase stops nobody else, and is refunded in a week.
    function test_CVR07_a_receiver_that_refuses_is_refunded_in_a_week() external {
        uint256 premium = vault.previewPremium(series, uint96(UNIT));
        fill(address(this), premium);
        (PurchaseId purchase, ) = vault.buy(series, uint96(UNIT), premium, address(token));
        (PurchaseId other, ) = bought(1);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IERC1155Errors.ERC1155InvalidReceiver.selector, address(token)));
        vault.complete(purchase);
        assertTrue("other", vault.complete(other));
        skip(7 days);
        assertTrue("minted", !vault.complete(purchase));
        // It has bound capital for 7 of its 55 days.
        assertEq("refund", token.balanceOf(address(token)), (premium * 48) / 55);
        assertEq("liability", vault.books().liability, 10 * UNIT);
        assertEq("escrowed", vault.books().escrowed, 0);
        vm.warp(endsAt + 1);
        VaultBooks memory books = vault.books();
        uint256 kept = premium - (premium * 48) / 55;
        assertEq("kept", books.junior + books.senior, 1_000 * UNIT + (premium + kept) * 1e12);
        assertSound();
    }

    function test_CVR07_nothing_is_sold_in_distress() external {
        uint96 units = uint96(UNIT);
        house.setDeficit(1);
        expectNotForSale();
        vault.previewPremium(series, units);
        house.setDeficit(0);
        verifier.setPreview(series, true, 1);
        expectNotForSale();
        vault.previewPremium(series, units);
        verifier.setPreview(series, false, 0);
        expectNotForSale();
        vault.previewPremium(series, units);
        verifier.setPreview(series, true, 0);
        vault.previewPremium(series, units);
        house.setLocked(true);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector));
        vault.previewPremium(series, units);
    }

    function test_CVR07_nothing_is_sold_while_an_incident_is_open_or_unknown_to_the_vault() external {
        SeriesId other = openSeries(product, 5, 6);
        (uint256 number, ) = buy(other, CAROL, 2);
        skip(1 days);
        vault.complete(PurchaseId.wrap(uint64(number)));
        verifier.open(other);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 0, 1));
        vault.previewPremium(series, uint96(UNIT));
        vault.sync(other);
        expectNotForSale();
        vault.previewPremium(series, uint96(UNIT));
        verifier.close(other, 0);
        vault.sync(other);
        vault.previewPremium(series, uint96(UNIT));
    }

    function test_CVR08_bought_cover_runs_for_a_week_at_least() external {
        vm.warp(endsAt - 8 days);
        vault.previewPremium(series, uint96(UNIT));
        skip(1);
        expectNotForSale();
        vault.previewPremium(series, uint96(UNIT));
    }

    function test_CVR08_premium_above_the_buyers_limit_reverts() external {
        uint256 premium = vault.previewPremium(series, uint96(UNIT));
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector, premium, premium - 1)
        );
        vault.buy(series, uint96(UNIT), premium - 1, CAROL);
    }

    function test_R5_a_closed_product_sells_nothing_and_covers_what_it_sold() external {
        (PurchaseId purchase, ) = bought(20);
        uint256 opensAt;
        (, opensAt, ) = vault.productOf(product);
        vault.closeProduct(product);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ProductNotOpen.selector, product, opensAt, true)
        );
        vault.previewPremium(series, uint96(UNIT));
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
        Series memory state = vault.seriesOf(series);
        assertEq("supply", state.supply, 20 * UNIT);
    }

    function test_CVR03_only_the_vault_mints_cover() external {
        assertTrue("name", keccak256(bytes(cover.name())) == keccak256("Bulwark Cover"));
        assertTrue("symbol", keccak256(bytes(cover.symbol())) == keccak256("bwCOVER"));
        bytes memory reason = abi.encodeWithSelector(CoverToken.CoverToken_NotVault.selector, address(this));
        vm.expectRevert(reason);
        cover.mint(CAROL, 1, 1);
        vm.expectRevert(reason);
        cover.burn(CAROL, 1, 1);
    }
}
