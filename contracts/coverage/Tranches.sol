// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TrancheMath} from "../libraries/TrancheMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {TRANCHE_DUST} from "../types/CoverageTerms.sol";
import {PremiumLedger} from "./PremiumLedger.sol";

/// @title Capital in two tranches: deposits, losses and what is free
abstract contract Tranches is PremiumLedger {
    /// @dev An advance counts as worth more than its shares only above this part of the price, so that rounding freezes nothing.
    uint256 private constant PRICE_TOLERANCE = 1e9;

    function onDeposit(Tranche tranche, uint256 assets, uint256 supply) external nonReentrant returns (uint256 shares) {
        // Check
        _requireCaller(address(_shareOf(tranche)));
        _requireSynced();
        _distress(0);
        _accrue();
        TrancheBook storage book = _bookOf(tranche);
        if (_isFrozen(book, supply)) revert CoverageVault_TrancheFrozen(tranche);
        _requireRoom(assets);
        uint256 value = TokenUnits.toWad(assets, DECIMALS);
        shares = TrancheMath.toSharesDown(value, book.value, supply);
        bool isSpent = TrancheMath.isSpent(book.value, supply);
        // So that queued shares fit in 128 bits.
        uint256 others = isSpent ? 0 : supply;
        if (others + shares > type(uint128).max) revert CoverageVault_InvalidAmount(shares, type(uint128).max - others);

        // Effect: what is left of shares that die stays, and belongs to nobody.
        if (isSpent) _startEpoch(tranche, book.value - book.advanced);
        book.value += uint96(value); // Fits: within MAX_LEDGER.
    }

    /// @dev CVR-05: junior first, then senior, in O(1), calls nothing (R1b). Books as much as there is.
    function _bookLoss(uint256 loss) internal returns (uint256 junior, uint256 senior) {
        junior = WadMath.min(_liquid(Tranche.Junior), loss);
        _charge(Tranche.Junior, junior);
        senior = WadMath.min(_liquid(Tranche.Senior), loss - junior);
        _charge(Tranche.Senior, senior);
        emit LossBooked(junior, senior);
    }

    /// @dev What is left of a tranche's value once advances are taken off.
    function _liquid(Tranche tranche) internal view returns (uint256) {
        TrancheBook storage book = _bookOf(tranche);
        return book.value - book.advanced;
    }

    /// @dev What the tranches must keep: what cover can cost, `extra`, and under them a floor (CVR-01, CVR-02).
    function _reservedWith(uint256 extra) internal view returns (uint256) {
        uint256 reserved = _ledger.liability + extra;
        return reserved == 0 ? 0 : reserved + FLOOR;
    }

    /// @dev Capital above cover and floor, which commitments and exits may use.
    function _spare() internal view returns (uint256) {
        return _saturatingSub(_liquid(Tranche.Junior) + _liquid(Tranche.Senior), _ledger.liability + FLOOR);
    }

    /// @dev CVR-02: capital whose holders stay, less everything that binds it.
    function _freeCapital() internal view returns (uint256) {
        return _freeCapitalBeside(_ledger.committed);
    }

    /// @dev As if so much were committed.
    function _freeCapitalBeside(uint256 committed) internal view returns (uint256) {
        (uint256 junior, uint256 senior, ) = _currentValues();
        uint256 staying = _staying(Tranche.Junior, junior) + _staying(Tranche.Senior, senior);
        return _saturatingSub(staying, uint256(_ledger.liability) + committed + FLOOR);
    }

    /// @dev Whether an advance may be worth more than its shares since a loss that it did not allow for: then the price of shares promises
    /// more than there is. An upper bound: the highest advance may be settled while others stand.
    function _isFrozen(TrancheBook storage book, uint256 supply) internal view returns (bool) {
        if (book.advances == 0) return false;
        uint256 price = TrancheMath.priceDown(book.value, supply);
        return price + price / PRICE_TOLERANCE + 1 < book.maxAdvancePerShare;
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
    function _charge(Tranche tranche, uint256 amount) private {
        if (amount == 0) return;
        TrancheBook storage book = _bookOf(tranche);
        uint256 value = book.value - amount; // Not below what is advanced.
        uint256 liquid = value - book.advanced;
        if (liquid >= TRANCHE_DUST) {
            book.value = uint96(value);
            return;
        }
        _startEpoch(tranche, 0);
        if (tranche == Tranche.Junior) _tranches[1].value += uint96(liquid);
    }

    /// @dev All shares die, and with them their requests.
    function _startEpoch(Tranche tranche, uint256 value) private {
        TrancheBook storage book = _bookOf(tranche);
        uint32 epoch = book.epoch + 1;
        uint64 changes = book.advanceChanges + 1;
        delete _tranches[uint8(tranche)];
        book.epoch = epoch;
        book.advanceChanges = changes;
        book.value = uint96(value); // Not above what it was.
        emit TrancheExhausted(tranche, epoch);
    }
}
