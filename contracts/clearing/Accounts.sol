// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClearingHouseCore} from "../interfaces/IClearingHouseCore.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {Scope} from "../types/Flags.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {Words} from "../types/Words.sol";
import {Balances} from "./Balances.sol";

/// @title Deposits, withdrawals and sub-accounts
/// @notice The only verbs through which users' tokens move (CLR-01, CLR-02, CLR-07).
abstract contract Accounts is Balances, IClearingHouseCore {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;

    function deposit(
        AccountId account,
        AssetId asset,
        uint256 amount
    ) external nonReentrant returns (uint256 credited) {
        return _deposit(account, asset, amount);
    }

    function depositWithPermit(
        AccountId account,
        AssetId asset,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (uint256 credited) {
        // A permit that someone else has already used leaves the allowance in place; the transfer decides (CLR-02).
        GuardedCall.tryPermit(
            _assets[_requireAsset(asset)].token,
            GuardedCall.Permit({
                owner: msg.sender,
                spender: address(this),
                value: amount,
                deadline: deadline,
                v: v,
                r: r,
                s: s
            })
        );
        return _deposit(account, asset, amount);
    }

    function withdraw(AccountId account, AssetId asset, uint256 amount) external nonReentrant returns (uint256 paid) {
        _requireAuthorized(account, Scope.WITHDRAW);
        uint256 index = _requireAsset(asset);
        (address token, uint8 decimals) = (_assets[index].token, _assets[index].decimals);
        uint256 charged = TokenUnits.toWad(_boundedNative(amount, decimals), decimals);
        _requireMarginAfter(account, _take(account, asset, charged));
        if (index != 0) {
            _assetTotals[index] -= charged;
            paid = amount;
            _pay(token, account.owner(), paid);
        } else {
            uint256 due = _payable(charged);
            uint256 balance = _tokenBalance();
            // Whoever comes while others wait, waits with them (CLR-10).
            if (due > _heldOf(balance)) _registry().enqueue(account, TokenUnits.toWad(due, SETTLEMENT_DECIMALS));
            else paid = due;
            if (paid != 0) _payFrom(SETTLEMENT_TOKEN, balance, account.owner(), paid);
        }
        emit Withdrawn(account, asset, account.owner(), paid, charged);
    }

    function move(AccountId from, AccountId to, AssetId asset, uint256 amount) external nonReentrant {
        _requireAuthorized(from, Scope.MOVE);
        if (from.owner() != to.owner() || from == to) revert ClearingHouse_NotAuthorized(to, msg.sender, Scope.MOVE);
        if (amount == 0 || amount > MAX_AMOUNT) revert ClearingHouse_InvalidAmount(amount, MAX_AMOUNT);
        _requireAsset(asset);
        AccountHeader memory header = _take(from, asset, amount);
        _give(to, asset, amount);
        _requireMarginAfter(from, header);
        emit Moved(from, to, asset, amount);
    }

    /* STEPS */

    /// @dev Check, interaction measured by balance, effect: the lock keeps a token's hook out, so the order is safe.
    function _deposit(AccountId account, AssetId asset, uint256 amount) private returns (uint256 credited) {
        _requireAuthorized(account, Scope.DEPOSIT);
        uint256 index = _requireAsset(asset);
        (address token, uint8 decimals) = (_assets[index].token, _assets[index].decimals);
        _boundedNative(amount, decimals);
        uint256 received = _pull(token, amount);
        // A settlement token with a fee cannot be kept to the wei, so it is refused (spec section 1).
        if (index == 0 && received != amount) {
            revert ClearingHouse_UnexpectedTransfer(token, amount, received);
        }
        credited = TokenUnits.toWad(_boundedNative(received, decimals), decimals);
        if (index != 0) {
            uint256 total = _assetTotals[index] + credited;
            uint256 cap = _assets[index].cap * WAD;
            if (total > cap) revert ClearingHouse_AssetCapExceeded(asset, total, cap);
            _assetTotals[index] = total;
        }
        _give(account, asset, credited);
        emit Deposited(account, asset, msg.sender, received, credited);
    }

    function _give(AccountId account, AssetId asset, uint256 amount) private {
        AccountHeader memory header = _headers[account].load();
        uint256 index = AssetId.unwrap(asset);
        if (index == 0) _addCash(header, amount.toInt256());
        else _addCollateralTo(account, header, index, amount);
        _saveHeader(account, header);
    }

    /// @dev Takes from an account what it has; cash must not become negative by taking.
    /// @return header as it is stored then
    function _take(AccountId account, AssetId asset, uint256 amount) private returns (AccountHeader memory header) {
        header = _headers[account].load();
        uint256 index = AssetId.unwrap(asset);
        int256 balance = index == 0 ? int256(header.cash) : int256(_collateral[account][index]);
        if (balance < amount.toInt256()) revert ClearingHouse_InsufficientBalance(account, asset, amount, balance);
        if (index == 0) _addCash(header, -amount.toInt256());
        else _removeCollateralFrom(account, header, index, amount);
        _saveHeader(account, header);
    }

    /// @dev An account without positions and debts may take out what it holds whatever the oracle says (R6).
    function _requireMarginAfter(AccountId account, AccountHeader memory header) private view {
        if (header.markets == 0 && header.cash >= 0) return;
        Health memory health = _healthAt(account, header, _quotes(_feedsOf(header)));
        // Its part of a loss that can be seen and is not booked stays behind (CLR-07).
        uint256 share = _deficitShareUp(account);
        if (share != 0) {
            health.initialBalance -= share.toInt256();
            if (!health.meetsInitialMargin()) revert ClearingHouse_DeficitShareWithheld(account, share);
        }
        _requireInitialMargin(account, health);
    }

    /// @dev Tokens for `charged` of cash. While a loss is unallocated, everyone who leaves is paid the same part of what is held,
    /// and what he gives up repays the loss: paying in any order and in any pieces comes to the same (R3).
    function _payable(uint256 charged) private returns (uint256 native) {
        uint256 missing = _fundAccount.unallocated;
        uint256 pay = charged;
        if (missing != 0) {
            // What the house has for its accounts: tokens, and what the fund has booked and not yet sent (FND-11).
            int256 assets = TokenUnits.toWad(_tokensHeld(), SETTLEMENT_DECIMALS).toInt256() - _fundAccount.balance;
            if (assets <= 0) revert ClearingHouse_InsufficientLiquidity(charged, _tokensHeld());
            pay = WadMath.mulDivDown(charged, uint256(assets), uint256(assets) + missing);
        }
        native = TokenUnits.toNativeDown(pay, SETTLEMENT_DECIMALS);
        if (missing != 0) {
            uint256 givenUp = charged - TokenUnits.toWad(native, SETTLEMENT_DECIMALS);
            _fundAccount.unallocated = uint96(missing - WadMath.min(givenUp, missing));
        }
    }

    function _pull(address token, uint256 amount) internal returns (uint256 received) {
        (bool isReadable, uint256 before) = GuardedCall.balanceOf(token, address(this));
        if (!isReadable || !GuardedCall.trySafeTransferFrom(token, msg.sender, address(this), amount)) {
            revert ClearingHouse_TransferFailed(token, address(this), amount);
        }
        uint256 current;
        (isReadable, current) = GuardedCall.balanceOf(token, address(this));
        if (!isReadable) revert ClearingHouse_TransferFailed(token, address(this), amount);
        received = current > before ? current - before : 0;
    }

    /// @dev Range check at the door, in the token's own decimals.
    function _boundedNative(uint256 amount, uint8 decimals) private pure returns (uint256) {
        uint256 max = TokenUnits.toNativeDown(MAX_AMOUNT, decimals);
        if (amount == 0 || amount > max) revert ClearingHouse_InvalidAmount(amount, max);
        return amount;
    }
}
