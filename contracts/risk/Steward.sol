// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IRiskController} from "../interfaces/IRiskController.sol";
import {ISteward, Mandate} from "../interfaces/ISteward.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {MarketClass} from "../types/Identifiers.sol";
import {CLASS_FIELDS, ClassParameters} from "../types/Risk.sol";
import {ClassFields} from "./ClassFields.sol";

/// @title Steward (RSK-02)
/// @notice See ISteward. Every limit is rounded against the steward.
contract Steward is ISteward, AccessManaged {
    uint256 private constant CLASSES = 3;
    uint256 private constant LONGEST = 90 days;
    /// @dev A step away from safety: a twentieth of the value a week.
    uint256 private constant STEP_PARTS = 20;
    uint256 private constant STEP_PERIOD = 7 days;
    /// @dev Bounds of the mandate, of what a parameter was at the appointment.
    uint256 private constant LOWEST_BPS = 90_00;
    uint256 private constant HIGHEST_BPS = 150_00;
    /// @dev Where less is safer, the same the other way round: two thirds, rounded up, and a tenth more.
    uint256 private constant LOWEST_SHARE_BPS = 66_67;
    uint256 private constant HIGHEST_SHARE_BPS = 110_00;

    IRiskController private immutable CONTROLLER;

    Mandate private _mandate;
    mapping(MarketClass class => ClassParameters) private _references;
    mapping(MarketClass class => uint256 time) private _loosenedAt;

    constructor(address accessManager, IRiskController controller_) AccessManaged(accessManager) {
        if (address(controller_).code.length == 0) revert Steward_InvalidController(address(controller_));
        CONTROLLER = controller_;
    }

    /// @inheritdoc ISteward
    function appoint(address key, uint40 expiry) external restricted {
        uint256 latest = block.timestamp + LONGEST;
        if (key == address(0) || expiry <= block.timestamp || expiry > latest) {
            revert Steward_InvalidMandate(key, expiry, latest);
        }
        _mandate = Mandate({key: key, expiry: expiry});
        for (uint256 i = 0; i < CLASSES; ++i) {
            MarketClass class = MarketClass(i);
            (_references[class], ) = CONTROLLER.classParameters(class);
            // Time before the appointment gives no right to a step.
            _loosenedAt[class] = block.timestamp;
        }
        emit StewardAppointed(key, expiry);
    }

    /// @inheritdoc ISteward
    function dismiss() external restricted {
        address key = _mandate.key;
        delete _mandate;
        emit StewardDismissed(key);
    }

    /// @inheritdoc ISteward
    function adjust(MarketClass marketClass, ClassParameters calldata parameters) external {
        // Check
        Mandate memory given = _mandate;
        if (msg.sender != given.key) revert Steward_NotSteward(msg.sender, given.key);
        if (block.timestamp >= given.expiry) revert Steward_MandateOver(given.expiry);
        bool loosens = _checkFields(marketClass, ClassFields.all(parameters));

        // Effect
        if (loosens) _loosenedAt[marketClass] = block.timestamp;
        emit Adjusted(marketClass, msg.sender, loosens);

        // Interaction: our own, with bounds and steps of its own.
        CONTROLLER.setClassParameters(marketClass, parameters);
    }

    /// @inheritdoc ISteward
    function mandate() external view returns (Mandate memory) {
        return _mandate;
    }

    /// @inheritdoc ISteward
    function rangeOf(
        MarketClass marketClass
    ) public view returns (uint256[CLASS_FIELDS] memory low, uint256[CLASS_FIELDS] memory high) {
        uint256[CLASS_FIELDS] memory start = ClassFields.all(_references[marketClass]);
        for (uint256 i = 0; i < CLASS_FIELDS; ++i) {
            bool isShare = ClassFields.isLessSafer(i);
            low[i] = WadMath.mulDivUp(start[i], isShare ? LOWEST_SHARE_BPS : LOWEST_BPS, BPS_ONE);
            high[i] = WadMath.mulDivDown(start[i], isShare ? HIGHEST_SHARE_BPS : HIGHEST_BPS, BPS_ONE);
        }
    }

    /// @inheritdoc ISteward
    function allowedSteps(MarketClass marketClass) public view returns (uint256[CLASS_FIELDS] memory steps) {
        (ClassParameters memory current, ) = CONTROLLER.classParameters(marketClass);
        uint256[CLASS_FIELDS] memory values = ClassFields.all(current);
        uint256 credit = WadMath.min(block.timestamp - _loosenedAt[marketClass], STEP_PERIOD);
        for (uint256 i = 0; i < CLASS_FIELDS; ++i) {
            steps[i] = WadMath.mulDivDown(values[i], credit, STEP_PARTS * STEP_PERIOD);
        }
    }

    /// @inheritdoc ISteward
    function controller() external view returns (address) {
        return address(CONTROLLER);
    }

    /// @dev What stays as it is need not lie within the mandate: governance may have moved it since.
    function _checkFields(
        MarketClass class,
        uint256[CLASS_FIELDS] memory proposed
    ) private view returns (bool loosens) {
        (ClassParameters memory parameters, ) = CONTROLLER.classParameters(class);
        uint256[CLASS_FIELDS] memory current = ClassFields.all(parameters);
        uint256[CLASS_FIELDS] memory allowed = allowedSteps(class);
        (uint256[CLASS_FIELDS] memory low, uint256[CLASS_FIELDS] memory high) = rangeOf(class);
        for (uint256 i = 0; i < CLASS_FIELDS; ++i) {
            if (proposed[i] == current[i]) continue;
            if (proposed[i] < low[i] || proposed[i] > high[i]) {
                revert Steward_OutsideMandate(class, i, proposed[i], low[i], high[i]);
            }
            uint256 step = ClassFields.loosened(i, current[i], proposed[i]);
            if (step > allowed[i]) revert Steward_TooFast(class, i, step, allowed[i]);
            if (step != 0) loosens = true;
        }
    }
}
