// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapitalLayer} from "../interfaces/ICapitalLayer.sol";
import {CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {LayerAmounts} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {DrawBudgets} from "./DrawBudgets.sol";

/// @title Books of a segment: its reserve, the vaults behind it, and what moves between them and the venue
/// @notice The ledger decides who owns what; balances only measure what one transfer moved.
abstract contract SegmentBooks {
    /// @param reserve what the reserve layer may still pay, WAD
    /// @param owed drawn for the venue, segregated, not yet moved, WAD; reserve + owed fits in 96 bits
    /// @param decimals of the token, read once
    /// @param pending part of `owed` that vaults have booked and not yet sent, WAD
    /// @param drawn everything that `cover` has booked, rewards included, WAD, saturating (CLM-03)
    /// @param unpaid shortfall that no layer could pay, WAD, saturating (CLM-03)
    struct Segment {
        // slot 0: 12 + 12 + 1 = 25
        uint96 reserve;
        uint96 owed;
        uint8 decimals;
        // slot 1: 16 + 16 = 32
        uint128 drawn;
        uint128 unpaid;
        // slots 2 to 4
        DrawBudgets.State budgets;
        // slot 5: 20 + 12
        address venue;
        uint96 pending;
        // slots 6 to 8
        address token;
        CapitalLayers layers;
    }

    /// @notice Reserve that a segment has lent (FND-06): counted here, so that both pieces of the fund's code lay
    /// storage out alike.
    /// @param used of the weekly bucket as of `usedAt`, WAD
    struct Investment {
        // slot 0: 20 + 12 = 32
        address desk;
        uint96 floor;
        // slot 1: 12 + 12 + 4 + 4 = 32
        uint96 invested;
        uint96 used;
        uint32 usedAt;
        uint32 activeFrom;
    }

    /// @notice Who is paid what the reserve has too much of, and when it was last (FND-07). One slot: 20 + 5.
    struct Surplus {
        address sink;
        uint40 paidAt;
    }

    /// @dev Most that a segment's reserve and owed may sum to: 7.9e10 units.
    uint256 internal constant MAX_LEDGER = type(uint96).max;

    mapping(SegmentId segment => Segment) internal _segments;
    mapping(SegmentId segment => Investment) internal _investments;
    mapping(SegmentId segment => Surplus) internal _surpluses;

    /* LAYERS */

    /// @dev Fills in what each layer could pay now, budgets left aside, in the order in which they pay. Vaults are asked only
    /// when something is left for them, and no more is counted than the segment's ledger has room for.
    /// @param needed what the reserve leaves of a loss; the highest number for a loss of any size
    /// @param borne what the segment has lost before, and what the reserve bears of this loss: a layer may attach above it (CVR-09)
    function _layers(
        SegmentId segment,
        Segment storage entry,
        uint256 needed,
        uint256 borne,
        LayerAmounts memory available
    ) internal view {
        uint256 reserve = entry.reserve;
        available.reserve = reserve;
        if (needed == 0) return;
        uint256 room = MAX_LEDGER - reserve - entry.owed;
        address layer = entry.layers.backstop;
        if (layer != address(0)) {
            (uint256 junior, uint256 senior) = ICapitalLayer(layer).offer(segment, borne, needed);
            available.junior = WadMath.min(junior, room);
            room -= available.junior;
            available.senior = WadMath.min(senior, room);
            room -= available.senior;
            uint256 offered = available.junior + available.senior;
            if (needed <= offered) return;
            borne += offered;
            if (needed != type(uint256).max) needed -= offered;
        }
        layer = entry.layers.reinsurance;
        if (layer != address(0)) {
            (uint256 junior, uint256 senior) = ICapitalLayer(layer).offer(segment, borne, needed);
            available.reinsurance = WadMath.min(junior + senior, room);
        }
    }

    /// @dev All that the segment has lost, paid by whom ever or by nobody.
    function _lossOf(Segment storage entry) internal view returns (uint256) {
        return uint256(entry.drawn) + entry.unpaid;
    }

    /// @dev Books at the vaults what the waterfall takes from them. Within a vault the junior tranche pays first, also
    /// for a part of an account (INV-08). What they have paid replaces what was asked for.
    function _drawLayers(
        SegmentId segment,
        Segment storage entry,
        LayerAmounts memory paid
    ) internal returns (uint256 sum) {
        uint256 asked = paid.junior + paid.senior;
        if (asked != 0) {
            (paid.junior, paid.senior) = ICapitalLayer(entry.layers.backstop).draw(segment, asked);
            sum = paid.junior + paid.senior;
        }
        if (paid.reinsurance != 0) {
            (uint256 junior, uint256 senior) = ICapitalLayer(entry.layers.reinsurance).draw(segment, paid.reinsurance);
            paid.reinsurance = junior + senior;
            sum += paid.reinsurance;
        }
    }

    /// @dev Has both vaults send what they owe. Returns what came beyond `pending`: the fund's share of premiums.
    function _collect(SegmentId segment, Segment storage entry) internal returns (uint256 extra) {
        CapitalLayers memory layers = entry.layers;
        if (layers.backstop == address(0) && layers.reinsurance == address(0)) return 0;
        uint256 received =
            _collectFrom(layers.backstop, segment, entry) + _collectFrom(layers.reinsurance, segment, entry);
        if (received == 0) return 0;
        uint256 pending = entry.pending;
        uint256 collected = WadMath.min(received, pending);
        entry.pending = uint96(pending - collected); // Not above what it was.
        emit IInsuranceFund.Collected(segment, received, pending - collected);
        return received - collected;
    }

    /// @dev Counts what arrives, not what the vault says.
    function _collectFrom(address layer, SegmentId segment, Segment storage entry) internal returns (uint256) {
        if (layer == address(0)) return 0;
        (bool readable, uint256 balance) = GuardedCall.balanceOf(entry.token, address(this));
        if (!readable) return 0;
        ICapitalLayer(layer).collect(segment);
        return TokenUnits.toWad(_arrivedSince(entry.token, balance), entry.decimals);
    }

    function _checkLayer(address layer, address token) internal view {
        if (layer == address(0)) return;
        if (
            layer.code.length == 0 ||
            ICapitalLayer(layer).fund() != address(this) ||
            ICapitalLayer(layer).settlementToken() != token
        ) {
            revert IInsuranceFund.InsuranceFund_InvalidLayer(layer);
        }
    }

    /* MOVING TOKENS (FND-11) */

    /// @dev Sends at most what is segregated and has arrived. Returns what has left, WAD; 0 when the token refuses.
    function _send(Segment storage entry, IVenue venue, uint256 claim) internal returns (uint256 sent) {
        address token = entry.token;
        uint256 amount = TokenUnits.toNativeDown(WadMath.min(claim, entry.owed - entry.pending), entry.decimals);
        (bool readable, uint256 balance) = GuardedCall.balanceOf(token, address(this));
        if (amount == 0 || !readable || !GuardedCall.trySafeTransfer(token, address(venue), amount)) return 0;
        // A token that takes more than it was told would eat into other segments (INV-07).
        (, uint256 rest) = GuardedCall.balanceOf(token, address(this));
        if (rest + amount != balance) {
            revert IInsuranceFund.InsuranceFund_UnexpectedTransfer(amount, balance > rest ? balance - rest : 0);
        }
        sent = TokenUnits.toWad(amount, entry.decimals);
        venue.settle(sent);
    }

    /// @dev Asks the venue to pay. Returns what has arrived, WAD; what the venue says that it sent is not asked for.
    function _receive(Segment storage entry, IVenue venue) internal returns (uint256) {
        (bool readable, uint256 balance) = GuardedCall.balanceOf(entry.token, address(this));
        if (!readable) return 0;
        venue.settle(0);
        return TokenUnits.toWad(_arrivedSince(entry.token, balance), entry.decimals);
    }

    function _arrivedSince(address token, uint256 balance) internal view returns (uint256) {
        (bool readable, uint256 current) = GuardedCall.balanceOf(token, address(this));
        return readable && current > balance ? current - balance : 0;
    }

    /// @dev Takes a gift of the caller into the reserve. Tokens first, because only what arrived may be credited; the
    /// callers' lock keeps the ledger still meanwhile.
    function _take(Segment storage entry, uint256 amount) internal returns (uint256 value) {
        // Check
        uint256 room = TokenUnits.toNativeDown(MAX_LEDGER - entry.reserve - entry.owed, entry.decimals);
        if (amount == 0 || amount > room) revert IInsuranceFund.InsuranceFund_InvalidAmount(amount, room);

        // Interaction
        (bool readable, uint256 balance) = GuardedCall.balanceOf(entry.token, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(entry.token, msg.sender, address(this), amount);
        uint256 received = delivered ? _arrivedSince(entry.token, balance) : 0;
        if (received != amount) revert IInsuranceFund.InsuranceFund_UnexpectedTransfer(amount, received);

        // Effect
        value = TokenUnits.toWad(amount, entry.decimals);
        entry.reserve += uint96(value); // Fits: amount <= room.
    }

    /// @dev What the venue's books say that the fund owes it, WAD; 0 when the venue owes the fund.
    function _claimOf(IVenue venue) internal view returns (uint256) {
        int256 account = venue.fundAccount();
        return account < 0 ? WadMath.abs(account) : 0;
    }

    function _known(SegmentId segment) internal view returns (Segment storage entry) {
        entry = _segments[segment];
        if (entry.budgets.engine == address(0)) revert IInsuranceFund.InsuranceFund_UnknownSegment(segment);
    }
}
