// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "../../interfaces/ITrigger.sol";
import {SeriesId} from "../../types/Identifiers.sol";
import {Marks} from "../Marks.sol";
import {ObservedTrigger} from "./ObservedTrigger.sol";

/// @title A trigger on the state of a foreign protocol
/// @notice A series begins with a mark that whoever opens it must not be able to choose: a share price pushed up for the length of that
/// transaction would make the true one look like a loss. So the mark is the most careful of all readings since somebody called `prepare`, at
/// least an hour before, and of the one of now. Anyone may call `prepare` again in that hour, and a false reading is undone by a true one.
abstract contract ForeignTrigger is ObservedTrigger {
    /// @dev One slot. 16 + 5 = 21 bytes.
    /// @param reading the most careful one since then
    /// @param since first `prepare`
    struct Preparation {
        uint128 reading;
        uint40 since;
    }

    /// @notice Emitted at each reading before a series begins.
    event Prepared(bytes32 indexed terms, uint256 reading, uint256 since);

    /// @notice Thrown when a series begins too early after `prepare`, or too late.
    error ForeignTrigger_NotPrepared(bytes32 terms, uint256 from, uint256 until);

    /// @notice From the first `prepare` to the first series.
    uint256 public constant SETTLING = 1 hours;
    /// @notice From the first `prepare` to the last series; then it begins anew.
    uint256 public constant VALIDITY = 1 days;
    /// @dev Gas for a question to foreign code; fits into what a trigger has for all it does (ClaimVerifier.TRIGGER_GAS).
    uint256 internal constant FOREIGN_GAS = 300_000;

    mapping(bytes32 terms => Preparation) private _preparations;

    /// @notice Reads before a series begins. Anyone may call, at any time.
    /// @return reading the most careful one since `since`
    function prepare(bytes32 terms) external returns (uint128 reading, uint256 since) {
        reading = _narrow(terms, _read(terms));
        Preparation memory last = _preparations[terms];
        since = last.since;
        if (block.timestamp > since + VALIDITY) {
            since = block.timestamp;
        } else {
            reading = _moreCareful(last.reading, reading);
        }
        _preparations[terms] = Preparation({reading: reading, since: uint40(since)});
        emit Prepared(terms, reading, since);
    }

    /// @inheritdoc ITrigger
    function checkpoint(bytes32 terms, address, SeriesId) external view override returns (uint256 mark) {
        uint128 reading = _narrow(terms, _read(terms));
        Preparation memory last = _preparations[terms];
        uint256 from = last.since + SETTLING;
        uint256 until = last.since + VALIDITY;
        if (block.timestamp < from || block.timestamp > until) revert ForeignTrigger_NotPrepared(terms, from, until);
        return Marks.take(_moreCareful(last.reading, reading));
    }

    /// @dev The one of two readings against which a later one shows less loss.
    function _moreCareful(uint128 a, uint128 b) internal pure virtual returns (uint128);

    function _narrow(bytes32 terms, uint256 reading) private pure returns (uint128) {
        if (reading > type(uint128).max) revert Trigger_Unreadable(terms);
        return uint128(reading);
    }
}
