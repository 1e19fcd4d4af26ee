// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LayerAmounts} from "../types/Coverage.sol";
import {FeedId, SegmentId} from "../types/Identifiers.sol";

/// @notice Oracle, fund and engine in one, with answers as a test sets them: what risk control reads beside the house.
contract MockRiskInputs {
    error MockRiskInputs_WrongSegment(SegmentId asked);
    error MockRiskInputs_Down();

    SegmentId public segment = SegmentId.wrap(1);
    LayerAmounts private _layers;
    uint256 private _drawable;
    bool private _isDown;

    mapping(FeedId feed => uint256) private _prices;
    mapping(FeedId feed => uint256[2]) private _variances;
    mapping(FeedId feed => uint256[2]) private _afterRefresh;
    mapping(FeedId feed => bool) private _isBlind;

    /* WHAT A TEST SETS */

    function setSegment(SegmentId segment_) external {
        segment = segment_;
    }

    function setPrice(FeedId feed, uint256 price) external {
        _prices[feed] = price;
    }

    function setVariance(FeedId feed, uint256 fast, uint256 slow) external {
        _variances[feed] = [fast, slow];
        _afterRefresh[feed] = [fast, slow];
    }

    /// @notice Variances that the next refresh brings: whoever reads before it gets the old ones.
    function setVarianceAfterRefresh(FeedId feed, uint256 fast, uint256 slow) external {
        _afterRefresh[feed] = [fast, slow];
    }

    function setBlind(FeedId feed, bool isBlind) external {
        _isBlind[feed] = isBlind;
    }

    function setDown(bool isDown) external {
        _isDown = isDown;
    }

    function setLayers(LayerAmounts calldata layers, uint256 drawable) external {
        _layers = layers;
        _drawable = drawable;
    }

    /* ORACLE */

    function refreshAll(uint256 feeds) external returns (uint256[] memory words) {
        if (_isDown) revert MockRiskInputs_Down();
        uint256 count;
        for (uint256 bits = feeds; bits != 0; bits &= bits - 1) ++count;
        words = new uint256[](count);
        count = 0;
        for (uint256 i = 0; i < 256; ++i) {
            if (feeds & (1 << i) == 0) continue;
            FeedId feed = FeedId.wrap(uint8(i));
            _variances[feed] = _afterRefresh[feed];
            words[count++] = (_prices[feed] << 1) | (_isBlind[feed] ? 0 : 1);
        }
    }

    function variance(FeedId feed) external view returns (uint256 fast, uint256 slow) {
        return (_variances[feed][0], _variances[feed][1]);
    }

    /* FUND */

    function resources(SegmentId asked) external view returns (LayerAmounts memory) {
        if (SegmentId.unwrap(asked) != SegmentId.unwrap(segment)) revert MockRiskInputs_WrongSegment(asked);
        return _layers;
    }

    function budgetLeft(
        SegmentId asked
    ) external view returns (uint256[3] memory byClass, uint256 whole, uint256 reward) {
        if (SegmentId.unwrap(asked) != SegmentId.unwrap(segment)) revert MockRiskInputs_WrongSegment(asked);
        // Classes and rewards must not matter to risk control.
        return ([type(uint256).max, 1, 2], _drawable, type(uint256).max);
    }
}
