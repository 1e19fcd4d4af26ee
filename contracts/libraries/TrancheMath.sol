// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title Shares of a tranche and what they are worth
/// @notice Both directions count VIRTUAL shares that nobody owns and as many wei of value: so a first depositor who inflates the price
/// loses a million times what the next one can lose (CVR-01). Value and shares have 18 decimals.
library TrancheMath {
    uint256 internal constant VIRTUAL = 1e6;

    /// @notice Shares for a deposit, rounded down: favours those who are in.
    function toSharesDown(uint256 wad, uint256 value, uint256 supply) internal pure returns (uint256) {
        return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL);
    }

    /// @notice Shares that a payment of `wad` uses up, rounded up: favours those who stay.
    function toSharesUp(uint256 wad, uint256 value, uint256 supply) internal pure returns (uint256) {
        return WadMath.mulDivUp(wad, supply + VIRTUAL, value + VIRTUAL);
    }

    /// @notice What shares are worth, rounded down, never above the whole value: favours those who stay.
    /// @dev Below a price of 1 the virtual value gives the last share up to VIRTUAL wei too much, hence the minimum.
    function toAssetsDown(uint256 shares, uint256 value, uint256 supply) internal pure returns (uint256) {
        return WadMath.min(WadMath.mulDivDown(shares, value + VIRTUAL, supply + VIRTUAL), value);
    }

    /// @notice Value of one share, WAD.
    function priceDown(uint256 value, uint256 supply) internal pure returns (uint256) {
        return WadMath.mulDivDown(WAD, value + VIRTUAL, supply + VIRTUAL);
    }
}
