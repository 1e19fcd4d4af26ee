// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {ExitRequest, Tranche} from "../types/Coverage.sol";
import {COOLDOWN, MAX_DELAY, WEEK, WINDOW} from "../types/CoverageTerms.sol";
import {CapitalWord} from "./CapitalWord.sol";
import {Tranches} from "./Tranches.sol";
import {VaultStorage} from "./VaultStorage.sol";
import {RequestWords} from "./VaultWords.sol";

/// @title Who leaves before whom (CVR-06, INV-19)
/// @notice Cover is sold only against capital that has not asked to leave. So what is bound is bound by those who asked later, and an exit
/// leaves behind what all requests of earlier weeks still claim, in both tranches. Requests of one week take what is free as they come: what
/// was sold in that week is free again when the longest delay of its first request is over.
abstract contract ExitQueue is Tranches {
    using RequestWords for VaultStorage.KeptRequest;

    /// @param ifNothingIsLost ifAllIsLost capital above what cover, floor and, in the second case, the measured deficit need
    /// @param losses of the tranches in the second case
    /// @param capital of both tranches
    /// @param supply of shares of the request's own tranche
    struct Room {
        uint256 ifNothingIsLost;
        uint256 ifAllIsLost;
        uint256[2] losses;
        CapitalWord capital;
        uint256 supply;
    }

    /// @dev Requests of one tranche, and what its shares stand for.
    struct Queue {
        uint256 shares;
        uint256 advanced;
        uint256 value;
        uint256 supply;
    }

    /// @dev No request lives longer.
    uint256 private constant LIFETIME = COOLDOWN + WINDOW + MAX_DELAY;

    function _requestOf(Tranche tranche, address owner) internal view returns (ExitRequest memory request) {
        KeptRequest storage kept = _requests[uint8(tranche)][owner];
        request.shares = kept.shares;
        request.requestedAt = kept.requestedAt;
        request.epoch = kept.epoch;
        request.isWithheld = kept.isWithheld;
        if (kept.hasAdvance) request.advanced = kept.advanced;
    }

    function _keepRequest(Tranche tranche, address owner, ExitRequest memory request) internal {
        KeptRequest storage kept = _requests[uint8(tranche)][owner];
        kept.store(request);
        if (request.advanced != 0) kept.advanced = request.advanced;
    }

    /// @dev Its advance has ended, or died with its epoch.
    function _dropRequest(Tranche tranche, address owner) internal {
        ExitRequest memory none;
        _keepRequest(tranche, owner, none);
    }

    /// @dev Adds shares to a living request and puts all of it into the current week.
    function _enqueue(Tranche tranche, ExitRequest memory request, uint128 shares) internal {
        uint128 before = request.shares;
        uint256 week = block.timestamp / WEEK;
        uint256 old = request.requestedAt / WEEK;
        _bookOf(tranche).queued += shares;
        if (before == 0 || old == week) {
            _weekOf(tranche, request.epoch, week).shares += shares;
        } else {
            _weekOf(tranche, request.epoch, old).shares -= before;
            _weekOf(tranche, request.epoch, week).shares += before + shares;
        }
        request.shares = before + shares;
        request.requestedAt = uint40(block.timestamp);
    }

    /// @dev Nothing to take out when the shares have died with their epoch.
    function _dequeue(Tranche tranche, ExitRequest memory request, uint256 shares) internal {
        if (shares == 0) return;
        _bookOf(tranche).queued -= uint128(shares);
        _weekOf(tranche, request.epoch, request.requestedAt / WEEK).shares -= uint128(shares);
    }

    /// @dev An advance is part of what the request claims, so that it is not kept for it twice.
    /// @return capital to be written
    function _bookAdvance(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request,
        uint256 paid
    ) internal returns (CapitalWord) {
        TrancheBook storage book = _bookOf(tranche);
        if (request.advanced == 0 && book.advances++ == 0) capital = capital.withAdvances(tranche, true);
        ++book.advanceChanges;
        book.advanced += uint96(paid); // Moves within the ledger, as all of these.
        _weekOf(tranche, request.epoch, request.requestedAt / WEEK).advanced += uint96(paid);
        request.advanced += uint96(paid);
        return capital;
    }

    /// @return capital to be written
    function _endAdvance(
        CapitalWord capital,
        Tranche tranche,
        ExitRequest memory request
    ) internal returns (CapitalWord) {
        uint96 advanced = request.advanced;
        if (advanced == 0) return capital;
        TrancheBook storage book = _bookOf(tranche);
        ++book.advanceChanges;
        book.advanced -= advanced;
        if (--book.advances == 0) {
            book.maxAdvancePerShare = 0;
            capital = capital.withAdvances(tranche, false);
        }
        _weekOf(tranche, request.epoch, request.requestedAt / WEEK).advanced -= advanced;
        request.advanced = 0;
        return capital;
    }

    /// @dev What may go to a request: all that cover and floor leave where everybody's claims fit in it, else what older requests leave,
    /// whether all that is at stake is lost or nothing.
    function _leftByOlder(
        Room memory room,
        Tranche tranche,
        ExitRequest memory request
    ) internal view returns (uint256) {
        Tranche other = tranche == Tranche.Junior ? Tranche.Senior : Tranche.Junior;
        Queue memory own = _wholeQueue(room.capital, tranche, room.supply);
        Queue memory others = _wholeQueue(room.capital, other, 0);
        if (_claims(own, 0) + _claims(others, 0) <= room.ifAllIsLost) return room.ifAllIsLost;

        uint256 week = request.requestedAt / WEEK;
        _keepOlder(own, tranche, room.capital.epochOf(tranche), week);
        _keepOlder(others, other, room.capital.epochOf(other), week);
        uint256 ifNothing = _claims(own, 0) + _claims(others, 0);
        uint256 ifAll = _claims(own, room.losses[uint8(tranche)]) + _claims(others, room.losses[uint8(other)]);
        return WadMath.min(_saturatingSub(room.ifNothingIsLost, ifNothing), _saturatingSub(room.ifAllIsLost, ifAll));
    }

    /// @param supply of shares, 0 where it is not known yet
    function _wholeQueue(
        CapitalWord capital,
        Tranche tranche,
        uint256 supply
    ) private view returns (Queue memory queue) {
        TrancheBook storage book = _bookOf(tranche);
        queue.shares = book.queued;
        if (queue.shares == 0) return queue;
        queue.advanced = book.advanced;
        queue.value = capital.valueOf(tranche);
        queue.supply = supply == 0 ? _shareOf(tranche).totalSupply() : supply;
    }

    /// @dev Leaves the living requests of weeks before that one. At most 15 weeks.
    function _keepOlder(Queue memory queue, Tranche tranche, uint256 epoch, uint256 before) private view {
        if (queue.shares == 0) return;
        (queue.shares, queue.advanced) = (0, 0);
        for (uint256 week = _saturatingSub(block.timestamp, LIFETIME) / WEEK; week < before; ++week) {
            QueueWeek storage entry = _weekOf(tranche, epoch, week);
            queue.shares += entry.shares;
            queue.advanced += entry.advanced;
        }
    }

    /// @dev Not below the sum of what the requests can claim one by one, each rounded down.
    function _claims(Queue memory queue, uint256 loss) private pure returns (uint256) {
        if (queue.shares == 0) return 0;
        uint256 value = _saturatingSub(queue.value, loss);
        return _saturatingSub(TrancheMath.toAssetsDown(queue.shares, value, queue.supply), queue.advanced);
    }

    function _weekOf(Tranche tranche, uint256 epoch, uint256 week) private view returns (QueueWeek storage) {
        return _queueWeeks[uint8(tranche)][(epoch << 32) | week];
    }
}
