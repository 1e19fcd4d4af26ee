// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource} from "./IPriceSource.sol";

/// @notice A value of a data feed as stored.
/// @param value median of what the signers said, in the data feed's own decimals
/// @param timestamp when the signers say that they saw it, milliseconds; grows with every stored value
/// @param publishedAt the same in seconds, or when it was brought here if that was earlier by this chain's clock
struct RedStoneValue {
    uint128 value;
    uint64 timestamp;
    uint40 publishedAt;
}

/// @title Store and reader of prices that RedStone's nodes sign (ORC-01, ORC-08)
/// @notice Settings as a price source: abi.encode(bytes32 dataFeedId, uint32 maxAge in seconds, uint8 decimals); target is
/// the contract itself. Prices come in by `update`, from anybody: a signature is what counts, and not who carries it.
/// @dev Warning: who carries a payload chooses which of the signers' packages are in it. With M honest signers among N, the
/// median is within what honest signers have said as long as fewer than half of the chosen ones lie.
interface IRedStoneSource is IPriceSource {
    /// @notice Emitted when a newer value of a data feed was stored.
    event ValueStored(bytes32 indexed dataFeedId, uint256 value, uint256 timestamp, uint256 publishedAt);

    /// @notice Thrown at deployment when the threshold is not more than half of the signers, or there are more than 32.
    error RedStoneSource_InvalidThreshold(uint256 threshold, uint256 signers);
    /// @notice Thrown at deployment when a signer is zero or named twice.
    error RedStoneSource_InvalidSigner(address signer);

    /// @notice Thrown when an update asks for no data feed or for more than 16.
    error RedStoneSource_InvalidFeedCount(uint256 count);
    /// @notice Thrown when data feed ids do not stand in strictly ascending order, which is how duplicates are found.
    error RedStoneSource_FeedsNotAscending(bytes32 previous, bytes32 next);
    /// @notice Thrown when a payload does not end with RedStone's marker.
    error RedStoneSource_MissingMarker();
    /// @notice Thrown when a payload names a size that does not fit what it holds.
    error RedStoneSource_WrongSize(uint256 needed, uint256 left);
    /// @notice Thrown when a data point has no bytes or more than 32.
    error RedStoneSource_WrongValueSize(uint256 size);
    /// @notice Thrown when a signature is none: wrong `v`, high `s`, or no key at all.
    error RedStoneSource_InvalidSignature(bytes32 hash);
    /// @notice Thrown when a package is signed by nobody of the set. A package with a bit changed is signed by nobody.
    error RedStoneSource_UnknownSigner(address signer);
    /// @notice Thrown when a signer says more than one value of a data feed.
    error RedStoneSource_DuplicateSigner(bytes32 dataFeedId, address signer);
    /// @notice Thrown when the packages of an update are of different times. Milliseconds.
    error RedStoneSource_TimestampsDiffer(uint256 first, uint256 other);
    /// @notice Thrown when packages are of no time, or further ahead of this chain's clock than a minute. Milliseconds.
    error RedStoneSource_InvalidTimestamp(uint256 timestamp, uint256 latest);
    /// @notice Thrown when a data feed has values of fewer signers than needed.
    error RedStoneSource_TooFewSigners(bytes32 dataFeedId, uint256 signers, uint256 threshold);
    /// @notice Thrown when a median does not fit into 128 bits.
    error RedStoneSource_ValueTooLarge(bytes32 dataFeedId, uint256 value);

    /// @notice Thrown at listing when the target is another contract than this one.
    error RedStoneSource_WrongTarget(address target);
    /// @notice Thrown at listing when the longest age is 0 or above 7 days.
    error RedStoneSource_InvalidAge(uint256 maxAge);
    /// @notice Thrown at listing when a data feed has more decimals than can be scaled.
    error RedStoneSource_UnsupportedDecimals(uint256 decimals);

    /// @notice Checks signed packages and stores the medians of the data feeds asked for. Anyone may call; the caller pays for
    /// the work that his data makes. Idempotent: a data feed whose stored value is as new or newer keeps it, without an error, so
    /// an update that somebody else has brought first costs gas and nothing else. It takes no native value, because RedStone
    /// takes no fee. Re-entrancy: calls nothing.
    /// @param dataFeedIds in strictly ascending order, at most 16; data points of other feeds are passed over
    /// @param payload packages, their count, unsigned metadata and marker, as RedStone appends them to calldata, and nothing else
    /// @return stored number of data feeds that have a newer value now
    function update(bytes32[] calldata dataFeedIds, bytes calldata payload) external returns (uint256 stored);

    /// @notice The stored value of a data feed, all 0 when there is none. Calls nothing.
    function storedValue(bytes32 dataFeedId) external view returns (RedStoneValue memory);

    /// @notice Whether packages of this signer count.
    function isSigner(address account) external view returns (bool);

    /// @notice Fewest distinct signers that decide a value.
    function threshold() external view returns (uint256);
}
