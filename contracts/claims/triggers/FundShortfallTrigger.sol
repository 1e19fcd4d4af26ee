// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInsuranceFund} from "../../interfaces/IInsuranceFund.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {WAD} from "../../types/Constants.sol";
import {SegmentId, SeriesId} from "../../types/Identifiers.sol";

/// @title Pays when the layers of a fund's segment could not pay a shortfall (CLM-03)
/// @notice One token is paid growth / `scale` of a unit, where growth is what the segment's layers have left unpaid since the series
/// began, WAD, rounded down.
/// @dev The fund adds up what was unpaid and keeps no time of it, so its time is that of the first `observe` that sees it. The sum only
/// grows and nobody can take it back: one observation is enough. It is never earlier than the event; so what happened after the end of a
/// cover is never paid, and what nobody observes before the end is not either: whoever holds cover should observe at once. A buyer gains
/// nothing by an event that nobody has observed: until somebody does the answer is "not decided", and nothing is sold.
contract FundShortfallTrigger is ITrigger {
    /// @param segment whose shortfalls count
    /// @param scale unpaid shortfall that pays one unit, WAD
    struct Definition {
        SegmentId segment;
        uint128 scale;
    }

    /// @dev One slot. 16 + 5 = 21 bytes.
    /// @param unpaid the segment's sum as last observed, WAD
    /// @param at when it was first observed to be that much
    struct Sighting {
        uint128 unpaid;
        uint40 at;
    }

    /// @notice Emitted when more is unpaid than was ever observed.
    event ShortfallObserved(SegmentId indexed segment, uint256 unpaid);

    /// @notice Thrown when the fund has no code.
    error FundShortfallTrigger_InvalidFund(address fund);
    /// @notice Thrown when a definition could never pay.
    error FundShortfallTrigger_InvalidDefinition(Definition definition);

    IInsuranceFund private immutable FUND;

    mapping(bytes32 terms => Definition) private _definitions;
    mapping(SegmentId segment => Sighting) private _sightings;

    constructor(IInsuranceFund fund_) {
        if (address(fund_).code.length == 0) revert FundShortfallTrigger_InvalidFund(address(fund_));
        FUND = fund_;
    }

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check: the fund refuses a segment that it does not have.
        if (definition.scale == 0) revert FundShortfallTrigger_InvalidDefinition(definition);
        FUND.segmentOf(definition.segment);
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].scale != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @notice Stores that more is unpaid than before, and when that was first seen. Anyone may call; calls the fund's views only.
    function observe(SegmentId segment) external returns (uint256 unpaid, uint256 at) {
        unpaid = _unpaidOf(segment);
        if (unpaid <= _sightings[segment].unpaid) return (unpaid, _sightings[segment].at);
        at = block.timestamp;
        _sightings[segment] = Sighting({unpaid: uint128(unpaid), at: uint40(at)}); // Fits: the fund keeps 128 bits.
        emit ShortfallObserved(segment, unpaid);
    }

    /// @inheritdoc ITrigger
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        return _unpaidOf(_known(terms).segment);
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Definition memory definition = _known(terms);
        Sighting memory seen = _sightings[definition.segment];
        evidence = _unpaidOf(definition.segment);
        if (evidence <= mark) return (0, 0, evidence);
        if (seen.unpaid <= mark) revert Trigger_Undecided(terms);
        payoutPerUnit = WadMath.mulDivDown(seen.unpaid - mark, WAD, definition.scale);
        eventAt = seen.at;
    }

    /// @inheritdoc ITrigger
    /// @dev None: a fact of the fund.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    /// @notice Fund whose facts decide; immutable.
    function fund() external view returns (address) {
        return address(FUND);
    }

    function _unpaidOf(SegmentId segment) private view returns (uint256) {
        return FUND.segmentOf(segment).unpaid;
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.scale == 0) revert Trigger_InvalidTerms(terms);
    }
}
