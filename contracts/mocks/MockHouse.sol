// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trade} from "../types/Clearing.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";

/// @notice The part of a clearing house that an order book calls: writes down fills, answers what a test has set.
contract MockHouse {
    error MockHouse_Refused(uint256 reason);

    Trade[] private _trades;
    mapping(AccountId account => mapping(address actor => uint8 scopes)) private _scopes;
    mapping(AccountId account => mapping(MarketId market => int256 base)) private _bases;
    uint256 private _refusal;
    bytes private _callback;

    /* WHAT A TEST SETS */

    function setScopes(AccountId account, address actor, uint8 scopes) external {
        _scopes[account][actor] = scopes;
    }

    function setBase(AccountId account, MarketId market, int256 base) external {
        _bases[account][market] = base;
    }

    /// @notice Every later fill is refused with this reason; 0 accepts again.
    function setRefusal(uint256 reason) external {
        _refusal = reason;
    }

    /// @notice Calls the order book back with `data` in every later fill, and bubbles up what it reverts with.
    function setCallback(bytes calldata data) external {
        _callback = data;
    }

    /* WHAT THE ORDER BOOK CALLS */

    function trade(Trade calldata fill) external {
        if (_refusal != 0) revert MockHouse_Refused(_refusal);
        _trades.push(fill);
        if (_callback.length == 0) return;
        (bool success, bytes memory reason) = msg.sender.call(_callback);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function isAuthorized(AccountId account, address caller, uint8 scopes) external view returns (bool) {
        return caller == account.owner() || _scopes[account][caller] & scopes == scopes;
    }

    function positionOf(AccountId account, MarketId market) external view returns (int256 base, int256 quoteValue) {
        // The value of the position must not matter to an order book: a number that would be wrong as a base.
        return (_bases[account][market], type(int256).max);
    }

    /* WHAT A TEST READS */

    function trades() external view returns (Trade[] memory) {
        return _trades;
    }
}
