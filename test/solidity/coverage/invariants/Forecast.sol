// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {ExitRequest, Series, Tranche} from "../../../../contracts/types/Coverage.sol";
import {COOLDOWN, FRESH, MAX_DELAY, WEEK, WINDOW} from "../../../../contracts/types/CoverageTerms.sol";
import {Model} from "./Model.sol";

/// @dev What the vault must answer, counted anew from what everybody can see: prices, shares, payments and refusals.
abstract contract Forecast is Model {
    /// @param whole value of the shares less what was advanced
    /// @param paid in whole units of the token, WAD
    /// @param isFinal whether nothing is at stake and nothing stands in the way
    struct ExitForecast {
        uint256 atStake;
        uint256 whole;
        uint256 paid;
        bool isFinal;
        bool isFrozen;
    }

    /// @dev Sides of the house on which a product with any series depends.
    uint256 internal _coveredSides;
    /// @dev Highest advance per share since there has been any.
    uint256[2] private _maxAdvance;

    /* CAPITAL */

    function _liquid(uint256 tranche) internal view returns (uint256) {
        VaultBooks memory books = vault.books();
        return tranche == 0 ? books.junior - books.juniorAdvanced : books.senior - books.seniorAdvanced;
    }

    /// @dev What cover and floor leave.
    function _spare() internal view returns (uint256) {
        VaultBooks memory books = vault.books();
        uint256 liquid = books.junior + books.senior - books.juniorAdvanced - books.seniorAdvanced;
        return _saturatingSub(liquid, books.liability + FLOOR);
    }

    /// @dev INV-09: new cover and commitments count only capital whose holders have not asked to leave.
    function _free() internal view returns (uint256) {
        VaultBooks memory books = vault.books();
        uint256 staying = _stayingOf(0, books.junior - books.juniorAdvanced);
        staying += _stayingOf(1, books.senior - books.seniorAdvanced);
        return _saturatingSub(staying, books.liability + books.committed + FLOOR);
    }

    function _stayingOf(uint256 tranche, uint256 liquid) private view returns (uint256) {
        uint256 supply = shares[tranche].totalSupply();
        uint256 queued;
        for (uint256 i = 0; i < OWNERS; ++i) queued += _requestOf(i, tranche).shares;
        return supply == 0 ? 0 : (liquid * (supply - queued)) / supply;
    }

    /* SHARES */

    function _sharesFor(uint256 value, uint256 tranche) internal view returns (uint256) {
        (uint256 all, ) = vault.trancheState(Tranche(tranche));
        uint256 supply = _isSpent(tranche) ? 0 : shares[tranche].totalSupply();
        return (value * (supply + VIRTUAL)) / (all + VIRTUAL);
    }

    /// @dev Whether a loss has left so little that the next deposit begins with new shares.
    function _isSpent(uint256 tranche) internal view returns (bool) {
        (uint256 all, ) = vault.trancheState(Tranche(tranche));
        return all < 1e16 && all < shares[tranche].totalSupply() / 1e9;
    }

    /// @dev By the vault's rounding: never above all of it.
    function _assetsFor(uint256 amount, uint256 all, uint256 supply) internal pure returns (uint256) {
        return _min((amount * (all + VIRTUAL)) / (supply + VIRTUAL), all);
    }

    function _isOverdrawn(ExitRequest memory made, uint256 tranche) internal view returns (bool) {
        (uint256 all, ) = vault.trancheState(Tranche(tranche));
        return made.advanced > 0 && _assetsFor(made.shares, all, shares[tranche].totalSupply()) <= made.advanced;
    }

    /// @dev Whether an advance may be worth more than its shares.
    function _isFrozen(uint256 tranche) internal view returns (bool) {
        if (!_hasAdvances(tranche)) return false;
        (uint256 all, ) = vault.trancheState(Tranche(tranche));
        uint256 price = (1e18 * (all + VIRTUAL)) / (shares[tranche].totalSupply() + VIRTUAL);
        return price + price / 1e9 + 1 < _maxAdvance[tranche];
    }

    function _hasAdvances(uint256 tranche) internal view returns (bool) {
        VaultBooks memory books = vault.books();
        return (tranche == 0 ? books.juniorAdvanced : books.seniorAdvanced) > 0;
    }

    function _advancesIn(uint256 tranche) private view returns (uint256 advances) {
        for (uint256 i = 0; i < OWNERS; ++i) {
            if (_requestOf(i, tranche).advanced > 0) ++advances;
        }
    }

    /// @dev All advances have been shown: the highest is known.
    function _measured(uint256 tranche) internal {
        _maxAdvance[tranche] = 0;
        for (uint256 i = 0; i < OWNERS; ++i) {
            ExitRequest memory request = _requestOf(i, tranche);
            if (request.advanced == 0) continue;
            uint256 perShare = (uint256(request.advanced) * 1e18) / request.shares;
            if (perShare > _maxAdvance[tranche]) _maxAdvance[tranche] = perShare;
        }
    }

    function _noteAdvance(ExitRequest memory made, ExitRequest memory left, uint256 tranche) internal {
        if (made.advanced == 0 && left.advanced > 0 && _advancesIn(tranche) == 1) _maxAdvance[tranche] = 0;
        uint256 perShare = (uint256(left.advanced) * 1e18) / left.shares;
        if (perShare > _maxAdvance[tranche]) _maxAdvance[tranche] = perShare;
    }

    /* EXITS (R4) */

    function _windowOf(ExitRequest memory made) internal pure returns (uint256 opensAt, uint256 closesAt) {
        opensAt = made.requestedAt + COOLDOWN;
        closesAt = opensAt + WINDOW + (made.isWithheld ? MAX_DELAY : 0);
    }

    /// @dev What survives the full loss of all that is open is paid now, as far as cover and floor leave it.
    function _forecast(ExitRequest memory made, uint256 tranche) internal view returns (ExitForecast memory exit) {
        VaultBooks memory books = vault.books();
        uint256 drawable;
        (exit.atStake, drawable) = _atStake(made, books);
        uint256 liquid = _liquid(tranche);
        uint256 loss = _lossOf(tranche, exit.atStake);
        uint256 spare = _min(liquid, _leftByOlder(made, 0, 0));
        spare = _min(spare, _leftByOlder(made, drawable, exit.atStake));
        uint256 value = tranche == 0 ? books.junior : books.senior;
        uint256 supply = shares[tranche].totalSupply();
        exit.whole = _saturatingSub(_assetsFor(made.shares, value, supply), made.advanced);
        exit.isFrozen = exit.whole > 0 && _isFrozen(tranche);
        uint256 surviving = _saturatingSub(exit.isFrozen ? liquid : value, loss);
        uint256 due = _saturatingSub(_assetsFor(made.shares, surviving, supply), made.advanced);
        exit.paid = (_min(due, spare) / SCALE) * SCALE;
        exit.isFinal = exit.atStake == 0 && !exit.isFrozen && due <= spare;
    }

    /// @dev Junior first.
    function _lossOf(uint256 tranche, uint256 atStake) private view returns (uint256) {
        uint256 junior = _min(atStake, _liquid(0));
        return tranche == 0 ? junior : _min(atStake - junior, _liquid(1));
    }

    /// @dev INV-19: what cover, floor and requests of earlier weeks, in both tranches, leave of the capital when `atStake` is lost.
    function _leftByOlder(ExitRequest memory made, uint256 drawable, uint256 atStake) internal view returns (uint256) {
        uint256 reserved = vault.books().liability + drawable;
        if (reserved > 0) reserved += FLOOR;
        reserved += _olderClaims(made, 0, _lossOf(0, atStake)) + _olderClaims(made, 1, _lossOf(1, atStake));
        return _saturatingSub(_liquid(0) + _liquid(1), reserved);
    }

    function _olderClaims(ExitRequest memory made, uint256 tranche, uint256 loss) private view returns (uint256) {
        (uint256 value, ) = vault.trancheState(Tranche(tranche));
        uint256 claims;
        uint256 advanced;
        for (uint256 i = 0; i < OWNERS; ++i) {
            ExitRequest memory other = _requestOf(i, tranche);
            uint256 week = other.requestedAt / WEEK;
            // Neither younger ones nor those that are over.
            if (week >= made.requestedAt / WEEK) continue;
            if ((week + 1) * WEEK + COOLDOWN + WINDOW + MAX_DELAY <= _time) continue;
            claims += other.shares;
            advanced += other.advanced;
        }
        uint256 supply = shares[tranche].totalSupply();
        return _saturatingSub(_assetsFor(claims, _saturatingSub(value, loss), supply), advanced);
    }

    /// @dev Open incidents, cover after a charge that nobody may have reported yet, and the deficit that the fund can
    /// draw.
    function _atStake(
        ExitRequest memory made,
        VaultBooks memory books
    ) private view returns (uint256 atStake, uint256 drawable) {
        if (_time >= made.requestedAt + COOLDOWN + MAX_DELAY) return (0, 0);
        (, uint256 deficit, uint256 lastChargeAt) = house.distress(_coveredSides);
        drawable = _min(books.committed, deficit);
        bool isCoverAtStake = deficit > books.committed || lastChargeAt + FRESH > _time;
        atStake = drawable + (isCoverAtStake ? books.liability : books.atRisk);
    }

    /// @dev Why an exit must be refused now; empty when it must not.
    function _refusalOfExit(
        ExitRequest memory made,
        uint256 index,
        ExitForecast memory exit
    ) internal view returns (bytes memory) {
        if (made.shares == 0) {
            return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NoExitRequest.selector, owner(index));
        }
        (uint256 opensAt, uint256 closesAt) = _windowOf(made);
        if (_time < opensAt || _time > closesAt) {
            return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_OutsideWindow.selector, opensAt, closesAt);
        }
        bytes memory unsynced = _refusalUnsynced();
        if (unsynced.length > 0) return unsynced;
        if (exit.paid > 0 || exit.isFinal || !made.isWithheld) return "";
        return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, exit.whole, exit.whole);
    }

    /// @dev R3: what the verifier has decided is in the books before capital leaves.
    function _refusalUnsynced() internal view returns (bytes memory) {
        uint256 missing;
        for (uint256 i = 0; i < _live.length; ++i) {
            Series memory entry = vault.seriesOf(_live[i]);
            (, , uint32 transitions) = verifier.outcome(address(vault), _live[i]);
            missing += transitions - entry.transitions;
        }
        if (missing == 0) return "";
        uint256 decided = verifier.transitionsOf(address(vault));
        return
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, decided - missing, decided);
    }
}
