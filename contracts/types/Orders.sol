// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, MarketId} from "./Identifiers.sol";

/// @notice Bits of an order's flags. An order with any other bit is refused, so that a bit can get a meaning later.
library OrderFlags {
    /// @dev A fill must make the maker's position smaller, and never turn it round.
    uint8 internal constant REDUCE_ONLY = 1;
    /// @dev May be filled in parts; without it, all at once or not at all.
    uint8 internal constant PARTIAL_FILLS = 2;
    /// @dev All flags.
    uint8 internal constant ALL = 3;
}

/// @notice What a maker signs (CLR-03). Every field is part of the EIP-712 hash.
/// @param house clearing house whose position is traded
/// @param account maker's account; a fill trades for it
/// @param market market
/// @param size base that the maker receives, WAD, negative when it sells
/// @param limitPrice price at which every fill is booked, WAD; a fill is never at another price
/// @param expiry last second in which the order can be filled
/// @param nonce bit of the maker's nonce map; orders with the same nonce exclude each other (see ISignedOrders)
/// @param flags see OrderFlags
/// @param taker the only account that may fill, 0 for any
struct Order {
    address house;
    AccountId account;
    MarketId market;
    int256 size;
    uint256 limitPrice;
    uint40 expiry;
    uint256 nonce;
    uint8 flags;
    AccountId taker;
}

/// @dev EIP-712 type of Order; identifiers are encoded as the plain types beneath them.
bytes32 constant ORDER_TYPEHASH = keccak256(
    "Order(address house,bytes32 account,uint8 market,int256 size,uint256 limitPrice,uint40 expiry,uint256 nonce,"
    "uint8 flags,bytes32 taker)"
);

using {structHash, absoluteSize, isBuy, isReduceOnly, allowsPartialFills} for Order global;

/// @notice EIP-712 struct hash. All members are static, so that the ABI encoding of the struct is EIP-712's encodeData.
function structHash(Order calldata order) pure returns (bytes32) {
    return keccak256(abi.encode(ORDER_TYPEHASH, order));
}

/// @notice |size|, also for the smallest int256, which has no positive counterpart.
function absoluteSize(Order calldata order) pure returns (uint256) {
    // Two's complement: 0 - uint256(size) is |size| for every negative size.
    unchecked {
        return order.size < 0 ? 0 - uint256(order.size) : uint256(order.size);
    }
}

/// @notice Whether the maker receives base.
function isBuy(Order calldata order) pure returns (bool) {
    return order.size > 0;
}

function isReduceOnly(Order calldata order) pure returns (bool) {
    return order.flags & OrderFlags.REDUCE_ONLY != 0;
}

function allowsPartialFills(Order calldata order) pure returns (bool) {
    return order.flags & OrderFlags.PARTIAL_FILLS != 0;
}
