// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {VolatilityMath} from "../../libraries/VolatilityMath.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {FeedId} from "../../types/Identifiers.sol";

/// @title Reads consensus prices for triggers (CLM-04)
/// @notice Without consensus there is no price, not the last one: then nothing is counted and nothing is decided (CLM-06, R6).
abstract contract PriceReader {
    /// @notice Thrown when the oracle has no code.
    error PriceReader_InvalidOracle(address oracle);

    uint256 private constant ORDINARY_DEVIATIONS = 6;

    IPriceOracle private immutable ORACLE;

    constructor(IPriceOracle oracle_) {
        if (address(oracle_).code.length == 0) revert PriceReader_InvalidOracle(address(oracle_));
        ORACLE = oracle_;
    }

    /// @notice Oracle whose prices decide; immutable.
    function oracle() external view returns (address) {
        return address(ORACLE);
    }

    /// @dev Token whose price a feed is; zero when the oracle was never told.
    function _tokenOf(FeedId feed) internal view returns (address) {
        return ORACLE.tokenOf(feed);
    }

    /// @dev The price of this second, read from the sources by way of the oracle's cache.
    function _refreshed(FeedId feed, bytes32 terms) internal returns (uint256 price) {
        bool hasConsensus;
        (price, hasConsensus) = ORACLE.refresh(feed);
        if (!hasConsensus) revert ITrigger.Trigger_Unreadable(terms);
    }

    /// @dev The same as a view.
    function _current(FeedId feed, bytes32 terms) internal view returns (uint256 price) {
        bool hasConsensus;
        (price, hasConsensus) = ORACLE.quote(feed);
        if (!hasConsensus) revert ITrigger.Trigger_Unreadable(terms);
    }

    /// @dev How far a price may ordinarily move in so many seconds: six standard deviations, by the greater of the feed's two variances of now.
    /// Four, as for margin (ORC-07), were not enough at the bottom of 13 March 2020 (docs/decisions.md). WAD fraction, rounded up.
    function _ordinaryMoveUp(FeedId feed, uint256 age) internal view returns (uint256 fraction) {
        (uint256 fast, uint256 slow) = ORACLE.variance(feed);
        fraction = VolatilityMath.blindMoveUp({variance: WadMath.max(fast, slow), age: age});
        return WadMath.mulDivUp(fraction, ORDINARY_DEVIATIONS, VolatilityMath.BLIND_DEVIATIONS);
    }
}
