// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPremiumModel} from "../interfaces/IPremiumModel.sol";
import {CodePiece} from "../libraries/CodePiece.sol";
import {CoverageVaultTreaties} from "./CoverageVaultTreaties.sol";
import {Products} from "./Products.sol";
import {Purchases} from "./Purchases.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title The part of a coverage vault that sells and pays cover
/// @notice Works on the storage of the CoverageVault that calls it: see there. Called directly it is a vault without tokens and without
/// capital, which sells nothing. What it does not have is answered by CoverageVaultTreaties.
contract CoverageVaultExtension is Purchases, CodePiece {
    address private immutable TREATIES;

    /// @param premiumModel_ prices cover for every vault with this extension
    constructor(
        Settings memory settings_,
        IPremiumModel premiumModel_
    ) VaultStorage(settings_) Products(premiumModel_) {
        TREATIES = address(new CoverageVaultTreaties(settings_));
    }

    /// @notice What prices cover; immutable.
    function premiumModel() external view returns (address) {
        return address(MODEL);
    }

    /// @notice What a vault with this extension is linked to.
    function settings() external view returns (Settings memory) {
        return Settings({accessManager: authority(), house: HOUSE, fund: FUND, verifier: VERIFIER, floor: FLOOR});
    }

    function _nextPiece() internal view override returns (address) {
        return TREATIES;
    }
}
