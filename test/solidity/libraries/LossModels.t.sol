// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LossModels} from "../../../contracts/libraries/LossModels.sol";
import {OptionMath} from "../../../contracts/libraries/OptionMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";
import {ModelKind, ModelTerms} from "../../../contracts/types/Premium.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice What a model expects to pay: steady moves by their closed form, sudden ones never left out (CVR-08).
contract LossModelsTest {
    uint256 private constant YEAR = 365 days;
    uint256 private constant SPOT = 2_000e18;

    /// @dev 1.25 * 40% = 50% a year, from each of the three alone.
    function test_CVR08_VarianceIsOfTheHighestVolatilityTimesFiveQuarters() external pure {
        uint256 forty = 5_073_566_718; // 0.16e18 / 31,536,000, rounded up
        uint256 fifty = 7_927_447_997; // 25/16 of it, rounded up
        Fuzz.assertEqual(LossModels.varianceUp(forty, 1, 0), fifty, "fast");
        Fuzz.assertEqual(LossModels.varianceUp(1, forty, 0), fifty, "slow");
        Fuzz.assertEqual(LossModels.varianceUp(1, 2, 0.4e18), fifty, "floor of the cycle");
    }

    /// @dev Levels at which J + |ln| is 1, 2 and 3 times J.
    function test_CVR08_SuddenMovesByDepth() external pure {
        Fuzz.assertEqual(LossModels.jumpHazardUp(SPOT, SPOT, 4e18), 4e18, "at the spot");
        // e^-0.2 and e^-0.4 of it.
        _near(LossModels.jumpHazardUp(1e27, 818730753077981858669935508, 4e18), 0.5e18, 200, "an eighth");
        _near(LossModels.jumpHazardUp(1e27, 670320046035639300744432925, 2.7e18), 0.1e18, 50, "a 27th");
        _near(LossModels.jumpHazardUp(670320046035639300744432925, 1e27, 2.7e18), 0.1e18, 50, "upward the same");
    }

    function test_CVR08_HazardRateOverTime() external pure {
        ModelTerms memory terms = _terms(ModelKind.HazardRate, 0.02e18, 0, 0);
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, 0, 0, YEAR), 0.02e18, "a year");
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, 0, 0, 73 days), 0.004e18, "a fifth of one");
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, 0, 0, 1), 634195840, "rounded up");
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, 0, 0, 50 * YEAR + 1), WAD, "at most the limit");
    }

    /// @dev In a calm market sudden moves cost more than the lognormal law knows; in a wild one less.
    function test_CVR08_TheGreaterOfSteadyAndSudden() external pure {
        ModelTerms memory put = _terms(ModelKind.CashOrNothingPut, 2e18, 1_000e18, 0);
        uint256 sudden = (LossModels.jumpHazardUp(SPOT, 1_000e18, 2e18) * 70 days) / YEAR + 1;
        Fuzz.assertEqual(LossModels.expectedLossUp(put, SPOT, 1, 70 days), sudden, "calm");
        uint256 variance = 32e9; // 100% a year
        uint256 steady = OptionMath.cashOrNothingPutUp(SPOT, 1_000e18, OptionMath.deviationUp(variance, 70 days));
        Fuzz.assertTrue(steady > 2 * sudden, "the case is one");
        Fuzz.assertEqual(LossModels.expectedLossUp(put, SPOT, variance, 70 days), steady, "wild");
    }

    function test_CVR08_EachKindItsForm() external pure {
        (uint256 variance, uint256 s) = (32e9, OptionMath.deviationUp(32e9, 70 days));
        ModelTerms memory terms = _terms(ModelKind.PutSpread, 0.1e18, 1_600e18, 800e18);
        uint256 found = LossModels.expectedLossUp(terms, SPOT, variance, 70 days);
        Fuzz.assertEqual(found, OptionMath.putSpreadUp(SPOT, 1_600e18, 800e18, s), "spread");
        terms = _terms(ModelKind.OneTouch, 0.1e18, 1_600e18, 0);
        found = LossModels.expectedLossUp(terms, SPOT, variance, 70 days);
        Fuzz.assertEqual(found, OptionMath.oneTouchUp(SPOT, 1_600e18, true, s), "touch below");
        terms.isBelow = false;
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, SPOT, variance, 70 days), WAD, "already above");
        terms.level = 2_600e18;
        found = LossModels.expectedLossUp(terms, SPOT, variance, 70 days);
        Fuzz.assertEqual(found, OptionMath.oneTouchUp(SPOT, 2_600e18, false, s), "touch above");
    }

    /// @dev The mean of both ends is not below the mean over the levels between, here of 64 slices.
    /// forge-config: default.fuzz.runs = 500
    function testFuzz_CVR08_ChordIsAboveTheHazard(uint256 rawUpper, uint256 rawLower) external pure {
        uint256 lower = Fuzz.between(rawLower, SPOT / 44 + 1, SPOT - 1e18);
        uint256 upper = Fuzz.between(rawUpper, lower + 1e12, SPOT - 1);
        uint256 sum = 0;
        for (uint256 i = 0; i < 64; ++i) {
            sum += LossModels.jumpHazardUp(SPOT, lower + ((upper - lower) * (2 * i + 1)) / 128, 1e18);
        }
        ModelTerms memory terms = _terms(ModelKind.PutSpread, 1e18, uint112(upper), uint112(lower));
        uint256 found = LossModels.expectedLossUp(terms, SPOT, 0, YEAR);
        Fuzz.assertTrue(found + 1 >= sum / 64, "chord");
    }

    /// @dev Where the chord is no bound any more, the hazard of the upper level is.
    function test_CVR08_FarBelowTheUpperLevelCounts() external pure {
        ModelTerms memory terms = _terms(ModelKind.PutSpread, 1e18, 1_600e18, 45e18);
        Fuzz.assertEqual(LossModels.expectedLossUp(terms, 1_980e18, 0, YEAR), _hazard(1_980e18), "at 44 times");
        terms.lowerLevel = 45e18 + 1;
        Fuzz.assertTrue(LossModels.expectedLossUp(terms, 1_980e18, 0, YEAR) < _hazard(1_980e18), "just below");
    }

    /// @dev More time, more volatility or more sudden moves never make cover cheaper.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_NeverCheaperForMoreRisk(uint256[5] calldata raw, uint256 more) external pure {
        ModelKind kind = ModelKind(raw[0] % 4);
        uint256 level = Fuzz.between(raw[1], SPOT / 20, SPOT - 1e18);
        uint256 rate = Fuzz.between(raw[2], 0.1e18, 12e18);
        ModelTerms memory terms = _terms(kind, uint64(rate), uint112(level), uint112(level / 2));
        uint256 variance = Fuzz.between(raw[3], 1e9, 500e9);
        uint256 duration = Fuzz.between(raw[4], 1 days, 100 days);
        uint256 loss = LossModels.expectedLossUp(terms, SPOT, variance, duration);
        Fuzz.assertBetween(loss, 1, WAD, "a probability, never 0");
        // Two roundings of a spread or a touch.
        uint256 error = kind == ModelKind.CashOrNothingPut || kind == ModelKind.HazardRate ? 0 : 20_000;
        uint256 later = LossModels.expectedLossUp(terms, SPOT, variance, duration + (more % YEAR));
        Fuzz.assertBetween(loss, 0, later + error, "time");
        uint256 wilder = LossModels.expectedLossUp(terms, SPOT, variance + (more % 1e12), duration);
        Fuzz.assertBetween(loss, 0, wilder + error, "variance");
        terms.hazardRate += uint64(more % 1e18);
        Fuzz.assertBetween(loss, 0, LossModels.expectedLossUp(terms, SPOT, variance, duration), "sudden moves");
    }

    function _hazard(uint256 spot) private pure returns (uint256) {
        return LossModels.jumpHazardUp(spot, 1_600e18, 1e18);
    }

    function _terms(
        ModelKind kind,
        uint64 rate,
        uint112 level,
        uint112 lower
    ) private pure returns (ModelTerms memory) {
        return
            ModelTerms({
                kind: kind,
                feed: FeedId.wrap(0),
                isBelow: true,
                hazardRate: rate,
                volatilityFloor: 0,
                level: level,
                lowerLevel: lower
            });
    }

    function _near(uint256 found, uint256 exact, uint256 error, string memory what) private pure {
        Fuzz.assertBetween(found, exact, exact + error, what);
    }
}
