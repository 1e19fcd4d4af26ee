// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {RiskTargets} from "../../../contracts/types/Clearing.sol";
import {MarketClass} from "../../../contracts/types/Identifiers.sol";
import {ClassParameters} from "../../../contracts/types/Risk.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice Governance's parameters: bounds, steps and time (RSK-01, FND-09).
contract ParametersTest is RiskTest {
    function test_RSK01_ParametersAreThoseOfTheDeployment() public view {
        for (uint256 i = 0; i < 3; ++i) {
            (ClassParameters memory found, uint256 loosenedFrom) = controller.classParameters(MarketClass(i));
            _assertSame(found, _defaults()[i]);
            Fuzz.assertEqual(loosenedFrom, START + 7 days, "not looser within a week");
        }
    }

    function test_RSK01_OnlyTheAccessManagersMayset() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(0xBAD)));
        vm.prank(address(0xBAD));
        controller.setClassParameters(MarketClass.Major, _defaults()[0]);
    }

    function test_RSK01_TowardSafetyAtOnceAndAnyFar() public {
        ClassParameters memory safest = ClassParameters(25_000, 50_000, 800, 2_500, 100, 2_000, 10_000, 30_000);
        vm.expectEmit(address(controller));
        emit IRiskController.ClassParametersSet(MarketClass.Major, _defaults()[0], safest);
        controller.setClassParameters(MarketClass.Major, safest);
        (ClassParameters memory found, uint256 loosenedFrom) = controller.classParameters(MarketClass.Major);
        _assertSame(found, safest);
        Fuzz.assertEqual(loosenedFrom, START + 7 days, "the week is not renewed");
        (RiskTargets memory targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.maintenanceTarget, 25_000, "in force");
        Fuzz.assertEqual(targets.penaltyRate, 2_000, "in force");
        (found, ) = controller.classParameters(MarketClass.Mid);
        _assertSame(found, _defaults()[1]);
    }

    function test_RSK01_AwayFromSafetyByATenthAndOnceAWeek() public {
        for (uint256 field = 0; field < 8; ++field) {
            uint256 state = vm.snapshotState();
            // Tail: every value lies a tenth or more within its bounds, but the share, which starts at a tenth above its own.
            ClassParameters memory next = _moved(_defaults()[2], field, 10, 0);
            vm.warp(START + 7 days - 1);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IRiskController.RiskController_TooSoon.selector,
                    MarketClass.Tail,
                    START + 7 days
                )
            );
            controller.setClassParameters(MarketClass.Tail, next);
            vm.warp(START + 7 days);
            controller.setClassParameters(MarketClass.Tail, next);
            (ClassParameters memory found, uint256 loosenedFrom) = controller.classParameters(MarketClass.Tail);
            _assertSame(found, next);
            Fuzz.assertEqual(loosenedFrom, START + 14 days, "and not again within a week");
            vm.revertToState(state);
        }
    }

    function test_RSK01_RefusesAStepAwayFromSafetyAboveATenth() public {
        vm.warp(START + 7 days);
        for (uint256 field = 0; field < 8; ++field) {
            ClassParameters memory next = _moved(_defaults()[2], field, 10, 1);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IRiskController.RiskController_StepTooLarge.selector,
                    MarketClass.Tail,
                    field,
                    _field(_defaults()[2], field),
                    _field(next, field)
                )
            );
            controller.setClassParameters(MarketClass.Tail, next);
        }
    }

    function test_RSK01_AStepOfOneLooseAndOneSaferWaitsToo() public {
        ClassParameters memory next = _defaults()[2];
        next.maintenanceFloor += 1_000;
        next.loading -= 1;
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_TooSoon.selector, MarketClass.Tail, START + 7 days)
        );
        controller.setClassParameters(MarketClass.Tail, next);
    }

    function test_RSK01_RefusesWhatLeavesTheBounds() public {
        uint16[8] memory low = [uint16(1_000), 10_000, 300, 50, 100, 500, 100, 10_000];
        uint16[8] memory high = [uint16(25_000), 50_000, 800, 2_500, 10_000, 2_000, 10_000, 30_000];
        vm.warp(START + 7 days);
        for (uint256 class = 0; class < 3; ++class) {
            uint16 factor = uint16(1) << uint16(class);
            for (uint256 field = 0; field < 8; ++field) {
                uint16 least = field == 0 || field == 3 ? low[field] * factor : low[field];
                _expectOutOfBounds(MarketClass(class), field, least - 1, least, high[field]);
                _expectOutOfBounds(MarketClass(class), field, high[field] + 1, least, high[field]);
            }
        }
    }

    function test_RSK01_RefusesAFloorAboveItsCap() public {
        ClassParameters memory next = _defaults()[0];
        next.maintenanceFloor = 12_001;
        next.maintenanceCap = 12_000;
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskController.RiskController_OutOfBounds.selector,
                MarketClass.Major,
                uint256(0),
                uint256(12_001),
                uint256(1_000),
                uint256(12_000)
            )
        );
        controller.setClassParameters(MarketClass.Major, next);
    }

    function test_RSK01_TheBoundsHoldAtDeploymentToo() public {
        ClassParameters[3] memory parameters = _defaults();
        parameters[2].maintenanceFloor = 3_999;
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskController.RiskController_OutOfBounds.selector,
                MarketClass.Tail,
                uint256(0),
                uint256(3_999),
                uint256(4_000),
                uint256(25_000)
            )
        );
        _deploy(parameters);
        // The loosest that can be deployed.
        for (uint16 class = 0; class < 3; ++class) {
            uint16 factor = uint16(1) << class;
            parameters[class] = ClassParameters(1_000 * factor, 10_000, 300, 50 * factor, 10_000, 500, 100, 10_000);
        }
        _deploy(parameters);
    }

    /// @dev INV-16: whatever governance asks for, and how often, parameters stay within bounds and a year loosens nothing faster than a
    /// tenth a week.
    /// forge-config: default.fuzz.runs = 300
    function testFuzz_INV16_ParametersKeepToBoundsAndSpeed(uint256 seed) public {
        uint256 loosened = START;
        uint256 changes;
        for (uint256 i = 0; i < 30; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + (seed % 10 days));
            (ClassParameters memory current, ) = controller.classParameters(MarketClass.Mid);
            (ClassParameters memory next, ) = controller.classParameters(MarketClass.Mid);
            _randomize(next, seed);
            try controller.setClassParameters(MarketClass.Mid, next) {} catch {
                continue;
            }
            bool loosens;
            for (uint256 field = 0; field < 8; ++field) {
                (uint256 from, uint256 to) = (_field(current, field), _field(next, field));
                if (field == 4 ? to <= from : to >= from) continue;
                loosens = true;
                Fuzz.assertTrue((from > to ? from - to : to - from) * 10 <= from, "by a tenth");
            }
            if (loosens) {
                Fuzz.assertTrue(block.timestamp >= loosened + 7 days, "once a week");
                loosened = block.timestamp;
            }
            ++changes;
            _assertWithin(next);
        }
        Fuzz.assertTrue(changes >= 3, "not all refused");
    }

    function _randomize(ClassParameters memory next, uint256 seed) private pure {
        for (uint256 field = 0; field < 8; ++field) {
            uint256 word = uint256(keccak256(abi.encode(seed, field)));
            if (word % 4 != 0) continue;
            uint256 value = _field(next, field);
            // Nearly always near what is, now and then anything.
            uint256 moved = (word >> 8) % 29 == 0 ? uint16(word >> 32) : (value * (88 + ((word >> 32) % 25))) / 100;
            _set(next, field, uint16(moved > 65_535 ? 65_535 : moved));
        }
    }

    function _assertWithin(ClassParameters memory found) private pure {
        uint16[8] memory low = [uint16(2_000), 10_000, 300, 100, 100, 500, 100, 10_000];
        uint16[8] memory high = [uint16(25_000), 50_000, 800, 2_500, 10_000, 2_000, 10_000, 30_000];
        for (uint256 field = 0; field < 8; ++field) {
            Fuzz.assertBetween(_field(found, field), low[field], high[field], "bounds");
        }
        Fuzz.assertTrue(found.maintenanceFloor <= found.maintenanceCap, "floor and cap");
    }

    function _expectOutOfBounds(MarketClass class, uint256 field, uint16 value, uint256 low, uint256 high) private {
        ClassParameters memory next = _defaults()[uint256(class)];
        // A floor above its cap would be reported first.
        if (field == 1) next.maintenanceFloor = uint16(1_000) << uint16(class);
        _set(next, field, value);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskController.RiskController_OutOfBounds.selector,
                class,
                field,
                uint256(value),
                low,
                high
            )
        );
        controller.setClassParameters(class, next);
    }

    /// @dev One field moved away from safety by `1 / parts` of itself, and `more`.
    function _moved(
        ClassParameters memory from,
        uint256 field,
        uint256 parts,
        uint256 more
    ) private pure returns (ClassParameters memory next) {
        next = from;
        uint256 value = _field(from, field);
        uint256 step = value / parts + more;
        _set(next, field, uint16(field == 4 ? value + step : value - step));
    }

    function _field(ClassParameters memory from, uint256 field) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(from, mul(field, 0x20)))
        }
    }

    function _set(ClassParameters memory into, uint256 field, uint16 value) private pure {
        assembly ("memory-safe") {
            mstore(add(into, mul(field, 0x20)), value)
        }
    }

    function _assertSame(ClassParameters memory found, ClassParameters memory expected) private pure {
        for (uint256 field = 0; field < 8; ++field) {
            Fuzz.assertEqual(_field(found, field), _field(expected, field), "field");
        }
    }
}
