// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {MAX_PRICE, WAD} from "../../types/Constants.sol";
import {FeedId, SeriesId} from "../../types/Identifiers.sol";
import {Marks} from "../Marks.sol";
import {ObservedTrigger} from "./ObservedTrigger.sol";
import {PriceReader} from "./PriceReader.sol";

/// @title Pays when a price has touched a level (CLM-04)
/// @notice One token is paid one unit once three consensus prices in a row, each five minutes or more after the one before, were at or
/// beyond the level. Reading: the consensus price, WAD. A touch that is over before three observations have seen it is none.
contract PriceTouchTrigger is ObservedTrigger, PriceReader {
    /// @param feed whose consensus counts
    /// @param level WAD
    /// @param fromAbove true: touched at or below the level; false: at or above it
    struct Definition {
        FeedId feed;
        uint128 level;
        bool fromAbove;
    }

    /// @notice Thrown when a definition cannot be decided.
    error PriceTouchTrigger_InvalidDefinition(Definition definition);

    mapping(bytes32 terms => Definition) private _definitions;

    constructor(IPriceOracle oracle_) PriceReader(oracle_) {}

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        if (definition.level == 0 || definition.level > MAX_PRICE) {
            revert PriceTouchTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].level != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc ITrigger
    /// @dev No series begins on what has happened already.
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        uint256 price = _read(terms);
        if (_payoutOf(terms, 0, price) != 0) revert Trigger_Undecided(terms);
        return Marks.take(uint128(price)); // Fits: at most MAX_PRICE.
    }

    /// @inheritdoc ITrigger
    function tokenOf(bytes32 terms) external view returns (address token) {
        return _tokenOf(_known(terms).feed);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    function _refresh(bytes32 terms) internal override returns (uint256 price) {
        return _refreshed(_known(terms).feed, terms);
    }

    function _read(bytes32 terms) internal view override returns (uint256 price) {
        return _current(_known(terms).feed, terms);
    }

    function _payoutOf(bytes32 terms, uint256, uint256 reading) internal view override returns (uint256) {
        Definition memory definition = _known(terms);
        bool isTouched = definition.fromAbove ? reading <= definition.level : reading >= definition.level;
        return isTouched ? WAD : 0;
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.level == 0) revert Trigger_InvalidTerms(terms);
    }
}
