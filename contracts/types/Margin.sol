// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an account is worth and what it needs (MRG-01). All amounts WAD of the settlement asset.
/// @param value V: cash + collateral at full price + PnL. Positions without consensus are valued by ORC-07.
/// @param marginBalance E: V with haircuts on collateral.
/// @param initialBalance E with positive unrealised PnL of each market counted at its class weight.
/// @param linearMargin A: sum of |base| * price * mmr over the positions that have consensus.
/// @param sizeMargin B: the add-on that grows with the square of size, over the same positions.
/// @param blindMargin maintenance margin of the positions without consensus; they cannot be sold (ORC-07).
/// @param initialMargin IM over all positions.
/// @param blindSpread what V and E would be more if everything without consensus were valued in the account's favour: the most that
/// it can turn out to be worth.
/// @param blindLoss loss of positions without consensus that is left even then. It stays with the account until there is a price: nobody
/// pays for what its owner keeps, and can gain again.
/// @param penaltyBasis sum over the positions with consensus of MM times the market's penalty rate in basis points (LIQ-07).
/// @param hasBlind whether any position or collateral of the account has no consensus now.
struct Health {
    int256 value;
    int256 marginBalance;
    int256 initialBalance;
    uint256 linearMargin;
    uint256 sizeMargin;
    uint256 blindMargin;
    uint256 initialMargin;
    uint256 blindSpread;
    uint256 blindLoss;
    uint256 penaltyBasis;
    bool hasBlind;
}

using {maintenanceMargin, isLiquidatable, meetsInitialMargin, blindRelief} for Health global;

/// @notice MM, the sum of the three parts.
function maintenanceMargin(Health memory health) pure returns (uint256) {
    // Sums over at most 16 positions, each below 2^175 (Valuation).
    unchecked {
        return health.linearMargin + health.sizeMargin + health.blindMargin;
    }
}

/// @notice E < MM, by comparison, never as a ratio (MRG-01).
function isLiquidatable(Health memory health) pure returns (bool) {
    return health.marginBalance < int256(maintenanceMargin(health));
}

/// @notice What V and E are more for whoever buys or pays for the account: the fund pays no loss that is only supposed, and none of a
/// position that stays with its owner (R6).
function blindRelief(Health memory health) pure returns (uint256) {
    // Sums over at most 16 positions and 8 assets, each below 2^175 (Valuation).
    unchecked {
        return health.blindSpread + health.blindLoss;
    }
}

/// @notice Whether the account may add risk or withdraw.
function meetsInitialMargin(Health memory health) pure returns (bool) {
    return health.initialBalance >= int256(health.initialMargin);
}
