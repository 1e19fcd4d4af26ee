// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {VolatilityMath} from "../libraries/VolatilityMath.sol";
import {FeedId} from "../types/Identifiers.sol";
import {AverageWord, CacheWord, FeedState, VarianceWord, packAverage, packVariance} from "./FeedState.sol";
import {FeedRegistry} from "./FeedRegistry.sol";

/// @title Realised volatility and moving average of each feed (VOL-01, ORC-07, LIQ-05)
/// @notice Fed by refreshes alone; every reader takes the greater of what is stored and of what the cached price would make of
/// it, so that nobody gains by keeping a sample from being taken.
abstract contract Volatility is FeedRegistry {
    /// @inheritdoc IPriceOracle
    function averagePrice(FeedId feed) external view returns (uint256 price) {
        price = _feeds[feed].average.average();
        if (price == 0) revert PriceOracle_UnknownFeed(feed);
    }

    /// @inheritdoc IPriceOracle
    function variance(FeedId feed) external view returns (uint256 fast, uint256 slow) {
        return _variance(feed);
    }

    /// @inheritdoc IPriceOracle
    function blindMove(FeedId feed) external view returns (uint256 fraction) {
        (uint256 fast, ) = _variance(feed);
        return VolatilityMath.blindMoveUp({variance: fast, age: block.timestamp - _feeds[feed].cache.readAt()});
    }

    /// @dev First observation of a feed: its volatility starts at the floor, its average at the price.
    function _startVolatility(FeedState storage state, uint256 price, uint64 floor) internal {
        state.variance = packVariance(floor, floor, price);
        state.average = packAverage(block.timestamp, price);
    }

    /// @dev Brings average and variance up to now, before the new price is stored. The average takes in the OLD price for the
    /// time that it stood: a price enters it only after others could see it (LIQ-05).
    function _advanceVolatility(FeedId feed, FeedState storage state, CacheWord old, uint256 price) internal {
        AverageWord word = state.average;
        uint256 sampledAt = word.sampledAt();
        uint256 average = VolatilityMath.movingAverageDown(word.average(), old.price(), block.timestamp - old.readAt());

        if (VolatilityMath.isNewInterval(block.timestamp, sampledAt)) {
            (uint256 fast, uint256 slow) = _blend(state.variance, price, block.timestamp - sampledAt);
            state.variance = packVariance(fast, slow, price);
            sampledAt = block.timestamp;
            emit VolatilitySampled(feed, fast, slow);
        }
        // A mean of two prices fits where they fit.
        state.average = packAverage(sampledAt, average);
    }

    function _variance(FeedId feed) private view returns (uint256 fast, uint256 slow) {
        FeedState storage state = _feeds[feed];
        CacheWord cache = state.cache;
        if (cache.price() == 0) revert PriceOracle_UnknownFeed(feed);

        VarianceWord stored = state.variance;
        (fast, slow) = _blend(stored, cache.price(), cache.readAt() - state.average.sampledAt());
        uint256 floor = _varianceFloor(_loadRules(feed, cache.version()));
        fast = FixedPointMathLib.max(FixedPointMathLib.max(fast, stored.fast()), floor);
        slow = FixedPointMathLib.max(FixedPointMathLib.max(slow, stored.slow()), floor);
    }

    /// @dev Both variances after a sample of `price`, `elapsed` seconds after the last one. They fit into 64 bits.
    function _blend(
        VarianceWord stored,
        uint256 price,
        uint256 elapsed
    ) private pure returns (uint256 fast, uint256 slow) {
        uint256 realized = VolatilityMath.realizedVarianceUp(price, stored.samplePrice(), elapsed);
        fast = VolatilityMath.blendUp(stored.fast(), realized, elapsed, VolatilityMath.FAST_TIME);
        slow = VolatilityMath.blendUp(stored.slow(), realized, elapsed, VolatilityMath.SLOW_TIME);
    }
}
