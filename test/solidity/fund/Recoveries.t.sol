// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Recoveries} from "../../../contracts/fund/Recoveries.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {CapitalLayers} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {IRecoveries} from "../../../contracts/interfaces/IRecoveries.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {MockLayer} from "../../../contracts/mocks/MockLayer.sol";
import {AccountId, MarketId, SegmentId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {RecoveryTest} from "./RecoveryTest.sol";

/// @dev Who is paid what is recovered, and when (FND-10).
contract RecoveriesTest is RecoveryTest {
    /* REGISTRATION */

    function test_FND10_WhatAnAccountHasBorneBecomesAClaimOfItsOwner() public {
        AccountId account = toAccountId(ALICE, 7);
        venue.setBorne(account, MARKET, 30 * UNIT + 1);
        vm.expectEmit(address(recoveries));
        emit IRecoveries.RoundOpened(1, START + REGISTRATION);
        vm.expectEmit(address(recoveries));
        emit IRecoveries.LossRegistered(1, account, ALICE, 30 * UNIT + 1);
        assertEq(recoveries.register(account, markets()), 30 * UNIT + 1, "registered");
        assertEq(recoveries.balanceOf(ALICE, 1), 30 * UNIT + 1, "claim");
        assertEq(recoveries.registeredOf(account, MARKET), 30 * UNIT + 1, "known");
        assertEq(recoveries.currentRound(), 1, "round");
        assertRound(1, 30 * UNIT + 1, 0, 0);
    }

    function test_FND10_NothingIsRegisteredTwice() public {
        assertEq(lose(ALICE, 30 * UNIT), 30 * UNIT, "once");
        assertEq(lose(ALICE, 30 * UNIT), 0, "again");
        MarketId[] memory twice = new MarketId[](2);
        (twice[0], twice[1]) = (MARKET, MARKET);
        venue.setBorne(toAccountId(ALICE, 0), MARKET, 31 * UNIT);
        assertEq(recoveries.register(toAccountId(ALICE, 0), twice), UNIT, "the same market twice");
        assertRound(1, 31 * UNIT, 0, 0);
        // In the next round neither.
        endRound();
        assertEq(lose(ALICE, 31 * UNIT), 0, "in the next round");
        assertEq(recoveries.currentRound(), 1, "which nothing has opened");
    }

    function test_FND10_MarketsAddUp() public {
        AccountId account = toAccountId(ALICE, 0);
        MarketId[] memory list = new MarketId[](3);
        for (uint8 i = 0; i < 3; ++i) {
            list[i] = MarketId.wrap(i);
            venue.setBorne(account, list[i], (i + 1) * UNIT);
        }
        assertEq(recoveries.register(account, list), 6 * UNIT, "all of them");
        assertEq(recoveries.registeredOf(account, list[2]), 3 * UNIT, "each by itself");
    }

    /// @dev A deleveraging may take base whose charge was never recorded: what was registered stays, and comes first.
    function test_FND10_WhatFallsBelowWhatIsKnownAddsNothing() public {
        lose(ALICE, 30 * UNIT);
        assertEq(lose(ALICE, 10 * UNIT), 0, "below");
        assertEq(lose(ALICE, 30 * UNIT), 0, "as high as known");
        assertEq(lose(ALICE, 32 * UNIT), 2 * UNIT, "above");
        assertRound(1, 32 * UNIT, 0, 0);
    }

    function test_FND10_NothingOpensNoRound() public {
        assertEq(lose(ALICE, 0), 0, "nothing borne");
        assertEq(recoveries.register(toAccountId(ALICE, 0), new MarketId[](0)), 0, "no market");
        assertEq(recoveries.currentRound(), 0, "no round");
    }

    function test_FND10_ARoundEndsToTheSecond() public {
        lose(ALICE, 10 * UNIT);
        vm.warp(START + REGISTRATION - 1);
        lose(BOB, 5 * UNIT);
        assertRound(1, 15 * UNIT, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRecoveries.Recoveries_NotPayable.selector,
                1,
                START + REGISTRATION,
                START + REGISTRATION + PAYABLE
            )
        );
        recover(1, 1e6);
        vm.warp(START + REGISTRATION);
        lose(BOB, 7 * UNIT);
        assertRound(1, 15 * UNIT, 0, 0);
        assertRound(2, 2 * UNIT, 0, 0);
        assertEq(recover(1, 1e6), 1e6, "payable from then on");
    }

    /* SHARING */

    function test_FND10_HoldersArePaidInProportionToWhatTheyBore() public {
        lose(ALICE, 30 * UNIT);
        lose(BOB, 10 * UNIT);
        endRound();
        vm.expectEmit(address(recoveries));
        emit IRecoveries.Recovered(1, address(this), 20 * UNIT, 20 * UNIT, 40 * UNIT);
        assertEq(recover(1, 20e6), 20e6, "taken");
        assertEq(recoveries.dueTo(1, ALICE), 15 * UNIT, "three quarters");
        vm.expectEmit(address(recoveries));
        emit IRecoveries.Claimed(1, ALICE, ALICE, 15e6);
        assertEq(claimAs(ALICE, 1), 15e6, "Alice");
        assertEq(claimAs(BOB, 1), 5e6, "Bob");
        assertEq(token.balanceOf(ALICE), 15e6, "tokens");
        assertRound(1, 40 * UNIT, 20 * UNIT, 20 * UNIT);
        assertEq(token.balanceOf(address(recoveries)), 0, "nothing is left");
    }

    function test_R3_TheOrderOfClaimsPaysNobody() public {
        lose(ALICE, 30 * UNIT);
        lose(BOB, 10 * UNIT);
        endRound();
        recover(1, 8e6);
        assertEq(claimAs(BOB, 1), 2e6, "Bob at once");
        recover(1, 12e6);
        assertEq(claimAs(ALICE, 1), 15e6, "Alice at the end");
        assertEq(claimAs(BOB, 1), 3e6, "Bob the rest");
    }

    function test_FND10_NobodyClaimsTwice() public {
        lose(ALICE, 30 * UNIT);
        endRound();
        recover(1, 20e6);
        claimAs(ALICE, 1);
        vm.expectRevert(nothingDue(1, ALICE));
        claimAs(ALICE, 1);
        vm.expectRevert(nothingDue(1, BOB));
        claimAs(BOB, 1);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_TooLate.selector, 2, 0));
        claimAs(ALICE, 2);
    }

    function test_FND10_ARoundGetsNoMoreThanItLost() public {
        lose(ALICE, 30 * UNIT + 1);
        endRound();
        vm.expectEmit(address(recoveries));
        emit IRecoveries.PassedToReserve(5e6);
        assertEq(recover(1, 35e6), 30e6, "the rest is not for claims");
        assertRound(1, 30 * UNIT + 1, 30 * UNIT, 0);
        assertEq(reserveOf(segment), 5 * UNIT, "the reserve comes last");
        assertEq(claimAs(ALICE, 1), 30e6, "whole units of the token");
        // Less than a unit is lacking: everything is the reserve's.
        recover(1, 3);
        assertRound(1, 30 * UNIT + 1, 30 * UNIT, 30 * UNIT);
        assertEq(reserveOf(segment), 5 * UNIT + 3e12, "reserve");
    }

    /// @dev A layer that is no coverage vault has nobody who could register: what is above the holders' claims is reserve.
    function test_FND10_PastALayerWithoutClaimsTheReserveIsNext() public {
        MockLayer layer = new MockLayer(address(fund), address(token), 6);
        (venue, recoveries) = deploy(CapitalLayers({backstop: address(layer), reinsurance: address(0)}));
        token.approve(address(recoveries), type(uint256).max);
        lose(ALICE, 30 * UNIT);
        endRound();
        assertEq(recover(1, 35e6), 30e6, "what holders lost");
        assertEq(reserveOf(segment), 5 * UNIT, "reserve");
        assertEq(recover(1, 5e6), 0, "nothing more for claims");
        assertEq(reserveOf(segment), 10 * UNIT, "all of it");
    }

    function test_FND10_NothingIsNoPayment() public {
        lose(ALICE, UNIT);
        endRound();
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NothingToTake.selector, 0));
        recover(1, 0);
    }

    /* SEVERAL ROUNDS */

    function test_FND10_RoundsShareByWhatTheyLack() public {
        lose(ALICE, 30 * UNIT);
        endRound();
        lose(BOB, 50 * UNIT);
        endRound();
        recover(1, 20e6);
        // 10 and 50 are lacking.
        assertEq(recoveries.recover(listOf(1, 2), 12e6), 12e6, "taken");
        assertRound(1, 30 * UNIT, 22 * UNIT, 0);
        assertRound(2, 50 * UNIT, 10 * UNIT, 0);
        recoveries.recover(listOf(1, 2), 60e6);
        assertRound(1, 30 * UNIT, 30 * UNIT, 0);
        assertRound(2, 50 * UNIT, 50 * UNIT, 0);
        assertEq(reserveOf(segment), 12 * UNIT, "what is above both");
    }

    /// @dev Parts that do not divide add up to the wei: the last round takes what is left.
    function test_R2_PartsOfRoundsAddUp() public {
        lose(ALICE, UNIT);
        endRound();
        lose(BOB, 2 * UNIT);
        endRound();
        recoveries.recover(listOf(1, 2), 100);
        uint256 first = recoveries.roundOf(1).recovered;
        assertEq(first, uint256(100e12) / 3, "a third, rounded down");
        assertEq(recoveries.roundOf(2).recovered, 100e12 - first, "the rest");
    }

    function test_FND10_RoundsAreNamedInOrderAndEachOnce() public {
        lose(ALICE, UNIT);
        endRound();
        lose(BOB, UNIT);
        endRound();
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NotAscending.selector, 1, 1));
        recoveries.recover(listOf(1, 1), 1e6);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NotAscending.selector, 2, 1));
        recoveries.recover(listOf(2, 1), 1e6);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NotAscending.selector, 0, 0));
        recover(0, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_NotPayable.selector, 3, 0, 0));
        recoveries.recover(listOf(2, 3), 1e6);
    }

    function test_FND10_RoundsAreBounded() public {
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_InvalidRoundCount.selector, 0, 8));
        recoveries.recover(new uint256[](0), 1e6);
        uint256[] memory list = new uint256[](9);
        for (uint256 i = 0; i < 9; ++i) {
            lose(ALICE, (i + 1) * UNIT);
            list[i] = endRound();
        }
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_InvalidRoundCount.selector, 9, 8));
        recoveries.recover(list, 1e6);
        assembly ("memory-safe") {
            mstore(list, 8)
        }
        recoveries.recover(list, 8e6);
        assertRound(8, UNIT, UNIT, 0);
    }

    /* CLAIMS CHANGE HANDS */

    function test_FND10_WhoHeldAClaimWhenItWasPaidForIsDueIt() public {
        lose(ALICE, 40 * UNIT);
        endRound();
        recover(1, 10e6);
        transfer(ALICE, BOB, 1, 20 * UNIT);
        recover(1, 10e6);
        assertEq(recoveries.dueTo(1, ALICE), 15 * UNIT, "the first payment and half of the second");
        assertEq(recoveries.dueTo(1, BOB), 5 * UNIT, "half of the second");
        assertEq(claimAs(BOB, 1) + claimAs(ALICE, 1), 20e6, "all of it");
        // Back again, and there is nothing new to be had.
        transfer(BOB, ALICE, 1, 20 * UNIT);
        vm.expectRevert(nothingDue(1, ALICE));
        claimAs(ALICE, 1);
    }

    function test_FND10_AClaimThatGoesRoundIsPaidOnce() public {
        lose(ALICE, 40 * UNIT);
        endRound();
        recover(1, 10e6);
        transfer(ALICE, ALICE, 1, 40 * UNIT);
        transfer(ALICE, BOB, 1, 40 * UNIT);
        transfer(BOB, CAROL, 1, 40 * UNIT);
        transfer(CAROL, ALICE, 1, 40 * UNIT);
        assertEq(recoveries.dueTo(1, ALICE), 10 * UNIT, "as if it had stayed");
        assertEq(recoveries.dueTo(1, BOB) + recoveries.dueTo(1, CAROL), 0, "and nobody else");
    }

    function test_FND10_ManyClaimsInOneTransferAreEachBroughtUpToDate() public {
        lose(ALICE, 40 * UNIT);
        endRound();
        lose(ALICE, 60 * UNIT);
        endRound();
        recoveries.recover(listOf(1, 2), 30e6);
        uint256[] memory amounts = new uint256[](2);
        (amounts[0], amounts[1]) = (40 * UNIT, 20 * UNIT);
        vm.prank(ALICE);
        recoveries.safeBatchTransferFrom(ALICE, BOB, listOf(1, 2), amounts, "");
        assertEq(recoveries.dueTo(1, ALICE) + recoveries.dueTo(2, ALICE), 30 * UNIT, "Alice keeps what was paid");
        assertEq(recoveries.dueTo(1, BOB) + recoveries.dueTo(2, BOB), 0, "Bob gets what comes");
    }

    /// @dev The owner's code is not asked: this venue is no ERC-1155 receiver.
    function test_FND10_AContractThatKnowsNoClaimsCanStillBePaid() public {
        assertEq(lose(address(venue), 10 * UNIT), 10 * UNIT, "registered");
        endRound();
        recover(1, 10e6);
        vm.prank(address(venue));
        assertEq(recoveries.claim(1, CAROL), 10e6, "to whom it wants");
        assertEq(token.balanceOf(CAROL), 10e6, "tokens");
    }

    /* WHAT IT MAY NOT DO */

    /// @dev Whoever bears a loss after a round's end, or registers one late, takes nothing of what is paid for it.
    function test_R3_NobodyEntersARoundThatHasEnded() public {
        lose(ALICE, 10 * UNIT);
        endRound();
        lose(BOB, 1_000_000 * UNIT);
        assertEq(recover(1, 10e6), 10e6, "for the round");
        assertEq(claimAs(ALICE, 1), 10e6, "Alice gets all of it");
        vm.expectRevert(nothingDue(1, BOB));
        claimAs(BOB, 1);
    }

    function test_FND10_TokensThatAreSentHereChangeNothing() public {
        lose(ALICE, 10 * UNIT);
        endRound();
        token.transfer(address(recoveries), 5e6);
        assertEq(recoveries.dueTo(1, ALICE), 0, "not recovered");
        recover(1, 1e6);
        assertEq(claimAs(ALICE, 1), 1e6, "what was paid in");
    }

    /* DEPLOYMENT */

    function test_FND10_OnlyForAHouseWhoseLinksAreSet() public {
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_InvalidHouse.selector, ALICE));
        new Recoveries(IClearingHouse(ALICE));
        HostileVenue unlinked = new HostileVenue(address(token), address(0), address(fund));
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_InvalidHouse.selector, address(unlinked)));
        new Recoveries(IClearingHouse(address(unlinked)));
        segment = SegmentId.wrap(0);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.Recoveries_InvalidHouse.selector, address(venue)));
        new Recoveries(IClearingHouse(address(venue)));
    }

    function test_FND10_SaysWhatItIs() public view {
        assertTrue(recoveries.house() == address(venue), "house");
        assertTrue(SegmentId.unwrap(recoveries.segment()) == SegmentId.unwrap(segment), "segment");
        assertTrue(keccak256(bytes(recoveries.name())) == keccak256("Bulwark Recovery Claim"), "name");
        assertTrue(keccak256(bytes(recoveries.symbol())) == keccak256("bwRECOVERY"), "symbol");
        assertEq(recoveries.decimals(), 18, "decimals");
    }

    function transfer(address from, address to, uint256 round, uint256 amount) private {
        vm.prank(from);
        recoveries.safeTransferFrom(from, to, round, amount, "");
    }

    function nothingDue(uint256 round, address holder) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRecoveries.Recoveries_NothingDue.selector, round, holder);
    }
}
