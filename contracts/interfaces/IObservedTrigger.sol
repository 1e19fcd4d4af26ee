// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "./ITrigger.sol";

/// @title A trigger whose event has no time of its own
/// @notice Prices and the state of foreign protocols say how things are, not since when, and may be moved for the length of one
/// transaction. So anyone observes; an event is what several observations in a row have shown, its time is that of the first of them
/// (CLM-02, CVR-07). What has been confirmed once stays.
///
/// Nobody gains by when it is observed. Before the first observation the trigger still reads what is true now, and answers
/// "not decided" while that shows an event: nothing is sold, so a buyer gains nothing by delaying it. An observation that shows nothing ends
/// the row, and needs no bond and no permission: whoever would profit from a false one must keep every observer away for its whole length.
interface IObservedTrigger is ITrigger {
    /// @notice Emitted at each observation.
    /// @param reading what was read, in the unit of the trigger
    /// @param shown what it would pay by itself, WAD
    /// @param confirmed what is confirmed since `mark`, WAD
    event Observed(bytes32 indexed terms, uint256 indexed mark, uint256 reading, uint256 shown, uint256 confirmed);

    /// @notice Thrown for a mark that was taken in this second, or will be: what happens with the start of a cover is not covered.
    error Trigger_MarkNotPast(uint256 mark);

    /// @notice Reads what the terms speak of and counts what it shows for a series that began with `mark`. Anyone may call, and again at any
    /// time. Foreign code is read by guarded staticcall, so it cannot call back. Reverts with Trigger_Unreadable when there is nothing to
    /// read: then nothing is counted.
    /// @param mark the series' checkpoint (IClaimVerifier.subjectOf); any other number is nobody's, and harms nobody
    /// @return confirmed payout per unit that is confirmed now, WAD
    /// @return eventAt its time; 0 while nothing is
    function observe(bytes32 terms, uint256 mark) external returns (uint256 confirmed, uint256 eventAt);
}
