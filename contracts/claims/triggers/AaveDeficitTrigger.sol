// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "../../interfaces/ITrigger.sol";
import {GuardedCall} from "../../libraries/GuardedCall.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {WAD} from "../../types/Constants.sol";
import {Marks} from "../Marks.sol";
import {ForeignTrigger} from "./ForeignTrigger.sol";

/// @dev The part of an Aave v3 pool (3.3 and later) that is read here; written from its documentation.
interface IAaveDeficits {
    function getReserveDeficit(address asset) external view returns (uint256 deficit);
}

/// @title Pays when the deficit of an Aave reserve grows (CLM-03)
/// @notice Reading: the reserve's deficit, in the asset's own decimals. One token is paid growth / `scale` of a unit, so that `scale` is the
/// growth at which it is worth a whole unit: in proportion, without a step.
/// @dev Warning: a deficit that the protocol makes good before three observations have seen it is not paid: nobody has lost it.
contract AaveDeficitTrigger is ForeignTrigger {
    /// @param pool the pool
    /// @param asset the reserve's underlying
    /// @param scale growth of the deficit that pays one unit, in the asset's own decimals
    struct Definition {
        address pool;
        address asset;
        uint128 scale;
    }

    /// @notice Thrown when a definition cannot be decided.
    error AaveDeficitTrigger_InvalidDefinition(Definition definition);

    mapping(bytes32 terms => Definition) private _definitions;

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        (bool ok, uint256 reading) = _ask(definition);
        if (!ok || reading > type(uint128).max || definition.scale == 0) {
            revert AaveDeficitTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].pool != address(0)) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc ITrigger
    /// @dev None: bad debt of a market, which leaves the price of the token that it lends as it was.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    function _read(bytes32 terms) internal view override returns (uint256 reading) {
        Definition memory definition = _definitions[terms];
        if (definition.pool == address(0)) revert Trigger_InvalidTerms(terms);
        bool ok;
        (ok, reading) = _ask(definition);
        if (!ok || reading > type(uint128).max) revert Trigger_Unreadable(terms);
    }

    function _payoutOf(bytes32 terms, uint256 mark, uint256 reading) internal view override returns (uint256) {
        uint256 start = Marks.readingOf(mark);
        return reading > start ? WadMath.mulDivDown(reading - start, WAD, _definitions[terms].scale) : 0;
    }

    function _moreCareful(uint128 a, uint128 b) internal pure override returns (uint128) {
        return a > b ? a : b;
    }

    function _ask(Definition memory definition) private view returns (bool ok, uint256 reading) {
        bytes memory question = abi.encodeCall(IAaveDeficits.getReserveDeficit, (definition.asset));
        return GuardedCall.tryReadWord(definition.pool, FOREIGN_GAS, question);
    }
}
