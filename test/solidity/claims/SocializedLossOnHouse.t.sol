// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {SocializedLossTrigger} from "../../../contracts/claims/triggers/SocializedLossTrigger.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {SideFacts, Trade} from "../../../contracts/types/Clearing.sol";
import {AccountId, AssetId, FeedId, MarketId, SeriesId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev The trigger on the real house: what it charges its holders is what the verifier confirms.
contract SocializedLossOnHouseTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant UNIT = 1e18;
    uint256 private constant BOND = 100e6;
    uint128 private constant LIMIT = 50e18;
    MarketId private constant MARKET = MarketId.wrap(0);
    MarketId private constant UNTOUCHED = MarketId.wrap(1);

    System private system;
    IClearingHouse private house;
    MockToken private usd;
    ClaimVerifier private verifier;
    SocializedLossTrigger private trigger;
    AccountId private debtor;
    AccountId private long;
    AccountId private short;

    function setUp() public {
        vm.warp(START);
        system = new System(address(0xFEE));
        house = system.house();
        usd = system.usd();
        trigger = new SocializedLossTrigger(house);
        verifier = new ClaimVerifier(address(usd), BOND, 1e6, address(0xFEE));
        debtor = _account(1);
        long = _account(2);
        short = _account(3);
        system.oracle().refresh(FeedId.wrap(0));
        _trade(long, short, 40e18);
        _trade(debtor, short, 10e18);
        usd.mint(address(this), BOND);
        usd.approve(address(verifier), BOND);
    }

    function test_CLM03_WhatTheHouseChargesIsWhatIsConfirmed() public {
        _charge(120e18); // Before the series: in its mark.
        uint40 endsAt = uint40(START) + 7 days;
        SeriesId shorts = _register(1, MARKET, false, endsAt);
        SeriesId longs = _register(2, MARKET, true, endsAt);
        SeriesId untouched = _register(3, UNTOUCHED, false, endsAt);
        vm.warp(START + 1 hours);
        uint256 before = _facts(false).socializedPerUnit;
        _charge(230e18);
        SideFacts memory facts = _facts(false);
        uint256 charged = facts.socializedPerUnit - before;
        // Nobody is under water: all but the debtor bear it alike, 40 long and 50 short.
        Fuzz.assertBetween(charged, (230 * UNIT) / 90, (230 * UNIT) / 90 + 1, "the house's charge for a unit");

        verifier.open(address(this), shorts);
        Fuzz.assertEqual(verifier.incidentOf(address(this), shorts).eventAt, START + 1 hours, "event at");
        Fuzz.assertEqual(verifier.incidentOf(address(this), shorts).evidence, facts.count, "evidence");
        Fuzz.assertEqual(verifier.resolve(address(this), shorts), charged, "confirmed");
        (, uint256 payout, ) = verifier.preview(address(this), longs);
        Fuzz.assertEqual(payout, charged, "the other side");
        (, payout, ) = verifier.preview(address(this), untouched);
        Fuzz.assertEqual(payout, 0, "a market in which nobody stands");
    }

    /// @dev The floor leaves the trigger several times what it uses.
    function test_CLM06_TheTriggerUsesLittleOfItsGas() public view {
        bytes32 terms = trigger.termsOf(MARKET, true);
        uint256 gasBefore = gasleft();
        trigger.evaluate(terms, 0);
        Fuzz.assertBetween(gasBefore - gasleft(), 1, 100_000, "gas");
    }

    function _charge(uint256 loss) private {
        vm.prank(address(system.engine()));
        uint256 socialized = house.socialize(debtor, debtor, UNIT, loss);
        Fuzz.assertEqual(socialized, loss, "all of it");
    }

    function _register(uint64 number, MarketId market, bool isLong, uint40 endsAt) private returns (SeriesId series) {
        series = SeriesId.wrap(number);
        bytes32 terms = trigger.termsOf(market, isLong);
        verifier.registerSeries(series, address(trigger), terms, LIMIT, endsAt, endsAt);
    }

    function _account(uint160 number) private returns (AccountId account) {
        address owner = address(number + 0x1000);
        account = toAccountId(owner, 0);
        usd.mint(owner, 100_000e6);
        vm.startPrank(owner);
        usd.approve(address(house), 100_000e6);
        house.deposit(account, AssetId.wrap(0), 100_000e6);
        vm.stopPrank();
    }

    function _trade(AccountId taker, AccountId maker, int256 size) private {
        vm.prank(address(system.orders()));
        house.trade(Trade({taker: taker, maker: maker, market: MARKET, size: size, price: 200e18}));
    }

    function _facts(bool isLong) private view returns (SideFacts memory facts) {
        (, facts) = house.sideOf(MARKET, isLong);
    }
}
