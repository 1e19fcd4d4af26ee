// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseRegistry} from "../../../../contracts/interfaces/IClearingHouseRegistry.sol";
import {IPriceOracle} from "../../../../contracts/interfaces/IPriceOracle.sol";
import {MockAggregator} from "../../../../contracts/mocks/MockAggregator.sol";
import {Trade} from "../../../../contracts/types/Clearing.sol";
import {AccountId, FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Money} from "./Money.sol";

/// @dev Fills, prices, feeds that fail, and time.
abstract contract Market is Money {
    uint256 private constant RANGE = 8;

    function trade(uint256 seed) external step(seed) {
        _tradeAtRandom();
    }

    /// @dev Prices walk; now and then one source of three says something else, which changes nothing (ORC-06).
    function movePrice(uint256 seed) external step(seed) {
        _advance(1 + _draw(120));
        uint256 feed = _draw(2);
        _shift(feed, _chance(60) ? 100 : 600);
        if (_chance(50)) _shift(1 - feed, 300);
        if (_chance(40)) _isDead[_draw(2)] = false;
        _publish();
    }

    /// @dev A gap of up to 40%.
    function gap(uint256 seed) external step(seed) {
        _advance(1 + _draw(60));
        uint256 feed = _draw(2);
        _shift(feed, 4_000);
        if (_chance(60)) _shift(1 - feed, 3_000);
        _publish();
    }

    /// @dev A feed loses two of its three sources: it reverts, is stale or says nothing sensible.
    function killFeed(uint256 seed) external step(seed) {
        _advance(1 + _draw(30));
        if (_chance(50)) _isDead[_draw(2)] = true;
        _publish();
    }

    function reviveFeeds(uint256 seed) external step(seed) {
        _advance(1 + _draw(30));
        _isDead[0] = false;
        _isDead[1] = false;
        _publish();
    }

    /// @dev Seconds to days; prices are published again, except now and then.
    function wait(uint256 seed) external step(seed) {
        uint256 kind = _draw(10);
        _advance(
            kind < 6
                ? 30 + _draw(270)
                : kind < 9
                    ? 300 + _draw(8 hours)
                    : _draw(3 days)
        );
        if (_chance(90)) _publish();
    }

    function refresh(uint256 seed) external step(seed) {
        uint8 feed = uint8(_draw(2));
        _try(address(this), address(ORACLE), abi.encodeCall(IPriceOracle.refresh, (FeedId.wrap(feed))), "", "refresh");
    }

    function roll(uint256 seed) external step(seed) {
        Snapshot memory before = _snapshot();
        AccountId account = _accounts[_draw(ACCOUNTS)];
        _roll(account, uint8(_draw(2)));
        Snapshot memory afterwards = _snapshotAt(before.prices);
        for (uint256 i = 0; i <= ACCOUNTS; ++i) {
            _require(before.values[i] == afterwards.values[i], "INV-18: rolling changed a value");
        }
    }

    /* STEPS */

    function _tradeAtRandom() internal {
        uint256 taker = _draw(_chance(80) ? KEEPER : ACTIVE);
        uint256 maker = (taker + 1 + _draw(ACTIVE - 1)) % ACTIVE;
        uint8 market = uint8(_draw(2));
        uint256[2] memory at = prices();
        int256 size = _sizeOf(_accounts[taker], market, at[market]);
        if (size == 0) return;
        uint256 price = at[market];
        // Mostly near the index; now and then at the edge of the band and beyond (2%).
        uint256 away = _chance(70) ? price / 1_000 : (price * 21) / 1_000;
        price = price - away + _draw(2 * away + 1);
        _fill(taker, maker, market, size, price, at);
    }

    function _roll(AccountId account, uint8 market) internal {
        bytes memory data = abi.encodeCall(IClearingHouseRegistry.roll, (account, MarketId.wrap(market)));
        _try(address(this), address(HOUSE), data, "", "roll");
    }

    /// @dev Up to eleven times the account's margin, or a part of what it has, closed or turned round.
    function _sizeOf(AccountId account, uint8 market, uint256 price) private returns (int256) {
        (int256 base, ) = HOUSE.positionOf(account, MarketId.wrap(market));
        if (base != 0 && _chance(35)) return _chance(50) ? -base : -(base * int256(_draw(150))) / 100;
        Health memory health = HOUSE.health(account);
        if (health.initialBalance <= 0) return int256(_draw(3)) - 1;
        uint256 balance = uint256(health.initialBalance);
        if (balance > 20_000 * UNIT) balance = 20_000 * UNIT;
        int256 size = int256((((balance * UNIT) / price) * (1 + _draw(110))) / 10);
        return _chance(50) ? size : -size;
    }

    function _fill(
        uint256 taker,
        uint256 maker,
        uint8 market,
        int256 size,
        uint256 price,
        uint256[2] memory at
    ) internal virtual returns (bool ok) {
        int256 both = valueOf(_accounts[taker], at) + valueOf(_accounts[maker], at);
        (uint256 fees, ) = HOUSE.totals();
        (ok, ) = _try(
            address(SYSTEM.orders()),
            address(HOUSE),
            abi.encodeCall(
                IClearingHouseCore.trade,
                (Trade(_accounts[taker], _accounts[maker], MarketId.wrap(market), size, price))
            ),
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_DustPosition.selector,
                E.ClearingHouse_NoConsensus.selector,
                E.ClearingHouse_PriceOutsideBand.selector,
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_Bankrupt.selector,
                E.ClearingHouse_ReductionTooCostly.selector,
                E.ClearingHouse_OpenInterestCapExceeded.selector
            ),
            "trade"
        );
        if (!ok) return false;
        quoteDust += 8;
        (uint256 feesAfter, ) = HOUSE.totals();
        int256 lost = both - valueOf(_accounts[taker], at) - valueOf(_accounts[maker], at);
        lost -= int256(feesAfter - fees);
        // Quotes are rounded in favour of the house, one wei for each reading and writing of a position.
        _require(lost >= -2 && lost <= 8, "CLR-08: a fill made or lost money");
    }

    function _shift(uint256 feed, uint256 mostBps) internal {
        uint256 price = _feedPrice[feed];
        uint256 start = feed == 0 ? 200e18 : 8_000e18;
        uint256 bps = 10_000 - mostBps + _draw(2 * mostBps + 1);
        // Upward moves undo downward ones, so that the walk does not drift.
        price = bps < 10_000 ? (price * bps) / 10_000 : (price * 10_000) / (20_000 - bps);
        if (price < start / RANGE || price > start * RANGE) price = start;
        _feedPrice[feed] = price - (price % 1e10);
        if (price > highestPrice[feed]) highestPrice[feed] = price;
    }

    function _publish() internal {
        for (uint256 feed = 0; feed < 2; ++feed) {
            uint256 odd = _draw(12);
            for (uint256 i = 0; i < 3; ++i) {
                MockAggregator source = SYSTEM.feeds(feed, i);
                bool isOff = _isDead[feed] ? i != odd % 3 : i == odd;
                // No two false answers agree with each other.
                int256 answer = int256(_feedPrice[feed] / 1e10);
                _publishOne(source, answer, (answer * int256(115 + 15 * i)) / 100, isOff ? 1 + _draw(4) : 0);
            }
        }
    }

    function _publishOne(MockAggregator source, int256 answer, int256 falseAnswer, uint256 fault) private {
        bool reverts = fault == 1;
        if (reverts != (source.mode() == MockAggregator.Mode.Reverts)) {
            source.setMode(reverts ? MockAggregator.Mode.Reverts : MockAggregator.Mode.Honest);
        }
        if (fault == 2) source.setRound(answer, _time - 2 days);
        else if (fault == 3) source.setRound(0, _time);
        else if (fault == 4) source.setRound(falseAnswer, _time);
        else source.setRound(answer, _time);
    }
}
