// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {BudgetShares, CapitalLayers, IInsuranceFund, SegmentView} from "../interfaces/IInsuranceFund.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {CodePiece} from "../libraries/CodePiece.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Waterfall} from "../libraries/Waterfall.sol";
import {WAD} from "../types/Constants.sol";
import {CoverRequest, CoverResult, LayerAmounts} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {DrawBudgets} from "./DrawBudgets.sol";
import {ReserveInvestments} from "./ReserveInvestments.sol";
import {SegmentBooks} from "./SegmentBooks.sol";
import {ReserveWord, SegmentWords} from "./SegmentWords.sol";

/// @title Insurance fund (FND-01, FND-02, FND-11)
/// @notice Keeps the reserve of many segments, each behind one venue, and books what reserve, tranches and reinsurance pay
/// for a shortfall, in one transaction (R1).
/// There is no owner, no withdrawal and no upgrade: tokens leave only to the venue of a segment, only against draws that
/// its engine has booked for it, or to the segment's desk, within limits that are the fund's own (FND-06); and never beyond
/// that segment's own ledger (R5, INV-07).
/// @dev Segments may share a token. The ledger decides who owns what; balances only measure what one transfer moved:
/// for every token, balance >= sum of reserve + owed - pending over its segments. Tokens sent here without `donate` belong to no
/// segment, except inside `settle`, where they add to what the venue pays: more than was given cannot be credited.
/// @dev A venue is code that its segment has chosen. It can lie about its own books only: what it is sent is capped by
/// what its engine has drawn, and what it is credited with is what arrived.
/// @dev A vault behind a segment was chosen by the segment's engine, for good. It is asked for what it has committed, on the
/// loss path, and keeps what it has booked until `settle` collects it: what it owes is `pending`, and is not sent on before.
contract InsuranceFund is SegmentBooks, IInsuranceFund, ReentrancyGuardTransient, CodePiece {
    using DrawBudgets for DrawBudgets.State;
    using DrawBudgets for DrawBudgets.Budget;
    using SafeCast for uint256;
    using SegmentWords for SegmentBooks.Segment;

    /// @dev What a request comes to beside its result: computed by one function for `cover` and `previewCover`, written by `cover`.
    /// @param shortfall of the fraction that is taken, rounded up, WAD
    /// @param allowed part of the WHOLE account's shortfall that the reserve may pay, by class, WAD
    struct Draw {
        uint256 shortfall;
        uint256[3] allowed;
        DrawBudgets.Budget budget;
    }

    uint256 private constant MAX_DECIMALS = 18;

    address private immutable INVESTMENTS;

    uint32 private _segmentCount;
    mapping(address venue => SegmentId) private _segmentOfVenue;

    /// @dev The second piece of code is made here and never changes: no upgrade path, and nothing to deploy or link.
    constructor() {
        INVESTMENTS = address(new ReserveInvestments());
    }

    /// @dev What this contract does not have is answered by ReserveInvestments, on its storage.
    function _nextPiece() internal view override returns (address) {
        return INVESTMENTS;
    }

    /* REGISTRATION AND GIFTS */

    /// @inheritdoc IInsuranceFund
    function registerSegment(
        address venue,
        BudgetShares calldata budgets,
        CapitalLayers calldata layers
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
        _checkLayer(layers.backstop, token);
        _checkLayer(layers.reinsurance, token);
        if (layers.backstop == layers.reinsurance && layers.backstop != address(0)) {
            revert InsuranceFund_InvalidLayer(layers.backstop);
        }

        // Effect
        segment = SegmentId.wrap(++_segmentCount);
        _segmentOfVenue[venue] = segment;
        Segment storage entry = _segments[segment];
        entry.venue = venue;
        entry.token = token;
        entry.decimals = decimals;
        entry.layers = layers;
        entry.budgets.open(msg.sender, budgets);
        emit SegmentRegistered(segment, venue, msg.sender, token, budgets, layers);
    }

    /// @inheritdoc IInsuranceFund
    function donate(SegmentId segment, uint256 amount) external nonReentrant {
        Segment storage entry = _known(segment);
        uint256 value = _take(entry, amount);
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

        // Effect: the vaults' first. They are our own code, call nothing, and never pay more than asked for.
        Draw memory draw;
        _draw(segment, entry, request, result, draw);
        uint256 fromVaults = _drawLayers(segment, entry, result.paid);
        uint256 booked = result.paid.reserve + result.reward;
        ReserveWord held = entry.loadReserve();
        uint256 reserve = held.reserve() - booked;
        uint256 paid = result.paid.total();
        if (booked + fromVaults != 0) {
            // `_layers` leaves room for all of it; only a vault that pays more than it offers would make the casts fail.
            uint96 owed = (held.owed() + booked + fromVaults).toUint96();
            entry.storeReserve(held.withAmounts(uint96(reserve), owed)); // The reserve is not above what it was.
        }
        if (fromVaults != 0) entry.pending = (entry.pending + fromVaults).toUint96();
        entry.drawn = _saturatingAdd(entry.drawn, paid + result.reward);
        entry.unpaid = _saturatingAdd(entry.unpaid, draw.shortfall - paid);
        entry.budgets.charge(draw.budget, draw.allowed, request.fraction, result.reward);
        emit Covered(segment, draw.shortfall, result.paid, result.reward, reserve);
    }

    /// @inheritdoc IInsuranceFund
    function previewCover(
        SegmentId segment,
        CoverRequest calldata request
    ) external view returns (CoverResult memory result) {
        Draw memory draw;
        _draw(segment, _known(segment), request, result, draw);
    }

    /* MOVING THE NET (FND-11) */

    /// @inheritdoc IInsuranceFund
    /// @dev First the vaults send what they have booked. Then draws and income meet in the venue's signed account. When the fund
    /// owes the net, it sends that, from what it has segregated and holds; when the venue owes it, the venue is asked to
    /// send it. Either way only what the venue's books still claim afterwards stays segregated, and what vaults have not
    /// sent; the rest was netted against income and is reserve again. A token that refuses moves nothing, changes nothing
    /// that was to be moved, and stops nothing else.
    function settle(SegmentId segment) external nonReentrant returns (int256 moved) {
        // Check
        Segment storage entry = _known(segment);
        IVenue venue = IVenue(entry.venue);

        // Interaction: before the effects, because they follow from what moved; the lock keeps the ledger still.
        uint256 extra = _collect(segment, entry);
        uint256 claim = _claimOf(venue);
        uint256 sent = claim > 0 ? _send(entry, venue, claim) : 0;
        uint256 received = claim == 0 ? _receive(entry, venue) : 0;

        // Effect
        uint256 left = entry.owed - sent;
        uint256 owed = WadMath.max(WadMath.min(_claimOf(venue), left), entry.pending);
        uint256 reserve = entry.reserve + extra + received + (left - owed);
        if (reserve + owed > MAX_LEDGER) revert InsuranceFund_InvalidAmount(reserve + owed, MAX_LEDGER);
        entry.reserve = uint96(reserve);
        entry.owed = uint96(owed);
        moved = int256(received) - int256(sent); // Both below 2^96.
        emit Settled(segment, moved, reserve, owed);
    }

    /* READERS: no guard. While `settle` runs they still show what was before it, which is never too much. */

    /// @inheritdoc IInsuranceFund
    function resources(SegmentId segment) external view returns (LayerAmounts memory available) {
        Segment storage entry = _known(segment);
        _layers(segment, entry, type(uint256).max, _lossOf(entry) + entry.reserve, available);
    }

    /// @inheritdoc IInsuranceFund
    function budgetLeft(
        SegmentId segment
    ) external view returns (uint256[3] memory byClass, uint256 whole, uint256 reward) {
        Segment storage entry = _known(segment);
        DrawBudgets.Budget memory budget;
        entry.budgets.read(entry.reserve, budget);
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
                pending: entry.pending,
                drawn: entry.drawn,
                unpaid: entry.unpaid,
                layers: entry.layers
            });
    }

    /* INTERNAL */

    /// @dev The layers see the WHOLE account's shortfall, and each pays `fraction` of its part: so a bid that is cut in
    /// two takes the same from every layer (INV-21). The reserve's part is what budgets allow; the rest passes on.
    function _draw(
        SegmentId segment,
        Segment storage entry,
        CoverRequest calldata request,
        CoverResult memory result,
        Draw memory draw
    ) private view {
        uint256 fraction = request.fraction;
        if (fraction > WAD) revert InsuranceFund_InvalidAmount(fraction, WAD);
        uint256 reserve = entry.reserve;
        uint256 allowed;
        // An empty reserve pays nothing, whatever its budgets say.
        if (reserve != 0) {
            entry.budgets.read(reserve, draw.budget);
            allowed = draw.budget.limitDown(request.shortfallByClass, reserve, draw.allowed);
        }

        uint256 whole = request.shortfallByClass[0] + request.shortfallByClass[1] + request.shortfallByClass[2];
        LayerAmounts memory available;
        _layers(segment, entry, whole - allowed, _lossOf(entry) + allowed, available);
        available.reserve = allowed;
        (result.paid, draw.shortfall, ) = Waterfall.cover(whole, fraction, available);
        // LIQ-04: a reward comes from the reserve only, and only from what the whole account's shortfall leaves of it.
        uint256 spare = WadMath.min(draw.budget.leftForRewards, reserve - allowed);
        result.reward = WadMath.min(request.reward, WadMath.mulWadDown(spare, fraction));
    }

    function _saturatingAdd(uint128 sum, uint256 amount) private pure returns (uint128) {
        uint256 room = type(uint128).max - sum;
        return sum + uint128(WadMath.min(amount, room));
    }
}
