// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {LibBytes} from "solady/src/utils/LibBytes.sol";

import {IRedStoneSource} from "../../interfaces/IRedStoneSource.sol";

/// @notice A signed package. Data points lie at `start`, one after the other: id, then value.
/// @param timestamp milliseconds
/// @param size bytes of each data point's value
struct RedStonePackage {
    address signer;
    uint256 timestamp;
    uint256 start;
    uint256 points;
    uint256 size;
}

/// @title RedStonePayload
/// @notice Reads RedStone's wire format, which is written to be read from its end:
///   payload = packages, count of packages (2), unsigned metadata, its size (3), marker (9)
///   package = data points, milliseconds (6), bytes of a value (4), count of data points (3), signature (65)
///   point   = data feed id (32), value (as many bytes as the package says)
/// A signature is one of keccak256 of the package before it. Sizes in bytes, numbers in big endian.
/// @dev `end` is where the part of the payload that has not been read yet ends. Every reader checks what it takes against it,
/// so nothing is read from outside of the payload. Work is proportional to the payload's length.
library RedStonePayload {
    uint256 private constant MARKER = 0x000002ed57011e0000;
    uint256 private constant MARKER_BYTES = 9;
    uint256 private constant METADATA_SIZE_BYTES = 3;
    uint256 private constant PACKAGE_COUNT_BYTES = 2;
    uint256 private constant SIGNATURE_BYTES = 65;
    uint256 private constant POINT_COUNT_BYTES = 3;
    uint256 private constant VALUE_SIZE_BYTES = 4;
    uint256 private constant TIMESTAMP_BYTES = 6;
    uint256 private constant WORD = 32;

    /// @notice How many packages there are, and where the last one ends.
    function open(bytes calldata payload) internal pure returns (uint256 packages, uint256 end) {
        uint256 marker;
        (marker, end) = _takeNumber(payload, payload.length, MARKER_BYTES);
        if (marker != MARKER) revert IRedStoneSource.RedStoneSource_MissingMarker();

        uint256 metadata;
        (metadata, end) = _takeNumber(payload, end, METADATA_SIZE_BYTES);
        end = _take(end, metadata);
        (packages, end) = _takeNumber(payload, end, PACKAGE_COUNT_BYTES);
    }

    /// @notice The last package before `end`, and where the one before it ends.
    function takePackage(
        bytes calldata payload,
        uint256 end
    ) internal pure returns (RedStonePackage memory package, uint256 next) {
        uint256 signedEnd = _take(end, SIGNATURE_BYTES);
        (package.points, next) = _takeNumber(payload, signedEnd, POINT_COUNT_BYTES);
        (package.size, next) = _takeNumber(payload, next, VALUE_SIZE_BYTES);
        (package.timestamp, next) = _takeNumber(payload, next, TIMESTAMP_BYTES);
        if (package.size == 0 || package.size > WORD) {
            revert IRedStoneSource.RedStoneSource_WrongValueSize(package.size);
        }
        // 24 bits times 7.
        next = _take(next, package.points * (WORD + package.size));
        package.start = next;

        bytes32 hash = keccak256(payload[next:signedEnd]);
        ECDSA.RecoverError problem;
        (package.signer, problem, ) = ECDSA.tryRecoverCalldata(hash, payload[signedEnd:end]);
        if (problem != ECDSA.RecoverError.NoError) revert IRedStoneSource.RedStoneSource_InvalidSignature(hash);
    }

    /// @notice One data point of a package.
    /// @param index below `package.points`
    function pointAt(
        bytes calldata payload,
        RedStonePackage memory package,
        uint256 index
    ) internal pure returns (bytes32 dataFeedId, uint256 value) {
        uint256 offset = package.start + index * (WORD + package.size);
        dataFeedId = LibBytes.loadCalldata(payload, offset);
        value = _numberBefore(payload, offset + WORD + package.size, package.size);
    }

    /// @notice Reverts unless all of the payload has been read.
    function close(uint256 end) internal pure {
        if (end != 0) revert IRedStoneSource.RedStoneSource_WrongSize(0, end);
    }

    function _takeNumber(
        bytes calldata payload,
        uint256 end,
        uint256 size
    ) private pure returns (uint256 number, uint256 next) {
        next = _take(end, size);
        number = _numberBefore(payload, end, size);
    }

    function _take(uint256 end, uint256 size) private pure returns (uint256 next) {
        if (size > end) revert IRedStoneSource.RedStoneSource_WrongSize(size, end);
        unchecked {
            next = end - size;
        }
    }

    /// @dev `size` is 1 to 32 and at most `end`. What a word takes in from behind the number is shifted away.
    function _numberBefore(bytes calldata payload, uint256 end, uint256 size) private pure returns (uint256) {
        unchecked {
            return uint256(LibBytes.loadCalldata(payload, end - size)) >> (8 * (WORD - size));
        }
    }
}
