// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IYieldDesk} from "../../../contracts/interfaces/IYieldDesk.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileYieldVault} from "../../../contracts/mocks/HostileYieldVault.sol";
import {vm} from "../support/Vm.sol";
import {YieldTest} from "./YieldTest.sol";

/// @dev Vaults as evil as can be: what was invested can be lost, nothing else, and `cover` goes on (FND-06, FND-09).
contract YieldDeskHostileTest is YieldTest {
    /* DEPOSITS */

    function test_FND06_ADepositThatIsNotOneUndoesAll() public {
        HostileYieldVault.Mode[5] memory modes = [
            HostileYieldVault.Mode.Reverts,
            HostileYieldVault.Mode.BurnsGas,
            HostileYieldVault.Mode.TakesLess,
            HostileYieldVault.Mode.TakesNothing,
            HostileYieldVault.Mode.MintsNothing
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            vault.setMode(modes[i]);
            vm.expectRevert(problem(IYieldDesk.YieldDesk_DepositFailed.selector, 100e6));
            desk.invest(address(vault), 100e6);
        }
        assertLedger(segment, 1_000 * UNIT, 0);
        assertEq(investedOf(), 0, "nothing invested");
        assertEq(token.allowance(address(desk), address(vault)), 0, "nothing lent");
    }

    function test_FND06_AVaultThatBurnsGasCostsABoundedAmount() public {
        vault.setMode(HostileYieldVault.Mode.BurnsGas);
        uint256 gasBefore = gasleft();
        vm.expectRevert(problem(IYieldDesk.YieldDesk_DepositFailed.selector, 100e6));
        desk.invest(address(vault), 100e6);
        assertTrue(gasBefore - gasleft() < 2_700_000, "bounded");
    }

    function test_R1a_AStarvedCallIsNoFailureOfTheVault() public {
        desk.invest(address(vault), 100e6);
        bytes memory call = abi.encodeCall(IYieldDesk.divest, (address(vault), 1e6));
        (bool success, bytes memory reason) = address(desk).call{gas: 1_500_000}(call);
        assertTrue(!success, "starved");
        assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
    }

    function test_FND06_HugeAnswersAreNotCopied() public {
        vault.setMode(HostileYieldVault.Mode.ReturnBomb);
        desk.invest(address(vault), 100e6);
        assertEq(divestAll(), 100e6, "as if it had said nothing");
    }

    function test_FND06_SharesMustBeWorthWhatWasPaid() public {
        HostileYieldVault.Mode[2] memory modes = [HostileYieldVault.Mode.Blind, HostileYieldVault.Mode.Short];
        for (uint256 i = 0; i < 2; ++i) {
            vault.setMode(modes[i]);
            vm.expectRevert(sharesBelow(0, 99.9e6));
            desk.invest(address(vault), 100e6);
        }
        // A price that was blown up by a gift beforehand: 100e6 buy 3 whole shares, 3 fifths of what is there then.
        vault.setMode(HostileYieldVault.Mode.Honest);
        token.mint(address(this), 1);
        token.approve(address(vault), 1);
        vault.deposit(1, address(this));
        earn(60e6);
        uint256 value = (uint256(3) * (160e6 + 2)) / 5;
        vm.expectRevert(sharesBelow(value, 99.9e6));
        desk.invest(address(vault), 100e6);
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    /* LOSSES */

    function test_FND09_AFrozenVaultCostsWhatWasInvestedAndNothingElse() public {
        desk.invest(address(vault), 100e6);
        vault.setMode(HostileYieldVault.Mode.Reverts);
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NothingReceived.selector, 100e6));
        divestAll();
        // Covers go on, from what is liquid, and ask the vault nothing.
        uint256 calls = vault.calls();
        assertEq(cover(segment, 100 * UNIT, 0).paid.reserve, 100 * UNIT, "paid");
        venue.setAccount(-100e18, 0);
        assertTrue(fund.settle(segment) == -100e18, "and sent");
        assertEq(vault.calls(), calls, "nobody asked the vault");
        assertLedger(segment, 800 * UNIT, 0);
        // It thaws.
        vault.setMode(HostileYieldVault.Mode.Honest);
        assertEq(divestAll(), 100e6, "and all comes back");
        assertLedger(segment, 900 * UNIT, 0);
    }

    function test_FND09_AVaultThatStealsGetsWhatWasInvestedAndNothingElse() public {
        desk.invest(address(vault), 100e6);
        vault.setMode(HostileYieldVault.Mode.Skims);
        assertEq(divestAll(), 1, "one unit");
        assertLedger(segment, 900 * UNIT + 1e12, 0);
        assertEq(investedOf(), 100 * UNIT - 1e12, "what is lost stays counted");
        assertEq(investments().investable(segment), 0, "and no more goes out this week");
    }

    function test_FND06_ARedemptionThatBringsNothingBurnsNothing() public {
        desk.invest(address(vault), 100e6);
        vault.setMode(HostileYieldVault.Mode.PaysNothing);
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NothingReceived.selector, 100e6));
        divestAll();
        assertEq(vault.balanceOf(address(desk)), 100e6, "shares stay");
        vault.setMode(HostileYieldVault.Mode.BurnsGas);
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NothingReceived.selector, 100e6));
        divestAll();
    }

    function test_FND06_AFrozenVaultDoesNotHoldAnother() public {
        HostileYieldVault other = new HostileYieldVault(address(token));
        desk.announceVault(address(other));
        desk.invest(address(vault), 50e6);
        vm.warp(desk.listedFrom(address(other)));
        desk.invest(address(other), 50e6);
        vault.setMode(HostileYieldVault.Mode.Reverts);
        assertEq(desk.divest(address(other), type(uint256).max), 50e6, "the other");
    }

    /* LIES */

    function test_FND06_AVaultThatOvervaluesIsBelievedWithinTheCap() public {
        desk.invest(address(vault), 100e6);
        vault.setMode(HostileYieldVault.Mode.Overvalues);
        assertEq(desk.valueOf(address(vault)), 100e6, "what was paid");
        assertEq(desk.checkpoint(address(vault)), 1e27, "kept");
        vm.warp(block.timestamp + 365 days);
        assertEq(desk.valueOf(address(vault)), 120e6, "and 20% a year");
        assertLedger(segment, 900 * UNIT, 0);
    }

    function test_FND06_AVaultThatDoesNotAnswerIsWorthNothingUntilItDoes() public {
        desk.invest(address(vault), 100e6);
        HostileYieldVault.Mode[3] memory modes = [
            HostileYieldVault.Mode.Blind,
            HostileYieldVault.Mode.Short,
            HostileYieldVault.Mode.BurnsGas
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vault.setMode(modes[i]);
            assertEq(desk.valueOf(address(vault)), 0, "nothing");
            vm.expectRevert(problem(IYieldDesk.YieldDesk_NoPrice.selector, 100e6));
            desk.checkpoint(address(vault));
        }
        vault.setMode(HostileYieldVault.Mode.Honest);
        assertEq(desk.valueOf(address(vault)), 100e6, "as before");
    }

    function test_FND06_AVaultThatOvercountsIsNotBelieved() public {
        desk.invest(address(vault), 90e6);
        vault.setMode(HostileYieldVault.Mode.Overcounts);
        assertEq(desk.valueOf(address(vault)), 90e6, "what deposits have brought");
        vm.expectRevert(problem(IYieldDesk.YieldDesk_DepositFailed.selector, 10e6));
        desk.invest(address(vault), 10e6);
        vm.expectRevert(problem(IYieldDesk.YieldDesk_NothingReceived.selector, type(uint128).max));
        divestAll();
        assertEq(desk.divest(address(vault), 40e6), 40e6, "what there is comes out");
        assertEq(desk.valueOf(address(vault)), 50e6, "the rest");
    }

    /// @dev Shares that somebody gives the desk are no value of its own, but may be redeemed for the reserve.
    function test_FND06_SharesThatAreGivenAreNotValued() public {
        desk.invest(address(vault), 50e6);
        token.mint(address(this), 10e6);
        token.approve(address(vault), 10e6);
        vault.deposit(10e6, address(desk));
        assertEq(desk.valueOf(address(vault)), 50e6, "its own");
        assertEq(divestAll(), 60e6, "all of them");
        assertEq(desk.valueOf(address(vault)), 0, "none");
        assertLedger(segment, 1_010 * UNIT, 0);
    }

    /* RE-ENTRY */

    function test_FND06_AVaultThatCallsBackFindsEveryDoorLocked() public {
        bytes[3] memory payloads = [
            abi.encodeCall(IYieldDesk.divest, (address(vault), 1)),
            abi.encodeCall(IYieldDesk.checkpoint, (address(vault))),
            abi.encodeCall(IYieldDesk.invest, (address(vault), 1e6))
        ];
        // The vault has every right at the desk, as if all keys were stolen.
        manager.grantRole(manager.ADMIN_ROLE(), address(vault), 0);
        for (uint256 i = 0; i < payloads.length; ++i) {
            vault.setReentry(address(desk), payloads[i]);
            desk.invest(address(vault), 20e6);
            assertLocked();
            divestAll();
            assertLocked();
        }
        assertEq(vault.calls(), 6, "it tried");
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    /// @dev All keys stolen at once: the vault is the desk's administrator's own, and the thief invests as fast as he
    /// may and returns nothing.
    function test_FND09_AThiefOfAllKeysGetsATenthAndThenThreeTenths() public {
        vault.setMode(HostileYieldVault.Mode.PaysNothing);
        uint256 begun = block.timestamp;
        for (uint256 hour = 0; hour <= 7 * 24; ++hour) {
            vm.warp(begun + hour * 1 hours);
            uint256 amount = investments().investable(segment) / 1e12;
            if (amount != 0) desk.invest(address(vault), amount);
        }
        assertTrue(1_000 * UNIT - reserveOf(segment) <= 200 * UNIT, "a fifth within a week");
        assertTrue(1_000 * UNIT - reserveOf(segment) > 160 * UNIT, "the bound is near");
        for (uint256 day = 0; day < 60; ++day) {
            vm.warp(begun + (8 + day) * 1 days);
            uint256 amount = investments().investable(segment) / 1e12;
            if (amount != 0) desk.invest(address(vault), amount);
        }
        assertTrue(reserveOf(segment) >= 700 * UNIT, "three tenths in all");
        assertEq(cover(segment, 100 * UNIT, 0).paid.reserve, 100 * UNIT, "covers go on");
    }

    /* TOKENS */

    function test_FND06_ATokenThatRefusesUndoesAll() public {
        desk.invest(address(vault), 50e6);
        HostileToken.Mode[3] memory modes = [
            HostileToken.Mode.Paused,
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < 3; ++i) {
            token.setMode(modes[i]);
            vm.expectRevert(unexpected(10e6, 0));
            desk.invest(address(vault), 10e6);
            vm.expectRevert(problem(IYieldDesk.YieldDesk_NothingReceived.selector, 50e6));
            divestAll();
        }
        token.setMode(HostileToken.Mode.Honest);
        assertLedger(segment, 950 * UNIT, 0);
        assertEq(divestAll(), 50e6, "later");
    }

    function assertLocked() private view {
        assertTrue(!vault.reentrySucceeded(), "it failed");
        assertTrue(
            bytes4(vault.reentryResult()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            "because of the lock"
        );
    }

    function sharesBelow(uint256 value, uint256 least) private view returns (bytes memory) {
        return abi.encodeWithSelector(IYieldDesk.YieldDesk_SharesBelowValue.selector, address(vault), value, least);
    }
}
