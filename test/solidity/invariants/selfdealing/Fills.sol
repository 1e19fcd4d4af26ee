// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {Trade} from "../../../../contracts/types/Clearing.sol";
import {MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Transfers} from "./Transfers.sol";

/// @dev Fills, with their outcome foretold: CLR-06, CLR-06a, CLR-06b, after the market's premium (FND-02).
abstract contract Fills is Transfers {
    uint256 private constant FEE_BPS = 5;

    /// @dev A fill, and what it costs each party: difference to the index and fee.
    struct Fill {
        uint256[2] party;
        uint256 market;
        int256 size;
        int256 quote;
        uint256 fee;
        int256[2] lost;
        int256 slack;
        Books before;
        int256[2][10] owed;
    }

    function _tradeBetween(
        uint256 taker,
        uint256 maker,
        uint8 market,
        int256 size,
        uint256 price
    ) internal returns (bool ok) {
        if (size == 0) return false;
        Fill memory f = _openFill(taker, maker, market, size, price);
        Verdict memory v = _foretellFill(f, price);
        // It takes what its market owes first; what is refused takes nothing.
        _payUp(f.before, f.owed, -1);
        if (v.isClose) return false;
        Trade memory fill = Trade(_accounts[taker], _accounts[maker], MarketId.wrap(market), size, price);
        bytes memory data = abi.encodeCall(IClearingHouseCore.trade, (fill));
        (ok, ) = _expectVerdict(address(SYSTEM.orders()), address(HOUSE), data, v, "trade");
        Allowance memory allowed;
        if (ok) {
            if (_isDealer(taker)) allowed.fees = f.fee;
            _payUp(f.before, f.owed, 1);
            _notePaid(f.owed, 1 << market, "premium by a fill");
        }
        _closeStill(f.before, allowed, taker, maker, "fill");
    }

    /// @dev 5 basis points of the notional; the index fixes quotes, rounded once for both.
    function _openFill(
        uint256 taker,
        uint256 maker,
        uint256 market,
        int256 size,
        uint256 price
    ) private returns (Fill memory f) {
        (f.party[0], f.party[1], f.market, f.size) = (taker, maker, market, size);
        f.before = _books();
        _checkStanding(f.before, taker);
        _checkStanding(f.before, maker);
        f.owed = _owedBy(f.before, 1 << market);
        f.slack = _owes(f.owed, taker) + _owes(f.owed, maker) == 0 ? WEI : DUST;
        f.quote = -_floorMul(size, f.before.prices[market]);
        int256 difference = -_floorMul(size, price) - f.quote;
        f.fee = _divUp(_divUp(_abs(size) * price, UNIT) * FEE_BPS, 10_000);
        f.lost = [int256(f.fee) - difference, difference];
        _payUp(f.before, f.owed, 1);
    }

    function _foretellFill(Fill memory f, uint256 price) private returns (Verdict memory v) {
        bytes4 early = _refusalOfAll(f.before, f.market, price);
        if (early != 0) return _refused(early);
        for (uint256 k = 0; k < 2; ++k) {
            if (_addsMarket(f, f.party[k])) return _refused(E.ClearingHouse_InAuction.selector);
        }
        bool isClose;
        for (uint256 k = 0; k < 2; ++k) {
            v = _judgeParty(f, k);
            isClose = isClose || v.isClose;
            if (v.selector != 0) break;
        }
        return _withClose(v, isClose);
    }

    /// @dev What is refused before either account is looked at.
    function _refusalOfAll(Books memory b, uint256 m, uint256 price) private view returns (bytes4) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        if (measured > resources && markets & (1 << m) != 0) return E.ClearingHouse_DeficitUnbooked.selector;
        if (!b.visible[m]) return E.ClearingHouse_NoConsensus.selector;
        uint256 away = price > b.prices[m] ? price - b.prices[m] : b.prices[m] - price;
        return away * 10_000 > b.prices[m] * 200 ? E.ClearingHouse_PriceOutsideBand.selector : bytes4(0);
    }

    /// @dev ORC-05: a market would be added to an account whose auction runs.
    function _addsMarket(Fill memory f, uint256 i) private view returns (bool) {
        return HOUSE.headerOf(_accounts[i]).markets & (1 << f.market) == 0 && _isInAuction(i);
    }

    /// @dev V before what it costs must be above 0, no dust may be left, and risk needs initial margin; a reduction below it must be cheap.
    function _judgeParty(Fill memory f, uint256 k) private returns (Verdict memory v) {
        Standing memory t = _standingOf(f.before, f.party[k]);
        int256 held = t.base[f.market];
        _exchange(t, f.market, k == 0 ? f.size : -f.size, k == 0 ? f.quote : -f.quote);
        t.cash -= f.lost[k];
        _weigh(t, f.before);
        v = _judgeValue(t, f.lost[k], f.slack);
        if (v.selector != 0 || v.isClose) return v;
        v = _judgeDust(t);
        if (v.selector != 0) return v;
        Verdict memory margin = _judgeMargin(t, f.slack);
        if (_isDecidedByWeights(t) && !margin.isClose) _reached("fill decided by weights");
        if (_addsRisk(held, t.base[f.market])) return margin;
        // What is blind may shrink what is not; then margin is asked for as it stands (CLR-06).
        int256 spare = t.initialBalance - int256(t.initial);
        v.isClose = spare <= f.slack && -spare <= f.slack;
        if (spare < 0) v = _withClose(_judgeReduction(f, k, t, _abs(held) - _abs(t.base[f.market])), v.isClose);
    }

    /// @dev CLR-06a: bankrupt before it.
    function _judgeValue(Standing memory t, int256 lost, int256 slack) private pure returns (Verdict memory v) {
        v.isClose = t.value + lost <= slack && -(t.value + lost) <= slack;
        if (t.value + lost <= 0) v.selector = E.ClearingHouse_Bankrupt.selector;
    }

    /// @dev CLR-06: bankrupt after it, or dearer than the fee and a tenth of mmr of what is closed.
    function _judgeReduction(
        Fill memory f,
        uint256 k,
        Standing memory t,
        uint256 closed
    ) private returns (Verdict memory v) {
        v = _judgeValue(t, 0, f.slack);
        if (v.selector != 0 || f.lost[k] <= 0) return v;
        uint256 notional = (closed * f.before.prices[f.market]) / UNIT;
        uint256 allowed = (k == 0 ? f.fee : 0) + (notional * _rateOf(f.market)) / 1e6;
        _reached("reduction below initial margin");
        if (uint256(f.lost[k]) <= allowed) return v;
        v.selector = E.ClearingHouse_ReductionTooCostly.selector;
        (v.index, v.hasValues, v.found, v.required) = (t.index, true, f.lost[k], allowed);
    }

    /// @dev Anything but a shrinking position that keeps its side.
    function _addsRisk(int256 held, int256 left) private pure returns (bool) {
        if (left == 0) return false;
        if (held == 0 || (held > 0) != (left > 0)) return true;
        return _abs(left) > _abs(held);
    }
}
