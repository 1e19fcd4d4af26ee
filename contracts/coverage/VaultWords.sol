// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitRequest} from "../types/Coverage.sol";
import {CurveState} from "../types/Premium.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @notice Slot 0 of the ledger: unearned 12 bytes, rate 12, accruedAt 5, lowest first.
type AccrualWord is uint256;

/// @notice Slot 1 of the ledger: committed 12 bytes, owed 12, decided 8, lowest first.
type DrawsWord is uint256;

/// @notice Slot 0 of a commitment: remaining 12 bytes, owed 12, activeFrom 5, endsInWeek 3, lowest first.
type CommitmentWord is uint256;

using AccrualWords for AccrualWord global;
using DrawsWords for DrawsWord global;
using CommitmentWords for CommitmentWord global;

/// @title What premium is earned, as one word
/// @notice See CapitalWord for the reason of all three, and for what holds them and the structs together.
library AccrualWords {
    function loadAccrual(VaultStorage.Ledger storage ledger) internal view returns (AccrualWord word) {
        assembly ("memory-safe") {
            word := sload(ledger.slot)
        }
    }

    function storeAccrual(VaultStorage.Ledger storage ledger, AccrualWord word) internal {
        assembly ("memory-safe") {
            sstore(ledger.slot, word)
        }
    }

    function packAccrual(uint96 unearned_, uint96 rate_, uint40 accruedAt_) internal pure returns (AccrualWord) {
        return AccrualWord.wrap(unearned_ | (uint256(rate_) << 96) | (uint256(accruedAt_) << 192));
    }

    function unearned(AccrualWord word) internal pure returns (uint96) {
        return uint96(AccrualWord.unwrap(word));
    }

    function rate(AccrualWord word) internal pure returns (uint96) {
        return uint96(AccrualWord.unwrap(word) >> 96);
    }

    function accruedAt(AccrualWord word) internal pure returns (uint40) {
        return uint40(AccrualWord.unwrap(word) >> 192);
    }
}

/// @title What segments can draw and have drawn in all, as one word
library DrawsWords {
    function loadDraws(VaultStorage.Ledger storage ledger) internal view returns (DrawsWord word) {
        assembly ("memory-safe") {
            word := sload(add(ledger.slot, 1))
        }
    }

    function storeDraws(VaultStorage.Ledger storage ledger, DrawsWord word) internal {
        assembly ("memory-safe") {
            sstore(add(ledger.slot, 1), word)
        }
    }

    function committed(DrawsWord word) internal pure returns (uint96) {
        return uint96(DrawsWord.unwrap(word));
    }

    function owed(DrawsWord word) internal pure returns (uint96) {
        return uint96(DrawsWord.unwrap(word) >> 96);
    }

    /// @notice With so much less to draw and more owed. Reverts where either leaves its range.
    function withDraw(DrawsWord word, uint96 paid) internal pure returns (DrawsWord) {
        uint256 rest = (DrawsWord.unwrap(word) >> 192) << 192;
        uint96 committed_ = committed(word) - paid;
        uint96 owed_ = owed(word) + paid;
        return DrawsWord.wrap(rest | committed_ | (uint256(owed_) << 96));
    }
}

/// @title What one segment can draw and has drawn, as one word
library CommitmentWords {
    function load(VaultStorage.Commitment storage slot) internal view returns (CommitmentWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(VaultStorage.Commitment storage slot, CommitmentWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }

    function remaining(CommitmentWord word) internal pure returns (uint96) {
        return uint96(CommitmentWord.unwrap(word));
    }

    function owed(CommitmentWord word) internal pure returns (uint96) {
        return uint96(CommitmentWord.unwrap(word) >> 96);
    }

    function activeFrom(CommitmentWord word) internal pure returns (uint256) {
        return uint40(CommitmentWord.unwrap(word) >> 192);
    }

    function endsInWeek(CommitmentWord word) internal pure returns (uint256) {
        return CommitmentWord.unwrap(word) >> 232;
    }

    /// @notice With so much left to draw, and `paid` more owed. Reverts where that leaves its range.
    function withDraw(CommitmentWord word, uint96 remaining_, uint96 paid) internal pure returns (CommitmentWord) {
        uint256 rest = (CommitmentWord.unwrap(word) >> 192) << 192;
        uint96 owed_ = owed(word) + paid;
        return CommitmentWord.wrap(rest | remaining_ | (uint256(owed_) << 96));
    }
}

/// @title A request to leave, written as one word
library RequestWords {
    /// @dev Writes slot 0: shares 16 bytes, requestedAt 5, epoch 4, isWithheld 1, hasAdvance 1, lowest first.
    function store(VaultStorage.KeptRequest storage slot, ExitRequest memory request) internal {
        uint256 word = request.shares | (uint256(request.requestedAt) << 128) | (uint256(request.epoch) << 168);
        if (request.isWithheld) word |= 1 << 200;
        if (request.advanced != 0) word |= 1 << 208;
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }
}

/// @title Where the curve of a vault stands, written as one word
library CurveWords {
    /// @dev kinkRate 8 bytes, utilisation 8, updatedAt 5, lowest first.
    function store(CurveState storage slot, uint64 kinkRate, uint64 utilisation, uint40 updatedAt) internal {
        uint256 word = kinkRate | (uint256(utilisation) << 64) | (uint256(updatedAt) << 128);
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }
}
