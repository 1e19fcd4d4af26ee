// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Health} from "../../../../contracts/types/Margin.sol";
import {Bystanders} from "./Bystanders.sol";

/// @dev Margin without anything to spare (MRG-01): who has a profit that does not count whole takes out all that he may, and deals.
abstract contract ThinMargin is Bystanders {
    /// @dev Two pairs of the self-dealer's accounts, one in each market, nearly as large as their margin lets them.
    function _openPairs() internal {
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) {
            if (HOUSE.headerOf(_accounts[i]).cash < 2_000e18) _depositAs(i, i, true, 2_000e6);
        }
        _openBetween(DEALER, DEALER + 1, 1);
        _openBetween(DEALER + 2, DEALER + 3, 0);
    }

    function _openBetween(uint256 taker, uint256 maker, uint8 market) private {
        uint256 index = _feedPriceOf(market);
        _tradeBetween(taker, maker, market, (_largest(taker, maker, index) * 9) / 10, index);
    }

    /// @dev Takes out all that the margin of who has gained lets go.
    function _thinOut() internal {
        uint256 i = _winner();
        Health memory h = HOUSE.health(_accounts[i]);
        int256 spare = h.initialBalance - int256(h.initialMargin);
        int256 cash = HOUSE.headerOf(_accounts[i]).cash;
        if (cash < spare) spare = cash;
        // To the wei where a sub-account takes it.
        if (i != DEALER && spare > 0) {
            _moveAs(i, i, i + 1, true, uint256(spare));
            _moveAs(i, i, i + 1, true, 1 + _draw(1e18));
        } else if (spare >= 1e12) _withdrawAs(i, i, true, uint256(spare) / 1e12);
    }

    function _dealThinly() internal {
        _closePart();
        uint256 bidder = _winner();
        if (HOUSE.collateralOf(_idOf(CLEARING), WETH) != 0) _buyFrom(CLEARING, bidder, 9e18);
        uint256 seller = _pickBelow(DEALER + 2, 2);
        _sell(seller, bidder, bidder, 1 + _draw(0.05e18), 0, type(uint256).max);
        _sell(seller, bidder, bidder, 0.05e18 + _draw(0.2e18), 0, type(uint256).max);
    }

    /// @dev CLR-06: who is below margin closes a part, at a good price or a dear one.
    function _closePart() private {
        uint256 loser = _pickBelow(DEALER + 2, 2);
        (int256 base, ) = HOUSE.positionOf(_accounts[loser], _market(0));
        uint256 index = _feedPriceOf(0);
        uint256 price = (index * (981 + _draw(39))) / 1_000;
        _tradeBetween(loser, loser == DEALER + 2 ? DEALER + 3 : DEALER + 2, 0, -base / 20, price);
    }

    /// @dev Of the first two, who has gained in the second market.
    function _winner() private view returns (uint256) {
        Books memory b = _books();
        return b.quote[DEALER][1] + _floorMul(b.base[DEALER][1], b.prices[1]) > 0 ? DEALER : DEALER + 1;
    }

    function _largest(uint256 taker, uint256 maker, uint256 price) internal returns (int256) {
        int256 balance = HOUSE.health(_accounts[taker]).initialBalance;
        int256 other = HOUSE.health(_accounts[maker]).initialBalance;
        if (other < balance) balance = other;
        if (balance <= 0) return 0;
        uint256 most = (_min(uint256(balance), 6_000e18) * 1e9) / (2e9 - _min(_ratio, 1e9));
        int256 size = int256((most * (60 + _draw(37)) * UNIT) / price / 10);
        return _chance(50) ? size : -size;
    }
}
