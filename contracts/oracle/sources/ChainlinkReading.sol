// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {SourceStatus} from "../../interfaces/IPriceSource.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {MAX_PRICE} from "../../types/Constants.sol";
import {PriceScale} from "./PriceScale.sol";

/// @dev What a Chainlink proxy or aggregator may offer beside AggregatorV3Interface. Bounds are called `Answer` by
/// off-chain reporting aggregators and `SubmissionValue` by the older flux aggregators.
interface IBoundedAggregator {
    function aggregator() external view returns (address);
    function minAnswer() external view returns (int256);
    function maxAnswer() external view returns (int256);
    function minSubmissionValue() external view returns (int256);
    function maxSubmissionValue() external view returns (int256);
}

/// @title How Chainlink push feeds are read (ORC-01)
/// @notice Settings: abi.encode(uint32 maxAge), the feed's heartbeat and a margin, in seconds. Words: target, maxAge and
/// decimals; and the band, inside of which an answer must lie strictly: an aggregator that clamps its answer stands on the edge.
/// @dev Warning: decimals and band are those of the time of listing. A proxy can change its aggregator: list the feed again
/// then. Whoever lists a feed makes sure that it is quoted in the settlement asset.
abstract contract ChainlinkReading {
    /// @notice Thrown when a feed does not answer at listing.
    error ChainlinkSource_Unreadable(address target);
    /// @notice Thrown when a feed has more decimals than can be scaled.
    error ChainlinkSource_UnsupportedDecimals(address target, uint256 decimals);
    /// @notice Thrown when the longest age is 0 or above 7 days.
    error ChainlinkSource_InvalidAge(uint256 maxAge);
    /// @notice Thrown when a feed states a band in which no price lies.
    error ChainlinkSource_EmptyBand(address target, uint256 min, uint256 max);

    uint256 private constant AGE_SHIFT = 160;
    uint256 private constant DECIMALS_SHIFT = 192;
    uint256 private constant BAND_SHIFT = 128;

    /// @dev As `IPriceSource.configure`.
    function _configureFeed(
        address target,
        bytes calldata settings
    ) internal view returns (uint256 first, uint256 second) {
        uint256 maxAge = abi.decode(settings, (uint32));
        if (maxAge == 0 || maxAge > PriceScale.LONGEST_AGE) revert ChainlinkSource_InvalidAge(maxAge);

        (bool ok, uint256 decimals) = _ask(target, abi.encodeCall(AggregatorV3Interface.decimals, ()));
        if (!ok) revert ChainlinkSource_Unreadable(target);
        if (decimals > PriceScale.MAX_DECIMALS) revert ChainlinkSource_UnsupportedDecimals(target, decimals);

        (uint256 min, uint256 max) = _band(target);
        if (max < 2 || min >= max - 1) revert ChainlinkSource_EmptyBand(target, min, max);

        first = (decimals << DECIMALS_SHIFT) | (maxAge << AGE_SHIFT) | uint160(target);
        second = (max << BAND_SHIFT) | min;
    }

    /// @dev As `IPriceSource.read`; Chainlink states no confidence.
    function _readFeed(
        uint256 first,
        uint256 second
    ) internal view returns (SourceStatus status, uint256 price, uint256 publishedAt) {
        CallOutcome outcome;
        uint256 word;
        (outcome, word, publishedAt) = GuardedCall.tryReadRound(
            address(uint160(first)),
            GuardedCall.FEED_GAS,
            AggregatorV3Interface.latestRoundData.selector
        );
        if (outcome == CallOutcome.Failed) return (SourceStatus.Unreachable, 0, 0);
        if (outcome == CallOutcome.Short) return (SourceStatus.Malformed, 0, 0);

        int256 answer = int256(word);
        status = _judge(answer, publishedAt, uint32(first >> AGE_SHIFT), second);
        if (status != SourceStatus.Valid) return (status, 0, 0);

        // Inside the band, hence below 2^128: scaling cannot overflow.
        price = PriceScale.toWadDown(uint256(answer), uint8(first >> DECIMALS_SHIFT));
        if (price == 0 || price > MAX_PRICE) return (SourceStatus.Malformed, 0, 0);
    }

    function _judge(
        int256 answer,
        uint256 updatedAt,
        uint256 maxAge,
        uint256 band
    ) private view returns (SourceStatus) {
        if (answer <= 0) return SourceStatus.NotPositive;
        if (uint256(answer) <= uint128(band) || uint256(answer) >= band >> BAND_SHIFT) return SourceStatus.OutsideBand;
        // As PriceScale.judgeTime, which is 31 gas dearer here, on the path of every refresh. No time is that of a round that has
        // begun but has no answer yet.
        if (updatedAt == 0) return SourceStatus.Malformed;
        if (updatedAt > block.timestamp) return SourceStatus.FromFuture;
        if (block.timestamp - updatedAt > maxAge) return SourceStatus.Stale;
        return SourceStatus.Valid;
    }

    /// @dev (0, 2^128 - 1) when the feed states no band. Bounds are cut to that range.
    function _band(address target) private view returns (uint256 min, uint256 max) {
        (bool hasAggregator, uint256 word) = _ask(target, abi.encodeCall(IBoundedAggregator.aggregator, ()));
        address aggregator = hasAggregator ? address(uint160(word)) : target;

        (bool hasMin, uint256 minWord) = _ask(aggregator, abi.encodeCall(IBoundedAggregator.minAnswer, ()));
        (bool hasMax, uint256 maxWord) = _ask(aggregator, abi.encodeCall(IBoundedAggregator.maxAnswer, ()));
        if (!hasMin) (hasMin, minWord) = _ask(aggregator, abi.encodeCall(IBoundedAggregator.minSubmissionValue, ()));
        if (!hasMax) (hasMax, maxWord) = _ask(aggregator, abi.encodeCall(IBoundedAggregator.maxSubmissionValue, ()));

        min = hasMin ? _saturate(int256(minWord)) : 0;
        max = hasMax ? _saturate(int256(maxWord)) : type(uint128).max;
    }

    function _ask(address target, bytes memory question) private view returns (bool ok, uint256 word) {
        return GuardedCall.tryReadWord(target, GuardedCall.FEED_GAS, question);
    }

    function _saturate(int256 bound) private pure returns (uint256) {
        if (bound < 0) return 0;
        return uint256(bound) > type(uint128).max ? type(uint128).max : uint256(bound);
    }
}
