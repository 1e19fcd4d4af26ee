// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader, Market, Position, Side, SideFacts} from "./Clearing.sol";
import {MAX_ADD_ON} from "./Constants.sol";
import {HeaderWord} from "./Headers.sol";

/// @dev Where a Market slot keeps its penalty.
uint256 constant PENALTY_SHIFT = 244;
uint256 constant PENALTY_MASK = 15;

/// @notice A Position slot as it lies in storage: shares 14 bytes, quote 16, generation 2, lowest first.
type PositionWord is uint256;

/// @notice A Side slot: sum 16 bytes, product 14, generation 2, lowest first.
type SideWord is uint256;

/// @notice A Market slot: funding 12 bytes, fundingRate 4, fundingAt 4, rateSet 2, rateTarget 2, rateSetAt 4, flags 1 at the top; in the
/// three bytes below it addOn in 20 bits and penaltySteps in four.
type MarketWord is uint256;

/// @notice A SideFacts slot: socializedPerUnit 16 bytes, deleveraged 8, lastAt 5, count 3, lowest first.
type SideFactsWord is uint256;

using {shares, quote, writtenIn} for PositionWord global;
using {sum, product, generation} for SideWord global;
using {socializedPerUnit, deleveraged, count} for SideFactsWord global;
using {
    funding,
    fundingRate,
    fundingAt,
    rateSet,
    rateTarget,
    rateSetAt,
    addOn,
    penaltySteps,
    flags,
    withFunding,
    withPenaltySteps
} for MarketWord global;

/* POSITION */

function shares(PositionWord word) pure returns (int256) {
    return int112(uint112(PositionWord.unwrap(word)));
}

function quote(PositionWord word) pure returns (int256) {
    return int128(uint128(PositionWord.unwrap(word) >> 112));
}

/// @notice Generation of the side that shares and quote are expressed in.
function writtenIn(PositionWord word) pure returns (uint256) {
    return PositionWord.unwrap(word) >> 240;
}

function packPosition(int112 shares_, int128 quote_, uint256 generation_) pure returns (PositionWord) {
    return PositionWord.wrap(uint112(shares_) | (uint256(uint128(quote_)) << 112) | (generation_ << 240));
}

/* SIDE */

function sum(SideWord word) pure returns (int256) {
    return int128(uint128(SideWord.unwrap(word)));
}

function product(SideWord word) pure returns (uint256) {
    return uint112(SideWord.unwrap(word) >> 128);
}

function generation(SideWord word) pure returns (uint256) {
    return SideWord.unwrap(word) >> 240;
}

/* FACTS OF A SIDE */

function socializedPerUnit(SideFactsWord word) pure returns (uint256) {
    return uint128(SideFactsWord.unwrap(word));
}

function deleveraged(SideFactsWord word) pure returns (uint256) {
    return uint64(SideFactsWord.unwrap(word) >> 128);
}

function count(SideFactsWord word) pure returns (uint256) {
    return SideFactsWord.unwrap(word) >> 232;
}

function packSideFacts(
    uint128 socializedPerUnit_,
    uint64 deleveraged_,
    uint40 lastAt,
    uint24 count_
) pure returns (SideFactsWord) {
    uint256 word = socializedPerUnit_ | (uint256(deleveraged_) << 128);
    return SideFactsWord.wrap(word | (uint256(lastAt) << 192) | (uint256(count_) << 232));
}

/* MARKET */

function funding(MarketWord word) pure returns (int256) {
    return int96(uint96(MarketWord.unwrap(word)));
}

function fundingRate(MarketWord word) pure returns (int32) {
    return int32(uint32(MarketWord.unwrap(word) >> 96));
}

function fundingAt(MarketWord word) pure returns (uint256) {
    return uint32(MarketWord.unwrap(word) >> 128);
}

function rateSet(MarketWord word) pure returns (uint256) {
    return uint16(MarketWord.unwrap(word) >> 160);
}

function rateTarget(MarketWord word) pure returns (uint256) {
    return uint16(MarketWord.unwrap(word) >> 176);
}

function rateSetAt(MarketWord word) pure returns (uint256) {
    return uint32(MarketWord.unwrap(word) >> 192);
}

function addOn(MarketWord word) pure returns (uint256) {
    return (MarketWord.unwrap(word) >> 224) & MAX_ADD_ON;
}

/// @notice The market's penalty rate above MIN_PENALTY_RATE, in steps of PENALTY_STEP (LIQ-07).
function penaltySteps(MarketWord word) pure returns (uint256) {
    return (MarketWord.unwrap(word) >> PENALTY_SHIFT) & PENALTY_MASK;
}

function flags(MarketWord word) pure returns (uint256) {
    return MarketWord.unwrap(word) >> 248;
}

/// @notice The same market with another state of funding.
function withFunding(MarketWord word, int96 funding_, int32 rate, uint32 at) pure returns (MarketWord) {
    uint256 rest = (MarketWord.unwrap(word) >> 160) << 160;
    return MarketWord.wrap(rest | uint96(funding_) | (uint256(uint32(rate)) << 96) | (uint256(at) << 128));
}

/// @notice The same market with another penalty.
/// @param steps at most PENALTY_MASK
function withPenaltySteps(MarketWord word, uint256 steps) pure returns (MarketWord) {
    return MarketWord.wrap((MarketWord.unwrap(word) & ~(PENALTY_MASK << PENALTY_SHIFT)) | (steps << PENALTY_SHIFT));
}

/// @title Slots of the hot paths, read and written whole
/// @notice A struct that is copied out of storage is taken apart into memory, field by field, and written back with a read and a
/// write for every field: several hundred gas each time. Here a slot is one word, and a field is taken out where it is
/// needed. The structs in Clearing.sol remain what the rest of the code and the readers use; test/solidity/libraries/Words.t.sol
/// holds the two together.
library Words {
    function load(Position storage slot) internal view returns (PositionWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(Position storage slot, PositionWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }

    function load(Side storage slot) internal view returns (SideWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function load(Market storage slot) internal view returns (MarketWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(Market storage slot, MarketWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }

    function load(SideFacts storage slot) internal view returns (SideFactsWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(SideFacts storage slot, SideFactsWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }

    function load(AccountHeader storage slot) internal view returns (HeaderWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(AccountHeader storage slot, HeaderWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }
}
