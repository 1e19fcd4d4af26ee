// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../../../../contracts/types/Identifiers.sol";
import {Premiums} from "./Premiums.sol";

/// @dev What the fund pays of a loss and of a bidder's reward, written from FND-02 and LIQ-04 and kept by its own buckets.
abstract contract Budgets is Premiums {
    uint256 private constant DAY = 24 hours;
    uint256 private constant WEEK = 7 days;
    /// @dev Place of rewards behind the three classes.
    uint256 internal constant REWARD = 3;

    /// @dev A draw and what stood before it.
    struct Drawn {
        uint256 time;
        uint256 base;
        uint256 inflow;
        uint256[4] before;
    }

    /// @dev Used of the budgets of the three classes and of rewards, as of their last draw.
    uint256[4] private _used;
    uint256 private _drawnAt = 1;
    uint256 private _rewardedAt = 1;
    uint256 private _penalties;
    uint256 private _penalizedAt = 1;
    uint256[4] private _drawnEver;
    Drawn[] private _history;
    /// @dev Class of the second market; the first is major.
    MarketClass internal _second;

    /* THE FUND (FND-02, LIQ-04) */

    function _leak(uint256 amount, uint256 since, uint256 period) private view returns (uint256) {
        uint256 elapsed = _time - since;
        return elapsed >= period ? 0 : amount - (amount * elapsed) / period;
    }

    function _usedNow() private view returns (uint256[4] memory used) {
        for (uint256 k = 0; k < REWARD; ++k) used[k] = _leak(_used[k], _drawnAt, DAY);
        used[REWARD] = _leak(_used[REWARD], _rewardedAt, DAY);
    }

    /// @dev Class of a market, 0 for major to 2 for tail.
    function _classOf(uint256 m) internal view returns (uint256) {
        return m == 0 ? 0 : uint256(_second);
    }

    /// @dev What of a shortfall counts for a class: by weight and at most the weight; what has none for tail.
    function _byClass(uint256 shortfall, uint256[2] memory weights) private view returns (uint256[3] memory parts) {
        uint256 sum = weights[0] + weights[1];
        uint256 left = shortfall;
        uint256[3] memory of_;
        for (uint256 m = 0; m < 2; ++m) of_[_classOf(m)] += weights[m];
        for (uint256 k = 0; k < 3 && sum != 0; ++k) {
            parts[k] = _min((shortfall * of_[k]) / sum, of_[k]);
            left -= parts[k];
        }
        parts[2] += left;
    }

    /// @dev What the reserve pays of a part of an account by class, within 35, 20 and 10% of it and 60% in all, and of the bidder's reward
    /// what half of a week's penalties and the reserve's 2% leave.
    function _coverOf(
        uint256 reserve,
        uint256 shortfall,
        uint256[2] memory weights,
        uint256 fraction,
        uint256 owing
    ) internal view returns (uint256[4] memory paid) {
        uint256[4] memory used = _usedNow();
        uint256 base = reserve + _covered(used) + used[REWARD];
        uint256 whole;
        {
            uint256[3] memory parts = _byClass(shortfall, weights);
            uint8[3] memory shares = [35, 20, 10];
            uint256 room = _min(reserve, _less((base * 60) / 100, _covered(used)));
            for (uint256 k = 0; k < REWARD; ++k) {
                uint256 part = _min(room - whole, _min(parts[k], _less((base * shares[k]) / 100, used[k])));
                paid[k] = ((whole + part) * fraction) / UNIT - (whole * fraction) / UNIT;
                whole += part;
            }
        }
        uint256 most = _min(_less((base * 2) / 100, used[REWARD]), reserve - whole);
        paid[REWARD] = (_min(owing, _leak(_penalties, _penalizedAt, WEEK) / 2) * fraction) / UNIT;
        paid[REWARD] = _min(paid[REWARD], (most * fraction) / UNIT);
    }

    function _covered(uint256[4] memory paid) internal pure returns (uint256) {
        return paid[0] + paid[1] + paid[2];
    }

    /// @dev Takes a draw into the buckets; what was drawn in any 24 hours stays below s (2 - s) of what was there and came in.
    function _recordDraw(uint256 reserve, uint256 drawn, uint256[4] memory paid, uint256 penalty) internal {
        int256 off = int256(drawn) - int256(_covered(paid) + paid[REWARD]);
        _require(off <= DUST, "FND-02: drawn more than budgets and bucket allow");
        _require(off >= -DUST, "INV-03: drawn less than budgets and bucket allow");
        if (drawn != 0) _recordHistory(reserve, drawn, paid);
        uint256[4] memory used = _usedNow();
        if (_covered(paid) != 0) {
            for (uint256 k = 0; k < REWARD; ++k) _used[k] = used[k] + paid[k];
            _drawnAt = _time;
        }
        if (paid[REWARD] != 0) {
            _used[REWARD] = used[REWARD] + paid[REWARD];
            _rewardedAt = _time;
        }
        // Written only when something is booked: writing more often would make the leak slower.
        if (penalty == 0 && paid[REWARD] == 0) return;
        uint256 left = _leak(_penalties, _penalizedAt, WEEK) + penalty;
        _penalties = _less(left, 2 * paid[REWARD]);
        _penalizedAt = _time;
    }

    function _recordHistory(uint256 reserve, uint256 drawn, uint256[4] memory paid) private {
        uint256[4] memory used = _usedNow();
        uint256 base = reserve + _covered(used) + used[REWARD];
        _history.push(Drawn(_time, base, _inflow, _drawnEver));
        // What was really drawn; the ghost only says for what.
        _drawnEver[0] += _less(drawn, paid[1] + paid[2] + paid[REWARD]);
        for (uint256 k = 1; k <= REWARD; ++k) _drawnEver[k] += paid[k];
        for (uint256 i = _history.length; i > 0; --i) {
            if (_time - _history[i - 1].time > DAY) break;
            _checkHistory(_history[i - 1]);
        }
        if (paid[0] > 0) _reached("drawn major");
        if (paid[1] > 0) _reached("drawn mid");
        if (paid[2] > 0) _reached("drawn tail");
        if (paid[REWARD] > 0) _reached("reward paid");
    }

    function _checkHistory(Drawn memory from) private {
        uint256 most = from.base + _inflow - from.inflow;
        uint256[4] memory sum;
        for (uint256 k = 0; k <= REWARD; ++k) sum[k] = _drawnEver[k] - from.before[k];
        _require(sum[0] * 10_000 <= most * 5_775 + 1e13, "FND-09: more than 57.75% for major in 24 hours");
        _require(sum[1] * 10_000 <= most * 3_600 + 1e13, "FND-09: more than 36% for mid in 24 hours");
        _require(sum[2] * 10_000 <= most * 1_900 + 1e13, "FND-09: more than 19% for tail in 24 hours");
        _require(_covered(sum) * 10_000 <= most * 8_400 + 1e13, "FND-09: more than 84% in 24 hours");
        _require(sum[REWARD] * 10_000 <= most * 396 + 1e13, "FND-09: more than 3.96% for rewards in 24 hours");
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
