// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity 0.8.37;

import {ERC20} from "solmate/src/tokens/ERC20.sol";
import {ERC4626} from "solmate/src/tokens/ERC4626.sol";

/// @title Solmate's ERC-4626 as it is
/// @notice A peer that `npm run bench` measures in the same process. Under Solmate's licence, and not among the contracts for that reason.
contract SolmateVault is ERC4626 {
    constructor(ERC20 asset_) ERC4626(asset_, "Solmate Vault", "PEER") {}

    function totalAssets() public view override returns (uint256) {
        return asset.balanceOf(address(this));
    }
}
