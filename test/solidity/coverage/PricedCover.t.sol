// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {IPremiumModel} from "../../../contracts/interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {LossModels} from "../../../contracts/libraries/LossModels.sol";
import {ProductTerms} from "../../../contracts/types/Coverage.sol";
import {FeedId, ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {ModelKind, ModelTerms} from "../../../contracts/types/Premium.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Cover whose model reads a price, sold by the vault (CVR-08). ETH at 2,000; a put that pays all at or below 1,400; 1,000 of capital, of
/// which 300 are junior's; a series of 10 weeks with a limit of 10.
contract PricedCoverTest is AttackVault {
    FeedId private constant ETH = FeedId.wrap(1);
    uint256 private constant LEVEL = 1_400e18;
    /// @dev 80% and 120% a year, WAD per second.
    uint256 private constant EIGHTY = 20_294_266_870;
    uint256 private constant PANIC = 45_662_100_457;
    uint96 private constant UNITS = 20e18;

    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        prices.setVariance(EIGHTY, 1);
        ProductTerms memory product = terms();
        product.model = model.defineModel(put());
        series = openSeries(list(product), 10, 10);
        endsAt = block.timestamp + 10 * WEEK;
        fill(CAROL, 1_000 * NATIVE);
    }

    /// @dev 200 times the model's expectation from now to the end, with 30%, rounded up to the token.
    function test_CVR08_priced_cover_costs_the_models_expectation_with_its_loading() external {
        uint256 expected = premiumAt(EIGHTY);
        assertEq("preview", vault.previewPremium(series, UNITS), expected);
        assertEq("paid", purchase(expected), expected);
    }

    /// @dev The last refresh saw 80%; this second's price makes 120% of it. Nobody buys at the volatility of yesterday.
    function test_CVR08_buying_refreshes_first() external {
        prices.setPending(PANIC);
        uint256 stale = vault.previewPremium(series, UNITS);
        uint256 fresh = premiumAt(PANIC);
        assertTrue("dearer", fresh > stale);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector, fresh, stale)
        );
        vm.prank(CAROL);
        vault.buy(series, UNITS, stale, CAROL);
        assertEq("paid", purchase(fresh), fresh);
        assertEq("its feed", prices.refreshed(), 1 + FeedId.unwrap(ETH));
    }

    function test_CVR08_after_a_refresh_the_preview_is_what_is_paid() external {
        prices.setPending(PANIC);
        model.refresh(vaultModel());
        uint256 preview = vault.previewPremium(series, UNITS);
        assertEq("preview", preview, premiumAt(PANIC));
        assertEq("paid", purchase(preview), preview);
    }

    function test_CVR08_without_consensus_nothing_is_sold() external {
        prices.lose();
        bytes memory refusal = abi.encodeWithSelector(IPriceOracle.PriceOracle_NoConsensus.selector, ETH, 1, 1, 2);
        vm.expectRevert(refusal);
        vault.previewPremium(series, UNITS);
        vm.expectRevert(refusal);
        vm.prank(CAROL);
        vault.buy(series, UNITS, type(uint256).max, CAROL);
        prices.set(2_000e18);
        purchase(premiumAt(EIGHTY));
    }

    function test_CVR08_a_put_at_or_above_the_price_is_refused_to_the_wei() external {
        prices.set(LEVEL);
        bytes memory refusal = abi.encodeWithSelector(
            IPremiumModel.PremiumModel_LevelNotBelowSpot.selector,
            LEVEL,
            LEVEL
        );
        vm.expectRevert(refusal);
        vault.previewPremium(series, UNITS);
        vm.expectRevert(refusal);
        vm.prank(CAROL);
        vault.buy(series, UNITS, type(uint256).max, CAROL);
        prices.set(LEVEL + 1);
        vm.prank(CAROL);
        vault.buy(series, UNITS, type(uint256).max, CAROL);
    }

    /// @dev CLM-06: what is sold is minted, refunded, settled, redeemed and released whatever has become of the feed.
    function test_CLM06_a_dead_feed_stops_the_sale_and_nothing_else() external {
        (PurchaseId first, ) = buyFor(series, CAROL, 20);
        (PurchaseId second, ) = buyFor(series, CAROL, 10);
        prices.lose();
        skip(1 days);
        assertTrue("minted", vault.complete(first));
        skip(7 days);
        assertTrue("refunded", !vault.complete(second));
        verifier.open(series);
        verifier.close(series, 5 * UNIT);
        vault.sync(series);
        assertEq("redeemed", redeem(series, CAROL, 20 * UNIT), 100 * NATIVE);
        vault.writeCurve();
        vm.warp(endsAt + 7 days + 1);
        vault.release(series);
        assertEq("nothing is bound", vault.books().liability, 0);
        assertSound();
    }

    function test_CVR10_nothing_is_priced_while_the_house_is_busy() external {
        house.setLocked(true);
        bytes memory refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_HouseLocked.selector);
        vm.expectRevert(refusal);
        vault.previewPremium(series, UNITS);
        vm.expectRevert(refusal);
        vm.prank(CAROL);
        vault.buy(series, UNITS, type(uint256).max, CAROL);
        assertEq("not even refreshed", prices.refreshed(), 0);
    }

    /* SET-UP */

    function test_CVR03_a_product_needs_a_model_that_somebody_has_written_down() external {
        ProductTerms memory product = terms();
        product.model = keccak256("nobody");
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_UnknownModel.selector, product.model));
        vault.announceProduct(product);
        ModelTerms memory other = put();
        other.level += 1;
        product.model = keccak256(abi.encode(other));
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_UnknownModel.selector, product.model));
        vault.announceProduct(product);
        model.defineModel(other);
        ProductId number = vault.announceProduct(product);
        (ProductTerms memory listed, , ) = vault.productOf(number);
        assertEq("as announced", uint256(listed.model), uint256(product.model));
    }

    function test_CVR08_set_up_needs_a_model_contract() external {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidLink.selector, MALLORY));
        new CoverageVaultExtension(settingsWith(FUND, address(verifier), UNIT), IPremiumModel(MALLORY));
        assertTrue("the vault's", vault.premiumModel() == address(model));
    }

    /* HELPERS */

    function put() private pure returns (ModelTerms memory) {
        return
            ModelTerms({
                kind: ModelKind.CashOrNothingPut,
                feed: ETH,
                isBelow: true,
                hazardRate: 1e18,
                volatilityFloor: 0.6e18,
                level: uint112(LEVEL),
                lowerLevel: 0
            });
    }

    function vaultModel() private pure returns (bytes32) {
        return keccak256(abi.encode(put()));
    }

    function premiumAt(uint256 variance) private view returns (uint256) {
        uint256 loss = LossModels.expectedLossUp({
            terms: put(),
            spot: 2_000e18,
            variance: LossModels.varianceUp(variance, 1, 0.6e18),
            duration: endsAt - block.timestamp
        });
        uint256 wad = (200 * loss * 13 + 9) / 10;
        return (wad + 1e12 - 1) / 1e12;
    }

    function purchase(uint256 maxPremium) private returns (uint256 premium) {
        vm.prank(CAROL);
        (, premium) = vault.buy(series, UNITS, maxPremium, CAROL);
    }
}
