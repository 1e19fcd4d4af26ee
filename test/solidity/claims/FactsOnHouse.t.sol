// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {AccountLiquidatedTrigger} from "../../../contracts/claims/triggers/AccountLiquidatedTrigger.sol";
import {DeleveragedTrigger} from "../../../contracts/claims/triggers/DeleveragedTrigger.sol";
import {FundShortfallTrigger} from "../../../contracts/claims/triggers/FundShortfallTrigger.sol";
import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {CloseOut, Slice, Trade} from "../../../contracts/types/Clearing.sol";
import {CoverRequest} from "../../../contracts/types/Coverage.sol";
import {
    AccountId,
    AssetId,
    FeedId,
    MarketId,
    SegmentId,
    SeriesId,
    toAccountId
} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev CLM-03: the triggers on facts of the real house and the real fund: what these write is what the verifier confirms.
contract FactsOnHouseTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant EVENT = START + 1 hours;
    uint256 private constant UNIT = 1e18;
    uint256 private constant BOND = 100e6;
    uint128 private constant LIMIT = 50e18;
    uint40 private constant ENDS_AT = uint40(START) + 7 days;
    MarketId private constant MARKET = MarketId.wrap(0);

    System private system;
    IClearingHouse private house;
    MockToken private usd;
    ClaimVerifier private verifier;
    AccountId private long;
    AccountId private short;
    AccountId private bidder;
    uint64 private seriesCount;

    function setUp() public {
        vm.warp(START);
        system = new System(address(0xFEE));
        house = system.house();
        usd = system.usd();
        verifier = new ClaimVerifier(address(usd), BOND, 1e6, address(0xFEE));
        long = _account(1);
        short = _account(2);
        bidder = _account(3);
        system.oracle().refresh(FeedId.wrap(0));
        _trade(long, short, 10e18);
        _trade(bidder, short, 40e18);
        usd.mint(address(this), BOND);
        usd.approve(address(verifier), BOND);
    }

    function test_CLM03_WhatASaleCostsIsWhatIsPaid() public {
        AccountLiquidatedTrigger trigger = new AccountLiquidatedTrigger(house);
        bytes32 terms = trigger.defineTerms(
            AccountLiquidatedTrigger.Definition({account: long, scale: 100e18, deductibleBps: 20_00})
        );
        _slice(30e18); // Before the series: in its mark.
        SeriesId series = _register(trigger, terms);
        vm.warp(EVENT);
        _slice(50e18);
        _isPaid(series, 0.4e18, EVENT);
        Fuzz.assertEqual(house.liquidationCostOf(long), 80e18, "the house's own sum");
    }

    function test_CLM03_WhatDeleveragingClosesIsWhatIsPaid() public {
        DeleveragedTrigger trigger = new DeleveragedTrigger(house);
        SeriesId shorts = _register(trigger, trigger.termsOf(MARKET, false));
        SeriesId longs = _register(trigger, trigger.termsOf(MARKET, true));
        vm.warp(EVENT);
        // 10 long are closed against 50 short: a fifth of every short position.
        (int256 before, ) = house.positionOf(short, MARKET);
        vm.prank(address(system.engine()));
        house.closeOut(
            CloseOut({
                account: long,
                fraction: UNIT,
                penalty: 0,
                shortfall: 0,
                drawn: 0,
                sweepsCollateral: false,
                closesAuction: false
            })
        );
        (int256 left, ) = house.positionOf(short, MARKET);
        Fuzz.assertEqual(before, -50e18, "before");
        Fuzz.assertBetween(left, -40e18, -40e18 + 2, "after");
        (, uint256 payout, ) = verifier.preview(address(this), longs);
        Fuzz.assertEqual(payout, 0, "not of the side that was closed against");
        uint256 paid = _confirm(shorts, EVENT);
        Fuzz.assertBetween(paid, 0.2e18 - 10, 0.2e18, "a fifth, never more");
    }

    function test_CLM03_WhatNoLayerPaysIsWhatIsPaid() public {
        FundShortfallTrigger trigger = new FundShortfallTrigger(system.fund());
        bytes32 terms = trigger.defineTerms(
            FundShortfallTrigger.Definition({segment: system.segment(), scale: 1_000e18})
        );
        _fall(40e18); // Before the series: in its mark.
        SeriesId series = _register(trigger, terms);
        vm.warp(EVENT);
        _fall(250e18);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger)));
        verifier.open(address(this), series);
        vm.warp(EVENT + 12);
        trigger.observe(system.segment());
        _isPaid(series, 0.25e18, EVENT + 12);
    }

    /// @dev A reserve that pays the half leaves the other half.
    function test_CLM03_WhatALayerPaysIsNoShortfall() public {
        FundShortfallTrigger trigger = new FundShortfallTrigger(system.fund());
        bytes32 terms = trigger.defineTerms(
            FundShortfallTrigger.Definition({segment: system.segment(), scale: 1_000e18})
        );
        SeriesId series = _register(trigger, terms);
        usd.mint(address(this), 1_000e6);
        usd.approve(address(system.fund()), 1_000e6);
        system.fund().donate(system.segment(), 1_000e6);
        vm.warp(EVENT);
        _fall(700e18); // The budget of class major is 35%.
        trigger.observe(system.segment());
        _isPaid(series, 0.35e18, EVENT);
    }

    /// @dev The floor leaves the triggers several times what they use.
    function test_CLM06_TheTriggersUseLittleOfTheirGas() public {
        AccountLiquidatedTrigger liquidated = new AccountLiquidatedTrigger(house);
        bytes32 terms = liquidated.defineTerms(
            AccountLiquidatedTrigger.Definition({account: long, scale: 100e18, deductibleBps: 0})
        );
        _usesLittle(liquidated, terms);
        DeleveragedTrigger deleveraged = new DeleveragedTrigger(house);
        _usesLittle(deleveraged, deleveraged.termsOf(MARKET, false));
        FundShortfallTrigger shortfall = new FundShortfallTrigger(system.fund());
        terms = shortfall.defineTerms(FundShortfallTrigger.Definition({segment: system.segment(), scale: 1}));
        _usesLittle(shortfall, terms);
    }

    function _usesLittle(ITrigger trigger, bytes32 terms) private view {
        uint256 gasBefore = gasleft();
        trigger.evaluate(terms, 0);
        Fuzz.assertBetween(gasBefore - gasleft(), 1, 100_000, "gas");
    }

    /// @dev A tenth of the long account is sold, with a cost of that much.
    function _slice(uint256 cost) private {
        vm.prank(address(system.engine()));
        house.slice(
            Slice({
                seller: long,
                bidder: bidder,
                fraction: UNIT / 10,
                payment: 100e18,
                penalty: 10e18,
                shortfall: 0,
                reward: 0,
                drawn: 0,
                cost: cost,
                closesAuction: false
            })
        );
    }

    function _fall(uint256 shortfall) private {
        uint256[3] memory byClass;
        byClass[0] = shortfall;
        (InsuranceFund fund, SegmentId segment) = (system.fund(), system.segment());
        vm.prank(address(system.engine()));
        fund.cover(segment, CoverRequest({shortfallByClass: byClass, fraction: UNIT, reward: 0}));
    }

    function _register(ITrigger trigger, bytes32 terms) private returns (SeriesId series) {
        series = SeriesId.wrap(++seriesCount);
        verifier.registerSeries(series, address(trigger), terms, LIMIT, ENDS_AT, ENDS_AT);
    }

    function _isPaid(SeriesId series, uint256 payout, uint256 eventAt) private {
        Fuzz.assertEqual(_confirm(series, eventAt), payout, "confirmed");
    }

    function _confirm(SeriesId series, uint256 eventAt) private returns (uint256) {
        verifier.open(address(this), series);
        Fuzz.assertEqual(verifier.incidentOf(address(this), series).eventAt, eventAt, "event at");
        return verifier.resolve(address(this), series);
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
}
