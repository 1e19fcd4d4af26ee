// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Treaties} from "./Treaties.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title The part of a coverage vault that concludes treaties
/// @notice Works on the storage of the CoverageVault that calls it: see there. Made by the extension, with its settings: nothing to deploy or
/// link. How a treaty is drawn stands in Commitments, in the first piece.
contract CoverageVaultTreaties is Treaties {
    constructor(Settings memory settings_) VaultStorage(settings_) {}
}
