// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice The highest target of the last 90 days (FND-07): none is forgotten before, whoever syncs when.
contract TargetHistoryTest is RiskTest {
    function setUp() public {
        house.setOpenInterest(MAJOR, 100e18);
        controller.sync(MAJOR);
    }

    function test_FND07_ThePresentTargetCountsAtOnce() public view {
        (uint256 target, , ) = controller.reserveTarget();
        (uint256 peak, uint256 since) = controller.peakTarget();
        Fuzz.assertTrue(target != 0, "there is one");
        Fuzz.assertEqual(peak, target, "at once");
        Fuzz.assertEqual(since, START, "since deployment");
    }

    function test_FND07_ATargetThatFellCountsForNinetyDaysAndNoLongerThanNinetyEight() public {
        (uint256 high, , ) = controller.reserveTarget();
        vm.warp(START + 1 hours);
        house.setOpenInterest(MAJOR, 1e18);
        controller.sync(MAJOR);
        (uint256 low, , ) = controller.reserveTarget();
        Fuzz.assertTrue(low * 50 < high, "fell");
        vm.warp(START + 1 hours + 90 days);
        _assertPeak(high, "after 90 days");
        vm.warp(START + 1 hours + 98 days);
        _assertPeak(low, "after 98");
    }

    /// @dev Nobody calls for a year: what stood all the time counts, although it was written long ago.
    function test_FND07_ATargetThatNobodyChangedStandsUntilItIsChanged() public {
        (uint256 high, , ) = controller.reserveTarget();
        vm.warp(START + 365 days);
        _assertPeak(high, "still");
        house.setOpenInterest(MAJOR, 0);
        controller.sync(MAJOR);
        _assertPeak(high, "it was the target a second ago");
        vm.warp(START + 365 days + 90 days);
        _assertPeak(high, "and 90 days later");
        vm.warp(START + 365 days + 98 days);
        _assertPeak(0, "then no more");
    }

    function test_FND07_AnAccountThatIsRegisteredAndLeavesBetweenTwoSyncsCounts() public {
        house.setOpenInterest(MAJOR, 0);
        controller.sync(MAJOR);
        _setVolatility(MAJOR, VAR_200, VAR_200);
        house.setPosition(_account(1), MAJOR, 1_000e18);
        uint256 stress = controller.register(_account(1));
        house.setPosition(_account(1), MAJOR, 0);
        controller.register(_account(1));
        (uint256 target, , ) = controller.reserveTarget();
        Fuzz.assertEqual(target, 0, "gone");
        (uint256 peak, ) = controller.peakTarget();
        Fuzz.assertTrue(stress != 0 && peak >= stress, "and counted");
    }

    /// @dev Against a plain model that keeps every target of every day.
    /// forge-config: default.fuzz.runs = 100
    function test_FND07_AgainstAPlainModel(uint256 seed) public {
        uint256[300] memory highest;
        uint256 last;
        (last, , ) = controller.reserveTarget();
        for (uint256 day = 0; day < 300; ++day) {
            vm.warp(START + day * 1 days + 1 hours);
            highest[day] = last;
            uint256 draw = uint256(keccak256(abi.encode(seed, day)));
            if (draw % 9 == 0) {
                house.setOpenInterest(MAJOR, uint96((draw >> 16) % 1_000e18));
                controller.sync(MAJOR);
                (last, , ) = controller.reserveTarget();
                if (last > highest[day]) highest[day] = last;
            }
            (uint256 peak, ) = controller.peakTarget();
            uint256 within90;
            uint256 within98;
            for (uint256 back = 0; back <= 99 && back <= day; ++back) {
                uint256 value = highest[day - back];
                if (back <= 90 && value > within90) within90 = value;
                if (value > within98) within98 = value;
            }
            Fuzz.assertBetween(peak, within90, within98, "none forgotten, none kept for ever");
        }
    }

    function _assertPeak(uint256 expected, string memory what) private view {
        (uint256 peak, ) = controller.peakTarget();
        Fuzz.assertEqual(peak, expected, what);
    }
}
