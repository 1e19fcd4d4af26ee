// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MAX_PRICE} from "../types/Constants.sol";
import {MarginMath} from "./MarginMath.sol";
import {WadMath} from "./WadMath.sol";

/// @title Liquidation price of an account with one position (CVR-07)
/// @notice Where E < MM begins, to the wei of the price. E(p) - MM(p) = cash + quoteValue + base * p - |base| p (mmr + add-on * |base| p): for a long
/// it is concave and for a short it falls, so that it changes its sign once between where it is negative and a healthy price.
/// @custom:twin sdk/math/TouchMath.ts
library TouchMath {
    /// @param balance cash and quote value of the position, WAD
    /// @param base signed, wei; not 0
    /// @param rate mmr in units of RATE_ONE
    /// @param addOn growth of mmr per million units of notional, 1e-6
    struct OnePosition {
        int256 balance;
        int256 base;
        uint256 rate;
        uint256 addOn;
    }

    /// @notice Whether the account would be liquidated at a price: E < MM, with the rounding of the house.
    function isLiquidatable(OnePosition memory position, uint256 price) internal pure returns (bool) {
        (uint256 linear, uint256 size) = MarginMath.positionMarginUp(
            WadMath.abs(position.base),
            price,
            position.rate,
            position.addOn
        );
        int256 equity = position.balance + WadMath.signedMulDivDown(position.base, price, 1e18);
        return equity < int256(linear + size);
    }

    /// @notice Highest price (long) or lowest one (short) at which the account is liquidatable; 0 when it is so now, or never.
    /// @param price of now, WAD, at most MAX_PRICE
    function touchPrice(OnePosition memory position, uint256 price) internal pure returns (uint256) {
        bool isLong = position.base > 0;
        uint256 sold = isLong ? 0 : MAX_PRICE;
        if (isLiquidatable(position, price) || !isLiquidatable(position, sold)) return 0;
        uint256 healthy = price;
        while (isLong ? healthy - sold > 1 : sold - healthy > 1) {
            uint256 middle = (healthy + sold) / 2;
            if (isLiquidatable(position, middle)) sold = middle;
            else healthy = middle;
        }
        return sold;
    }
}
