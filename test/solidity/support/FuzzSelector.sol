// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the runner of campaigns may call of a contract.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}
