// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {TokenUnits} from "../../libraries/TokenUnits.sol";

/// @notice Tests only: GuardedCall and TokenUnits from outside.
contract GuardedCallHarness {
    function tryStaticCall(
        address target,
        uint256 gasLimit,
        bytes calldata data,
        uint256 words
    ) external view returns (CallOutcome outcome, uint256[] memory result) {
        return GuardedCall.tryStaticCall(target, gasLimit, data, words);
    }

    /// @notice As above, with what the call cost.
    function measureStaticCall(
        address target,
        uint256 gasLimit,
        bytes calldata data,
        uint256 words
    ) external view returns (CallOutcome outcome, uint256 used) {
        bytes memory copy = data;
        uint256 before = gasleft();
        (outcome, ) = GuardedCall.tryStaticCall(target, gasLimit, copy, words);
        used = before - gasleft();
    }

    function tryReadWord(
        address target,
        uint256 gasLimit,
        bytes calldata data
    ) external view returns (bool ok, uint256 word) {
        return GuardedCall.tryReadWord(target, gasLimit, data);
    }

    function tryCall(address target, uint256 gasLimit, bytes calldata data) external returns (bool ok) {
        return GuardedCall.tryCall(target, gasLimit, data);
    }

    function trySafeTransfer(address token, address to, uint256 amount) external returns (bool ok) {
        return GuardedCall.trySafeTransfer(token, to, amount);
    }

    function trySafeTransferFrom(address token, address from, address to, uint256 amount) external returns (bool ok) {
        return GuardedCall.trySafeTransferFrom(token, from, to, amount);
    }

    function balanceOf(address token, address account) external view returns (bool ok, uint256 amount) {
        return GuardedCall.balanceOf(token, account);
    }

    function tryPermit(address token, GuardedCall.Permit calldata permit) external returns (bool ok) {
        return GuardedCall.tryPermit(token, permit);
    }

    function tryDecimals(address token) external view returns (bool ok, uint8 decimals) {
        return TokenUnits.tryDecimals(token);
    }

    function toWad(uint256 native, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toWad(native, decimals);
    }

    function toNativeDown(uint256 wad, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toNativeDown(wad, decimals);
    }

    function toNativeUp(uint256 wad, uint8 decimals) external pure returns (uint256) {
        return TokenUnits.toNativeUp(wad, decimals);
    }
}
