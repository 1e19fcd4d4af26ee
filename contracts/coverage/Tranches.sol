// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {TRANCHE_DUST} from "../types/CoverageTerms.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {DrawnLosses} from "./DrawnLosses.sol";
import {PremiumLedger} from "./PremiumLedger.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title Capital in two tranches: deposits, losses and what is free
abstract contract Tranches is PremiumLedger, DrawnLosses {
    using CapitalWords for VaultStorage.Capital;

    /// @dev An advance counts as worth more than its shares only above this part of the price, so that rounding freezes nothing.
    uint256 private constant PRICE_TOLERANCE = 1e9;

    function onDeposit(
        Tranche tranche,
        uint256 assets,
        uint256 supply
    ) external nonReentrant returns (uint256 shares, uint32 epoch, uint32 interval) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        _requireSynced();
        _distress(0);
        CapitalWord capital = _accrue();
        if (_isFrozen(capital, tranche, supply)) revert CoverageVault_TrancheFrozen(tranche);
        _requireRoom(capital, assets);
        uint256 value = TokenUnits.toWad(assets, DECIMALS);
        uint256 before = capital.valueOf(tranche);
        shares = TrancheMath.toSharesDown(value, before, supply);
        bool isSpent = TrancheMath.isSpent(before, supply);
        // So that queued shares fit in 128 bits.
        uint256 others = isSpent ? 0 : supply;
        if (others + shares > type(uint128).max) revert CoverageVault_InvalidAmount(shares, type(uint128).max - others);

        // Effect: what is left of shares that die stays, and belongs to nobody.
        (capital, interval) = _openInterval(capital);
        if (isSpent) {
            before -= _advancedOf(capital, tranche);
            capital = _startEpoch(capital, tranche);
        }
        _capital.store(capital.withValue(tranche, uint96(before + value))); // Fits: within MAX_LEDGER.
        epoch = capital.epochOf(tranche);
    }

    /// @dev CVR-05: junior first, then senior, in O(1), calls nothing (R1b). Books as much as there is. The caller writes what is left.
    function _bookLoss(
        CapitalWord capital,
        uint256 loss
    ) internal returns (CapitalWord left, uint256 junior, uint256 senior) {
        junior = WadMath.min(_liquid(capital, Tranche.Junior), loss);
        left = _charge(capital, Tranche.Junior, junior);
        senior = WadMath.min(_liquid(left, Tranche.Senior), loss - junior);
        left = _charge(left, Tranche.Senior, senior);
        emit LossBooked(junior, senior);
    }

    /// @dev What the tranches must keep: what cover can cost, `extra`, and under them a floor (CVR-01, CVR-02).
    function _reservedWith(uint256 extra) internal view returns (uint256) {
        uint256 reserved = _ledger.liability + extra;
        return reserved == 0 ? 0 : reserved + FLOOR;
    }

    /// @dev Capital above cover and floor, which commitments and exits may use.
    function _spare(CapitalWord capital) internal view returns (uint256) {
        uint256 liquid = _liquid(capital, Tranche.Junior) + _liquid(capital, Tranche.Senior);
        return _saturatingSub(liquid, _ledger.liability + FLOOR);
    }

    /// @dev CVR-02: capital whose holders stay, less everything that binds it.
    function _freeCapital() internal view returns (uint256) {
        return _freeCapitalBeside(_ledger.committed);
    }

    /// @dev As if so much were committed.
    function _freeCapitalBeside(uint256 committed) internal view returns (uint256) {
        (uint256 junior, uint256 senior, ) = _currentValues(_capitalWord());
        uint256 staying = _staying(Tranche.Junior, junior) + _staying(Tranche.Senior, senior);
        return _saturatingSub(staying, uint256(_ledger.liability) + committed + FLOOR);
    }

    /// @dev Whether an advance may be worth more than its shares since a loss that it did not allow for: then the price of shares promises
    /// more than there is. An upper bound: the highest advance may be settled while others stand.
    function _isFrozen(CapitalWord capital, Tranche tranche, uint256 supply) internal view returns (bool) {
        if (!capital.hasAdvances(tranche)) return false;
        uint256 price = TrancheMath.priceDown(capital.valueOf(tranche), supply);
        return price + price / PRICE_TOLERANCE + 1 < _bookOf(tranche).maxAdvancePerShare;
    }

    /// @dev What a segment may still draw: exits cut the sum of all commitments, whoever draws first.
    function _remaining(Commitment storage commitment) internal view returns (uint256) {
        uint256 own = commitment.remaining;
        return own == 0 ? 0 : WadMath.min(own, _ledger.committed);
    }

    function _saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function _staying(Tranche tranche, uint256 value) private view returns (uint256) {
        TrancheBook storage book = _bookOf(tranche);
        uint256 supply = _shareOf(tranche).totalSupply();
        return supply == 0 ? 0 : WadMath.mulDivDown(value - book.advanced, supply - book.queued, supply);
    }

    /// @dev A tranche that is used up starts anew with new shares. Its advances stay with whoever got them. Dust of junior falls to senior;
    /// dust of senior falls out of the books: it is below FLOOR, so that no cover stands behind it.
    function _charge(CapitalWord capital, Tranche tranche, uint256 amount) private returns (CapitalWord) {
        if (amount == 0) return capital;
        uint256 value = capital.valueOf(tranche) - amount; // Not below what is advanced.
        uint256 liquid = value - _advancedOf(capital, tranche);
        if (liquid >= TRANCHE_DUST) return capital.withValue(tranche, uint96(value));
        capital = _startEpoch(capital, tranche).withValue(tranche, 0);
        if (tranche == Tranche.Senior) return capital;
        return capital.withValue(Tranche.Senior, uint96(capital.valueOf(Tranche.Senior)) + uint96(liquid));
    }

    /// @dev All shares die, and with them their requests. What becomes of the value is up to the caller, who writes the capital.
    function _startEpoch(CapitalWord capital, Tranche tranche) private returns (CapitalWord next) {
        TrancheBook storage book = _bookOf(tranche);
        // Without an advance all that is written of advances is 0.
        if (capital.hasAdvances(tranche)) (book.advanced, book.advances, book.maxAdvancePerShare) = (0, 0, 0);
        book.queued = 0;
        ++book.advanceChanges;
        next = capital.withNextEpoch(tranche);
        emit TrancheExhausted(tranche, next.epochOf(tranche));
    }
}
