// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {MockPremiumFactor} from "../../../contracts/mocks/MockPremiumFactor.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev FND-04: a fund that falls short makes cover dearer, up to twice. Junior 300, senior 700; 20 tokens of 10 for 55 days at 13% a year.
contract PremiumFactorTest is AttackVault {
    uint96 private constant UNITS = 20e18;

    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        start(6);
    }

    function start(uint8 decimals) private {
        build(decimals);
        uint256 one = 10 ** decimals;
        depositNative(junior, ALICE, 300 * one);
        depositNative(senior, BOB, 700 * one);
        series = newSeries(10, 8);
        endsAt = block.timestamp + 8 * WEEK;
        fill(CAROL, 1_000 * one);
    }

    function linkFactor(uint256 factor) private returns (MockPremiumFactor control) {
        control = new MockPremiumFactor(factor);
        house.linkRiskController(address(control));
    }

    function preview() private view returns (uint256) {
        return vault.previewPremium(series, UNITS);
    }

    function purchase(uint256 maxPremium) private returns (PurchaseId bought, uint256 premium) {
        vm.prank(CAROL);
        return vault.buy(series, UNITS, maxPremium, CAROL);
    }

    /// @dev What the model asks for: 10% a year for 55 days, rounded up; 200 times that, with 30%, is whole.
    function plain() private pure returns (uint256) {
        return (200 * ((0.1e18 * uint256(55) - 1) / 365 + 1) * 13) / 10;
    }

    function test_FND04_what_is_not_linked_counts_as_one() external {
        start(18);
        assertEq("unlinked", preview(), plain());
        linkFactor(UNIT);
        assertEq("linked at 1", preview(), plain());
    }

    /// @dev The product is rounded up, to the wei.
    function test_FND04_the_factor_multiplies_the_premium_rounded_up() external {
        start(18);
        MockPremiumFactor control = linkFactor(UNIT + 1);
        uint256 exact = plain();
        assertEq("a wei more of the factor", preview(), exact + (exact - 1) / UNIT + 1);
        control.set(1.5e18);
        assertEq("a half more", preview(), (exact * 3 + 1) / 2);
        control.set(2e18);
        assertEq("doubled", preview(), 2 * exact);
    }

    function test_FND04_whatever_is_linked_premiums_at_most_double_and_never_fall() external {
        start(18);
        MockPremiumFactor control = linkFactor(2e18 + 1);
        assertEq("above 2", preview(), 2 * plain());
        control.set(type(uint256).max);
        assertEq("far above 2", preview(), 2 * plain());
        control.set(UNIT - 1);
        assertEq("below 1", preview(), plain());
        control.set(0);
        assertEq("nothing", preview(), plain());
    }

    /// @dev Also in a token of 6 decimals: one rounding to the token, after the factor.
    function test_FND04_preview_is_what_is_paid(uint256 seed) external {
        uint256 factor = UNIT + (seed % (UNIT + 1));
        linkFactor(factor);
        uint256 expected = ((plain() * factor - 1) / UNIT + 1 + 1e12 - 1) / 1e12;
        assertEq("preview", preview(), expected);
        uint256 before = token.balanceOf(CAROL);
        (PurchaseId bought, uint256 paid) = purchase(expected);
        assertEq("paid", paid, expected);
        assertEq("taken", before - token.balanceOf(CAROL), expected);
        assertEq("escrowed", vault.purchaseOf(bought).premium, expected * 1e12);
        assertSound();
    }

    function test_FND04_the_buyers_limit_protects_from_a_ratio_that_falls_before_his_purchase() external {
        MockPremiumFactor control = linkFactor(UNIT);
        uint256 limit = preview();
        control.set(1.25e18);
        uint256 dearer = preview();
        assertTrue("dearer", dearer > limit);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector, dearer, limit)
        );
        purchase(limit);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_PremiumAboveLimit.selector, dearer, dearer - 1)
        );
        purchase(dearer - 1);
        purchase(dearer);
    }

    function test_FND04_what_is_bought_stays_at_its_price() external {
        MockPremiumFactor control = linkFactor(UNIT);
        (PurchaseId bought, uint256 premium) = purchase(type(uint256).max);
        control.set(2e18);
        skip(1 days);
        assertTrue("minted", vault.complete(bought));
        vm.warp(endsAt + 1);
        assertEq("earned", vault.books().junior + vault.books().senior, 1_000 * UNIT + premium * 1e12);
    }

    /// @dev R4: risk control that answers nothing stops the sale, and nothing else.
    function test_FND04_risk_control_that_fails_stops_no_exit_draw_or_payout() external {
        vault.announceCommitment(SEGMENT, uint96(100 * UNIT));
        (PurchaseId first, ) = purchase(type(uint256).max);
        (PurchaseId second, ) = purchase(type(uint256).max);
        MockPremiumFactor control = linkFactor(1.5e18);
        control.refuse();
        bytes memory refusal = abi.encodeWithSelector(MockPremiumFactor.MockPremiumFactor_Refused.selector, 1.5e18);
        vm.expectRevert(refusal);
        preview();
        vm.expectRevert(refusal);
        purchase(type(uint256).max);
        skip(1 days);
        assertTrue("minted", vault.complete(first));
        skip(7 days);
        assertTrue("refunded", !vault.complete(second));
        queue(senior, BOB, senior.balanceOf(BOB) / 10);
        skip(COOLDOWN);
        vault.activateCommitment(SEGMENT);
        assertTrue("exit", claim(senior, BOB) > 0);
        (uint256 fromJunior, ) = draw(10 * UNIT);
        assertEq("drawn", fromJunior, 10 * UNIT);
        deposit(junior, ALICE, 1);
        verifier.open(series);
        verifier.close(series, 5 * UNIT);
        vault.sync(series);
        assertEq("redeemed", redeem(series, CAROL, UNITS), 100 * NATIVE);
        vault.writeCurve();
        vm.warp(endsAt + 7 days + 1);
        vault.release(series);
        assertSound();
    }
}
