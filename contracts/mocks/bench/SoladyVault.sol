// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC4626} from "solady/src/tokens/ERC4626.sol";

/// @title Solady's ERC-4626 as it is
/// @notice Tests only: a peer that `npm run bench` measures in the same process.
contract SoladyVault is ERC4626 {
    address private immutable _asset;

    constructor(address asset_) {
        _asset = asset_;
    }

    function asset() public view override returns (address) {
        return _asset;
    }

    function name() public pure override returns (string memory) {
        return "Solady Vault";
    }

    function symbol() public pure override returns (string memory) {
        return "PEER";
    }
}
