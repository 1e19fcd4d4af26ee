// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath} from "../../../../contracts/libraries/AuctionMath.sol";
import {Auction} from "../../../../contracts/types/Auction.sol";
import {Interest} from "../../../../contracts/types/Clearing.sol";
import {AccountId, FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Market} from "./Market.sol";

/// @dev What holds for every call that liquidates, whatever it is: nobody else gains, no money appears, clocks do not jump.
abstract contract Checks is Market {
    uint256 private constant TARGET_BPS = 11_500;
    /// @dev E - tau MM is compared within this many wei: margins and quotes are rounded once for each position.
    int256 private constant MARGIN_TOLERANCE = 100;

    /* WHO GAINED */

    /// @dev At constant prices no one but the two that take part is better off, and claims as a whole only lose dust (INV-06, INV-13).
    function _checkOthers(
        Snapshot memory before,
        uint256 first,
        uint256 second,
        string memory verb
    ) internal returns (Snapshot memory afterwards) {
        afterwards = _snapshotAt(before.prices);
        int256 dust = _roundingOf(before.prices);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (i == first || i == second) continue;
            _require(
                afterwards.values[i] <= before.values[i] + dust,
                string.concat("INV-13: an account gained by another's ", verb)
            );
        }
        int256 change = _claims(afterwards) - _claims(before);
        int256 bound = dust * int256(ACCOUNTS);
        _require(change <= bound, string.concat("CLR-08: money was made by a ", verb));
        _require(change >= -bound - _chargeRounding(), string.concat("CLR-08: money was lost by a ", verb));
        quoteDust += uint256(bound + _chargeRounding());
        for (uint256 i = 0; i < 4; ++i) {
            if (afterwards.generations[i] != before.generations[i]) _reached("generation end");
        }
    }

    function _claims(Snapshot memory snapshot) internal pure returns (int256 sum) {
        for (uint256 i = 0; i <= ACCOUNTS; ++i) sum += snapshot.values[i];
        sum += snapshot.fundAccount + int256(snapshot.fees) - int256(snapshot.unallocated);
    }

    /// @dev One wei of base of each market, and a few of quote: what one position may be rounded by in one call.
    function _roundingOf(uint256[2] memory at) internal pure returns (int256) {
        return int256((2 * (at[0] + at[1])) / UNIT + 8);
    }

    /// @dev A charge per unit is rounded up: one wei for each unit of base, on both sides, in favour of the house.
    function _chargeRounding() internal view returns (int256) {
        return int256((8 * (_openInterest(0) + _openInterest(1))) / UNIT);
    }

    function _openInterest(uint8 market) internal view returns (uint256) {
        (, Interest memory interest) = HOUSE.marketOf(MarketId.wrap(market));
        return interest.openInterest;
    }

    /// @dev The fund pays only from its reserve, books every wei and segregates it (INV-03, FND-11).
    function _checkDrawn(Snapshot memory before, Snapshot memory afterwards, uint256 drawn, uint256 unpaid) internal {
        _require(afterwards.segment.drawn - before.segment.drawn == drawn, "INV-03: drawn");
        _require(before.segment.reserve - afterwards.segment.reserve == drawn, "INV-03: reserve");
        _require(afterwards.segment.owed - before.segment.owed == drawn, "FND-11: owed");
        _require(afterwards.segment.unpaid - before.segment.unpaid == unpaid, "INV-03: unpaid");
    }

    /// @dev What is neither drawn nor unallocated was charged to holders. Returns what became unallocated.
    function _newUnallocated(
        Snapshot memory before,
        Snapshot memory afterwards,
        uint256 income,
        uint256 drawn,
        uint256 socialized
    ) internal returns (uint256) {
        int256 change =
            afterwards.fundAccount - int256(afterwards.unallocated) - before.fundAccount + int256(before.unallocated);
        int256 fresh = int256(income) - int256(drawn) - change;
        _require(fresh >= 0 && fresh <= int256(socialized), "INV-03: fund account");
        if (fresh > 0) _reached("unallocated");
        if (int256(socialized) > fresh) _reached("socialised");
        return fresh < 0 ? 0 : uint256(fresh);
    }

    /* MARGIN */

    /// @dev E - tau MM in units of 1e-4 wei.
    function _distance(Health memory health) internal pure returns (int256) {
        return health.marginBalance * 10_000 - int256(health.maintenanceMargin() * TARGET_BPS);
    }

    function _checkDistance(AccountId account, Health memory before, bool atTarget) internal {
        int256 distance = _distance(HOUSE.health(account));
        _require(distance >= _distance(before) - 10_000 * MARGIN_TOLERANCE, "INV-05: E - tau MM fell");
        if (atTarget) _require(distance >= -10_000 * MARGIN_TOLERANCE, "INV-05: below target after f*");
    }

    /* CLOCKS */

    /// @dev LIQ-01: the clock runs forward below MM at both ends, back otherwise, never faster than time.
    function _checkClock(Auction memory before, Auction memory afterwards, bool isBelow) internal {
        if (!before.isOpen || !afterwards.isOpen) return;
        uint256 wall = _time - before.touchedAt;
        if (before.wasBelow && isBelow) {
            _require(afterwards.elapsed >= before.elapsed, "INV-15: clock ran back");
            _require(afterwards.elapsed <= before.elapsed + wall, "ORC-05: clock ran faster than time");
            _require(
                AuctionMath.incomeRate(afterwards.elapsed) >= AuctionMath.incomeRate(before.elapsed),
                "INV-15: k fell"
            );
            if (afterwards.elapsed < before.elapsed + wall) _reached("dead seconds");
        } else {
            _require(afterwards.elapsed <= before.elapsed, "LIQ-01: clock ran above MM");
            if (afterwards.elapsed < before.elapsed) _reached("clock ran back");
        }
        _require(afterwards.touchedAt == _time, "LIQ-01: time of the last touch");
    }

    /* WHO */

    /// @dev A keeper refreshes before he looks around, as most do. The call itself refreshes what it needs.
    function _look() internal {
        if (_chance(15)) return;
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }

    /// @dev Most calls on accounts that are well and owe nothing are left out: they only show the same refusal again.
    function _isIdle(uint256 index) internal returns (bool) {
        AccountId account = _accounts[index];
        if (HOUSE.headerOf(account).cash < 0 || HOUSE.health(account).isLiquidatable()) return false;
        return !_chance(15);
    }

    /// @dev An account below maintenance margin, from a random place on, or any.
    function _pickLiquidatable() internal returns (uint256 index) {
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            index = (start + i) % ACTIVE;
            if (HOUSE.headerOf(_accounts[index]).markets == 0) continue;
            if (HOUSE.health(_accounts[index]).isLiquidatable()) return index;
        }
        return start;
    }
}
