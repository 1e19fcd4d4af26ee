// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "./IClearingHouseCore.sol";
import {IClearingHouseExtension} from "./IClearingHouseExtension.sol";
import {IClearingHouseRegistry} from "./IClearingHouseRegistry.sol";
import {IClearingHouseTreasury} from "./IClearingHouseTreasury.sol";

/// @title Clearing house: margin accounts and perpetual positions on a side index
/// @notice Keeps tokens, accounts, positions and facts. Calls nothing above it: the order book, the engine and the fund call it.
/// All money is WAD of the settlement asset; token amounts are in the token's own decimals and are converted once, down when
/// crediting or paying out, up when charging. One address answers all functions of the four parts, and those of IVenue.
interface IClearingHouse is
    IClearingHouseCore,
    IClearingHouseExtension,
    IClearingHouseRegistry,
    IClearingHouseTreasury
{}
