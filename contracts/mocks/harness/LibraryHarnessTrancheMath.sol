// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheMath} from "../../libraries/TrancheMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessTrancheMath is LibraryHarness {
    function isSpent(uint256 value, uint256 supply) external pure returns (bool) {
        return TrancheMath.isSpent(value, supply);
    }

    function toSharesDown(uint256 wad, uint256 value, uint256 supply) external pure returns (uint256) {
        return TrancheMath.toSharesDown(wad, value, supply);
    }

    function toSharesUp(uint256 wad, uint256 value, uint256 supply) external pure returns (uint256) {
        return TrancheMath.toSharesUp(wad, value, supply);
    }

    function toAssetsDown(uint256 shares, uint256 value, uint256 supply) external pure returns (uint256) {
        return TrancheMath.toAssetsDown(shares, value, supply);
    }

    function priceDown(uint256 value, uint256 supply) external pure returns (uint256) {
        return TrancheMath.priceDown(value, supply);
    }
}
