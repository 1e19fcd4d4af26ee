// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TouchMath} from "../../libraries/TouchMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessTouchMath is LibraryHarness {
    function isLiquidatable(TouchMath.OnePosition memory position, uint256 price) external pure returns (bool) {
        return TouchMath.isLiquidatable(position, price);
    }

    function touchPrice(TouchMath.OnePosition memory position, uint256 price) external pure returns (uint256) {
        return TouchMath.touchPrice(position, price);
    }
}
