// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, WithdrawalQueue} from "../types/Clearing.sol";
import {AccountFlags} from "../types/Flags.sol";
import {Header, HeaderWord} from "../types/Headers.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {Words} from "../types/Words.sol";
import {DeficitGate} from "./DeficitGate.sol";

/// @title Balances and the checks on them that several verbs share
abstract contract Balances is DeficitGate {
    using SafeCast for uint256;
    using Words for AccountHeader;

    /// @dev Largest amount of one call, WAD: keeps every sum of amounts inside int128.
    uint256 internal constant MAX_AMOUNT = type(uint96).max;

    /* COLLATERAL */

    /// @dev Adds collateral; while an auction runs no asset is added to the account (ORC-05).
    function _addCollateralTo(AccountId account, Header memory header, uint256 asset, uint256 amount) internal {
        if (!header.word.hasAsset(asset)) {
            if (header.word.flags() & AccountFlags.IN_AUCTION != 0) revert ClearingHouse_InAuction(account);
            header.addAsset(asset);
        }
        _collateral[account][asset] += amount;
    }

    function _removeCollateralFrom(AccountId account, Header memory header, uint256 asset, uint256 amount) internal {
        uint256 left = _collateral[account][asset] - amount;
        _collateral[account][asset] = left;
        if (left == 0) header.removeAsset(asset);
    }

    /* CASH AND COLLATERAL */

    function _give(AccountId account, AssetId asset, uint256 amount) internal {
        Header memory header = Header({word: _headers[account].load()});
        uint256 index = AssetId.unwrap(asset);
        if (index == 0) _addCash(header, amount.toInt256());
        else _addCollateralTo(account, header, index, amount);
        _saveHeader(account, header);
    }

    /// @dev Takes from an account what it has; cash must not become negative by taking.
    /// @return the header as it is stored then
    function _take(AccountId account, AssetId asset, uint256 amount) internal returns (HeaderWord) {
        Header memory header = Header({word: _headers[account].load()});
        uint256 index = AssetId.unwrap(asset);
        int256 balance = index == 0 ? header.word.cash() : int256(_collateral[account][index]);
        if (balance < amount.toInt256()) revert ClearingHouse_InsufficientBalance(account, asset, amount, balance);
        if (index == 0) _addCash(header, -amount.toInt256());
        else _removeCollateralFrom(account, header, index, amount);
        _saveHeader(account, header);
        return header.word;
    }

    /// @dev An account without positions and debts may take out what it holds whatever the oracle says (R6).
    function _requireMarginAfter(AccountId account, HeaderWord header) internal view {
        if (header.markets() == 0 && header.cash() >= 0) return;
        Health memory health = _healthAt(account, header, _quotes(_feedsOf(header)));
        // Its part of a loss that can be seen and is not booked stays behind (CLR-07).
        uint256 share = _deficitShareUp(account);
        if (share != 0) {
            health.initialBalance -= share.toInt256();
            if (!health.meetsInitialMargin()) revert ClearingHouse_DeficitShareWithheld(account, share);
        }
        _requireInitialMargin(account, health);
    }

    /* TOKENS */

    function _tokenBalance() internal view returns (uint256 balance) {
        (, balance) = GuardedCall.balanceOf(SETTLEMENT_TOKEN, address(this));
    }

    /// @dev Settlement tokens that no waiting withdrawal has a claim on, in the token's own decimals, rounded down.
    function _tokensHeld() internal view returns (uint256) {
        return _heldOf(_tokenBalance());
    }

    /// @dev As above, of a balance that was just read.
    function _heldOf(uint256 held) internal view returns (uint256) {
        if (!_fundAccount.hasQueue) return held;
        WithdrawalQueue memory queue = _queue;
        uint256 claimed = TokenUnits.toNativeUp(uint256(queue.waiting) + queue.reserved, SETTLEMENT_DECIMALS);
        return held - WadMath.min(held, claimed);
    }

    /// @dev A token that takes more than it was told would eat into what belongs to others.
    function _pay(address token, address to, uint256 amount) internal {
        (, uint256 before) = GuardedCall.balanceOf(token, address(this));
        _payFrom(token, before, to, amount);
    }

    /// @dev As above, where the balance was just read.
    function _payFrom(address token, uint256 before, address to, uint256 amount) internal {
        if (!GuardedCall.trySafeTransfer(token, to, amount)) revert ClearingHouse_TransferFailed(token, to, amount);
        _requireLeft(token, before, amount);
    }

    function _requireLeft(address token, uint256 before, uint256 amount) internal view {
        (, uint256 rest) = GuardedCall.balanceOf(token, address(this));
        if (rest + amount != before) {
            revert ClearingHouse_UnexpectedTransfer(token, amount, before > rest ? before - rest : 0);
        }
    }

    /* CHECKS */

    function _requireNoDust(AccountId account, Health memory health) internal view {
        uint256 required = health.maintenanceMargin();
        if (required != 0 && required < MIN_MAINTENANCE_MARGIN) {
            revert ClearingHouse_DustPosition(account, required, MIN_MAINTENANCE_MARGIN);
        }
    }

    function _requireInitialMargin(AccountId account, Health memory health) internal pure {
        if (health.hasBlind) revert ClearingHouse_BlindAccount(account);
        if (!health.meetsInitialMargin()) {
            revert ClearingHouse_BelowInitialMargin(account, health.initialBalance, health.initialMargin);
        }
    }
}
