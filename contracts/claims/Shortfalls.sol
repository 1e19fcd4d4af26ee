// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {Streaks} from "./Streaks.sol";

/// @title How long and how far a price has been below a level (CLM-04)
/// @notice A run begins with an observation below the level, and lasts as long as the time-weighted average since then is below it. Between
/// two observations the higher of their prices counts, so a price that was made for one block weighs nothing. Every stretch of time whose
/// average is below the level lies in such a run: where the average since the start comes up to the level, leaving the start out makes
/// what follows no lower.
library Shortfalls {
    /// @dev Two slots. 15 + 5 + 5 + 5 + 1 = 31 and 14 + 5 + 5 = 24 bytes.
    /// @param area level - price over time since `since`, WAD seconds, above 0 after the first stretch
    /// @param since first observation of the run; 0 when there is none
    /// @param lastAt last observation
    /// @param countedAt last one that was counted
    /// @param count observations at least Streaks.SPACING apart
    /// @param lastPrice at the last observation, WAD
    /// @param seenAt last observation below the level
    /// @param eventAt beginning of the run that was long enough; 0 while there was none
    struct State {
        uint120 area;
        uint40 since;
        uint40 lastAt;
        uint40 countedAt;
        uint8 count;
        uint112 lastPrice;
        uint40 seenAt;
        uint40 eventAt;
    }

    /// @notice Counts an observation of this second.
    /// @param price WAD, at most MAX_PRICE
    /// @param level WAD, at most MAX_PRICE: below 2^90, so that an area of 40 years is below 2^120
    /// @param window how long a run must be, seconds
    function advance(State storage state, uint256 price, uint256 level, uint256 window) internal {
        if (state.eventAt != 0) return;
        uint40 time = uint40(block.timestamp);
        if (state.since != 0) _extend(state, price, level);
        if (price < level) {
            state.seenAt = time;
            if (state.since == 0) {
                (state.area, state.since, state.countedAt, state.count) = (0, time, time, 1);
            } else if (time - state.countedAt >= Streaks.SPACING) {
                state.countedAt = time;
                if (state.count < Streaks.OBSERVATIONS) ++state.count;
            }
        }
        (state.lastAt, state.lastPrice) = (time, uint112(price));
        bool isLong = state.since != 0 && time - state.since >= window && state.count >= Streaks.OBSERVATIONS;
        if (isLong && state.area != 0) state.eventAt = state.since;
    }

    /// @notice Whether a price below the level was seen so lately that nothing should be sold on it.
    function isDoubtful(State storage state) internal view returns (bool) {
        uint256 seenAt = state.seenAt;
        return seenAt != 0 && block.timestamp < seenAt + Streaks.QUIET;
    }

    /// @dev Adds the time since the last observation, or ends the run: when nobody has looked for too long, or when the average has come up.
    function _extend(State storage state, uint256 price, uint256 level) private {
        uint256 elapsed = block.timestamp - state.lastAt;
        if (elapsed == 0) return;
        uint256 higher = WadMath.max(price, state.lastPrice);
        uint256 below = state.area + (higher < level ? (level - higher) * elapsed : 0);
        uint256 above = higher > level ? (higher - level) * elapsed : 0;
        if (elapsed > Streaks.PATIENCE || below <= above) {
            state.since = 0;
        } else {
            state.area = uint120(below - above);
        }
    }
}
