// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {SideFacts} from "../../types/Clearing.sol";
import {SeriesId} from "../../types/Identifiers.sol";
import {SideTrigger} from "./SideTrigger.sol";

/// @title Pays what socialised losses have cost one unit of base of one side (CLM-03, CVR-07)
contract SocializedLossTrigger is SideTrigger {
    constructor(IClearingHouse house_) SideTrigger(house_) {}

    /// @inheritdoc ITrigger
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        return _factsOf(terms).socializedPerUnit;
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        SideFacts memory facts = _factsOf(terms);
        evidence = facts.count;
        // A deleveraging alone moves the time, but is no event here.
        if (facts.socializedPerUnit > mark) {
            payoutPerUnit = facts.socializedPerUnit - mark;
            eventAt = facts.lastAt;
        }
    }
}
