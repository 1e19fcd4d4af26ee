// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeakyBucket} from "../../libraries/LeakyBucket.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessLeakyBucket is LibraryHarness {
    function remainingUp(uint256 used, uint256 elapsed, uint256 period) external pure returns (uint256) {
        return LeakyBucket.remainingUp(used, elapsed, period);
    }

    function leftDown(uint256 share, uint256 reserve, uint256 used) external pure returns (uint256) {
        return LeakyBucket.leftDown(share, reserve, used);
    }
}
