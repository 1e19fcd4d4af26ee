// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceStatus} from "../../interfaces/IPriceSource.sol";

/// @title PriceScale
/// @notice What readers of price sources have in common: decimals to WAD, and how old an answer may be (ORC-01).
library PriceScale {
    /// @dev Most decimals, positive or negative, that a price is scaled by.
    uint256 internal constant MAX_DECIMALS = 36;
    /// @dev Longest age that a listing may allow.
    uint256 internal constant LONGEST_AGE = 7 days;

    uint256 private constant WAD_DECIMALS = 18;

    /// @notice A number with `decimals` decimals as WAD. Down because a price has no side to favour; up to 18 decimals it is exact.
    /// @param amount below 2^128, so that scaling cannot overflow
    /// @param decimals at most MAX_DECIMALS
    function toWadDown(uint256 amount, uint256 decimals) internal pure returns (uint256) {
        // 2^128 * 1e18 is below 2^188, and 1e18 the greatest divisor.
        unchecked {
            if (decimals <= WAD_DECIMALS) return amount * 10 ** (WAD_DECIMALS - decimals);
            return amount / 10 ** (decimals - WAD_DECIMALS);
        }
    }

    /// @notice What a publish time says: 0 is no time at all, one to come is refused, one exactly `maxAge` old is fresh.
    function judgeTime(uint256 publishedAt, uint256 maxAge) internal view returns (SourceStatus) {
        if (publishedAt == 0) return SourceStatus.Malformed;
        if (publishedAt > block.timestamp) return SourceStatus.FromFuture;
        return block.timestamp - publishedAt > maxAge ? SourceStatus.Stale : SourceStatus.Valid;
    }
}
