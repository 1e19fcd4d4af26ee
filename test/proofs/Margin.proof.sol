// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Health} from "../../contracts/types/Margin.sol";

/// @title The two margin tests never contradict each other (MRG-01)
/// prove-engine: bmc
contract MarginProof {
    /// @notice An account that may add risk cannot be liquidated, as long as IM >= MM and gains are counted at most in full.
    function maintenanceIsWeaker(
        int120 balance,
        uint120 gains,
        uint80 linear,
        uint80 size,
        uint120 extra
    ) external pure {
        Health memory health;
        health.marginBalance = balance;
        health.initialBalance = int256(balance) - int256(uint256(gains));
        health.linearMargin = linear;
        health.sizeMargin = size;
        health.initialMargin = health.maintenanceMargin() + extra;
        if (health.meetsInitialMargin()) assert(!health.isLiquidatable());
    }
}
