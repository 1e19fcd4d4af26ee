// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev The fund's side of the signed account, against a venue whose books say what each test needs.
contract SettleTest is FundTest {
    SegmentId private segment;
    HostileVenue private venue;
    HostileToken private token;

    function setUp() public override {
        super.setUp();
        (segment, venue, token) = newSegment(6, 1_000, openBudgets());
        token.approve(address(fund), type(uint256).max);
    }

    /* THE FUND OWES THE NET */

    function test_FND11_ADrawIsSentToTheVenue() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-300e18, 0);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Settled(segment, -300e18, 700 * UNIT, 0);
        assertTrue(fund.settle(segment) == -300e18, "moved");
        assertEq(token.balanceOf(address(venue)), 300e6, "tokens");
        assertEq(venue.toldReceived(), 300 * UNIT, "told");
        assertLedger(segment, 700 * UNIT, 0);
    }

    /// @dev 300 drawn, 120 of penalties: 180 move, and the 120 are reserve again.
    function test_FND11_PenaltiesAreNettedAgainstDraws() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-180e18, 0);
        assertTrue(fund.settle(segment) == -180e18, "moved");
        assertLedger(segment, 820 * UNIT, 0);
        assertEq(token.balanceOf(address(venue)), 180e6, "tokens");
        assertEq(token.balanceOf(address(fund)), 820e6, "kept");
    }

    function test_FND11_WhatTheTokenCannotExpressStaysSegregated() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-(200e18 + 1), -1);
        fund.settle(segment);
        assertEq(venue.toldReceived(), 200 * UNIT, "rounded down to the token's units");
        assertLedger(segment, 800 * UNIT - 1, 1);
        venue.setAccount(-1, -1);
        assertTrue(fund.settle(segment) == 0, "nothing to move");
        assertEq(venue.settles(), 1, "and nobody is told");
        assertLedger(segment, 800 * UNIT - 1, 1);
    }

    function test_FND11_ARefusedTransferKeepsWhatIsStillOwed() public {
        HostileToken.Mode[4] memory modes = [
            HostileToken.Mode.Paused,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.BlindBalance
        ];
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-180e18, 0);
        for (uint256 i = 0; i < modes.length; ++i) {
            token.setMode(modes[i]);
            assertTrue(fund.settle(segment) == 0, "moved");
            // Only the netted part is reserve again: the venue's books say so, whatever the token does.
            assertLedger(segment, 820 * UNIT, 180 * UNIT);
        }
        assertEq(venue.settles(), 0, "the venue was told nothing");
        token.setMode(HostileToken.Mode.Honest);
        token.setBlocked(address(venue), true);
        assertTrue(fund.settle(segment) == 0, "blocked");
        token.setBlocked(address(venue), false);
        assertTrue(fund.settle(segment) == -180e18, "later it moves");
        assertLedger(segment, 820 * UNIT, 0);
    }

    function test_FND11_APausedTokenChangesNotWhichLayerPays() public {
        token.setMode(HostileToken.Mode.Paused);
        assertEq(cover(segment, 600 * UNIT, 0).paid.reserve, 600 * UNIT, "first");
        venue.setAccount(-600e18, -600e18);
        fund.settle(segment);
        assertEq(cover(segment, 600 * UNIT, 0).paid.reserve, 400 * UNIT, "what is left, and no more");
        assertLedger(segment, 0, 1_000 * UNIT);
    }

    function test_INV07_ATokenThatTakesMoreThanToldIsRefused() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-300e18, 0);
        token.setMode(HostileToken.Mode.FeeOnTop);
        vm.expectRevert(unexpected(300e6, 303e6));
        fund.settle(segment);
    }

    function test_FND11_ATokenThatOnlySaysThatItMovedIsRefused() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-300e18, 0);
        token.setMode(HostileToken.Mode.Lies);
        vm.expectRevert(unexpected(300e6, 0));
        fund.settle(segment);
    }

    /* THE VENUE OWES THE NET */

    function test_FND11_WhatArrivesBecomesReserve() public {
        cover(segment, 300 * UNIT, 0);
        token.mint(address(venue), 50e6);
        venue.setAccount(50e18, 0);
        _venuePays(50e6);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Settled(segment, 50e18, 1_050 * UNIT, 0);
        assertTrue(fund.settle(segment) == 50e18, "moved");
        // The draw was netted as a whole: 300 are reserve again, and 50 came.
        assertLedger(segment, 1_050 * UNIT, 0);
        assertEq(token.balanceOf(address(fund)), 1_050e6, "tokens");
    }

    function test_FND11_AnAccountThatNetsToZeroReleasesTheDraw() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(0, 0);
        assertTrue(fund.settle(segment) == 0, "moved");
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    function test_FND11_AVenueThatCannotPayNowPaysLater() public {
        venue.setAccount(50e18, 50e18);
        assertTrue(fund.settle(segment) == 0, "moved");
        assertLedger(segment, 1_000 * UNIT, 0);
        token.mint(address(venue), 50e6);
        venue.setAccount(50e18, 0);
        _venuePays(50e6);
        assertTrue(fund.settle(segment) == 50e18, "moved");
        assertLedger(segment, 1_050 * UNIT, 0);
    }

    function test_FND11_ABlindTokenIsNotAskedFor() public {
        token.setMode(HostileToken.Mode.BlindBalance);
        venue.setAccount(50e18, 0);
        assertTrue(fund.settle(segment) == 0, "moved");
        assertEq(venue.settles(), 0, "what cannot be measured is not asked for");
    }

    function test_FND11_AFeeTokenCreditsWhatArrived() public {
        token.mint(address(venue), 50e6);
        token.setMode(HostileToken.Mode.Fee);
        venue.setAccount(50e18, 0);
        _venuePays(50e6);
        assertTrue(fund.settle(segment) == 49.5e18, "less the fee");
        assertLedger(segment, 1_049.5e18, 0);
    }

    /// @dev Such a token cannot be a settlement asset; one that shrinks while the venue pays is credited as nothing.
    function test_FND11_ATokenThatShrinksMeanwhileCreditsNothing() public {
        venue.setAccount(50e18, 50e18);
        venue.setCall(address(token), abi.encodeCall(HostileToken.rebase, (0.9e18)));
        assertTrue(fund.settle(segment) == 0, "moved");
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    function test_FND11_ATokenThatGoesBlindMeanwhileCreditsNothing() public {
        venue.setAccount(50e18, 50e18);
        venue.setCall(address(token), abi.encodeCall(HostileToken.setMode, (HostileToken.Mode.BlindBalance)));
        assertTrue(fund.settle(segment) == 0, "moved");
        assertTrue(venue.callSucceeded(), "blind by now");
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    function test_FND11_TheLedgerRefusesWhatItCannotHold() public {
        uint256 room = type(uint96).max / 1e12;
        token.mint(address(venue), room);
        venue.setAccount(1, 0);
        _venuePays(room);
        vm.expectRevert(invalidAmount(room * 1e12 + 1_000 * UNIT, type(uint96).max));
        fund.settle(segment);
    }

    /* VENUES THAT LIE (INV-07, R5) */

    function test_R5_AVenueGetsNoMoreThanItsEngineHasDrawn() public {
        cover(segment, 300 * UNIT, 0);
        int256[2] memory claims = [-int256(1_000_000e18), type(int256).min];
        for (uint256 i = 0; i < 2; ++i) {
            venue.setAccount(claims[i], claims[i]);
            fund.settle(segment);
            assertEq(token.balanceOf(address(venue)), 300e6, "no more");
            assertLedger(segment, 700 * UNIT, 0);
        }
    }

    function test_R5_AVenueThatPaidNothingIsCreditedNothing() public {
        // HostileVenue.settle returns 2^256 - 1 as what it has sent.
        venue.setAccount(type(int256).max, 0);
        assertTrue(fund.settle(segment) == 0, "moved");
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    function test_R5_AVenueThatClaimsAfterPayingKeepsOnlyItsOwnSegregated() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(0, -1_000_000e18);
        fund.settle(segment);
        assertLedger(segment, 700 * UNIT, 300 * UNIT);
    }

    function test_R5_AVenueThatRevertsStopsOnlyItself() public {
        (SegmentId other, HostileVenue honest) = newVenue(address(token), openBudgets());
        give(other, token, 100e6);
        cover(other, 40 * UNIT, 0);
        honest.setAccount(-40e18, 0);
        venue.setBroken(true);
        vm.expectRevert(abi.encodeWithSelector(HostileVenue.HostileVenue_Broken.selector));
        fund.settle(segment);
        assertTrue(fund.settle(other) == -40e18, "the other one settles");
        assertEq(cover(segment, 10 * UNIT, 0).paid.reserve, 10 * UNIT, "and covers go on");
    }

    function test_INV07_AVenueThatCallsBackFindsEveryDoorLocked() public {
        token.mint(address(venue), 10e6);
        bytes[4] memory payloads = [
            abi.encodeCall(IInsuranceFund.settle, (segment)),
            abi.encodeCall(IInsuranceFund.donate, (segment, 1e6)),
            abi.encodeCall(IInsuranceFund.cover, (segment, asked(UNIT, 0, 0, UNIT, 0))),
            abi.encodeCall(IInsuranceFund.registerSegment, (address(this), budgets(), noLayers()))
        ];
        for (uint256 i = 0; i < payloads.length; ++i) {
            venue.setAccount(1, 0);
            venue.setCall(address(fund), payloads[i]);
            fund.settle(segment);
            assertTrue(!venue.callSucceeded(), "it failed");
            assertTrue(bytes4(venue.callResult()) == bytes4(keccak256("ReentrancyGuardReentrantCall()")), "locked");
        }
        assertLedger(segment, 1_000 * UNIT, 0);
    }

    function test_INV07_ATokenThatCallsBackWhileItIsSentFindsTheDoorLocked() public {
        cover(segment, 300 * UNIT, 0);
        venue.setAccount(-300e18, 0);
        token.setReentry(address(fund), abi.encodeCall(IInsuranceFund.settle, (segment)));
        fund.settle(segment);
        assertTrue(token.reentries() == 1 && !token.reentrySucceeded(), "locked");
        assertEq(token.balanceOf(address(venue)), 300e6, "sent once");
        assertLedger(segment, 700 * UNIT, 0);
    }

    /// @dev A venue on the same token, as hostile as can be, leaves the other segment's money alone.
    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_INV07_AHostileVenueMovesOnlyItsOwnSegment(
        int256 before,
        int256 afterwards,
        uint96 drawn,
        uint40 given
    ) public {
        (SegmentId other, HostileVenue hostile) = newVenue(address(token), openBudgets());
        give(other, token, 500e6);
        fund.cover(other, asked(drawn, 0, 0, UNIT, 0));
        hostile.setAccount(before, afterwards);
        token.mint(address(hostile), given);
        hostile.setCall(address(token), abi.encodeCall(HostileToken.transfer, (address(fund), given)));
        uint256 inside = reserveOf(other) + owedOf(other);

        int256 moved = fund.settle(other);

        assertLedger(segment, 1_000 * UNIT, 0);
        assertTrue(int256(reserveOf(other) + owedOf(other)) == int256(inside) + moved, "its ledger moved by the net");
        assertTrue(moved >= -int256(inside), "no more than it had");
        uint256 ledger = 1_000 * UNIT + reserveOf(other) + owedOf(other);
        assertTrue(token.balanceOf(address(fund)) * 1e12 >= ledger, "tokens behind every segment");
    }

    function _venuePays(uint256 amount) private {
        venue.setCall(address(token), abi.encodeCall(HostileToken.transfer, (address(fund), amount)));
    }
}
