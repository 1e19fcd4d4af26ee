// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeakyBucket} from "../libraries/LeakyBucket.sol";
import {WadMath} from "../libraries/WadMath.sol";

/// @title What bidders may be rewarded with
/// @notice A leaky sum of the penalties of the last seven days; rewards of at most half of it may be asked for (LIQ-04), so that what a
/// self-dealer can draw was paid in by liquidations before.
abstract contract RewardBucket {
    uint256 private constant PERIOD = 7 days;

    /// @dev One slot: 27 + 5.
    struct Bucket {
        uint216 penalties;
        uint40 updatedAt;
    }

    Bucket private _bucket;

    /// @dev Half of what is in the bucket, rounded down.
    function _rewardLeft() internal view returns (uint256) {
        return _penaltiesLeft() / 2;
    }

    /// @dev Books a bid's penalty and reward. A reward takes twice itself out, since half of the sum may be asked for.
    function _recordPenalty(uint256 penalty, uint256 reward) internal {
        if (penalty == 0 && reward == 0) return;
        uint256 left = _penaltiesLeft() + penalty;
        left -= WadMath.min(left, 2 * reward);
        _bucket.penalties = uint216(WadMath.min(left, type(uint216).max));
        _bucket.updatedAt = uint40(block.timestamp);
    }

    /// @dev The leak is rounded against the bidder: LeakyBucket rounds up, so one wei is taken off.
    function _penaltiesLeft() private view returns (uint256 left) {
        // Written at a time that was now.
        unchecked {
            uint256 elapsed = block.timestamp - _bucket.updatedAt;
            left = LeakyBucket.remainingUp(_bucket.penalties, elapsed, PERIOD);
            if (left != 0 && elapsed != 0) --left;
        }
    }
}
