// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {ISteward, Mandate} from "../../../contracts/interfaces/ISteward.sol";
import {ClassFields} from "../../../contracts/risk/ClassFields.sol";
import {Steward} from "../../../contracts/risk/Steward.sol";
import {MarketClass} from "../../../contracts/types/Identifiers.sol";
import {ClassParameters} from "../../../contracts/types/Risk.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice A model's key: little power, for a time (RSK-02). The test is governance and guardian; KEY is the steward, of mid markets unless said.
contract StewardTest is RiskTest {
    address private constant KEY = address(0x5E7);
    MarketClass private constant CLASS = MarketClass.Mid;
    uint256 private constant FIELDS = 8;
    uint256 private constant SHARE = 4;
    uint256 private constant DEVIATIONS = 2;
    uint256 private constant APPOINTED = START + 10 days;
    uint40 private constant EXPIRY = uint40(APPOINTED + 90 days);

    Steward private steward;

    function setUp() public {
        steward = new Steward(address(manager), controller);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IRiskController.setClassParameters.selector;
        manager.setTargetFunctionRole(address(controller), selectors, 2);
        manager.grantRole(2, address(this), 0);
        manager.grantRole(2, address(steward), 0);
        vm.warp(APPOINTED);
        steward.appoint(KEY, EXPIRY);
    }

    /* MANDATE */

    function test_RSK02_OnlyTheRolesAppointAndDismissAndAControllerHasCode() public {
        Fuzz.assertTrue(steward.controller() == address(controller), "its controller");
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, KEY);
        vm.expectRevert(refusal);
        vm.prank(KEY);
        steward.appoint(KEY, EXPIRY);
        vm.expectRevert(refusal);
        vm.prank(KEY);
        steward.dismiss();
        vm.expectRevert(abi.encodeWithSelector(ISteward.Steward_InvalidController.selector, KEY));
        new Steward(address(manager), IRiskController(KEY));
    }

    function test_RSK02_AMandateNamesSomebodyAndEndsWithinNinetyDays() public {
        _expectInvalid(address(0), EXPIRY);
        _expectInvalid(KEY, uint40(APPOINTED));
        _expectInvalid(KEY, EXPIRY + 1);
        vm.expectEmit(address(steward));
        emit ISteward.StewardAppointed(address(0xABC), APPOINTED + 1);
        steward.appoint(address(0xABC), uint40(APPOINTED + 1));
        Mandate memory given = steward.mandate();
        Fuzz.assertTrue(given.key == address(0xABC), "the last one");
        _expectRefusal(
            DEVIATIONS,
            401,
            abi.encodeWithSelector(ISteward.Steward_NotSteward.selector, KEY, address(0xABC))
        );
    }

    function test_RSK02_OnlyTheStewardAdjusts() public {
        ClassParameters memory parameters = _with(DEVIATIONS, 401);
        vm.expectRevert(abi.encodeWithSelector(ISteward.Steward_NotSteward.selector, address(this), KEY));
        steward.adjust(CLASS, parameters);
    }

    function test_RSK02_NotFromTheSecondInWhichTheMandateEnds() public {
        vm.warp(EXPIRY - 1);
        _adjust(_with(DEVIATIONS, 401));
        vm.warp(EXPIRY);
        _expectRefusal(DEVIATIONS, 402, abi.encodeWithSelector(ISteward.Steward_MandateOver.selector, uint256(EXPIRY)));
    }

    function test_RSK02_DismissedAtOnce() public {
        vm.expectEmit(address(steward));
        emit ISteward.StewardDismissed(KEY);
        steward.dismiss();
        _expectRefusal(DEVIATIONS, 401, abi.encodeWithSelector(ISteward.Steward_NotSteward.selector, KEY, address(0)));
    }

    /* TOWARD SAFETY */

    function test_RSK02_TowardSafetyAtOnceToOneAndAHalfTimes() public {
        for (uint256 field = 0; field < FIELDS; ++field) {
            uint256 state = vm.snapshotState();
            uint256 value = _valueOf(field);
            // Two thirds, rounded up, or three halves, rounded down.
            uint256 safest = field == SHARE ? 1_334 : (value * 3) / 2;
            uint256 beyond = field == SHARE ? safest - 1 : safest + 1;
            uint256 loosest = field == SHARE ? 2_200 : (value * 9) / 10;
            _expectRefusal(
                field,
                beyond,
                abi.encodeWithSelector(
                    ISteward.Steward_OutsideMandate.selector,
                    CLASS,
                    field,
                    beyond,
                    field == SHARE ? safest : loosest,
                    field == SHARE ? loosest : safest
                )
            );
            if (field == 1) {
                // What nobody may pass holds for a steward too.
                bytes4 selector = IRiskController.RiskController_OutOfBounds.selector;
                _expectRefusal(field, safest, abi.encodeWithSelector(selector, CLASS, 1, safest, 10_000, 50_000));
                safest = 50_000;
            }
            vm.expectEmit(address(steward));
            emit ISteward.Adjusted(CLASS, KEY, false);
            // In the second of the appointment: no time need pass.
            _adjust(_with(field, safest));
            Fuzz.assertEqual(_valueOf(field), safest, "in force");
            vm.revertToState(state);
        }
    }

    /* AWAY FROM SAFETY */

    function test_RSK02_AwayFromSafetyByTimeSinceTheAppointment() public {
        // Time before the appointment counts for nothing.
        _expectTooFast(DEVIATIONS, 399, 1, 0);
        vm.warp(APPOINTED + 7 days / 2);
        _expectTooFast(DEVIATIONS, 389, 11, 10);
        vm.expectEmit(address(steward));
        emit ISteward.Adjusted(CLASS, KEY, true);
        _adjust(_with(DEVIATIONS, 390));
    }

    function test_RSK02_EachFieldByATwentiethAWeekAndIdlingSavesNothingUp() public {
        for (uint256 field = 0; field < FIELDS; ++field) {
            for (uint256 i = 0; i < 2; ++i) {
                uint256 state = vm.snapshotState();
                vm.warp(APPOINTED + (i == 0 ? 7 days : 80 days));
                uint256 value = _valueOf(field);
                uint256 step = value / 20;
                uint256 far = field == SHARE ? value + step + 1 : value - step - 1;
                _expectTooFast(field, far, step + 1, step);
                uint256 next = field == SHARE ? value + step : value - step;
                _adjust(_with(field, next));
                Fuzz.assertEqual(_valueOf(field), next, "in force");
                vm.revertToState(state);
            }
        }
    }

    function test_RSK02_AWeekAfterAStepNoSecondEarlier() public {
        vm.warp(APPOINTED + 7 days);
        _adjust(_with(DEVIATIONS, 380));
        vm.warp(APPOINTED + 14 days - 1);
        // The steward's own limit lets through less than a twentieth, the risk controller nothing.
        Fuzz.assertEqual(steward.allowedSteps(CLASS)[DEVIATIONS], 18, "380 / 20, less a second's part");
        _expectRefusal(
            DEVIATIONS,
            370,
            abi.encodeWithSelector(IRiskController.RiskController_TooSoon.selector, CLASS, APPOINTED + 14 days)
        );
        vm.warp(APPOINTED + 14 days);
        _adjust(_with(DEVIATIONS, 370));
    }

    function test_RSK02_NeverMoreThanATenthBeyondTheAppointment() public {
        for (uint256 week = 1; week <= 2; ++week) {
            vm.warp(APPOINTED + week * 7 days);
            _adjust(_with(DEVIATIONS, week == 1 ? 380 : 361));
        }
        vm.warp(APPOINTED + 21 days);
        _expectRefusal(
            DEVIATIONS,
            359,
            abi.encodeWithSelector(
                ISteward.Steward_OutsideMandate.selector,
                CLASS,
                DEVIATIONS,
                uint256(359),
                uint256(360),
                uint256(600)
            )
        );
        _adjust(_with(DEVIATIONS, 360));
    }

    function test_RSK02_AnAppointmentRenewsTheRangeAndNotTheStep() public {
        vm.warp(APPOINTED + 7 days);
        _adjust(_with(DEVIATIONS, 380));
        steward.appoint(KEY, EXPIRY);
        (uint256[8] memory low, uint256[8] memory high) = steward.rangeOf(CLASS);
        Fuzz.assertEqual(low[DEVIATIONS], 342, "nine tenths of 380");
        Fuzz.assertEqual(high[DEVIATIONS], 570, "three halves of it");
        _expectTooFast(DEVIATIONS, 379, 1, 0);
    }

    function test_RSK02_WhatGovernanceMovedMayStayWhereItIs() public {
        ClassParameters memory parameters = _with(DEVIATIONS, 800);
        controller.setClassParameters(CLASS, parameters);
        parameters.loading = 15_001;
        _adjust(parameters);
        Fuzz.assertEqual(_valueOf(DEVIATIONS), 800, "beyond the mandate, and not the steward's doing");
    }

    /* A STOLEN KEY */

    /// @dev The figures in ISteward. From the safest that a steward may have set, the thief loosens every week as far as he may.
    function test_RSK02_AStolenKeyLoosensByTwentyThreePercentInThirtyDays() public {
        _adjust(_with(DEVIATIONS, 600));
        vm.warp(APPOINTED + 30 days);
        uint256 from = block.timestamp;
        uint256 taken = _loosenGreedily(from, 5);
        Fuzz.assertEqual(taken, 5, "steps in thirty days");
        // 600, 570, 542, 515, 490, 466: 22.3%, within 1 - 0.95^5 = 22.6%.
        Fuzz.assertEqual(_valueOf(DEVIATIONS), 466, "after 30 days");
        Fuzz.assertTrue(466 * 1e8 >= 600 * 77_378_093, "0.95^5 of what it was");
    }

    function test_RSK02_AStolenKeyEndsATenthLooserThanGovernanceHadIt() public {
        vm.warp(APPOINTED + 30 days);
        _loosenGreedily(block.timestamp, 8);
        Fuzz.assertEqual(_valueOf(DEVIATIONS), 360, "a tenth");
    }

    function test_RSK02_GovernanceTakesBackWhatAThiefTightenedInFourSteps() public {
        _adjust(_with(DEVIATIONS, 600));
        steward.dismiss();
        uint256 steps;
        for (uint256 value = 600; value > 400; ++steps) {
            value = value - value / 10 < 400 ? 400 : value - value / 10;
            vm.warp(block.timestamp + 7 days);
            controller.setClassParameters(CLASS, _with(DEVIATIONS, value));
        }
        Fuzz.assertEqual(steps, 4, "weeks");
    }

    /* HELPERS */

    /// @dev Tries every day, as far as the views allow; what is refused is refused.
    function _loosenGreedily(uint256 from, uint256 atMost) private returns (uint256 taken) {
        for (uint256 day = 0; day < 30 && taken < atMost; ++day) {
            vm.warp(from + day * 1 days);
            uint256 value = _valueOf(DEVIATIONS);
            uint256 step = steward.allowedSteps(CLASS)[DEVIATIONS];
            (uint256[8] memory low, ) = steward.rangeOf(CLASS);
            uint256 next = value - step < low[DEVIATIONS] ? low[DEVIATIONS] : value - step;
            if (next == value) continue;
            ClassParameters memory parameters = _with(DEVIATIONS, next);
            vm.prank(KEY);
            try steward.adjust(CLASS, parameters) {
                ++taken;
            } catch {}
        }
    }

    function _adjust(ClassParameters memory parameters) private {
        vm.prank(KEY);
        steward.adjust(CLASS, parameters);
    }

    function _expectRefusal(uint256 field, uint256 value, bytes memory reason) private {
        ClassParameters memory parameters = _with(field, value);
        vm.expectRevert(reason);
        _adjust(parameters);
    }

    function _expectTooFast(uint256 field, uint256 value, uint256 step, uint256 allowed) private {
        _expectRefusal(
            field,
            value,
            abi.encodeWithSelector(ISteward.Steward_TooFast.selector, CLASS, field, step, allowed)
        );
    }

    function _expectInvalid(address key, uint40 expiry) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISteward.Steward_InvalidMandate.selector, key, uint256(expiry), APPOINTED + 90 days)
        );
        steward.appoint(key, expiry);
    }

    function _valueOf(uint256 field) private view returns (uint256) {
        (ClassParameters memory parameters, ) = controller.classParameters(CLASS);
        return ClassFields.all(parameters)[field];
    }

    /// @dev The parameters of now with one changed.
    function _with(uint256 field, uint256 value) private view returns (ClassParameters memory parameters) {
        (parameters, ) = controller.classParameters(CLASS);
        // Fields of a struct lie in memory one after the other.
        assembly ("memory-safe") {
            mstore(add(parameters, mul(field, 0x20)), value)
        }
    }
}
