// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {Tranche} from "../types/Coverage.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title What the tranches are worth
/// @notice Capital is read once in a call and handed on as a word; whoever changes it returns the new one, to be written.
/// @dev `draw` holds no lock. So between reading and writing nothing is called but views and the vault's own shares, which let nobody act.
abstract contract VaultCapital is VaultStorage {
    using CapitalWords for VaultStorage.Capital;

    function _capitalWord() internal view returns (CapitalWord) {
        return _capital.load();
    }

    function _epochOf(Tranche tranche) internal view returns (uint32) {
        return _capitalWord().epochOf(tranche);
    }

    /// @dev What has been paid for shares of a tranche that are not burnt yet.
    function _advancedOf(CapitalWord capital, Tranche tranche) internal view returns (uint256) {
        return capital.hasAdvances(tranche) ? _bookOf(tranche).advanced : 0;
    }

    /// @dev What is left of a tranche's value once advances are taken off.
    function _liquid(CapitalWord capital, Tranche tranche) internal view returns (uint256) {
        return capital.valueOf(tranche) - _advancedOf(capital, tranche);
    }

    /// @dev Reverts where the ledger cannot take in so much.
    function _requireRoom(CapitalWord capital, uint256 amount) internal view {
        Ledger storage ledger = _ledger;
        uint256 held = capital.valueOf(Tranche.Junior) + capital.valueOf(Tranche.Senior) + ledger.unearned;
        held += uint256(ledger.escrowed) + ledger.payable_ + ledger.owed;
        uint256 room = TokenUnits.toNativeDown(MAX_LEDGER - held, DECIMALS);
        if (amount == 0 || amount > room) revert CoverageVault_InvalidAmount(amount, room);
    }
}
