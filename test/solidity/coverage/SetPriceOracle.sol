// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";

/// @dev An oracle whose price and variances a test sets. Feeds 0 to 3 are listed. A new price shows in the variance after `refresh` only.
contract SetPriceOracle {
    uint256 public refreshed;
    uint256 private _price = 2_000e18;
    bool private _hasConsensus = true;
    uint256 private _fast = 1;
    uint256 private _slow = 1;
    uint256 private _pending;

    function set(uint256 price) external {
        (_price, _hasConsensus) = (price, true);
    }

    function setVariance(uint256 fast, uint256 slow) external {
        (_fast, _slow) = (fast, slow);
    }

    function setPending(uint256 fast) external {
        _pending = fast;
    }

    function lose() external {
        _hasConsensus = false;
    }

    function refresh(FeedId feed) external returns (uint256, bool) {
        refreshed = FeedId.unwrap(feed) + 1;
        if (_pending != 0) _fast = _pending;
        return (_price, _hasConsensus);
    }

    function lastPrice(FeedId feed) external view returns (uint256, uint256) {
        _requireListed(feed);
        return (_price, block.timestamp);
    }

    function consensusPrice(FeedId feed) external view returns (uint256) {
        _requireListed(feed);
        if (!_hasConsensus) revert IPriceOracle.PriceOracle_NoConsensus(feed, 1, 1, 2);
        return _price;
    }

    function variance(FeedId feed) external view returns (uint256, uint256) {
        _requireListed(feed);
        return (_fast, _slow);
    }

    function _requireListed(FeedId feed) private pure {
        if (FeedId.unwrap(feed) > 3) revert IPriceOracle.PriceOracle_UnknownFeed(feed);
    }
}
