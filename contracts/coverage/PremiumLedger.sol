// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {JUNIOR_WEIGHT, RING, WEEK} from "../types/CoverageTerms.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {VaultCapital} from "./VaultCapital.sol";
import {VaultStorage} from "./VaultStorage.sol";
import {AccrualWord, AccrualWords} from "./VaultWords.sol";

/// @title Premium that is earned by the second (CVR-04)
/// @notice Every stream of premium ends with a week. A ring of 16 buckets holds what ends with each of the coming weeks, so that catching
/// up walks only the weeks that have passed, at most 16.
abstract contract PremiumLedger is VaultCapital {
    using AccrualWords for VaultStorage.Ledger;
    using CapitalWords for VaultStorage.Capital;

    function accrue() external nonReentrant {
        _accrue();
    }

    /// @dev Before anything that changes values, so that nobody earns premium of a time in which he did not stand.
    /// @return capital as it is written then
    function _accrue() internal returns (CapitalWord capital) {
        capital = _capitalWord();
        AccrualWord accrual = _ledger.loadAccrual();
        uint256 accruedAt = accrual.accruedAt();
        if (accruedAt == block.timestamp) return capital;
        (uint256 earned, uint256 rate) = _earnedSince(accrual);
        uint256 last = WadMath.min(block.timestamp / WEEK, accruedAt / WEEK + RING);
        for (uint256 week = accruedAt / WEEK + 1; week <= last; ++week) {
            delete _ring[week % RING];
        }
        // The rate is not above what it was.
        accrual = AccrualWords.packAccrual(accrual.unearned(), uint96(rate), uint40(block.timestamp));
        return _earn(capital, accrual, earned);
    }

    /// @dev Adds a stream from now to a boundary of weeks. What the rate cannot express is earned at once: below one wei a second.
    function _addPremium(uint256 premium, uint256 endsAt) internal {
        uint256 term = endsAt - block.timestamp;
        uint256 rate = premium / term;
        AccrualWord accrual = _ledger.loadAccrual();
        // Fits: within MAX_LEDGER.
        (uint96 unearned, uint96 rates) = (accrual.unearned() + uint96(premium), accrual.rate() + uint96(rate));
        accrual = AccrualWords.packAccrual(unearned, rates, accrual.accruedAt());
        _ring[(endsAt / WEEK) % RING] += rate;
        _earn(_capitalWord(), accrual, premium - rate * term);
    }

    /// @dev Values of the tranches now, with premium up to now.
    function _currentValues(
        CapitalWord capital
    ) internal view returns (uint256 junior, uint256 senior, uint256 earned) {
        junior = capital.valueOf(Tranche.Junior);
        senior = capital.valueOf(Tranche.Senior);
        (earned, ) = _earnedSince(_ledger.loadAccrual());
        (uint256 toJunior, uint256 toSenior) = _splitPremium(earned, junior, senior);
        return (junior + toJunior, senior + toSenior, toJunior + toSenior);
    }

    /// @dev Splits 3 : 1 by capital. With no capital nobody has stood for it: it stays unearned, for good. Writes both words.
    function _earn(CapitalWord capital, AccrualWord accrual, uint256 amount) private returns (CapitalWord) {
        uint256 junior = capital.valueOf(Tranche.Junior);
        uint256 senior = capital.valueOf(Tranche.Senior);
        (uint256 toJunior, uint256 toSenior) = _splitPremium(amount, junior, senior);
        if (toJunior + toSenior != 0) {
            capital = capital.withValues(uint96(junior + toJunior), uint96(senior + toSenior)); // Moves within the ledger.
            _capital.store(capital);
            uint96 unearned = accrual.unearned() - uint96(amount);
            accrual = AccrualWords.packAccrual(unearned, accrual.rate(), accrual.accruedAt());
            emit PremiumEarned(toJunior, toSenior, unearned);
        }
        _ledger.storeAccrual(accrual);
        return capital;
    }

    /// @dev What the streams have given since the last accrual, and the rate that is left.
    function _earnedSince(AccrualWord accrual) private view returns (uint256 earned, uint256 rate) {
        uint256 from = accrual.accruedAt();
        rate = accrual.rate();
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
