// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {GuardedCall} from "./GuardedCall.sol";

/// @title Between a token's own decimals and WAD
/// @notice The only place where amounts cross that border (spec, section 1): down when crediting or paying out, up when
/// charging. `decimals` is at most 18; listing checks it.
/// @custom:twin sdk/units.ts
library TokenUnits {
    /// @notice Exact.
    function toWad(uint256 native, uint8 decimals) internal pure returns (uint256) {
        return native * _scale(decimals);
    }

    /// @notice Favours whoever pays out.
    function toNativeDown(uint256 wad, uint8 decimals) internal pure returns (uint256) {
        return wad / _scale(decimals);
    }

    /// @notice Favours whoever charges.
    function toNativeUp(uint256 wad, uint8 decimals) internal pure returns (uint256) {
        if (wad == 0) return 0;
        return (wad - 1) / _scale(decimals) + 1;
    }

    /// @notice What the token says about itself. False when it does not answer, or with more than a byte.
    function tryDecimals(address token) internal view returns (bool ok, uint8 decimals) {
        uint256 word;
        (ok, word) = GuardedCall.tryReadWord(
            token,
            GuardedCall.TOKEN_VIEW_GAS,
            abi.encodeCall(IERC20Metadata.decimals, ())
        );
        if (!ok || word > type(uint8).max) return (false, 0);
        decimals = uint8(word);
    }

    function _scale(uint8 decimals) private pure returns (uint256) {
        uint256 exponent = 18 - decimals;
        unchecked {
            return 10 ** exponent; // At most 1e18.
        }
    }
}
