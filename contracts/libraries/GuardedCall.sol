// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @notice How a guarded call ended.
enum CallOutcome {
    Returned,
    Failed,
    Short
}

/// @title The one door to foreign code (R1a)
/// @notice Tokens, price sources, yield vaults, hooks and wallets are called here and nowhere else. Each call
/// - gets a bounded amount of gas, so that the callee cannot burn the caller's;
/// - is made only when the callee can be given all of it (63/64 rule), so that the caller cannot fake a failure by
///   starving the callee: then everything reverts with `GuardedCall_InsufficientGas`;
/// - copies no more return data than was asked for, so that the callee cannot make the caller pay for memory.
/// @dev A failure of the callee is an answer, never a revert. What it means is up to the caller.
library GuardedCall {
    /// @notice An ERC-2612 approval, signed by its owner.
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice Thrown when less gas is left than the callee must be able to use.
    error GuardedCall_InsufficientGas(uint256 available, uint256 required);

    /// @dev A whole read of a price source through its reader.
    uint256 internal constant SOURCE_GAS = 400_000;
    /// @dev One call from a reader to a third-party feed; fits into SOURCE_GAS with the reader's own work. A Chainlink
    /// proxy uses 15,000 to 30,000.
    uint256 internal constant FEED_GAS = 250_000;
    /// @dev transfer, transferFrom, permit. Rebasing tokens behind two proxies stay below 150,000.
    uint256 internal constant TOKEN_GAS = 300_000;
    /// @dev balanceOf, decimals and the like.
    uint256 internal constant TOKEN_VIEW_GAS = 150_000;
    /// @dev What is spent between the check and the call: a cold account (2,600) and some stack work.
    uint256 private constant CALL_OVERHEAD = 4_000;

    /// @notice Calls a view and returns the first `words` words of what it says.
    /// @return outcome Returned; Failed when the call reverted, ran out of its gas or met no code; Short when the callee
    /// returned less than was asked for
    /// @return result `words` words when Returned, else empty
    function tryStaticCall(
        address target,
        uint256 gasLimit,
        bytes memory data,
        uint256 words
    ) internal view returns (CallOutcome outcome, uint256[] memory result) {
        requireGas(gasLimit);
        bool success;
        uint256 size;
        assembly ("memory-safe") {
            success := staticcall(gasLimit, target, add(data, 0x20), mload(data), 0, 0)
            size := returndatasize()
        }
        // After the call the account is warm, so asking for its code is cheap.
        if (!success || target.code.length == 0) return (CallOutcome.Failed, result);
        if (size < 32 * words) return (CallOutcome.Short, result);

        result = new uint256[](words);
        assembly ("memory-safe") {
            returndatacopy(add(result, 0x20), 0, mul(words, 0x20))
        }
    }

    /// @notice Calls a view that answers with one word.
    function tryReadWord(
        address target,
        uint256 gasLimit,
        bytes memory data
    ) internal view returns (bool ok, uint256 word) {
        requireGas(gasLimit);
        uint256 size;
        assembly ("memory-safe") {
            ok := staticcall(gasLimit, target, add(data, 0x20), mload(data), 0x00, 0x20)
            size := returndatasize()
            word := mload(0x00)
        }
        ok = ok && size >= 32 && target.code.length != 0;
        if (!ok) word = 0;
    }

    /// @notice Calls a view without arguments that answers with five words, and returns the second and the fourth: what
    /// `latestRoundData` says of answer and time. As tryStaticCall, without memory for question and answer.
    function tryReadRound(
        address target,
        uint256 gasLimit,
        bytes4 selector
    ) internal view returns (CallOutcome outcome, uint256 second, uint256 fourth) {
        requireGas(gasLimit);
        bool success;
        uint256 size;
        assembly ("memory-safe") {
            // Behind the free memory pointer, which stays where it is.
            let out := mload(0x40)
            mstore(out, selector)
            success := staticcall(gasLimit, target, out, 0x04, out, 0xa0)
            size := returndatasize()
            second := mload(add(out, 0x20))
            fourth := mload(add(out, 0x60))
        }
        if (!success || target.code.length == 0) return (CallOutcome.Failed, 0, 0);
        if (size < 0xa0) return (CallOutcome.Short, 0, 0);
    }

    /// @notice Calls a function whose answer does not matter. False when it reverted, ran out of its gas or met no code.
    function tryCall(address target, uint256 gasLimit, bytes memory data) internal returns (bool ok) {
        requireGas(gasLimit);
        assembly ("memory-safe") {
            ok := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0x00, 0x00)
        }
        // After the call the account is warm, so asking for its code is cheap.
        ok = ok && target.code.length != 0;
    }

    /// @notice Calls a function of the calling contract itself with all gas but a 64th, and tells how it ended. For batches
    /// whose items must not undo each other (LIQ-09); the only place where own code is called so (R1a).
    /// @param gasFloor reverts unless the item can be given this much, so that an item that was starved does not pass for
    /// one that failed, and so that an estimate of the gas limit leaves enough for it
    /// @return ok whether it returned
    /// @return reason first word of the error when it did not; 0 when the error was empty
    function trySelf(uint256 gasFloor, bytes memory data) internal returns (bool ok, bytes4 reason) {
        requireGas(gasFloor);
        assembly ("memory-safe") {
            mstore(0x00, 0)
            ok := call(gas(), address(), 0, add(data, 0x20), mload(data), 0x00, 0x20)
            if iszero(ok) {
                if gt(returndatasize(), 3) {
                    reason := and(mload(0x00), shl(224, 0xffffffff))
                }
            }
        }
    }

    /// @notice `transfer`. True only when the token says so, or says nothing and exists.
    function trySafeTransfer(address token, address to, uint256 amount) internal returns (bool ok) {
        requireGas(TOKEN_GAS);
        bytes4 selector = IERC20.transfer.selector;
        uint256 size;
        uint256 word;
        assembly ("memory-safe") {
            // Behind the free memory pointer, which stays where it is.
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 0x04), shr(96, shl(96, to)))
            mstore(add(data, 0x24), amount)
            mstore(0x00, 0)
            ok := call(TOKEN_GAS, token, 0, data, 0x44, 0x00, 0x20)
            size := returndatasize()
            word := mload(0x00)
        }
        return ok && _isYes(token, size, word);
    }

    /// @notice `transferFrom`. True only when the token says so, or says nothing and exists.
    function trySafeTransferFrom(address token, address from, address to, uint256 amount) internal returns (bool ok) {
        requireGas(TOKEN_GAS);
        bytes4 selector = IERC20.transferFrom.selector;
        uint256 size;
        uint256 word;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 0x04), shr(96, shl(96, from)))
            mstore(add(data, 0x24), shr(96, shl(96, to)))
            mstore(add(data, 0x44), amount)
            mstore(0x00, 0)
            ok := call(TOKEN_GAS, token, 0, data, 0x64, 0x00, 0x20)
            size := returndatasize()
            word := mload(0x00)
        }
        return ok && _isYes(token, size, word);
    }

    /// @notice `balanceOf`. False when the token reverts, or says less than a word, as an address without code does.
    function balanceOf(address token, address account) internal view returns (bool ok, uint256 amount) {
        requireGas(TOKEN_VIEW_GAS);
        bytes4 selector = IERC20.balanceOf.selector;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, shr(96, shl(96, account)))
            ok := and(gt(returndatasize(), 0x1f), staticcall(TOKEN_VIEW_GAS, token, 0x00, 0x24, 0x00, 0x20))
            amount := mul(ok, mload(0x00))
        }
    }

    /// @notice ERC-2612 `permit`. The result is for information only: a permit that somebody else has used before leaves
    /// the allowance that was wanted, so callers go on and let the transfer decide (CLR-02).
    function tryPermit(address token, Permit memory permit) internal returns (bool ok) {
        // A struct of value types is encoded like its members in a row.
        return tryCall(token, TOKEN_GAS, abi.encodePacked(IERC20Permit.permit.selector, abi.encode(permit)));
    }

    /// @notice Reverts unless a callee can be given `gasLimit` now.
    function requireGas(uint256 gasLimit) internal view {
        // The callee gets at most g - g/64 of the g that is left, and (64/63 L) - (64/63 L)/64 = L.
        uint256 required = gasLimit + gasLimit / 63 + CALL_OVERHEAD;
        uint256 available = gasleft();
        if (available < required) revert GuardedCall_InsufficientGas(available, required);
    }

    /// @dev `word` is the first word of a token's answer, or what there is of it. Who answers is there; who says nothing must have code.
    function _isYes(address token, uint256 size, uint256 word) private view returns (bool) {
        return size == 0 ? token.code.length != 0 : size >= 32 && word == 1;
    }
}
