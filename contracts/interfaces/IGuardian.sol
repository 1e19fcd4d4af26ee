// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PauseHistory} from "../types/Pauses.sol";

/// @title Guardian: pauses that end by themselves (GOV-03)
/// @notice Whoever has the guardian's role stops new risk at once, by bits (types/Pauses.sol), without a vote and without a delay. What he
/// can do is bounded: each bit at most 7 days in any 90, in at most three pauses, whoever holds the key and however he renews. What nobody can
/// pause, because no code asks: deposits, withdrawals, cancellations, fills that do not add to a market's open interest, bids,
/// deleveraging, `cover`, `draw`, exits, claims and `redeem`.
///
/// Why 7 days hold in any 90, to the second: each pause is granted only if the 90 days that end with it hold 7 days of pauses at most.
/// Among windows that end within a pause the one that ends with it holds most, since moving the end forward adds what is paused and
/// takes away no more than as much; and a pause is forgotten only when its end lies 90 days back.
/// @dev Re-entrancy: calls the house only, which is our own. All times in seconds since 1970.
interface IGuardian {
    /// @notice Emitted for each bit that is paused, or paused for longer.
    event Paused(uint256 indexed bit, uint256 previousUntil, uint256 until);
    /// @notice Emitted for each bit whose pause was ended early.
    event PauseLifted(uint256 indexed bit, uint256 previousUntil);

    /// @notice Thrown at deployment for a house without code.
    error Guardian_InvalidHouse(address house);
    /// @notice Thrown when no bit is given, or one that means nothing.
    error Guardian_UnknownBits(uint256 bits);
    /// @notice Thrown when a pause would last no time, or longer than any may.
    error Guardian_InvalidDuration(uint256 duration, uint256 longest);
    /// @notice Thrown when a bit would have been paused for longer than it may in the 90 days that end with the pause.
    error Guardian_BudgetExceeded(uint256 bit, uint256 paused, uint256 allowed);
    /// @notice Thrown when a bit was paused three times within 90 days.
    error Guardian_TooManyPauses(uint256 bit, uint256 nextFrom);

    /// @notice Pauses each of `bits` from now on, until `duration` has passed. Only the guardian's role; no delay. A pause that runs is
    /// prolonged, and counts as one; one that runs longer stays. One bit that cannot be paused undoes all.
    /// @param bits a mask of types/Pauses.sol; markets must be listed
    /// @param duration seconds, 1 to 7 days
    function pause(uint256 bits, uint256 duration) external;

    /// @notice Ends the pauses of `bits` now; what was not used of them counts no longer. Only the guardian's role. A bit that is not paused
    /// stays as it is.
    function lift(uint256 bits) external;

    /// @notice Takes marks of pauses that have ended from markets, so that fills there need not read their end any more. Anyone may call; it
    /// ends no pause.
    /// @param markets a mask of listed markets
    function tidy(uint256 markets) external;

    /// @notice Until when a bit is paused; 0 when it is not.
    function pausedUntil(uint256 bit) external view returns (uint256);

    /// @notice The last three pauses of a bit.
    function historyOf(uint256 bit) external view returns (PauseHistory memory);

    /// @notice House whose markets it pauses; immutable.
    function house() external view returns (address);
}
