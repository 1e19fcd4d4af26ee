// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CurveState, ModelTerms, PremiumRequest} from "../types/Premium.sol";

/// @title What cover costs (CVR-08)
/// @notice premium = max(model * (1 + loading), curve, floor). One contract for all vaults on one oracle. It holds no money, has no owner, and
/// what is written once never changes. All amounts WAD of the settlement asset; all rounding is up, in favour of underwriters.
/// @dev Calls nothing but the oracle, which reads its sources by staticcall: no function here can be re-entered to an effect.
interface IPremiumModel {
    /// @notice Emitted when a model was written down.
    event ModelDefined(bytes32 indexed model, ModelTerms terms);

    /// @notice Thrown when terms leave their bounds, or say what their kind does not use.
    error PremiumModel_InvalidTerms(ModelTerms terms);
    /// @notice Thrown when nobody has written this model down.
    error PremiumModel_UnknownModel(bytes32 model);
    /// @notice Thrown when a put's level is not below the price: its formula would fall with volatility, and it might pay at once.
    error PremiumModel_LevelNotBelowSpot(uint256 level, uint256 spot);
    /// @notice Thrown when cover would begin before now or run for less than 7 days.
    error PremiumModel_InvalidTerm(uint256 startsAt, uint256 endsAt);
    /// @notice Thrown when a vault says that its curve was last written in the future.
    error PremiumModel_InvalidCurve(CurveState curve);

    /// @notice Writes a model down. Anyone may; the same terms always give the same id. Bounds: hazard rate above 0 and at most 100% a year,
    /// or 0.1 to 12 sudden moves a year; volatility floor 20% to 400% a year; levels above 0 and up to MAX_PRICE, the lower one of a put
    /// spread 1% to 99% of the upper one. Reverts with `PriceOracle_UnknownFeed` when a price model's feed is not listed.
    function defineModel(ModelTerms calldata terms) external returns (bytes32 model);

    /// @notice Brings the price and the volatility that a model reads to this second. Anyone may call; whoever sells by it does so before.
    /// Does nothing for a hazard rate. Reverts with `PriceOracle_SequencerDown` (ORC-03).
    function refresh(bytes32 model) external;

    /// @notice Premium for cover, WAD. Reads the price of this second, so it reverts with `PriceOracle_NoConsensus` when there is none; the volatility is that of the last refresh, or what its price would make of it.
    /// A price model runs from now to the end, the waiting time included; a hazard rate, the curve and the floor from start to end.
    /// @param curve of the vault, as it was written last; it moves on by the time since
    function quote(
        bytes32 model,
        PremiumRequest calldata request,
        CurveState calldata curve
    ) external view returns (uint256 premium);

    /// @notice Expected payment per unit of limit, WAD, before loading, for cover from `startsAt` to `endsAt`. Reverts as `quote`.
    function expectedLoss(bytes32 model, uint256 startsAt, uint256 endsAt) external view returns (uint256 loss);

    /// @notice What a model says. Reverts with `PremiumModel_UnknownModel`.
    function termsOf(bytes32 model) external view returns (ModelTerms memory terms);
}
