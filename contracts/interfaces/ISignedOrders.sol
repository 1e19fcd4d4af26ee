// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Order} from "../types/Orders.sol";

/// @title Signed orders: the order book of a clearing house (CLR-03)
/// @notice A maker signs an order off-chain; a taker brings it on-chain and trades against it. The house checks margin
/// and the price band; this contract answers for the consent of both sides, and holds neither tokens nor rights of its
/// own.
///
/// Who consents. The taker by calling: the owner of the taker's account, or a delegate with Scope.TRADE. The maker by
/// signature: of the owner or of a delegate with Scope.TRADE (ECDSA, 65 bytes, low s), or, when that fails and the
/// owner has code, by the owner's own word (ERC-1271). An owner that is an EOA with code (EIP-7702) can use both.
/// Rights are read when the order is filled: taking a delegate's scope back, or letting it lapse, stops all orders that
/// the delegate has signed.
///
/// Nonces belong to the maker's account, one bit each. An order takes its nonce when it has been filled completely: a
/// fill-or-kill order with its only fill, an order with partial fills with its last one. Until then `filled` counts its
/// fills. A cancelled or taken nonce stops every order that carries it, so orders that share a nonce exclude each
/// other: the first to be filled completely ends the rest. Warning: partly filled, they do not, and together can trade
/// more than each of them alone. Nonces in the same word of 256 share a storage slot: counting up is cheapest.
///
/// @dev Re-entrancy: `fill` and both cancellations hold one transient lock. The only foreign code is the owner's
/// ERC-1271 answer: a static call with bounded gas whose returned data is not copied beyond one word, before any state
/// changes. All state changes come before the call of the house. The views are safe to read at any time; during
/// `fill`'s call of the house they already show the fill.
/// @dev Warning: an order is bound to this contract, the chain id that the chain reports now, and the house. It is NOT
/// bound to one of two branches of a fork that keep the same chain id: there it can be filled on both. After a fork
/// that changes the chain id, signatures are valid only on the branch that kept it.
/// @dev Warning: an ERC-1271 answer can change from block to block, so an order of such a wallet is no promise that it
/// can be filled.
interface ISignedOrders {
    /// @notice A fill was handed to the house.
    /// @param size base that the maker receives, WAD, negative when it sells
    /// @param price price of the fill, WAD
    /// @param left absolute base that can still be filled, WAD
    event OrderFilled(
        bytes32 indexed orderHash,
        AccountId indexed maker,
        AccountId indexed taker,
        MarketId market,
        int256 size,
        uint256 price,
        uint256 left
    );

    /// @notice Nonces that could be used before can no longer be used.
    /// @param word number of the word: nonce / 256
    /// @param mask one bit for each nonce of the word that was not used before
    event NoncesCancelled(AccountId indexed account, uint256 indexed word, uint256 mask);

    /// @notice Thrown when the contract is deployed for an address without code.
    error SignedOrders_InvalidHouse(address house);
    /// @notice Thrown when a caller may not trade for an account.
    error SignedOrders_NotAuthorized(AccountId account, address caller);
    /// @notice Thrown when an order was signed for another house.
    error SignedOrders_WrongHouse(address ordered, address house);
    /// @notice Thrown after the last second of an order.
    error SignedOrders_Expired(uint256 expiry, uint256 timestamp);
    /// @notice Thrown when an order has bits set that mean nothing.
    error SignedOrders_InvalidFlags(uint8 flags);
    /// @notice Thrown when an order is reserved for another account.
    error SignedOrders_WrongTaker(AccountId ordered, AccountId taker);
    /// @notice Thrown when an order was filled completely or cancelled, or another one with its nonce was.
    error SignedOrders_NonceUsed(AccountId account, uint256 nonce);
    /// @notice Thrown when a fill is zero or larger than a signed size can be.
    error SignedOrders_InvalidSize(uint256 size, uint256 max);
    /// @notice Thrown when a fill asks for more than the order has left.
    error SignedOrders_ExceedsRemaining(uint256 asked, uint256 remaining);
    /// @notice Thrown when a fill asks for a part of a fill-or-kill order.
    error SignedOrders_PartialFill(uint256 asked, uint256 size);
    /// @notice Thrown when a fill of a reduce-only order would not reduce, or would turn round, the maker's position
    /// `base`.
    error SignedOrders_NotReducing(AccountId account, int256 base, int256 change);
    /// @notice Thrown by `settle` when two orders are not of one market, not on opposite sides, or the buyer's limit is below the seller's.
    error SignedOrders_NotCrossing(
        MarketId makerMarket,
        MarketId takerMarket,
        int256 makerSize,
        int256 takerSize,
        uint256 bought,
        uint256 sold
    );
    /// @notice Thrown by `cancelRange` when the last nonce is before the first, or the range is over more words than one call takes.
    error SignedOrders_InvalidRange(uint256 first, uint256 last, uint256 maxWords);
    /// @notice Thrown when neither the owner nor a delegate with Scope.TRADE has signed.
    error SignedOrders_InvalidSignature(AccountId account, bytes32 orderHash);

