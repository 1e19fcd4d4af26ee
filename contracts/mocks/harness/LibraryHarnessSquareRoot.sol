// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SquareRoot} from "../../libraries/SquareRoot.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice SquareRoot from outside, for differential tests.
contract LibraryHarnessSquareRoot is LibraryHarness {
    function sqrtDown(uint256 square) external pure returns (uint256) {
        return SquareRoot.sqrtDown(square);
    }

    function sqrtUp(uint256 square) external pure returns (uint256) {
        return SquareRoot.sqrtUp(square);
    }
}
