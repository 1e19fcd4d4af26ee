// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {IPriceSource, SourceKind, SourceStatus} from "../../interfaces/IPriceSource.sol";
import {IRedStoneSource, RedStoneValue} from "../../interfaces/IRedStoneSource.sol";
import {ConsensusMath} from "../../libraries/ConsensusMath.sol";
import {MAX_PRICE} from "../../types/Constants.sol";
import {PriceScale} from "./PriceScale.sol";
import {RedStonePackage, RedStonePayload} from "./RedStonePayload.sol";

/// @title Store and reader of prices that RedStone's nodes sign
/// @notice See IRedStoneSource. Nobody owns it: signers and threshold are those of its deployment, and another set is another
/// contract that governance lists instead.
/// @dev Words: target (this contract), maxAge and decimals; and the data feed id.
contract RedStoneSource is IRedStoneSource {
    /// @dev What the signers have said of the data feeds of one update.
    /// @param values by data feed, as many as `counts` says
    /// @param signers by data feed, one bit for each signer who has said something
    struct Tally {
        uint256[][] values;
        uint256[] counts;
        uint256[] signers;
    }

    uint256 private constant MAX_SIGNERS = 32;
    uint256 private constant MAX_FEEDS = 16;
    /// @dev How far signers' clocks may be ahead of the chain's.
    uint256 private constant MAX_AHEAD = 1 minutes;
    uint256 private constant MILLISECONDS = 1_000;

    uint256 private constant AGE_SHIFT = 160;
    uint256 private constant DECIMALS_SHIFT = 192;

    /// @inheritdoc IRedStoneSource
    uint256 public immutable override threshold;

    uint256 private immutable _signerCount;
    /// @dev 1 and upward; 0 for everybody else. Written by the constructor only.
    mapping(address signer => uint256) private _signerNumber;
    mapping(bytes32 dataFeedId => RedStoneValue) private _values;

    /// @param signers at most 32, none of them zero or named twice
    /// @param threshold_ more than half of them, so that no two groups without a common signer can each decide a value
    constructor(address[] memory signers, uint256 threshold_) {
        uint256 count = signers.length;
        if (count > MAX_SIGNERS || threshold_ > count || threshold_ * 2 <= count) {
            revert RedStoneSource_InvalidThreshold(threshold_, count);
        }
        for (uint256 i = 0; i < count; ++i) {
            address signer = signers[i];
            if (signer == address(0) || _signerNumber[signer] != 0) revert RedStoneSource_InvalidSigner(signer);
            _signerNumber[signer] = i + 1;
        }
        (threshold, _signerCount) = (threshold_, count);
    }

    /// @inheritdoc IRedStoneSource
    function update(bytes32[] calldata dataFeedIds, bytes calldata payload) external override returns (uint256 stored) {
        _checkFeeds(dataFeedIds);
        (Tally memory tally, uint256 timestamp) = _count(dataFeedIds, payload);
        for (uint256 i = 0; i < dataFeedIds.length; ++i) {
            bytes32 dataFeedId = dataFeedIds[i];
            uint256 count = tally.counts[i];
            if (count < threshold) revert RedStoneSource_TooFewSigners(dataFeedId, count, threshold);
            uint256 value = _median(tally.values[i], count);
            if (value > type(uint128).max) revert RedStoneSource_ValueTooLarge(dataFeedId, value);
            if (_store(dataFeedId, uint128(value), timestamp)) ++stored;
        }
    }

    /// @inheritdoc IRedStoneSource
    function storedValue(bytes32 dataFeedId) external view override returns (RedStoneValue memory) {
        return _values[dataFeedId];
    }

    /// @inheritdoc IRedStoneSource
    function isSigner(address account) external view override returns (bool) {
        return _signerNumber[account] != 0;
    }

    /// @inheritdoc IPriceSource
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Pull;
    }

    /// @inheritdoc IPriceSource
    function configure(
        address target,
        bytes calldata settings
    ) external view override returns (uint256 first, uint256 second) {
        (bytes32 dataFeedId, uint32 maxAge, uint8 decimals) = abi.decode(settings, (bytes32, uint32, uint8));
        if (target != address(this)) revert RedStoneSource_WrongTarget(target);
        if (maxAge == 0 || maxAge > PriceScale.LONGEST_AGE) revert RedStoneSource_InvalidAge(maxAge);
        if (decimals > PriceScale.MAX_DECIMALS) revert RedStoneSource_UnsupportedDecimals(decimals);

        first = (uint256(decimals) << DECIMALS_SHIFT) | (uint256(maxAge) << AGE_SHIFT) | uint160(target);
        second = uint256(dataFeedId);
    }

    /// @inheritdoc IPriceSource
    function read(
        uint256 first,
        uint256 second
    ) external view override returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) {
        RedStoneValue memory stored = _values[bytes32(second)];
        if (stored.publishedAt == 0) return (SourceStatus.Unreachable, 0, 0, 0);
        if (stored.value == 0) return (SourceStatus.NotPositive, 0, 0, 0);
        status = PriceScale.judgeTime(stored.publishedAt, uint32(first >> AGE_SHIFT));
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);

        price = PriceScale.toWadDown(stored.value, uint8(first >> DECIMALS_SHIFT));
        if (price == 0 || price > MAX_PRICE) return (SourceStatus.Malformed, 0, 0, 0);
        (publishedAt, confidence) = (stored.publishedAt, 0);
    }

    /// @dev Reads and checks the whole payload; the packages' common time is in milliseconds.
    function _count(
        bytes32[] calldata dataFeedIds,
        bytes calldata payload
    ) private view returns (Tally memory tally, uint256 timestamp) {
        uint256 feeds = dataFeedIds.length;
        tally = Tally(new uint256[][](feeds), new uint256[](feeds), new uint256[](feeds));
        for (uint256 i = 0; i < feeds; ++i) tally.values[i] = new uint256[](_signerCount);

        (uint256 packages, uint256 end) = RedStonePayload.open(payload);
        for (uint256 i = 0; i < packages; ++i) {
            RedStonePackage memory package;
            (package, end) = RedStonePayload.takePackage(payload, end);
            if (i == 0) timestamp = _checkTimestamp(package.timestamp);
            if (package.timestamp != timestamp) {
                revert RedStoneSource_TimestampsDiffer(timestamp, package.timestamp);
            }
            _countPackage(tally, dataFeedIds, payload, package);
        }
        RedStonePayload.close(end);
    }

    function _countPackage(
        Tally memory tally,
        bytes32[] calldata dataFeedIds,
        bytes calldata payload,
        RedStonePackage memory package
    ) private view {
        uint256 number = _signerNumber[package.signer];
        if (number == 0) revert RedStoneSource_UnknownSigner(package.signer);

        for (uint256 i = 0; i < package.points; ++i) {
            (bytes32 dataFeedId, uint256 value) = RedStonePayload.pointAt(payload, package, i);
            uint256 feed = _indexOf(dataFeedIds, dataFeedId);
            if (feed == dataFeedIds.length) continue;
            if (tally.signers[feed] & (1 << number) != 0) {
                revert RedStoneSource_DuplicateSigner(dataFeedId, package.signer);
            }
            tally.signers[feed] |= 1 << number;
            tally.values[feed][tally.counts[feed]++] = value;
        }
    }

    /// @dev A value that is not newer changes nothing: of the medians that one second's packages allow, the first one stays.
    function _store(bytes32 dataFeedId, uint128 value, uint256 timestamp) private returns (bool isNewer) {
        isNewer = timestamp > _values[dataFeedId].timestamp;
        if (!isNewer) return false;

        // A price is no newer than its arrival; so one with a time just ahead of this chain's clock can be read at once.
        uint256 publishedAt = FixedPointMathLib.min(timestamp / MILLISECONDS, block.timestamp);
        _values[dataFeedId] = RedStoneValue(value, uint64(timestamp), uint40(publishedAt));
        emit ValueStored(dataFeedId, value, timestamp, publishedAt);
    }

    function _checkTimestamp(uint256 timestamp) private view returns (uint256) {
        uint256 latest = (block.timestamp + MAX_AHEAD) * MILLISECONDS;
        if (timestamp == 0 || timestamp > latest) revert RedStoneSource_InvalidTimestamp(timestamp, latest);
        return timestamp;
    }

    function _checkFeeds(bytes32[] calldata dataFeedIds) private pure {
        uint256 count = dataFeedIds.length;
        if (count == 0 || count > MAX_FEEDS) revert RedStoneSource_InvalidFeedCount(count);
        for (uint256 i = 1; i < count; ++i) {
            if (dataFeedIds[i] <= dataFeedIds[i - 1]) {
                revert RedStoneSource_FeedsNotAscending(dataFeedIds[i - 1], dataFeedIds[i]);
            }
        }
    }

    /// @dev The number of data feeds when it is none of them.
    function _indexOf(bytes32[] calldata dataFeedIds, bytes32 dataFeedId) private pure returns (uint256 index) {
        while (index < dataFeedIds.length && dataFeedIds[index] != dataFeedId) ++index;
    }

    /// @dev For an even count the mean of the two in the middle, rounded down, as RedStone's own contracts take it.
    function _median(uint256[] memory values, uint256 count) private pure returns (uint256) {
        ConsensusMath.sort(values, count);
        uint256 upper = values[count / 2];
        return count % 2 == 1 ? upper : FixedPointMathLib.avg(values[count / 2 - 1], upper);
    }
}
