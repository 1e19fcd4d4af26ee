// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouseTreasury} from "../interfaces/IClearingHouseTreasury.sol";
import {IGuardian} from "../interfaces/IGuardian.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {MAX_MARKETS} from "../types/Constants.sol";
import {MarketId} from "../types/Identifiers.sol";
import {PauseBits, PauseHistory} from "../types/Pauses.sol";

/// @title Guardian (GOV-03)
/// @notice See IGuardian.
contract Guardian is IGuardian, AccessManaged {
    uint256 private constant BUDGET = 7 days;
    uint256 private constant PERIOD = 90 days;

    IClearingHouseTreasury private immutable HOUSE;

    mapping(uint256 bit => PauseHistory) private _histories;

    constructor(address accessManager, IClearingHouseTreasury house_) AccessManaged(accessManager) {
        if (address(house_).code.length == 0) revert Guardian_InvalidHouse(address(house_));
        HOUSE = house_;
    }

    /// @inheritdoc IGuardian
    function pause(uint256 bits, uint256 duration) external restricted {
        _requireKnown(bits, PauseBits.COUNT);
        if (duration == 0 || duration > BUDGET) revert Guardian_InvalidDuration(duration, BUDGET);
        uint256 until = block.timestamp + duration;
        for (; bits != 0; bits &= bits - 1) {
            uint256 bit = LibBit.ffs(bits);
            uint256 previous = pausedUntil(bit);
            if (previous >= until) continue;
            _grant(bit, until, previous != 0);
            emit Paused(bit, previous, until);
            if (bit < MAX_MARKETS) HOUSE.pauseMarket(MarketId.wrap(uint8(bit)), uint40(until));
        }
    }

    /// @inheritdoc IGuardian
    function lift(uint256 bits) external restricted {
        _requireKnown(bits, PauseBits.COUNT);
        for (; bits != 0; bits &= bits - 1) {
            uint256 bit = LibBit.ffs(bits);
            uint256 previous = pausedUntil(bit);
            if (previous == 0) continue;
            _histories[bit].end = uint40(block.timestamp);
            emit PauseLifted(bit, previous);
            if (bit < MAX_MARKETS) HOUSE.pauseMarket(MarketId.wrap(uint8(bit)), 0);
        }
    }

    /// @inheritdoc IGuardian
    function tidy(uint256 markets) external {
        _requireKnown(markets, MAX_MARKETS);
        for (; markets != 0; markets &= markets - 1) {
            uint256 bit = LibBit.ffs(markets);
            if (pausedUntil(bit) == 0) HOUSE.pauseMarket(MarketId.wrap(uint8(bit)), 0);
        }
    }

    /// @inheritdoc IGuardian
    function pausedUntil(uint256 bit) public view returns (uint256) {
        uint256 until = _histories[bit].end;
        return block.timestamp < until ? until : 0;
    }

    /// @inheritdoc IGuardian
    function historyOf(uint256 bit) external view returns (PauseHistory memory) {
        return _histories[bit];
    }

    /// @inheritdoc IGuardian
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /// @dev The casts are safe: times of 40 bits last for 34,000 years.
    function _grant(uint256 bit, uint256 until, bool isRunning) private {
        PauseHistory memory history = _histories[bit];
        if (!isRunning) {
            // The oldest is forgotten when no window that ends from now on can reach it.
            uint256 nextFrom = history.thirdEnd + PERIOD;
            if (history.thirdEnd != 0 && block.timestamp < nextFrom) revert Guardian_TooManyPauses(bit, nextFrom);
            (history.thirdStart, history.thirdEnd) = (history.secondStart, history.secondEnd);
            (history.secondStart, history.secondEnd) = (history.start, history.end);
            history.start = uint40(block.timestamp);
        }
        history.end = uint40(until);
        uint256 from = until - PERIOD;
        uint256 paused = until - history.start;
        paused += _within(history.secondStart, history.secondEnd, from);
        paused += _within(history.thirdStart, history.thirdEnd, from);
        if (paused > BUDGET) revert Guardian_BudgetExceeded(bit, paused, BUDGET);
        _histories[bit] = history;
    }

    function _within(uint256 start, uint256 end, uint256 from) private pure returns (uint256) {
        return end > from ? end - WadMath.max(start, from) : 0;
    }

    function _requireKnown(uint256 bits, uint256 count) private pure {
        if (bits == 0 || bits >> count != 0) revert Guardian_UnknownBits(bits);
    }
}
