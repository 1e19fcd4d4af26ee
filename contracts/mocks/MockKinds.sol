// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceKind} from "../interfaces/IPriceSource.sol";
import {ChainlinkSource} from "../oracle/sources/ChainlinkSource.sol";

/// @title Readers of `MockAggregator` that count as other kinds than it is
/// @notice Tests and local chains only: a feed needs two kinds (R6), and scripts there move all prices in one way.
contract MockPullReader is ChainlinkSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Pull;
    }
}

contract MockTimeWeightedReader is ChainlinkSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.TimeWeighted;
    }
}
