// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {GapCharges} from "./GapCharges.sol";

/// @dev Measured deficits (CLR-07): max(0, -V) of an account at its last flag, one amount for each account, counted in its hour and the next;
/// and what the fund could pay then, less what it has been drawn since.
abstract contract Measures is GapCharges {
    uint256 private constant EPOCH = 1 hours;
    uint48 private constant EVERY_MARKET = 3;

    struct Measure {
        uint256 amount;
        uint256 epoch;
    }

    Measure[ALL] private _measures;
    mapping(uint256 epoch => uint48 markets) private _marketsOf;
    uint256 private _resources;
    /// @dev When everything that is measured will have lapsed.
    uint256 private _measuredUntil;

    function _flag(uint256 i) internal {
        Book memory book = _read();
        _chargeMarketsOf(book, i);
        (bool ok, bytes memory result) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.flag, (_idOf(i))),
            "",
            "flag"
        );
        if (!ok) return;
        _noteMarketsTaken(book, i);
        _checkBook(book, ALL, ALL, "CLR-07: a flag takes the premium and moves nothing else");
        uint256 deficit = abi.decode(result, (uint256));
        _require(deficit == _deficitOf(i), "CLR-07: a flag measures max(0, -V)");
        _note(i, deficit, _time / EPOCH, book.markets[i]);
        _resources = FUND.resources(SEGMENT).total();
        _checkMeasures(i);
        if (deficit != 0) _reached("flag bankrupt");
        if (_excess() != 0) _reached("more measured than there is");
    }

    /* WHAT IS MEASURED */

    /// @dev max(0, -V); where something is blind as the house sees it in the account's favour (R6).
    function _deficitOf(uint256 i) private view returns (uint256) {
        Book memory book = _read();
        int256 value = _worth(book, i);
        if (_isBlind(book, i)) {
            Health memory health = HOUSE.health(_idOf(i));
            value = health.value + int256(health.blindSpread);
        }
        return value < 0 ? uint256(-value) : 0;
    }

    function _note(uint256 i, uint256 amount, uint256 epoch, uint48 markets) private {
        _measures[i] = amount == 0 ? Measure(0, 0) : Measure(amount, epoch);
        if (amount != 0) _marketsOf[epoch] |= markets == 0 ? EVERY_MARKET : markets;
        _measuredUntil = _measured() == 0 ? 0 : (_time / EPOCH + 2) * EPOCH;
    }

    /// @dev A bid or a deleveraging has sold `fraction` of an account, which owed `shortfall` for it, and drawn on the fund: what the rest owes
    /// takes the place of what was measured, for no longer than that would have counted.
    function _noteSold(uint256 i, uint256 fraction, uint256 shortfall, uint256 drawn, uint48 markets) internal {
        if (_time >= _measuredUntil) return;
        uint256 epoch = _measures[i].epoch;
        bool isCounting = _measures[i].amount != 0 && epoch + 1 >= _time / EPOCH;
        uint256 rest = isCounting ? (shortfall * (UNIT - fraction) + fraction - 1) / fraction : 0;
        if (rest != 0) _reached("rest measured");
        _note(i, rest, epoch, markets);
        _resources = _less(_resources, drawn);
        _checkMeasures(i);
    }

    /// @dev Only the account's own measure has changed, and the sums with it.
    function _checkMeasures(uint256 i) private {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        _require(measured == _measured(), "CLR-07: sum of what is measured");
        _require(resources == _resources, "CLR-07: resources of the fund");
        _require(markets == _concerned(), "CLR-07: markets of flagged accounts");
        (uint256 amount, ) = HOUSE.measuredDeficitOf(_idOf(i));
        _require(amount == _measures[i].amount, "CLR-07: what is measured of an account");
        bool isFlagged = HOUSE.headerOf(_idOf(i)).flags & AccountFlags.FLAGGED != 0;
        _require(isFlagged == (amount != 0), "CLR-07: mark of a flagged account");
    }

    /* WHAT FOLLOWS */

    function _measured() internal view returns (uint256 sum) {
        for (uint256 i = 0; i < ALL; ++i) if (_measures[i].epoch + 1 >= _time / EPOCH) sum += _measures[i].amount;
    }

    function _measuredOfOthers(uint256 i) internal view returns (uint256) {
        return _measures[i].epoch + 1 >= _time / EPOCH ? _measured() - _measures[i].amount : _measured();
    }

    /// @dev Measured beyond what the fund could pay.
    function _excess() internal view returns (uint256) {
        return _time < _measuredUntil ? _less(_measured(), _resources) : 0;
    }

    function _concerned() private view returns (uint48) {
        uint256 epoch = _time / EPOCH;
        return _marketsOf[epoch] | _marketsOf[epoch - 1];
    }

    /// @dev Fills in this market wait until the loss is booked.
    function _isUnbooked(uint256 m) internal view returns (bool) {
        return _excess() != 0 && _concerned() & (1 << m) != 0;
    }

    /// @dev What of the excess an account must leave behind: by notional over open interest, at most its notional.
    function _shareOf(Book memory book, uint256 i) internal view returns (uint256) {
        uint256 excess = _excess();
        uint48 concerned = _concerned();
        if (excess == 0 || book.markets[i] & concerned == 0) return 0;
        uint256 notional;
        uint256 open;
        for (uint256 m = 0; m < 2; ++m) {
            if (concerned & (1 << m) == 0) continue;
            uint256 price = _lastPrice(m);
            open += (book.interest[m] * price) / UNIT;
            notional += (_size(book.base[i][m]) * price + UNIT - 1) / UNIT;
        }
        return _min(notional >= open ? excess : (excess * notional + open - 1) / open, notional);
    }

    /// @dev An account worth less than nothing, from a random place on, or any.
    function _pickBankrupt() internal returns (uint256 index) {
        uint256 start = _draw(ALL);
        Book memory book = _read();
        for (uint256 i = 0; i < ALL; ++i) {
            index = (start + i) % ALL;
            if (_worth(book, index) < 0) return index;
        }
        return start;
    }

    /// @dev For the invariants: what the house should count now.
    function measuredNow() external view returns (uint256) {
        return _time < _measuredUntil ? _measured() : 0;
    }
}
