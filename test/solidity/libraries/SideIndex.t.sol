// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SideIndex} from "../../../contracts/libraries/SideIndex.sol";
import {LibraryHarnessSideIndex} from "../../../contracts/mocks/harness/LibraryHarnessSideIndex.sol";
import {GenerationEnd, Side} from "../../../contracts/types/Clearing.sol";
import {
    MAX_OPEN_INTEREST,
    MAX_PRICE,
    PRODUCT_FLOOR,
    PRODUCT_ONE,
    SUM_ROLL_LIMIT
} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SideIndexSides} from "./SideIndexSides.sol";

/// @notice Positions, charges and generations of a side (CLR-09, R2, INV-18).
contract SideIndexTest is SideIndexSides {
    LibraryHarnessSideIndex private immutable HARNESS = new LibraryHarnessSideIndex();

    /* POSITIONS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R2a_aTradeIsExactInBase(uint256 rawBase, uint256 rawProduct) external pure {
        int256 base = Fuzz.signedOfAnySize(rawBase, 95);
        uint256 product = Fuzz.between(rawProduct, 1, PRODUCT_ONE);
        Fuzz.assertEqual(SideIndex.baseOf(SideIndex.sharesOf(base, product), product), base, "base");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR09_aTouchCostsAtMostOneWeiAndNeverTheHouse(
        uint256 rawShares,
        int120 value,
        uint256 rawSum
    ) external pure {
        int256 shares = Fuzz.signedOfAnySize(rawShares, 111);
        int256 sum = Fuzz.signedOfAnySize(rawSum, 122);
        int256 stored = SideIndex.storedQuoteDown(shares, value, sum);
        Fuzz.assertBetween(SideIndex.quoteValueDown(shares, stored, sum), int256(value) - 1, value, "value");
    }

    function test_CLR09_aTouchRoundsTheProductUpWhenStoredAndDownWhenRead() external pure {
        // One share and S = 1e-27: far less than a wei, so the direction is all there is.
        Fuzz.assertEqual(SideIndex.storedQuoteDown(1, 100, 1), 99, "stored");
        Fuzz.assertEqual(SideIndex.storedQuoteDown(1, 100, -1), 100, "stored, negative product");
        Fuzz.assertEqual(SideIndex.quoteValueDown(1, 100, 1), 100, "read");
        Fuzz.assertEqual(SideIndex.quoteValueDown(1, 100, -1), 99, "read, negative product");
        Fuzz.assertEqual(SideIndex.quoteValueDown(-3, 100, 1e27), 97, "a short pays when S rises");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR05_fundingMovesEqualAmountsFromLongsToShorts(uint256 raw, uint256 rawPaid) external pure {
        Book memory book = draw(raw, 93);
        int256 paid = Fuzz.signedOfAnySize(rawPaid, 90);
        int256 before = valueOf(book);
        book.funding += paid;
        int256 expected = (int256(book.openInterest) * paid) / 1e18;
        if (book.long) expected = -expected;
        // sharesOf gives each position up to one wei of base more than it has (and cuts it off again).
        int256 extra = (int256(HOLDERS) * (paid < 0 ? -paid : paid)) / 1e18;
        Fuzz.assertBetween(
            valueOf(book) - before - expected,
            -dustOf(book) - extra - 1,
            dustOf(book) + extra + 1,
            "funding"
        );
    }

    /* CHARGES */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R2_aChargeTakesItsAmountWithinTheDustBound(uint256 raw, uint256 rawAmount) external pure {
        Book memory book = draw(raw, 93);
        uint256 amount = Fuzz.between(rawAmount, 0, (book.openInterest * MAX_PRICE) / 1e18);
        int256 before = valueOf(book);
        uint256 perUnit = SideIndex.charge(book.side, book.long, amount, book.openInterest);

        // At most shares * 1e-27 too much, and the extra wei of base that sharesOf rounds up; too little by no more
        // than the cut of each position's value.
        int256 extra = int256((HOLDERS * amount) / book.openInterest);
        int256 taken = before - valueOf(book);
        Fuzz.assertBetween(taken - int256(amount), -int256(HOLDERS), dustOf(book) + extra, "taken");
        Fuzz.assertTrue(perUnit * book.openInterest >= amount * 1e18, "perUnit is rounded up");
        Fuzz.assertTrue(perUnit == 0 || (perUnit - 1) * book.openInterest < amount * 1e18, "perUnit by one at most");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ05_aChargePerUnitTakesThatMuchOfEveryPosition(uint256 raw, uint256 rawPerUnit) external pure {
        Book memory book = draw(raw, 93);
        uint256 perUnit = Fuzz.between(rawPerUnit, 0, MAX_PRICE);
        int256 amount = int256((book.openInterest * perUnit) / 1e18);
        int256 before = valueOf(book);
        SideIndex.chargePerUnit(book.side, book.long, perUnit);
        int256 extra = int256((HOLDERS * perUnit) / 1e18);
        Fuzz.assertBetween(before - valueOf(book) - amount, -int256(HOLDERS), dustOf(book) + extra + 1, "taken");
    }

    function test_LIQ05_aChargeLowersLongsAndRaisesShorts() external pure {
        // 10 units of base, 30 of settlement: 3 per unit, P = 1, so 3 per share.
        Side memory long = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        Side memory short = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        Fuzz.assertEqual(SideIndex.charge(long, true, 30e18, 10e18), 3e18, "per unit");
        SideIndex.charge(short, false, 30e18, 10e18);
        Fuzz.assertEqual(long.sum, -3e27, "long");
        Fuzz.assertEqual(short.sum, 3e27, "short");
        Fuzz.assertEqual(SideIndex.quoteValueDown(4e18, 0, long.sum), -12e18, "a long of 4");
        Fuzz.assertEqual(SideIndex.quoteValueDown(-4e18, 0, short.sum), -12e18, "a short of 4");
    }

    /* GENERATIONS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV18_rollingKeepsBaseAndValueToTheWei(uint256 raw) external pure {
        Book memory book = draw(raw, 93);
        uint256 base = baseOf(book);
        int256 value = valueOf(book);
        rollAll(book);
        Fuzz.assertEqual(baseOf(book), base, "base");
        Fuzz.assertEqual(valueOf(book), value, "value");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV18_rolledAndNotRolledEarnTheSame(
        uint256 raw,
        uint256 rawPaid,
        uint256 rawPerUnit
    ) external pure {
        Book memory kept = draw(raw, 93);
        Book memory rolled = draw(raw, 93);
        rollAll(rolled);
        // What happens after: funding, then a charge.
        int256 paid = Fuzz.signedOfAnySize(rawPaid, 90);
        uint256 perUnit = Fuzz.ofAnySize(rawPerUnit, 89);
        kept.funding += paid;
        rolled.funding += paid;
        SideIndex.chargePerUnit(kept.side, kept.long, perUnit);
        SideIndex.chargePerUnit(rolled.side, rolled.long, perUnit);
        // One wei of base per position was cut off by rolling; it would have moved by paid + perUnit.
        int256 cut = int256(HOLDERS) * (((paid < 0 ? -paid : paid) + int256(perUnit)) / 1e18 + 1);
        int256 bound = 2 * dustOf(kept) + 2 * dustOf(rolled) + cut;
        Fuzz.assertBetween(valueOf(rolled) - valueOf(kept), -bound, bound, "value");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR09_aGenerationStartsAtOneAndZero(uint256 raw) external pure {
        Book memory book = draw(raw, 93);
        Side memory side = book.side;
        uint256 product = side.product;
        int256 effective = SideIndex.effectiveSumDown(side, book.funding);
        side.generation = uint16(raw % type(uint16).max);
        uint256 generation = side.generation;

        GenerationEnd memory end = SideIndex.startGeneration(side, book.funding);
        Fuzz.assertEqual(end.product, product, "end product");
        Fuzz.assertEqual(end.sum, effective, "end sum");
        Fuzz.assertEqual(side.product, PRODUCT_ONE, "product");
        Fuzz.assertEqual(side.generation, generation + 1, "generation");
        Fuzz.assertEqual(SideIndex.effectiveSumDown(side, book.funding), 0, "effective sum");
        Fuzz.assertTrue(!SideIndex.endsGeneration(side, book.funding), "it does not end at once, whatever F is");
    }

    function test_CLR09_aGenerationEndsAtItsLimits() external pure {
        Side memory side = Side({sum: 0, product: uint112(PRODUCT_FLOOR), generation: 0});
        Fuzz.assertTrue(!SideIndex.endsGeneration(side, 0), "P at the floor");
        side.product -= 1;
        Fuzz.assertTrue(SideIndex.endsGeneration(side, 0), "P below the floor");
        side.product = 0;
        Fuzz.assertTrue(SideIndex.endsGeneration(side, 0), "P = 0");

        side.product = uint112(PRODUCT_ONE);
        side.sum = int128(SUM_ROLL_LIMIT - 1);
        Fuzz.assertTrue(!SideIndex.endsGeneration(side, 0), "S below the limit");
        side.sum += 1;
        Fuzz.assertTrue(SideIndex.endsGeneration(side, 0), "S at the limit");
        side.sum = -side.sum;
        Fuzz.assertTrue(SideIndex.endsGeneration(side, 0), "S at the negative limit");
        side.sum += 1;
        Fuzz.assertTrue(!SideIndex.endsGeneration(side, 0), "S above the negative limit");
        // The effective S counts: F of one unit takes 1e27 off.
        side.sum = int128(SUM_ROLL_LIMIT);
        Fuzz.assertTrue(!SideIndex.endsGeneration(side, 1e18), "S at the limit by funding only");
    }

    function test_CLR09_theCounterOfGenerationsDoesNotWrap() external {
        Side memory side = Side({sum: 0, product: 0, generation: type(uint16).max});
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        HARNESS.startGeneration(side, 0);
    }

    /* RANGES */

    /// @notice Nothing reverts at the corners of the safe ranges (layout.md).
    function test_CLR09_theCornersOfTheSafeRangesFit() external pure {
        int256 farFunding = int256(type(int96).max);
        for (uint256 corner = 0; corner < 16; ++corner) {
            bool long = corner & 1 == 0;
            int256 funding = corner & 2 == 0 ? farFunding : -farFunding;
            uint256 product = corner & 4 == 0 ? PRODUCT_ONE : PRODUCT_FLOOR;
            int256 effective = corner & 8 == 0 ? SUM_ROLL_LIMIT - 1 : 1 - SUM_ROLL_LIMIT;
            Side memory side = Side({
                sum: int128(effective + (int256(product) * funding) / 1e21),
                product: uint112(product),
                generation: 0
            });
            int256 base = long ? int256(MAX_OPEN_INTEREST) : -int256(MAX_OPEN_INTEREST);
            int256 shares = SideIndex.sharesOf(base, product);

            SideIndex.charge(side, long, (MAX_OPEN_INTEREST * MAX_PRICE) / 1e18, MAX_OPEN_INTEREST);
            SideIndex.quoteValueDown(shares, 0, SideIndex.effectiveSumDown(side, funding));
            SideIndex.deleverage(side, long, MAX_OPEN_INTEREST / 2, MAX_OPEN_INTEREST, 2 * MAX_PRICE, funding);
            SideIndex.quoteValueDown(shares, 0, SideIndex.effectiveSumDown(side, funding));
            SideIndex.storedQuoteDown(shares, 0, SideIndex.effectiveSumDown(side, funding));
            GenerationEnd memory end = SideIndex.startGeneration(side, funding);
            SideIndex.rollOnce(shares, 0, end);
        }
    }

    function test_CLR09_aSumThatDoesNotFitIsRefused() external {
        Side memory side = Side({sum: type(int128).min, product: uint112(PRODUCT_ONE), generation: 0});
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedIntDowncast.selector,
                128,
                int256(type(int128).min) - 1e27
            )
        );
        HARNESS.chargePerUnit(side, true, 1e18);
    }

    /// @dev Ends the generation and carries every position over.
    function rollAll(Book memory book) private pure {
        GenerationEnd memory end = SideIndex.startGeneration(book.side, book.funding);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            (book.shares[i], book.quotes[i]) = SideIndex.rollOnce(book.shares[i], book.quotes[i], end);
        }
    }
}
