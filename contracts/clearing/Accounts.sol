// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClearingHouseCore} from "../interfaces/IClearingHouseCore.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WAD} from "../types/Constants.sol";
import {Scope} from "../types/Flags.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";
import {Balances} from "./Balances.sol";

/// @title Deposits, withdrawals and sub-accounts
/// @notice The only verbs through which users' tokens move (CLR-01, CLR-02, CLR-07).
abstract contract Accounts is Balances, IClearingHouseCore {
    using SafeCast for uint256;
    using SafeCast for int256;

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

    /// @dev Tokens for `charged` of cash; fewer while a loss is unallocated.
    function _payable(uint256 charged) private returns (uint256) {
        if (_fundAccount.unallocated != 0) return _registry().shareLoss(charged);
        return TokenUnits.toNativeDown(charged, SETTLEMENT_DECIMALS);
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
