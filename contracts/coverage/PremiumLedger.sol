// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {JUNIOR_WEIGHT, RING, WEEK} from "../types/CoverageTerms.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title Premium that is earned by the second (CVR-04)
/// @notice Every stream of premium ends with a week. A ring of 16 buckets holds what ends with each of the coming weeks, so that catching
/// up walks only the weeks that have passed, at most 16.
abstract contract PremiumLedger is VaultStorage {
    function accrue() external nonReentrant {
        _accrue();
    }

    /// @dev Before anything that changes values, so that nobody earns premium of a time in which he did not stand.
    function _accrue() internal {
        uint256 accruedAt = _ledger.accruedAt;
        if (accruedAt == block.timestamp) return;
        (uint256 earned, uint256 rate) = _earnedSince(accruedAt);
        uint256 last = WadMath.min(block.timestamp / WEEK, accruedAt / WEEK + RING);
        for (uint256 week = accruedAt / WEEK + 1; week <= last; ++week) {
            delete _ring[week % RING];
        }
        _ledger.rate = uint96(rate); // Not above what it was.
        _ledger.accruedAt = uint40(block.timestamp);
        _earn(earned);
    }

    /// @dev Adds a stream from now to a boundary of weeks. What the rate cannot express is earned at once: below one wei a second.
    function _addPremium(uint256 premium, uint256 endsAt) internal {
        uint256 term = endsAt - block.timestamp;
        uint256 rate = premium / term;
        _ledger.unearned += uint96(premium); // Fits: within MAX_LEDGER.
        _ledger.rate += uint96(rate);
        _ring[(endsAt / WEEK) % RING] += rate;
        _earn(premium - rate * term);
    }

    /// @dev Splits 3 : 1 by capital. With no capital nobody has stood for it: it stays unearned, for good.
    function _earn(uint256 amount) internal {
        uint256 junior = _capital.junior;
        uint256 senior = _capital.senior;
        (uint256 toJunior, uint256 toSenior) = _splitPremium(amount, junior, senior);
        if (toJunior + toSenior == 0) return;
        _capital.junior = uint96(junior + toJunior); // Moves within the ledger.
        _capital.senior = uint96(senior + toSenior);
        _ledger.unearned -= uint96(amount);
        emit PremiumEarned(toJunior, toSenior, _ledger.unearned);
    }

    /// @dev Values of the tranches now, with premium up to now.
    function _currentValues() internal view returns (uint256 junior, uint256 senior, uint256 earned) {
        junior = _capital.junior;
        senior = _capital.senior;
        (earned, ) = _earnedSince(_ledger.accruedAt);
        (uint256 toJunior, uint256 toSenior) = _splitPremium(earned, junior, senior);
        return (junior + toJunior, senior + toSenior, toJunior + toSenior);
    }

    /// @dev What the streams have given since `from`, and the rate that is left.
    function _earnedSince(uint256 from) private view returns (uint256 earned, uint256 rate) {
        rate = _ledger.rate;
        uint256 last = WadMath.min(block.timestamp / WEEK, from / WEEK + RING);
        for (uint256 week = from / WEEK + 1; week <= last && rate > 0; ++week) {
            earned += rate * (week * WEEK - from);
            from = week * WEEK;
            rate -= _ring[week % RING];
        }
        earned += rate * (block.timestamp - from);
    }

    function _splitPremium(
        uint256 amount,
        uint256 junior,
        uint256 senior
    ) private pure returns (uint256 toJunior, uint256 toSenior) {
        uint256 weight = JUNIOR_WEIGHT * junior;
        if (amount == 0 || weight + senior == 0) return (0, 0);
        toJunior = WadMath.mulDivDown(amount, weight, weight + senior);
        toSenior = amount - toJunior;
    }
}
