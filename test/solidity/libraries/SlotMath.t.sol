// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../../../contracts/libraries/MarginMath.sol";
import {SideIndex} from "../../../contracts/libraries/SideIndex.sol";
import {SlotMath} from "../../../contracts/libraries/SlotMath.sol";
import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {Side} from "../../../contracts/types/Clearing.sol";
import {BPS_ONE, MAX_PRICE, PRODUCT_ONE, RATE_ONE, RATIO_ONE, WAD} from "../../../contracts/types/Constants.sol";
import {SideWord} from "../../../contracts/types/Words.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice SlotMath is SideIndex and MarginMath without checks: equal on the whole of the ranges that it states, corners included.
contract SlotMathTest {
    /* POSITIONS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR09_baseAndSharesAreThoseOfSideIndex(uint256 raw, uint256 rawProduct) external pure {
        int256 amount = Fuzz.signedOfAnySize(raw, 111);
        uint256 product = Fuzz.between(rawProduct, 1, PRODUCT_ONE);
        Fuzz.assertEqual(SlotMath.baseOf(amount, product), SideIndex.baseOf(amount, product), "base");
        Fuzz.assertEqual(SlotMath.sharesOf(amount, product), SideIndex.sharesOf(amount, product), "shares");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR09_valuesAreThoseOfSideIndex(
        uint256 rawShares,
        int128 sum,
        uint256 rawProduct,
        uint256 rawFunding,
        int128 quote
    ) external pure {
        int256 shares = Fuzz.signedOfAnySize(rawShares, 111);
        uint112 product = uint112(Fuzz.between(rawProduct, 0, PRODUCT_ONE));
        int256 funding = Fuzz.signedOfAnySize(rawFunding, 97);
        SideWord word = SideWord.wrap(uint128(sum) | (uint256(product) << 128));
        int256 effective = SlotMath.effectiveSumDown(word, funding);
        int256 expected = SideIndex.effectiveSumDown(Side({sum: sum, product: product, generation: 0}), funding);
        Fuzz.assertEqual(effective, expected, "effective sum");
        Fuzz.assertEqual(
            SlotMath.quoteValueDown(shares, quote, effective),
            SideIndex.quoteValueDown(shares, quote, effective),
            "quote value"
        );
        Fuzz.assertEqual(
            SlotMath.storedQuoteDown(shares, quote, effective),
            SideIndex.storedQuoteDown(shares, quote, effective),
            "stored quote"
        );
        Fuzz.assertEqual(
            SlotMath.readBackDown(shares, quote, effective),
            SideIndex.quoteValueDown(shares, SideIndex.storedQuoteDown(shares, quote, effective), effective),
            "as it is read again"
        );
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG01_notionalIsTheCheckedOne(uint256 rawBase, uint256 rawPrice) external pure {
        int256 base = Fuzz.signedOfAnySize(rawBase, 111);
        uint256 price = Fuzz.ofAnySize(rawPrice, 113);
        Fuzz.assertEqual(
            SlotMath.notionalDown(base, price),
            WadMath.signedMulDivDown(base, price, WAD),
            "base * price / WAD"
        );
    }

    /* MARGINS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG02_marginsAreThoseOfMarginMath(
        uint256 rawBase,
        uint256 rawPrice,
        uint16 rate,
        uint16 rateTarget,
        uint24 addOn,
        uint256 rawRatio
    ) external pure {
        uint256 base = Fuzz.ofAnySize(rawBase, 96);
        uint256 price = Fuzz.between(rawPrice, 0, 2 * MAX_PRICE);
        uint256 startRate = _initialRate(rateTarget, Fuzz.between(rawRatio, 0, 2 * RATIO_ONE));
        (uint256 linear, uint256 size, uint256 initial) = SlotMath.marginsUp(base, price, rate, startRate, addOn);
        Fuzz.assertEqual(initial, MarginMath.initialMarginUp(base, price, startRate, addOn), "initial");
        (uint256 wantedLinear, uint256 wantedSize) = MarginMath.positionMarginUp(base, price, rate, addOn);
        Fuzz.assertEqual(linear, wantedLinear, "linear");
        Fuzz.assertEqual(size, wantedSize, "size");
    }

    function _initialRate(uint256 rateTarget, uint256 ratio) private pure returns (uint256 rate) {
        rate = SlotMath.initialRate(rateTarget, ratio);
        Fuzz.assertEqual(rate, MarginMath.initialRate(rateTarget, ratio), "initial rate");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG01_collateralIsThatOfMarginMath(
        uint256 rawAmount,
        uint256 rawPrice,
        uint256 rawHaircut
    ) external pure {
        uint256 amount = Fuzz.between(rawAmount, 0, uint256(type(uint64).max) * WAD);
        uint256 price = Fuzz.ofAnySize(rawPrice, 112);
        uint256 haircut = Fuzz.between(rawHaircut, 0, BPS_ONE);
        (uint256 value, uint256 counted) = SlotMath.collateralDown(amount, price, haircut);
        Fuzz.assertEqual(value, MarginMath.valueDown(amount, price), "value");
        Fuzz.assertEqual(counted, MarginMath.haircutValueDown(amount, price, haircut), "counted");
    }

    /* SMALL NUMBERS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_smallMulDivUpIsMulDivUp(uint256 rawA, uint256 rawB, uint256 rawD) external pure {
        uint256 a = Fuzz.ofAnySize(rawA, 128);
        uint256 b = Fuzz.ofAnySize(rawB, 128);
        uint256 d = Fuzz.between(rawD, 1, type(uint256).max);
        Fuzz.assertEqual(SlotMath.smallMulDivUp(a, b, d), WadMath.mulDivUp(a, b, d), "any divisor");
        Fuzz.assertEqual(SlotMath.smallMulDivUp(a, b, RATE_ONE), WadMath.mulDivUp(a, b, RATE_ONE), "a rate");
    }
}
