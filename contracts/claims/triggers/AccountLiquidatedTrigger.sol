// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {BPS_ONE, WAD} from "../../types/Constants.sol";
import {AccountId, SeriesId} from "../../types/Identifiers.sol";

/// @title Pays what liquidations have cost one account (CLM-03)
/// @notice One token is paid (1 - deductible) * cost / `scale`, WAD, rounded down: `scale` tokens make good the whole cost but for the
/// deductible, in proportion and without a step. The fact is final when it is written.
/// @dev Warning: the cost contains the bidder's income, and a bidder may be the account's owner by another name. Who sells more than
/// `scale` tokens, or sells without a deductible, pays for liquidations that cost nobody anything (CVR-07).
/// @dev Warning: the house keeps one time for an account, that of its last liquidation. Report at once (see SideTrigger).
contract AccountLiquidatedTrigger is ITrigger {
    /// @param account whose liquidations count
    /// @param scale cost that pays one unit, WAD
    /// @param deductibleBps part of the cost that is not covered
    struct Definition {
        AccountId account;
        uint128 scale;
        uint16 deductibleBps;
    }

    /// @notice Thrown when the house has no code.
    error AccountLiquidatedTrigger_InvalidHouse(address house);
    /// @notice Thrown when a definition cannot be decided, or could never pay.
    error AccountLiquidatedTrigger_InvalidDefinition(Definition definition);

    IClearingHouse private immutable HOUSE;

    mapping(bytes32 terms => Definition) private _definitions;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0) revert AccountLiquidatedTrigger_InvalidHouse(address(house_));
        HOUSE = house_;
    }

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        if (definition.scale == 0 || definition.deductibleBps >= BPS_ONE) {
            revert AccountLiquidatedTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].scale != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc ITrigger
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        return HOUSE.liquidationCostOf(_known(terms).account);
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Definition memory definition = _known(terms);
        evidence = HOUSE.liquidationCostOf(definition.account);
        // A liquidation that cost nothing moves the time, but is no event here.
        if (evidence > mark) {
            uint256 covered = WadMath.mulDivDown(evidence - mark, BPS_ONE - definition.deductibleBps, BPS_ONE);
            payoutPerUnit = WadMath.mulDivDown(covered, WAD, definition.scale);
            eventAt = HOUSE.headerOf(definition.account).lastLiquidatedAt;
        }
    }

    /// @inheritdoc ITrigger
    /// @dev None: a fact of the house.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    /// @notice House whose facts decide; immutable.
    function house() external view returns (address) {
        return address(HOUSE);
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.scale == 0) revert Trigger_InvalidTerms(terms);
    }
}
