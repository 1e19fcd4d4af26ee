// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {LibBit} from "solady/src/utils/LibBit.sol";

import {CachedPrice, FeedRules, IPriceOracle, SourceListing} from "../interfaces/IPriceOracle.sol";
import {BitSet} from "../libraries/BitSet.sol";
import {Consensus} from "../libraries/ConsensusMath.sol";
import {FeedId} from "../types/Identifiers.sol";
import {RulesWord} from "./FeedRegistry.sol";
import {CacheWord, FeedState, packCache} from "./FeedState.sol";
import {SequencerGuard} from "./SequencerGuard.sol";
import {Volatility} from "./Volatility.sol";

/// @title Multi-source price oracle with cache, dead seconds and realised volatility
/// @notice See IPriceOracle. No price can be written by anyone: all that governance can do is choose the sources.
contract PriceOracle is Volatility, SequencerGuard, AccessManaged {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.Uint256Slot;

    /// @dev What a feed's refresh came to in this transaction, one transient word per feed from here on: 0 for none yet,
    /// READ for a consensus, else MISSED with the counts of `PriceOracle_NoConsensus` above it.
    bytes32 private constant OUTCOMES = bytes32(uint256(keccak256("bulwark.oracle.PriceOracle.outcomes")) - 1);
    uint256 private constant READ = 1;
    uint256 private constant MISSED = 2;
    uint256 private constant FRESH_SHIFT = 8;
    uint256 private constant AGREEING_SHIFT = 16;
    uint256 private constant REQUIRED_SHIFT = 24;

    /// @param feed sequencer uptime feed of a layer 2, or zero
    /// @param grace seconds after its return, 0 without a feed (ORC-03)
    constructor(
        address accessManager,
        address feed,
        uint256 grace
    ) SequencerGuard(feed, grace) AccessManaged(accessManager) {}

    /// @inheritdoc IPriceOracle
    function listFeed(
        FeedId feed,
        FeedRules calldata rules,
        SourceListing[] calldata sources
    ) external override restricted {
        _requireSequencer();
        FeedState storage state = _feeds[feed];
        CacheWord old = state.cache;
        // Each listing has a version of its own, so a feed can be listed 255 times.
        uint8 version = old.version() + 1;
        _storeConfig(feed, version, rules, sources);
        state.cache = old.withVersion(version);
        emit FeedListed(feed, rules, sources);

        (Consensus memory consensus, RulesWord word, bool hasConsensus) = _observe(feed, version, old.price());
        if (!hasConsensus) revert PriceOracle_ListingWithoutConsensus(feed, consensus.fresh, consensus.agreeing);

        _outcome(feed).tstore(READ);
        if (old.version() == 0) {
            _startVolatility(state, consensus.price, _varianceFloor(word));
        } else {
            // The gap up to now is counted by the rules under which it arose: dead seconds never fall.
            word = _loadRules(feed, old.version());
        }
        _record(feed, consensus, word);
    }

    /// @inheritdoc IPriceOracle
    function setToken(FeedId feed, address token) external override restricted {
        if (_feeds[feed].cache.version() == 0) revert PriceOracle_UnknownFeed(feed);
        address current = _tokens[feed];
        if (current != address(0) || token.code.length == 0) revert PriceOracle_InvalidToken(feed, token, current);
        _tokens[feed] = token;
        emit FeedTokenSet(feed, token);
    }

    /// @inheritdoc IPriceOracle
    function tokenOf(FeedId feed) external view override returns (address token) {
        return _tokens[feed];
    }

    /// @inheritdoc IPriceOracle
    function refresh(FeedId feed) external override returns (uint256 price, bool hasConsensus) {
        return _refresh(feed, _feeds[feed].cache);
    }

    /// @inheritdoc IPriceOracle
    function refreshAll(uint256 feeds) external override returns (uint256[] memory words) {
        words = new uint256[](LibBit.popCount(feeds));
        for (uint256 index = 0; feeds != 0; feeds = BitSet.withoutLowest(feeds)) {
            words[index++] = _refreshedWord(FeedId.wrap(uint8(LibBit.ffs(feeds))));
        }
    }

    /// @inheritdoc IPriceOracle
    function refreshedWord(FeedId feed) external override returns (uint256 word) {
        return _refreshedWord(feed);
    }

    function _refreshedWord(FeedId feed) private returns (uint256) {
        CacheWord cache = _feeds[feed].cache;
        // Also when a refresh in this transaction missed: `_refresh` remembers that.
        bool isRead = cache.readAt() == block.timestamp;
        (uint256 price, bool hasConsensus) = isRead ? _quote(feed, cache) : _refresh(feed, cache);
        return _packQuote(price, hasConsensus);
    }

    function _refresh(FeedId feed, CacheWord cache) private returns (uint256 price, bool hasConsensus) {
        price = cache.price();
        if (price == 0) revert PriceOracle_UnknownFeed(feed);
        uint256 outcome = _outcome(feed).tload();
        if (outcome != 0) return (price, outcome == READ);

        _requireSequencer();
        (Consensus memory consensus, RulesWord rules, bool isReached) = _observe(feed, cache.version(), price);
        _outcome(feed).tstore(_packOutcome(consensus, rules, isReached));
        if (isReached) return (_record(feed, consensus, rules), true);

        emit ConsensusMissed(feed, consensus.fresh, consensus.agreeing);
    }

    /// @inheritdoc IPriceOracle
    function quote(FeedId feed) external view override returns (uint256 price, bool hasConsensus) {
        return _quote(feed, _feeds[feed].cache);
    }

    /// @inheritdoc IPriceOracle
    function quotes(uint256 feeds) external view override returns (uint256[] memory words) {
        words = new uint256[](LibBit.popCount(feeds));
        for (uint256 index = 0; feeds != 0; feeds = BitSet.withoutLowest(feeds)) {
            FeedId feed = FeedId.wrap(uint8(LibBit.ffs(feeds)));
            (uint256 price, bool hasConsensus) = _quote(feed, _feeds[feed].cache);
            words[index++] = _packQuote(price, hasConsensus);
        }
    }

    function _quote(FeedId feed, CacheWord cache) private view returns (uint256 price, bool hasConsensus) {
        price = cache.price();
        uint256 outcome = _outcome(feed).tload();
        if (outcome != 0) return (price, outcome == READ);
        if (cache.readAt() == block.timestamp) return (price, true);
        if (!_isSequencerLive()) return (_lastPrice(feed), false);

        (price, outcome) = _askSources(feed);
        return (price, outcome == READ);
    }

    /// @inheritdoc IPriceOracle
    function consensusPrice(FeedId feed) external view override returns (uint256 price) {
        CacheWord cache = _feeds[feed].cache;
        price = cache.price();
        uint256 outcome = _outcome(feed).tload();
        if (outcome == 0 && cache.readAt() == block.timestamp) return price;

        if (outcome == 0) {
            _requireSequencer();
            (price, outcome) = _askSources(feed);
        }
        if (outcome == READ) return price;
        revert PriceOracle_NoConsensus({
            feed: feed,
            fresh: uint8(outcome >> FRESH_SHIFT),
            agreeing: uint8(outcome >> AGREEING_SHIFT),
            quorum: uint8(outcome >> REQUIRED_SHIFT)
        });
    }

    /// @inheritdoc IPriceOracle
    function lastPrice(FeedId feed) external view override returns (uint256 price, uint256 readAt) {
        return (_lastPrice(feed), _feeds[feed].cache.readAt());
    }

    /// @inheritdoc IPriceOracle
    function deadSeconds(FeedId feed) external view override returns (uint256 seconds_) {
        CacheWord cache = _loadCache(feed);
        return _deadSeconds(cache, _maxGap(_loadRules(feed, cache.version())));
    }

    /// @inheritdoc IPriceOracle
    function cached(FeedId feed) external view override returns (CachedPrice memory) {
        CacheWord cache = _loadCache(feed);
        return
            CachedPrice({
                price: cache.price(),
                publishedAt: cache.publishedAt(),
                readAt: cache.readAt(),
                deadSeconds: cache.deadSeconds(),
                spreadBps: cache.spreadBps()
            });
    }

    /// @dev Stores a consensus. In the second of the last one only a newer one replaces it: nobody can choose between the
    /// prices of a second, they only move forward with their publish times (ORC-04).
    /// @return price what is cached then
    function _record(FeedId feed, Consensus memory consensus, RulesWord rules) private returns (uint256 price) {
        FeedState storage state = _feeds[feed];
        CacheWord old = state.cache;
        uint256 publishedAt = old.publishedAt();
        bool isNewer = consensus.publishedAt > publishedAt;
        if (old.readAt() == block.timestamp && !isNewer) return old.price();
        if (isNewer) publishedAt = consensus.publishedAt;

        price = consensus.price;
        bool isFirst = old.price() == 0;
        uint256 dead = isFirst ? 0 : _deadSeconds(old, _maxGap(rules));
        uint256 spread = consensus.spreadBps;
        if (spread > type(uint16).max) spread = type(uint16).max;
        // All fit: prices are below 2^112, and times for as long as block times do.
        state.cache = packCache(price, publishedAt, block.timestamp, dead, spread, old.version());
        if (!isFirst) _advanceVolatility(feed, state, old, price);
        emit PriceRefreshed(feed, price, publishedAt, dead);
    }

    /// @dev What the sources say now, and `outcome` as `refresh` would store it. An unknown feed comes here, as it was
    /// read in no second.
    function _askSources(FeedId feed) private view returns (uint256 price, uint256 outcome) {
        CacheWord cache = _loadCache(feed);
        price = cache.price();
        (Consensus memory consensus, RulesWord rules, bool hasConsensus) = _observe(feed, cache.version(), price);
        if (hasConsensus) price = consensus.price;
        outcome = _packOutcome(consensus, rules, hasConsensus);
    }

    function _lastPrice(FeedId feed) private view returns (uint256 price) {
        price = _feeds[feed].cache.price();
        if (price == 0) revert PriceOracle_UnknownFeed(feed);
    }

    function _loadCache(FeedId feed) private view returns (CacheWord cache) {
        cache = _feeds[feed].cache;
        if (cache.price() == 0) revert PriceOracle_UnknownFeed(feed);
    }

    /// @dev Dead seconds with the gap since the last reading (ORC-05).
    function _deadSeconds(CacheWord cache, uint256 maxGap) private view returns (uint256) {
        uint256 gap = block.timestamp - cache.readAt();
        uint256 before = cache.deadSeconds();
        return gap > maxGap ? before + gap - maxGap : before;
    }

    function _packQuote(uint256 price, bool hasConsensus) private pure returns (uint256) {
        return (price << 1) | (hasConsensus ? 1 : 0);
    }

    function _packOutcome(
        Consensus memory consensus,
        RulesWord rules,
        bool hasConsensus
    ) private pure returns (uint256) {
        if (hasConsensus) return READ;
        return
            MISSED |
            (consensus.fresh << FRESH_SHIFT) |
            (consensus.agreeing << AGREEING_SHIFT) |
            (_requiredAgreement(rules) << REQUIRED_SHIFT);
    }

    function _outcome(FeedId feed) private pure returns (TransientSlot.Uint256Slot) {
        // The hash is no closer than 2^8 to 2^256.
        unchecked {
            return bytes32(uint256(OUTCOMES) + FeedId.unwrap(feed)).asUint256();
        }
    }
}
