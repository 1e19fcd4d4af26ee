// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @notice What a segment's reserve holds beyond what it must keep. Amounts WAD.
/// @param sink who is paid; 0 before it is linked
/// @param paidAt when it was paid last, or linked
/// @param reserve of the segment now
/// @param needed what the reserve must keep; the highest number where that cannot be said
/// @param due what could be paid now, rounded down
struct SurplusView {
    address sink;
    uint256 paidAt;
    uint256 reserve;
    uint256 needed;
    uint256 due;
}

/// @title Surplus of a segment's reserve (FND-07)
/// @notice A part of the insurance fund. Only what the reserve holds beyond all of the following leaves, and of that a 90th a day:
/// - 150% of the highest target of the last 90 days (IRiskController.peakTarget), so that a target made small for a month frees nothing;
/// - the measured deficit of the house, and the loss that nobody has been charged with yet;
/// - everything that holders were ever charged because no layer could pay: what recovery claims may still ask for, at most (FND-10).
/// Nothing leaves before 90 days of targets are on record, or while the house's lock is held. Who is paid is linked once, for good; what is
/// paid depends on nobody's word: the fund itself asks the house of the segment, whose risk control is linked once too. So whoever holds
/// every key cannot bring the reserve below 150% of what it needed at most in 90 days (FND-09).
/// @dev Locked like every function of the fund that changes state. A venue without these functions has no surplus.
interface ISurplusPayments {
    /// @notice Emitted once, when the receiver of surplus was linked.
    event SurplusLinked(SegmentId indexed segment, address indexed sink);
    /// @notice Emitted when surplus was paid. WAD.
    event SurplusPaid(SegmentId indexed segment, uint256 amount, uint256 reserve, uint256 needed);

    /// @notice Thrown when a segment has a receiver of surplus already.
    error InsuranceFund_SinkLinked(SegmentId segment, address sink);
    /// @notice Thrown when the receiver would have no code.
    error InsuranceFund_InvalidSink(address sink);
    /// @notice Thrown when anybody else than the receiver asks for surplus.
    error InsuranceFund_NotSink(address caller, address sink);
    /// @notice Thrown when nothing can be paid: the reserve holds no more than it needs, or no time has passed.
    error InsuranceFund_NoSurplus(uint256 reserve, uint256 needed);

    /// @notice Links who is paid surplus; once, for good. Only the access manager of the segment's engine.
    function linkSurplus(SegmentId segment, address sink) external;

    /// @notice Pays the surplus of the time since the last payment, of which no more than a day counts, to its receiver. Only the receiver.
    /// @return amount in the token's own decimals, rounded down
    function paySurplus(SegmentId segment) external returns (uint256 amount);

    /// @notice What a segment must keep and could pay now.
    function surplusOf(SegmentId segment) external view returns (SurplusView memory);
}
