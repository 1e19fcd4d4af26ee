// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../../libraries/WadMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessWadMath is LibraryHarness {
    function mulDivDown(uint256 a, uint256 b, uint256 d) external pure returns (uint256) {
        return WadMath.mulDivDown(a, b, d);
    }

    function mulDivUp(uint256 a, uint256 b, uint256 d) external pure returns (uint256) {
        return WadMath.mulDivUp(a, b, d);
    }

    function mulWadDown(uint256 a, uint256 b) external pure returns (uint256) {
        return WadMath.mulWadDown(a, b);
    }

    function mulWadUp(uint256 a, uint256 b) external pure returns (uint256) {
        return WadMath.mulWadUp(a, b);
    }

    function signedMulDivDown(int256 a, uint256 b, uint256 d) external pure returns (int256) {
        return WadMath.signedMulDivDown(a, b, d);
    }

    function signedMulDivUp(int256 a, uint256 b, uint256 d) external pure returns (int256) {
        return WadMath.signedMulDivUp(a, b, d);
    }

    function signedDivDown(int256 a, int256 d) external pure returns (int256) {
        return WadMath.signedDivDown(a, d);
    }

    function signedDivUp(int256 a, int256 d) external pure returns (int256) {
        return WadMath.signedDivUp(a, d);
    }

    function abs(int256 a) external pure returns (uint256) {
        return WadMath.abs(a);
    }

    function positivePart(int256 a) external pure returns (uint256) {
        return WadMath.positivePart(a);
    }

    function min(uint256 a, uint256 b) external pure returns (uint256) {
        return WadMath.min(a, b);
    }

    function max(uint256 a, uint256 b) external pure returns (uint256) {
        return WadMath.max(a, b);
    }
}
