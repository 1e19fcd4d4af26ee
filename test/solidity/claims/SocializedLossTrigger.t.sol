// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {SideTrigger} from "../../../contracts/claims/triggers/SideTrigger.sol";
import {SocializedLossTrigger} from "../../../contracts/claims/triggers/SocializedLossTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {Side, SideFacts} from "../../../contracts/types/Clearing.sol";
import {MarketId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev The facts of a house, as a test wants them.
contract FactsHouse {
    uint256 public listedMarkets;
    mapping(MarketId market => mapping(bool long => SideFacts)) private _facts;

    function list(MarketId market) external {
        listedMarkets |= 1 << MarketId.unwrap(market);
    }

    function setFacts(MarketId market, bool long, SideFacts calldata facts) external {
        _facts[market][long] = facts;
    }

    function sideOf(MarketId market, bool long) external view returns (Side memory side, SideFacts memory facts) {
        // Numbers that would be wrong as facts.
        side = Side({sum: type(int128).min, product: type(uint112).max, generation: type(uint16).max});
        facts = _facts[market][long];
    }
}

contract SocializedLossTriggerTest {
    uint256 private constant START = 1_800_000_000;
    address private constant VAULT = address(0xBA017);
    SeriesId private constant SERIES = SeriesId.wrap(1);
    MarketId private constant FIRST = MarketId.wrap(0);
    MarketId private constant LAST = MarketId.wrap(47);
    MarketId private constant UNLISTED = MarketId.wrap(5);

    FactsHouse private house;
    SocializedLossTrigger private trigger;

    function setUp() public {
        vm.warp(START);
        house = new FactsHouse();
        house.list(FIRST);
        house.list(LAST);
        trigger = new SocializedLossTrigger(IClearingHouse(address(house)));
    }

    function test_CLM03_TermsAreMarketAndSide() public view {
        Fuzz.assertTrue(trigger.house() == address(house), "house");
        Fuzz.assertEqual(uint256(trigger.termsOf(FIRST, false)), 0, "shorts of market 0");
        Fuzz.assertEqual(uint256(trigger.termsOf(FIRST, true)), 0x100, "longs of market 0");
        Fuzz.assertEqual(uint256(trigger.termsOf(LAST, false)), 47, "shorts of market 47");
        Fuzz.assertEqual(uint256(trigger.termsOf(LAST, true)), 0x12f, "longs of market 47");
    }

    function test_CLM03_EachSideHasItsOwnFacts() public {
        _set(FIRST, false, 1e18, START - 4, 1);
        _set(FIRST, true, 2e18, START - 3, 2);
        _set(LAST, false, 3e18, START - 2, 3);
        _set(LAST, true, 4e18, START - 1, 4);
        _check(FIRST, false, 1e18, START - 4, 1);
        _check(FIRST, true, 2e18, START - 3, 2);
        _check(LAST, false, 3e18, START - 2, 3);
        _check(LAST, true, 4e18, START - 1, 4);
    }

    function test_CLM03_OnlyWhatCameAfterTheMarkIsPaid() public {
        bytes32 terms = trigger.termsOf(LAST, true);
        _set(LAST, true, 5e18, START - 1, 4);
        uint256 mark = trigger.checkpoint(terms, VAULT, SERIES);
        // A deleveraging moves time and count, and is no event here.
        _set(LAST, true, 5e18, START + 1, 5);
        _answers(terms, mark, 0, 0, 5);
        _set(LAST, true, 5e18 + 7, START + 2, 6);
        _answers(terms, mark, 7, START + 2, 6);
        // A mark that never was.
        _answers(terms, type(uint256).max, 0, 0, 6);
    }

    function test_CLM03_TermsThatSayNothingAreRefused() public {
        house.list(UNLISTED);
        uint256 valid = uint256(trigger.termsOf(UNLISTED, true));
        trigger.checkpoint(bytes32(valid), VAULT, SERIES);
        _refuse(bytes32(uint256(48)));
        _refuse(bytes32(uint256(255)));
        _refuse(bytes32(uint256(0x100 | 48)));
        _refuse(bytes32(uint256(0x1ff)));
        // One meaning, one encoding: any bit above the ninth is refused.
        for (uint256 bit = 9; bit < 256; ++bit) _refuse(bytes32(valid | (1 << bit)));
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, bytes32(uint256(48))));
        trigger.termsOf(MarketId.wrap(48), false);
    }

    function test_CVR03_AMarketThatIsNotListedIsRefused() public {
        _refuse(trigger.termsOf(UNLISTED, true));
        _refuse(trigger.termsOf(UNLISTED, false));
        house.list(UNLISTED);
        trigger.checkpoint(trigger.termsOf(UNLISTED, true), VAULT, SERIES);
    }

    function test_CLM03_AHouseWithoutCodeIsRefused() public {
        IClearingHouse none = IClearingHouse(address(0xdead));
        vm.expectRevert(abi.encodeWithSelector(SideTrigger.SideTrigger_InvalidHouse.selector, address(0xdead)));
        new SocializedLossTrigger(none);
    }

    /// forge-config: default.fuzz.runs = 500
    function testFuzz_CLM03_PayoutIsTheDifference(uint8 market, bool long, uint128 fact, uint128 mark) public {
        MarketId id = MarketId.wrap(market % 48);
        house.list(id);
        _set(id, long, fact, START, 1);
        uint256 expected = fact > mark ? fact - mark : 0;
        _answers(trigger.termsOf(id, long), mark, expected, expected == 0 ? 0 : START, 1);
    }

    /// @dev From the house's books to what one token is paid.
    function test_CLM01_TheVerifierPaysWhatTheHouseCharged() public {
        MockToken token = new MockToken("Test Dollar", "USDT", 6);
        ClaimVerifier verifier = new ClaimVerifier(address(token), 100e6, 0, address(0xFEE));
        SeriesId series = SeriesId.wrap(1);
        uint40 endsAt = uint40(START) + 7 days;
        bytes32 terms = trigger.termsOf(LAST, true);
        _set(LAST, true, 9e18, START, 1);
        bytes32 unlisted = trigger.termsOf(UNLISTED, true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimVerifier.ClaimVerifier_InvalidSeries.selector,
                address(trigger),
                8e18,
                endsAt,
                endsAt
            )
        );
        verifier.registerSeries(series, address(trigger), unlisted, 8e18, endsAt, endsAt);
        verifier.registerSeries(series, address(trigger), terms, 8e18, endsAt, endsAt);

        token.mint(address(this), 100e6);
        token.approve(address(verifier), 100e6);
        vm.warp(START + 1 days);
        _set(LAST, false, 99e18, START + 1 days, 2);
        _set(LAST, true, 11e18, START + 1 days, 2);
        verifier.open(address(this), series);
        Fuzz.assertEqual(verifier.resolve(address(this), series), 2e18, "of the covered side only");
        Fuzz.assertEqual(token.balanceOf(address(this)), 100e6, "bond");
    }

    function _set(MarketId market, bool long, uint256 socialized, uint256 lastAt, uint24 count) private {
        house.setFacts(
            market,
            long,
            SideFacts({
                socializedPerUnit: uint128(socialized),
                deleveraged: type(uint64).max,
                lastAt: uint40(lastAt),
                count: count
            })
        );
    }

    function _check(MarketId market, bool long, uint256 socialized, uint256 lastAt, uint256 count) private view {
        bytes32 terms = trigger.termsOf(market, long);
        Fuzz.assertEqual(trigger.checkpoint(terms, VAULT, SERIES), socialized, "checkpoint");
        _answers(terms, 0, socialized, lastAt, count);
    }

    function _answers(bytes32 terms, uint256 mark, uint256 payout, uint256 at, uint256 fact) private view {
        (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(eventAt, at, "event at");
        Fuzz.assertEqual(evidence, fact, "evidence");
    }

    function _refuse(bytes32 terms) private {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, terms));
        trigger.checkpoint(terms, VAULT, SERIES);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, terms));
        trigger.evaluate(terms, 0);
    }
}
