// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {ExitRequest, Tranche} from "../types/Coverage.sol";
import {COOLDOWN, FRESH, MAX_DELAY, WINDOW} from "../types/CoverageTerms.sol";
import {Advances} from "./Advances.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title Leaving a tranche (CVR-06, R4)
/// @notice An exit is paid what survives the full loss of everything that is open; its shares all stay until that is decided, and the rest
/// follows. So whoever leaves has the same per share as whoever stays, whether the loss comes or not (INV-10, INV-21).
abstract contract Exits is Advances {
    using CapitalWords for VaultStorage.Capital;

    /// @param atStake most that the vault can lose by what is open
    /// @param isFrozen whether the price may promise more than there is: then nothing is settled by it
    /// @param spare most that this request may take now
    /// @param whole claim of the request if nothing is lost, less its advance
    /// @param due claim of the request if all that is at stake is lost, less its advance
    struct ExitTerms {
        uint256 atStake;
        bool isFrozen;
        uint256 spare;
        uint256 whole;
        uint256 due;
    }

    /* REQUEST */

    function onExitRequest(Tranche tranche, address owner, uint256 shares) external nonReentrant {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        ExitRequest memory request = _requestOf(tranche, owner);
        uint32 epoch = _epochOf(tranche);
        if (request.epoch != epoch) {
            // Died with its epoch. Own share, which calls nothing.
            if (request.shares > 0) _shareOf(tranche).returnDead(owner, request.epoch, request.shares);
            delete request;
        }
        if (request.advanced > 0) revert CoverageVault_ExitAdvanced(owner, request.advanced);
        if (shares == 0) revert CoverageVault_InvalidAmount(shares, type(uint128).max);

        // Effect
        request.epoch = epoch;
        request.isWithheld = false;
        _enqueue(tranche, request, uint128(shares)); // Fits: not above the supply.
        _keepRequest(tranche, owner, request);
        emit ExitRequested(tranche, owner, request.shares, block.timestamp + COOLDOWN);
    }

    function onExitCancel(Tranche tranche, address owner) external nonReentrant returns (uint256 shares) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        ExitRequest memory request = _requestOf(tranche, owner);
        if (request.shares == 0) revert CoverageVault_NoExitRequest(owner);
        if (request.epoch == _epochOf(tranche)) {
            if (request.advanced > 0) revert CoverageVault_ExitAdvanced(owner, request.advanced);
            shares = request.shares;
        }

        // Effect
        _dequeue(tranche, request, shares);
        _dropRequest(tranche, owner);
        emit ExitEnded(tranche, owner, shares);

        // Interaction: own share.
        if (shares == 0) _shareOf(tranche).returnDead(owner, request.epoch, request.shares);
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
        CapitalWord capital = _accrue();
        ExitRequest memory request = _liveRequest(capital, tranche, owner);
        _requireInWindow(request);
        ExitTerms memory terms = _termsOf(capital, tranche, request, supply);
        assets = TokenUnits.toNativeDown(WadMath.min(terms.due, terms.spare), DECIMALS);
        bool settles = terms.atStake == 0 && !terms.isFrozen;
        if (settles) capital = _keepHolding(capital, tranche, owner);
        bool isFinal = settles && terms.due <= terms.spare;
        // The first call in the window lengthens it even when it pays nothing.
        if (assets == 0 && !isFinal && request.isWithheld) revert CoverageVault_ExitWithheld(terms.whole, terms.whole);

        // Effect
        uint256 paid = TokenUnits.toWad(assets, DECIMALS);
        if (settles) {
            burnt = isFinal ? request.shares : _sharesUp(capital, tranche, request, paid + request.advanced, supply);
            capital = _settle(capital, tranche, request, paid, burnt);
        } else {
            capital = _advance(capital, tranche, request, paid);
        }
        _capital.store(capital);
        request.isWithheld = true;
        if (request.shares == 0) _dropRequest(tranche, owner);
        else _keepRequest(tranche, owner, request);
        _cutCommitments(capital);
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
        CapitalWord capital = _accrue();
        ExitRequest memory request = _liveRequest(capital, tranche, owner);
        (uint256 opensAt, uint256 closesAt) = _windowOf(request);
        uint256 burnt;
        if (_isOverdrawn(capital, tranche, request, supply)) {
            burnt = request.shares;
        } else {
            if (block.timestamp <= closesAt) revert CoverageVault_OutsideWindow(opensAt, closesAt);
            if (request.advanced > 0) {
                if (_isFrozen(capital, tranche, supply)) revert CoverageVault_TrancheFrozen(tranche);
                burnt = _sharesUp(capital, tranche, request, request.advanced, supply);
            }
        }

        // Effect
        if (burnt > 0) capital = _keepHolding(capital, tranche, owner);
        shares = request.shares - burnt;
        _capital.store(_settle(capital, tranche, request, 0, burnt));
        _dequeue(tranche, request, shares);
        _dropRequest(tranche, owner);
        emit ExitEnded(tranche, owner, shares);

        // Interaction: own share.
        if (burnt > 0) _shareOf(tranche).burnQueued(burnt);
    }

    /* INTERNAL */

    /// @dev Before shares in the queue are burnt: while the request still says what its owner has there. Own share, which calls nothing but back
    /// for that.
    /// @return next capital as it is then
    function _keepHolding(CapitalWord capital, Tranche tranche, address owner) private returns (CapitalWord next) {
        uint32 interval;
        (next, interval) = _openInterval(capital);
        if (interval != 0) _shareOf(tranche).keepHolding(owner, next.epochOf(tranche), interval);
    }

    /// @dev Ends an advance and pays the rest: both leave the value for `burnt` shares.
    /// @return next capital to be written
    function _settle(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 paid,
        uint256 burnt
    ) private returns (CapitalWord next) {
        // Not below the other advances: paid is at most what is liquid.
        uint256 value = capital.valueOf(tranche) - paid - request.advanced;
        next = _endAdvance(capital.withValue(tranche, uint96(value)), tranche, request);
        _dequeue(tranche, request, burnt);
        request.shares -= uint128(burnt);
    }

    /// @dev Commitments do not hold exits: they fall with the capital that leaves (CVR-02).
    function _cutCommitments(CapitalWord capital) private {
        uint256 spare = _spare(capital);
        if (_ledger.committed <= spare) return;
        _ledger.committed = uint96(spare);
        emit CommitmentsCut(spare);
    }

    /// @dev Shares that a payment is worth; all, when it is worth more.
    function _sharesUp(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 paid,
        uint256 supply
    ) private pure returns (uint256) {
        return WadMath.min(request.shares, TrancheMath.toSharesUp(paid, capital.valueOf(tranche), supply));
    }

    /// @dev Whether a later loss has left the request's shares worth no more than its advance.
    function _isOverdrawn(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 supply
    ) private pure returns (bool) {
        return
            request.advanced > 0 &&
            TrancheMath.toAssetsDown(request.shares, capital.valueOf(tranche), supply) <= request.advanced;
    }

    function _termsOf(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 supply
    ) private view returns (ExitTerms memory terms) {
        uint256 drawable;
        (terms.atStake, drawable) = _atStake(request);
        Room memory room = _roomWith(capital, terms.atStake, drawable);
        room.supply = supply;
        terms.spare = WadMath.min(_liquid(capital, tranche), _leftByOlder(room, tranche, request));
        _fillClaims(terms, room, tranche, request);
    }

    function _roomWith(CapitalWord capital, uint256 atStake, uint256 drawable) private view returns (Room memory room) {
        uint256 junior = _liquid(capital, Tranche.Junior);
        uint256 senior = _liquid(capital, Tranche.Senior);
        room.capital = capital;
        room.ifNothingIsLost = _saturatingSub(junior + senior, _reservedWith(0));
        room.ifAllIsLost = _saturatingSub(junior + senior, _reservedWith(drawable));
        room.losses[0] = WadMath.min(junior, atStake);
        room.losses[1] = WadMath.min(senior, atStake - room.losses[0]);
    }

    /// @dev While frozen the price promises more than there is. What is liquid over all shares is a lower bound of what a share gets once every
    /// overdrawn request has ended, so paying by it takes from nobody; the rest follows then. One that is overdrawn itself can end.
    function _fillClaims(
        ExitTerms memory terms,
        Room memory room,
        Tranche tranche,
        ExitRequest memory request
    ) private view {
        uint256 value = room.capital.valueOf(tranche);
        terms.whole = _claimOf(request, value, room.supply);
        terms.isFrozen = terms.whole > 0 && _isFrozen(room.capital, tranche, room.supply);
        if (terms.isFrozen) value = _liquid(room.capital, tranche);
        terms.due = _claimOf(request, _saturatingSub(value, room.losses[uint8(tranche)]), room.supply);
    }

    function _claimOf(ExitRequest memory request, uint256 value, uint256 supply) private pure returns (uint256) {
        return _saturatingSub(TrancheMath.toAssetsDown(request.shares, value, supply), request.advanced);
    }

    /// @dev R4: the full loss of every open incident, of cover after a charge that nobody may have reported yet, and of the measured
    /// deficit as far as the fund can draw here. At the end of the longest delay nothing is withheld for it any more.
    /// @return atStake all of it
    /// @return drawable the part that the fund can draw: commitments do not fall below it, or each exit would lower what the next one counts
    function _atStake(ExitRequest memory request) private view returns (uint256 atStake, uint256 drawable) {
        _requireSynced();
        (uint256 deficit, uint256 lastChargeAt) = _distress(_coveredSides);
        if (block.timestamp >= request.requestedAt + COOLDOWN + MAX_DELAY) return (0, 0);
        uint256 committed = _ledger.committed;
        drawable = WadMath.min(committed, deficit);
        // What is measured beyond what is committed here may be socialised, and then cover pays.
        bool isCoverAtStake = deficit > committed || lastChargeAt + FRESH > block.timestamp;
        atStake = drawable + (isCoverAtStake ? _ledger.liability : _ledger.atRisk);
    }

    function _requireInWindow(ExitRequest memory request) private view {
        (uint256 opensAt, uint256 closesAt) = _windowOf(request);
        if (block.timestamp < opensAt || block.timestamp > closesAt) {
            revert CoverageVault_OutsideWindow(opensAt, closesAt);
        }
    }

    function _windowOf(ExitRequest memory request) private pure returns (uint256 opensAt, uint256 closesAt) {
        opensAt = request.requestedAt + COOLDOWN;
        closesAt = opensAt + WINDOW + (request.isWithheld ? MAX_DELAY : 0);
    }

    function _liveRequest(
        CapitalWord capital,
        Tranche tranche,
        address owner
    ) private view returns (ExitRequest memory request) {
        request = _requestOf(tranche, owner);
        if (request.shares == 0 || request.epoch != capital.epochOf(tranche)) revert CoverageVault_NoExitRequest(owner);
    }
}
