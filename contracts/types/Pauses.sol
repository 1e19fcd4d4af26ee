// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a guardian can pause, one bit each (GOV-03). Bits 0 to 47: growth of open interest in the market of that number.
library PauseBits {
    /// @dev Sale of cover by the house's vaults: new promises, while what was promised stands.
    uint256 internal constant COVER_SALES = 48;
    /// @dev Payment of surplus: the one way in which reserve leaves without a loss.
    uint256 internal constant SURPLUS = 49;
    /// @dev Sale of new tokens for the fund: the one thing that dilutes.
    uint256 internal constant RECAPITALIZATION = 50;
    /// @dev One more than the highest bit.
    uint256 internal constant COUNT = 51;
}

/// @notice The last three pauses of one bit, newest first, each from `start` to before `end`. One slot: 6 * 5 = 30 bytes.
struct PauseHistory {
    uint40 start;
    uint40 end;
    uint40 secondStart;
    uint40 secondEnd;
    uint40 thirdStart;
    uint40 thirdEnd;
}
