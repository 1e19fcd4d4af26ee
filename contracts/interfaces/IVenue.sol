// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the insurance fund needs of a venue
/// @notice Any venue can register a segment of the fund by keeping one signed account with it (FND-01, FND-11).
interface IVenue {
    /// @notice Token in which the venue keeps its books.
    function settlementToken() external view returns (address);

    /// @notice Engine that may ask the fund to cover this venue's shortfalls; never changes once set.
    function engine() external view returns (address);

    /// @notice Fund that this venue settles with; never changes once set.
    function fund() external view returns (address);

    /// @notice Signed account with the fund, WAD: positive when the venue owes the fund.
    function fundAccount() external view returns (int256 balance);

    /// @notice Moves the net with the fund. Only the fund may call. Does not revert when the token refuses.
    /// @param received WAD that the fund has just sent to the venue, 0 when the venue is to pay
    /// @return sent WAD that the venue has just sent to the fund
    function settle(uint256 received) external returns (uint256 sent);
}
