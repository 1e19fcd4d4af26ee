// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../../libraries/TokenUnits.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessTokenUnits is LibraryHarness {
    function toWad(uint256 native, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toWad(native, decimals);
    }

    function toNativeDown(uint256 wad, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toNativeDown(wad, decimals);
    }

    function toNativeUp(uint256 wad, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toNativeUp(wad, decimals);
    }
}
