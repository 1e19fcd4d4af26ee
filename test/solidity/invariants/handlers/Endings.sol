// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Waiting} from "./Waiting.sol";

/// @dev The end of the second market (CLR-11): announced a week before, closed at its average, settled when someone looks.
abstract contract Endings is Waiting {
    MarketId private constant ENDING = MarketId.wrap(1);
    uint256 private constant NOTICE = 7 days;

    bool private _isEnded;

    /// @dev Mostly nothing: a market ends in some runs, and late enough in them.
    function end(uint256 seed) external step(seed) {
        if (_endsAt[1] == 0) {
            if (_chance(10)) _announce();
        } else if (_isEnded || _time < _endsAt[1]) {
            _expectClosing(abi.encodeWithSelector(E.ClearingHouse_NotClosing.selector, ENDING, _endsAt[1], _isEnded));
            if (!_isEnded && _chance(50)) _pass(_endsAt[1] - _time);
        } else if (_chance(50)) {
            _pass(1 hours + _draw(2 hours));
        } else _close();
    }

    /* STEPS */

    /// @dev The administrator's call; nobody may be given less than a week, and nobody a second date.
    function _announce() private {
        uint40 earliest = uint40(_time + NOTICE);
        _require(!SYSTEM.tryAnnounceClosing(ENDING, earliest - 1), "CLR-11: announced too late");
        _endsAt[1] = earliest + _draw(1 days);
        _require(SYSTEM.tryAnnounceClosing(ENDING, uint40(_endsAt[1])), "CLR-11: announced in time");
        _require(!SYSTEM.tryAnnounceClosing(ENDING, uint40(_endsAt[1] + 1)), "CLR-11: announced twice");
        _reached("end announced");
    }

    /// @dev The average follows a price for as long as it stands and is read.
    function _pass(uint256 seconds_) private {
        _advance(seconds_);
        _publish();
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }

    /// @dev Needs a consensus, an average within the band of it, and no loss that waits to be booked.
    function _close() private {
        _takePremium();
        uint256 average = ORACLE.averagePrice(FeedId.wrap(1));
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(1));
        uint256 away = average > price ? average - price : price - average;
        if (!hasConsensus) {
            _try(
                address(this),
                address(HOUSE),
                abi.encodeCall(IClearingHouseTreasury.closeMarket, (ENDING)),
                abi.encodePacked(IPriceOracle.PriceOracle_NoConsensus.selector),
                "closing without consensus"
            );
            (, bool isClosed) = HOUSE.closingOf(ENDING);
            _require(!isClosed, "CLR-11: closed without consensus");
        } else if (away * 10_000 > price * 200) {
            _expectClosing(abi.encodeWithSelector(E.ClearingHouse_PriceOutsideBand.selector, average, price, 200));
        } else if (_isBlocked(1)) {
            _expectClosing(abi.encodeWithSelector(E.ClearingHouse_DeficitUnbooked.selector, ENDING));
        } else _closeAt(average);
    }

    /// @dev LIQ-08, INV-18: at the closing price nobody gains or loses by it, and nobody holds anything after it.
    function _closeAt(uint256 average) private {
        uint256[2] memory at = [prices()[0], average];
        Snapshot memory before = _snapshotAt(at);
        int256 slack = int256(_openInterest(1) / UNIT) + _roundingOf(at);
        _expectClosing("");
        _isEnded = true;
        Snapshot memory afterwards = _snapshotAt(at);
        for (uint256 i = 0; i <= ACCOUNTS; ++i) {
            int256 lost = before.values[i] - afterwards.values[i];
            _require(lost >= -slack && lost <= slack, "CLR-11: an account was closed at another price");
            if (i == ACCOUNTS) continue;
            (int256 base, ) = HOUSE.positionOf(_accounts[i], ENDING);
            _require(base == 0, "CLR-11: base after the end");
        }
        _require(_openInterest(1) == 0, "CLR-11: open interest after the end");
        quoteDust += uint256(slack) * (ACCOUNTS + 1);
        _reached("market closed");
    }

    /// @dev To the last value of the error; nothing for success.
    function _expectClosing(bytes memory expected) private {
        bytes memory data = abi.encodeCall(IClearingHouseTreasury.closeMarket, (ENDING));
        (bool ok, bytes memory result) = address(HOUSE).call(data);
        _require(ok == (expected.length == 0), "CLR-11: closing of a market");
        _require(ok || keccak256(result) == keccak256(expected), "CLR-11: error of a closing");
        _reached(ok ? bytes32("closing done") : bytes32("closing refused"));
    }
}
