// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IObservedTrigger} from "../../interfaces/IObservedTrigger.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {Marks} from "../Marks.sol";
import {Streaks} from "../Streaks.sol";

/// @title A trigger that counts observations in a row (CLM-02)
/// @notice A child says how to read and what a reading pays; everything else is here.
abstract contract ObservedTrigger is IObservedTrigger {
    using Streaks for Streaks.State;

    mapping(bytes32 terms => mapping(uint256 mark => Streaks.State)) private _streaks;

    /// @inheritdoc IObservedTrigger
    function observe(bytes32 terms, uint256 mark) external override returns (uint256 confirmed, uint256 eventAt) {
        // Check
        if (Marks.timeOf(mark) >= block.timestamp) revert Trigger_MarkNotPast(mark);
        uint256 reading = _refresh(terms);
        uint256 shown = _payoutOf(terms, mark, reading);

        // Effect
        Streaks.State storage streak = _streaks[terms][mark];
        streak.advance(shown);
        (confirmed, eventAt) = (streak.payout, streak.eventAt);
        emit Observed(terms, mark, reading, shown, confirmed);
    }

    /// @inheritdoc ITrigger
    /// @dev What is confirmed is answered without another look: a protocol that dies of its loss does not take the claim with it.
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view override returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Streaks.State storage streak = _streaks[terms][mark];
        (payoutPerUnit, eventAt) = (streak.payout, streak.eventAt);
        if (payoutPerUnit != 0) return (payoutPerUnit, eventAt, eventAt);
        uint256 reading = _read(terms);
        if (streak.isDoubtful() || _payoutOf(terms, mark, reading) != 0) revert Trigger_Undecided(terms);
        return (0, 0, reading);
    }

    /// @notice The row of observations for a series, as stored.
    function streakOf(bytes32 terms, uint256 mark) external view returns (Streaks.State memory) {
        return _streaks[terms][mark];
    }

    /// @dev Reads for an observation; a child whose source keeps a cache brings it to this second first.
    function _refresh(bytes32 terms) internal virtual returns (uint256 reading) {
        return _read(terms);
    }

    /// @dev What is true now. Reverts when that cannot be said, and for terms that nobody has defined.
    function _read(bytes32 terms) internal view virtual returns (uint256 reading);

    /// @dev What a reading would pay a token of a series that began with `mark`, WAD, rounded down.
    function _payoutOf(bytes32 terms, uint256 mark, uint256 reading) internal view virtual returns (uint256);
}
