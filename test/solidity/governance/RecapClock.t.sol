// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecapAuction} from "../../../contracts/interfaces/IRecapAuction.sol";
import {vm} from "../support/Vm.sol";
import {RecapTest} from "./RecapTest.sol";

/// @notice When new tokens may be sold: a critical ratio for 24 live hours, and draws that nothing has replaced (FND-07).
contract RecapClockTest is RecapTest {
    /* DEPLOYMENT */

    function test_FND07_RefusesLinksWithoutCodeAndAFloorBeyondItsBounds() public {
        address none = address(0xE0A);
        bytes memory refusal = abi.encodeWithSelector(IRecapAuction.RecapAuction_InvalidLink.selector, none);
        vm.expectRevert(refusal);
        _deploy(none, address(votes), address(this), FLOOR);
        vm.expectRevert(refusal);
        _deploy(address(this), none, address(this), FLOOR);
        vm.expectRevert(refusal);
        _deploy(address(this), address(votes), none, FLOOR);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 price = i * (1e27 + 1);
            vm.expectRevert(_invalidFloor(price, 1));
            _deploy(address(this), address(votes), address(this), price);
        }
    }

    /* LIVE HOURS */

    function test_FND07_TwentyFourLiveHoursToTheSecond() public {
        _observeFor(24 hours - 1);
        _expectNotCritical(24 hours - 1, block.timestamp, 900e18);
        auction.start();
        vm.warp(block.timestamp + 1);
        _sync(0.05e9);
        auction.observe();
        vm.expectEmit(address(auction));
        emit IRecapAuction.RecapStarted(900e18, FLOOR);
        auction.start();
    }

    function test_FND07_TheFirstObservationBeginsTheClock() public {
        vm.warp(START + 100 days);
        _sync(0.05e9);
        auction.observe();
        _assertLive(0);
    }

    function test_FND07_ThreeTenthsIsNotCriticalOneUnitLessIs() public {
        _observeFor(10 hours);
        _sync(CRITICAL - 1);
        vm.warp(block.timestamp + 1 hours);
        auction.observe();
        _assertLive(11 hours);
        _sync(CRITICAL);
        vm.expectEmit(address(auction));
        emit IRecapAuction.Observed(CRITICAL, 0);
        auction.observe();
        _assertLive(0);
        // The time until it is critical again does not count.
        vm.warp(block.timestamp + 1 hours);
        _sync(CRITICAL - 1);
        auction.observe();
        _assertLive(0);
        vm.warp(block.timestamp + 1 hours);
        auction.observe();
        _assertLive(1 hours);
    }

    function test_FND07_AGapOfMoreThanTwoHoursCountsNothing() public {
        _observeFor(2 hours);
        vm.warp(block.timestamp + 2 hours);
        _sync(0.05e9);
        auction.observe();
        _assertLive(4 hours);
        vm.warp(block.timestamp + 2 hours + 1);
        _sync(0.05e9);
        auction.observe();
        _assertLive(4 hours);
    }

    function test_FND07_ARatioOlderThanAnHourSaysNothing() public {
        vm.warp(START + 1 hours);
        auction.observe();
        vm.warp(START + 1 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(IRecapAuction.RecapAuction_StaleRatio.selector, START));
        auction.observe();
    }

    function test_FND07_TheLastObservationMayLieTwoHoursBack() public {
        _observeFor(24 hours);
        uint256 seenAt = block.timestamp;
        vm.warp(seenAt + 2 hours + 1);
        _expectNotCritical(24 hours, seenAt, 900e18);
        auction.start();
        vm.warp(seenAt + 2 hours);
        auction.start();
    }

    /* WHAT IS NEEDED */

    function test_FND07_RealisedDrawsOnlyAndNotATargetThatHasGrown() public {
        assertEq(auction.needed(), 900e18, "drawn");
        _target = 500e18;
        assertEq(auction.needed(), 400e18, "what lacks to the target");
        _target = 100e18;
        assertEq(auction.needed(), 0, "nothing lacks");
        // Seen whole: what was drawn before is replaced, by whatever.
        _sync(1e9);
        vm.expectEmit(address(auction));
        emit IRecapAuction.Replenished(900e18);
        auction.observe();
        (_target, resources) = (1_000_000e18, 0);
        assertEq(auction.needed(), 0, "the market has grown, nothing was drawn");
        cover(segment, 40e18, 0);
        assertEq(auction.needed(), 40e18, "drawn since");
        _sync(0);
        _observeFor(24 hours);
        auction.start();
    }

    function test_FND07_ARatioOfOneByNameWhileResourcesLackReplacesNothing() public {
        _sync(1e9);
        auction.observe();
        assertEq(auction.needed(), 900e18, "still");
        resources = 2_000e18;
        _sync(1e9 - 1);
        auction.observe();
        resources = 100e18;
        assertEq(auction.needed(), 900e18, "a ratio below one replaces nothing either");
    }

    function test_FND07_NothingNeededNoAuction() public {
        _observeFor(24 hours);
        _target = 100e18;
        _expectNotCritical(24 hours, block.timestamp, 0);
        auction.start();
    }
}
