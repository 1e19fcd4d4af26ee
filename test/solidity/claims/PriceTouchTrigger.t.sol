// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {PriceReader} from "../../../contracts/claims/triggers/PriceReader.sol";
import {PriceTouchTrigger} from "../../../contracts/claims/triggers/PriceTouchTrigger.sol";
import {FeedRules, IPriceOracle, SourceListing} from "../../../contracts/interfaces/IPriceOracle.sol";
import {MockPullSource, MockPushSource, MockSource} from "../../../contracts/mocks/MockSource.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "./PriceTest.sol";

/// @dev CLM-02, CLM-04. How observations count: Observations.t.sol. One test function is one transaction, and in one transaction a feed is
/// refreshed once; so what needs several prices is in test/typescript/claims.
contract PriceTouchTriggerTest is PriceTest {
    PriceTouchTrigger private trigger;
    bytes32 private down;
    bytes32 private up;
    FeedId private constant FIVE = FeedId.wrap(10);
    MockSource[5] private readers;

    function setUp() public override {
        super.setUp();
        trigger = new PriceTouchTrigger(oracle);
        down = trigger.defineTerms(_definition(0.9e18, true));
        up = trigger.defineTerms(_definition(1.1e18, false));
        _listFive();
    }

    function test_CLM04_AtTheLevelIsTouched() public {
        vm.warp(START + 1);
        uint256 mark = START << 128;
        setPrice(0.9e8 + 1);
        _answers(down, mark);
        setPrice(0.9e8);
        _isUndecided(down, mark);
        _answers(up, mark);
        setPrice(1.1e8 - 1);
        _answers(up, mark);
        setPrice(1.1e8);
        _isUndecided(up, mark);
        _answers(down, mark);
    }

    function test_CLM04_NoSeriesBeginsOnWhatHasHappened() public {
        Fuzz.assertEqual(trigger.checkpoint(down, VAULT, SERIES), (START << 128) | 1e18, "mark");
        vm.warp(START + 1);
        setPrice(0.9e8);
        vm.expectRevert(undecided(down));
        trigger.checkpoint(down, VAULT, SERIES);
        trigger.checkpoint(up, VAULT, SERIES);
    }

    function test_CLM06_WithoutConsensusNothingIsDecided() public {
        uint256 mark = trigger.checkpoint(down, VAULT, SERIES);
        vm.warp(START + 1);
        breakSources();
        vm.expectRevert(unreadable(down));
        trigger.evaluate(down, mark);
        vm.expectRevert(unreadable(down));
        trigger.checkpoint(down, VAULT, SERIES);
        vm.expectRevert(unreadable(down));
        trigger.observe(down, mark);
        mendSources();
        _answers(down, mark);
    }

    /// @dev R6: two of five sources that burn all the gas they get leave the trigger enough to read the others, within what the verifier gives.
    function test_CLM06_SourcesThatBurnGasLeaveEnoughForAnAnswer() public {
        PriceTouchTrigger.Definition memory given = _definition(0.9e18, true);
        given.feed = FIVE;
        bytes32 terms = trigger.defineTerms(given);
        ClaimVerifier verifier = new ClaimVerifier(address(new MockToken("Test Dollar", "USDT", 6)), 1, 0, VAULT);
        vm.warp(START + 1);
        for (uint256 i = 0; i < 5; ++i) readers[i].setPrice(1e18);
        readers[0].setMode(MockSource.Mode.BurnsGas);
        readers[3].setMode(MockSource.Mode.BurnsGas);
        (uint256 payout, , uint256 evidence) = trigger.evaluate{gas: verifier.TRIGGER_GAS()}(terms, START << 128);
        Fuzz.assertTrue(payout == 0 && evidence == 1e18, "the price of the other three");
    }

    function test_CLM04_DefinitionsThatCannotBeDecidedAreRefused() public {
        _refuse(_definition(0, true));
        _refuse(_definition(1e27 + 1, false));
        trigger.defineTerms(_definition(1e27, false));
        Fuzz.assertTrue(down == keccak256(abi.encode(_definition(0.9e18, true))), "a hash of what they say");
        Fuzz.assertTrue(trigger.defineTerms(_definition(0.9e18, true)) == down, "again");
        Fuzz.assertTrue(keccak256(abi.encode(trigger.definitionOf(up))) == up, "stored");
        bytes32 unknown = "unknown";
        vm.expectRevert(invalidTerms(unknown));
        trigger.checkpoint(unknown, VAULT, SERIES);
        PriceTouchTrigger.Definition memory unlisted = _definition(1e18, true);
        unlisted.feed = FEED_WITHOUT_SOURCES;
        bytes32 terms = trigger.defineTerms(unlisted);
        vm.expectRevert(abi.encodeWithSelector(IPriceOracle.PriceOracle_UnknownFeed.selector, FEED_WITHOUT_SOURCES));
        trigger.checkpoint(terms, VAULT, SERIES);
        vm.expectRevert(abi.encodeWithSelector(PriceReader.PriceReader_InvalidOracle.selector, address(0xdead)));
        new PriceTouchTrigger(IPriceOracle(address(0xdead)));
        Fuzz.assertTrue(trigger.oracle() == address(oracle), "oracle");
    }

    /// @dev Here and not in the test: the oracle keeps what a transaction has found.
    function _listFive() private {
        SourceListing[] memory listing = new SourceListing[](5);
        for (uint256 i = 0; i < 5; ++i) {
            readers[i] = i % 2 == 0 ? MockSource(new MockPushSource()) : new MockPullSource();
            readers[i].setPrice(1e18);
            listing[i] = SourceListing({reader: address(readers[i]), target: address(readers[i]), settings: ""});
        }
        FeedRules memory rules = FeedRules({
            quorum: 3,
            kinds: 2,
            maxDeviation: 0.01e18,
            maxGap: 5 minutes,
            volatilityFloor: 0.4e18
        });
        oracle.listFeed(FIVE, rules, listing);
    }

    function _answers(bytes32 terms, uint256 mark) private view {
        (uint256 payout, uint256 eventAt, ) = trigger.evaluate(terms, mark);
        Fuzz.assertTrue(payout == 0 && eventAt == 0, "nothing has happened");
    }

    function _isUndecided(bytes32 terms, uint256 mark) private {
        vm.expectRevert(undecided(terms));
        trigger.evaluate(terms, mark);
    }

    function _refuse(PriceTouchTrigger.Definition memory bad) private {
        vm.expectRevert(abi.encodeWithSelector(PriceTouchTrigger.PriceTouchTrigger_InvalidDefinition.selector, bad));
        trigger.defineTerms(bad);
    }

    function _definition(uint128 level, bool fromAbove) private pure returns (PriceTouchTrigger.Definition memory) {
        return PriceTouchTrigger.Definition({feed: FEED, level: level, fromAbove: fromAbove});
    }
}
