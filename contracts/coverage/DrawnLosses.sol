// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {SegmentLoss, Tranche} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title What segments have drawn, so that recoveries can find whoever bore it (FND-10)
/// @notice Time is cut into intervals: the first movement of shares after a draw begins a new one. So nobody's holding changes between the
/// draws of an interval, and what an interval has lost is shared by what everybody held at its end.
/// @dev A draw writes one slot and looks at no holder (R1b). An interval without a draw never ends, and costs those who come and go nothing.
abstract contract DrawnLosses is VaultStorage {
    /// @dev Bits of Capital.draws: whether the interval has a draw, and whether one before it had.
    uint8 private constant IN_THIS = 1;
    uint8 private constant BEFORE = 2;

    /// @dev Holds no lock: shares may move while the vault calls out, as `draw` may come then.
    function openInterval(Tranche tranche) external returns (uint32 epoch, uint32 interval) {
        _requireCaller(address(_shareOf(tranche)));
        return (_epochOf(tranche), _openInterval());
    }

    function currentInterval() external view returns (uint32) {
        return _interval;
    }

    function lossOf(SegmentId segment, uint32 interval) external view returns (SegmentLoss memory) {
        return _losses[segment][interval];
    }

    /// @dev Before shares are minted, burnt or moved.
    function _openInterval() internal returns (uint32 interval) {
        uint8 draws = _capital.draws;
        if (draws == 0) return 0;
        interval = _interval;
        if (draws & IN_THIS == 0) return interval;
        _interval = ++interval;
        _capital.draws = BEFORE;
        emit IntervalOpened(interval);
    }

    /// @dev A tranche that was used up has no shares until a new interval begins. What falls to it meanwhile was nobody's, and is not added.
    /// @param before capital as the draw found it
    function _recordDraw(SegmentId segment, Capital memory before, uint256 junior, uint256 senior) internal {
        SegmentLoss memory loss = _losses[segment][before.draws & BEFORE == 0 ? 0 : _interval];
        if (loss.junior == 0) loss.juniorEpoch = before.juniorEpoch;
        if (loss.juniorEpoch == before.juniorEpoch) loss.junior = _sum(loss.junior, junior);
        if (loss.senior == 0) loss.seniorEpoch = before.seniorEpoch;
        if (loss.seniorEpoch == before.seniorEpoch) loss.senior = _sum(loss.senior, senior);
        _losses[segment][before.draws & BEFORE == 0 ? 0 : _interval] = loss;
        _capital.draws = before.draws | IN_THIS;
    }

    function _sum(uint96 a, uint256 b) private pure returns (uint96) {
        return uint96(WadMath.min(a + b, MAX_LEDGER));
    }
}
