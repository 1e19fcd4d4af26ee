// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE, WAD} from "../types/Constants.sol";

/// @notice What the valid answers of one moment amount to.
/// @param price median of the survivors; 0 when there is no answer at all
/// @param publishedAt newest publish time among the survivors
/// @param spreadBps distance between the lowest and the highest survivor in basis points of the price, rounded up
/// @param fresh number of valid answers
/// @param agreeing number of survivors
/// @param kinds number of distinct kinds among the survivors
struct Consensus {
    uint256 price;
    uint256 publishedAt;
    uint256 spreadBps;
    uint256 fresh;
    uint256 agreeing;
    uint256 kinds;
}

/// @title ConsensusMath
/// @notice Median of the sources that are near each other (ORC-02).
/// @dev Prices are above 0 and at most MAX_PRICE, so that no product overflows. An answer is one word, price in front, so
/// that sorting words sorts prices: price << 48 | publishedAt << 8 | kind. Once sorted, the survivors are neighbours: nothing needs to be copied.
/// @custom:twin sdk/math/ConsensusMath.ts
library ConsensusMath {
    uint256 private constant PRICE_SHIFT = 48;
    uint256 private constant TIME_SHIFT = 8;
    uint256 private constant TIME_MASK = type(uint40).max;
    uint256 private constant KIND_MASK = type(uint8).max;

    /// @notice One answer as a word. `publishedAt` is below 2^40 and `kind` below 2^8.
    function pack(uint256 price, uint256 publishedAt, uint256 kind) internal pure returns (uint256 answer) {
        return (price << PRICE_SHIFT) | (publishedAt << TIME_SHIFT) | kind;
    }

    /// @notice Keeps the answers that are at most `maxDeviation` away from the median and takes their median.
    /// For an even count the middle one nearer `last` is taken, the lower one on a tie or when there is no last price: whoever
    /// holds half of the answers can hold the price back, but not carry it further from the last one than an honest answer is.
    /// @param answers packed; sorted in place
    /// @param count how many of them are filled, from the front; at most their length
    /// @param maxDeviation WAD fraction of the median; an answer exactly that far away survives
    /// @param last last consensus price, 0 when there is none
    function decide(
        uint256[] memory answers,
        uint256 count,
        uint256 maxDeviation,
        uint256 last
    ) internal pure returns (Consensus memory consensus) {
        fill(consensus, answers, count, maxDeviation, last);
    }

    /// @notice As `decide`, into a struct that is empty.
    function fill(
        Consensus memory consensus,
        uint256[] memory answers,
        uint256 count,
        uint256 maxDeviation,
        uint256 last
    ) internal pure {
        consensus.fresh = count;
        if (count == 0) return;

        sort(answers, count);
        uint256 middle = median(answers, 0, count, last);
        uint256 from = 0;
        uint256 to = count;
        // Prices are below 2^90 and fractions below 2^64; the middle answer is no distance away from itself, so both walks
        // end there at the latest.
        unchecked {
            uint256 reach = middle * maxDeviation;
            while (_distance(_price(_at(answers, from)), middle) * WAD > reach) ++from;
            while (_distance(_price(_at(answers, to - 1)), middle) * WAD > reach) --to;
            consensus.agreeing = to - from;
        }
        consensus.price = median(answers, from, to, last);
        _describe(consensus, answers, from, to);
    }

    /// @notice Whether a consensus has enough survivors (see `requiredAgreement`), of enough kinds.
    function isReached(Consensus memory consensus, uint256 required, uint256 kinds) internal pure returns (bool) {
        return consensus.agreeing >= required && consensus.kinds >= kinds;
    }

    /// @notice Fewest survivors that decide: more than half of the configured sources, at least the quorum.
    function requiredAgreement(uint256 sources, uint256 quorum) internal pure returns (uint256) {
        uint256 majority = sources / 2 + 1;
        return quorum > majority ? quorum : majority;
    }

    /// @notice Middle price of the sorted answers `from` to `to` (exclusive); see `decide` for an even count.
    function median(
        uint256[] memory answers,
        uint256 from,
        uint256 to,
        uint256 last
    ) internal pure returns (uint256 price) {
        // from < to, so there is an answer in the middle; for an even count there is one before it.
        uint256 lower;
        unchecked {
            uint256 upper = (from + to) / 2;
            price = _price(_at(answers, upper));
            if ((to - from) % 2 == 1) return price;
            lower = _price(_at(answers, upper - 1));
        }
        if (last == 0 || _distance(lower, last) <= _distance(price, last)) return lower;
    }

    /// @notice Insertion sort of the first `count` words, ascending. At most 16 of them, and no more than there are.
    function sort(uint256[] memory words, uint256 count) internal pure {
        // 1 <= place <= i < count.
        unchecked {
            for (uint256 i = 1; i < count; ++i) {
                uint256 word = _at(words, i);
                uint256 place = i;
                while (place > 0 && _at(words, place - 1) > word) {
                    words[place] = _at(words, place - 1);
                    --place;
                }
                if (place != i) words[place] = word;
            }
        }
    }

    function _describe(Consensus memory consensus, uint256[] memory answers, uint256 from, uint256 to) private pure {
        uint256 newest = 0;
        uint256 seen = 0;
        uint256 kinds = 0;
        // At most 16 rounds; a width below 2^90 times 1e4.
        unchecked {
            for (uint256 i = from; i < to; ++i) {
                uint256 answer = _at(answers, i);
                uint256 publishedAt = (answer >> TIME_SHIFT) & TIME_MASK;
                if (publishedAt > newest) newest = publishedAt;
                uint256 kind = 1 << (answer & KIND_MASK);
                if (seen & kind == 0) ++kinds;
                seen |= kind;
            }
            uint256 width = (_price(_at(answers, to - 1)) - _price(_at(answers, from))) * BPS_ONE;
            consensus.spreadBps = (width + consensus.price - 1) / consensus.price;
        }
        consensus.publishedAt = newest;
        consensus.kinds = kinds;
    }

    /// @dev One of the filled words. Every index here is below `count`, and `count` at most the length.
    function _at(uint256[] memory words, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), shl(5, index)))
        }
    }

    function _price(uint256 answer) private pure returns (uint256) {
        return answer >> PRICE_SHIFT;
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a > b ? a - b : b - a;
        }
    }
}
