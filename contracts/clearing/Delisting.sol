// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SideIndex} from "../libraries/SideIndex.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Market, Side} from "../types/Clearing.sol";
import {BPS_ONE, MAX_BLIND} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {FeedId, MarketId} from "../types/Identifiers.sol";
import {RiskLimits} from "./RiskLimits.sol";

/// @title End of a market
/// @notice A market closes at the average consensus price of a moment announced a week before (CLR-11).
abstract contract Delisting is RiskLimits {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @dev From the announcement to the closing.
    uint256 internal constant CLOSING_NOTICE = 7 days;

    function announceClosing(MarketId market, uint40 closesAt) external restricted {
        uint256 index = _requireMarket(market);
        Market storage settings = _markets[index];
        uint256 earliest = block.timestamp + CLOSING_NOTICE;
        // Announced once: a date that could be moved would be a price that could be chosen.
        uint256 announced = _endings[index].closesAt;
        if (announced != 0 || closesAt < earliest) {
            revert ClearingHouse_InvalidClosing(market, closesAt, earliest, announced);
        }
        _endings[index].closesAt = closesAt;
        settings.flags &= ~MarketFlags.OPEN;
        emit ClosingAnnounced(market, closesAt);
    }

    function markBlind(MarketId market) external nonReentrant returns (uint256 since) {
        uint256 index = _requireMarket(market);
        if (_hasConsensusNow(index)) revert ClearingHouse_NotBlind(market, 0, MAX_BLIND);
        (since, ) = _deadSince(index);
        if (since != 0) return since;
        since = block.timestamp;
        _endings[index].blindSince = since.toUint40();
        emit BlindMarked(market, since);
    }

    function closeMarket(MarketId market) external nonReentrant {
        uint256 index = _requireMarket(market);
        uint256 closesAt = _endings[index].closesAt;
        Market storage settings = _markets[index];
        bool isClosed = settings.flags & MarketFlags.CLOSED != 0;
        if (closesAt == 0 || block.timestamp < closesAt || isClosed) {
            revert ClearingHouse_NotClosing(market, closesAt, isClosed);
        }
        uint256 price = _closingPrice(index);
        _requireBooked(index);
        _accrueGap(index, price);
        settings.flags |= MarketFlags.CLOSED;
        int256 funding = _fundingOf(index);
        settings.fundingRate = 0;
        settings.funding = funding.toInt96();
        settings.fundingAt = uint32(block.timestamp);
        uint256 openInterest = _interest[index].openInterest;
        _interest[index].openInterest = 0;
        if (openInterest != 0) {
            _closeSide(index, true, openInterest, price, funding);
            _closeSide(index, false, openInterest, price, funding);
        }
        emit MarketClosed(market, price, openInterest);
    }

    /// @dev The average of a feed that lives. It moves with refreshes only: where nobody has asked for long it would be a price of the past,
    /// which whoever gains by it could close at. So it must be as near to the price of now as a fill; refreshes bring it there. Of a feed
    /// that is dead, the last price (ORC-07): else its market would never close, and blind every account in it for ever.
    function _closingPrice(uint256 market) private returns (uint256 price) {
        uint256 since;
        (since, price) = _deadSince(market);
        if (_isDead(since)) return price;
        FeedId feed = FeedId.wrap(uint8(market));
        price = ORACLE.averagePrice(feed);
        uint256 indexPrice = ORACLE.consensusPrice(feed);
        uint256 bandBps = _config.bandBps;
        if (WadMath.abs(int256(price) - int256(indexPrice)) * BPS_ONE > indexPrice * bandBps) {
            revert ClearingHouse_PriceOutsideBand(price, indexPrice, bandBps);
        }
    }

    /// @dev The whole side at one price, by the same step as a deleveraging of all of it: a new generation begins, and positions are
    /// brought forward when someone looks (CLR-09). It is no deleveraging in the sense of CLM-03: nobody lost his hedge unannounced.
    function _closeSide(uint256 market, bool long, uint256 openInterest, uint256 price, int256 funding) private {
        Side memory side = _sides[market][long];
        SideIndex.deleverage(side, long, openInterest, openInterest, price, funding);
        _storeSide(market, long, side, funding);
    }
}
