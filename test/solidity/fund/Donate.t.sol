// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

contract DonateTest is FundTest {
    SegmentId private segment;
    HostileToken private token;

    function setUp() public override {
        super.setUp();
        (segment, , token) = newSegment(6, 0, budgets());
        token.mint(address(this), 1_000e6);
        token.approve(address(fund), type(uint256).max);
    }

    function test_FND02_AGiftBecomesReserve() public {
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Donated(segment, address(this), 100 * UNIT, 100 * UNIT);
        fund.donate(segment, 100e6);
        fund.donate(segment, 1);
        assertLedger(segment, 100 * UNIT + 1e12, 0);
        assertEq(token.balanceOf(address(fund)), 100e6 + 1, "tokens");
        assertEq(fund.resources(segment).reserve, 100 * UNIT + 1e12, "resources");
        assertEq(fund.resources(segment).total(), 100 * UNIT + 1e12, "no other layer yet");
    }

    function test_FND02_NothingIsNoGift() public {
        vm.expectRevert(invalidAmount(0, type(uint96).max / 1e12));
        fund.donate(segment, 0);
    }

    function test_FND02_TheLedgerTakesNoMoreThanItHolds() public {
        uint256 room = type(uint96).max / 1e12;
        token.mint(address(this), 2 * room);
        vm.expectRevert(invalidAmount(room + 1, room));
        fund.donate(segment, room + 1);
        vm.expectRevert(invalidAmount(type(uint256).max, room));
        fund.donate(segment, type(uint256).max);
        fund.donate(segment, room);
        assertLedger(segment, room * 1e12, 0);
        vm.expectRevert(invalidAmount(1, 0));
        fund.donate(segment, 1);
        // What is segregated takes room as well.
        cover(segment, 1 << 127, 0);
        vm.expectRevert(invalidAmount(1, 0));
        fund.donate(segment, 1);
    }

    function test_FND02_ATokenThatTakesAFeeIsRefused() public {
        token.setMode(HostileToken.Mode.Fee);
        vm.expectRevert(unexpected(100e6, 99e6));
        fund.donate(segment, 100e6);
    }

    function test_FND02_ATransferThatFailsIsRefused() public {
        HostileToken.Mode[6] memory modes = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.Paused,
            HostileToken.Mode.ReturnsGarbage,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            vm.expectRevert(unexpected(100e6, 0));
            fund.donate(segment, 100e6);
        }
        token.setMode(HostileToken.Mode.Honest);
        token.setBlocked(address(fund), true);
        vm.expectRevert(unexpected(100e6, 0));
        fund.donate(segment, 100e6);
        assertLedger(segment, 0, 0);
        assertEq(token.balanceOf(address(fund)), 0, "nothing moved");
    }

    function test_FND02_TokensThatMoveMoneyInTheirOwnWayAreTaken() public {
        HostileToken.Mode[3] memory modes = [
            HostileToken.Mode.ReturnsNothing,
            HostileToken.Mode.FeeOnTop,
            HostileToken.Mode.Honest
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            fund.donate(segment, 100e6);
            assertEq(reserveOf(segment), (i + 1) * 100 * UNIT, "reserve");
        }
    }

    /// @dev A token that burns gas or returns a megabyte costs the caller a bounded amount and nothing else.
    function test_FND02_ATokenCannotBurnTheCallersGas() public {
        token.setMode(HostileToken.Mode.BurnsGas);
        uint256 gasBefore = gasleft();
        vm.expectRevert(unexpected(100e6, 0));
        fund.donate(segment, 100e6);
        assertTrue(gasBefore - gasleft() < 700_000, "bounded");
        token.setMode(HostileToken.Mode.ReturnBomb);
        vm.expectRevert(unexpected(100e6, 0));
        fund.donate(segment, 100e6);
    }

    function test_FND02_ATokenThatCallsBackFindsEveryDoorLocked() public {
        bytes[4] memory payloads = [
            abi.encodeCall(IInsuranceFund.donate, (segment, 1e6)),
            abi.encodeCall(IInsuranceFund.settle, (segment)),
            abi.encodeCall(IInsuranceFund.cover, (segment, asked(UNIT, 0, 0, UNIT, 0))),
            abi.encodeCall(IInsuranceFund.registerSegment, (address(this), budgets(), noLayers()))
        ];
        for (uint256 i = 0; i < payloads.length; ++i) {
            token.setReentry(address(fund), payloads[i]);
            fund.donate(segment, 100e6);
            assertEq(token.reentries(), i + 1, "it tried");
            assertTrue(!token.reentrySucceeded(), "it failed");
            assertTrue(
                bytes4(token.reentryResult()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "because of the lock"
            );
        }
        assertLedger(segment, 400 * UNIT, 0);
    }

    /// @dev R5: tokens that are just sent belong to no segment and can be drawn by none.
    function test_INV07_TokensSentWithoutDonateAreNobodys() public {
        token.transfer(address(fund), 500e6);
        assertLedger(segment, 0, 0);
        assertEq(cover(segment, 100 * UNIT, 0).paid.total(), 0, "nothing to draw");
        fund.donate(segment, 100e6);
        assertLedger(segment, 100 * UNIT, 0);
    }

    function test_R1a_TooLittleGasForTheTokenRevertsAll() public {
        bytes memory call = abi.encodeCall(IInsuranceFund.donate, (segment, 100e6));
        (bool success, bytes memory reason) = address(fund).call{gas: 250_000}(call);
        assertTrue(!success, "starved");
        assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
    }

    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_FND02_GiftsAddUpInAnyDecimals(uint8 decimals, uint64[5] calldata amounts) public {
        decimals = decimals % 19;
        (SegmentId any, , HostileToken coin) = newSegment(decimals, 0, budgets());
        uint256 room = type(uint96).max / 10 ** (18 - decimals) / 5;
        uint256 sum;
        for (uint256 i = 0; i < 5; ++i) {
            uint256 amount = bound(amounts[i], 1, smaller(room, type(uint64).max));
            give(any, coin, amount);
            sum += amount;
        }
        assertEq(reserveOf(any), sum * 10 ** (18 - decimals), "reserve");
        assertEq(coin.balanceOf(address(fund)), sum, "tokens");
    }
}
