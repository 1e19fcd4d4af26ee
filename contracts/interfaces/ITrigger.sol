// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeriesId} from "../types/Identifiers.sol";

/// @title Decides by rule what a cover token is paid
/// @notice A trigger answers from facts that are final. Facts of our own contracts carry their time; what has none, or could be moved
/// within one transaction, is observed first (IObservedTrigger). The claim verifier calls both functions by guarded staticcall: a revert,
/// too little gas or an answer that is too short means "not decided" (CLM-06). A new trigger is one small contract and a paragraph of docs.
interface ITrigger {
    /// @notice Emitted when terms were written down that do not fit into one word; `definition` is their ABI encoding.
    event TermsDefined(bytes32 indexed terms, bytes definition);

    /// @notice Thrown when the terms do not say what this trigger can look at.
    error Trigger_InvalidTerms(bytes32 terms);
    /// @notice Thrown while it cannot be said whether the event has happened: nothing is sold and nothing is paid meanwhile.
    error Trigger_Undecided(bytes32 terms);
    /// @notice Thrown when what the terms speak of gives no answer now: no consensus, a foreign contract that reverts or answers nonsense.
    error Trigger_Unreadable(bytes32 terms);

    /// @notice The fact as it stands: stored by the verifier when a series starts, so that only what comes later counts.
    /// @param vault series who begins it: for a trigger whose answer must be about one series only (CLM-08)
    function checkpoint(bytes32 terms, address vault, SeriesId series) external view returns (uint256 mark);

    /// @notice What one token would be paid for what has happened since `mark`, before its limit.
    /// @return payoutPerUnit WAD of the settlement asset; never falls while the fact is unchanged
    /// @return eventAt time of the last event that counts; 0 when there is none
    /// @return evidence the fact, for whoever checks
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence);

    /// @notice Token whose own price decides; zero when the terms are about something else. A vault that pays in this token refuses
    /// them: it would pay with what has just failed (CVR-03). Reverts with `Trigger_InvalidTerms` where terms are written down first.
    function tokenOf(bytes32 terms) external view returns (address token);
}
