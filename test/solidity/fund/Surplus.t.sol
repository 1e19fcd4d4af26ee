// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISurplusPayments} from "../../../contracts/interfaces/ISurplusPayments.sol";
import {IReserveInvestments} from "../../../contracts/interfaces/IReserveInvestments.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {vm} from "../support/Vm.sol";
import {SurplusTest} from "./SurplusTest.sol";

/// @notice What leaves the reserve without a loss, and what never does (FND-07).
contract SurplusPaymentsTest is SurplusTest {
    uint256 private constant NEVER = type(uint256).max;

    function setUp() public override {
        super.setUp();
        payments().linkSurplus(segment, address(this));
        vm.warp(READY);
    }

    function test_FND07_LinkedOnceToCodeByTheAccessManagerOfItsEngine() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISurplusPayments.InsuranceFund_SinkLinked.selector, segment, address(this))
        );
        payments().linkSurplus(segment, address(token));
        vm.expectRevert(
            abi.encodeWithSelector(
                IReserveInvestments.InsuranceFund_NotAuthority.selector,
                address(0xBAD),
                address(this)
            )
        );
        vm.prank(address(0xBAD));
        payments().linkSurplus(segment, address(token));
    }

    function test_FND07_ASinkHasCode() public {
        vm.warp(START);
        super.setUp();
        vm.expectRevert(abi.encodeWithSelector(ISurplusPayments.InsuranceFund_InvalidSink.selector, address(0xE0A)));
        payments().linkSurplus(segment, address(0xE0A));
        assertEq(surplus().due, 0, "nobody to pay");
        vm.expectEmit(address(fund));
        emit ISurplusPayments.SurplusLinked(segment, address(token));
        payments().linkSurplus(segment, address(token));
    }

    function test_FND07_OnlyTheSinkIsPaid() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISurplusPayments.InsuranceFund_NotSink.selector, address(0xBAD), address(this))
        );
        vm.prank(address(0xBAD));
        payments().paySurplus(segment);
    }

    function test_FND07_OneNinetiethADayOfWhatIsBeyondOneAndAHalfTimesThePeak() public {
        // 400 of 1,000 too much; three months of waiting count for a day.
        vm.expectEmit(address(fund));
        emit ISurplusPayments.SurplusPaid(segment, 4_444_444e12, 1_000e18 - 4_444_444e12, 600e18);
        assertEq(payments().paySurplus(segment), 4_444_444, "400 / 90, rounded down to the token");
        assertLedger(segment, 1_000e18 - 4_444_444e12, 0);
        assertEq(token.balanceOf(address(this)), 4_444_444, "sent");
        vm.expectRevert(noSurplus(1_000e18 - 4_444_444e12, 600e18));
        payments().paySurplus(segment);
        // Half a day: half of it, of what is left.
        vm.warp(READY + 12 hours);
        assertEq(payments().paySurplus(segment), uint256(400e6 - 4_444_444) / 180, "by elapsed time");
    }

    function test_FND07_PaidEverySecondItIsNoMoreThanPaidOnce() public {
        vm.warp(READY);
        payments().paySurplus(segment);
        uint256 reserve = reserveOf(segment);
        uint256 sum;
        for (uint256 i = 1; i <= 24; ++i) {
            vm.warp(READY + i * 1 hours);
            sum += payments().paySurplus(segment);
        }
        assertTrue(sum * 1e12 * 90 <= reserve - 600e18, "a day's part at most");
        assertTrue(sum * 1e12 * 92 >= reserve - 600e18, "and not much less");
    }

    function test_FND07_NothingAtOrBelowWhatMustStay() public {
        venue.setPeak(666_666_666_666_666_666_666);
        // 1.5 times that is 1,000 less a wei.
        vm.expectRevert(noSurplus(1_000e18, 999_999_999_999_999_999_999));
        payments().paySurplus(segment);
        venue.setPeak(666_666_666_666_666_666_667);
        vm.expectRevert(noSurplus(1_000e18, 1_000_000_000_000_000_000_001));
        payments().paySurplus(segment);
    }

    function test_FND07_DeficitsAndRecoveryClaimsComeFirst() public {
        venue.setDeficits(100e18, 20e18);
        assertEq(surplus().needed, 720e18, "measured and unallocated");
        // 3,000 asked of a reserve of 1,000: 2,000 were charged to holders.
        cover(segment, 3_000e18, 0);
        give(segment, token, 5_000e6);
        assertEq(surplus().needed, 2_720e18, "what holders were charged");
        assertEq(surplus().due, uint256(5_000e18 - 2_720e18) / 90, "the rest");
    }

    function test_FND07_NotBeforeNinetyDaysAreOnRecordToTheSecond() public {
        vm.warp(READY - 1);
        vm.expectRevert(noSurplus(1_000e18, NEVER));
        payments().paySurplus(segment);
        vm.warp(READY);
        payments().paySurplus(segment);
    }

    function test_FND07_NotWhileTheHouseIsLockedOrHasNoRiskControl() public {
        venue.setLocked(true);
        vm.expectRevert(noSurplus(1_000e18, NEVER));
        payments().paySurplus(segment);
        venue.setLocked(false);
        venue.unlink();
        vm.expectRevert(noSurplus(1_000e18, NEVER));
        payments().paySurplus(segment);
    }

    function test_FND07_ATokenThatTakesMoreUndoesIt() public {
        token.setMode(HostileToken.Mode.FeeOnTop);
        vm.expectRevert(unexpected(4_444_444, 4_444_444 + 44_444));
        payments().paySurplus(segment);
        assertLedger(segment, 1_000e18, 0);
    }

    /// @dev Whatever comes in, goes out and is asked for when: in no moment less stays than must, and no day pays more than its part.
    /// forge-config: default.fuzz.runs = 100
    function test_FND07_NeverBelowWhatMustStay(uint256 seed) public {
        uint256 day;
        uint256 paidToday;
        uint256 mostToday;
        for (uint256 i = 0; i < 100; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(seed, i)));
            vm.warp(block.timestamp + (draw % 3 days));
            if (draw % 5 == 0) give(segment, token, 1 + ((draw >> 8) % 500e6));
            if (draw % 5 == 1) venue.setPeak((draw >> 8) % 1_000e18);
            if (draw % 5 == 2) cover(segment, (draw >> 8) % 100e18, 0);
            uint256 before = reserveOf(segment);
            uint256 needed = surplus().needed;
            if (block.timestamp >= day + 1 days) (day, paidToday, mostToday) = (block.timestamp, 0, 0);
            uint256 most = before > needed ? (before - needed) / 90 : 0;
            mostToday = most > mostToday ? most : mostToday;
            try payments().paySurplus(segment) returns (uint256 amount) {
                paidToday += amount * 1e12;
                assertTrue(before - amount * 1e12 >= needed, "what must stay stays");
            } catch {
                assertEq(reserveOf(segment), before, "refused");
            }
            // A payment at the beginning of a day may be that of the day before.
            assertTrue(paidToday <= 2 * mostToday, "a day's part");
        }
    }
}
