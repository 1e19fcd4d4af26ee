// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Actors} from "./Actors.sol";

/// @dev The gap premium, foretold from FND-02: each side owes rate * price for a unit of base and second, rounded up, from the last time that
/// it was taken. Fills take it of their market; flags and deleveragings of the account's markets, before they measure; bids never.
abstract contract Premiums is Actors {
    uint256 private constant RATE_ONE = 1e15;

    /// @dev Per second and side, 1e-15; by market.
    uint256[2] private _gapRate;
    uint256[2] private _takenAt;

    function _startPremium(uint32 first, uint32 second) internal {
        (_gapRate[0], _gapRate[1]) = (first, second);
        (_takenAt[0], _takenAt[1]) = (_time, _time);
        _applyRatio(1e9);
    }

    /// @dev What risk control writes: the rates of the gap premium as they are, and the fund's ratio, 1e9. Nothing may be owed.
    function _applyRatio(uint32 ratio) internal {
        for (uint8 m = 0; m < 2; ++m) SYSTEM.applyRisk(MarketId.wrap(m), uint32(_gapRate[m]), ratio);
    }

    /// @dev What one unit of base owes now, WAD: never more than its price.
    function _owedPerUnit(uint256 m, uint256 price) internal view returns (uint256) {
        uint256 earned = _gapRate[m] * (_time - _takenAt[m]);
        return _min(price, (price * earned + RATE_ONE - 1) / RATE_ONE);
    }

    /// @dev What everybody owes in some markets, a bit for each.
    function _owedBy(Books memory b, uint256 markets) internal view returns (int256[2][10] memory owed) {
        for (uint256 m = 0; m < 2; ++m) {
            if (markets & (1 << m) == 0) continue;
            uint256 perUnit = _owedPerUnit(m, b.prices[m]);
            for (uint256 i = 0; i <= CLEARING; ++i) owed[i][m] = int256((_abs(b.base[i][m]) * perUnit) / UNIT);
        }
    }

    function _owes(int256[2][10] memory owed, uint256 i) internal pure returns (int256) {
        return owed[i][0] + owed[i][1];
    }

    /// @dev Books as they stand once everybody has paid; with `sign` -1 as they stood before.
    function _payUp(Books memory b, int256[2][10] memory owed, int256 sign) internal pure {
        for (uint256 i = 0; i <= CLEARING; ++i) {
            for (uint256 m = 0; m < 2; ++m) b.quote[i][m] -= sign * owed[i][m];
            b.values[i] -= sign * _owes(owed, i);
            if (_isDealer(i)) b.wealth -= sign * _owes(owed, i);
        }
    }

    /// @dev A call has taken it: the self-dealer has paid his part, which LIQ-08 takes off what he may gain.
    function _notePaid(int256[2][10] memory owed, uint256 markets, bytes32 outcome) internal {
        int256 paid;
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) paid += _owes(owed, i);
        residual -= paid;
        _sum.premium += uint256(paid);
        for (uint256 m = 0; m < 2; ++m) if (markets & (1 << m) != 0) _takenAt[m] = _time;
        if (paid > DUST) _reached(outcome);
    }
}
