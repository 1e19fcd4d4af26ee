// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NormalMath} from "../../libraries/NormalMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice NormalMath from outside, for differential tests.
contract LibraryHarnessNormalMath is LibraryHarness {
    function cumulative(int256 x) external pure returns (uint256) {
        return NormalMath.cumulative(x);
    }
}
