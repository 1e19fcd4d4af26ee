// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBytes} from "solady/src/utils/LibBytes.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {FeedRules, IPriceOracle, SourceListing} from "../interfaces/IPriceOracle.sol";
import {IPriceSource, SourceKind, SourceStatus} from "../interfaces/IPriceSource.sol";
import {Consensus, ConsensusMath} from "../libraries/ConsensusMath.sol";
import {CallOutcome, GuardedCall} from "../libraries/GuardedCall.sol";
import {VolatilityMath} from "../libraries/VolatilityMath.sol";
import {MAX_PRICE} from "../types/Constants.sol";
import {FeedId} from "../types/Identifiers.sol";
import {FeedState} from "./FeedState.sol";
import {ChainlinkReading} from "./sources/ChainlinkReading.sol";
import {PythReading} from "./sources/PythReading.sol";

/// @dev A feed's rules as one word: maxDeviation 8 bytes, varianceFloor 8, maxGap 4, sources 1, quorum 1, kinds 1.
type RulesWord is uint256;

/// @title Rules and sources of the feeds, and how they are asked
/// @notice A feed's rules and sources are the code of a contract of their own, at an address that follows from the feed and
/// from how often it was listed: a refresh loads them all for the price of one cold account, where storage would cost 2,100
/// gas for each word. The oracle itself reads Chainlink feeds and prices of Pyth: a source with the oracle as its reader is read
/// without a call in between, which saves 2,600 gas for the first and about 2,500 for each. Its settings say which of the two it is:
/// those of a Chainlink feed are one word.
/// @dev Words of that code: the rules, then three for each source: kind << 160 | reader, and the two that its reader packed.
abstract contract FeedRegistry is IPriceOracle, ChainlinkReading, PythReading {
    uint256 private constant MAX_SOURCES = 16;
    /// @dev One kind of source decides nothing (R6, ORC-02): what makes one answer wrong may make all of its kind wrong.
    uint256 private constant MIN_KINDS = 2;
    uint256 private constant MAX_KINDS = 4;
    uint256 private constant MAX_DEVIATION = 0.1e18;
    uint256 private constant MIN_GAP = 30 seconds;
    uint256 private constant MAX_GAP = 1 hours;
    uint256 private constant MAX_VOLATILITY_FLOOR = 10e18;

    uint256 private constant WORD = 32;
    uint256 private constant WORDS_PER_SOURCE = 3;
    uint256 private constant KIND_SHIFT = 160;
    uint256 private constant DEVIATION_SHIFT = 120;
    uint256 private constant FLOOR_SHIFT = 56;
    uint256 private constant GAP_SHIFT = 24;
    uint256 private constant COUNT_SHIFT = 16;
    uint256 private constant QUORUM_SHIFT = 8;

    /// @dev Words that IPriceSource.read answers with.
    uint256 private constant READING_WORDS = 4;

    mapping(FeedId feed => FeedState) internal _feeds;
    mapping(FeedId feed => address token) internal _tokens;

    /// @inheritdoc IPriceOracle
    function inspect(
        FeedId feed
    )
        external
        view
        override
        returns (SourceStatus[] memory statuses, uint256[] memory prices, uint256[] memory publishedAt)
    {
        uint8 version = _feeds[feed].cache.version();
        if (version == 0) revert PriceOracle_UnknownFeed(feed);

        bytes memory config = SSTORE2.read(_configAddress(feed, version));
        uint256 count = _sourceCount(_wordAt(config, 0));
        statuses = new SourceStatus[](count);
        prices = new uint256[](count);
        publishedAt = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            (statuses[i], prices[i], publishedAt[i], ) = _readSource(config, i);
        }
    }

    /// @dev Asks all sources of a feed and applies its rules (ORC-02).
    /// @param version of the listing, at least 1
    /// @param last last consensus price, 0 when there is none
    function _observe(
        FeedId feed,
        uint8 version,
        uint256 last
    ) internal view returns (Consensus memory consensus, RulesWord rules, bool hasConsensus) {
        bytes memory config = SSTORE2.read(_configAddress(feed, version));
        uint256 word = _wordAt(config, 0);
        uint256 count = _sourceCount(word);

        uint256[] memory answers = new uint256[](count);
        uint256 valid = 0;
        for (uint256 i = 0; i < count; ++i) {
            (SourceStatus status, uint256 price, uint256 publishedAt, uint256 kind) = _readSource(config, i);
            if (status != SourceStatus.Valid) continue;
            answers[valid] = ConsensusMath.pack(price, publishedAt, kind);
            // At most one for each source.
            unchecked {
                ++valid;
            }
        }

        rules = RulesWord.wrap(word);
        ConsensusMath.fill(consensus, answers, valid, word >> DEVIATION_SHIFT, last);
        hasConsensus = ConsensusMath.isReached(consensus, _requiredAgreement(rules), uint8(word));
    }

    /// @dev Checks rules and sources and stores them. Readers are asked here for kind and settings, and never again.
    function _storeConfig(
        FeedId feed,
        uint8 version,
        FeedRules calldata rules,
        SourceListing[] calldata sources
    ) internal {
        uint256 count = sources.length;
        if (!_isValid(rules, count)) revert PriceOracle_InvalidRules(rules, count);

        uint256[] memory words = new uint256[](1 + count * WORDS_PER_SOURCE);
        words[0] = _packRules(rules, count);
        for (uint256 i = 0; i < count; ++i) {
            _checkUnique(sources, i);
            IPriceSource reader = IPriceSource(sources[i].reader);
            uint256 offset = 1 + i * WORDS_PER_SOURCE;
            SourceKind kind;
            (kind, words[offset + 1], words[offset + 2]) = _configure(reader, sources[i].target, sources[i].settings);
            words[offset] = (uint256(kind) << KIND_SHIFT) | uint160(address(reader));
        }
        SSTORE2.writeDeterministic(abi.encodePacked(words), _configSalt(feed, version));
    }

    function _loadRules(FeedId feed, uint8 version) internal view returns (RulesWord) {
        return RulesWord.wrap(_wordAt(SSTORE2.read(_configAddress(feed, version), 0, WORD), 0));
    }

    function _maxGap(RulesWord rules) internal pure returns (uint256) {
        return uint32(RulesWord.unwrap(rules) >> GAP_SHIFT);
    }

    function _varianceFloor(RulesWord rules) internal pure returns (uint64) {
        return uint64(RulesWord.unwrap(rules) >> FLOOR_SHIFT);
    }

    function _requiredAgreement(RulesWord rules) internal pure returns (uint256) {
        uint256 word = RulesWord.unwrap(rules);
        return ConsensusMath.requiredAgreement({sources: _sourceCount(word), quorum: uint8(word >> QUORUM_SHIFT)});
    }

    function _configure(
        IPriceSource reader,
        address target,
        bytes calldata settings
    ) private view returns (SourceKind kind, uint256 first, uint256 second) {
        if (address(reader) != address(this)) {
            kind = reader.kind();
            (first, second) = reader.configure(target, settings);
        } else if (settings.length == WORD) {
            kind = SourceKind.Push;
            (first, second) = _configureFeed(target, settings);
        } else {
            kind = SourceKind.Pull;
            (first, second) = _configurePyth(target, settings);
        }
    }

    /// @return status why there is no price, or Valid
    /// @return price in 1 .. MAX_PRICE when Valid
    /// @return publishedAt in 1 .. now when Valid
    /// @return kind SourceKind
    function _readSource(
        bytes memory config,
        uint256 index
    ) private view returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 kind) {
        uint256 source;
        uint256 first;
        uint256 second;
        // There are at most 16 sources.
        unchecked {
            uint256 offset = 1 + index * WORDS_PER_SOURCE;
            (source, first, second) = (
                _wordAt(config, offset),
                _wordAt(config, offset + 1),
                _wordAt(config, offset + 2)
            );
        }
        kind = source >> KIND_SHIFT;
        address reader = address(uint160(source));
        if (reader != address(this)) {
            (status, price, publishedAt) = _askReader(reader, first, second);
        } else if (kind == uint256(SourceKind.Push)) {
            (status, price, publishedAt) = _readFeed(first, second);
        } else {
            (status, price, publishedAt, ) = _readPyth(first, second);
        }
    }

    /// @dev A reader is asked like foreign code (R1a): one that fails counts as a source without an answer, and what it
    /// answers is checked again, so that no reader can bring a zero, a price out of range or a time to come into a consensus.
    function _askReader(
        address reader,
        uint256 first,
        uint256 second
    ) private view returns (SourceStatus status, uint256 price, uint256 publishedAt) {
        (CallOutcome outcome, uint256[] memory answer) = GuardedCall.tryStaticCall(
            reader,
            GuardedCall.SOURCE_GAS,
            abi.encodeCall(IPriceSource.read, (first, second)),
            READING_WORDS
        );
        status = _classify(outcome, answer);
        if (status == SourceStatus.Valid) (price, publishedAt) = (answer[1], answer[2]);
    }

    function _classify(CallOutcome outcome, uint256[] memory answer) private view returns (SourceStatus) {
        if (outcome == CallOutcome.Failed) return SourceStatus.Unreachable;
        if (outcome == CallOutcome.Short) return SourceStatus.Malformed;

        uint256 status = answer[0];
        if (status > uint256(type(SourceStatus).max)) return SourceStatus.Malformed;
        if (status != uint256(SourceStatus.Valid)) return SourceStatus(status);
        if (answer[1] == 0 || answer[1] > MAX_PRICE || answer[2] == 0) return SourceStatus.Malformed;
        return answer[2] > block.timestamp ? SourceStatus.FromFuture : SourceStatus.Valid;
    }

    function _configAddress(FeedId feed, uint8 version) private view returns (address) {
        return SSTORE2.predictDeterministicAddress(_configSalt(feed, version));
    }

    function _configSalt(FeedId feed, uint8 version) private pure returns (bytes32) {
        return bytes32((uint256(FeedId.unwrap(feed)) << 8) | version);
    }

    function _packRules(FeedRules calldata rules, uint256 count) private pure returns (uint256 word) {
        word = uint256(rules.maxDeviation) << DEVIATION_SHIFT;
        word |= VolatilityMath.fromAnnualUp(rules.volatilityFloor) << FLOOR_SHIFT;
        word |= uint256(rules.maxGap) << GAP_SHIFT;
        word |= (count << COUNT_SHIFT) | (uint256(rules.quorum) << QUORUM_SHIFT) | rules.kinds;
    }

    function _isValid(FeedRules calldata rules, uint256 count) private pure returns (bool) {
        if (count == 0 || count > MAX_SOURCES) return false;
        if (rules.quorum == 0 || rules.quorum > count) return false;
        if (rules.kinds < MIN_KINDS || rules.kinds > MAX_KINDS) return false;
        if (rules.maxDeviation == 0 || rules.maxDeviation > MAX_DEVIATION) return false;
        if (rules.maxGap < MIN_GAP || rules.maxGap > MAX_GAP) return false;
        return rules.volatilityFloor <= MAX_VOLATILITY_FLOOR;
    }

    function _checkUnique(SourceListing[] calldata sources, uint256 index) private pure {
        for (uint256 i = 0; i < index; ++i) {
            if (sources[i].reader == sources[index].reader && sources[i].target == sources[index].target) {
                revert PriceOracle_DuplicateSource(sources[index].reader, sources[index].target);
            }
        }
    }

    function _sourceCount(uint256 rules) private pure returns (uint256) {
        return uint8(rules >> COUNT_SHIFT);
    }

    function _wordAt(bytes memory config, uint256 index) private pure returns (uint256) {
        // An index of a code is below 2^15.
        unchecked {
            return uint256(LibBytes.load(config, index * WORD));
        }
    }
}
