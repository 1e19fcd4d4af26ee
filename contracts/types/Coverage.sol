// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What each layer of the waterfall pays, in the order in which they pay. WAD of the settlement asset.
struct LayerAmounts {
    uint256 reserve;
    uint256 junior;
    uint256 senior;
    uint256 reinsurance;
}

using {total} for LayerAmounts global;

/// @notice Sum over the layers.
function total(LayerAmounts memory amounts) pure returns (uint256) {
    return amounts.reserve + amounts.junior + amounts.senior + amounts.reinsurance;
}

/// @notice Asks the fund to pay for a fraction of one account's shortfall, and the bidder's reward (LIQ-04).
/// @param shortfallByClass shortfall of the WHOLE account by market class (major, mid, tail), WAD
/// @param fraction part of the account that is being taken, WAD; every layer pays at most this part of what it has
/// @param reward what the bid leaves open of the bidder's income, for this fraction, already limited by the
/// engine's share of its penalties bucket, WAD
struct CoverRequest {
    uint256[3] shortfallByClass;
    uint256 fraction;
    uint256 reward;
}

/// @notice What the fund has booked for a CoverRequest. WAD.
struct CoverResult {
    LayerAmounts paid;
    uint256 reward;
}
