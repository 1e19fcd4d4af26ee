// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IObservedTrigger} from "../../interfaces/IObservedTrigger.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {MAX_PRICE, WAD} from "../../types/Constants.sol";
import {FeedId, SeriesId} from "../../types/Identifiers.sol";
import {Marks} from "../Marks.sol";
import {Shortfalls} from "../Shortfalls.sol";
import {PriceReader} from "./PriceReader.sol";

/// @title Pays when the time-weighted price has been below a level for a window (CLM-04)
/// @notice One token is paid one unit once the average consensus price over a period of at least `window`, observed at least every hour,
/// was below the level. The event's time is the beginning of that period. Reading: the consensus price, WAD. See Shortfalls.
/// @dev Not an ObservedTrigger: a single price above the level does not end a depeg, time above it does.
contract DepegTrigger is IObservedTrigger, PriceReader {
    using Shortfalls for Shortfalls.State;

    /// @param feed whose consensus counts
    /// @param level WAD
    /// @param window seconds, 30 minutes to 7 days
    struct Definition {
        FeedId feed;
        uint128 level;
        uint32 window;
    }

    /// @notice Thrown when a definition cannot be decided.
    error DepegTrigger_InvalidDefinition(Definition definition);
    /// @notice Thrown when a vault asks for the token of a feed of which the oracle was never told one (`setToken`).
    error DepegTrigger_UnknownToken(FeedId feed);

    uint256 private constant MIN_WINDOW = 30 minutes;
    uint256 private constant MAX_WINDOW = 7 days;

    mapping(bytes32 terms => Definition) private _definitions;
    mapping(bytes32 terms => mapping(uint256 mark => Shortfalls.State)) private _runs;

    constructor(IPriceOracle oracle_) PriceReader(oracle_) {}

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        if (
            definition.level == 0 ||
            definition.level > MAX_PRICE ||
            definition.window < MIN_WINDOW ||
            definition.window > MAX_WINDOW
        ) {
            revert DepegTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].level != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc IObservedTrigger
    function observe(bytes32 terms, uint256 mark) external returns (uint256 confirmed, uint256 eventAt) {
        // Check
        if (Marks.timeOf(mark) >= block.timestamp) revert Trigger_MarkNotPast(mark);
        Definition memory definition = _known(terms);
        uint256 price = _refreshed(definition.feed, terms);

        // Effect
        Shortfalls.State storage run = _runs[terms][mark];
        run.advance(price, definition.level, definition.window);
        eventAt = run.eventAt;
        confirmed = eventAt == 0 ? 0 : WAD;
        emit Observed(terms, mark, price, price < definition.level ? WAD : 0, confirmed);
    }

    /// @inheritdoc ITrigger
    /// @dev No series begins below the level.
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        Definition memory definition = _known(terms);
        uint256 price = _current(definition.feed, terms);
        if (price < definition.level) revert Trigger_Undecided(terms);
        return Marks.take(uint128(price)); // Fits: at most MAX_PRICE.
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Shortfalls.State storage run = _runs[terms][mark];
        eventAt = run.eventAt;
        if (eventAt != 0) return (WAD, eventAt, eventAt);
        Definition memory definition = _known(terms);
        uint256 price = _current(definition.feed, terms);
        if (run.isDoubtful() || price < definition.level) revert Trigger_Undecided(terms);
        return (0, 0, price);
    }

    /// @inheritdoc ITrigger
    /// @dev A peg is a token's: reverts where the oracle was never told whose, so that no vault takes such terms unchecked.
    function tokenOf(bytes32 terms) external view returns (address token) {
        FeedId feed = _known(terms).feed;
        token = _tokenOf(feed);
        if (token == address(0)) revert DepegTrigger_UnknownToken(feed);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    /// @notice The run of a series, as stored.
    function runOf(bytes32 terms, uint256 mark) external view returns (Shortfalls.State memory) {
        return _runs[terms][mark];
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.level == 0) revert Trigger_InvalidTerms(terms);
    }
}
