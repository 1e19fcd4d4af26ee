// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {BudgetShares, IInsuranceFund, SegmentView} from "../interfaces/IInsuranceFund.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Waterfall} from "../libraries/Waterfall.sol";
import {WAD} from "../types/Constants.sol";
import {CoverRequest, CoverResult, LayerAmounts} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {DrawBudgets} from "./DrawBudgets.sol";

/// @title Insurance fund (FND-01, FND-02, FND-11)
/// @notice Keeps the reserve of many segments, each behind one venue, and books what the reserve pays for a shortfall.
/// There is no owner, no withdrawal and no upgrade: tokens leave only to the venue of a segment, only against draws that
/// its engine has booked for it, and never beyond that segment's own ledger (R5, INV-07).
/// @dev Segments may share a token. The ledger decides who owns what; balances only measure what one transfer moved:
/// for every token, balance >= sum of reserve + owed over its segments. Tokens sent here without `donate` belong to no
/// segment, except inside `settle`, where they add to what the venue pays: more than was given cannot be credited.
/// @dev A venue is code that its segment has chosen. It can lie about its own books only: what it is sent is capped by
/// what its engine has drawn, and what it is credited with is what arrived.
contract InsuranceFund is IInsuranceFund, ReentrancyGuardTransient {
    using DrawBudgets for DrawBudgets.State;
    using DrawBudgets for DrawBudgets.Budget;

    /// @param reserve what the reserve layer may still pay, WAD
    /// @param owed drawn for the venue, segregated, not yet moved, WAD; reserve + owed fits in 96 bits
    /// @param decimals of the token, read once
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
        // slot 5, slot 6
        address venue;
        address token;
    }

    /// @dev What a request comes to: computed by one function for `cover` and `previewCover`, written by `cover`.
    /// @param shortfall of the fraction that is taken, rounded up, WAD
    /// @param residual part of it that no layer pays, WAD
    /// @param allowed part of the WHOLE account's shortfall that the reserve may pay, by class, WAD
    struct Draw {
        CoverResult result;
        uint256 shortfall;
        uint256 residual;
        uint256[3] allowed;
        DrawBudgets.Budget budget;
    }

    /// @dev Most that a segment's reserve and owed may sum to: 7.9e10 units.
    uint256 private constant MAX_LEDGER = type(uint96).max;
    uint256 private constant MAX_DECIMALS = 18;

    uint32 private _segmentCount;
    mapping(SegmentId segment => Segment) private _segments;
    mapping(address venue => SegmentId) private _segmentOfVenue;

    /* REGISTRATION AND GIFTS */

    /// @inheritdoc IInsuranceFund
    function registerSegment(
        address venue,
        BudgetShares calldata budgets
    ) external nonReentrant returns (SegmentId segment) {
        // Check: the venue itself names both ends, so that nobody else can choose its budgets or divert its income.
        if (
            venue.code.length == 0 ||
            venue == msg.sender ||
            !DrawBudgets.areValid(budgets) ||
            IVenue(venue).engine() != msg.sender ||
            IVenue(venue).fund() != address(this)
        ) {
            revert InsuranceFund_InvalidSegment(venue, msg.sender, budgets);
        }
        // Check: two segments of one venue would share one signed account, and one could take the other's income.
        SegmentId existing = _segmentOfVenue[venue];
        if (SegmentId.unwrap(existing) != 0) revert InsuranceFund_AlreadyRegistered(venue, existing);
        address token = IVenue(venue).settlementToken();
        (bool answers, uint8 decimals) = TokenUnits.tryDecimals(token);
        if (!answers || decimals > MAX_DECIMALS) revert InsuranceFund_InvalidToken(token, decimals);

        // Effect
        segment = SegmentId.wrap(++_segmentCount);
        _segmentOfVenue[venue] = segment;
        Segment storage entry = _segments[segment];
        entry.venue = venue;
        entry.token = token;
        entry.decimals = decimals;
        entry.budgets.open(msg.sender, budgets);
        emit SegmentRegistered(segment, venue, msg.sender, token, budgets);
    }

    /// @inheritdoc IInsuranceFund
    function donate(SegmentId segment, uint256 amount) external nonReentrant {
        // Check
        Segment storage entry = _known(segment);
        uint256 room = TokenUnits.toNativeDown(MAX_LEDGER - entry.reserve - entry.owed, entry.decimals);
        if (amount == 0 || amount > room) revert InsuranceFund_InvalidAmount(amount, room);

        // Interaction: first, because only what arrived may be credited; the lock keeps the ledger still meanwhile.
        (bool readable, uint256 balance) = GuardedCall.balanceOf(entry.token, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(entry.token, msg.sender, address(this), amount);
        uint256 received = delivered ? _arrivedSince(entry.token, balance) : 0;
        if (received != amount) revert InsuranceFund_UnexpectedTransfer(amount, received);

        // Effect
        uint256 value = TokenUnits.toWad(amount, entry.decimals);
        entry.reserve += uint96(value); // Fits: amount <= room.
        emit Donated(segment, msg.sender, value, entry.reserve);
    }

    /* LOSS PATH: no foreign call (R1b) */

    /// @inheritdoc IInsuranceFund
    function cover(
        SegmentId segment,
        CoverRequest calldata request
    ) external nonReentrant returns (CoverResult memory result) {
        // Check
        Segment storage entry = _known(segment);
        if (msg.sender != entry.budgets.engine) revert InsuranceFund_NotEngine(msg.sender, entry.budgets.engine);

        // Effect
        Draw memory draw = _draw(entry, request);
        result = draw.result;
        uint256 booked = result.paid.reserve + result.reward;
        uint256 reserve = entry.reserve - booked;
        entry.reserve = uint96(reserve); // Not above what it was.
        entry.owed += uint96(booked); // Moves within the ledger, whose sum fits in 96 bits.
        entry.drawn = _saturatingAdd(entry.drawn, result.paid.total() + result.reward);
        entry.unpaid = _saturatingAdd(entry.unpaid, draw.residual);
        entry.budgets.charge(draw.budget, draw.allowed, request.fraction, result.reward);
        emit Covered(segment, draw.shortfall, result.paid, result.reward, reserve);
    }

    /// @inheritdoc IInsuranceFund
    function previewCover(SegmentId segment, CoverRequest calldata request) external view returns (CoverResult memory) {
        return _draw(_known(segment), request).result;
    }

    /* MOVING THE NET (FND-11) */

    /// @inheritdoc IInsuranceFund
    /// @dev Draws and income meet in the venue's signed account. When the fund owes the net, it sends that, from what it
    /// has segregated; when the venue owes it, the venue is asked to send it. Either way only what the venue's books
    /// still claim afterwards stays segregated; the rest was netted against income and is reserve again. A token that
    /// refuses moves nothing, changes nothing that was to be moved, and stops nothing else.
    function settle(SegmentId segment) external nonReentrant returns (int256 moved) {
        // Check
        Segment storage entry = _known(segment);
        IVenue venue = IVenue(entry.venue);

        // Interaction: before the effects, because they follow from what moved; the lock keeps the ledger still.
        uint256 claim = _claimOf(venue);
        uint256 sent = claim > 0 ? _send(entry, venue, claim) : 0;
        uint256 received = claim == 0 ? _receive(entry, venue) : 0;

        // Effect
        uint256 owed = WadMath.min(_claimOf(venue), entry.owed - sent);
        uint256 reserve = entry.reserve + received + (entry.owed - sent - owed);
        if (reserve + owed > MAX_LEDGER) revert InsuranceFund_InvalidAmount(reserve + owed, MAX_LEDGER);
        entry.reserve = uint96(reserve);
        entry.owed = uint96(owed);
        moved = int256(received) - int256(sent); // Both below 2^96.
        emit Settled(segment, moved, reserve, owed);
    }

    /* READERS: no guard. While `settle` runs they still show what was before it, which is never too much. */

    /// @inheritdoc IInsuranceFund
    function resources(SegmentId segment) external view returns (LayerAmounts memory) {
        return _layers(_known(segment));
    }

    /// @inheritdoc IInsuranceFund
    function budgetLeft(
        SegmentId segment
    ) external view returns (uint256[3] memory byClass, uint256 whole, uint256 reward) {
        Segment storage entry = _known(segment);
        DrawBudgets.Budget memory budget = entry.budgets.read(entry.reserve);
        return (budget.left, budget.leftInSegment, budget.leftForRewards);
    }

    /// @inheritdoc IInsuranceFund
    function segmentOf(SegmentId segment) external view returns (SegmentView memory) {
        Segment storage entry = _known(segment);
        return
            SegmentView({
                venue: entry.venue,
                engine: entry.budgets.engine,
                token: entry.token,
                reserve: entry.reserve,
                owed: entry.owed,
                drawn: entry.drawn,
                unpaid: entry.unpaid
            });
    }

    /* INTERNAL */

    /// @dev The layers see the WHOLE account's shortfall, and each pays `fraction` of its part: so a bid that is cut in
    /// two takes the same from every layer (INV-21). The reserve's part is what budgets allow; the rest passes on.
    function _draw(Segment storage entry, CoverRequest calldata request) private view returns (Draw memory draw) {
        uint256 fraction = request.fraction;
        if (fraction > WAD) revert InsuranceFund_InvalidAmount(fraction, WAD);
        LayerAmounts memory available = _layers(entry);
        uint256 reserve = available.reserve;
        draw.budget = entry.budgets.read(reserve);
        (draw.allowed, available.reserve) = draw.budget.limitDown(request.shortfallByClass, reserve);

        uint256 whole = request.shortfallByClass[0] + request.shortfallByClass[1] + request.shortfallByClass[2];
        (draw.result.paid, draw.shortfall, draw.residual) = Waterfall.cover(whole, fraction, available);
        // LIQ-04: a reward comes from the reserve only, and only from what the whole account's shortfall leaves of it.
        uint256 spare = WadMath.min(draw.budget.leftForRewards, reserve - available.reserve);
        draw.result.reward = WadMath.min(request.reward, WadMath.mulWadDown(spare, fraction));
    }

    /// @dev What each layer could pay now, budgets left aside, in the order in which they pay.
    function _layers(Segment storage entry) private view returns (LayerAmounts memory available) {
        available.reserve = entry.reserve;
    }

    /// @dev Sends at most what is segregated. Returns what has left, WAD; 0 when the token refuses.
    function _send(Segment storage entry, IVenue venue, uint256 claim) private returns (uint256 sent) {
        address token = entry.token;
        uint256 amount = TokenUnits.toNativeDown(WadMath.min(claim, entry.owed), entry.decimals);
        (bool readable, uint256 balance) = GuardedCall.balanceOf(token, address(this));
        if (amount == 0 || !readable || !GuardedCall.trySafeTransfer(token, address(venue), amount)) return 0;
        // A token that takes more than it was told would eat into other segments (INV-07).
        (, uint256 rest) = GuardedCall.balanceOf(token, address(this));
        if (rest + amount != balance) {
            revert InsuranceFund_UnexpectedTransfer(amount, balance > rest ? balance - rest : 0);
        }
        sent = TokenUnits.toWad(amount, entry.decimals);
        venue.settle(sent);
    }

    /// @dev Asks the venue to pay. Returns what has arrived, WAD; what the venue says that it sent is not asked for.
    function _receive(Segment storage entry, IVenue venue) private returns (uint256) {
        (bool readable, uint256 balance) = GuardedCall.balanceOf(entry.token, address(this));
        if (!readable) return 0;
        venue.settle(0);
        return TokenUnits.toWad(_arrivedSince(entry.token, balance), entry.decimals);
    }

    function _arrivedSince(address token, uint256 balance) private view returns (uint256) {
        (bool readable, uint256 current) = GuardedCall.balanceOf(token, address(this));
        return readable && current > balance ? current - balance : 0;
    }

    /// @dev What the venue's books say that the fund owes it, WAD; 0 when the venue owes the fund.
    function _claimOf(IVenue venue) private view returns (uint256) {
        int256 account = venue.fundAccount();
        return account < 0 ? WadMath.abs(account) : 0;
    }

    function _known(SegmentId segment) private view returns (Segment storage entry) {
        entry = _segments[segment];
        if (entry.budgets.engine == address(0)) revert InsuranceFund_UnknownSegment(segment);
    }

    function _saturatingAdd(uint128 sum, uint256 amount) private pure returns (uint128) {
        uint256 room = type(uint128).max - sum;
        return sum + uint128(WadMath.min(amount, room));
    }
}
