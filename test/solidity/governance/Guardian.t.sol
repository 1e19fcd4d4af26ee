// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Guardian} from "../../../contracts/governance/Guardian.sol";
import {IClearingHouseTreasury} from "../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {IGuardian} from "../../../contracts/interfaces/IGuardian.sol";
import {MarketId} from "../../../contracts/types/Identifiers.sol";
import {PauseBits, PauseHistory} from "../../../contracts/types/Pauses.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @notice Pauses by bit, each with its own end, 7 days in any 90 whoever asks (GOV-03). The test is the administrator, who holds every role, and
/// the house.
contract GuardianTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant BIT = 1 << PauseBits.SURPLUS;
    uint256 private constant COVER = 1 << PauseBits.COVER_SALES;
    uint256 private constant BUDGET = 7 days;
    uint256 private constant PERIOD = 90 days;

    Guardian private guardian;

    /// @dev What the house was told last.
    uint8 private _market;
    uint40 private _until;
    uint256 private _told;

    function setUp() public {
        vm.warp(START);
        AccessManager manager = new AccessManager(address(this));
        guardian = new Guardian(address(manager), IClearingHouseTreasury(address(this)));
    }

    function pauseMarket(MarketId market, uint40 until) external {
        (_market, _until) = (MarketId.unwrap(market), until);
        ++_told;
    }

    /* WHO, WHAT, HOW LONG */

    function test_GOV03_OnlyTheRoleMayPauseOrLift() public {
        vm.expectRevert(_unauthorized());
        vm.prank(address(0xBAD));
        guardian.pause(BIT, 1 days);
        vm.expectRevert(_unauthorized());
        vm.prank(address(0xBAD));
        guardian.lift(BIT);
    }

    function test_GOV03_RefusesNoBitAndUnknownBits() public {
        uint256 unknown = 1 << PauseBits.COUNT;
        _expectUnknown(0);
        guardian.pause(0, 1 days);
        _expectUnknown(unknown | BIT);
        guardian.pause(unknown | BIT, 1 days);
        _expectUnknown(unknown);
        guardian.lift(unknown);
        _expectUnknown(1 << 48);
        guardian.tidy(1 << 48);
        // The highest that means something.
        guardian.pause(1 << (PauseBits.COUNT - 1), 1);
    }

    function test_GOV03_RefusesNoTimeAndMoreThanSevenDays() public {
        _expectDuration(0);
        guardian.pause(BIT, 0);
        _expectDuration(BUDGET + 1);
        guardian.pause(BIT, BUDGET + 1);
        guardian.pause(BIT, BUDGET);
        Fuzz.assertEqual(_until49(), START + BUDGET, "seven days");
    }

    function test_GOV03_RefusesAHouseWithoutCode() public {
        Fuzz.assertTrue(guardian.house() == address(this), "its house");
        vm.expectRevert(abi.encodeWithSelector(IGuardian.Guardian_InvalidHouse.selector, address(0xE0A)));
        new Guardian(address(this), IClearingHouseTreasury(address(0xE0A)));
    }

    function test_GOV03_EachBitHasItsOwnEndToTheSecond() public {
        vm.expectEmit(address(guardian));
        emit IGuardian.Paused(PauseBits.SURPLUS, 0, START + 2 days);
        guardian.pause(BIT, 2 days);
        vm.warp(START + 1 days);
        guardian.pause(COVER, 3 days);
        Fuzz.assertEqual(guardian.pausedUntil(PauseBits.RECAPITALIZATION), 0, "not asked for");
        vm.warp(START + 2 days - 1);
        Fuzz.assertEqual(_until49(), START + 2 days, "the last second");
        vm.warp(START + 2 days);
        Fuzz.assertEqual(_until49(), 0, "by itself");
        Fuzz.assertEqual(guardian.pausedUntil(PauseBits.COVER_SALES), START + 4 days, "the other goes on");
        Fuzz.assertEqual(_told, 0, "no market");
    }

    /* THE HOUSE */

    function test_GOV03_TellsTheHouseOfMarkets() public {
        guardian.pause((1 << 5) | BIT, 1 days);
        Fuzz.assertEqual(_told, 1, "one market");
        Fuzz.assertEqual(_market, 5, "which");
        Fuzz.assertEqual(_until, START + 1 days, "until when");
        guardian.lift(1 << 5);
        Fuzz.assertEqual(_told, 2, "lifted");
        Fuzz.assertEqual(_until, 0, "at once");
        Fuzz.assertEqual(_until49(), START + 1 days, "the other bit stays");
    }

    function test_GOV03_TidyEndsNoPause() public {
        guardian.pause(1 << 47, 1 days);
        vm.warp(START + 1 days - 1);
        vm.prank(address(0xA11));
        guardian.tidy(1 << 47);
        Fuzz.assertEqual(_told, 1, "still paused");
        vm.warp(START + 1 days);
        vm.prank(address(0xA11));
        guardian.tidy(1 << 47);
        Fuzz.assertEqual(_told, 2, "over");
        Fuzz.assertEqual(_until, 0, "mark taken");
    }

    /* PROLONGING AND LIFTING */

    function test_GOV03_ALongerPauseStaysAShorterOneIsProlonged() public {
        guardian.pause(BIT, 2 days);
        vm.warp(START + 1 days);
        guardian.pause(BIT, 1 days);
        Fuzz.assertEqual(_until49(), START + 2 days, "stays");
        vm.expectEmit(address(guardian));
        emit IGuardian.Paused(PauseBits.SURPLUS, START + 2 days, START + 3 days);
        guardian.pause(BIT, 2 days);
        PauseHistory memory history = guardian.historyOf(PauseBits.SURPLUS);
        Fuzz.assertEqual(history.start, START, "counts as one");
        Fuzz.assertEqual(history.secondEnd, 0, "and not as two");
        vm.warp(START + 2 days);
        vm.expectRevert(_exceeded(BUDGET + 1));
        guardian.pause(BIT, 5 days + 1);
        guardian.pause(BIT, 5 days);
    }

    function test_GOV03_AnEndThatStandsIsNotToldAgain() public {
        guardian.pause(1, 2 days);
        vm.warp(START + 1 days);
        guardian.pause(1, 1 days);
        Fuzz.assertEqual(_told, 1, "the same second");
        guardian.pause(1, 1 days + 1);
        Fuzz.assertEqual(_told, 2, "a second more");
    }

    function test_GOV03_LiftingEndsAtOnceAndGivesBackWhatWasNotUsed() public {
        guardian.pause(BIT, BUDGET);
        vm.warp(START + 1 days);
        vm.expectEmit(address(guardian));
        emit IGuardian.PauseLifted(PauseBits.SURPLUS, START + BUDGET);
        guardian.lift(BIT);
        Fuzz.assertEqual(_until49(), 0, "ended");
        guardian.lift(BIT);
        Fuzz.assertEqual(guardian.historyOf(PauseBits.SURPLUS).end, START + 1 days, "nothing twice");
        vm.expectRevert(_exceeded(BUDGET + 1));
        guardian.pause(BIT, 6 days + 1);
        guardian.pause(BIT, 6 days);
    }

    /* SEVEN DAYS IN ANY NINETY */

    function test_GOV03_NoSecondMoreWithinNinetyDays() public {
        guardian.pause(BIT, BUDGET);
        // Of a pause of a second that ends 90 days and k seconds after the start, k seconds of the first are out of its window.
        vm.warp(START + PERIOD - 1);
        vm.expectRevert(_exceeded(BUDGET + 1));
        guardian.pause(BIT, 1);
        vm.warp(START + PERIOD);
        guardian.pause(BIT, 1);
    }

    function test_GOV03_AWholeBudgetOnlyWhenTheFirstHasPassed() public {
        guardian.pause(BIT, BUDGET);
        vm.warp(START + PERIOD - 1);
        vm.expectRevert(_exceeded(BUDGET + 1));
        guardian.pause(BIT, BUDGET);
        // It ends BUDGET later, so its window begins where the first pause began plus BUDGET.
        vm.warp(START + PERIOD);
        guardian.pause(BIT, BUDGET);
    }

    function test_GOV03_ThreePausesInNinetyDays() public {
        for (uint256 i = 0; i < 3; ++i) {
            guardian.pause(BIT, 1 hours);
            vm.warp(block.timestamp + 1 days);
        }
        uint256 nextFrom = START + 1 hours + PERIOD;
        vm.warp(nextFrom - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuardian.Guardian_TooManyPauses.selector, PauseBits.SURPLUS, nextFrom));
        guardian.pause(BIT, 1);
        vm.warp(nextFrom);
        guardian.pause(BIT, 1);
    }

    /// forge-config: default.fuzz.runs = 64
    function test_GOV03_AnAdversaryWhoRenewsNeverHasMore(uint256 seed) public {
        // Second by second would be long: the adversary acts in hours, so that a count by the hour is exact.
        bool[1200] memory paused;
        uint256 refused;
        uint256 granted;
        for (uint256 hour = 0; hour < 1200 * 6; hour += 6) {
            vm.warp(START + hour * 1 hours);
            uint256 draw = uint256(keccak256(abi.encode(seed, hour)));
            if (draw % 8 == 0) {
                guardian.lift(BIT);
            } else if (draw % 8 < 6) {
                // Long asks, and the leftovers of a budget.
                uint256 duration = (1 + ((draw >> 8) % ((draw >> 16) % 3 == 0 ? 28 : 6))) * 6 hours;
                try guardian.pause(BIT, duration) {
                    ++granted;
                } catch {
                    ++refused;
                }
            }
            paused[hour / 6] = guardian.pausedUntil(PauseBits.SURPLUS) != 0;
        }
        Fuzz.assertTrue(granted > 3 && refused > 3, "the budget was met");
        uint256 count;
        for (uint256 i = 0; i < 1200; ++i) {
            if (paused[i]) ++count;
            if (i >= 360 && paused[i - 360]) --count;
            Fuzz.assertTrue(count <= 28, "7 days in any 90");
        }
    }

    /* HELPERS */

    function _until49() private view returns (uint256) {
        return guardian.pausedUntil(PauseBits.SURPLUS);
    }

    function _unauthorized() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(0xBAD));
    }

    function _exceeded(uint256 paused) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGuardian.Guardian_BudgetExceeded.selector, PauseBits.SURPLUS, paused, BUDGET);
    }

    function _expectUnknown(uint256 bits) private {
        vm.expectRevert(abi.encodeWithSelector(IGuardian.Guardian_UnknownBits.selector, bits));
    }

    function _expectDuration(uint256 duration) private {
        vm.expectRevert(abi.encodeWithSelector(IGuardian.Guardian_InvalidDuration.selector, duration, BUDGET));
    }
}
