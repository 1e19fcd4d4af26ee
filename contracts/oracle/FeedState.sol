// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a feed has last said, in one word: taken apart by shifts, because a struct in memory costs each refresh about 2,000 gas.
/// 112 + 40 + 40 + 40 + 16 + 8 bits (ORC-04). `price`: last consensus price, WAD; 0 until the feed is listed. `publishedAt`: newest publish time
/// that any consensus has had; never goes back. `readAt`: when the price was last confirmed by a consensus. `deadSeconds`: seconds without
/// observation since listing, without an ongoing gap (ORC-05). `spreadBps`: distance of the lowest to the highest survivor, saturating.
/// `version`: how often the feed has been listed: says where its rules and sources are, see FeedRegistry.
type CacheWord is uint256;

/// @dev 64 + 64 + 112 bits (VOL-01). Written once in 15 minutes. `fast` and `slow`: variance, WAD per second, time constants 1 and 30 days.
/// `samplePrice`: price at the last sample, WAD.
type VarianceWord is uint256;

/// @dev 40 + 112 bits. Written by each refresh. `sampledAt`: when the last sample was taken. `average`: moving average of the price, WAD; does
/// not contain the cached price (LIQ-05).
type AverageWord is uint256;

/// @dev Three neighbouring slots of a mapping, so that one hash finds them all.
struct FeedState {
    CacheWord cache;
    VarianceWord variance;
    AverageWord average;
}

using {price, publishedAt, readAt, deadSeconds, spreadBps, version, withVersion} for CacheWord global;
using {fast, slow, samplePrice} for VarianceWord global;
using {sampledAt, average} for AverageWord global;

/* CACHE */

/// @dev Everything must fit: nothing is cut off.
function packCache(
    uint256 price_,
    uint256 publishedAt_,
    uint256 readAt_,
    uint256 deadSeconds_,
    uint256 spreadBps_,
    uint256 version_
) pure returns (CacheWord) {
    uint256 times = (publishedAt_ << 112) | (readAt_ << 152) | (deadSeconds_ << 192);
    return CacheWord.wrap(price_ | times | (spreadBps_ << 232) | (version_ << 248));
}

function price(CacheWord cache) pure returns (uint256) {
    return uint112(CacheWord.unwrap(cache));
}

function publishedAt(CacheWord cache) pure returns (uint256) {
    return uint40(CacheWord.unwrap(cache) >> 112);
}

function readAt(CacheWord cache) pure returns (uint256) {
    return uint40(CacheWord.unwrap(cache) >> 152);
}

function deadSeconds(CacheWord cache) pure returns (uint256) {
    return uint40(CacheWord.unwrap(cache) >> 192);
}

function spreadBps(CacheWord cache) pure returns (uint256) {
    return uint16(CacheWord.unwrap(cache) >> 232);
}

function version(CacheWord cache) pure returns (uint8) {
    return uint8(CacheWord.unwrap(cache) >> 248);
}

function withVersion(CacheWord cache, uint8 version_) pure returns (CacheWord) {
    return CacheWord.wrap((CacheWord.unwrap(cache) & (type(uint256).max >> 8)) | (uint256(version_) << 248));
}

/* VARIANCE */

function packVariance(uint256 fast_, uint256 slow_, uint256 samplePrice_) pure returns (VarianceWord) {
    return VarianceWord.wrap(fast_ | (slow_ << 64) | (samplePrice_ << 128));
}

function fast(VarianceWord variance) pure returns (uint256) {
    return uint64(VarianceWord.unwrap(variance));
}

function slow(VarianceWord variance) pure returns (uint256) {
    return uint64(VarianceWord.unwrap(variance) >> 64);
}

function samplePrice(VarianceWord variance) pure returns (uint256) {
    return uint112(VarianceWord.unwrap(variance) >> 128);
}

/* AVERAGE */

function packAverage(uint256 sampledAt_, uint256 average_) pure returns (AverageWord) {
    return AverageWord.wrap(sampledAt_ | (average_ << 40));
}

function sampledAt(AverageWord word) pure returns (uint256) {
    return uint40(AverageWord.unwrap(word));
}

function average(AverageWord word) pure returns (uint256) {
    return uint112(AverageWord.unwrap(word) >> 40);
}
