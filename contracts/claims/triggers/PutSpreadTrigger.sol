// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVault} from "../../interfaces/ICoverageVault.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {MAX_PRICE, WAD} from "../../types/Constants.sol";
import {FeedId, SeriesId} from "../../types/Identifiers.sol";
import {Marks} from "../Marks.sol";
import {ObservedTrigger} from "./ObservedTrigger.sol";
import {PriceReader} from "./PriceReader.sol";

/// @title Pays by how far a price stands below a level when the cover ends (CLM-04, CVR-08)
/// @notice One token is paid min(upper - S, upper - lower) / (upper - lower), WAD, rounded down: nothing at the upper level, one unit at the lower
/// one. S is the highest of three consensus prices in a row, each five minutes or more after the one before, all in the last hour of the
/// cover; where several rows were seen, that of the lowest. What was not observed in that hour is not paid: holders observe. Reading: the
/// consensus price, WAD.
/// @dev The mark is the second in which the series was opened, and where others keep a reading, the second in which its cover ends.
contract PutSpreadTrigger is ObservedTrigger, PriceReader {
    /// @param feed whose consensus counts
    /// @param upper WAD: at or above it nothing is paid
    /// @param lower WAD: at or below it all is paid
    struct Definition {
        FeedId feed;
        uint128 upper;
        uint128 lower;
    }

    /// @notice Thrown when a definition cannot be decided.
    error PutSpreadTrigger_InvalidDefinition(Definition definition);
    /// @notice Thrown when the vault does not say when the cover ends, or says it ends before its last hour can be observed.
    error PutSpreadTrigger_InvalidSeries(address vault, SeriesId series);

    /// @dev Before the end of the cover. Three observations take ten minutes of it; the rest is for a feed that fails for a while.
    uint256 private constant WINDOW = 1 hours;
    /// @dev For a vault's view of three cold slots.
    uint256 private constant VAULT_GAS = 100_000;
    /// @dev Series.product and Series.endsAt, the first words of what a vault says of a series.
    uint256 private constant SERIES_WORDS = 2;

    mapping(bytes32 terms => Definition) private _definitions;

    constructor(IPriceOracle oracle_) PriceReader(oracle_) {}

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed. Bounds: 0 < lower <
    /// upper <= MAX_PRICE.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        if (definition.lower == 0 || definition.lower >= definition.upper || definition.upper > MAX_PRICE) {
            revert PutSpreadTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].upper != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc ITrigger
    /// @dev No series begins below the upper level: such cover is not sold either (CVR-08, K < S only).
    function checkpoint(bytes32 terms, address vault, SeriesId series) external view returns (uint256 mark) {
        if (_read(terms) < _known(terms).upper) revert Trigger_Undecided(terms);
        bytes memory question = abi.encodeCall(ICoverageVault.seriesOf, (series));
        (CallOutcome ended, uint256[] memory words) = GuardedCall.tryStaticCall(
            vault,
            VAULT_GAS,
            question,
            SERIES_WORDS
        );
        bool isKnown = ended == CallOutcome.Returned && words[1] <= type(uint40).max;
        if (!isKnown || words[1] < block.timestamp + WINDOW) revert PutSpreadTrigger_InvalidSeries(vault, series);
        return Marks.take(uint128(words[1]));
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

    function _payoutOf(bytes32 terms, uint256 mark, uint256 reading) internal view override returns (uint256) {
        Definition memory definition = _known(terms);
        uint256 endsAt = Marks.readingOf(mark);
        if (block.timestamp > endsAt || block.timestamp + WINDOW < endsAt || reading >= definition.upper) return 0;
        uint256 depth = definition.upper - WadMath.max(reading, definition.lower);
        return WadMath.mulDivDown(depth, WAD, definition.upper - definition.lower);
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.upper == 0) revert Trigger_InvalidTerms(terms);
    }
}
