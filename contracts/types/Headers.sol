// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An AccountHeader slot as it lies in storage: cash 16 bytes, markets 6, assets 1, lastLiquidatedAt 5, flags 1, negativeSince 3,
/// lowest first.
type HeaderWord is uint256;

/// @dev A header on its way through functions that change it: one word, so that to take it in, to change a field and to write it back
/// cost no more than the field does.
struct Header {
    HeaderWord word;
}

using {cash, markets, assets, flags, negativeSince, hasMarket, hasAsset, withoutMarkets} for HeaderWord global;
using {
    setCash,
    addMarket,
    removeMarket,
    addAsset,
    removeAsset,
    setLastLiquidatedAt,
    lower,
    setNegativeSince
} for Header global;

uint256 constant MARKETS_SHIFT = 128;
uint256 constant ASSETS_SHIFT = 176;
uint256 constant LAST_LIQUIDATED_SHIFT = 184;
uint256 constant FLAGS_SHIFT = 224;
uint256 constant NEGATIVE_SINCE_SHIFT = 232;

/* READING */

function cash(HeaderWord word) pure returns (int256) {
    return int128(uint128(HeaderWord.unwrap(word)));
}

function markets(HeaderWord word) pure returns (uint256) {
    return uint48(HeaderWord.unwrap(word) >> MARKETS_SHIFT);
}

function assets(HeaderWord word) pure returns (uint256) {
    return uint8(HeaderWord.unwrap(word) >> ASSETS_SHIFT);
}

function flags(HeaderWord word) pure returns (uint8) {
    return uint8(HeaderWord.unwrap(word) >> FLAGS_SHIFT);
}

function negativeSince(HeaderWord word) pure returns (uint24) {
    return uint24(HeaderWord.unwrap(word) >> NEGATIVE_SINCE_SHIFT);
}

/// @param market below 48
function hasMarket(HeaderWord word, uint256 market) pure returns (bool) {
    return HeaderWord.unwrap(word) & _marketBit(market) != 0;
}

/// @param asset below 8
function hasAsset(HeaderWord word, uint256 asset) pure returns (bool) {
    return HeaderWord.unwrap(word) & _assetBit(asset) != 0;
}

/// @notice The same header without a set of its markets.
/// @param bits bit m for market m, below 48
function withoutMarkets(HeaderWord word, uint256 bits) pure returns (HeaderWord) {
    return HeaderWord.wrap(HeaderWord.unwrap(word) & ~(bits << MARKETS_SHIFT));
}

/* CHANGING */

function setCash(Header memory header, int128 cash_) pure {
    uint256 rest = (HeaderWord.unwrap(header.word) >> MARKETS_SHIFT) << MARKETS_SHIFT;
    header.word = HeaderWord.wrap(rest | uint128(cash_));
}

function addMarket(Header memory header, uint256 market) pure {
    header.word = HeaderWord.wrap(HeaderWord.unwrap(header.word) | _marketBit(market));
}

function removeMarket(Header memory header, uint256 market) pure {
    header.word = HeaderWord.wrap(HeaderWord.unwrap(header.word) & ~_marketBit(market));
}

function addAsset(Header memory header, uint256 asset) pure {
    header.word = HeaderWord.wrap(HeaderWord.unwrap(header.word) | _assetBit(asset));
}

function removeAsset(Header memory header, uint256 asset) pure {
    header.word = HeaderWord.wrap(HeaderWord.unwrap(header.word) & ~_assetBit(asset));
}

function setLastLiquidatedAt(Header memory header, uint40 timestamp) pure {
    uint256 rest = HeaderWord.unwrap(header.word) & ~(uint256(type(uint40).max) << LAST_LIQUIDATED_SHIFT);
    header.word = HeaderWord.wrap(rest | (uint256(timestamp) << LAST_LIQUIDATED_SHIFT));
}

/// @param flag see AccountFlags
function lower(Header memory header, uint8 flag) pure {
    header.word = HeaderWord.wrap(HeaderWord.unwrap(header.word) & ~(uint256(flag) << FLAGS_SHIFT));
}

/// @param since in units of 256 seconds
function setNegativeSince(Header memory header, uint24 since) pure {
    uint256 rest = (HeaderWord.unwrap(header.word) << 24) >> 24;
    header.word = HeaderWord.wrap(rest | (uint256(since) << NEGATIVE_SINCE_SHIFT));
}

function _marketBit(uint256 market) pure returns (uint256) {
    return (1 << MARKETS_SHIFT) << market;
}

function _assetBit(uint256 asset) pure returns (uint256) {
    return (1 << ASSETS_SHIFT) << asset;
}
