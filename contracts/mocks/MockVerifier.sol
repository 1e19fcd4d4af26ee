// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeriesId} from "../types/Identifiers.sol";

/// @title The part of a claim verifier that a coverage vault calls: decides what a test says
/// @notice Tests only. One vault.
contract MockVerifier {
    struct Case {
        bool isOpen;
        uint256 confirmed;
        uint32 transitions;
        bool isUndecided;
        uint256 payoutPerUnit;
        address trigger;
        bytes32 terms;
        uint128 limit;
        uint40 endsAt;
        uint40 reportsUntil;
    }

    /// @notice It stands for its own trigger, which is about no token.
    mapping(bytes32 terms => address token) public tokenOf;
    uint256 private _transitions;
    mapping(SeriesId series => Case) private _cases;

    /* WHAT A TEST SETS */

    function open(SeriesId series) external {
        _cases[series].isOpen = true;
        _count(series);
    }

    /// @param confirmed what one token is paid in all; as before when the incident is rejected
    function close(SeriesId series, uint256 confirmed) external {
        _cases[series].isOpen = false;
        _cases[series].confirmed = confirmed;
        _count(series);
    }

    function setPreview(SeriesId series, bool isDecided, uint256 payoutPerUnit) external {
        _cases[series].isUndecided = !isDecided;
        _cases[series].payoutPerUnit = payoutPerUnit;
    }

    /* WHAT A VAULT CALLS */

    function registerSeries(
        SeriesId series,
        address trigger,
        bytes32 terms,
        uint128 limit,
        uint40 endsAt,
        uint40 reportsUntil
    ) external {
        Case storage entry = _cases[series];
        entry.trigger = trigger;
        entry.terms = terms;
        entry.limit = limit;
        entry.endsAt = endsAt;
        entry.reportsUntil = reportsUntil;
    }

    function transitionsOf(address) external view returns (uint256) {
        return _transitions;
    }

    function outcome(address, SeriesId series) external view returns (bool, uint256, uint32) {
        Case storage entry = _cases[series];
        return (entry.isOpen, entry.confirmed, entry.transitions);
    }

    function preview(address, SeriesId series) external view returns (bool, uint256, uint256) {
        Case storage entry = _cases[series];
        return (!entry.isUndecided, entry.payoutPerUnit, 0);
    }

    /* WHAT A TEST READS */

    function registered(SeriesId series) external view returns (Case memory) {
        return _cases[series];
    }

    function _count(SeriesId series) private {
        ++_cases[series].transitions;
        ++_transitions;
    }
}
