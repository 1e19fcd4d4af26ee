// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @title Cover tokens of a vault (CVR-03)
/// @notice The id is the number of the series; a token (1e18) covers one unit. Transferable; only the vault mints and burns.
contract CoverToken is ERC1155 {
    address public immutable vault;

    /// @notice Thrown when anyone but the vault calls.
    error CoverToken_NotVault(address caller);

    constructor() ERC1155("") {
        vault = msg.sender;
    }

    /// @notice Calls `receiver` back when it has code (ERC-1155): the vault does this last.
    function mint(address receiver, uint256 series, uint256 units) external {
        _requireVault();
        _mint(receiver, series, units, "");
    }

    function burn(address holder, uint256 series, uint256 units) external {
        _requireVault();
        _burn(holder, series, units);
    }

    function name() external pure returns (string memory) {
        return "Bulwark Cover";
    }

    function symbol() external pure returns (string memory) {
        return "bwCOVER";
    }

    /// @notice A whole token is 1e18 units of its id.
    function decimals() external pure returns (uint8) {
        return 18;
    }

    function _requireVault() private view {
        if (msg.sender != vault) revert CoverToken_NotVault(msg.sender);
    }
}
