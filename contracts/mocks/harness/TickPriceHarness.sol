// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TickPrice} from "../../oracle/sources/TickPrice.sol";

/// @notice TickPrice from outside, many ticks at a time.
contract TickPriceHarness {
    function toWadDown(int256[] calldata ticks, int256 decimals) external pure returns (uint256[] memory prices) {
        prices = new uint256[](ticks.length);
        for (uint256 i = 0; i < ticks.length; ++i) prices[i] = TickPrice.toWadDown(ticks[i], decimals);
    }
}
