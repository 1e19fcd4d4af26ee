// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {SideFacts} from "../../types/Clearing.sol";
import {WAD} from "../../types/Constants.sol";
import {SeriesId} from "../../types/Identifiers.sol";
import {SideTrigger} from "./SideTrigger.sol";

/// @title Pays for positions that deleveraging has closed (CLM-03)
/// @notice One token is paid the part of a position that has been closed against its holder since the series began: 1 - P / P at the
/// start, WAD, rounded down.
contract DeleveragedTrigger is SideTrigger {
    constructor(IClearingHouse house_) SideTrigger(house_) {}

    /// @inheritdoc ITrigger
    /// @dev A side that was closed wholly has reached the end of its counter: it would be sold cover that nothing can ever trigger.
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        mark = _factsOf(terms).deleveraged;
        if (mark == type(uint64).max) revert Trigger_Undecided(terms);
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        SideFacts memory facts = _factsOf(terms);
        evidence = facts.deleveraged;
        // A charge alone moves the time, but is no event here.
        if (facts.deleveraged > mark) {
            payoutPerUnit = _closedDown(facts.deleveraged - mark);
            eventAt = facts.lastAt;
        }
    }

    /// @dev 1 - e^-x. The exponential is rounded down, so one wei more of it is at least the true one.
    function _closedDown(uint256 fell) private pure returns (uint256) {
        // `fell` has 64 bits.
        uint256 left = uint256(FixedPointMathLib.expWad(-int256(fell))) + 1;
        return left < WAD ? WAD - left : 0;
    }
}
