// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Mallory has 40 of junior and would leave before others bear what she should; Bob has 60.
contract AttacksOnExitsTest is AttackVault {
    uint256 private requestedAt;

    function setUp() public override {
        super.setUp();
        deposit(junior, MALLORY, 40);
        deposit(junior, BOB, 60);
        commit(90);
        requestedAt = block.timestamp;
    }

    /* LEAVING BEFORE THE LOSS */

    /// @dev INV-10: asked for before, claimed in the last second of the window, 35 days later: bears it like who stays.
    function test_INV10_an_exit_asked_for_before_the_loss_bears_it_to_the_end_of_its_window() external {
        request(junior, MALLORY);
        skip(1);
        draw(20 * UNIT);
        skip(COOLDOWN - 1);
        draw(20 * UNIT);
        skip(WINDOW);
        draw(20 * UNIT);
        assertEq("40 * 0.4", claim(junior, MALLORY), 16 * NATIVE);
        assertEq("60 * 0.4", vault.books().junior, 24 * UNIT);
    }

    /// @dev INV-21, R4: in the block of the draw, before or after it: the same for her, and for Bob.
    function test_R4_claim_in_the_block_of_the_draw_before_or_after_it_is_paid_the_same() external {
        request(junior, MALLORY);
        skip(COOLDOWN);
        house.setDeficit(30 * UNIT);
        uint256 state = vm.snapshotState();

        assertEq("before: what survives", claim(junior, MALLORY), 28 * NATIVE);
        draw(30 * UNIT);
        house.setDeficit(0);
        assertEq("after: nothing more", claim(junior, MALLORY), 0);
        assertEq("Bob's", vault.books().junior, 42 * UNIT);
        assertEq("Bob's shares", junior.totalSupply(), 60 * UNIT);

        vm.revertToState(state);
        draw(30 * UNIT);
        house.setDeficit(0);
        assertEq("after", claim(junior, MALLORY), 28 * NATIVE);
        assertEq("Bob's", vault.books().junior, 42 * UNIT);
        assertEq("Bob's shares", junior.totalSupply(), 60 * UNIT);
    }

    /// @dev INV-21: ten addresses that leave one by one get no wei more than one would.
    function test_INV21_splitting_an_exit_over_addresses_pays_no_more() external {
        for (uint160 i = 1; i <= 10; ++i) {
            vm.prank(MALLORY);
            junior.transfer(address(0xBAD00 + i), 4 * UNIT);
            request(junior, address(0xBAD00 + i));
        }
        skip(COOLDOWN);
        house.setDeficit(30 * UNIT);
        uint256 paid;
        for (uint160 i = 1; i <= 10; ++i) paid += claim(junior, address(0xBAD00 + i));
        assertEq("in all, of 40 * 0.7", paid, 28 * NATIVE);
        draw(30 * UNIT);
        house.setDeficit(0);
        for (uint160 i = 1; i <= 10; ++i) paid += claim(junior, address(0xBAD00 + i));
        assertEq("in all", paid, 28 * NATIVE);
        assertEq("Bob's", vault.books().junior, 42 * UNIT);
    }

    /* A STANDING OPTION */

    /// @dev A request that is taken back in the last second of its window and made anew waits a whole cooldown, and never sells cover.
    function test_CVR06_cancel_and_request_again_keeps_no_option() external {
        request(junior, MALLORY);
        for (uint256 i = 1; i <= 3; ++i) {
            vm.warp(requestedAt + COOLDOWN + WINDOW);
            assertEq("claimable", junior.claimableRedeemRequest(0, MALLORY), 40 * UNIT);
            vm.prank(MALLORY);
            junior.cancelRedeemRequest();
            assertEq("stays, so that it binds", vault.freeCapital(), 9 * UNIT);
            request(junior, MALLORY);
            requestedAt = block.timestamp;
            assertEq("asked to leave", vault.freeCapital(), 0);
            expectOutsideWindow(requestedAt + COOLDOWN, requestedAt + COOLDOWN + WINDOW);
            claim(junior, MALLORY);
        }
        draw(30 * UNIT);
        vm.warp(requestedAt + COOLDOWN);
        assertEq("bears it", claim(junior, MALLORY), 28 * NATIVE);
    }

    /// @dev A wei more starts the cooldown of all anew, so that no request is both old and large by a dust one.
    function test_CVR06_an_old_dust_request_does_not_carry_later_shares() external {
        queue(junior, MALLORY, 1);
        skip(COOLDOWN);
        request(junior, MALLORY);
        expectOutsideWindow(requestedAt + 2 * COOLDOWN, requestedAt + 2 * COOLDOWN + WINDOW);
        claim(junior, MALLORY);
        assertEq("all of it", junior.pendingRedeemRequest(0, MALLORY), 40 * UNIT);
    }

    /// @dev The long window of a withheld request is not kept by adding to it.
    function test_R4_a_withheld_request_that_is_added_to_has_a_short_window_again() external {
        queue(junior, MALLORY, 1e12);
        skip(COOLDOWN);
        house.setDeficit(90 * UNIT);
        assertEq("a millionth of a unit, less nine tenths", claim(junior, MALLORY), 0);
        assertTrue("withheld", vault.exitRequestOf(Tranche.Junior, MALLORY).isWithheld);
        house.setDeficit(0);
        uint256 since = block.timestamp;
        request(junior, MALLORY);
        vm.warp(since + COOLDOWN + WINDOW + 1);
        expectOutsideWindow(since + COOLDOWN, since + COOLDOWN + WINDOW);
        claim(junior, MALLORY);
    }

    /// @dev The queue is what the vault counts: nobody can send it shares, nor have it hold any of a deposit.
    function test_CVR06_nothing_but_requests_comes_into_the_queue() external {
        bytes memory refusal = abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(junior));
        vm.prank(MALLORY);
        vm.expectRevert(refusal);
        junior.transfer(address(junior), 10 * UNIT);
        vm.prank(MALLORY);
        junior.approve(BOB, 10 * UNIT);
        vm.prank(BOB);
        vm.expectRevert(refusal);
        junior.transferFrom(MALLORY, address(junior), 10 * UNIT);
        token.mint(MALLORY, NATIVE);
        vm.startPrank(MALLORY);
        token.approve(address(junior), NATIVE);
        vm.expectRevert(refusal);
        junior.deposit(NATIVE, address(junior));
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        junior.deposit(NATIVE, address(0));
        vm.stopPrank();
        assertEq("queue", junior.balanceOf(address(junior)), 0);

        uint256 supply = junior.totalSupply();
        uint256 shares = junior.balanceOf(BOB);
        request(junior, BOB);
        assertEq("queue counts the request", junior.balanceOf(address(junior)), shares);
        assertEq("Bob's", junior.balanceOf(BOB), 0);
        assertEq("supply as before", junior.totalSupply(), supply);
        vm.prank(BOB);
        junior.cancelRedeemRequest();
        assertEq("empty again", junior.balanceOf(address(junior)), 0);
        assertEq("Bob's again", junior.balanceOf(BOB), shares);
        vm.prank(MALLORY);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, MALLORY, 40 * UNIT, 40 * UNIT + 1)
        );
        junior.requestRedeem(40 * UNIT + 1, MALLORY, MALLORY);
    }

    /* DUST */

    /// @dev Exits below what the token can express burn their shares for nothing: they cost those who stay nothing.
    function test_CVR06_dust_exits_take_nothing_out() external {
        for (uint256 i = 0; i < 30; ++i) {
            address who = address(uint160(0xD0000 + i));
            vm.prank(MALLORY);
            junior.transfer(who, 1e12 - 1);
            request(junior, who);
        }
        skip(COOLDOWN);
        // What the first leave behind is everybody's, also the later ones'.
        uint256 paid;
        for (uint256 i = 0; i < 30; ++i) paid += claim(junior, address(uint160(0xD0000 + i)));
        assertTrue("less than they were worth", paid * 1e12 < 30 * (1e12 - 1));
        assertEq("value", vault.books().junior, 100 * UNIT - paid * 1e12);
        assertEq("shares", junior.totalSupply(), 100 * UNIT - 30 * (1e12 - 1));
        assertEq("queued", vault.queuedOf(Tranche.Junior), 0);
        assertTrue("Bob", junior.convertToAssets(60 * UNIT) >= 60 * NATIVE);
    }

    function test_CVR06_a_request_for_nothing_is_refused() external {
        expectAmount(0, type(uint128).max);
        queue(junior, MALLORY, 0);
    }

    /* ANOTHER'S REQUEST */

    /// @dev P-LIVE-02: nobody ends, uses or moves another's request while it can be paid; and a vault that stands behind delays it by one
    /// call that anyone can make.
    function test_CVR06_nobody_ends_or_uses_anothers_request() external {
        request(junior, BOB);
        skip(COOLDOWN);
        expectNoRequest(MALLORY);
        claim(junior, MALLORY);
        expectOutsideWindow(requestedAt + COOLDOWN, requestedAt + COOLDOWN + WINDOW);
        junior.expireRedeemRequest(BOB);
        house.setDeficit(30 * UNIT);
        assertEq("Bob's advance", claim(junior, BOB), 42 * NATIVE);
        vm.warp(requestedAt + COOLDOWN + WINDOW + MAX_DELAY);
        house.setDeficit(0);
        // Not overdrawn: what was advanced is worth less than the shares until the very end.
        expectOutsideWindow(requestedAt + COOLDOWN, requestedAt + COOLDOWN + WINDOW + MAX_DELAY);
        junior.expireRedeemRequest(BOB);
        assertEq("and the rest", claim(junior, BOB), 18 * NATIVE);
    }

    /// @dev A token that is paused for the whole window costs time, not shares.
    function test_FND11_a_token_that_is_paused_through_the_window_returns_the_shares() external {
        request(junior, BOB);
        skip(COOLDOWN);
        token.setMode(HostileToken.Mode.Paused);
        expectTransferFailed(BOB, 60 * NATIVE);
        claim(junior, BOB);
        skip(WINDOW + 1);
        junior.expireRedeemRequest(BOB);
        assertEq("shares", junior.balanceOf(BOB), 60 * UNIT);
        assertEq("worth", junior.convertToAssets(60 * UNIT), 60 * NATIVE);
    }

    /// @dev An exit into the vault itself would leave tokens there that no book knows.
    function test_CVR01_an_exit_cannot_be_paid_to_the_vault() external {
        request(junior, MALLORY);
        skip(COOLDOWN);
        vm.prank(MALLORY);
        expectUnexpectedTransfer(40 * NATIVE, 0);
        junior.claimExit(address(vault));
        assertEq("nothing moved", claim(junior, MALLORY), 40 * NATIVE);
    }
}
