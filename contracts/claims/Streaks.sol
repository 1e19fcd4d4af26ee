// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";

/// @title What observations in a row have shown (CLM-02)
/// @notice A row is confirmed when it has `OBSERVATIONS` counted observations, each at least `SPACING` after the one counted before, and
/// is worth the least that any observation in it has shown. One observation that shows no more than is confirmed ends it, at whatever time:
/// so no transaction, and no block, decides.
library Streaks {
    /// @dev Two slots. 12 + 5 + 5 + 5 + 1 = 28 and 12 + 5 = 17 bytes.
    /// @param least that any observation of the running row has shown, WAD
    /// @param since first observation of the running row; 0 when there is none
    /// @param countedAt last one that was counted
    /// @param seenAt last one that showed anything, also of earlier rows
    /// @param count observations counted
    /// @param payout confirmed, WAD; only grows
    /// @param eventAt first observation of the row that confirmed it
    struct State {
        uint96 least;
        uint40 since;
        uint40 countedAt;
        uint40 seenAt;
        uint8 count;
        uint96 payout;
        uint40 eventAt;
    }

    /// @dev Observations that confirm.
    uint256 internal constant OBSERVATIONS = 3;
    /// @dev Between two that count.
    uint256 internal constant SPACING = 5 minutes;
    /// @dev Longest time without observation inside a row: nobody knows what was between.
    uint256 internal constant PATIENCE = 1 hours;
    /// @dev For so long after an observation that showed something the trigger is undecided, even if the next one shows nothing.
    uint256 internal constant QUIET = 1 days;
    /// @dev A confirmed payout grows by this at least, WAD: a wei more must not move the time of an event.
    uint256 internal constant STEP = 0.01e18;

    /// @notice Counts an observation of this second.
    /// @param shown what it would pay by itself, WAD
    function advance(State storage state, uint256 shown) internal {
        uint256 confirmed = state.payout;
        if (shown == 0 || (confirmed != 0 && shown < confirmed + STEP)) {
            state.since = 0;
            return;
        }
        uint96 least = uint96(WadMath.min(shown, type(uint96).max));
        uint40 time = uint40(block.timestamp);
        if (state.since == 0 || time - state.seenAt > PATIENCE) {
            (state.since, state.countedAt, state.count, state.least) = (time, time, 1, least);
        } else {
            if (least < state.least) state.least = least;
            if (time - state.countedAt >= SPACING) (state.countedAt, state.count) = (time, state.count + 1);
        }
        state.seenAt = time;
        if (state.count < OBSERVATIONS) return;
        (state.payout, state.eventAt, state.since) = (state.least, state.since, 0);
    }

    /// @notice Whether an observation has shown something so lately that nothing should be sold on it.
    function isDoubtful(State storage state) internal view returns (bool) {
        uint256 seenAt = state.seenAt;
        return seenAt != 0 && block.timestamp < seenAt + QUIET;
    }
}
