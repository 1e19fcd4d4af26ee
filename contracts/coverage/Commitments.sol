// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TreatyMath} from "../libraries/TreatyMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {ANNOUNCEMENT, RING, WEEK} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {Tranches} from "./Tranches.sol";
import {VaultStorage} from "./VaultStorage.sol";
import {CommitmentWord, CommitmentWords, DrawsWord, DrawsWords} from "./VaultWords.sol";

/// @title Standing behind the fund's segments (CVR-09)
/// @notice A commitment is drawn directly: no incident, no verifier, no bond. All commitments share one total, which falls when capital
/// leaves; each segment draws at most what is left of its own and of the total. With a treaty (Treaties) it lasts for a period that is paid for,
/// and may attach above a loss: the fund says what the segment bears before the layer, and asks for no more than the layer then offers.
abstract contract Commitments is Tranches {
    using CapitalWords for VaultStorage.Capital;
    using CommitmentWords for VaultStorage.Commitment;
    using DrawsWords for VaultStorage.Ledger;

    function announceCommitment(SegmentId segment, uint96 limit) external restricted nonReentrant {
        // Check
        if (SegmentId.unwrap(segment) == 0 || limit == 0) revert CoverageVault_InvalidAmount(limit, MAX_LEDGER);

        // Effect
        Commitment storage commitment = _commitments[segment];
        uint256 endsAt = commitment.endsInWeek * WEEK;
        if (endsAt != 0) revert CoverageVault_TreatyInForce(segment, endsAt);
        uint256 remaining = _remaining(commitment);
        commitment.remaining = uint96(remaining);
        commitment.announced = uint96(_saturatingSub(limit, remaining));
        commitment.activeFrom = uint40(block.timestamp + ANNOUNCEMENT);
        emit CommitmentAnnounced(segment, limit, commitment.activeFrom);
    }

    function activateCommitment(SegmentId segment) external nonReentrant returns (uint256 added) {
        // Check
        Commitment storage commitment = _commitments[segment];
        uint256 announced = commitment.announced;
        if (announced == 0) revert CoverageVault_NothingAnnounced(segment);
        if (block.timestamp < commitment.activeFrom) revert CoverageVault_TooEarly(commitment.activeFrom);
        _requireSynced();
        _accrue();
        uint256 free = _freeCapital();
        added = WadMath.min(announced, free);
        if (added == 0) revert CoverageVault_NoCapacity(announced, free);

        // Effect
        uint256 remaining = _remaining(commitment) + added;
        commitment.remaining = uint96(remaining); // Not above what was announced and what remained, together within a limit.
        commitment.announced = uint96(announced - added);
        _ledger.committed += uint96(added);
        if (SegmentId.unwrap(_firstSegment) == 0) _firstSegment = segment;
        emit CommitmentChanged(segment, remaining);
    }

    function payPremium(uint256 amount, uint32 endsInWeek) external nonReentrant {
        // Check
        uint256 endsAt = endsInWeek * WEEK;
        if (endsAt < block.timestamp + WEEK || endsAt > block.timestamp + (RING - 1) * WEEK) {
            revert CoverageVault_InvalidTerm(endsAt);
        }
        _requireRoom(_capitalWord(), amount);
        _accrue();

        // Effect
        uint256 premium = TokenUnits.toWad(amount, DECIMALS);
        _addPremium(premium, endsAt);
        emit PremiumPaid(msg.sender, premium, endsAt);

        // Interaction
        _pull(amount);
    }

    /* THE FUND */

    /// @dev Does not hold the lock, so that nothing that a token or a buyer does while the vault is busy can stop a loss from being paid:
    /// it calls nothing, and the books are complete whenever the vault calls out. Premium that is not accrued yet goes by what the draw
    /// leaves.
    function draw(SegmentId segment, uint256 amount) external returns (uint256 junior, uint256 senior) {
        // Check
        _requireCaller(FUND);

        // Effect
        (CapitalWord capital, uint256 paid, uint256 remaining) = _bookDraw(_commitments[segment], amount);
        if (paid == 0) return (0, 0);
        CapitalWord left;
        (left, junior, senior) = _bookLoss(capital, paid);
        _capital.store(_noteDraw(segment, capital, left, junior, senior));
        emit Drawn(segment, junior, senior, remaining);
    }

    function collect(SegmentId segment) external nonReentrant returns (uint256 sent) {
        // Check
        _requireCaller(FUND);
        Commitment storage commitment = _commitments[segment];
        uint256 amount = TokenUnits.toNativeDown(commitment.owed, DECIMALS);
        if (amount == 0) return 0;

        // Effect: taken back when the token refuses, so that a refusal changes nothing.
        sent = TokenUnits.toWad(amount, DECIMALS);
        commitment.owed -= uint96(sent);
        _ledger.owed -= uint96(sent);
        emit Collected(segment, sent, commitment.owed);

        // Interaction
        if (_trySend(FUND, amount)) return sent;
        commitment.owed += uint96(sent);
        _ledger.owed += uint96(sent);
        emit Collected(segment, 0, commitment.owed);
        return 0;
    }

    function available(SegmentId segment) external view returns (uint256 junior, uint256 senior) {
        return offer(segment, 0, type(uint256).max);
    }

    /// @dev A commitment without treaty asks for one slot only.
    function offer(
        SegmentId segment,
        uint256 borne,
        uint256 needed
    ) public view returns (uint256 junior, uint256 senior) {
        Commitment storage commitment = _commitments[segment];
        CommitmentWord own = commitment.load();
        // A layer that is used up costs a loss one slot.
        if (!_pays(own)) return (0, 0);
        uint256 remaining = WadMath.min(own.remaining(), _ledger.committed);
        if (remaining == 0) return (0, 0);
        CapitalWord capital = _capitalWord();
        uint256 drawable = WadMath.min(remaining, _spare(capital));
        if (drawable == 0) return (0, 0);
        if (own.endsInWeek() != 0) {
            drawable = TreatyMath.offered(commitment.attachesAt, borne, needed, drawable);
        }
        junior = WadMath.min(_liquid(capital, Tranche.Junior), drawable);
        senior = drawable - junior;
    }

    function commitmentOf(
        SegmentId segment
    ) external view returns (uint256 remaining, uint256 announced, uint256 activeFrom) {
        Commitment storage commitment = _commitments[segment];
        return (_remaining(commitment), commitment.announced, commitment.activeFrom);
    }

    function owedTo(SegmentId segment) external view returns (uint256) {
        return _commitments[segment].owed;
    }

    /// @dev Whether anything may be drawn: a treaty pays nothing before its period and after it.
    function _pays(CommitmentWord own) private view returns (bool) {
        uint256 endsInWeek = own.endsInWeek();
        if (endsInWeek != 0) {
            if (block.timestamp < own.activeFrom() || block.timestamp >= endsInWeek * WEEK) return false;
        }
        return own.remaining() != 0;
    }

    /// @dev Books what a draw owes, at most what is liquid: cover and the floor stay whole. Who bears it follows.
    /// @return capital as the draw finds it
    /// @return paid at most `amount`
    /// @return remaining may still be drawn by the segment
    function _bookDraw(
        Commitment storage commitment,
        uint256 amount
    ) private returns (CapitalWord capital, uint256 paid, uint256 remaining) {
        CommitmentWord own = commitment.load();
        if (!_pays(own)) return (capital, 0, 0);
        DrawsWord draws = _ledger.loadDraws();
        capital = _capitalWord();
        remaining = WadMath.min(own.remaining(), draws.committed());
        paid = WadMath.min(amount, WadMath.min(remaining, _spare(capital)));
        if (paid == 0) return (capital, 0, 0);

        remaining -= paid;
        commitment.store(own.withDraw(uint96(remaining), uint96(paid))); // Both fit: not above what remained.
        _ledger.storeDraws(draws.withDraw(uint96(paid)));
        if (own.endsInWeek() == 0) return (capital, paid, remaining);
        if (commitment.attachesAt != 0) commitment.attachesAt = _raised(commitment.attachesAt, paid);
        commitment.lastDrawnAt = uint32(block.timestamp);
    }

    /// @dev Saturates: a segment that has lost 3.4e20 units attaches nowhere any more.
    function _raised(uint256 attachesAt, uint256 paid) private pure returns (uint128) {
        return uint128(WadMath.min(attachesAt + paid, type(uint128).max));
    }
}
