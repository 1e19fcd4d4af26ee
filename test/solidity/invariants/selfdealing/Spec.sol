// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {AccountId} from "../../../../contracts/types/Identifiers.sol";
import {Budgets} from "./Budgets.sol";

/// @dev What the specification says that a liquidation costs and charges, written from LIQ-02 and LIQ-05.
abstract contract Spec is Budgets {
    /// @dev Parts of a loss that no layer pays: by market, and the remainder over all notional.
    struct Loss {
        uint256[2] part;
        uint256 spread;
        uint256 notional;
        uint256 unallocated;
    }

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

    /* SOCIALISED LOSS (LIQ-05) */

    /// @dev How far a price has moved against a position since the hour's average, WAD.
    function _moveAgainst(Books memory b, uint256 m, int256 base) internal pure returns (uint256) {
        if (base == 0 || !b.visible[m]) return 0;
        return base > 0 ? _less(b.average[m], b.prices[m]) : _less(b.prices[m], b.average[m]);
    }

    function _weightsOf(Books memory b, uint256 i) internal pure returns (uint256[2] memory weights) {
        for (uint256 m = 0; m < 2; ++m) {
            weights[m] = (_abs(b.base[i][m]) * _moveAgainst(b, m, b.base[i][m])) / UNIT;
        }
    }

    function _planLoss(
        Books memory b,
        uint256 seller,
        uint256 loss,
        uint256 fraction,
        bool isClosing
    ) internal pure returns (Loss memory plan) {
        uint256[2] memory weights = _weightsOf(b, seller);
        uint256 sum = weights[0] + weights[1];
        for (uint256 m = 0; m < 2; ++m) {
            uint256 size = _abs(b.base[seller][m]);
            plan.notional += (_less(2 * b.interest[m], size) * b.last[m]) / UNIT;
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
        for (uint256 m = 0; m < 2; ++m) {
            (uint256 charged, uint256 remainder) = _chargeIn(b, plan, seller, i, m);
            (inMarkets, rest) = (inMarkets + charged, rest + remainder);
        }
    }

    /// @dev As above, in one market.
    function _chargeIn(
        Books memory b,
        Loss memory plan,
        uint256 seller,
        uint256 i,
        uint256 m
    ) internal pure returns (uint256 charged, uint256 rest) {
        if (i == seller) return (0, 0);
        (int256 own, int256 sold) = (b.base[i][m], b.base[seller][m]);
        if (plan.part[m] != 0 && ((own > 0 && sold < 0) || (own < 0 && sold > 0))) {
            charged = (_abs(own) * plan.part[m]) / b.interest[m];
        }
        // The remainder goes by the last price of every market, seen again or not.
        if (plan.spread != 0) rest = (((_abs(own) * b.last[m]) / UNIT) * plan.spread) / plan.notional;
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

    function _gainedBy(Books memory b, uint256 i) private pure returns (uint256 gained) {
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
            open += (b.interest[m] * b.last[m]) / UNIT;
            notional += (_abs(b.base[i][m]) * b.last[m]) / UNIT;
        }
        uint256 excess = measured - resources;
        return _min(notional >= open ? excess : (excess * notional) / open, notional);
    }
}
