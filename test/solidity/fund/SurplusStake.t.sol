// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BulwarkToken} from "../../../contracts/governance/BulwarkToken.sol";
import {SurplusStake} from "../../../contracts/fund/SurplusStake.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IGuardian} from "../../../contracts/interfaces/IGuardian.sol";
import {ISurplusStake, StakeView} from "../../../contracts/interfaces/ISurplusStake.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {PauseBits} from "../../../contracts/types/Pauses.sol";
import {vm} from "../support/Vm.sol";
import {SurplusTest} from "./SurplusTest.sol";

/// @notice Who is paid surplus: tokens held for 28 days, and none that came just before (FND-07). The test is guardian.
contract SurplusStakeTest is SurplusTest {
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);
    uint256 private constant MILLION = 1_000_000e18;
    /// @dev A fiftieth of a hundred million.
    uint256 private constant LEAST = 2 * MILLION;

    SurplusStake private stakes;
    BulwarkToken private votes;
    uint256 private _pausedUntil;

    function setUp() public override {
        super.setUp();
        votes = new BulwarkToken(address(this), address(this));
        stakes = _deploy(address(venue), address(votes), address(this));
        payments().linkSurplus(segment, address(stakes));
        votes.transfer(ALICE, 60 * MILLION);
        votes.transfer(BOB, 40 * MILLION);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(i == 0 ? ALICE : BOB);
            votes.approve(address(stakes), type(uint256).max);
        }
        vm.warp(READY);
    }

    function pausedUntil(uint256 bit) external view returns (uint256) {
        return bit == PauseBits.SURPLUS ? _pausedUntil : 0;
    }

    /* LINKS */

    function test_FND07_RefusesLinksWithoutCode() public {
        _expectInvalidLink(address(0xE0A));
        _deploy(address(0xE0A), address(votes), address(this));
        _expectInvalidLink(address(0xE0A));
        _deploy(address(venue), address(0xE0A), address(this));
        _expectInvalidLink(address(0xE0A));
        _deploy(address(venue), address(votes), address(0xE0A));
    }

    /* TIME */

    function test_FND07_AStakeWaitsForTwentyEightDaysToTheSecond() public {
        vm.expectEmit(address(stakes));
        emit ISurplusStake.Staked(ALICE, 10 * MILLION, READY + 28 days);
        _stake(ALICE, 10 * MILLION);
        vm.warp(READY + 28 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_NotYet.selector, ALICE, READY + 28 days));
        stakes.activate(ALICE);
        vm.warp(READY + 28 days);
        vm.expectEmit(address(stakes));
        emit ISurplusStake.Activated(ALICE, 10 * MILLION);
        stakes.activate(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_NotYet.selector, ALICE, READY + 28 days));
        stakes.activate(ALICE);
    }

    function test_FND07_APaymentTellsWhatCameAndForHowMany() public {
        _activate(ALICE, 10 * MILLION);
        vm.expectEmit(address(stakes));
        emit ISurplusStake.SurplusShared(4_444_444, 10 * MILLION);
        stakes.share();
    }

    function test_FND07_ATokenThatCallsBackWhileItIsPaidActivatesNobody() public {
        _stake(BOB, 40 * MILLION);
        _stake(ALICE, 10 * MILLION);
        vm.warp(READY + 28 days);
        stakes.activate(ALICE);
        token.setReentry(address(stakes), abi.encodeCall(stakes.activate, (BOB)));
        uint256 paid = stakes.share();
        assertEq(token.reentries(), 1, "called back");
        assertTrue(!token.reentrySucceeded(), "in vain");
        assertEq(_dueOf(ALICE), paid, "hers alone");
    }

    function test_FND07_WhatCameJustBeforeAPaymentGetsNothingOfIt() public {
        _activate(ALICE, 10 * MILLION);
        _stake(BOB, 40 * MILLION);
        uint256 paid = stakes.share();
        assertEq(paid, 4_444_444, "a day's part");
        assertEq(_dueOf(ALICE), paid, "all of it");
        assertEq(_dueOf(BOB), 0, "nothing");
        // A stake that has waited but was not activated gets nothing either: anyone may activate it before.
        vm.warp(block.timestamp + 28 days);
        uint256 second = stakes.share();
        assertEq(_dueOf(ALICE), paid + second, "again");
        stakes.activate(BOB);
        assertEq(_dueOf(BOB), 0, "nothing of what was before");
        vm.warp(block.timestamp + 1 days);
        uint256 third = stakes.share();
        assertNear(_dueOf(BOB), (third * 4) / 5, 1, "by tokens from then on");
        assertNear(_dueOf(ALICE), paid + second + third / 5, 2, "by tokens from then on");
    }

    function test_FND07_ASecondStakeDoesNotSpoilTheFirst() public {
        _stake(ALICE, 10 * MILLION);
        vm.warp(READY + 28 days);
        _stake(ALICE, 5 * MILLION);
        StakeView memory seen = stakes.stakeOf(ALICE);
        assertEq(seen.active, 10 * MILLION, "has waited");
        assertEq(seen.waiting, 5 * MILLION, "waits");
        assertEq(seen.activeFrom, READY + 56 days, "anew");
        vm.warp(READY + 40 days);
        _stake(ALICE, 1 * MILLION);
        seen = stakes.stakeOf(ALICE);
        assertEq(seen.active, 10 * MILLION, "unchanged");
        assertEq(seen.activeFrom, READY + 68 days, "all that waits, anew");
    }

    /* LEAVING */

    function test_FND07_TokensLeaveAtOnceWaitingOnesFirst() public {
        _activate(ALICE, 10 * MILLION);
        _stake(ALICE, 5 * MILLION);
        vm.expectEmit(address(stakes));
        emit ISurplusStake.Unstaked(ALICE, 7 * MILLION);
        vm.prank(ALICE);
        stakes.unstake(7 * MILLION);
        StakeView memory seen = stakes.stakeOf(ALICE);
        assertEq(seen.waiting, 0, "first");
        assertEq(seen.active, 8 * MILLION, "then");
        assertEq(stakes.totalActive(), 8 * MILLION, "total");
        assertEq(votes.balanceOf(ALICE), 52 * MILLION, "sent");
        vm.expectRevert(
            abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidAmount.selector, 8 * MILLION + 1, 8 * MILLION)
        );
        vm.prank(ALICE);
        stakes.unstake(8 * MILLION + 1);
    }

    function test_FND07_WhoLeavesKeepsWhatIsDue() public {
        _activate(ALICE, 10 * MILLION);
        uint256 paid = stakes.share();
        vm.prank(ALICE);
        stakes.unstake(10 * MILLION);
        assertEq(stakes.totalActive(), 0, "left");
        vm.expectEmit(address(stakes));
        emit ISurplusStake.SurplusClaimed(ALICE, BOB, paid);
        vm.prank(ALICE);
        stakes.claim(BOB);
        assertEq(token.balanceOf(BOB), paid, "to whom she says");
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidAmount.selector, 0, 0));
        vm.prank(ALICE);
        stakes.claim(ALICE);
    }

    /* WHEN NOTHING IS PAID */

    function test_FND07_NothingWhileFewerThanAFiftiethAreActive() public {
        _activate(ALICE, LEAST - 1);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_TooFewActive.selector, LEAST - 1, LEAST));
        stakes.share();
        _activate(BOB, 1);
        stakes.share();
    }

    function test_FND07_NothingWhileNobodyIsActive() public {
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_TooFewActive.selector, 0, LEAST));
        stakes.share();
    }

    function test_FND07_NothingWhileTheGuardianHasPausedIt() public {
        _activate(ALICE, 10 * MILLION);
        _pausedUntil = READY + 100 days;
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_Paused.selector, READY + 100 days));
        stakes.share();
        // What is staked or due leaves all the same.
        vm.prank(ALICE);
        stakes.unstake(1 * MILLION);
    }

    function test_FND07_RefusesNothingAndWhatNobodyHas() public {
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidAmount.selector, 0, type(uint96).max));
        vm.prank(ALICE);
        stakes.stake(0);
        uint256 huge = uint256(type(uint96).max) + 1;
        vm.expectRevert(
            abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidAmount.selector, huge, type(uint96).max)
        );
        vm.prank(ALICE);
        stakes.stake(huge);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_TransferFailed.selector, address(votes)));
        vm.prank(ALICE);
        stakes.stake(60 * MILLION + 1);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidAmount.selector, 0, 0));
        vm.prank(ALICE);
        stakes.unstake(0);
    }

    function test_FND07_ATokenThatSendsNothingBackLeavesTheStakeAsItWas() public {
        HostileToken stuck = new HostileToken(18);
        SurplusStake other = _deploy(address(venue), address(stuck), address(this));
        stuck.mint(ALICE, 5 * MILLION);
        vm.prank(ALICE);
        stuck.approve(address(other), type(uint256).max);
        vm.prank(ALICE);
        other.stake(5 * MILLION);
        vm.warp(READY + 28 days);
        other.activate(ALICE);
        for (uint256 i = 0; i < 2; ++i) {
            stuck.setMode(i == 0 ? HostileToken.Mode.ReturnsFalse : HostileToken.Mode.Reverts);
            vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_TransferFailed.selector, address(stuck)));
            vm.prank(ALICE);
            other.unstake(2 * MILLION);
            assertEq(other.stakeOf(ALICE).active, 5 * MILLION, "as it was");
            assertEq(other.totalActive(), 5 * MILLION, "as it was");
        }
        stuck.setMode(HostileToken.Mode.Honest);
        vm.prank(ALICE);
        other.unstake(2 * MILLION);
        assertEq(stuck.balanceOf(ALICE), 2 * MILLION, "sent");
    }

    function test_FND07_APaymentThatDoesNotArriveStaysDue() public {
        _activate(ALICE, 10 * MILLION);
        uint256 paid = stakes.share();
        token.setBlocked(BOB, true);
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_TransferFailed.selector, address(token)));
        vm.prank(ALICE);
        stakes.claim(BOB);
        assertEq(_dueOf(ALICE), paid, "due as before");
        vm.prank(ALICE);
        assertEq(stakes.claim(ALICE), paid, "to another receiver");
        assertEq(token.balanceOf(ALICE), paid, "sent");
    }

    /// forge-config: default.fuzz.runs = 100
    function test_FND07_WhatIsDueNeverExceedsWhatCameAndNobodyGetsMoreThanHisPart(uint256 seed) public {
        _activate(ALICE, 10 * MILLION);
        _activate(BOB, 7 * MILLION);
        uint256 came;
        uint256[2] memory parts;
        for (uint256 i = 0; i < 60; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(seed, i)));
            vm.warp(block.timestamp + (draw % 20 days));
            address who = draw & 256 == 0 ? ALICE : BOB;
            uint256 amount = 1 + ((draw >> 16) % (3 * MILLION));
            if (draw % 6 == 0) {
                vm.prank(who);
                try stakes.stake(amount) {} catch {}
            } else if (draw % 6 == 1) {
                vm.prank(who);
                try stakes.unstake(amount) {} catch {}
            } else if (draw % 6 == 2) {
                try stakes.activate(who) {} catch {}
            } else if (draw % 6 == 3) {
                vm.prank(who);
                try stakes.claim(who) {} catch {}
            } else {
                uint256[2] memory active = [stakes.stakeOf(ALICE).active, stakes.stakeOf(BOB).active];
                assertEq(active[0] + active[1], stakes.totalActive(), "sum of parts");
                try stakes.share() returns (uint256 paid) {
                    came += paid;
                    for (uint256 j = 0; j < 2; ++j) parts[j] += (paid * active[j] * 1e6) / (active[0] + active[1]);
                } catch {}
            }
        }
        uint256 hers = _dueOf(ALICE) + token.balanceOf(ALICE);
        uint256 his = _dueOf(BOB) + token.balanceOf(BOB);
        assertTrue(hers + his <= came, "no more than came");
        // Rounded down at each change of a stake: 60 at most.
        assertTrue(hers * 1e6 <= parts[0] + 1e6 && (hers + 60) * 1e6 >= parts[0], "hers");
        assertTrue(his * 1e6 <= parts[1] + 1e6 && (his + 60) * 1e6 >= parts[1], "his");
        assertEq(token.balanceOf(address(stakes)), came - token.balanceOf(ALICE) - token.balanceOf(BOB), "held");
    }

    /* HELPERS */

    function _deploy(address house, address token_, address guardian) private returns (SurplusStake) {
        return new SurplusStake(IClearingHouse(house), token_, IGuardian(guardian));
    }

    function _stake(address who, uint256 amount) private {
        vm.prank(who);
        stakes.stake(amount);
    }

    function _activate(address who, uint256 amount) private {
        uint256 start = block.timestamp;
        _stake(who, amount);
        vm.warp(start + 28 days);
        stakes.activate(who);
    }

    function _dueOf(address who) private view returns (uint256) {
        return stakes.stakeOf(who).due;
    }

    function _expectInvalidLink(address link) private {
        vm.expectRevert(abi.encodeWithSelector(ISurplusStake.SurplusStake_InvalidLink.selector, link));
    }
}
