// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

import {ClearingStorage} from "./ClearingStorage.sol";
import {Settlement} from "./Settlement.sol";

/// @title Second part of the clearing house's code: loss sharing, deleveraging, conversion, settlement
/// @notice Reached through ClearingHouse only, on its storage; see IClearingHouseExtension for every function. Rooms, lowest first:
/// ClearingStorage, Positions, Valuation, Balances, LossSharing, Deleveraging, BlindClosing, Conversion, Settlement. What is not here is
/// answered by ClearingHouseRegistry.
contract ClearingHouseExtension is Settlement, Proxy {
    address private immutable REGISTRY;

    constructor(Settings memory settings, address registry) ClearingStorage(settings) {
        if (registry.code.length == 0) revert ClearingHouse_InvalidLink(registry);
        REGISTRY = registry;
    }

    function _implementation() internal view override returns (address) {
        return REGISTRY;
    }
}
