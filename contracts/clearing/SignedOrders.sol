// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ISignedOrders} from "../interfaces/ISignedOrders.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {Trade} from "../types/Clearing.sol";
import {Scope} from "../types/Flags.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Order, OrderFlags} from "../types/Orders.sol";

/// @title Signed orders
/// @notice See ISignedOrders. Immutable, without owner and without tokens; the house trusts it for the consent of both
/// sides.
contract SignedOrders is ISignedOrders, EIP712, ReentrancyGuardTransient {
    /// @dev Largest fill: its sign can be turned round without overflow.
    uint256 private constant MAX_SIZE = uint256(type(int256).max);
    /// @dev Words of 256 nonces that one call of cancelRange takes.
    uint256 private constant MAX_RANGE_WORDS = 64;
    /// @dev Gas for an owner's ERC-1271 answer: a passkey verified in Solidity needs about 350,000, a multi-signature
    /// wallet less.
    uint256 private constant SIGNATURE_GAS = 500_000;

    IClearingHouse private immutable _house;

    /// @dev Bit i of word w is set when nonce 256 * w + i of the account is cancelled or taken.
    mapping(AccountId account => mapping(uint256 word => uint256 bits)) private _usedNonces;
    /// @dev Absolute base filled of an order that is not yet filled completely, WAD.
    mapping(bytes32 orderHash => uint256 size) private _filled;

    constructor(address house_) EIP712("Bulwark Signed Orders", "1") {
        if (house_.code.length == 0) revert SignedOrders_InvalidHouse(house_);
        _house = IClearingHouse(house_);
    }

    /* STATE-CHANGING */

    /// @inheritdoc ISignedOrders
    function fill(Order calldata order, bytes calldata signature, AccountId taker, uint256 size) external nonReentrant {
        // Check: the taker consents by calling, the maker by signature, and what is asked is what was signed.
        _requireMayTrade(taker);
        int256 change = _take(order, signature, taker, size, order.limitPrice);

        // Interaction: the house checks margin and price band and books both sides, or all of this is undone.
        _house.trade(
            Trade({taker: taker, maker: order.account, market: order.market, size: -change, price: order.limitPrice})
        );
    }

    /// @inheritdoc ISignedOrders
    function settle(
        Order calldata maker,
        bytes calldata makerSignature,
        Order calldata taker,
        bytes calldata takerSignature,
        uint256 size
    ) external nonReentrant {
        _requireCrossing(maker, taker);
        // The maker's price: never worse than what the taker has signed.
        int256 change = _take(maker, makerSignature, taker.account, size, maker.limitPrice);
        _take(taker, takerSignature, maker.account, size, maker.limitPrice);
        _house.trade(
            Trade({
                taker: taker.account,
                maker: maker.account,
                market: maker.market,
                size: -change,
                price: maker.limitPrice
            })
        );
    }

    /// @dev One side of a fill: all checks of an order, then its nonce or its count.
    /// @return change base that the order's account receives, WAD
    function _take(
        Order calldata order,
        bytes calldata signature,
        AccountId counterparty,
        uint256 size,
        uint256 price
    ) private returns (int256 change) {
        if (AccountId.unwrap(order.taker) != 0 && order.taker != counterparty) {
            revert SignedOrders_WrongTaker(order.taker, counterparty);
        }
        bytes32 hash = orderHash(order);
        _requireOpen(order);
        uint256 left = _requireFits(order, hash, size) - size;
        change = order.isBuy() ? int256(size) : -int256(size);
        if (order.isReduceOnly()) _requireReducing(order, change);
        _requireSigned(order.account, hash, signature);

        // Effect: what is filled completely takes its nonce, what is not counts its fills.
        if (left == 0) {
            _usedNonces[order.account][order.nonce >> 8] |= _bitOf(order.nonce);
        } else {
            _filled[hash] = order.absoluteSize() - left;
        }
        emit OrderFilled(hash, order.account, counterparty, order.market, change, price, left);
    }

    /// @dev One market, opposite sides, prices that meet.
    function _requireCrossing(Order calldata maker, Order calldata taker) private pure {
        bool isOneMarket = MarketId.unwrap(maker.market) == MarketId.unwrap(taker.market);
        (uint256 bought, uint256 sold) = maker.isBuy()
            ? (maker.limitPrice, taker.limitPrice)
            : (taker.limitPrice, maker.limitPrice);
        if (!isOneMarket || maker.isBuy() == taker.isBuy() || bought < sold) {
            revert SignedOrders_NotCrossing(maker.market, taker.market, maker.size, taker.size, bought, sold);
        }
    }

    /// @inheritdoc ISignedOrders
    function cancel(AccountId account, uint256[] calldata nonces) external nonReentrant {
        _requireMayTrade(account);
        // The caller chooses the length and pays for it.
        for (uint256 i = 0; i < nonces.length; ++i) {
            _cancel(account, nonces[i] >> 8, _bitOf(nonces[i]));
        }
    }

    /// @inheritdoc ISignedOrders
    function cancelWord(AccountId account, uint256 word, uint256 mask) external nonReentrant {
        _requireMayTrade(account);
        _cancel(account, word, mask);
    }

    /// @inheritdoc ISignedOrders
    function cancelRange(AccountId account, uint256 first, uint256 last) external nonReentrant {
        _requireMayTrade(account);
        if (first > last || (last >> 8) - (first >> 8) >= MAX_RANGE_WORDS) {
            revert SignedOrders_InvalidRange(first, last, MAX_RANGE_WORDS);
        }
        uint256 words = (last >> 8) - (first >> 8);
        for (uint256 i = 0; i <= words; ++i) {
            uint256 mask = type(uint256).max;
            if (i == 0) mask <<= first & 0xff;
            if (i == words) mask &= type(uint256).max >> (255 - (last & 0xff));
            _cancel(account, (first >> 8) + i, mask);
        }
    }

    /* VIEWS */

    /// @inheritdoc ISignedOrders
    function orderHash(Order calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(order.structHash());
    }

    /// @inheritdoc ISignedOrders
    function remaining(Order calldata order) external view returns (uint256) {
        return isNonceUsed(order.account, order.nonce) ? 0 : order.absoluteSize() - _filled[orderHash(order)];
    }

    /// @inheritdoc ISignedOrders
    function isNonceUsed(AccountId account, uint256 nonce) public view returns (bool) {
        return _usedNonces[account][nonce >> 8] & _bitOf(nonce) != 0;
    }

    /// @inheritdoc ISignedOrders
    function usedNonces(AccountId account, uint256 word) external view returns (uint256 bitmap) {
        return _usedNonces[account][word];
    }

    /// @inheritdoc ISignedOrders
    function house() external view returns (address) {
        return address(_house);
    }

    /* CHECKS OF AN ORDER */

    /// @dev What makes an order good for nobody: house, time, flags, nonce.
    function _requireOpen(Order calldata order) private view {
        if (order.house != address(_house)) revert SignedOrders_WrongHouse(order.house, address(_house));
        if (block.timestamp > order.expiry) revert SignedOrders_Expired(order.expiry, block.timestamp);
        if (order.flags > OrderFlags.ALL) revert SignedOrders_InvalidFlags(order.flags);
        if (isNonceUsed(order.account, order.nonce)) revert SignedOrders_NonceUsed(order.account, order.nonce);
    }

    /// @dev Returns what is left of the order before this fill, at least `size`.
    function _requireFits(Order calldata order, bytes32 hash, uint256 size) private view returns (uint256 left) {
        if (size == 0 || size > MAX_SIZE) revert SignedOrders_InvalidSize(size, MAX_SIZE);
        left = order.absoluteSize();
        if (order.allowsPartialFills()) left -= _filled[hash];
        if (size > left) revert SignedOrders_ExceedsRemaining(size, left);
        if (size != left && !order.allowsPartialFills()) revert SignedOrders_PartialFill(size, left);
    }

    /// @dev The house's position of this moment: a position that was liquidated or deleveraged meanwhile lets less
    /// through.
    function _requireReducing(Order calldata order, int256 change) private view {
        (int256 base, ) = _house.positionOf(order.account, order.market);
        bool isOpposite = change > 0 ? base < 0 : base > 0;
        if (!isOpposite || SignedMath.abs(change) > SignedMath.abs(base)) {
            revert SignedOrders_NotReducing(order.account, base, change);
        }
    }

    /// @dev ECDSA first, so that an owner with code (EIP-7702) can still sign with its key.
    function _requireSigned(AccountId account, bytes32 hash, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(hash, signature);
        if (problem == ECDSA.RecoverError.NoError && _mayTrade(account, signer)) return;
        if (!_isSignedByWallet(account.owner(), hash, signature)) {
            revert SignedOrders_InvalidSignature(account, hash);
        }
    }

    /// @dev A wallet that reverts, burns its gas or answers anything but the magic value has not signed.
    function _isSignedByWallet(address wallet, bytes32 hash, bytes calldata signature) private view returns (bool) {
        if (wallet.code.length == 0) return false;
        (bool success, uint256 answer) = GuardedCall.tryReadWord(
            wallet,
            SIGNATURE_GAS,
            abi.encodeCall(IERC1271.isValidSignature, (hash, signature))
        );
        return success && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }

    /* RIGHTS AND NONCES */

    function _requireMayTrade(AccountId account) private view {
        if (!_mayTrade(account, msg.sender)) revert SignedOrders_NotAuthorized(account, msg.sender);
    }

    /// @dev An owner needs no word of the house, so that its cancellations depend on nothing else.
    function _mayTrade(AccountId account, address actor) private view returns (bool) {
        return account.owner() == actor || _house.isAuthorized(account, actor, Scope.TRADE);
    }

    function _cancel(AccountId account, uint256 word, uint256 mask) private {
        uint256 used = _usedNonces[account][word];
        uint256 cancelled = mask & ~used;
        if (cancelled == 0) return;
        _usedNonces[account][word] = used | cancelled;
        emit NoncesCancelled(account, word, cancelled);
    }

    function _bitOf(uint256 nonce) private pure returns (uint256) {
        return 1 << (nonce & 0xff);
    }
}
