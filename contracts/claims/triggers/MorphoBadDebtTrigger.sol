// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "../../interfaces/ITrigger.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {WAD} from "../../types/Constants.sol";
import {SharePriceTrigger} from "./SharePriceTrigger.sol";

/// @dev The part of a Morpho Blue deployment that is read here; written from its documentation.
interface IMorphoMarkets {
    function market(
        bytes32 id
    )
        external
        view
        returns (
            uint128 totalSupplyAssets,
            uint128 totalSupplyShares,
            uint128 totalBorrowAssets,
            uint128 totalBorrowShares,
            uint128 lastUpdate,
            uint128 fee
        );
}

/// @title Pays when the supply share price of a Morpho Blue market falls (CLM-03)
/// @notice There a liquidation that leaves a debt without collateral takes it from the suppliers at once: that is the only way in which the
/// price of a supply share falls. Reading: assets for 1e30 shares, with the virtual amounts that the protocol adds.
/// @dev Warning: whoever controls a market's oracle can make bad debt in it. Who lists a product on a market answers for its oracle.
contract MorphoBadDebtTrigger is SharePriceTrigger {
    /// @param morpho the deployment
    /// @param market the market's id in it
    /// @param deductible part of the value that is not covered, WAD, below 1e18
    struct Definition {
        address morpho;
        bytes32 market;
        uint64 deductible;
    }

    /// @notice Thrown when a definition cannot be decided.
    error MorphoBadDebtTrigger_InvalidDefinition(Definition definition);

    uint256 private constant READING_SHARES = 1e30;
    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;
    /// @dev IMorphoMarkets.market, in words.
    uint256 private constant MARKET_WORDS = 6;
    uint256 private constant LAST_UPDATE = 4;

    mapping(bytes32 terms => Definition) private _definitions;

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        (bool ok, uint256 reading) = _ask(definition);
        if (!ok || reading < MIN_READING || reading > type(uint128).max || definition.deductible >= WAD) {
            revert MorphoBadDebtTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].morpho != address(0)) return terms;

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
        if (definition.morpho == address(0)) revert Trigger_InvalidTerms(terms);
        bool ok;
        (ok, reading) = _ask(definition);
        if (!ok) revert Trigger_Unreadable(terms);
    }

    function _deductibleOf(bytes32 terms) internal view override returns (uint256) {
        return _definitions[terms].deductible;
    }

    /// @dev A market that was never created has no time of its last update. Words above 128 bits are no answer of Morpho's.
    function _ask(Definition memory definition) private view returns (bool ok, uint256 reading) {
        bytes memory question = abi.encodeCall(IMorphoMarkets.market, (definition.market));
        (CallOutcome ended, uint256[] memory words) = GuardedCall.tryStaticCall(
            definition.morpho,
            FOREIGN_GAS,
            question,
            MARKET_WORDS
        );
        if (ended != CallOutcome.Returned || words[LAST_UPDATE] == 0) return (false, 0);
        (uint256 assets, uint256 shares) = (words[0], words[1]);
        if (assets > type(uint128).max || shares > type(uint128).max) return (false, 0);
        reading = WadMath.mulDivDown(assets + VIRTUAL_ASSETS, READING_SHARES, shares + VIRTUAL_SHARES);
        return (true, reading);
    }
}
