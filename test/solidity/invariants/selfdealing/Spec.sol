// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {AccountId, FeedId} from "../../../../contracts/types/Identifiers.sol";
import {Premiums} from "./Premiums.sol";

/// @dev What the specification says that a liquidation costs, pays and charges, written from LIQ-02, LIQ-04, LIQ-05 and FND-02 and kept by
/// its own buckets.
abstract contract Spec is Premiums {
    uint256 private constant DAY = 24 hours;
    uint256 private constant WEEK = 7 days;

    /// @dev Parts of a loss that no layer pays: by market, and the remainder over all notional.
    struct Loss {
        uint256[2] part;
        uint256 spread;
        uint256 notional;
        uint256 unallocated;
    }

    /// @dev A draw and what stood before it.
    struct Drawn {
        uint256 time;
        uint256 base;
        uint256 inflow;
        uint256[3] before;
    }

    /// @dev Used of the budgets of major, tail and rewards, as of their last draw.
    uint256[3] private _used;
    uint256 private _drawnAt = 1;
    uint256 private _rewardedAt = 1;
    uint256 private _penalties;
    uint256 private _penalizedAt = 1;
    uint256[3] private _drawnEver;
    Drawn[] private _history;

    /* INCOME AND PENALTY (LIQ-02) */

    /// @dev k MM: from 2% over 10% at five minutes to 50% at twenty, at least 0.3 of what is missing to MM, at most half of MM.
    function _incomeOf(uint256 margin, int256 balance, uint256 elapsed) internal pure returns (uint256 income) {
        uint256 rate = 0.5e18;
        if (elapsed < 300) rate = 0.02e18 + (0.08e18 * elapsed) / 300;
        else if (elapsed < 1200) rate = 0.1e18 + (0.4e18 * (elapsed - 300)) / 900;
        income = (margin * rate) / UNIT;
        int256 gap = int256(margin) - balance;
        if (gap > 0 && (uint256(gap) * 3) / 10 > income) income = (uint256(gap) * 3) / 10;
        return _min(income, margin / 2);
    }

    /// @dev min(10% of MM, max(0, V - taken)).
    function _penaltyOf(uint256 margin, int256 value, uint256 taken) internal pure returns (uint256) {
        int256 left = value - int256(taken);
        return left <= 0 ? 0 : _min((margin + 9) / 10, uint256(left));
    }

    /* THE FUND (FND-02, LIQ-04) */

    function _leak(uint256 amount, uint256 since, uint256 period) private view returns (uint256) {
        uint256 elapsed = _time - since;
        return elapsed >= period ? 0 : amount - (amount * elapsed) / period;
    }

    function _usedNow() private view returns (uint256[3] memory used) {
        used[0] = _leak(_used[0], _drawnAt, DAY);
        used[1] = _leak(_used[1], _drawnAt, DAY);
        used[2] = _leak(_used[2], _rewardedAt, DAY);
    }

    /// @dev What the reserve pays of a part of an account: by class what has a weight (both markets are major), the rest as tail; and of
    /// the bidder's reward what half of a week's penalties and the reserve's 2% leave.
    function _coverOf(
        uint256 reserve,
        uint256 shortfall,
        uint256 weight,
        uint256 fraction,
        uint256 owing
    ) internal view returns (uint256[3] memory paid) {
        uint256[3] memory used = _usedNow();
        uint256 base = reserve + used[0] + used[1] + used[2];
        uint256[2] memory whole;
        {
            uint256 room = _min(reserve, _less((base * 60) / 100, used[0] + used[1]));
            whole[0] = _min(room, _min(_min(shortfall, weight), _less((base * 35) / 100, used[0])));
            whole[1] = _min(room - whole[0], _min(_less(shortfall, weight), _less((base * 10) / 100, used[1])));
        }
        paid[0] = (whole[0] * fraction) / UNIT;
        paid[1] = ((whole[0] + whole[1]) * fraction) / UNIT - paid[0];
        uint256 most = _min(_less((base * 2) / 100, used[2]), reserve - whole[0] - whole[1]);
        paid[2] = (_min(owing, _leak(_penalties, _penalizedAt, WEEK) / 2) * fraction) / UNIT;
        paid[2] = _min(paid[2], (most * fraction) / UNIT);
    }

    /// @dev Takes a draw into the buckets; what was drawn in any 24 hours stays below s (2 - s) of what was there and came in.
    function _recordDraw(uint256 reserve, uint256 drawn, uint256[3] memory paid, uint256 penalty) internal {
        int256 off = int256(drawn) - int256(paid[0] + paid[1] + paid[2]);
        _require(off <= DUST, "FND-02: drawn more than budgets and bucket allow");
        _require(off >= -DUST, "INV-03: drawn less than budgets and bucket allow");
        if (drawn != 0) _recordHistory(reserve, drawn, paid);
        uint256[3] memory used = _usedNow();
        if (paid[0] + paid[1] != 0) {
            (_used[0], _used[1]) = (used[0] + paid[0], used[1] + paid[1]);
            _drawnAt = _time;
        }
        if (paid[2] != 0) {
            _used[2] = used[2] + paid[2];
            _rewardedAt = _time;
        }
        // Written only when something is booked: writing more often would make the leak slower.
        if (penalty == 0 && paid[2] == 0) return;
        uint256 left = _leak(_penalties, _penalizedAt, WEEK) + penalty;
        _penalties = _less(left, 2 * paid[2]);
        _penalizedAt = _time;
    }

    function _recordHistory(uint256 reserve, uint256 drawn, uint256[3] memory paid) private {
        uint256[3] memory used = _usedNow();
        uint256 base = reserve + used[0] + used[1] + used[2];
        _history.push(Drawn(_time, base, _inflow, _drawnEver));
        // What was really drawn; the ghost only says for what.
        _drawnEver[0] += _less(drawn, paid[1] + paid[2]);
        _drawnEver[1] += paid[1];
        _drawnEver[2] += paid[2];
        for (uint256 i = _history.length; i > 0; --i) {
            Drawn memory from = _history[i - 1];
            if (_time - from.time > DAY) break;
            uint256 most = from.base + _inflow - from.inflow;
            uint256[3] memory sum;
            for (uint256 k = 0; k < 3; ++k) sum[k] = _drawnEver[k] - from.before[k];
            _require(sum[0] * 10_000 <= most * 5_775 + 1e13, "FND-09: more than 57.75% for major in 24 hours");
            _require(sum[1] * 10_000 <= most * 1_900 + 1e13, "FND-09: more than 19% for tail in 24 hours");
            _require((sum[0] + sum[1]) * 10_000 <= most * 8_400 + 1e13, "FND-09: more than 84% in 24 hours");
            _require(sum[2] * 10_000 <= most * 396 + 1e13, "FND-09: more than 3.96% for rewards in 24 hours");
        }
        if (paid[0] > 0) _reached("drawn major");
        if (paid[1] > 0) _reached("drawn tail");
        if (paid[2] > 0) _reached("reward paid");
    }

    /* SOCIALISED LOSS (LIQ-05) */

    /// @dev How far a price has moved against a position since the hour's average, WAD.
    function _moveAgainst(Books memory b, uint256 m, int256 base) internal view returns (uint256) {
        if (base == 0 || !b.visible[m]) return 0;
        uint256 average = ORACLE.averagePrice(FeedId.wrap(uint8(m)));
        return base > 0 ? _less(average, b.prices[m]) : _less(b.prices[m], average);
    }

    function _weightOf(Books memory b, uint256 i, uint256 m) internal view returns (uint256) {
        return (_abs(b.base[i][m]) * _moveAgainst(b, m, b.base[i][m])) / UNIT;
    }

    function _planLoss(
        Books memory b,
        uint256 seller,
        uint256 loss,
        uint256 fraction,
        bool isClosing
    ) internal view returns (Loss memory plan) {
        uint256[2] memory weights = [_weightOf(b, seller, 0), _weightOf(b, seller, 1)];
        uint256 sum = weights[0] + weights[1];
        for (uint256 m = 0; m < 2; ++m) {
            uint256 size = _abs(b.base[seller][m]);
            plan.notional += (_less(2 * b.interest[m], size) * b.prices[m]) / UNIT;
            if (weights[m] == 0) continue;
            uint256 part = _min((loss * weights[m]) / sum, (weights[m] * fraction) / UNIT);
            part = _min(part, ((isClosing ? size : b.interest[m]) * b.prices[m]) / UNIT);
            plan.part[m] = part;
            loss -= part;
            sum -= weights[m];
        }
        plan.spread = _min(loss, plan.notional);
        plan.unallocated = loss - plan.spread;
    }

    /// @dev What account `i` is charged: in the markets that moved, and of the remainder.
    function _chargeOf(
        Books memory b,
        Loss memory plan,
        uint256 seller,
        uint256 i
    ) internal pure returns (uint256 inMarkets, uint256 rest) {
        if (i == seller) return (0, 0);
        for (uint256 m = 0; m < 2; ++m) {
            (int256 own, int256 sold) = (b.base[i][m], b.base[seller][m]);
            if (plan.part[m] != 0 && ((own > 0 && sold < 0) || (own < 0 && sold > 0))) {
                inMarkets += (_abs(own) * plan.part[m]) / b.interest[m];
            }
            if (plan.spread != 0) rest += (((_abs(own) * b.prices[m]) / UNIT) * plan.spread) / plan.notional;
        }
    }

    /// @dev What others than the self-dealer bear of a loss of his, and what nobody can.
    function _allowedFor(Books memory b, Loss memory plan, uint256 seller) internal pure returns (Allowance memory a) {
        if (!_isDealer(seller)) return a;
        a.charged = plan.unallocated;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (_isDealer(i)) continue;
            (uint256 charged, uint256 rest) = _chargeOf(b, plan, seller, i);
            a.charged += charged + rest;
        }
    }

    /// @dev LIQ-05 exactly; and LIQ-08: who held through the move is charged at most what it brought him, but for the remainder.
    function _checkHolders(Books memory b, Books memory a, Loss memory plan, uint256 seller, uint256 bidder) internal {
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (i == seller || i == bidder) continue;
            (uint256 charged, uint256 rest) = _chargeOf(b, plan, seller, i);
            _checkHolder(b.values[i] - a.values[i], charged, rest, _gainedBy(b, i));
            if (i < HONEST && charged > uint256(DUST)) _reached("honest charged for the move");
            if (i < HONEST && rest > uint256(DUST)) _reached("honest charged a remainder");
        }
        if (plan.unallocated != 0) _reached("loss unallocated");
    }

    function _gainedBy(Books memory b, uint256 i) private view returns (uint256 gained) {
        for (uint256 m = 0; m < 2; ++m) {
            gained += (_abs(b.base[i][m]) * _moveAgainst(b, m, -b.base[i][m])) / UNIT;
        }
    }

    function _checkHolder(int256 lost, uint256 charged, uint256 rest, uint256 gained) private {
        _require(lost <= int256(gained + rest) + DUST, "LIQ-08: a holder was charged more than the move brought him");
        _require(lost <= int256(charged + rest) + DUST, "LIQ-05: a holder was charged more than his part");
        _require(lost >= int256(charged + rest) - DUST, "LIQ-05: a holder was charged less than his part");
    }

    /* MEASURED DEFICITS (CLR-07) */

    function _countedOf(AccountId account) internal view returns (uint256) {
        AccountHeader memory header = HOUSE.headerOf(account);
        (uint256 amount, uint256 epoch) = HOUSE.measuredDeficitOf(account);
        return header.flags & AccountFlags.FLAGGED != 0 && epoch + 1 >= _time / 1 hours ? amount : 0;
    }

    /// @dev What of a measured loss an account must leave behind: by notional over open interest, at most its notional.
    function _shareOf(uint256 i) internal view returns (uint256) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        if (measured <= resources || HOUSE.headerOf(_accounts[i]).markets & markets == 0) return 0;
        Books memory b = _books();
        uint256 notional;
        uint256 open;
        for (uint256 m = 0; m < 2; ++m) {
            if (markets & (1 << m) == 0) continue;
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(m)));
            open += (b.interest[m] * price) / UNIT;
            notional += (_abs(b.base[i][m]) * price) / UNIT;
        }
        uint256 excess = measured - resources;
        return _min(notional >= open ? excess : (excess * notional) / open, notional);
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
