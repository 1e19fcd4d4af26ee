// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice Solady's exp and ln from outside, for differential tests of sdk/math/ExpLn.ts.
contract LibraryHarnessExpLn is LibraryHarness {
    function expWad(int256 x) external pure returns (int256) {
        return FixedPointMathLib.expWad(x);
    }

    function lnWad(int256 x) external pure returns (int256) {
        return FixedPointMathLib.lnWad(x);
    }
}
