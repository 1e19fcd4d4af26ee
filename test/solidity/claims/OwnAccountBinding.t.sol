// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OwnAccountTrigger} from "../../../contracts/claims/triggers/OwnAccountTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Binding, IOwnAccountTrigger, OwnAccountTerms} from "../../../contracts/interfaces/IOwnAccountTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {AccountHeader, Market} from "../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../contracts/types/Flags.sol";
import {MarketId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {OwnAccountTest} from "./OwnAccountTest.sol";

/// @dev CVR-07: which account a series covers, and from which price on.
contract OwnAccountBindingTest is OwnAccountTest {
    function bindAs(address who, SeriesId series) private {
        vm.prank(who);
        trigger.bind(address(this), series, ACCOUNT);
    }

    function expectWrongSubject(address vault, SeriesId series) private {
        vm.expectRevert(
            abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_WrongSubject.selector, vault, series)
        );
    }

    function test_CVR07_TheBindingIsWhatTheAccountIsNow() public {
        expectUndecided();
        bindSeries();
        Binding memory binding = trigger.bindingOf(mark);
        Fuzz.assertTrue(binding.account == ACCOUNT, "account");
        Fuzz.assertEqual(MarketId.unwrap(binding.market), 3, "market");
        Fuzz.assertTrue(binding.isLong, "long");
        Fuzz.assertEqual(binding.touchPrice, TOUCH, "price");
        Fuzz.assertEqual(binding.base, BASE, "base");
        Fuzz.assertEqual(binding.boundAt, START, "bound at");
        Fuzz.assertEqual(binding.endsAt, ENDS_AT, "ends at");
        Fuzz.assertEqual(binding.terms.maxCostBps, 10_00, "terms");
        Fuzz.assertEqual(trigger.boundUntil(ACCOUNT), REPORTS_UNTIL, "bound until");
        assertPays(0, 0);
    }

    /// @dev 200 + 2,000 - 10 p = 0.4 p.
    function test_CVR07_AShortIsTouchedFromBelow() public {
        house.setPosition(-int256(uint256(BASE)), 2_000e18);
        bindSeries();
        Binding memory binding = trigger.bindingOf(mark);
        Fuzz.assertTrue(!binding.isLong, "short");
        Fuzz.assertEqual(binding.touchPrice, (uint256(2_200e18) * 10) / 104 + 1, "price");
    }

    /// @dev mmr runs from 4% to 6%: 1,800 / 9.4, the lowest price below it.
    function test_CVR07_ARampCountsWithItsEnd() public {
        Market memory market;
        (market.rateSet, market.rateTarget, market.rateSetAt) = (4_000, 6_000, uint32(START));
        house.setMarket(market);
        oracle.set(210e18);
        bindSeries();
        Fuzz.assertEqual(trigger.bindingOf(mark).touchPrice, (uint256(1_800e18) * 10) / 94, "rising");
    }

    function test_CVR07_AFallingRampCountsAsItStands() public {
        Market memory market;
        (market.rateSet, market.rateTarget, market.rateSetAt) = (4_000, 2_000, uint32(START));
        house.setMarket(market);
        bindSeries();
        Fuzz.assertEqual(trigger.bindingOf(mark).touchPrice, TOUCH, "falling");
    }

    function test_CVR07_OnlyTheOwnerBindsHisAccount() public {
        vm.expectRevert(
            abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_NotOwner.selector, address(this), ACCOUNT)
        );
        trigger.bind(address(this), SERIES, ACCOUNT);
    }

    function test_CLM08_ASeriesIsBoundOnceAndOnlyToItsTrigger() public {
        bindSeries();
        expectWrongSubject(address(this), SERIES);
        bindAs(ALICE, SERIES);
        SeriesId other = SeriesId.wrap(2);
        OwnAccountTrigger second = new OwnAccountTrigger(IClearingHouse(address(house)), verifier);
        second.defineTerms(definition());
        verifier.registerSeries(other, address(second), terms, LIMIT, ENDS_AT, REPORTS_UNTIL);
        expectWrongSubject(address(this), other);
        bindAs(ALICE, other);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_UnknownSeries.selector, address(this), SeriesId.wrap(3))
        );
        bindAs(ALICE, SeriesId.wrap(3));
    }

    function test_CVR07_AnEndedSeriesBindsNobodyToTheSecond() public {
        vm.warp(ENDS_AT);
        expectWrongSubject(address(this), SERIES);
        bindAs(ALICE, SERIES);
        vm.warp(ENDS_AT - 1);
        bindAs(ALICE, SERIES);
    }

    /// @dev Otherwise two series would indemnify one loss.
    function test_CVR07_AnAccountIsBoundToOneSeriesAtATimeToTheSecond() public {
        SeriesId other = SeriesId.wrap(2);
        verifier.registerSeries(other, address(trigger), terms, LIMIT, REPORTS_UNTIL + 7 days, REPORTS_UNTIL + 8 days);
        bindSeries();
        vm.warp(REPORTS_UNTIL);
        vm.expectRevert(
            abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_AlreadyBound.selector, ACCOUNT, REPORTS_UNTIL)
        );
        bindAs(ALICE, other);
        vm.warp(REPORTS_UNTIL + 1);
        bindAs(ALICE, other);
    }

    function expectNotOneMarket(uint256 markets, uint256 assets) private {
        AccountHeader memory changed = header(200e18);
        (changed.markets, changed.assets) = (uint48(markets), uint8(assets));
        house.setHeader(changed);
        vm.expectRevert(
            abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_NotOneMarket.selector, ACCOUNT, markets, assets)
        );
        bindAs(ALICE, SERIES);
    }

    function test_CVR07_AnAccountWithoutOneLiquidationPriceIsRefused() public {
        expectNotOneMarket(0, 0);
        expectNotOneMarket((1 << 3) | (1 << 47), 0);
        expectNotOneMarket(1 << 3, 2);
    }

    function expectWrongFlags(uint8 flags) private {
        AccountHeader memory changed = header(200e18);
        changed.flags = flags;
        house.setHeader(changed);
        vm.expectRevert(
            abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_WrongFlags.selector, ACCOUNT, flags)
        );
        bindAs(ALICE, SERIES);
    }

    function test_CVR07_AnAccountInAuctionOrFlaggedOrWithoutRecordsIsRefused() public {
        expectWrongFlags(0);
        expectWrongFlags(AccountFlags.RECORDED | AccountFlags.IN_AUCTION);
        expectWrongFlags(AccountFlags.RECORDED | AccountFlags.FLAGGED);
    }

    /// @dev With a wei less than 176 of cash the price is 190 exactly: 5% below 200.
    function test_CVR07_ThePriceMustBeFarEnoughToTheWei() public {
        house.setHeader(header(176e18 - 1));
        oracle.set(200e18 - 1);
        vm.expectRevert(wrongDistance(200e18 - 1, 190e18));
        bindAs(ALICE, SERIES);
        oracle.set(200e18);
        bindAs(ALICE, SERIES);
        Fuzz.assertEqual(trigger.bindingOf(mark).touchPrice, 190e18, "price");
    }

    function test_CVR07_WhoIsBelowMarginOrPaidForHasNoPrice() public {
        oracle.set(TOUCH);
        vm.expectRevert(wrongDistance(TOUCH, 0));
        bindAs(ALICE, SERIES);
        oracle.set(200e18);
        house.setHeader(header(2_000e18));
        vm.expectRevert(wrongDistance(200e18, 0));
        bindAs(ALICE, SERIES);
        // Wholly deleveraged: a bit without base.
        house.setHeader(header(200e18));
        house.setPosition(0, 5e18);
        vm.expectRevert(wrongDistance(200e18, 0));
        bindAs(ALICE, SERIES);
    }

    function test_CLM06_WithoutConsensusNobodyIsBound() public {
        oracle.lose();
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, terms));
        bindAs(ALICE, SERIES);
    }

    /* TERMS */

    function expectInvalid(OwnAccountTerms memory wrong) private {
        vm.expectRevert(abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_InvalidTerms.selector, wrong));
        trigger.defineTerms(wrong);
    }

    function test_CVR07_TermsHaveBounds() public {
        expectInvalid(OwnAccountTerms(9_99, 10_00, 5_00));
        expectInvalid(OwnAccountTerms(90_01, 10_00, 5_00));
        expectInvalid(OwnAccountTerms(20_00, 0, 5_00));
        expectInvalid(OwnAccountTerms(20_00, 20_01, 5_00));
        expectInvalid(OwnAccountTerms(20_00, 10_00, 1_99));
        expectInvalid(OwnAccountTerms(20_00, 10_00, 50_01));
        trigger.defineTerms(OwnAccountTerms(10_00, 1, 2_00));
        bytes32 widest = trigger.defineTerms(OwnAccountTerms(90_00, 20_00, 50_00));
        Fuzz.assertEqual(trigger.definitionOf(widest).minDistanceBps, 50_00, "defined");
        Fuzz.assertTrue(trigger.defineTerms(definition()) == terms, "the same terms");
    }

    function test_CVR07_TermsThatNobodyDefinedAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, bytes32("none")));
        trigger.checkpoint("none", address(this), SERIES);
    }

    function test_CVR07_LinksMustBeContracts() public {
        vm.expectRevert(abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_InvalidLink.selector, ALICE));
        new OwnAccountTrigger(IClearingHouse(ALICE), verifier);
        vm.expectRevert(abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_InvalidLink.selector, ALICE));
        new OwnAccountTrigger(IClearingHouse(address(house)), IClaimVerifier(ALICE));
        Fuzz.assertTrue(trigger.house() == address(house), "house");
        Fuzz.assertTrue(trigger.verifier() == address(verifier), "verifier");
    }

    function test_CVR07_WhatIsNotBoundIsNotRecorded() public {
        vm.expectRevert(abi.encodeWithSelector(IOwnAccountTrigger.OwnAccountTrigger_NotBound.selector, mark));
        trigger.record(mark);
    }
}
