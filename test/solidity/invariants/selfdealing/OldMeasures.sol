// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ThinMargin} from "./ThinMargin.sol";

/// @dev A loss that is measured at its worst, far beyond what the fund has, and of which little is left when parts of the account are sold to
/// whoever stands against it (CLR-07: it counts as it is at that bid).
abstract contract OldMeasures is ThinMargin {
    /// @dev The account lacks two or three times what the fund has.
    function _sink(uint256 i, uint8 market) internal {
        Books memory b = _books();
        _bringTo(b, i, market, -int256((b.reserve * (200 + _draw(100))) / 100));
    }

    /// @dev The price comes back until it lacks a part of what the budget of its market's class may allow.
    function _recover(uint256 i, uint8 market) internal {
        Books memory b = _books();
        _bringTo(b, i, market, -int256((b.reserve * (1 + _draw(market == 0 ? 30 : 9))) / 100));
    }

    /// @dev Parts, to those of his accounts that stand against it.
    function _sellAgainst(uint256 i, uint8 market) internal {
        Books memory b = _books();
        for (uint256 k = DEALER; k < DEALER + DEALERS; ++k) {
            (int256 sold, int256 own) = (b.base[i][market], b.base[k][market]);
            bool isAgainst = (sold > 0 && own < 0) || (sold < 0 && own > 0);
            if (isAgainst) _sell(i, k, k, 0.05e18 + _draw(0.4e18), 0, type(uint256).max);
        }
    }

    /// @dev To the price at which the account's value is `value`, where there is one.
    function _bringTo(Books memory b, uint256 i, uint8 market, int256 value) private {
        (int256 base, uint256 price) = (b.base[i][market], b.prices[market]);
        if (base == 0) return;
        int256 found = int256(price) + ((value - b.values[i]) * ONE) / base;
        if (found <= 0) return;
        uint256 to = uint256(found);
        // Up is price / (1 - move), down price * (1 - move).
        if (to > price) _jump(market, 10_000 - (price * 10_000) / to, true);
        else _jump(market, 10_000 - (to * 10_000) / price, false);
    }
}
