// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An account of the clearing house: owner in the high 20 bytes, sub-account number in the low 12 (CLR-01).
type AccountId is bytes32;

/// @notice A perpetual market, 0 to 47. Market m is priced by the oracle feed with the same number.
type MarketId is uint8;

/// @notice A deposited asset, 0 to 7. Asset 0 is the settlement asset of the house.
type AssetId is uint8;

/// @notice A price feed of the oracle, 0 to 255.
type FeedId is uint8;

/// @notice A segment of the insurance fund, numbered from 1.
type SegmentId is uint32;

/// @notice A kind of cover that governance has listed in a coverage vault, numbered from 1.
type ProductId is uint32;

/// @notice A series of equal cover tokens of one vault, numbered from 1; the ERC-1155 id of its tokens.
type SeriesId is uint64;

/// @notice A purchase of cover that waits for its tokens, numbered from 1 within a vault.
type PurchaseId is uint64;

/// @notice Risk class of a market; each class has a draw budget of its own (FND-02).
enum MarketClass {
    Major,
    Mid,
    Tail
}

using {owner, sameAccount as ==, otherAccount as !=} for AccountId global;

/// @notice The account `number` of `holder`.
function toAccountId(address holder, uint96 number) pure returns (AccountId) {
    return AccountId.wrap(bytes32((uint256(uint160(holder)) << 96) | number));
}

function owner(AccountId account) pure returns (address) {
    return address(uint160(uint256(AccountId.unwrap(account)) >> 96));
}

function sameAccount(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) == AccountId.unwrap(b);
}

function otherAccount(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) != AccountId.unwrap(b);
}

/// @notice The feed that prices a market: the one with the same number.
function feedOfMarket(MarketId market) pure returns (FeedId) {
    return FeedId.wrap(MarketId.unwrap(market));
}
