// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {BitSet} from "../libraries/BitSet.sol";
import {MAX_BLIND} from "../types/Constants.sol";
import {FeedId} from "../types/Identifiers.sol";
import {GapPremium} from "./GapPremium.sol";

/// @title Prices of this second
/// @notice Asked for in one call for all that an account depends on. What a liquidation has refreshed in its first call to the house is kept
/// for its later ones, in transient storage, so that the oracle is asked once.
abstract contract Prices is GapPremium {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.Uint256Slot;

    /// @param feeds bit f for feed f, or KEPT: what `assessLiquidation` has kept is meant
    /// @param word what the oracle says of the only one: price << 1 | whether it has consensus. 0 for several
    /// @param words the same of each of several, lowest first
    struct Quotes {
        uint256 feeds;
        uint256 word;
        uint256[] words;
    }

    uint256 private constant KEPT = type(uint256).max;
    /// @dev Transient slots: one for each feed's quote, one for each market's average; the last byte is the feed.
    uint256 private constant QUOTES = uint256(keccak256("bulwark.clearing.quotes")) & ~uint256(0xff);
    uint256 private constant AVERAGES = uint256(keccak256("bulwark.clearing.averages")) & ~uint256(0xff);
    /// @dev Above a price of 112 bits and the bit of its consensus stands the second in which it was kept: it counts in no other.
    uint256 private constant SECOND_SHIFT = 216;
    uint256 private constant VALUE_MASK = (1 << SECOND_SHIFT) - 1;

    function _quotes(uint256 feeds) internal view returns (Quotes memory quotes) {
        quotes.feeds = feeds;
        if (feeds == 0) return quotes;
        if (!BitSet.isSingle(feeds)) {
            quotes.words = ORACLE.quotes(feeds);
            return quotes;
        }
        // Most accounts depend on one price, and one is answered without an array.
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(uint8(LibBit.ffs(feeds))));
        quotes.word = (price << 1) | (hasConsensus ? 1 : 0);
    }

    /// @dev One that was not asked for is asked for now; so is one that has never had a price, whose word is 0.
    function _quoteOf(Quotes memory quotes, uint256 feed) internal view returns (uint256 price, bool hasConsensus) {
        uint256 feeds = quotes.feeds;
        uint256 bit = 1 << feed;
        uint256 word;
        if (feeds == KEPT) {
            word = _kept(QUOTES, feed);
        } else if (feeds & bit != 0) {
            word = quotes.word;
            // A bit is at least 1.
            unchecked {
                if (word == 0 && quotes.words.length != 0) word = _wordOf(quotes, feeds & (bit - 1));
            }
        }
        if (word == 0) return ORACLE.quote(FeedId.wrap(uint8(feed)));
        return (word >> 1, word & 1 != 0);
    }

    /// @param lower feeds below the one that is asked for
    function _wordOf(Quotes memory quotes, uint256 lower) private pure returns (uint256) {
        return quotes.words[lower == 0 ? 0 : LibBit.popCount(lower)];
    }

    /* KEPT WITHIN A LIQUIDATION: written by `assessLiquidation`, read by what the engine calls next, with nothing foreign in between */

    /// @dev Prices as `assessLiquidation` has found them in this transaction and second.
    function _keptQuotes() internal pure returns (Quotes memory quotes) {
        quotes.feeds = KEPT;
    }

    /// @dev Brings feeds to this second, and keeps what the oracle says of them.
    /// @param quotes filled; comes empty
    function _refreshQuotes(Quotes memory quotes, uint256 feeds) internal {
        quotes.feeds = feeds;
        if (feeds == 0) return;
        // Interaction: the oracle is our own, and keeps foreign code to static calls with bounded gas.
        if (BitSet.isSingle(feeds)) {
            uint256 feed = LibBit.ffs(feeds);
            quotes.word = ORACLE.refreshedWord(FeedId.wrap(uint8(feed)));
            _keep(QUOTES, feed, quotes.word);
            return;
        }
        quotes.words = ORACLE.refreshAll(feeds);
        for (uint256 index = 0; feeds != 0; feeds = BitSet.withoutLowest(feeds)) {
            _keep(QUOTES, LibBit.ffs(feeds), quotes.words[index++]);
        }
    }

    /// @dev The hour's average of a market, asked for and kept.
    function _keepAverage(uint256 market) internal returns (uint256 average) {
        average = ORACLE.averagePrice(FeedId.wrap(uint8(market)));
        _keep(AVERAGES, market, average);
    }

    function _keptAverage(uint256 market) internal view returns (uint256 average) {
        average = _kept(AVERAGES, market);
        if (average == 0) average = ORACLE.averagePrice(FeedId.wrap(uint8(market)));
    }

    function _keep(uint256 table, uint256 feed, uint256 value) private {
        bytes32(table | feed).asUint256().tstore((block.timestamp << SECOND_SHIFT) | value);
    }

    /// @dev 0 for none of this second.
    function _kept(uint256 table, uint256 feed) private view returns (uint256 value) {
        uint256 word = bytes32(table | feed).asUint256().tload();
        return word >> SECOND_SHIFT == block.timestamp ? word & VALUE_MASK : 0;
    }

    /* DEAD FEEDS */

    /// @dev Since when a market is known to be without consensus, and the last price; 0 when it has one now or has had one since it was marked.
    /// While a sequencer is down this reverts: then a feed is not dead but out of reach (ORC-03).
    function _deadSince(uint256 market) internal returns (uint256 since, uint256 price) {
        uint256 readAt;
        (price, readAt) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
        since = _endings[market].blindSince;
        // Interaction: the oracle is our own, and keeps foreign code to static calls with bounded gas.
        if (since <= readAt || _hasConsensusNow(market)) since = 0;
    }

    function _hasConsensusNow(uint256 market) internal returns (bool) {
        return ORACLE.refreshAll(1 << market)[0] & 1 != 0;
    }

    function _isDead(uint256 since) internal view returns (bool) {
        return since != 0 && block.timestamp - since >= MAX_BLIND;
    }
}
