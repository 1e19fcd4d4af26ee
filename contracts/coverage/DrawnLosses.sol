// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {SegmentLoss, Tranche} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {CapitalWord, CapitalWords} from "./CapitalWord.sol";
import {VaultCapital} from "./VaultCapital.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// @title What segments have drawn, so that recoveries can find whoever bore it (FND-10)
/// @notice Time is cut into intervals: the first movement of shares after a draw begins a new one. So nobody's holding changes between the
/// draws of an interval, and what an interval has lost is shared by what everybody held at its end.
/// @dev A draw writes one slot that it has written before, and looks at no holder (R1b). Whoever ends an interval pays for its record. An
/// interval without a draw never ends, and costs those who come and go nothing.
abstract contract DrawnLosses is VaultCapital {
    using CapitalWords for VaultStorage.Capital;

    /// @dev Bits of Capital.draws: whether the interval has a draw, and whether one before it had.
    uint8 private constant IN_THIS = 1;
    uint8 private constant BEFORE = 2;

    /// @dev Holds no lock: shares may move while the vault calls out, as `draw` may come then.
    function openInterval(Tranche tranche) external returns (uint32 epoch, uint32 interval) {
        _requireCaller(address(_shareOf(tranche)));
        CapitalWord capital = _capitalWord();
        (, interval) = _openInterval(capital);
        return (capital.epochOf(tranche), interval);
    }

    function currentInterval() external view returns (uint32) {
        return _interval;
    }

    function lossOf(SegmentId segment, uint32 interval) external view returns (SegmentLoss memory loss) {
        loss = _losses[segment][interval];
        RunningLoss memory running = _running;
        CapitalWord capital = _capitalWord();
        bool isRunning = capital.draws() & IN_THIS != 0 && interval == _interval;
        if (isRunning && _areSame(running.segment, segment)) _add(loss, running, capital);
    }

    /// @dev Before shares are minted, burnt or moved. Writes capital where an interval begins.
    /// @return capital as it is then
    function _openInterval(CapitalWord capital) internal returns (CapitalWord, uint32 interval) {
        uint8 draws = capital.draws();
        if (draws == 0) return (capital, 0);
        interval = _interval;
        if (draws & IN_THIS == 0) return (capital, interval);
        _record(_running, interval, capital);
        _interval = ++interval;
        capital = capital.withDraws(BEFORE);
        _capital.store(capital);
        emit IntervalOpened(interval);
        return (capital, interval);
    }

    /// @dev A tranche that was used up has no shares until a new interval begins. What falls to it meanwhile was nobody's, and is not added.
    /// @param before capital as the draw found it
    /// @param left capital as the draw leaves it
    /// @return capital to be written: what is left, and that the interval has a draw
    function _noteDraw(
        SegmentId segment,
        CapitalWord before,
        CapitalWord left,
        uint256 junior,
        uint256 senior
    ) internal returns (CapitalWord) {
        RunningLoss memory running = _running;
        uint8 draws = before.draws();
        bool goesOn = draws & IN_THIS != 0;
        if (goesOn && !_areSame(running.segment, segment)) {
            _record(running, _interval, left);
            goesOn = false;
        }
        uint16 juniorEpoch = uint16(before.epochOf(Tranche.Junior));
        uint16 seniorEpoch = uint16(before.epochOf(Tranche.Senior));
        if (!goesOn) {
            (running.junior, running.senior, running.segment) = (0, 0, segment);
            (running.juniorEpoch, running.seniorEpoch) = (juniorEpoch, seniorEpoch);
            left = left.withDraws(draws | IN_THIS);
        }
        if (running.juniorEpoch == juniorEpoch) running.junior = _sum(running.junior, junior);
        if (running.seniorEpoch == seniorEpoch) running.senior = _sum(running.senior, senior);
        _running = running;
        return left;
    }

    function _record(RunningLoss memory running, uint32 interval, CapitalWord capital) private {
        SegmentLoss memory loss = _losses[running.segment][interval];
        _add(loss, running, capital);
        _losses[running.segment][interval] = loss;
    }

    /// @dev Adds what is of the same shares: a segment can come to its turn again within an interval, after a tranche has died.
    function _add(SegmentLoss memory loss, RunningLoss memory running, CapitalWord capital) private pure {
        uint24 juniorEpoch = _whole(capital.epochOf(Tranche.Junior), running.juniorEpoch);
        uint24 seniorEpoch = _whole(capital.epochOf(Tranche.Senior), running.seniorEpoch);
        if (loss.junior == 0) loss.juniorEpoch = juniorEpoch;
        if (loss.juniorEpoch == juniorEpoch) loss.junior = _sum(loss.junior, running.junior);
        if (loss.senior == 0) loss.seniorEpoch = seniorEpoch;
        if (loss.seniorEpoch == seniorEpoch) loss.senior = _sum(loss.senior, running.senior);
    }

    /// @dev The epoch that ends with these bits: the current one, or one that has ended since, less than 2^16 ago.
    function _whole(uint24 current, uint16 low) private pure returns (uint24) {
        unchecked {
            return current - uint24(uint16(current) - low);
        }
    }

    function _areSame(SegmentId a, SegmentId b) private pure returns (bool) {
        return SegmentId.unwrap(a) == SegmentId.unwrap(b);
    }

    function _sum(uint96 a, uint256 b) private pure returns (uint96) {
        return uint96(WadMath.min(a + b, MAX_LEDGER));
    }
}
