// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {FeedId} from "../../../../contracts/types/Identifiers.sol";
import {Exits} from "./Exits.sol";

/// @dev The end of a market (CLR-11): announced once and a week before, carried out by anyone at the stored average, or at the last price of a
/// feed that is gone (ORC-07). From then on every position is worth what it was settled at, to the wei.
abstract contract Endings is Exits {
    uint256 private constant NOTICE = 7 days;
    uint256 private constant BAND_BPS = 200;

    uint256[2] private _closesAt;
    uint256[2] private _blindSince;
    bool[2] public isClosed;
    /// @dev What positions were settled at.
    int256[ALL][2] private _settledAt;

    function announceEnd(uint256 seed) external step(seed) {
        uint256 m = _draw(2);
        // Most runs keep a market that goes on; where one is to end already it is tried again.
        if (_closesAt[1 - m] != 0 && _chance(95)) return _carryOut(1 - m);
        uint256 closesAt = _time + NOTICE - 1 hours + _draw(6 hours);
        bool isDue = _closesAt[m] == 0 && closesAt >= _time + NOTICE;
        bool ok = SYSTEM.tryAnnounceClosing(_market(m), uint40(closesAt));
        _require(ok == isDue, "CLR-11: announced once, and a week before");
        if (!ok) return;
        _closesAt[m] = closesAt;
        _require(!_isOpen(m), "CLR-11: open after its end was announced");
        _reached("end announced");
    }

    function endMarket(uint256 seed) external step(seed) {
        uint256 m = _pickEnding();
        if (_time < _closesAt[m] && _chance(85)) _advance(_closesAt[m] - _time + _draw(2 hours));
        else if (_chance(60)) _advance(1 + _draw(4 hours));
        _carryOut(m);
    }

    /// @dev A feed that is gone is marked, so that its market can end without it.
    function markBlind(uint256 seed) external step(seed) {
        uint256 m = _draw(2);
        for (uint256 k = 0; k < 2 && _isVisible(m); ++k) m = 1 - m;
        bool isVisible = _isVisible(m);
        (, uint256 readAt) = ORACLE.lastPrice(FeedId.wrap(uint8(m)));
        uint256 since = _blindSince[m] > readAt ? _blindSince[m] : _time;
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseTreasury.markBlind, (_market(m))),
            abi.encodePacked(E.ClearingHouse_NotBlind.selector),
            "mark blind"
        );
        _require(ok != isVisible, "ORC-07: a market with consensus was marked, or one without was not");
        if (!ok) return;
        _require(abi.decode(result, (uint256)) == since, "ORC-07: since when it is blind");
        _blindSince[m] = since;
    }

    /* STEPS */

    function _carryOut(uint256 m) private {
        if (_chance(90)) _publish();
        if (_chance(30)) {
            _refreshBoth();
            _flag(_pickBankrupt());
        } else if (_blindSince[m] != 0 || _chance(80)) {
            ORACLE.refresh(FeedId.wrap(uint8(m)));
        }
        _endMarket(m);
    }

    function _endMarket(uint256 m) private {
        Book memory book = _read();
        (bytes4 refusal, uint256 price) = _foretellEnd(m);
        uint256 slack = 2 * _slackOf(m, price);
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseTreasury.closeMarket, (_market(m))),
            abi.encodePacked(
                E.ClearingHouse_NotClosing.selector,
                E.ClearingHouse_PriceOutsideBand.selector,
                IPriceOracle.PriceOracle_NoConsensus.selector,
                E.ClearingHouse_DeficitUnbooked.selector
            ),
            "end"
        );
        _require(ok ? refusal == 0 : refusal == bytes4(result), "CLR-11: outcome of an end");
        if (refusal == E.ClearingHouse_DeficitUnbooked.selector) _reached("end waits");
        if (!ok) return _checkBook(book, ALL, ALL, "CLR-11: an end that was refused moved something");
        _charge(book, m, price);
        _noteTaken(m);
        _settle(book, m, price, slack);
        _checkBook(book, ALL, ALL, "CLR-11: every position is settled at the stored price");
        _noteSettled(m);
    }

    /// @dev The reason why it cannot end now, 0 for none, and the price that it ends at.
    function _foretellEnd(uint256 m) private view returns (bytes4 refusal, uint256 price) {
        if (_closesAt[m] == 0 || _time < _closesAt[m] || isClosed[m]) return (E.ClearingHouse_NotClosing.selector, 0);
        uint256 readAt;
        (price, readAt) = ORACLE.lastPrice(FeedId.wrap(uint8(m)));
        bool isVisible = _isVisible(m);
        bool isDead = !isVisible && _blindSince[m] > readAt && _time - _blindSince[m] >= 1 days;
        if (!isDead) {
            if (!isVisible) return (IPriceOracle.PriceOracle_NoConsensus.selector, 0);
            uint256 index = ORACLE.consensusPrice(FeedId.wrap(uint8(m)));
            price = ORACLE.averagePrice(FeedId.wrap(uint8(m)));
            uint256 away = _less(price, index) + _less(index, price);
            if (away * 10_000 > index * BAND_BPS) return (E.ClearingHouse_PriceOutsideBand.selector, 0);
        }
        if (_isUnbooked(m)) return (E.ClearingHouse_DeficitUnbooked.selector, 0);
    }

    /// @dev The books as they stand once everybody's base has become what it is worth at `price`.
    function _settle(Book memory book, uint256 m, uint256 price, uint256 slack) private pure {
        book.slack[m] += slack;
        for (uint256 i = 0; i < ALL; ++i) {
            book.quote[i][m] += _floorMul(book.base[i][m], price);
            book.base[i][m] = 0;
        }
    }

    function _noteSettled(uint256 m) private {
        isClosed[m] = true;
        Book memory found = _read();
        for (uint256 i = 0; i < ALL; ++i) {
            _settledAt[m][i] = found.quote[i][m];
            if (found.quote[i][m] != 0) _reached("position settled");
        }
        _require(found.interest[m] == 0, "CLR-11: open interest after the end");
        quoteDust += ALL;
        _reached("market ended");
    }

    function _isVisible(uint256 m) private view returns (bool visible) {
        (, visible) = ORACLE.quote(FeedId.wrap(uint8(m)));
    }

    /// @dev Mostly one whose end was announced.
    function _pickEnding() private returns (uint256 m) {
        m = _draw(2);
        if (_chance(10)) return m;
        if (_closesAt[m] == 0 || isClosed[m]) m = 1 - m;
    }

    /// @dev For the invariants: a position of a market that has ended is what it was settled at until somebody takes it out.
    function isSettled(uint256 m, uint256 i) external view returns (bool) {
        if (HOUSE.headerOf(_idOf(i)).markets & (1 << m) == 0) return true;
        (int256 base, int256 quote) = HOUSE.positionOf(_idOf(i), _market(m));
        return base == 0 && quote == _settledAt[m][i];
    }
}
