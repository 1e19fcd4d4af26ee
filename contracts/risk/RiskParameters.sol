// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IRiskController} from "../interfaces/IRiskController.sol";
import {BPS_ONE, RATE_ONE} from "../types/Constants.sol";
import {MarketClass} from "../types/Identifiers.sol";
import {CLASS_FIELDS, ClassParameters} from "../types/Risk.sol";
import {ClassFields} from "./ClassFields.sol";

/// @title Parameters of the rules, and how far and how fast they may move (RSK-01, FND-09)
/// @notice Whoever holds the right to set them can make markets safer at once, and less safe by a tenth a week and never beyond the bounds.
abstract contract RiskParameters is IRiskController, AccessManaged {
    uint256 private constant CLASSES = 3;
    /// @dev A step away from safety is at most this part of the value.
    uint256 private constant STEP_PARTS = 10;
    uint256 private constant STEP_WAIT = 7 days;

    mapping(MarketClass class => ClassParameters) private _parameters;
    mapping(MarketClass class => uint256 time) private _loosenedFrom;

    constructor(address accessManager, ClassParameters[CLASSES] memory parameters) AccessManaged(accessManager) {
        ClassParameters memory none;
        for (uint256 i = 0; i < CLASSES; ++i) {
            MarketClass class = MarketClass(i);
            _checkBounds(class, ClassFields.all(parameters[i]));
            _parameters[class] = parameters[i];
            _loosenedFrom[class] = block.timestamp + STEP_WAIT;
            emit ClassParametersSet(class, none, parameters[i]);
        }
    }

    /// @inheritdoc IRiskController
    function setClassParameters(MarketClass marketClass, ClassParameters calldata parameters) external restricted {
        // Check
        ClassParameters memory previous = _parameters[marketClass];
        uint256[CLASS_FIELDS] memory proposed = ClassFields.all(parameters);
        _checkBounds(marketClass, proposed);
        bool loosens = _checkSteps(marketClass, ClassFields.all(previous), proposed);

        // Effect
        if (loosens) {
            uint256 allowedFrom = _loosenedFrom[marketClass];
            if (block.timestamp < allowedFrom) revert RiskController_TooSoon(marketClass, allowedFrom);
            _loosenedFrom[marketClass] = block.timestamp + STEP_WAIT;
        }
        _parameters[marketClass] = parameters;
        emit ClassParametersSet(marketClass, previous, parameters);
    }

    /// @inheritdoc IRiskController
    function classParameters(
        MarketClass marketClass
    ) external view returns (ClassParameters memory parameters, uint256 loosenedFrom) {
        return (_parameters[marketClass], _loosenedFrom[marketClass]);
    }

    function _parametersOf(MarketClass class) internal view returns (ClassParameters memory) {
        return _parameters[class];
    }

    /// @dev Returns whether any field moves away from safety.
    function _checkSteps(
        MarketClass class,
        uint256[CLASS_FIELDS] memory current,
        uint256[CLASS_FIELDS] memory proposed
    ) private pure returns (bool loosens) {
        for (uint256 i = 0; i < CLASS_FIELDS; ++i) {
            uint256 step = ClassFields.loosened(i, current[i], proposed[i]);
            if (step == 0) continue;
            loosens = true;
            if (step * STEP_PARTS > current[i]) {
                revert RiskController_StepTooLarge(class, i, current[i], proposed[i]);
            }
        }
    }

    function _checkBounds(MarketClass class, uint256[CLASS_FIELDS] memory values) private pure {
        uint256[CLASS_FIELDS] memory low = _lowest(class);
        uint256[CLASS_FIELDS] memory high = _highest();
        // The floor of mmr must leave room below its cap.
        high[0] = values[1] < high[0] ? values[1] : high[0];
        for (uint256 i = 0; i < CLASS_FIELDS; ++i) {
            if (values[i] < low[i] || values[i] > high[i]) {
                revert RiskController_OutOfBounds(class, i, values[i], low[i], high[i]);
            }
        }
    }

    /// @dev Margins of 1 / 2 / 4% and reserves of 0.5 / 1 / 2% of the notional are the least that any governance can ask of a major, mid or
    /// tail market; the others are the same for all.
    function _lowest(MarketClass class) private pure returns (uint256[CLASS_FIELDS] memory) {
        uint256 factor = 1 << uint256(class); // 1, 2, 4
        return [(RATE_ONE / 100) * factor, RATE_ONE / 10, 300, 50 * factor, 100, 500, 100, BPS_ONE];
    }

    /// @dev mmr within the half of the price that the house allows; a penalty within LIQ-07's bounds.
    function _highest() private pure returns (uint256[CLASS_FIELDS] memory) {
        return [RATE_ONE / 4, RATE_ONE / 2, 800, BPS_ONE / 4, BPS_ONE, 2_000, BPS_ONE, 3 * BPS_ONE];
    }
}
