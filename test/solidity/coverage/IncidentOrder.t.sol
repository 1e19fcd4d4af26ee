// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverToken} from "../../../contracts/coverage/CoverToken.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {BidRequest} from "../../../contracts/types/Auction.sol";
import {Trade} from "../../../contracts/types/Clearing.sol";
import {vm} from "../support/Vm.sol";
import {WholeWaterfallTest} from "./WholeWaterfall.t.sol";

/// @dev R3, INV-12, INV-21: whoever is first within an incident gains nothing. Two accounts are bankrupt and flagged; two bidders, two holders
/// of cover, two underwriters in the window of their exit and a keeper act once each, in an order that the fuzzer draws, all in one
/// second; then everyone does whatever is left for him to do, and everybody has what he has in the plain order.
///
/// A holder redeems when all that his side was charged is confirmed: tokens that are redeemed before are burnt for less, by his own choice
/// (the third test). Bidders get no reward here: the bucket of rewards starts with penalties, and there were none (LIQ-04).
contract IncidentOrderTest is WholeWaterfallTest {
    /// @dev Half a cent, of losses of hundreds: payments are cut to a unit of the token, and the premium of the last hour is earned by whoever
    /// is still in then.
    uint256 private constant ROUNDING = 0.005e18;
    uint256 private constant ACTIONS = 7;
    uint256 private constant PERSONS = 8;
    address private constant LOSER_2 = address(0xB04);
    address private constant BIDDER_2 = address(0xB05);
    address private constant HOLDER = address(0xB06);
    address private constant JUNIOR_EXIT = address(0xC01);
    address private constant SENIOR_EXIT = address(0xC02);
    address private constant KEEPER = address(0xCAFE);
    uint96 private constant WINNERS_UNITS = 50e18;
    uint96 private constant HOLDERS_UNITS = 30e18;

    TrancheShare private junior;
    TrancheShare private senior;
    CoverToken private cover;
    /// @dev What the holders' purchases have left them.
    uint256 private winnersWallet;
    uint256 private holdersWallet;

    function setUp() public override {
        super.setUp();
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        senior = TrancheShare(vault.shareOf(Tranche.Senior));
        cover = CoverToken(vault.coverToken());
        // Junior has 2,000 and keeps 300: a tranche that is used up takes its requests with it.
        _underwrite(vault, Tranche.Junior, UNDERWRITER, 1_000);
        _underwrite(vault, Tranche.Junior, JUNIOR_EXIT, 400);
        _underwrite(vault, Tranche.Senior, SENIOR_EXIT, 300);
        _ask(junior, JUNIOR_EXIT);
        _ask(senior, SENIOR_EXIT);
        _moveOn(24 days, 200);
        series = vault.openSeries(product, 10e18, uint32(block.timestamp / 7 days + 6));
        PurchaseId first = _buy(WINNER, WINNERS_UNITS);
        PurchaseId second = _buy(HOLDER, HOLDERS_UNITS);
        _moveOn(4 days, 200);
        require(vault.complete(first) && vault.complete(second), "minted");
        (winnersWallet, holdersWallet) = (usd.balanceOf(WINNER), usd.balanceOf(HOLDER));
        _openPositions();
        _deposit(LOSER_2, 1_500);
        _deposit(BIDDER_2, 100_000);
        vm.prank(address(system.orders()));
        house.trade(Trade(_account(WINNER), _account(LOSER_2), ETH, -60e18, 200e18));
        usd.mint(KEEPER, 10 * USD);
        vm.startPrank(KEEPER);
        usd.approve(address(system.verifier()), type(uint256).max);
        vm.stopPrank();
        _moveOn(1, 150);
    }

    /// @dev In the test's own transaction: the oracle has another price for the rest of that of `setUp`.
    function _flag() private {
        engine.flag(_account(LOSER));
        engine.flag(_account(LOSER_2));
        (, uint256 measured, ) = house.distress(2);
        assertNear(measured, 4_000e18, 20e18, "measured, with fees");
    }

    function testFuzz_R3_INV21_TheOrderWithinAnIncidentChangesNobodysResult(uint256 seed) public {
        _flag();
        uint256 state = vm.snapshotState();
        uint256[PERSONS] memory plain = _play(_identity());
        vm.revertToState(state);
        uint256[ACTIONS] memory order = _identity();
        _shuffle(order, seed, 0, ACTIONS);
        uint256[PERSONS] memory shuffled = _play(order);
        for (uint256 i = 0; i < PERSONS; ++i) assertNear(shuffled[i], plain[i], ROUNDING, _nameOf(i));
    }

    /// @dev What the plain order gives, so that the comparison above compares something: both losses are charged, both holders are paid, and both
    /// exits have lost.
    function test_R3_ThePlainOrderIsAnIncidentThatReachesEverybody() public {
        _flag();
        uint256[PERSONS] memory worth = _play(_identity());
        assertEq(_charged(), 13.75e18, "4,000 missing, 1,800 paid, 160 units");
        (, uint256 confirmed, ) = system.verifier().outcome(address(vault), series);
        assertEq(confirmed, 10e18, "confirmed up to the limit");
        assertEq(cover.balanceOf(HOLDER, SeriesId.unwrap(series)), 0, "redeemed");
        assertEq(worth[3] / 1e18, 300, "holder: 10 for each of 30, the limit");
        assertEq(usd.balanceOf(KEEPER), 10 * USD, "the bond is back");
        assertNear(worth[4], 60e18, 0.1e18, "junior bears 900 of draws and 800 of cover: 300 of 2,000");
        require(worth[5] >= 300e18 && worth[5] < 310e18, "senior is whole, with its premium");
    }

    /// @dev From the flag on, an exit leaves behind its part of the 900 that the fund will draw and of the 800 that holders will be paid.
    function test_R4_AnExitBetweenMeasureAndChargeBearsTheDrawAndTheCover() public {
        _flag();
        vm.prank(JUNIOR_EXIT);
        uint256 early = junior.claimExit(JUNIOR_EXIT) * 1e12;
        assertNear(early, 60e18, 0.1e18, "400 * (2,000 - 900 - 800) / 2,000 and premium");
    }

    /// @dev Redeeming after the first loss and before the second costs the holder the second's payout, and takes nothing from anyone.
    function test_INV12_WhoRedeemsTooEarlyHarmsHimselfAlone() public {
        _flag();
        uint256 state = vm.snapshotState();
        uint256[PERSONS] memory plain = _play(_identity());
        vm.revertToState(state);
        _act(0);
        _report();
        vm.prank(HOLDER);
        uint256 early = vault.redeem(series, HOLDERS_UNITS, HOLDER);
        uint256[PERSONS] memory worth = _play(_identity());
        require(early > 0 && worth[3] < plain[3], "he has less");
        for (uint256 i = 0; i < PERSONS; ++i) {
            if (i != 3) require(worth[i] + ROUNDING >= plain[i], _nameOf(i));
        }
    }

    /* PLAY */

    /// @dev Each once in that order, then all again until nothing is left; an hour later too, when what is withheld is free.
    function _play(uint256[ACTIONS] memory order) private returns (uint256[PERSONS] memory worth) {
        for (uint256 i = 0; i < ACTIONS; ++i) _act(order[i]);
        for (uint256 i = 0; i < ACTIONS; ++i) _act(i);
        _moveOn(1 hours, 150);
        for (uint256 i = 0; i < ACTIONS; ++i) _act(i);
        system.fund().settle(system.segment());
        worth[0] = _accountWorth(BIDDER);
        worth[1] = _accountWorth(BIDDER_2);
        worth[2] = _accountWorth(WINNER) + (usd.balanceOf(WINNER) - winnersWallet) * 1e12;
        worth[3] = (usd.balanceOf(HOLDER) - holdersWallet) * 1e12;
        worth[4] = _exitWorth(Tranche.Junior, JUNIOR_EXIT);
        worth[5] = _exitWorth(Tranche.Senior, SENIOR_EXIT);
        worth[6] = _shareWorth(junior, UNDERWRITER) + _shareWorth(senior, UNDERWRITER);
        worth[7] = system.fund().segmentOf(system.segment()).reserve;
    }

    function _act(uint256 action) private {
        if (action == 0) _tryBid(LOSER, BIDDER);
        else if (action == 1) _tryBid(LOSER_2, BIDDER_2);
        else if (action == 2) _report();
        else if (action == 3) _tryRedeem(WINNER, WINNERS_UNITS);
        else if (action == 4) _tryRedeem(HOLDER, HOLDERS_UNITS);
        else if (action == 5) _tryExit(junior, JUNIOR_EXIT);
        else _tryExit(senior, SENIOR_EXIT);
    }

    function _tryBid(address loser, address bidder) private {
        if (house.health(_account(loser)).value >= 0) return;
        vm.prank(bidder);
        engine.bid(BidRequest(_account(loser), _account(bidder), UNIT, UNIT, type(uint256).max, 0));
    }

    /// @dev Nothing when there is nothing new to report.
    function _report() private {
        vm.startPrank(KEEPER);
        try system.verifier().open(address(vault), series) {
            system.verifier().resolve(address(vault), series);
        } catch {}
        vm.stopPrank();
        vault.sync(series);
    }

    function _tryRedeem(address holder, uint96 units) private {
        if (house.health(_account(LOSER)).value < 0 || house.health(_account(LOSER_2)).value < 0) return;
        (, uint256 confirmed, ) = system.verifier().outcome(address(vault), series);
        uint256 charged = _charged() < 10e18 ? _charged() : 10e18;
        if (confirmed < charged || cover.balanceOf(holder, SeriesId.unwrap(series)) == 0) return;
        vm.prank(holder);
        vault.redeem(series, units, holder);
    }

    /// @dev What is withheld or not taken in by the vault yet is asked for again later.
    function _tryExit(TrancheShare share, address owner) private {
        vm.prank(owner);
        try share.claimExit(owner) returns (uint256) {} catch {}
    }

    /* READ */

    function _accountWorth(address owner) private view returns (uint256) {
        return uint256(int256(house.health(_account(owner)).value));
    }

    function _shareWorth(TrancheShare share, address owner) private view returns (uint256) {
        return share.convertToAssets(share.balanceOf(owner)) * 1e12;
    }

    /// @dev Everything has been claimed: an exit that still waits would hide what it is worth.
    function _exitWorth(Tranche tranche, address owner) private view returns (uint256) {
        require(vault.exitRequestOf(tranche, owner).shares == 0, "claimed");
        return usd.balanceOf(owner) * 1e12;
    }

    function _ask(TrancheShare share, address owner) private {
        vm.startPrank(owner);
        share.requestRedeem(share.balanceOf(owner), owner, owner);
        vm.stopPrank();
    }

    function _identity() private pure returns (uint256[ACTIONS] memory order) {
        for (uint256 i = 0; i < ACTIONS; ++i) order[i] = i;
    }

    /// @dev The places from `first` to before `end`, in place.
    function _shuffle(uint256[ACTIONS] memory order, uint256 seed, uint256 first, uint256 end) private pure {
        for (uint256 left = end - first; left > 1; --left) {
            uint256 other = first + (uint256(keccak256(abi.encode(seed, end, left))) % left);
            uint256 last = first + left - 1;
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    function _nameOf(uint256 person) private pure returns (string memory) {
        return
            ["first bidder", "second bidder", "winner", "holder", "junior exit", "senior exit", "underwriter", "fund"][
                person
            ];
    }
}