    /// @notice Fills an order, in whole or in part, at its limit price. The taker takes the other side and pays the
    /// taker fee. Caller: owner of the taker's account, or delegate with Scope.TRADE. Limit: it trades what was signed,
    /// never more, never at another price.
    /// @dev Warning: the fill is good until the order's expiry, also when it is included late; the house's price band
    /// bounds what that can cost. Everything that the house checks (margin, band, open interest, an account with V <=
    /// 0) reverts in the house.
    /// @param order order of the maker
    /// @param signature 65 bytes of ECDSA, or whatever the owner's ERC-1271 wallet wants
    /// @param taker account that takes the other side
    /// @param size absolute base, WAD
    function fill(Order calldata order, bytes calldata signature, AccountId taker, uint256 size) external;

    /// @notice Fills two signed orders against each other at the maker's limit price, which is no worse than the taker's. Anyone may
    /// call and gains nothing by it: both have signed. The account of `taker` pays the taker fee. Everything else is as for `fill`,
    /// for both orders: flags, partial fills, expiry, nonces, reserved counterparty.
    /// @param size absolute base, WAD, at most what is left of either
    function settle(
        Order calldata maker,
        bytes calldata makerSignature,
        Order calldata taker,
        bytes calldata takerSignature,
        uint256 size
    ) external;

    /// @notice Takes nonces of an account, so that orders which carry them can never be filled (again). Nonces that are
    /// already used are left as they are. Caller: owner, or delegate with Scope.TRADE. Works in every state of the
    /// account and of the market, also while V <= 0 (CLR-06a); nobody can pause it (GOV-03).
    function cancel(AccountId account, uint256[] calldata nonces) external;

    /// @notice As `cancel`, for any of the 256 nonces of a word at once.
    /// @param word number of the word: nonce / 256
    /// @param mask bit i stands for nonce 256 * word + i
    function cancelWord(AccountId account, uint256 word, uint256 mask) external;

    /// @notice As `cancel`, for all nonces from `first` to `last`, both included; at most 64 words of 256 nonces in one call.
    function cancelRange(AccountId account, uint256 first, uint256 last) external;

    /// @notice EIP-712 hash of an order: what the maker signs, for this contract on this chain.
    function orderHash(Order calldata order) external view returns (bytes32);

    /// @notice Absolute base that nonce and earlier fills leave of an order, WAD. Says nothing of signature, expiry or
    /// margin.
    function remaining(Order calldata order) external view returns (uint256);

    /// @notice Whether a nonce is cancelled, or taken by an order that was filled completely.
    function isNonceUsed(AccountId account, uint256 nonce) external view returns (bool);

    /// @notice Used nonces of a word, one bit each.
    function usedNonces(AccountId account, uint256 word) external view returns (uint256 bitmap);

    /// @notice House that fills are handed to.
    function house() external view returns (address);
}
