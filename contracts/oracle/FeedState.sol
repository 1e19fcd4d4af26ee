// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One slot. 14 + 5 + 5 + 5 + 2 + 1 = 32 bytes (ORC-04).
/// @param price last consensus price, WAD; 0 until the feed is listed
/// @param publishedAt newest publish time that any consensus has had; never goes back
/// @param readAt when the price was last confirmed by a consensus
/// @param deadSeconds seconds without observation since listing, without an ongoing gap (ORC-05)
/// @param spreadBps distance of the lowest to the highest survivor, basis points, saturating
/// @param version how often the feed has been listed: says where its rules and sources are, see FeedRegistry
struct CacheSlot {
    uint112 price;
    uint40 publishedAt;
    uint40 readAt;
    uint40 deadSeconds;
    uint16 spreadBps;
    uint8 version;
}

/// @dev One slot. 8 + 8 + 14 = 30 bytes (VOL-01). Written once in 15 minutes.
/// @param fast variance, WAD per second, time constant 1 day
/// @param slow variance, WAD per second, time constant 30 days
/// @param samplePrice price at the last sample, WAD
struct VarianceSlot {
    uint64 fast;
    uint64 slow;
    uint112 samplePrice;
}

/// @dev One slot. 5 + 14 = 19 bytes. Written by each refresh.
/// @param sampledAt when the last sample was taken
/// @param average moving average of the price, WAD; does not contain the cached price (LIQ-05)
struct AverageSlot {
    uint40 sampledAt;
    uint112 average;
}

/// @dev Three neighbouring slots of a mapping, so that one hash finds them all.
struct FeedState {
    CacheSlot cache;
    VarianceSlot variance;
    AverageSlot average;
}
