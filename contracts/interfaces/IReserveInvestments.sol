// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @notice What a segment lends to its desk. Amounts WAD.
/// @param desk only contract that may take reserve out to invest it; 0 when there is none
/// @param activeFrom from when it may
/// @param floor that the reserve keeps at least, whatever its size
/// @param invested taken out and not come back; what a vault has lost stays in it for good
struct InvestmentView {
    address desk;
    uint256 activeFrom;
    uint256 floor;
    uint256 invested;
}

/// @title Reserve that is lent to a desk (FND-06, FND-09)
/// @notice A part of the insurance fund. The fund itself limits what its desk may take, so that a desk that is wrong,
/// or whoever has stolen every key to it, takes no more than that. What is lent is no reserve until it has come back:
/// neither `cover` nor the ratio counts it (FND-05).
///
/// Limits, of reserve + invested: 30% invested at a time; a bucket of 10% that leaks within 7 days; and the reserve
/// stays at or above the segment's floor. In any closed 7 days the bucket lets at most 20% pass: what is taken is what
/// the bucket holds at the end, at most 10%, and what has leaked meanwhile, at most 10% too, because it never held
/// more.
/// @dev Locked like every function of the fund that changes state. `cover` reads and calls nothing of this.
interface IReserveInvestments {
    /// @notice Emitted when a desk was named; none other may take anything from now on.
    event DeskAnnounced(SegmentId indexed segment, address indexed desk, uint256 floor, uint256 activeFrom);
    /// @notice Emitted when a segment's desk lost its right.
    event DeskRemoved(SegmentId indexed segment, address indexed desk);
    /// @notice Emitted when reserve went to the desk.
    event Invested(SegmentId indexed segment, uint256 amount, uint256 invested, uint256 reserve);
    /// @notice Emitted when something came back to the reserve.
    event Reinstated(
        SegmentId indexed segment,
        address indexed from,
        uint256 amount,
        uint256 invested,
        uint256 reserve
    );

    /// @notice Thrown when anyone but the access manager of the segment's engine names or removes a desk. 0: the engine
    /// has none.
    error InsuranceFund_NotAuthority(address caller, address authority);
    /// @notice Thrown when a desk has no code.
    error InsuranceFund_InvalidDesk(address desk);
    /// @notice Thrown when anyone but the segment's desk invests, or the desk does before its time.
    error InsuranceFund_NotDesk(address caller, address desk, uint256 activeFrom);
    /// @notice Thrown when the desk asks for nothing, or for more than it may take now. WAD.
    error InsuranceFund_AboveInvestable(uint256 amount, uint256 investable);

    /// @notice Names the desk of a segment, which may invest after cooldown + window (R5). Another one loses its right
    /// at once; what it still holds comes back by `reinstate`. Only the access manager of the segment's engine.
    /// @param floor that investing leaves in the reserve at least, WAD
    function announceDesk(SegmentId segment, address desk, uint96 floor) external;

    /// @notice Takes the desk's right at once. Only the access manager of the segment's engine.
    function removeDesk(SegmentId segment) external;

    /// @notice Sends reserve to the segment's desk. Only the desk, within `investable`.
    /// @param amount in the token's own decimals
    function invest(SegmentId segment, uint256 amount) external;

    /// @notice Gives settlement tokens of the caller to the reserve, like `donate`, and counts them against what is
    /// invested. Anyone may call.
    /// @param amount in the token's own decimals
    function reinstate(SegmentId segment, uint256 amount) external;

    /// @notice What the desk may take now, WAD, rounded down; who may is not asked.
    function investable(SegmentId segment) external view returns (uint256);

    /// @notice Desk of a segment and what it has.
    function investmentOf(SegmentId segment) external view returns (InvestmentView memory);
}
