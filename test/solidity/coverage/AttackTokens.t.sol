// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockWallet} from "../../../contracts/mocks/MockWallet.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A settlement token that misbehaves. Junior 300, senior 700; Carol holds 20 tokens of a series; Mallory's
/// wallet has shares, tokens and approvals, and is what calls back.
contract AttacksByTokensTest is AttackVault {
    SeriesId private series;
    MockWallet private wallet;
    PurchaseId private waiting;
    uint256 private price;

    function setUp() public override {
        super.setUp();
        wallet = new MockWallet();
        deposit(junior, ALICE, 300);
        deposit(senior, BOB, 700);
        deposit(junior, address(wallet), 50);
        deposit(senior, address(wallet), 50);
        fill(address(wallet), 1_000 * NATIVE);
        commit(100);
        series = newSeries(10, 8);
        insure(series, CAROL, 20);
        (waiting, price) = buyFor(series, CAROL, 10);
        draw(10 * UNIT);
    }

    /* A TOKEN THAT DELIVERS SOMETHING ELSE */

    function test_CVR10_premiums_that_do_not_arrive_whole_buy_nothing() external {
        uint96 units = uint96(10 * UNIT);
        uint256 premium = vault.previewPremium(series, units);
        fill(MALLORY, 10 * premium);
        VaultBooks memory before = vault.books();
        vm.startPrank(MALLORY);
        token.setMode(HostileToken.Mode.Fee);
        expectUnexpectedTransfer(premium, premium - premium / 100);
        vault.buy(series, units, premium, MALLORY);
        expectUnexpectedTransfer(500, 495);
        vault.payPremium(500, uint32(block.timestamp / WEEK + 3));
        HostileToken.Mode[4] memory nothing = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Lies,
            HostileToken.Mode.Paused,
            HostileToken.Mode.BlindBalance
        ];
        for (uint256 i = 0; i < 4; ++i) {
            token.setMode(nothing[i]);
            expectUnexpectedTransfer(premium, 0);
            vault.buy(series, units, premium, MALLORY);
            expectUnexpectedTransfer(500, 0);
            vault.payPremium(500, uint32(block.timestamp / WEEK + 3));
            vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_UnexpectedTransfer.selector, 500, 0));
            junior.deposit(500, MALLORY);
        }
        vm.stopPrank();
        token.setMode(HostileToken.Mode.Honest);
        assertEq("liability", vault.books().liability, before.liability);
        assertEq("escrowed", vault.books().escrowed, before.escrowed);
        assertEq("unearned", vault.books().unearned, before.unearned);
    }

    /// @dev One that takes more from the vault than it was told would eat into what others own: every way out reverts.
    function test_INV01_a_token_that_takes_more_than_told_is_paid_out_by_nobody() external {
        verifier.close(series, 2 * UNIT);
        queueAndWait();
        token.setMode(HostileToken.Mode.FeeOnTop);
        expectUnexpectedTransfer(40 * NATIVE, 40.4e6);
        redeem(series, CAROL, 20 * UNIT);
        expectUnexpectedTransfer(price, price + price / 100);
        vault.complete(waiting);
        uint256 owed = vault.owedTo(SEGMENT) / 1e12; // The 10 that were drawn, and a tenth of the premium.
        expectUnexpectedTransfer(owed, owed + owed / 100);
        vm.prank(FUND);
        vault.collect(SEGMENT);
        uint256 due = exitOf(ALICE);
        expectUnexpectedTransfer(due, due + due / 100);
        vm.prank(ALICE);
        junior.claimExit(ALICE);
        token.setMode(HostileToken.Mode.Honest);
        assertSound();
        assertEq("and all is there afterwards", redeem(series, CAROL, 20 * UNIT), 40 * NATIVE);
    }

    /// @dev Says that it has moved, or moves nothing and returns false: the vault pays nobody twice.
    function test_FND11_a_token_that_only_says_that_it_moved_changes_nothing() external {
        verifier.close(series, 2 * UNIT);
        token.setMode(HostileToken.Mode.Lies);
        expectUnexpectedTransfer(40 * NATIVE, 0);
        redeem(series, CAROL, 20 * UNIT);
        token.setMode(HostileToken.Mode.ReturnsFalse);
        expectTransferFailed(CAROL, 40 * NATIVE);
        redeem(series, CAROL, 20 * UNIT);
        expectTransferFailed(CAROL, price);
        vault.complete(waiting);
        assertEq("payable", vault.books().payable_, 0); // Undone with the rest.
        assertEq("tokens", cover.balanceOf(CAROL, SeriesId.unwrap(series)), 20 * UNIT);
    }

    /// @dev P-LIVE-02: one who is blocked stops nobody, and is paid elsewhere or later.
    function test_FND11_a_blocked_payee_stops_only_himself() external {
        insureMore();
        verifier.close(series, 2 * UNIT);
        token.setBlocked(CAROL, true);
        expectTransferFailed(CAROL, 40 * NATIVE);
        redeem(series, CAROL, 20 * UNIT);
        expectTransferFailed(CAROL, price);
        vault.complete(waiting);
        assertEq("others are paid", redeem(series, MALLORY, 5 * UNIT), 10 * NATIVE);
        vm.prank(CAROL);
        assertEq("elsewhere", vault.redeem(series, uint96(20 * UNIT), address(0xCAFE)), 40 * NATIVE);
        token.setBlocked(CAROL, false);
        assertTrue("later", !vault.complete(waiting));
        assertEq("refund", token.balanceOf(CAROL), price);
    }

    function insureMore() private {
        (PurchaseId purchase, ) = buyFor(series, MALLORY, 5);
        skip(1 days);
        vault.complete(purchase);
    }

    /* A TOKEN THAT CALLS BACK */

    /// @dev From inside every movement of the vault's tokens, through every door: all are locked, and what was under way ends as ever.
    function test_CVR10_a_token_that_calls_back_finds_every_door_locked() external {
        verifier.close(series, 2 * UNIT);
        queueAndWait();
        vault.sync(series);
        for (uint256 path = 0; path < 5; ++path) {
            for (uint256 door = 0; door < 15; ++door) {
                uint256 state = vm.snapshotState();
                (address target, bytes memory call_) = doorOf(door);
                token.setReentry(address(wallet), abi.encodeCall(MockWallet.execute, (target, call_)));
                walk(path);
                assertEq("called back", token.reentries(), 1);
                // A deposit moves tokens first, for which the gas of a token is too little; but not where its own lock is held.
                bool isStarved = door == 1 || (door == 0 && path != 4);
                bytes4 reason = isStarved ? GuardedCall.GuardedCall_InsufficientGas.selector : bytes4(locked());
                assertTrue("locked", bytes4(token.reentryResult()) == reason);
                vm.revertToState(state);
            }
        }
    }

    /// @dev The share takes the tokens before the vault is locked. A token gets too little gas to move other tokens of the vault meanwhile,
    /// which would pass for the deposit, or hide it.
    function test_CVR01_no_token_of_the_vault_moves_while_a_deposit_is_under_way() external {
        wallet.execute(address(senior), abi.encodeCall(senior.requestRedeem, (UNIT, address(wallet), address(wallet))));
        skip(COOLDOWN);
        bytes[3] memory inside = [
            abi.encodeCall(vault.payPremium, (30 * NATIVE, uint32(block.timestamp / WEEK + 3))),
            abi.encodeWithSignature("deposit(uint256,address)", 30 * NATIVE, address(wallet)),
            abi.encodeWithSignature("claimExit(address)", address(wallet))
        ];
        // Once before, so that the mock's own slots are written: the first time they take the gas that a token has.
        token.setReentry(address(wallet), abi.encodeCall(MockWallet.execute, (address(vault), inside[0])));
        deposit(junior, MALLORY, 1);
        uint256 state = vm.snapshotState();
        for (uint256 i = 0; i < 3; ++i) {
            address target = i == 0 ? address(vault) : address(senior);
            token.setReentry(address(wallet), abi.encodeCall(MockWallet.execute, (target, inside[i])));
            uint256 expected = junior.previewDeposit(100 * NATIVE);
            assertEq("shares", deposit(junior, MALLORY, 100), expected);
            assertEq("called back", token.reentries(), 2);
            assertTrue("starved", bytes4(token.reentryResult()) == GuardedCall.GuardedCall_InsufficientGas.selector);
            vm.revertToState(state);
        }
    }

    function doorOf(uint256 door) private view returns (address, bytes memory) {
        uint32 week = uint32(block.timestamp / WEEK + 3);
        address me = address(wallet);
        if (door == 0) return (address(junior), abi.encodeWithSignature("deposit(uint256,address)", 1, me));
        if (door == 1) return (address(senior), abi.encodeWithSignature("deposit(uint256,address)", 1, me));
        if (door == 2) return (address(senior), abi.encodeCall(senior.requestRedeem, (1, me, me)));
        if (door == 3) return (address(senior), abi.encodeCall(senior.cancelRedeemRequest, ()));
        if (door == 4) return (address(senior), abi.encodeWithSignature("claimExit(address)", me));
        if (door == 5) return (address(senior), abi.encodeCall(senior.expireRedeemRequest, (me)));
        if (door == 6) return (address(vault), abi.encodeCall(vault.buy, (series, 1, 1, me)));
        if (door == 7) return (address(vault), abi.encodeCall(vault.complete, (waiting)));
        if (door == 8) return (address(vault), abi.encodeCall(vault.sync, (series)));
        if (door == 9) return (address(vault), abi.encodeCall(vault.redeem, (series, 1, me)));
        if (door == 10) return (address(vault), abi.encodeCall(vault.release, (series)));
        if (door == 11) return (address(vault), abi.encodeCall(vault.accrue, ()));
        if (door == 12) return (address(vault), abi.encodeCall(vault.payPremium, (1, week)));
        if (door == 13) return (address(vault), abi.encodeCall(vault.activateCommitment, (SEGMENT)));
        return (address(junior), abi.encodeWithSignature("claimExit(address)", me));
    }

    function walk(uint256 path) private {
        if (path == 0) {
            fill(MALLORY, 500);
            vm.prank(MALLORY);
            vault.payPremium(500, uint32(block.timestamp / WEEK + 3));
        } else if (path == 1) {
            assertTrue("refunded", !vault.complete(waiting));
            assertEq("refund", token.balanceOf(CAROL), price);
        } else if (path == 2) {
            assertEq("redeemed", redeem(series, CAROL, 20 * UNIT), 40 * NATIVE);
        } else if (path == 3) {
            vm.prank(FUND);
            assertTrue("collected", vault.collect(SEGMENT) > 10 * UNIT);
        } else {
            assertTrue("paid", claim(junior, ALICE) > 200 * NATIVE);
        }
    }

    function queueAndWait() private {
        request(junior, ALICE);
        wallet.execute(address(senior), abi.encodeCall(senior.requestRedeem, (UNIT, address(wallet), address(wallet))));
        skip(COOLDOWN);
        vault.sync(series);
    }

    function exitOf(address who) private returns (uint256 paid) {
        uint256 state = vm.snapshotState();
        token.setMode(HostileToken.Mode.Honest);
        vm.prank(who);
        paid = junior.claimExit(who);
        vm.revertToState(state);
    }
}
