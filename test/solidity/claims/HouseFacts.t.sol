// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountLiquidatedTrigger} from "../../../contracts/claims/triggers/AccountLiquidatedTrigger.sol";
import {DeleveragedTrigger} from "../../../contracts/claims/triggers/DeleveragedTrigger.sol";
import {SideTrigger} from "../../../contracts/claims/triggers/SideTrigger.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {AccountHeader, Side, SideFacts} from "../../../contracts/types/Clearing.sol";
import {AccountId, MarketId, SeriesId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev The facts of one account and one side of a house, as a test wants them.
contract OneAccountHouse {
    uint256 public listedMarkets = 1 << 3;
    mapping(AccountId account => uint256) public liquidationCostOf;
    AccountId private _account;
    uint40 private _lastLiquidatedAt;
    SideFacts private _facts;

    function liquidate(AccountId account, uint256 cost, uint40 at) external {
        _account = account;
        liquidationCostOf[account] += cost;
        _lastLiquidatedAt = at;
    }

    function setFacts(SideFacts calldata facts) external {
        _facts = facts;
    }

    function headerOf(AccountId account) external view returns (AccountHeader memory header) {
        // Numbers that would be wrong as a time.
        header.cash = type(int128).max;
        header.negativeSince = type(uint24).max;
        if (account == _account) header.lastLiquidatedAt = _lastLiquidatedAt;
    }

    function sideOf(MarketId market, bool long) external view returns (Side memory side, SideFacts memory facts) {
        side.product = type(uint112).max;
        if (MarketId.unwrap(market) == 3 && long) facts = _facts;
    }
}

contract HouseFactsTest {
    uint40 private constant START = 1_800_000_000;
    address private constant VAULT = address(0xBA017);
    SeriesId private constant SERIES = SeriesId.wrap(1);
    MarketId private constant MARKET = MarketId.wrap(3);
    uint128 private constant SCALE = 200e18;

    OneAccountHouse private house;
    AccountLiquidatedTrigger private liquidated;
    DeleveragedTrigger private deleveraged;
    AccountId private account;
    bytes32 private terms;

    function setUp() public {
        vm.warp(START);
        house = new OneAccountHouse();
        liquidated = new AccountLiquidatedTrigger(IClearingHouse(address(house)));
        deleveraged = new DeleveragedTrigger(IClearingHouse(address(house)));
        account = toAccountId(address(0xA11CE), 7);
        terms = liquidated.defineTerms(_definition());
    }

    /* ACCOUNT LIQUIDATED */

    function test_CLM03_ALiquidationIsPaidInProportionToItsCost() public {
        house.liquidate(account, 40e18, START - 1);
        uint256 mark = liquidated.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertEqual(mark, 40e18, "what was before is in the mark");
        _answers(liquidated, terms, mark, 0, 0, 40e18);
        house.liquidate(account, 50e18, START + 5);
        // 80% of 50 for a scale of 200.
        _answers(liquidated, terms, mark, 0.2e18, START + 5, 90e18);
        house.liquidate(account, 1, START + 9);
        _answers(liquidated, terms, mark, 0.2e18, START + 9, 90e18 + 1);
        house.liquidate(account, 450e18 - 1, START + 10);
        _answers(liquidated, terms, mark, 2e18, START + 10, 540e18);
    }

    function test_CLM03_ALiquidationThatCostNothingIsNoEvent() public {
        house.liquidate(account, 0, START + 5);
        _answers(liquidated, terms, 0, 0, 0, 0);
    }

    function test_CLM03_OtherAccountsAreNoEvent() public {
        house.liquidate(toAccountId(address(0xA11CE), 8), 100e18, START + 5);
        _answers(liquidated, terms, 0, 0, 0, 0);
    }

    function test_CLM03_TermsOfAnAccountSayOneThing() public {
        AccountLiquidatedTrigger.Definition memory other = _definition();
        Fuzz.assertTrue(terms == keccak256(abi.encode(other)), "a hash of what they say");
        Fuzz.assertTrue(liquidated.defineTerms(other) == terms, "again");
        other.deductibleBps = 100_00;
        _refuse(other);
        other.deductibleBps = 99_99;
        liquidated.defineTerms(other);
        other.scale = 0;
        _refuse(other);
        Fuzz.assertTrue(keccak256(abi.encode(liquidated.definitionOf(terms))) == terms, "stored");
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        liquidated.checkpoint(unknown, VAULT, SERIES);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        liquidated.evaluate(unknown, 0);
    }

    /* DELEVERAGED */

    function test_CLM03_DeleveragingPaysThePartThatWasClosed() public {
        bytes32 side = deleveraged.termsOf(MARKET, true);
        _setFacts(0.5e18, START - 1);
        uint256 mark = deleveraged.checkpoint(side, VAULT, SERIES);
        Fuzz.assertEqual(mark, 0.5e18, "mark");
        _answers(deleveraged, side, mark, 0, 0, 0.5e18);
        // Half of what was left: ln 2 more.
        _setFacts(0.5e18 + 693_147_180_559_945_309, START + 7);
        (uint256 payout, uint256 at, ) = deleveraged.evaluate(side, mark);
        Fuzz.assertBetween(payout, 0.5e18 - 3, 0.5e18, "half, never more");
        Fuzz.assertEqual(at, START + 7, "event at");
        _setFacts(type(uint64).max, START + 8);
        (payout, , ) = deleveraged.evaluate(side, mark);
        Fuzz.assertBetween(payout, 1e18 - 1e11, 1e18 - 1, "all of it");
    }

    function test_CLM03_AChargeIsNoDeleveraging() public {
        bytes32 side = deleveraged.termsOf(MARKET, true);
        _setFacts(0.5e18, START + 7);
        _answers(deleveraged, side, 0.5e18, 0, 0, 0.5e18);
        // A fall of a wei is too little to pay for.
        _answers(deleveraged, side, 0.5e18 - 1, 0, START + 7, 0.5e18);
    }

    function test_CLM03_ASideThatWasClosedWhollyIsNotSold() public {
        bytes32 side = deleveraged.termsOf(MARKET, true);
        _setFacts(type(uint64).max, START - 1);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, side));
        deleveraged.checkpoint(side, VAULT, SERIES);
        _setFacts(type(uint64).max - 1, START - 1);
        deleveraged.checkpoint(side, VAULT, SERIES);
    }

    function test_CVR03_AMarketThatIsNotListedIsRefused() public {
        bytes32 unlisted = deleveraged.termsOf(MarketId.wrap(4), true);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unlisted));
        deleveraged.checkpoint(unlisted, VAULT, SERIES);
        bytes32 nonsense = bytes32(uint256(1 << 9));
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, nonsense));
        deleveraged.evaluate(nonsense, 0);
    }

    function test_CLM03_AHouseWithoutCodeIsRefused() public {
        address none = address(0xdead);
        vm.expectRevert(
            abi.encodeWithSelector(AccountLiquidatedTrigger.AccountLiquidatedTrigger_InvalidHouse.selector, none)
        );
        new AccountLiquidatedTrigger(IClearingHouse(none));
        vm.expectRevert(abi.encodeWithSelector(SideTrigger.SideTrigger_InvalidHouse.selector, none));
        new DeleveragedTrigger(IClearingHouse(none));
        Fuzz.assertTrue(liquidated.house() == address(house) && deleveraged.house() == address(house), "house");
    }

    function _setFacts(uint64 fell, uint40 at) private {
        house.setFacts(SideFacts({socializedPerUnit: type(uint128).max, deleveraged: fell, lastAt: at, count: 9}));
    }

    function _answers(
        ITrigger trigger,
        bytes32 of_,
        uint256 mark,
        uint256 payout,
        uint256 at,
        uint256 fact
    ) private view {
        (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) = trigger.evaluate(of_, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(eventAt, at, "event at");
        Fuzz.assertEqual(evidence, fact, "evidence");
    }

    function _refuse(AccountLiquidatedTrigger.Definition memory bad) private {
        vm.expectRevert(
            abi.encodeWithSelector(AccountLiquidatedTrigger.AccountLiquidatedTrigger_InvalidDefinition.selector, bad)
        );
        liquidated.defineTerms(bad);
    }

    function _definition() private view returns (AccountLiquidatedTrigger.Definition memory) {
        return AccountLiquidatedTrigger.Definition({account: account, scale: SCALE, deductibleBps: 20_00});
    }
}
