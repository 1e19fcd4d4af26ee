// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInsuranceFund, SegmentView} from "../interfaces/IInsuranceFund.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TreatyMath} from "../libraries/TreatyMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {ANNOUNCEMENT, WEEK} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {
    MAX_PERIOD_WEEKS,
    MAX_REINSTATEMENTS,
    MIN_PERIOD_WEEKS,
    OCCURRENCE,
    RENEWAL,
    TreatyTerms,
    TreatyView
} from "../types/Treaty.sol";
import {Tranches} from "./Tranches.sol";

/// @title Layers with attachment, limit, reinstatement and premium (CVR-09)
/// @notice A treaty is a commitment for periods that are paid for: see Commitments for how it is drawn. Whoever wants the segment protected pays;
/// a period that nobody pays for does not begin.
abstract contract Treaties is Tranches {
    /// @dev See TreatyView.
    struct Period {
        uint256 limit;
        uint256 startsAt;
        uint256 endsAt;
        uint256 attachesAt;
    }

    function announceTreaty(SegmentId segment, TreatyTerms calldata terms) external restricted nonReentrant {
        // Check
        if (
            SegmentId.unwrap(segment) == 0 ||
            terms.limit == 0 ||
            terms.reinstatements > MAX_REINSTATEMENTS ||
            terms.periodWeeks < MIN_PERIOD_WEEKS ||
            terms.periodWeeks > MAX_PERIOD_WEEKS ||
            terms.premiumBps == 0 ||
            terms.premiumBps > BPS_ONE
        ) {
            revert CoverageVault_InvalidTreaty(segment, terms);
        }

        // Effect
        Treaty storage treaty = _treaties[segment];
        treaty.announced = terms;
        treaty.activeFrom = uint40(block.timestamp + ANNOUNCEMENT);
        emit TreatyAnnounced(segment, terms, treaty.activeFrom);
    }

    function beginPeriod(SegmentId segment, uint256 maxPremium) external nonReentrant returns (uint256 amount) {
        // Check
        Commitment storage commitment = _commitments[segment];
        Treaty storage treaty = _treaties[segment];
        uint256 endedAt = commitment.endsInWeek * WEEK;
        if (block.timestamp < endedAt) revert CoverageVault_TooEarly(endedAt);
        _takeNextTerms(segment, treaty);
        _requireCalm();
        _accrue();
        uint256 old = _remaining(commitment);
        Period memory period = _newPeriod(segment, treaty.terms, old);
        // Contiguous: what stood until now goes on at once.
        bool goesOn = endedAt == 0 ? old != 0 : block.timestamp < endedAt + RENEWAL;
        period.startsAt = goesOn ? block.timestamp : block.timestamp + OCCURRENCE;
        amount = _checkedPremium(
            TreatyMath.premiumUp(period.limit, treaty.terms.premiumBps, period.endsAt - period.startsAt),
            maxPremium
        );

        // Effect. Everything fits: limits are within MAX_LEDGER, weeks within 2^24.
        treaty.limit = uint96(period.limit);
        treaty.reinstatable = uint128(period.limit * treaty.terms.reinstatements);
        commitment.remaining = uint96(period.limit);
        commitment.announced = 0;
        commitment.activeFrom = uint40(period.startsAt);
        commitment.endsInWeek = uint24(period.endsAt / WEEK);
        commitment.attachesAt = uint128(period.attachesAt);
        _ledger.committed = uint96(_ledger.committed - old + period.limit);
        if (SegmentId.unwrap(_firstSegment) == 0) _firstSegment = segment;
        uint256 premium = TokenUnits.toWad(amount, DECIMALS);
        _addPremium(premium, period.endsAt);
        emit TreatyBegun(segment, period.limit, period.attachesAt, period.startsAt, period.endsAt, premium);

        // Interaction
        _pull(amount);
    }

    function reinstate(
        SegmentId segment,
        uint96 restored,
        uint256 maxPremium
    ) external nonReentrant returns (uint256 amount) {
        // Check
        Commitment storage commitment = _commitments[segment];
        Treaty storage treaty = _treaties[segment];
        uint256 endsAt = commitment.endsInWeek * WEEK;
        if (block.timestamp >= endsAt) revert CoverageVault_NoTreaty(segment, endsAt);
        uint256 allowedFrom = commitment.lastDrawnAt + OCCURRENCE;
        if (block.timestamp < allowedFrom) revert CoverageVault_TooEarly(allowedFrom);
        _requireCalm();
        _accrue();
        uint256 remaining = _remaining(commitment);
        uint256 most = WadMath.min(treaty.limit - remaining, treaty.reinstatable);
        if (restored == 0 || restored > most) revert CoverageVault_InvalidAmount(restored, most);
        uint256 free = _freeCapital();
        if (restored > free) revert CoverageVault_NoCapacity(restored, free);
        // In full as to time: what is restored late has been lost before.
        uint256 term = treaty.terms.periodWeeks * WEEK;
        amount = _checkedPremium(TreatyMath.premiumUp(restored, treaty.terms.premiumBps, term), maxPremium);

        // Effect
        remaining += restored;
        commitment.remaining = uint96(remaining); // Not above the limit.
        treaty.reinstatable -= restored;
        _ledger.committed += restored;
        uint256 premium = TokenUnits.toWad(amount, DECIMALS);
        // Over a week at least, so that a deposit of now captures next to nothing of it.
        _addPremium(premium, WadMath.max(endsAt, (block.timestamp / WEEK + 2) * WEEK));
        emit TreatyReinstated(segment, restored, remaining, premium);

        // Interaction
        _pull(amount);
    }

    function endTreaty(SegmentId segment) external nonReentrant returns (uint256 released) {
        // Check
        Commitment storage commitment = _commitments[segment];
        uint256 endsAt = commitment.endsInWeek * WEEK;
        if (endsAt == 0) revert CoverageVault_NoTreaty(segment, 0);
        if (block.timestamp < endsAt + WEEK) revert CoverageVault_TooEarly(endsAt + WEEK);

        // Effect
        released = _remaining(commitment);
        commitment.remaining = 0;
        commitment.endsInWeek = 0;
        commitment.attachesAt = 0;
        _ledger.committed -= uint96(released);
        Treaty storage treaty = _treaties[segment];
        delete treaty.terms;
        treaty.limit = 0;
        treaty.reinstatable = 0;
        emit TreatyEnded(segment, released);
    }

    function treatyOf(SegmentId segment) external view returns (TreatyView memory) {
        Commitment storage commitment = _commitments[segment];
        Treaty storage treaty = _treaties[segment];
        bool isTreaty = commitment.endsInWeek != 0;
        return
            TreatyView({
                terms: treaty.terms,
                startsAt: isTreaty ? commitment.activeFrom : 0,
                endsAt: commitment.endsInWeek * WEEK,
                limit: treaty.limit,
                remaining: isTreaty ? _remaining(commitment) : 0,
                reinstatable: treaty.reinstatable,
                attachesAt: commitment.attachesAt,
                lastDrawnAt: commitment.lastDrawnAt,
                announced: treaty.announced,
                activeFrom: treaty.activeFrom
            });
    }

    /// @dev What was announced takes effect with the first period that begins after its time.
    function _takeNextTerms(SegmentId segment, Treaty storage treaty) private {
        if (treaty.announced.limit != 0 && block.timestamp >= treaty.activeFrom) {
            treaty.terms = treaty.announced;
            delete treaty.announced;
        }
        if (treaty.terms.limit != 0) return;
        if (treaty.announced.limit == 0) revert CoverageVault_NothingAnnounced(segment);
        revert CoverageVault_TooEarly(treaty.activeFrom);
    }

    /// @dev At least half of the limit: otherwise whoever wants no layer could begin one of a wei, and nobody another for its period.
    /// @param old what stood until now, and is free for the new period
    function _newPeriod(
        SegmentId segment,
        TreatyTerms memory terms,
        uint256 old
    ) private view returns (Period memory period) {
        uint256 free = _freeCapitalBeside(_ledger.committed - old);
        period.limit = WadMath.min(terms.limit, free);
        uint256 least = (uint256(terms.limit) + 1) / 2;
        if (period.limit < least) revert CoverageVault_NoCapacity(least, free);
        period.endsAt = ((block.timestamp + WEEK - 1) / WEEK + terms.periodWeeks) * WEEK;
        if (terms.attachment == 0) return period;
        // Own contract, asked here and never on the loss path.
        period.attachesAt = WadMath.min(_lossOf(segment) + terms.attachment, type(uint128).max);
    }

    /// @dev Nobody insures what can be seen already.
    function _requireCalm() private view {
        _requireSynced();
        (uint256 deficit, ) = _distress(0);
        if (deficit != 0) revert CoverageVault_InDistress(deficit);
    }

    function _checkedPremium(uint256 premium, uint256 maxPremium) private view returns (uint256 amount) {
        amount = TokenUnits.toNativeUp(premium, DECIMALS);
        if (amount > maxPremium) revert CoverageVault_PremiumAboveLimit(amount, maxPremium);
        _requireRoom(_capitalWord(), amount);
    }

    /// @dev What the segment has lost since its registration: paid by whom ever, or by nobody.
    function _lossOf(SegmentId segment) private view returns (uint256) {
        SegmentView memory state = IInsuranceFund(FUND).segmentOf(segment);
        return state.drawn + state.unpaid;
    }
}
