// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClearingStorage} from "./ClearingStorage.sol";
import {Delisting} from "./Delisting.sol";

/// @title Clearing house, fourth piece of code: money with the fund, sale of collateral, limits of risk
/// @notice Runs by delegatecall at the house's address and on its storage; called at its own address it has no accounts and no links.
contract ClearingHouseTreasury is Delisting {
    constructor(Settings memory settings) ClearingStorage(settings) {}
}
