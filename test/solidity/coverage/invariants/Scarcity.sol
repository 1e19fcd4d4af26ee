// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {PremiumCurve} from "../../../../contracts/libraries/PremiumCurve.sol";
import {CurveState} from "../../../../contracts/types/Premium.sol";
import {Leaving} from "./Leaving.sol";

/// @dev The curve as it must be after all that has bound and freed capital, written down beside the vault (CVR-08).
abstract contract Scarcity is Leaving {
    CurveState private _expected;

    /// @notice What the vault's curve must say.
    function expectedCurve() external view returns (CurveState memory) {
        return _expected;
    }

    /// @notice Anyone may bring the curve to what is bound now.
    function writeCurve() external {
        ++steps;
        vault.writeCurve();
        _afterWrite();
    }

    /// @dev To be called after each call that binds or frees capital for cover, as the books stand then.
    function _afterWrite() internal {
        // Before the first purchase there is no curve.
        if (_expected.updatedAt == 0 && vault.books().liability == 0) return;
        uint256 rate = _rateNow();
        if (_expected.kinkRate != 0 && rate != _expected.kinkRate) {
            _reached(rate > _expected.kinkRate ? bytes32("curve rises") : bytes32("curve falls"));
        }
        _expected = CurveState({kinkRate: uint64(rate), utilisation: uint64(_used()), updatedAt: uint40(_time)});
    }

    /// @dev What buying costs a year on the mean between two parts of the capital: the curve is r u / 0.8 and from there r + 70 r (u - 0.8).
    function _meanRateUp(uint256 from, uint256 to) internal view returns (uint256) {
        uint256 rate = _rateNow();
        uint256 kink = 0.8e18;
        if (from == to) {
            return to <= kink ? _divideUp(to * rate, kink) : rate + _divideUp((to - kink) * 14 * rate, 0.2e18);
        }
        (uint256 lowFrom, uint256 lowTo) = (_min(from, kink), _min(to, kink));
        (uint256 highFrom, uint256 highTo) = (from - lowFrom, to - lowTo);
        // Twice each integral, over a rate of 1: (b^2 - a^2) / 0.8 below, 2 (b - a) + 70 (b^2 - a^2) above; all times 0.8.
        uint256 area = 10 * (lowTo + lowFrom) * (lowTo - lowFrom);
        area += (highTo - highFrom) * (16e18 + 560 * (highTo + highFrom));
        return _divideUp(area * rate, 16e18 * (to - from));
    }

    function _rateNow() private view returns (uint256) {
        return PremiumCurve.adaptedUp(_expected.kinkRate, _expected.utilisation, _time - _expected.updatedAt);
    }

    /// @dev Of all capital above the floor, those who have asked to leave included.
    function _used() private view returns (uint256) {
        VaultBooks memory books = vault.books();
        uint256 capital = books.junior + books.senior - books.juniorAdvanced - books.seniorAdvanced;
        uint256 bound = books.liability + books.committed;
        return bound + FLOOR >= capital ? 1e18 : _divideUp(bound * 1e18, capital - FLOOR);
    }

    function _divideUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
    }
}
