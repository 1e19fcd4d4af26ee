// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {IReserveInvestments} from "../../../contracts/interfaces/IReserveInvestments.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverResult} from "../../../contracts/types/Coverage.sol";
import {ANNOUNCEMENT} from "../../../contracts/types/CoverageTerms.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev An engine that has no manager.
contract PlainEngine {}

/// @dev What the fund itself lets any desk take (FND-06, FND-09). The test is engine, manager and desk in one.
contract InvestmentsTest is FundTest {
    address private constant STRANGER = address(0x57A46E);

    SegmentId private segment;
    HostileVenue private venue;
    HostileToken private token;
    address private manager;

    function setUp() public override {
        super.setUp();
        manager = address(this);
        (segment, venue, token) = newSegment(6, 1_000, budgets());
        investments().announceDesk(segment, address(this), 0);
        vm.warp(START + ANNOUNCEMENT);
        token.approve(address(fund), type(uint256).max);
    }

    /// @dev As LiquidationEngine: who may name a desk.
    function authority() external view returns (address) {
        return manager;
    }

    /* THE DESK */

    function test_FND09_ADeskWaitsCooldownAndWindow() public {
        vm.expectEmit(address(fund));
        emit IReserveInvestments.DeskAnnounced(segment, address(venue), 7, block.timestamp + ANNOUNCEMENT);
        investments().announceDesk(segment, address(venue), 7);
        uint256 activeFrom = investments().investmentOf(segment).activeFrom;
        assertEq(activeFrom, block.timestamp + 35 days + 1, "35 days and a second");
        // The one before has lost its right at once.
        vm.expectRevert(notDesk(address(this), address(venue), activeFrom));
        investments().invest(segment, 1e6);
        vm.warp(activeFrom - 1);
        vm.prank(address(venue));
        vm.expectRevert(notDesk(address(venue), address(venue), activeFrom));
        investments().invest(segment, 1e6);
        vm.warp(activeFrom);
        vm.prank(address(venue));
        investments().invest(segment, 1e6);
        assertEq(token.balanceOf(address(venue)), 1e6, "tokens");
    }

    function test_FND09_ADeskIsRemovedAtOnce() public {
        investments().invest(segment, 50e6);
        uint256 activeFrom = investments().investmentOf(segment).activeFrom;
        vm.expectEmit(address(fund));
        emit IReserveInvestments.DeskRemoved(segment, address(this));
        investments().removeDesk(segment);
        vm.expectRevert(notDesk(address(this), address(0), activeFrom));
        investments().invest(segment, 1e6);
        // What it has comes back all the same.
        investments().reinstate(segment, 50e6);
        assertLedger(segment, 1_000 * UNIT, 0);
        assertEq(investments().investmentOf(segment).invested, 0, "invested");
    }

    function test_R5_OnlyTheEnginesManagerNamesADesk() public {
        vm.prank(STRANGER);
        vm.expectRevert(notAuthority(STRANGER, address(this)));
        investments().announceDesk(segment, address(venue), 0);
        vm.prank(STRANGER);
        vm.expectRevert(notAuthority(STRANGER, address(this)));
        investments().removeDesk(segment);
        manager = STRANGER;
        vm.expectRevert(notAuthority(address(this), STRANGER));
        investments().announceDesk(segment, address(venue), 0);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_UnknownSegment.selector, 9));
        investments().announceDesk(SegmentId.wrap(9), address(venue), 0);
    }

    function test_R5_AnEngineWithoutAManagerHasNoDesk() public {
        PlainEngine engine = new PlainEngine();
        HostileVenue plain = new HostileVenue(address(token), address(engine), address(fund));
        vm.prank(address(engine));
        SegmentId own = fund.registerSegment(address(plain), budgets(), noLayers());
        vm.expectRevert(notAuthority(address(this), address(0)));
        investments().announceDesk(own, address(venue), 0);
    }

    function test_FND06_ADeskIsAContract() public {
        vm.expectRevert(abi.encodeWithSelector(IReserveInvestments.InsuranceFund_InvalidDesk.selector, STRANGER));
        investments().announceDesk(segment, STRANGER, 0);
    }

    /* LIMITS */

    function test_FND06_InvestedReserveIsNoReserve() public {
        vm.expectEmit(address(fund));
        emit IReserveInvestments.Invested(segment, 100 * UNIT, 100 * UNIT, 900 * UNIT);
        investments().invest(segment, 100e6);
        assertLedger(segment, 900 * UNIT, 0);
        assertEq(fund.resources(segment).total(), 900 * UNIT, "resources");
        CoverResult memory result = cover(segment, 1_000 * UNIT, 0);
        assertEq(result.paid.reserve, 315 * UNIT, "35% of what is liquid");
        assertEq(token.balanceOf(address(fund)), 900e6, "tokens behind reserve and owed");
    }

    function test_FND09_ATenthWithinAWeek() public {
        assertEq(investments().investable(segment), 100 * UNIT, "a tenth");
        vm.expectRevert(aboveInvestable(100 * UNIT + 1e12, 100 * UNIT));
        investments().invest(segment, 100e6 + 1);
        investments().invest(segment, 100e6);
        vm.expectRevert(aboveInvestable(1e12, 0));
        investments().invest(segment, 1);
        vm.warp(block.timestamp + 3.5 days);
        assertEq(investments().investable(segment), 50 * UNIT, "half of it has leaked");
        vm.warp(block.timestamp + 3.5 days);
        assertEq(investments().investable(segment), 100 * UNIT, "all of it");
    }

    function test_FND06_ThreeTenthsAtATime() public {
        for (uint256 i = 0; i < 3; ++i) {
            investments().invest(segment, 100e6);
            vm.warp(block.timestamp + 7 days);
        }
        assertEq(investments().investable(segment), 0, "30% of reserve + invested");
        vm.expectRevert(aboveInvestable(1e12, 0));
        investments().invest(segment, 1);
        // Half comes back.
        investments().reinstate(segment, 150e6);
        assertEq(investments().investable(segment), 100 * UNIT, "the week's tenth");
        assertEq(investments().investmentOf(segment).invested, 150 * UNIT, "invested");
    }

    /// @dev What a vault has lost never comes back, and is never put at risk a second time.
    function test_FND09_WhatIsLostStaysCounted() public {
        for (uint256 i = 0; i < 3; ++i) {
            investments().invest(segment, 100e6);
            vm.warp(block.timestamp + 7 days);
        }
        vm.warp(block.timestamp + 3_650 days);
        assertEq(investments().investable(segment), 0, "ten years later");
    }

    function test_FND06_TheFloorStays() public {
        investments().announceDesk(segment, address(this), uint96(950 * UNIT));
        vm.warp(block.timestamp + ANNOUNCEMENT);
        assertEq(investments().investmentOf(segment).floor, 950 * UNIT, "floor");
        assertEq(investments().investable(segment), 50 * UNIT, "above the floor");
        vm.expectRevert(aboveInvestable(50 * UNIT + 1e12, 50 * UNIT));
        investments().invest(segment, 50e6 + 1);
        cover(segment, 20 * UNIT, 0);
        investments().invest(segment, 30e6);
        vm.expectRevert(aboveInvestable(1e12, 0));
        investments().invest(segment, 1);
        assertLedger(segment, 950 * UNIT, 20 * UNIT);
    }

    function test_FND06_NothingAndTooMuchAreRefused() public {
        vm.expectRevert(aboveInvestable(0, 100 * UNIT));
        investments().invest(segment, 0);
        vm.expectRevert(aboveInvestable(uint256(type(uint96).max) * 1e12, 100 * UNIT));
        investments().invest(segment, type(uint256).max);
    }

    function test_FND06_WhatIsEarnedIsReserve() public {
        investments().invest(segment, 100e6);
        token.mint(address(this), 30e6);
        vm.expectEmit(address(fund));
        emit IReserveInvestments.Reinstated(segment, address(this), 130 * UNIT, 0, 1_030 * UNIT);
        investments().reinstate(segment, 130e6);
        assertLedger(segment, 1_030 * UNIT, 0);
    }

    /// @dev In any 7 days no more than 20% of all that was there or came in, however the desk times it.
    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_FND09_AWeekTakesAFifthAtMost(uint256 seed) public {
        uint256[24] memory times;
        uint256[24] memory amounts;
        uint256 everything = 1_000 * UNIT;
        for (uint256 i = 0; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + (seed % 3 == 0 ? 0 : (seed >> 8) % 2 days));
            if ((seed >> 64) % 4 == 0) {
                uint256 given = 1 + ((seed >> 72) % 200e6);
                give(segment, token, given);
                everything += given * 1e12;
                // The desk's tokens are approved for ever.
                token.approve(address(fund), type(uint256).max);
            } else if ((seed >> 64) % 4 == 1) {
                uint256 back = smaller(token.balanceOf(address(this)), 1 + ((seed >> 72) % 300e6));
                if (back != 0) investments().reinstate(segment, back);
            }
            uint256 most = investments().investable(segment) / 1e12;
            uint256 amount = (seed >> 128) % 2 == 0 ? most : (seed >> 136) % (most + 1);
            if (amount == 0) continue;
            investments().invest(segment, amount);
            (times[i], amounts[i]) = (block.timestamp, amount * 1e12);
            uint256 sum;
            for (uint256 j = 0; j <= i; ++j) {
                if (times[j] + 7 days >= block.timestamp) sum += amounts[j];
            }
            assertTrue(sum * 5 <= everything, "a fifth at most");
        }
    }

    /* HOSTILE TOKENS */

    function test_INV07_ATokenThatMovesAnotherAmountUndoesAll() public {
        HostileToken.Mode[4] memory modes = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.BurnsGas
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            vm.expectRevert(unexpected(100e6, 0));
            investments().invest(segment, 100e6);
            vm.expectRevert(unexpected(100e6, 0));
            investments().reinstate(segment, 100e6);
        }
        token.setMode(HostileToken.Mode.FeeOnTop);
        vm.expectRevert(unexpected(100e6, 101e6));
        investments().invest(segment, 100e6);
        token.setMode(HostileToken.Mode.BlindBalance);
        vm.expectRevert(unexpected(100e6, 0));
        investments().invest(segment, 100e6);
        assertEq(investments().investmentOf(segment).invested, 0, "nothing invested");
        token.setMode(HostileToken.Mode.Honest);
        assertLedger(segment, 1_000 * UNIT, 0);
        vm.expectRevert(invalidAmount(0, (uint256(type(uint96).max) - 1_000 * UNIT) / 1e12));
        investments().reinstate(segment, 0);
    }

    function test_INV07_ATokenThatCallsBackFindsEveryDoorLocked() public {
        // The token is the manager, so that it could.
        bytes[4] memory payloads = [
            abi.encodeCall(IReserveInvestments.invest, (segment, 1e6)),
            abi.encodeCall(IReserveInvestments.reinstate, (segment, 1e6)),
            abi.encodeCall(IReserveInvestments.announceDesk, (segment, address(token), 0)),
            abi.encodeCall(IReserveInvestments.removeDesk, (segment))
        ];
        for (uint256 i = 0; i < payloads.length; ++i) {
            manager = address(token);
            token.setReentry(address(fund), payloads[i]);
            investments().invest(segment, 10e6);
            assertLocked();
            investments().reinstate(segment, 10e6);
            assertLocked();
        }
        assertEq(token.reentries(), 8, "it tried");
    }

    function assertLocked() private view {
        assertTrue(!token.reentrySucceeded(), "it failed");
        assertTrue(
            bytes4(token.reentryResult()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            "because of the lock"
        );
    }

    function notDesk(address caller, address desk, uint256 activeFrom) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IReserveInvestments.InsuranceFund_NotDesk.selector, caller, desk, activeFrom);
    }

    function notAuthority(address caller, address expected) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IReserveInvestments.InsuranceFund_NotAuthority.selector, caller, expected);
    }

    function aboveInvestable(uint256 amount, uint256 limit) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IReserveInvestments.InsuranceFund_AboveInvestable.selector, amount, limit);
    }
}
