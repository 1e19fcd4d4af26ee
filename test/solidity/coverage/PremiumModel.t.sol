// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPremiumModel} from "../../../contracts/interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {LossModels} from "../../../contracts/libraries/LossModels.sol";
import {MAX_PRICE, WAD} from "../../../contracts/types/Constants.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";
import {CurveState, ModelKind, ModelTerms, PremiumRequest} from "../../../contracts/types/Premium.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {PremiumTest} from "./PremiumTest.sol";

/// @notice What cover costs: the greatest of model with loading, curve and floor (CVR-08).
contract PremiumModelTest is PremiumTest {
    /* WHICH OF THE THREE */

    /// @dev 100 for 70 of 365 days. 10% a year with 30% loading is 13%.
    function test_CVR08_ModelWithLoading() external {
        bytes32 id = model.defineModel(_hazard(0.1e18));
        uint256 premium = model.quote(id, _request(100e18, 0), _fresh());
        Fuzz.assertEqual(premium, 2_493150684931506860, "130 times 10% * 70 / 365, rounded up");
    }

    function test_CVR08_FloorOfThreePercentAYear() external {
        bytes32 id = model.defineModel(_hazard(0.02e18));
        uint256 premium = model.quote(id, _request(100e18, 0), _fresh());
        Fuzz.assertEqual(premium, 575342465753424658, "100 * 3% * 70 / 365, rounded up");
    }

    /// @dev From 80% to 90% of the capital: 18% a year on the mean of the fresh curve.
    function test_CVR08_CurveWhenCapitalIsScarce() external {
        bytes32 id = model.defineModel(_hazard(0.02e18));
        uint256 premium = model.quote(id, _request(100e18, 800e18), _fresh());
        Fuzz.assertEqual(premium, 3_452054794520547946, "100 * 18% * 70 / 365, rounded up");
    }

    /// @dev e^(50/365 * 7) = 2.608836 times the rate after a week of full use, whatever is bound when it ends.
    function test_CVR08_CurveAdaptsToWhatWasBound() external {
        bytes32 id = model.defineModel(_hazard(0.02e18));
        CurveState memory curve = CurveState({
            kinkRate: 0.04e18,
            utilisation: uint64(WAD),
            updatedAt: uint40(block.timestamp)
        });
        vm.warp(block.timestamp + 7 days);
        uint256 premium = model.quote(id, _request(100e18, 800e18), curve);
        // 0.104353436320837774 at the kink in the place of 0.04, to 100 wei of the rate.
        uint256 expected = (3.452054794520547946e18 * uint256(0.104353436320837774e18)) / 0.04e18;
        Fuzz.assertBetween(premium, expected - 1e4, expected + 1e4, "premium");
    }

    function test_CVR08_CurveFromTheFutureIsRefused() external {
        bytes32 id = model.defineModel(_hazard(0.02e18));
        CurveState memory curve = CurveState({
            kinkRate: 0.04e18,
            utilisation: 0,
            updatedAt: uint40(block.timestamp) + 1
        });
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_InvalidCurve.selector, curve));
        model.quote(id, _request(1e18, 0), curve);
        curve.updatedAt -= 1;
        model.quote(id, _request(1e18, 0), curve);
    }

    /* PRICE MODELS */

    /// @dev sigma = 1.25 * 80% = 100% a year over the 71 days to the end; the start does not matter.
    function test_CVR08_PriceModelsAreThoseOfTheLibraryToTheEnd() external {
        oracle.setVariance(EIGHTY, 1);
        uint256 variance = LossModels.varianceUp(EIGHTY, 1, 0.6e18);
        ModelTerms[3] memory all = [
            _priced(ModelKind.CashOrNothingPut, 1_400e18, 0),
            _priced(ModelKind.PutSpread, 1_600e18, 800e18),
            _priced(ModelKind.OneTouch, 1_400e18, 0)
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            bytes32 id = model.defineModel(all[i]);
            uint256 loss = LossModels.expectedLossUp(all[i], SPOT, variance, 71 days);
            Fuzz.assertEqual(model.expectedLoss(id, START + 1 days, START + 71 days), loss, "loss");
            Fuzz.assertEqual(model.expectedLoss(id, START + 3 days, START + 71 days), loss, "waiting is included");
            uint256 premium = model.quote(id, _request(100e18, 0), _fresh());
            Fuzz.assertEqual(premium, loss * 130, "30% on top");
        }
    }

    function test_CVR08_HighestOfFastSlowAndCycleFloor() external {
        bytes32 id = model.defineModel(_priced(ModelKind.OneTouch, 1_400e18, 0));
        uint256 calm = model.expectedLoss(id, START, START + 70 days);
        ModelTerms memory terms = _priced(ModelKind.OneTouch, 1_400e18, 0);
        uint256 floor = LossModels.varianceUp(0, 0, 0.6e18);
        Fuzz.assertEqual(calm, LossModels.expectedLossUp(terms, SPOT, floor, 70 days), "60% a year at least");
        oracle.setVariance(EIGHTY, 1);
        uint256 fast = model.expectedLoss(id, START, START + 70 days);
        oracle.setVariance(1, EIGHTY);
        Fuzz.assertEqual(model.expectedLoss(id, START, START + 70 days), fast, "slow as fast");
        Fuzz.assertTrue(fast > calm, "dearer");
    }

    /// @dev Puts are sold below the price only, to the wei.
    function test_CVR08_PutsBelowTheSpotOnly() external {
        bytes32 put = model.defineModel(_priced(ModelKind.CashOrNothingPut, SPOT, 0));
        bytes32 spread = model.defineModel(_priced(ModelKind.PutSpread, SPOT, 1_000e18));
        bytes memory refusal = abi.encodeWithSelector(
            IPremiumModel.PremiumModel_LevelNotBelowSpot.selector,
            SPOT,
            SPOT
        );
        vm.expectRevert(refusal);
        model.expectedLoss(put, START, START + 70 days);
        vm.expectRevert(refusal);
        model.quote(spread, _request(1e18, 0), _fresh());
        oracle.set(SPOT + 1);
        model.expectedLoss(put, START, START + 70 days);
        model.expectedLoss(spread, START, START + 70 days);
    }

    function test_CVR08_WhatIsTouchedCostsMoreThanItPays() external {
        bytes32 id = model.defineModel(_priced(ModelKind.OneTouch, SPOT, 0));
        Fuzz.assertEqual(model.expectedLoss(id, START, START + 7 days), WAD, "certain");
        uint256 premium = model.quote(id, _request(100e18, 0), _fresh());
        Fuzz.assertEqual(premium, 130e18, "with loading");
    }

    function test_CVR08_NoConsensusNoPrice() external {
        bytes32 id = model.defineModel(_priced(ModelKind.OneTouch, 1_400e18, 0));
        oracle.lose();
        vm.expectRevert(abi.encodeWithSelector(IPriceOracle.PriceOracle_NoConsensus.selector, FeedId.wrap(1), 1, 1, 2));
        model.quote(id, _request(1e18, 0), _fresh());
    }

    /// @dev Who sells refreshes first: then the move of this second is in the volatility.
    function test_CVR08_RefreshBringsTheMoveIn() external {
        bytes32 priced = model.defineModel(_priced(ModelKind.OneTouch, 1_400e18, 0));
        bytes32 hazard = model.defineModel(_hazard(0.02e18));
        uint256 before = model.expectedLoss(priced, START, START + 70 days);
        oracle.setPending(4 * EIGHTY);
        model.refresh(hazard);
        Fuzz.assertEqual(oracle.refreshed(), 0, "a hazard rate reads nothing");
        model.refresh(priced);
        Fuzz.assertEqual(oracle.refreshed(), 2, "feed 1");
        Fuzz.assertTrue(model.expectedLoss(priced, START, START + 70 days) > before, "dearer");
    }

    /* TERM */

    function test_CVR08_SevenDaysAtLeastAndNotBackwards() external {
        bytes32 id = model.defineModel(_hazard(0.1e18));
        model.expectedLoss(id, START, START + 7 days);
        _refuses(id, START, START + 7 days - 1);
        _refuses(id, START - 1, START + 7 days);
        _refuses(id, START + 8 days, START + 7 days);
    }

    /* BUYING IN PARTS */

    /// @dev INV-21: two purchases in one second never cost less than one of both.
    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_CVR08_PartsNeverCostLess(uint256[3] calldata raw, bool isPriced) external {
        bytes32 id = model.defineModel(isPriced ? _priced(ModelKind.OneTouch, 1_000e18, 0) : _hazard(0.05e18));
        uint256 bound = Fuzz.between(raw[0], 0, 999e18);
        uint256 cost = Fuzz.between(raw[1], 2, 1_000e18 - bound);
        uint256 part = Fuzz.between(raw[2], 1, cost - 1);
        uint256 whole = model.quote(id, _request(cost, bound), _fresh());
        uint256 first = model.quote(id, _request(part, bound), _fresh());
        CurveState memory middle = CurveState({kinkRate: 0.04e18, utilisation: 0, updatedAt: uint40(block.timestamp)});
        uint256 second = model.quote(id, _request(cost - part, bound + part), middle);
        // Utilisation is rounded to a wei of itself: a thousand wei of the vault's capital, at 3 a year at most.
        Fuzz.assertTrue(first + second + 6_000 >= whole, "splitting");
    }

    /* MODELS */

    function test_CVR08_AModelIsWrittenOnce() external {
        ModelTerms memory terms = _priced(ModelKind.PutSpread, 1_600e18, 800e18);
        vm.expectEmit(address(model));
        emit IPremiumModel.ModelDefined(keccak256(abi.encode(terms)), terms);
        bytes32 id = model.defineModel(terms);
        Fuzz.assertTrue(id == keccak256(abi.encode(terms)), "id is the hash");
        Fuzz.assertTrue(model.defineModel(terms) == id, "again the same");
        Fuzz.assertTrue(keccak256(abi.encode(model.termsOf(id))) == id, "what was written");
        bytes32 unknown = keccak256("nobody");
        bytes memory refusal = abi.encodeWithSelector(IPremiumModel.PremiumModel_UnknownModel.selector, unknown);
        vm.expectRevert(refusal);
        model.termsOf(unknown);
        vm.expectRevert(refusal);
        model.refresh(unknown);
        vm.expectRevert(refusal);
        model.quote(unknown, _request(1e18, 0), _fresh());
        vm.expectRevert(refusal);
        model.expectedLoss(unknown, START, START + 70 days);
    }

    function test_CVR08_BoundsOfHazardRates() external {
        model.defineModel(_hazard(1));
        model.defineModel(_hazard(1e18));
        _invalid(_hazard(0));
        _invalid(_hazard(1e18 + 1));
        ModelTerms memory terms = _hazard(0.1e18);
        terms.feed = FeedId.wrap(1);
        _invalid(terms);
        terms = _hazard(0.1e18);
        terms.isBelow = true;
        _invalid(terms);
        terms = _hazard(0.1e18);
        terms.volatilityFloor = 1;
        _invalid(terms);
        terms = _hazard(0.1e18);
        terms.level = 1;
        _invalid(terms);
        terms = _hazard(0.1e18);
        terms.lowerLevel = 1;
        _invalid(terms);
    }

    function test_CVR08_BoundsOfPriceModels() external {
        ModelTerms memory terms = _priced(ModelKind.CashOrNothingPut, 1_400e18, 0);
        (terms.hazardRate, terms.volatilityFloor) = (0.1e18, 0.2e18);
        model.defineModel(terms);
        (terms.hazardRate, terms.volatilityFloor) = (12e18, 4e18);
        model.defineModel(terms);
        terms.hazardRate = 12e18 + 1;
        _invalid(terms);
        terms.hazardRate = 0.1e18 - 1;
        _invalid(terms);
        terms.hazardRate = 1e18;
        terms.volatilityFloor = 4e18 + 1;
        _invalid(terms);
        terms.volatilityFloor = 0.2e18 - 1;
        _invalid(terms);
        terms.volatilityFloor = 1e18;
        terms.isBelow = false;
        _invalid(terms);
        terms.kind = ModelKind.OneTouch;
        model.defineModel(terms);
        terms.level = 0;
        _invalid(terms);
        terms.level = uint112(MAX_PRICE);
        model.defineModel(terms);
        terms.level = uint112(MAX_PRICE) + 1;
        _invalid(terms);
        terms.level = 1_400e18;
        terms.lowerLevel = 1;
        _invalid(terms);
        terms.lowerLevel = 0;
        terms.feed = FeedId.wrap(4);
        vm.expectRevert(abi.encodeWithSelector(IPriceOracle.PriceOracle_UnknownFeed.selector, terms.feed));
        model.defineModel(terms);
    }

    function test_CVR08_BoundsOfSpreads() external {
        model.defineModel(_priced(ModelKind.PutSpread, 1_000e18, 10e18));
        model.defineModel(_priced(ModelKind.PutSpread, 1_000e18, 990e18));
        _invalid(_priced(ModelKind.PutSpread, 1_000e18, 10e18 - 1));
        _invalid(_priced(ModelKind.PutSpread, 1_000e18, 990e18 + 1));
        _invalid(_priced(ModelKind.PutSpread, 1_000e18, 0));
        _invalid(_priced(ModelKind.PutSpread, 0, 0));
        ModelTerms memory upward = _priced(ModelKind.PutSpread, 1_000e18, 500e18);
        upward.isBelow = false;
        _invalid(upward);
    }

    function _invalid(ModelTerms memory terms) private {
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_InvalidTerms.selector, terms));
        model.defineModel(terms);
    }

    function _refuses(bytes32 id, uint256 startsAt, uint256 endsAt) private {
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_InvalidTerm.selector, startsAt, endsAt));
        model.expectedLoss(id, startsAt, endsAt);
        PremiumRequest memory request = _request(1e18, 0);
        (request.startsAt, request.endsAt) = (startsAt, endsAt);
        vm.expectRevert(abi.encodeWithSelector(IPremiumModel.PremiumModel_InvalidTerm.selector, startsAt, endsAt));
        model.quote(id, request, _fresh());
    }
}
