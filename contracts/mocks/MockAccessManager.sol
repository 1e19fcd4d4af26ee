// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title OpenZeppelin's AccessManager, unchanged, so that tests have an artifact of it
/// @notice Tests only.
contract MockAccessManager is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
