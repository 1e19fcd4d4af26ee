// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./Identifiers.sol";

/// @dev Fields of ClassParameters.
uint256 constant CLASS_FIELDS = 8;

/// @notice How risk control treats the markets of one class (RSK-01). One slot: 8 * 2 = 16 bytes.
/// @param maintenanceFloor lowest target of mmr, 1e-5
/// @param maintenanceCap highest target of mmr, 1e-5
/// @param deviations z: standard deviations of an hour that mmr is meant to cover, 1e-2
/// @param shortfallFloor least share of a market's notional that counts as its expected shortfall, basis points
/// @param resourceShare part of the fund's resources that one market may rely on, basis points
/// @param basePenalty pi0: penalty while the market is calm and the fund full, basis points of MM
/// @param chargedShare u: part of the expected gap beyond the margin that the gap premium charges each side for, basis points
/// @param loading what is charged over what is expected, basis points (15,000: half as much again)
struct ClassParameters {
    uint16 maintenanceFloor;
    uint16 maintenanceCap;
    uint16 deviations;
    uint16 shortfallFloor;
    uint16 resourceShare;
    uint16 basePenalty;
    uint16 chargedShare;
    uint16 loading;
}

/// @notice One of the two largest registered accounts (FND-03). Two slots.
/// @param account who
/// @param stress what it would owe after a move of 6 standard deviations of an hour in all its markets, WAD; 0: the place is free
/// @param measuredAt time of the measurement
struct LargeAccount {
    AccountId account;
    uint128 stress;
    uint40 measuredAt;
}

/// @notice Highest target of a week. One slot.
/// @param target WAD, saturating
/// @param week weeks since 1970
struct TargetPeak {
    uint128 target;
    uint32 week;
}

/// @notice A market's part of the fund's target. One slot.
/// @param contribution max(ES, class floor) * one-sided notional as of `syncedAt`, WAD, saturating
/// @param syncedAt time of the last `sync`, 0 before the first
struct MarketRisk {
    uint128 contribution;
    uint40 syncedAt;
}
