// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskController} from "../interfaces/IRiskController.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {WEEK} from "../types/CoverageTerms.sol";
import {TargetPeak} from "../types/Risk.sol";

/// @title The highest target of the last 90 days (FND-07)
/// @notice What the fund may call surplus depends on the most that it may have needed lately, so that whoever makes the target small for a
/// day, or a month, gets nothing out. A ring of 14 weeks: the week of now and 13 before it, 91 days at least.
/// @dev A target stands until something changes it. So it is recorded when it is about to change, and weeks in which nothing happened need no
/// entry: their target is recorded later, or is the present one.
abstract contract TargetHistory is IRiskController {
    uint256 private constant WEEKS = 14;

    uint256 private immutable SINCE = block.timestamp;

    mapping(uint256 place => TargetPeak) private _peaks;

    /// @inheritdoc IRiskController
    function peakTarget() external view returns (uint256 peak, uint256 since) {
        uint256 week = block.timestamp / WEEK;
        peak = _target();
        for (uint256 i = 0; i < WEEKS; ++i) {
            TargetPeak memory entry = _peaks[i];
            if (entry.week + WEEKS > week) peak = WadMath.max(peak, entry.target);
        }
        return (peak, SINCE);
    }

    /// @dev To be called before every change of the target.
    function _recordTarget() internal {
        uint256 target = _target();
        uint256 week = block.timestamp / WEEK;
        TargetPeak storage place = _peaks[week % WEEKS];
        if (place.week == week && place.target >= target) return;
        place.target = uint128(WadMath.min(target, type(uint128).max));
        place.week = uint32(week);
    }

    function _target() internal view virtual returns (uint256);
}
