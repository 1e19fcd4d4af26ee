// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPremiumModel} from "../interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {LossModels} from "../libraries/LossModels.sol";
import {PremiumCurve} from "../libraries/PremiumCurve.sol";
import {PremiumMath} from "../libraries/PremiumMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE, MAX_PRICE, WAD} from "../types/Constants.sol";
import {LOADING_BPS, MIN_TERM} from "../types/CoverageTerms.sol";
import {FeedId} from "../types/Identifiers.sol";
import {CurveState, ModelKind, ModelTerms, PremiumRequest} from "../types/Premium.sol";

/// @title What cover costs (CVR-08)
contract PremiumModel is IPremiumModel {
    /// @dev As for products: an expected loss of the whole limit a year is the most that makes sense.
    uint256 private constant MAX_HAZARD_RATE = WAD;
    /// @dev Sudden moves a year: one in ten years, one a month.
    uint256 private constant MIN_JUMP_RATE = 0.1e18;
    uint256 private constant MAX_JUMP_RATE = 12e18;
    /// @dev Annual.
    uint256 private constant MIN_VOLATILITY_FLOOR = 0.2e18;
    uint256 private constant MAX_VOLATILITY_FLOOR = 4e18;
    /// @dev Part of the upper level that the lower one of a spread may be: what is narrower is a cash-or-nothing put.
    uint256 private constant MIN_LOWER_BPS = 1_00;
    uint256 private constant MAX_LOWER_BPS = 99_00;

    IPriceOracle private immutable ORACLE;

    mapping(bytes32 model => ModelTerms) private _models;

    constructor(IPriceOracle oracle_) {
        ORACLE = oracle_;
    }

    /// @inheritdoc IPremiumModel
    function defineModel(ModelTerms calldata terms) external returns (bytes32 model) {
        // Check
        if (!(terms.kind == ModelKind.HazardRate ? _isHazardRate(terms) : _isPriced(terms))) {
            revert PremiumModel_InvalidTerms(terms);
        }
        if (terms.kind != ModelKind.HazardRate) ORACLE.lastPrice(terms.feed);
        model = keccak256(abi.encode(terms));
        if (_models[model].hazardRate != 0) return model;

        // Effect
        _models[model] = terms;
        emit ModelDefined(model, terms);
    }

    /// @inheritdoc IPremiumModel
    function refresh(bytes32 model) external {
        ModelTerms memory terms = _known(model);
        if (terms.kind != ModelKind.HazardRate) ORACLE.refresh(terms.feed);
    }

    /// @inheritdoc IPremiumModel
    function quote(
        bytes32 model,
        PremiumRequest calldata request,
        CurveState calldata curve
    ) external view returns (uint256 premium) {
        if (curve.updatedAt > block.timestamp) revert PremiumModel_InvalidCurve(curve);
        uint256 loss = _expectedLoss(model, request.startsAt, request.endsAt);
        uint256 kinkRate = PremiumCurve.adaptedUp(curve.kinkRate, curve.utilisation, block.timestamp - curve.updatedAt);
        uint256 rate = PremiumCurve.meanRateUp({
            kinkRate: kinkRate,
            from: PremiumMath.utilisationUp(request.bound, request.capital),
            to: PremiumMath.utilisationUp(request.bound + request.cost, request.capital)
        });

        premium = WadMath.max(
            WadMath.mulDivUp(request.cost, loss * (BPS_ONE + LOADING_BPS), WAD * BPS_ONE),
            PremiumMath.premiumUp(
                request.cost,
                WadMath.max(rate, PremiumMath.FLOOR_RATE),
                request.endsAt - request.startsAt
            )
        );
    }

    /// @inheritdoc IPremiumModel
    function expectedLoss(bytes32 model, uint256 startsAt, uint256 endsAt) external view returns (uint256 loss) {
        return _expectedLoss(model, startsAt, endsAt);
    }

    /// @inheritdoc IPremiumModel
    function termsOf(bytes32 model) external view returns (ModelTerms memory terms) {
        return _known(model);
    }

    function _expectedLoss(bytes32 model, uint256 startsAt, uint256 endsAt) private view returns (uint256) {
        ModelTerms memory terms = _known(model);
        if (startsAt < block.timestamp || endsAt < startsAt + MIN_TERM)
            revert PremiumModel_InvalidTerm(startsAt, endsAt);
        if (terms.kind == ModelKind.HazardRate) {
            return LossModels.expectedLossUp({terms: terms, spot: 0, variance: 0, duration: endsAt - startsAt});
        }

        uint256 spot = ORACLE.consensusPrice(terms.feed);
        if (terms.kind != ModelKind.OneTouch && terms.level >= spot) {
            revert PremiumModel_LevelNotBelowSpot(terms.level, spot);
        }
        (uint256 fast, uint256 slow) = ORACLE.variance(terms.feed);
        return
            LossModels.expectedLossUp({
                terms: terms,
                spot: spot,
                variance: LossModels.varianceUp(fast, slow, terms.volatilityFloor),
                duration: endsAt - block.timestamp
            });
    }

    function _known(bytes32 model) private view returns (ModelTerms memory terms) {
        terms = _models[model];
        // Every model has a rate.
        if (terms.hazardRate == 0) revert PremiumModel_UnknownModel(model);
    }

    function _isHazardRate(ModelTerms calldata terms) private pure returns (bool) {
        return
            terms.hazardRate > 0 &&
            terms.hazardRate <= MAX_HAZARD_RATE &&
            FeedId.unwrap(terms.feed) == 0 &&
            !terms.isBelow &&
            terms.volatilityFloor == 0 &&
            terms.level == 0 &&
            terms.lowerLevel == 0;
    }

    function _isPriced(ModelTerms calldata terms) private pure returns (bool) {
        uint256 lower = uint256(terms.lowerLevel) * BPS_ONE;
        bool hasLevels =
            terms.kind == ModelKind.PutSpread
                ? lower >= terms.level * MIN_LOWER_BPS && lower <= terms.level * MAX_LOWER_BPS
                : lower == 0;
        return
            hasLevels &&
            terms.level > 0 &&
            terms.level <= MAX_PRICE &&
            (terms.isBelow || terms.kind == ModelKind.OneTouch) &&
            terms.hazardRate >= MIN_JUMP_RATE &&
            terms.hazardRate <= MAX_JUMP_RATE &&
            terms.volatilityFloor >= MIN_VOLATILITY_FLOOR &&
            terms.volatilityFloor <= MAX_VOLATILITY_FLOOR;
    }
}
