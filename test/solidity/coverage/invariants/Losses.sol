// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {SegmentView} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {CoverRequest, CoverResult, LayerAmounts} from "../../../../contracts/types/Coverage.sol";
import {FRESH} from "../../../../contracts/types/CoverageTerms.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {Reinsuring} from "./Reinsuring.sol";

/// @dev Deficits of the house, which the fund covers: reserve, junior, senior, reinsurance (R1, R2).
abstract contract Losses is Reinsuring {
    /// @dev Books before a draw.
    struct Before {
        SegmentView segment;
        VaultBooks vault;
        uint32[2] epochs;
        uint256[2] modelLiquid;
        CoverResult expected;
    }

    uint256 private constant REWARD = 1e18;

    /// @dev The insider sees the deficit before anyone makes the fund cover it.
    function measure(uint256 amount, uint256 seed) external {
        ++steps;
        if (seed % 4 != 0) _enterWindow(INSIDER, seed % 2, seed / 2);
        house.setDeficit(Fuzz.between(amount, 0, 900e18));
        _syncAll();
        _claim(INSIDER, 0);
        _claim(INSIDER, 1);
    }

    function cover(uint256 amount, uint256 fraction, bool accrued) external {
        ++steps;
        uint256 deficit = house.deficit();
        if (accrued) {
            vault.accrue();
            _earn();
        }
        _cover(deficit > 0 ? deficit : Fuzz.between(amount, 0, 900e18), Fuzz.between(fraction, 0, 1e18), accrued);
        house.setDeficit(0);
    }

    /* INTERNAL */

    /// @dev INV-03: each wei is paid by one layer or by none, and by which one is foreseen.
    function _cover(uint256 shortfall, uint256 fraction, bool accrued) internal {
        Before memory before;
        before.segment = fund.segmentOf(segment);
        before.vault = vault.books();
        before.epochs = _epochs();
        before.modelLiquid = _modelLiquid();
        before.expected = _forecastCover(shortfall, fraction, accrued);
        CoverResult memory result = fund.cover(segment, CoverRequest([shortfall, 0, 0], fraction, REWARD));
        LayerAmounts memory paid = result.paid;
        LayerAmounts memory expected = before.expected.paid;
        _require(
            paid.reserve == expected.reserve &&
                paid.junior == expected.junior &&
                paid.senior == expected.senior &&
                paid.reinsurance == expected.reinsurance &&
                result.reward == before.expected.reward,
            "INV-03: a layer pays another sum, or out of turn"
        );
        SegmentView memory current = fund.segmentOf(segment);
        uint256 loss = _divideUp(shortfall * fraction, 1e18);
        uint256 drawn = paid.junior + paid.senior;
        _require(
            drawn + paid.reserve + paid.reinsurance + current.unpaid - before.segment.unpaid == loss,
            "INV-03: layers and rest are not the loss"
        );
        _checkFund(before.segment, current, result);
        _checkDraw(before, drawn, accrued);
        _afterDraw(paid.reinsurance);
        if (paid.junior > 0) _reached("draw from junior");
        if (paid.senior > 0) _reached("draw from senior");
        if (paid.reinsurance > 0) _reached("draw from reinsurance");
        if (current.unpaid > before.segment.unpaid) _reached("all layers used up");
    }

    function _checkFund(SegmentView memory before, SegmentView memory current, CoverResult memory result) private {
        uint256 fromVaults = result.paid.junior + result.paid.senior + result.paid.reinsurance;
        uint256 fromReserve = result.paid.reserve + result.reward;
        _require(before.reserve - current.reserve == fromReserve, "INV-03: the reserve loses another sum");
        _require(current.pending - before.pending == fromVaults, "FND-11: not all that vaults owe is pending");
        _require(current.owed - before.owed == fromVaults + fromReserve, "FND-11: not all that is drawn is segregated");
    }

    function _checkDraw(Before memory before, uint256 drawn, bool accrued) private {
        VaultBooks memory current = vault.books();
        _require(current.owedToFund - before.vault.owedToFund == drawn, "INV-03: the vault segregates another sum");
        _require(before.vault.committed - current.committed == drawn, "CVR-09: a draw uses up the commitment");
        _require(current.liability == before.vault.liability, "CVR-09: a draw touches cover");
        _lose(drawn, before.modelLiquid, before.epochs);
        if (drawn > 0 && accrued) _checkOrder(before.vault, drawn, before.epochs);
    }

    /// @dev R1: reserve within its budget, junior, senior, reinsurance; a fraction of each, rounded down (LIQ-04).
    function _forecastCover(
        uint256 shortfall,
        uint256 fraction,
        bool accrued
    ) private view returns (CoverResult memory forecast) {
        (uint256[3] memory byClass, uint256 whole, uint256 reward) = fund.budgetLeft(segment);
        uint256 reserve = fund.segmentOf(segment).reserve;
        uint256 allowed = _min(_min(shortfall, byClass[0]), _min(whole, reserve));
        forecast.paid.reserve = (allowed * fraction) / 1e18;
        forecast.reward = _min(REWARD, (_min(reward, reserve - allowed) * fraction) / 1e18);
        (uint256 junior, uint256 senior) = accrued ? _drawable() : vault.available(segment);
        uint256 rest = shortfall - allowed;
        uint256 wholeJunior = _min(rest, junior);
        uint256 wholeSenior = _min(rest - wholeJunior, senior);
        rest -= wholeJunior + wholeSenior;
        uint256 asked = (wholeJunior * fraction) / 1e18 + (wholeSenior * fraction) / 1e18;
        // Within a vault junior pays first, also for a part of an account.
        forecast.paid.junior = _min(asked, junior);
        forecast.paid.senior = asked - forecast.paid.junior;
        forecast.paid.reinsurance = (_min(rest, _reinsuranceLeft()) * fraction) / 1e18;
    }

    /// @dev CVR-09: the commitment, as far as cover and floor stay whole.
    function _drawable() private view returns (uint256 junior, uint256 senior) {
        (uint256 remaining, , ) = vault.commitmentOf(segment);
        uint256 most = _min(remaining, _spare());
        junior = _min(_liquid(0), most);
        senior = most - junior;
    }

    function _hasPending() internal view override returns (bool) {
        if (house.deficit() > 0 || vault.books().atRisk > 0) return true;
        for (uint256 i = 0; i < PRODUCTS; ++i) {
            if (_facts[i].amount != _facts[i].settled) return true;
        }
        return false;
    }

    /// @dev Everything that has happened is reported, decided and paid, or turns out to be none.
    function _finishAll(bool happens) internal override {
        for (uint256 i = 0; i < PRODUCTS; ++i) {
            if (happens && _facts[i].isUnreported) _report(i);
            _resolve(i, happens);
        }
        _syncAll();
        if (happens) _cover(house.deficit(), 1e18, false);
        house.setDeficit(0);
        if (!happens) _warp(_time + FRESH);
    }
}
