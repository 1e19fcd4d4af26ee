// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// @title OpenZeppelin's ERC-4626 as it is
/// @notice Tests only: a peer that `npm run bench` measures in the same process.
contract OpenZeppelinVault is ERC4626 {
    constructor(IERC20 asset_) ERC4626(asset_) ERC20("OpenZeppelin Vault", "PEER") {}
}
