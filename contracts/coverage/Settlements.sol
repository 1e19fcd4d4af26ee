// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Series} from "../types/Coverage.sol";
import {REPORTING} from "../types/CoverageTerms.sol";
import {SeriesId} from "../types/Identifiers.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {Products} from "./Products.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title What cover pays (CVR-05, CLM-01)
/// @notice The verifier decides what one token of a series is paid in all. The vault books it once for all tokens, so that every holder gets
/// the same, whenever he redeems (INV-12).
abstract contract Settlements is Products {
    using CapitalWords for VaultStorage.Capital;

    function sync(SeriesId series) external nonReentrant returns (uint256 payoutPerUnit) {
        Series storage entry = _knownSeries(series);
        _sync(series, entry);
        return entry.settled;
    }

    function redeem(SeriesId series, uint96 units, address receiver) external nonReentrant returns (uint256 paid) {
        // Check
        Series storage entry = _knownSeries(series);
        if (_sync(series, entry)) revert CoverageVault_IncidentOpen(series);
        uint256 settled = entry.settled;
        paid = TokenUnits.toNativeDown(WadMath.mulWadDown(units, settled), DECIMALS);
        if (paid == 0 || units > entry.supply) revert CoverageVault_InvalidAmount(units, entry.supply);

        // Effect. The payout was booked by `_sync`, for more units than these and rounded up.
        uint256 value = TokenUnits.toWad(paid, DECIMALS);
        _ledger.payable_ -= uint96(value);
        _unbind(entry, WadMath.mulWadDown(units, entry.limit - settled));
        emit CoverRedeemed(series, msg.sender, units, value);

        // Interaction: the token reverts when the caller has not so many; then the supply holds them.
        _cover.burn(msg.sender, SeriesId.unwrap(series), units);
        entry.supply -= units;
        _send(receiver, paid);
    }

    function release(SeriesId series) external nonReentrant {
        // Check
        Series storage entry = _knownSeries(series);
        uint256 reportsUntil = entry.endsAt + REPORTING;
        if (block.timestamp <= reportsUntil) revert CoverageVault_TooEarly(reportsUntil + 1);
        if (_sync(series, entry)) revert CoverageVault_IncidentOpen(series);

        // Effect
        uint256 bound = entry.bound;
        _unbind(entry, bound);
        emit SeriesReleased(series, bound);
    }

    /// @dev Takes in what the verifier knows. Purchases that still wait are not paid: they are refunded (CVR-07).
    function _sync(SeriesId series, Series storage entry) internal returns (bool isOpen) {
        uint256 confirmed;
        uint32 transitions;
        (isOpen, confirmed, transitions) = VERIFIER.outcome(address(this), series);
        if (transitions != entry.transitions) {
            _ledger.decided += transitions - entry.transitions;
            entry.transitions = transitions;
        }
        uint256 settled = entry.settled;
        uint256 limit = entry.limit;
        confirmed = WadMath.min(confirmed, limit);
        if (confirmed > settled) {
            _settlePayout(series, entry, confirmed, _accrue());
            settled = confirmed;
        }
        uint256 atRisk = isOpen ? WadMath.mulWadUp(limit - settled, entry.supply) : 0;
        if (atRisk == entry.atRisk) return isOpen;
        _ledger.atRisk = uint96(_ledger.atRisk - entry.atRisk + atRisk);
        entry.atRisk = uint96(atRisk); // Not above what buying has bound, in whole tokens rounded up.
    }

    function _settlePayout(SeriesId series, Series storage entry, uint256 confirmed, CapitalWord capital) private {
        uint256 loss = WadMath.mulWadUp(confirmed - entry.settled, entry.supply);
        entry.settled = uint96(confirmed); // Not above the limit.
        entry.isTouched = true;
        (CapitalWord left, uint256 junior, uint256 senior) = _bookLoss(capital, loss);
        _capital.store(left);
        _ledger.payable_ += uint96(junior + senior);
        _unbind(entry, loss);
        emit SeriesSettled(series, confirmed, junior + senior);
    }

    /// @dev Last, so that the curve is written as things stand then. A series never unbinds more than it binds: what rounding makes of its tokens one by one can differ by a wei.
    function _unbind(Series storage entry, uint256 amount) internal {
        amount = WadMath.min(amount, entry.bound);
        entry.bound -= uint96(amount);
        _ledger.liability -= uint96(amount);
        _writeCurve();
    }
}
