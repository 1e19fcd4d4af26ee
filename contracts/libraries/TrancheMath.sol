// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title Shares of a tranche and what they are worth
/// @notice Both directions count VIRTUAL shares that nobody owns and as many wei of value: so a first depositor who inflates the price
/// loses a million times what the next one can lose (CVR-01). Value and shares have 18 decimals.
/// @custom:twin sdk/math/TrancheMath.ts
library TrancheMath {
    uint256 internal constant VIRTUAL = 1e6;
    /// @dev Value of a whole tranche that may be given up with its shares: a hundredth of a unit of the settlement asset.
    uint256 private constant DUST = 1e16;
    /// @dev Most shares that a wei of such a value may stand for.
    uint256 private constant MAX_SHARES = 1e9;

    /// @notice Whether a loss has left so little that deposits at this price would soon mint more shares than a number holds. Then the old
    /// shares die at the next deposit, as if nothing had been left of them. Shares of a tranche worth DUST or more never die so.
    function isSpent(uint256 value, uint256 supply) internal pure returns (bool) {
        return value < DUST && value < supply / MAX_SHARES;
    }

    /// @notice Shares for a deposit, rounded down: favours those who are in.
    function toSharesDown(uint256 wad, uint256 value, uint256 supply) internal pure returns (uint256) {
        if (isSpent(value, supply)) supply = 0;
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
