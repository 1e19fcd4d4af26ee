// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tranche} from "../types/Coverage.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @notice A Capital slot as it lies in storage: junior 12 bytes, senior 12, juniorEpoch 3, seniorEpoch 3, advances 1, draws 1, lowest first.
type CapitalWord is uint256;

using CapitalWords for CapitalWord global;

/// @title Capital of both tranches, read once, changed as a word and written once
/// @notice Nearly every call of the vault asks for it many times and writes several of its fields, which would be as many reads and writes of
/// one slot. Why words: see types/Words.sol. test/solidity/coverage/VaultWords.t.sol holds word and struct together.
library CapitalWords {
    uint256 private constant VALUE_BITS = 96;
    uint256 private constant VALUES_BITS = 192;
    uint256 private constant EPOCH_BITS = 24;
    uint256 private constant ADVANCES_SHIFT = 240;
    uint256 private constant DRAWS_SHIFT = 248;

    function load(VaultStorage.Capital storage slot) internal view returns (CapitalWord word) {
        assembly ("memory-safe") {
            word := sload(slot.slot)
        }
    }

    function store(VaultStorage.Capital storage slot, CapitalWord word) internal {
        assembly ("memory-safe") {
            sstore(slot.slot, word)
        }
    }

    /// @notice Value of a tranche as of the last accrual, advances included, WAD.
    function valueOf(CapitalWord word, Tranche tranche) internal pure returns (uint256) {
        return uint96(CapitalWord.unwrap(word) >> (VALUE_BITS * uint8(tranche)));
    }

    function withValue(CapitalWord word, Tranche tranche, uint96 value) internal pure returns (CapitalWord) {
        uint256 shift = VALUE_BITS * uint8(tranche);
        uint256 rest = CapitalWord.unwrap(word) & ~(uint256(type(uint96).max) << shift);
        return CapitalWord.wrap(rest | (uint256(value) << shift));
    }

    function withValues(CapitalWord word, uint96 junior, uint96 senior) internal pure returns (CapitalWord) {
        uint256 rest = (CapitalWord.unwrap(word) >> VALUES_BITS) << VALUES_BITS;
        return CapitalWord.wrap(rest | junior | (uint256(senior) << VALUE_BITS));
    }

    /// @notice How often losses have taken a tranche.
    function epochOf(CapitalWord word, Tranche tranche) internal pure returns (uint24) {
        return uint24(CapitalWord.unwrap(word) >> (VALUES_BITS + EPOCH_BITS * uint8(tranche)));
    }

    /// @notice With the next epoch of a tranche, in which nobody has an advance. Reverts beyond 2^24.
    function withNextEpoch(CapitalWord word, Tranche tranche) internal pure returns (CapitalWord) {
        uint256 shift = VALUES_BITS + EPOCH_BITS * uint8(tranche);
        uint24 epoch = epochOf(word, tranche) + 1;
        uint256 rest = CapitalWord.unwrap(word) & ~(uint256(type(uint24).max) << shift);
        return withAdvances(CapitalWord.wrap(rest | (uint256(epoch) << shift)), tranche, false);
    }

    /// @notice Whether a request of a tranche has an advance.
    function hasAdvances(CapitalWord word, Tranche tranche) internal pure returns (bool) {
        return (CapitalWord.unwrap(word) >> (ADVANCES_SHIFT + uint8(tranche))) & 1 != 0;
    }

    function withAdvances(CapitalWord word, Tranche tranche, bool has) internal pure returns (CapitalWord) {
        uint256 flag = uint256(1) << (ADVANCES_SHIFT + uint8(tranche));
        uint256 rest = CapitalWord.unwrap(word) & ~flag;
        return CapitalWord.wrap(has ? rest | flag : rest);
    }

    /// @notice What DrawnLosses knows about the fund's draws.
    function draws(CapitalWord word) internal pure returns (uint8) {
        return uint8(CapitalWord.unwrap(word) >> DRAWS_SHIFT);
    }

    function withDraws(CapitalWord word, uint8 draws_) internal pure returns (CapitalWord) {
        uint256 rest = CapitalWord.unwrap(word) & (type(uint256).max >> 8);
        return CapitalWord.wrap(rest | (uint256(draws_) << DRAWS_SHIFT));
    }
}
