// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Decides by rule what a cover token is paid
/// @notice A trigger reads facts and stores nothing. The claim verifier calls it by guarded staticcall: a revert, too little gas or an
/// answer that is too short means "not decided" (CLM-06). A new trigger is one small contract and a paragraph of docs.
interface ITrigger {
    /// @notice Thrown when the terms do not say what this trigger can look at.
    error Trigger_InvalidTerms(bytes32 terms);

    /// @notice The fact as it stands: stored by the verifier when a series starts, so that only what comes later counts.
    function checkpoint(bytes32 terms) external view returns (uint256 mark);

    /// @notice What one token would be paid for what has happened since `mark`, before its limit.
    /// @return payoutPerUnit WAD of the settlement asset; never falls while the fact is unchanged
    /// @return eventAt time of the last event that counts; 0 when there is none
    /// @return evidence the fact, for whoever checks
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence);
}
