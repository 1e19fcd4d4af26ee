// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "./Identifiers.sol";

/// @notice How the expected payment of a cover is found (CVR-08).
/// - HazardRate: so much a year, set at listing (shortfall, socialised loss, exploit).
/// - CashOrNothingPut: all when the price ends at or below a level.
/// - PutSpread: nothing at one level, all at a lower one, linear between.
/// - OneTouch: all when the price touches a level.
enum ModelKind {
    HazardRate,
    CashOrNothingPut,
    PutSpread,
    OneTouch
}

/// @notice A premium model. What a kind does not use is 0.
/// @param kind of the formula
/// @param feed whose consensus price and volatility count
/// @param isBelow whether the price comes from above: true for both puts; for OneTouch whether falling to the level touches it
/// @param hazardRate WAD per year. HazardRate: expected loss per unit of limit. Others: sudden moves, of which `jumpHazardUp` says how many
/// are large enough
/// @param volatilityFloor lowest annual volatility over a whole cycle, WAD fraction
/// @param level WAD: where it pays, or begins to pay
/// @param lowerLevel WAD: where a PutSpread pays all
struct ModelTerms {
    ModelKind kind;
    FeedId feed;
    bool isBelow;
    uint64 hazardRate;
    uint64 volatilityFloor;
    uint112 level;
    uint112 lowerLevel;
}

/// @notice Where the curve of a vault stands: one slot, kept by the vault. All 0 before the first purchase.
/// @param kinkRate per year at the kink, WAD, as of `updatedAt`
/// @param utilisation since then, WAD
struct CurveState {
    uint64 kinkRate;
    uint64 utilisation;
    uint40 updatedAt;
}

/// @notice What a vault asks a premium for. Amounts WAD of the settlement asset.
/// @param cost most that the cover can pay
/// @param bound capital that is bound before the purchase
/// @param capital all capital that may be bound
/// @param startsAt when the cover begins: after the waiting time
/// @param endsAt when it ends
struct PremiumRequest {
    uint256 cost;
    uint256 bound;
    uint256 capital;
    uint256 startsAt;
    uint256 endsAt;
}
