// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The bounds are printed for whoever reads the run (FND-09).
// solhint-disable-next-line no-console
import {console} from "hardhat/console.sol";

import {BudgetShares} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {CoverResult} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev How budgets refill, and what they let through in any 24 hours.
contract BudgetsTest is FundTest {
    uint256 private constant HUGE = 1 << 127;
    uint256 private constant DRAWS = 12;

    SegmentId private segment;
    HostileToken private token;

    function setUp() public override {
        super.setUp();
        (segment, , token) = newSegment(18, 1_000, budgets());
    }

    function test_FND02_WhatWasUsedFadesLinearlyOverADay() public {
        cover(segment, 350 * UNIT, 0);
        vm.warp(START + 6 hours);
        // Base: 650 in reserve + 262.5 still counted as used.
        assertEq(majorLeft(), (912.5e18 * 35) / 100 - 262.5e18, "a quarter has faded");
        vm.warp(START + 12 hours);
        assertEq(majorLeft(), (825e18 * 35) / 100 - 175e18, "half has faded");
        vm.warp(START + 24 hours - 1);
        assertTrue(majorLeft() < (650e18 * 35) / 100, "a second is missing");
        vm.warp(START + 24 hours);
        assertEq(majorLeft(), (650e18 * 35) / 100, "all has faded");
        vm.warp(START + 365 days);
        assertEq(majorLeft(), (650e18 * 35) / 100, "and stays faded");
    }

    function test_FND02_AFreshDrawStartsTheDayAnew() public {
        cover(segment, 200 * UNIT, 0);
        vm.warp(START + 12 hours);
        cover(segment, 50 * UNIT, 0);
        vm.warp(START + 24 hours);
        // 100 were left of the first draw, and 50 came: 150, half of which has faded 12 hours later.
        assertEq(majorLeft(), (825e18 * 35) / 100 - 75e18, "left");
    }

    function test_FND02_EverySingleWeiCounts() public {
        for (uint256 draws = 0; draws < 3; ++draws) assertEq(cover(segment, 1, 0).paid.reserve, 1, "drawn");
        assertEq(majorLeft(), (1_000e18 * 35) / 100 - 3, "left");
    }

    function test_FND02_RewardsAndClassesFadeApart() public {
        cover(segment, 350 * UNIT, 20 * UNIT);
        vm.warp(START + 12 hours);
        // A reward alone does not start the classes' day anew, nor the other way round.
        assertEq(cover(segment, 0, 1 * UNIT).reward, 1 * UNIT, "reward");
        vm.warp(START + 24 hours);
        (uint256[3] memory byClass, , uint256 reward) = fund.budgetLeft(segment);
        // Base: 629 + 0 + (10 + 1) / 2.
        assertEq(byClass[0], (634.5e18 * 35) / 100, "classes are as new");
        assertEq(reward, (634.5e18 * 2) / 100 - 5.5e18, "rewards are not");
    }

    function test_FND02_ARequestThatBooksNothingStartsNoDay() public {
        cover(segment, 350 * UNIT, 20 * UNIT);
        vm.warp(START + 1);
        vm.warp(START + 12 hours);
        uint256 left = majorLeft();
        fund.cover(segment, asked(0, 0, 0, UNIT, 0));
        fund.cover(segment, asked(HUGE, HUGE, HUGE, 0, HUGE));
        vm.warp(START + 24 hours);
        assertTrue(left < majorLeft(), "refilled");
        assertEq(majorLeft(), (630e18 * 35) / 100, "all of it");
    }

    function test_FND02_GiftsRaiseTheBudgetsByTheirShare() public {
        cover(segment, 350 * UNIT, 0);
        give(segment, token, 1_000 * UNIT);
        assertEq(majorLeft(), 350 * UNIT, "35% of the gift");
        assertEq(cover(segment, HUGE, 0).paid.reserve, 350 * UNIT, "can be drawn at once");
    }

    /// @dev The bound is sharp: what is left after a day is drawn again in its last second.
    function test_FND09_TheWorstDayOfEachBudgetReachesItsBound() public {
        string[5] memory names = ["major", "mid", "tail", "segment", "reward"];
        uint256[5] memory shares = [uint256(35), 20, 10, 60, 2];
        for (uint256 i = 0; i < 5; ++i) {
            (SegmentId fresh, , ) = newSegment(18, 1_000, budgets());
            vm.warp(START);
            uint256 drawn = _drawOnly(fresh, i);
            vm.warp(START + 24 hours);
            drawn += _drawOnly(fresh, i);
            // s (2 - s) of 1,000.
            uint256 limit = (shares[i] * (200 - shares[i]) * UNIT) / 10;
            assertEq(drawn, limit, names[i]);
            // solhint-disable-next-line no-console
            console.log("most drawn in any 24 h, %s: %s basis points of reserve + used", names[i], limit / 1e17);
        }
    }

    /// @dev Any schedule of draws and gifts, any shares, any market classes: within each closed 24 hours the drawn amount
    /// stays within s (2 - s) (reserve + used at its start + inflow), for the class, the segment and the rewards.
    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_FND09_NoDayExceedsItsBound(uint256 seed) public {
        BudgetShares memory shares = BudgetShares({
            major: uint16(bound(random(seed, 0), 1, 100_00)),
            mid: uint16(bound(random(seed, 1), 1, 100_00)),
            tail: uint16(bound(random(seed, 2), 1, 100_00)),
            segment: uint16(bound(random(seed, 3), 1, 100_00)),
            reward: uint16(bound(random(seed, 4), 1, 100_00))
        });
        (SegmentId any, , HostileToken coin) = newSegment(18, 1_000, shares);
        Trace memory trace;
        for (uint256 i = 0; i < DRAWS; ++i) _step(any, coin, trace, i, random(seed, 10 + i));
        for (uint256 from = 0; from < DRAWS; ++from) {
            _checkWindow(trace, from, 0, shares.major);
            _checkWindow(trace, from, 1, shares.segment);
            _checkWindow(trace, from, 2, shares.reward);
        }
    }

    /// @param base reserve + used just before each step
    /// @param drawn by major, by all classes, by rewards
    struct Trace {
        uint256[DRAWS] time;
        uint256[DRAWS] base;
        uint256[DRAWS] inflow;
        uint256[DRAWS][3] drawn;
    }

    function _step(SegmentId any, HostileToken coin, Trace memory trace, uint256 i, uint256 dice) private {
        trace.time[i] = (i == 0 ? START : trace.time[i - 1]) + ((dice % 4) * ((dice >> 8) % 24 hours)) / 3;
        vm.warp(trace.time[i]);
        trace.base[i] = _base(any);
        if (dice % 5 == 0) {
            trace.inflow[i] = 1 + ((dice >> 40) % (300 * UNIT));
            give(any, coin, trace.inflow[i]);
        }
        // Often all that is left, sometimes a part of it.
        uint256 major = (dice >> 80) % 3 == 0 ? (dice >> 96) % (200 * UNIT) : HUGE;
        uint256 others = (dice >> 160) % 2 == 0 ? 0 : HUGE;
        uint256 fraction = (dice >> 200) % 3 == 0 ? UNIT / 3 : UNIT;
        (uint256[3] memory before, , ) = fund.budgetLeft(any);
        CoverResult memory result = fund.cover(any, asked(major, others, others, fraction, others));
        (uint256[3] memory left, , ) = fund.budgetLeft(any);
        trace.drawn[0][i] = before[0] - left[0];
        trace.drawn[1][i] = result.paid.reserve;
        trace.drawn[2][i] = result.reward;
    }

    function _checkWindow(Trace memory trace, uint256 from, uint256 bucket, uint256 share) private pure {
        uint256 drawn;
        uint256 money = trace.base[from];
        for (uint256 i = from; i < DRAWS && trace.time[i] <= trace.time[from] + 24 hours; ++i) {
            drawn += trace.drawn[bucket][i];
            money += trace.inflow[i];
        }
        uint256 limit = (money * share * (200_00 - share)) / 1e8;
        // One wei: the base is read off a bucket, which rounds.
        assertTrue(drawn <= limit + 1, "a day above its bound");
    }

    /// @dev reserve + used. Used is 24 h-faded; read back from the slots that hold it, without the contract's help.
    function _base(SegmentId any) private view returns (uint256) {
        bytes32 root = keccak256(abi.encode(SegmentId.unwrap(any), uint256(0)));
        uint256 drawnSlot = uint256(vm.load(address(fund), bytes32(uint256(root) + 3)));
        uint256 rewardSlot = uint256(vm.load(address(fund), bytes32(uint256(root) + 4)));
        uint256 used =
            faded(uint96(drawnSlot), uint40(drawnSlot >> 192)) +
                faded(uint96(drawnSlot >> 96), uint40(drawnSlot >> 192)) +
                faded(uint96(rewardSlot), uint40(drawnSlot >> 192)) +
                faded(uint96(rewardSlot >> 96), uint40(rewardSlot >> 192));
        return reserveOf(any) + used;
    }

    function faded(uint256 used, uint256 since) private view returns (uint256) {
        uint256 elapsed = block.timestamp - since;
        return elapsed >= 24 hours ? 0 : (used * (24 hours - elapsed) + 24 hours - 1) / 24 hours;
    }

    function _drawOnly(SegmentId any, uint256 bucket) private returns (uint256) {
        if (bucket == 4) return fund.cover(any, asked(0, 0, 0, UNIT, HUGE)).reward;
        if (bucket == 3) return fund.cover(any, asked(HUGE, HUGE, HUGE, UNIT, 0)).paid.reserve;
        uint256[3] memory shortfall;
        shortfall[bucket] = HUGE;
        return fund.cover(any, asked(shortfall[0], shortfall[1], shortfall[2], UNIT, 0)).paid.reserve;
    }

    function majorLeft() private view returns (uint256) {
        (uint256[3] memory byClass, , ) = fund.budgetLeft(segment);
        return byClass[0];
    }

    function random(uint256 seed, uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index)));
    }
}
