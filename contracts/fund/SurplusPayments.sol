// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {IReserveInvestments} from "../interfaces/IReserveInvestments.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {ISurplusPayments, SurplusView} from "../interfaces/ISurplusPayments.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {SegmentBooks} from "./SegmentBooks.sol";

/// @title Surplus of a segment's reserve (FND-07)
/// @notice See ISurplusPayments. Of the fund's second piece of code, so that `cover` pays nothing for it.
abstract contract SurplusPayments is SegmentBooks, ISurplusPayments, ReentrancyGuardTransient {
    uint256 private constant KEPT_BPS = 150_00;
    uint256 private constant HISTORY = 90 days;
    /// @dev Of the excess, a day's part is 1 / 90; of the time since the last payment no more than a day counts.
    uint256 private constant PAID_OVER = 90 days;
    uint256 private constant MAX_CREDIT = 1 days;

    function linkSurplus(SegmentId segment, address sink) external nonReentrant {
        _requireAuthority(segment);
        address linked = _surpluses[segment].sink;
        if (linked != address(0)) revert InsuranceFund_SinkLinked(segment, linked);
        if (sink.code.length == 0) revert InsuranceFund_InvalidSink(sink);
        _surpluses[segment] = Surplus({sink: sink, paidAt: uint40(block.timestamp)});
        emit SurplusLinked(segment, sink);
    }

    function paySurplus(SegmentId segment) external nonReentrant returns (uint256 amount) {
        // Check: the venue's views are asked first; the lock keeps the ledger still meanwhile.
        Segment storage entry = _known(segment);
        address sink = _surpluses[segment].sink;
        if (msg.sender != sink) revert InsuranceFund_NotSink(msg.sender, sink);
        SurplusView memory seen = _surplus(segment, entry);
        amount = TokenUnits.toNativeDown(seen.due, entry.decimals);
        if (amount == 0) revert InsuranceFund_NoSurplus(seen.reserve, seen.needed);

        // Effect
        uint256 value = TokenUnits.toWad(amount, entry.decimals);
        entry.reserve = uint96(seen.reserve - value); // Not above what it was.
        _surpluses[segment].paidAt = uint40(block.timestamp);
        emit SurplusPaid(segment, value, seen.reserve - value, seen.needed);

        // Interaction
        _sendOut(entry.token, sink, amount);
    }

    function surplusOf(SegmentId segment) external view returns (SurplusView memory) {
        return _surplus(segment, _known(segment));
    }

    /// @dev Sends exactly `amount`: a token that takes more than it was told would eat into other segments (INV-07).
    function _sendOut(address token, address to, uint256 amount) internal {
        (, uint256 before) = GuardedCall.balanceOf(token, address(this));
        bool sent = GuardedCall.trySafeTransfer(token, to, amount);
        (, uint256 rest) = GuardedCall.balanceOf(token, address(this));
        if (!sent || rest + amount != before) {
            revert IInsuranceFund.InsuranceFund_UnexpectedTransfer(amount, before > rest ? before - rest : 0);
        }
    }

    /// @dev The engine is what its segment has chosen: what it says of its manager concerns that segment only.
    function _requireAuthority(SegmentId segment) internal view {
        (, uint256 word) = GuardedCall.tryReadWord(
            _known(segment).budgets.engine,
            GuardedCall.TOKEN_VIEW_GAS,
            abi.encodeCall(IAccessManaged.authority, ())
        );
        address authority = address(uint160(word));
        if (msg.sender != authority) revert IReserveInvestments.InsuranceFund_NotAuthority(msg.sender, authority);
    }

    function _surplus(SegmentId segment, Segment storage entry) private view returns (SurplusView memory seen) {
        Surplus memory surplus = _surpluses[segment];
        (seen.sink, seen.paidAt) = (surplus.sink, surplus.paidAt);
        seen.reserve = entry.reserve;
        seen.needed = _neededUp(IClearingHouse(entry.venue), entry.unpaid);
        if (seen.sink == address(0) || seen.reserve <= seen.needed) return seen;
        uint256 time = WadMath.min(block.timestamp - seen.paidAt, MAX_CREDIT);
        seen.due = WadMath.mulDivDown(seen.reserve - seen.needed, time, PAID_OVER);
    }

    /// @param unpaid shortfall that holders were ever charged with, WAD
    function _neededUp(IClearingHouse house, uint256 unpaid) private view returns (uint256) {
        address controller = house.riskController();
        (bool isLocked, uint256 deficit, ) = house.distress(0);
        if (controller == address(0) || isLocked) return type(uint256).max;
        (uint256 peak, uint256 since) = IRiskController(controller).peakTarget();
        if (block.timestamp < since + HISTORY) return type(uint256).max;
        return WadMath.mulDivUp(peak, KEPT_BPS, BPS_ONE) + deficit + house.unallocatedLoss() + unpaid;
    }
}
