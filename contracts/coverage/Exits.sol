// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {WAD} from "../types/Constants.sol";
import {ExitRequest, Tranche} from "../types/Coverage.sol";
import {COOLDOWN, FRESH, MAX_DELAY, WINDOW} from "../types/CoverageTerms.sol";
import {Tranches} from "./Tranches.sol";

/// @title Leaving a tranche (CVR-06, R4)
/// @notice An exit is paid what survives the full loss of everything that is open; its shares all stay until that is decided, and the rest
/// follows. So whoever leaves has the same per share as whoever stays, whether the loss comes or not (INV-10, INV-21).
abstract contract Exits is Tranches {
    /// @param atStake most that the vault can lose by what is open
    /// @param base value that the tranche's shares stand for
    /// @param spare most that may leave the tranche now
    /// @param whole claim of the request if nothing is lost, less its advance
    /// @param due claim of the request if all that is at stake is lost, less its advance
    struct ExitTerms {
        uint256 atStake;
        uint256 base;
        uint256 spare;
        uint256 whole;
        uint256 due;
    }

    /* REQUEST */

    function onExitRequest(Tranche tranche, address owner, uint256 shares) external nonReentrant {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        TrancheBook storage book = _bookOf(tranche);
        ExitRequest memory request = _requests[uint8(tranche)][owner];
        if (request.epoch != book.epoch) delete request; // Died with its epoch.
        if (request.advanced > 0) revert CoverageVault_ExitAdvanced(owner, request.advanced);
        if (shares == 0) revert CoverageVault_InvalidAmount(shares, type(uint128).max);

        // Effect
        request.shares += uint128(shares); // Fits: not above the supply.
        request.requestedAt = uint40(block.timestamp);
        request.epoch = book.epoch;
        request.isWithheld = false;
        _requests[uint8(tranche)][owner] = request;
        book.queued += uint128(shares);
        emit ExitRequested(tranche, owner, request.shares, block.timestamp + COOLDOWN);
    }

    function onExitCancel(Tranche tranche, address owner) external nonReentrant returns (uint256 shares) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        TrancheBook storage book = _bookOf(tranche);
        ExitRequest memory request = _requests[uint8(tranche)][owner];
        if (request.shares == 0) revert CoverageVault_NoExitRequest(owner);
        if (request.epoch == book.epoch) {
            if (request.advanced > 0) revert CoverageVault_ExitAdvanced(owner, request.advanced);
            shares = request.shares;
        }

        // Effect
        book.queued -= uint128(shares);
        delete _requests[uint8(tranche)][owner];
        emit ExitEnded(tranche, owner, shares);
    }

    /* PAYMENT */

    function onExit(
        Tranche tranche,
        address owner,
        address receiver,
        uint256 supply
    ) external nonReentrant returns (uint256 assets, uint256 burnt) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        _accrue();
        ExitRequest memory request = _liveRequest(tranche, owner);
        (uint256 opensAt, uint256 closesAt) = _windowOf(request);
        if (block.timestamp < opensAt || block.timestamp > closesAt) {
            revert CoverageVault_OutsideWindow(opensAt, closesAt);
        }
        ExitTerms memory terms = _termsOf(tranche, request, supply);
        assets = TokenUnits.toNativeDown(WadMath.min(terms.due, terms.spare), DECIMALS);
        bool isFinal = terms.atStake == 0 && terms.due <= terms.spare;
        // The first call in the window lengthens it even when it pays nothing.
        if (assets == 0 && !isFinal && request.isWithheld) revert CoverageVault_ExitWithheld(terms.whole, terms.whole);

        // Effect
        uint256 paid = TokenUnits.toWad(assets, DECIMALS);
        if (terms.atStake == 0) {
            burnt =
                isFinal
                    ? request.shares
                    : WadMath.min(request.shares, TrancheMath.toSharesUp(paid + request.advanced, terms.base, supply));
            _settle(tranche, request, paid, burnt);
        } else {
            _advance(tranche, request, paid);
        }
        request.isWithheld = true;
        if (request.shares == 0) delete _requests[uint8(tranche)][owner];
        else _requests[uint8(tranche)][owner] = request;
        _cutCommitments();
        emit ExitPaid(tranche, owner, paid, burnt, isFinal ? 0 : terms.whole - paid);

        // Interaction: own share first, the token last.
        if (burnt > 0) _shareOf(tranche).burnQueued(burnt);
        if (assets > 0) _send(receiver, assets);
    }

    function onExitExpired(
        Tranche tranche,
        address owner,
        uint256 supply
    ) external nonReentrant returns (uint256 shares) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        _accrue();
        ExitRequest memory request = _liveRequest(tranche, owner);
        uint256 burnt = request.advanced == 0 ? 0 : _burntForAdvance(tranche, request, supply);
        (uint256 opensAt, uint256 closesAt) = _windowOf(request);
        if (block.timestamp <= closesAt && !_isOverdrawn(tranche, request, supply)) {
            revert CoverageVault_OutsideWindow(opensAt, closesAt);
        }

        // Effect
        shares = request.shares - burnt;
        _settle(tranche, request, 0, burnt);
        _bookOf(tranche).queued -= uint128(shares);
        delete _requests[uint8(tranche)][owner];
        emit ExitEnded(tranche, owner, shares);

        // Interaction: own share.
        if (burnt > 0) _shareOf(tranche).burnQueued(burnt);
    }

    /* INTERNAL */

    /// @dev Ends an advance and pays the rest: both leave the value for `burnt` shares.
    function _settle(Tranche tranche, ExitRequest memory request, uint256 paid, uint256 burnt) private {
        TrancheBook storage book = _bookOf(tranche);
        uint96 advanced = request.advanced;
        book.value -= uint96(paid + advanced); // Not below the other advances: paid is at most what is liquid.
        if (advanced > 0) {
            book.advanced -= advanced;
            if (--book.advances == 0) book.maxAdvancePerShare = 0;
        }
        book.queued -= uint128(burnt);
        request.advanced = 0;
        request.shares -= uint128(burnt);
    }

    /// @dev Nothing is burnt: all shares of the request bear what comes.
    function _advance(Tranche tranche, ExitRequest memory request, uint256 paid) private {
        if (paid == 0) return;
        TrancheBook storage book = _bookOf(tranche);
        if (request.advanced == 0) ++book.advances;
        request.advanced += uint96(paid);
        book.advanced += uint96(paid);
        book.maxAdvancePerShare = WadMath.max(
            book.maxAdvancePerShare,
            WadMath.mulDivDown(request.advanced, WAD, request.shares)
        );
    }

    /// @dev Commitments do not hold exits: they fall with the capital that leaves (CVR-02).
    function _cutCommitments() private {
        uint256 spare = _spare();
        if (_ledger.committed <= spare) return;
        _ledger.committed = uint128(spare);
        emit CommitmentsCut(spare);
    }

    /// @dev Shares that an advance is worth; all, when it is worth more.
    function _burntForAdvance(
        Tranche tranche,
        ExitRequest memory request,
        uint256 supply
    ) private view returns (uint256) {
        ExitTerms memory terms = _termsOf(tranche, request, supply);
        if (terms.whole == 0) return request.shares;
        return WadMath.min(request.shares, TrancheMath.toSharesUp(request.advanced, terms.base, supply));
    }

    /// @dev Whether a later loss has left the request's shares worth no more than its advance.
    function _isOverdrawn(Tranche tranche, ExitRequest memory request, uint256 supply) private view returns (bool) {
        return
            request.advanced > 0 &&
            TrancheMath.toAssetsDown(request.shares, _bookOf(tranche).value, supply) <= request.advanced;
    }

    function _termsOf(
        Tranche tranche,
        ExitRequest memory request,
        uint256 supply
    ) private view returns (ExitTerms memory terms) {
        TrancheBook storage book = _bookOf(tranche);
        uint256 liquid = _liquid(tranche);
        uint256 junior = _liquid(Tranche.Junior);
        uint256 drawable;
        (terms.atStake, drawable) = _atStake(request);
        terms.spare = WadMath.min(liquid, _saturatingSub(junior + _liquid(Tranche.Senior), _reservedWith(drawable)));
        uint256 loss = WadMath.min(
            liquid,
            tranche == Tranche.Junior ? terms.atStake : _saturatingSub(terms.atStake, junior)
        );
        // While frozen the price promises more than there is. What is liquid over all shares is a lower bound of what a share gets once every
        // overdrawn request has ended, so paying by it takes from nobody; whoever does not like it waits for that.
        terms.base = _isFrozen(book, supply) ? liquid : book.value;
        terms.whole = _saturatingSub(TrancheMath.toAssetsDown(request.shares, terms.base, supply), request.advanced);
        terms.due = _saturatingSub(
            TrancheMath.toAssetsDown(request.shares, _saturatingSub(terms.base, loss), supply),
            request.advanced
        );
    }

    /// @dev R4: the full loss of every open incident, of cover after a charge that nobody may have reported yet, and of the measured
    /// deficit as far as the fund can draw here. At the end of the longest delay nothing is withheld for it any more.
    /// @return atStake all of it
    /// @return drawable the part that the fund can draw: commitments do not fall below it, or each exit would lower what the next one counts
    function _atStake(ExitRequest memory request) private view returns (uint256 atStake, uint256 drawable) {
        _requireSynced();
        (uint256 deficit, uint256 lastChargeAt) = _distress(_coveredSides);
        if (block.timestamp >= request.requestedAt + COOLDOWN + MAX_DELAY) return (0, 0);
        drawable = WadMath.min(_ledger.committed, deficit);
        atStake = drawable + (lastChargeAt + FRESH > block.timestamp ? _ledger.liability : _ledger.atRisk);
    }

    function _windowOf(ExitRequest memory request) private pure returns (uint256 opensAt, uint256 closesAt) {
        opensAt = request.requestedAt + COOLDOWN;
        closesAt = opensAt + WINDOW + (request.isWithheld ? MAX_DELAY : 0);
    }

    function _liveRequest(Tranche tranche, address owner) private view returns (ExitRequest memory request) {
        request = _requests[uint8(tranche)][owner];
        if (request.shares == 0 || request.epoch != _bookOf(tranche).epoch) revert CoverageVault_NoExitRequest(owner);
    }
}
