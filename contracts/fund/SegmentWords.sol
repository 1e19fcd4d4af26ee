// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentBooks} from "./SegmentBooks.sol";

/// @notice Slot 0 of a segment: reserve 12 bytes, owed 12, decimals 1, lowest first.
type ReserveWord is uint256;

using SegmentWords for ReserveWord global;

/// @title Reserve and debt of a segment, written as one word
/// @notice Why words: see types/Words.sol. test/solidity/fund/SegmentWords.t.sol holds word and struct together.
library SegmentWords {
    function loadReserve(SegmentBooks.Segment storage segment) internal view returns (ReserveWord word) {
        assembly ("memory-safe") {
            word := sload(segment.slot)
        }
    }

    function storeReserve(SegmentBooks.Segment storage segment, ReserveWord word) internal {
        assembly ("memory-safe") {
            sstore(segment.slot, word)
        }
    }

    function reserve(ReserveWord word) internal pure returns (uint256) {
        return uint96(ReserveWord.unwrap(word));
    }

    function owed(ReserveWord word) internal pure returns (uint256) {
        return uint96(ReserveWord.unwrap(word) >> 96);
    }

    function withAmounts(ReserveWord word, uint96 reserve_, uint96 owed_) internal pure returns (ReserveWord) {
        uint256 rest = (ReserveWord.unwrap(word) >> 192) << 192;
        return ReserveWord.wrap(rest | reserve_ | (uint256(owed_) << 96));
    }
}
