// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Scope} from "../types/Flags.sol";
import {HeaderWord} from "../types/Headers.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";
import {BlindClosing} from "./BlindClosing.sol";

/// @title Transfers between the sub-accounts of one owner (CLR-01)
abstract contract Moves is BlindClosing {
    function move(AccountId from, AccountId to, AssetId asset, uint256 amount) external nonReentrant {
        _requireAuthorized(from, Scope.MOVE);
        if (from.owner() != to.owner() || from == to) revert ClearingHouse_NotAuthorized(to, msg.sender, Scope.MOVE);
        if (amount == 0 || amount > MAX_AMOUNT) revert ClearingHouse_InvalidAmount(amount, MAX_AMOUNT);
        _requireAsset(asset);
        HeaderWord header = _take(from, asset, amount);
        _give(to, asset, amount);
        _requireMarginAfter(from, header);
        emit Moved(from, to, asset, amount);
    }
}
