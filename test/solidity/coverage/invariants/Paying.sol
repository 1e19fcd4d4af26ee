// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {Series} from "../../../../contracts/types/Coverage.sol";
import {REPORTING} from "../../../../contracts/types/CoverageTerms.sol";
import {SeriesId} from "../../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Covering} from "./Covering.sol";

/// @dev Cover is settled, redeemed and released.
abstract contract Paying is Covering {
    /// @dev Per series: paid for its tokens, WAD; and what the tokens still out there had been owed when it was
    /// settled.
    mapping(SeriesId series => uint256) private _paid;
    mapping(SeriesId series => uint256) private _booked;

    function redeem(uint256 who, uint256 which, uint256 part) external {
        ++steps;
        if (_live.length == 0) return;
        // Whoever has tokens of a series that has paid, if there is such a one.
        SeriesId series;
        for (uint256 i = 0; i < _live.length * BUYERS; ++i) {
            series = _live[((which % _live.length) + i / BUYERS) % _live.length];
            who = i == 0 ? who % BUYERS : (who + 1) % BUYERS;
            if (_cover1155.balanceOf(buyer(who), SeriesId.unwrap(series)) == 0) continue;
            (, uint256 confirmed, ) = verifier.outcome(address(vault), series);
            if (confirmed > 0) break;
        }
        _sync(series);
        uint256 held = _cover1155.balanceOf(buyer(who), SeriesId.unwrap(series));
        uint96 units = uint96(part % 2 == 0 ? held : Fuzz.between(part, 0, held));
        // Once in a while more than he has: nobody is paid twice.
        if (part % 7 == 0) units = uint96(held + 1 + (part % 1e18));
        _redeem(buyer(who), series, units, held);
    }

    function release(uint256 which, bool late) external {
        ++steps;
        if (_live.length == 0) return;
        SeriesId series = _live[which % _live.length];
        if (late) _pass(uint256(vault.seriesOf(series).endsAt) + REPORTING + 1);
        _sync(series);
        _release(series);
    }

    function sync(uint256 which) external {
        ++steps;
        if (_live.length > 0) _sync(_live[which % _live.length]);
    }

    /// @notice Sum of what all series bind.
    function boundOfAll() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _live.length; ++i) sum += vault.seriesOf(_live[i]).bound;
    }

    /* INTERNAL */

    /// @dev INV-12: the same for each token, whoever brings it and when.
    function _redeem(address who, SeriesId series, uint96 units, uint256 held) private {
        Series memory entry = vault.seriesOf(series);
        uint256 expected = (uint256(units) * entry.settled) / 1e18 / SCALE;
        bytes memory refusal = _refusalOfRedeem(series, units, entry, expected);
        if (refusal.length == 0 && units > held) {
            refusal = abi.encodeWithSelector(
                IERC1155Errors.ERC1155InsufficientBalance.selector,
                who,
                held,
                uint256(units),
                SeriesId.unwrap(series)
            );
        }
        uint256 balance = usd.balanceOf(who);
        vm.prank(who);
        try vault.redeem(series, units, who) returns (uint256 paid) {
            _require(refusal.length == 0, "INV-12: paid twice, or while an incident is open");
            _require(paid == expected && usd.balanceOf(who) == balance + paid, "INV-12: a token is paid another ratio");
            _afterWrite();
            _paid[series] += paid * SCALE;
            _require(_paid[series] <= _booked[series], "INV-12: a series is paid more than was booked for it");
            _require(
                _paid[series] <= (_minted[series] * entry.limit) / 1e18,
                "INV-12: a series is paid more than its liability"
            );
            _reached(entry.settled == entry.limit ? bytes32("redeemed at the limit") : bytes32("redeemed"));
        } catch (bytes memory reason) {
            _refused(reason, refusal, "INV-12: a payout is refused, or for another reason");
            if (expected == 0 || units <= held) return;
            _reached("paid only once");
        }
    }

    function _refusalOfRedeem(
        SeriesId series,
        uint256 units,
        Series memory entry,
        uint256 expected
    ) private view returns (bytes memory) {
        if (_isOpen(series)) {
            return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_IncidentOpen.selector, series);
        }
        if (expected > 0 && units <= entry.supply) return "";
        return
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_InvalidAmount.selector,
                units,
                uint256(entry.supply)
            );
    }

    /// @dev Takes in what is decided, and compares the loss with the rule of two tranches.
    function _sync(SeriesId series) internal {
        Series memory before = vault.seriesOf(series);
        (, uint256 confirmed, ) = verifier.outcome(address(vault), series);
        if (confirmed <= before.settled) {
            vault.sync(series);
            return;
        }
        uint32[2] memory epochs = _epochs();
        _earn();
        uint256[2] memory liquid = _modelLiquid();
        VaultBooks memory books = vault.books();
        vault.sync(series);
        _afterWrite();
        ++settlements;
        uint256 loss = _divideUp((confirmed - before.settled) * before.supply, 1e18);
        _lose(loss, liquid, epochs);
        _booked[series] += loss;
        VaultBooks memory current = vault.books();
        _require(current.payable_ - books.payable_ == loss, "INV-03: a payout is not booked to the wei");
        _checkOrder(books, loss, epochs);
        // Every payout is rounded up for all tokens: the last one of several can be a wei for each more than what is bound.
        uint256 freed = _min(loss, before.bound);
        _require(
            current.liability + freed == books.liability && loss <= freed + 8,
            "CVR-02: a payout does not free what it used"
        );
        if (loss == 0) return;
        if (confirmed == before.limit) _reached("settled at the limit");
        _reached(before.settled > 0 ? bytes32("settled again") : bytes32("settled"));
    }

    /// @dev INV-03, INV-08: junior pays first, to the wei; what is left below dust of a tranche that ends is not its
    /// holders'.
    function _checkOrder(VaultBooks memory books, uint256 loss, uint32[2] memory epochs) internal {
        VaultBooks memory current = vault.books();
        uint256 juniorBefore = books.junior - books.juniorAdvanced;
        uint256 seniorBefore = books.senior - books.seniorAdvanced;
        uint256 fromJunior = _min(loss, juniorBefore);
        uint256 fromSenior = _min(loss - fromJunior, seniorBefore);
        uint256 juniorRest = juniorBefore - fromJunior;
        uint256 seniorRest = seniorBefore - fromSenior;
        bool hasJuniorEnded = fromJunior > 0 && juniorRest < 1e6;
        if (hasJuniorEnded) (juniorRest, seniorRest) = (0, seniorRest + juniorRest);
        bool hasSeniorEnded = fromSenior > 0 && seniorBefore - fromSenior < 1e6;
        if (hasSeniorEnded) seniorRest = 0;
        uint32[2] memory after_ = _epochs();
        _require(
            (after_[0] != epochs[0]) == hasJuniorEnded && (after_[1] != epochs[1]) == hasSeniorEnded,
            "INV-08: a tranche ends with its capital, and not before"
        );
        _require(current.junior - current.juniorAdvanced == juniorRest, "INV-08: junior loses another sum");
        _require(_liquid(1) == seniorRest, "INV-08: senior loses another sum, or before junior is zero");
        if (fromSenior > 0)
            _reached(hasJuniorEnded ? bytes32("junior ends, senior pays") : bytes32("senior pays alone"));
    }

    function _syncAll() internal override {
        if (_refusalUnsynced().length == 0) return;
        for (uint256 i = 0; i < _live.length; ++i) _sync(_live[i]);
    }

    function _release(SeriesId series) internal {
        uint256 reportsUntil = uint256(vault.seriesOf(series).endsAt) + REPORTING;
        bytes memory refusal;
        if (_time <= reportsUntil) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, reportsUntil + 1);
        } else if (_isOpen(series)) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_IncidentOpen.selector, series);
        }
        try vault.release(series) {
            _require(refusal.length == 0, "CVR-04: a series is released while it can still cost something");
            _require(vault.seriesOf(series).bound == 0, "CVR-04: a released series binds capital");
            _afterWrite();
            _reached("released");
            if (vault.seriesOf(series).settled == 0) _forget(series);
        } catch (bytes memory reason) {
            _refused(reason, refusal, "INV-19: a series cannot be released");
        }
    }

    function _releaseAll() internal override {
        _syncAll();
        for (uint256 i = _live.length; i > 0; --i) _release(_live[i - 1]);
        // Those with a payout have stayed for their holders; not for ever.
        for (uint256 i = _live.length; i > 0; --i) {
            if (_live.length > 3 && vault.seriesOf(_live[i - 1]).bound == 0 && _isOver(_live[i - 1])) {
                _forget(_live[i - 1]);
            }
        }
    }

    function _isOver(SeriesId series) private view returns (bool) {
        return !_isOpen(series) && _time > uint256(vault.seriesOf(series).endsAt) + REPORTING;
    }

    function _isOpen(SeriesId series) internal view returns (bool isOpen) {
        (isOpen, , ) = verifier.outcome(address(vault), series);
    }

    function _forget(SeriesId series) private {
        for (uint256 i = 0; i < _live.length; ++i) {
            if (SeriesId.unwrap(_live[i]) != SeriesId.unwrap(series)) continue;
            _live[i] = _live[_live.length - 1];
            _live.pop();
            return;
        }
    }
}
