// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Market, Position, Side, SideFacts} from "../../../contracts/types/Clearing.sol";
import {
    MarketWord,
    PositionWord,
    SideFactsWord,
    SideWord,
    Words,
    packPosition,
    packSideFacts
} from "../../../contracts/types/Words.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A slot read as a word says what the compiler's struct says, and the other way round.
contract WordsTest {
    using Words for Market;
    using Words for Position;
    using Words for Side;
    using Words for SideFacts;

    Market private _market;
    Position private _position;
    Side private _side;
    SideFacts private _facts;

    function testFuzz_CLR04_aPositionIsReadAsItWasStored(int112 shares, int128 quote, uint16 generation) external {
        _position = Position({shares: shares, quote: quote, generation: generation});
        PositionWord word = _position.load();
        Fuzz.assertEqual(word.shares(), shares, "shares");
        Fuzz.assertEqual(word.quote(), quote, "quote");
        Fuzz.assertEqual(word.writtenIn(), uint256(generation), "generation");
    }

    function testFuzz_CLR04_aPositionIsStoredAsItIsRead(int112 shares, int128 quote, uint16 generation) external {
        _position.store(packPosition(shares, quote, generation));
        Position memory stored = _position;
        Fuzz.assertEqual(stored.shares, shares, "shares");
        Fuzz.assertEqual(stored.quote, quote, "quote");
        Fuzz.assertEqual(uint256(stored.generation), generation, "generation");
    }

    function testFuzz_CLR09_aSideIsReadAsItWasStored(int128 sum, uint112 product, uint16 generation) external {
        _side = Side({sum: sum, product: product, generation: generation});
        SideWord word = _side.load();
        Fuzz.assertEqual(word.sum(), sum, "sum");
        Fuzz.assertEqual(word.product(), uint256(product), "product");
        Fuzz.assertEqual(word.generation(), uint256(generation), "generation");
    }

    function testFuzz_CLM03_factsOfASideAreReadAsTheyWereStored(SideFacts memory facts) external {
        _facts = facts;
        SideFactsWord word = _facts.load();
        Fuzz.assertEqual(word.socializedPerUnit(), uint256(facts.socializedPerUnit), "socializedPerUnit");
        Fuzz.assertEqual(word.deleveraged(), uint256(facts.deleveraged), "deleveraged");
        Fuzz.assertEqual(word.count(), uint256(facts.count), "count");
    }

    function testFuzz_CLM03_factsOfASideAreStoredAsTheyAreRead(SideFacts memory facts) external {
        _facts.store(packSideFacts(facts.socializedPerUnit, facts.deleveraged, facts.lastAt, facts.count));
        SideFacts memory stored = _facts;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(facts)), "facts");
    }

    function testFuzz_MRG02_aMarketIsReadAsItWasStored(Market memory market) external {
        _market = market;
        MarketWord word = _market.load();
        Fuzz.assertEqual(word.funding(), market.funding, "funding");
        Fuzz.assertEqual(word.fundingRate(), market.fundingRate, "fundingRate");
        Fuzz.assertEqual(word.fundingAt(), uint256(market.fundingAt), "fundingAt");
        Fuzz.assertEqual(word.rateSet(), uint256(market.rateSet), "rateSet");
        Fuzz.assertEqual(word.rateTarget(), uint256(market.rateTarget), "rateTarget");
        Fuzz.assertEqual(word.rateSetAt(), uint256(market.rateSetAt), "rateSetAt");
        Fuzz.assertEqual(word.addOn(), uint256(market.addOn) % 2 ** 20, "addOn");
        Fuzz.assertEqual(word.penaltySteps(), uint256(market.addOn) / 2 ** 20, "penaltySteps");
        Fuzz.assertEqual(word.flags(), uint256(market.flags), "flags");
    }

    function testFuzz_CLR05_newFundingLeavesTheRestOfAMarket(
        Market memory market,
        int96 funding,
        int32 rate,
        uint32 at
    ) external {
        _market = market;
        _market.store(_market.load().withFunding(funding, rate, at));
        (market.funding, market.fundingRate, market.fundingAt) = (funding, rate, at);
        Market memory stored = _market;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(market)), "market");
    }

    function testFuzz_LIQ07_aNewPenaltyLeavesTheRestOfAMarket(Market memory market, uint8 steps) external {
        _market = market;
        _market.store(_market.load().withPenaltySteps(steps % 16));
        market.addOn = uint24((market.addOn % 2 ** 20) + uint256(steps % 16) * 2 ** 20);
        Market memory stored = _market;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(market)), "market");
    }
}
