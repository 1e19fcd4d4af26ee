// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, SourceKind, SourceStatus} from "../../interfaces/IPriceSource.sol";
import {ChainlinkReading} from "./ChainlinkReading.sol";

/// @title Reader of Chainlink push feeds (ORC-01)
/// @notice For whoever needs a reader of its own, as a RatioSource does; the oracle reads such feeds itself.
contract ChainlinkSource is IPriceSource, ChainlinkReading {
    /// @inheritdoc IPriceSource
    function kind() external pure virtual override returns (SourceKind) {
        return SourceKind.Push;
    }

    /// @inheritdoc IPriceSource
    function configure(
        address target,
        bytes calldata settings
    ) external view override returns (uint256 first, uint256 second) {
        return _configureFeed(target, settings);
    }

    /// @inheritdoc IPriceSource
    function read(
        uint256 first,
        uint256 second
    ) external view override returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) {
        (status, price, publishedAt) = _readFeed(first, second);
        confidence = 0;
    }
}
