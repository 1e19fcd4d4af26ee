// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ITrigger} from "../../interfaces/ITrigger.sol";
import {GuardedCall} from "../../libraries/GuardedCall.sol";
import {WAD} from "../../types/Constants.sol";
import {SharePriceTrigger} from "./SharePriceTrigger.sol";

/// @title Pays when the share price of an ERC-4626 vault falls (CLM-03)
/// @notice Reading: what `shares` shares are worth by the vault's `convertToAssets`, in the asset's own decimals.
/// @dev Warning: it believes the vault. One that reports a price at which nobody can redeem shows no loss; one whose operator can report a
/// loss of nothing pays for nothing. Who lists a product on a vault answers for that, as for the price of what the vault's asset is worth:
/// a loss of the asset itself is no loss here.
contract VaultShareLossTrigger is SharePriceTrigger {
    /// @param vault any ERC-4626 vault
    /// @param shares how many are valued, so many that a millionth of them is worth a unit of the asset
    /// @param deductible part of the value that is not covered, WAD, below 1e18
    struct Definition {
        address vault;
        uint256 shares;
        uint64 deductible;
    }

    /// @notice Thrown when a definition cannot be decided.
    error VaultShareLossTrigger_InvalidDefinition(Definition definition);

    mapping(bytes32 terms => Definition) private _definitions;

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        (bool ok, uint256 reading) = _ask(definition);
        if (!ok || reading < MIN_READING || reading > type(uint128).max || definition.deductible >= WAD) {
            revert VaultShareLossTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].vault != address(0)) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc ITrigger
    /// @dev The share itself. What it is a share of may still be what the vault pays in: a loss inside leaves that token's price as it was.
    function tokenOf(bytes32 terms) external view returns (address token) {
        token = _definitions[terms].vault;
        if (token == address(0)) revert Trigger_InvalidTerms(terms);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    function _read(bytes32 terms) internal view override returns (uint256 reading) {
        Definition memory definition = _definitions[terms];
        if (definition.vault == address(0)) revert Trigger_InvalidTerms(terms);
        bool ok;
        (ok, reading) = _ask(definition);
        if (!ok) revert Trigger_Unreadable(terms);
    }

    function _deductibleOf(bytes32 terms) internal view override returns (uint256) {
        return _definitions[terms].deductible;
    }

    function _ask(Definition memory definition) private view returns (bool ok, uint256 reading) {
        bytes memory question = abi.encodeCall(IERC4626.convertToAssets, (definition.shares));
        return GuardedCall.tryReadWord(definition.vault, FOREIGN_GAS, question);
    }
}
