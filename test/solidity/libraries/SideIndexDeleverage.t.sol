// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SideIndex} from "../../../contracts/libraries/SideIndex.sol";
import {LibraryHarnessSideIndex} from "../../../contracts/mocks/harness/LibraryHarnessSideIndex.sol";
import {GenerationEnd, Side} from "../../../contracts/types/Clearing.sol";
import {MAX_PRICE, PRODUCT_ONE} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SideIndexSides} from "./SideIndexSides.sol";

/// @notice Forced closing against a whole side (LIQ-06, R2, R2a).
contract SideIndexDeleverageTest is SideIndexSides {
    LibraryHarnessSideIndex private immutable HARNESS = new LibraryHarnessSideIndex();

    /// @dev What is left never exceeds what should be, and lacks one wei per position and one unit of P.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R2a_deleveragingLeavesTheRestOfTheBase(uint256 raw, uint256 rawClosed) external pure {
        Book memory book = draw(raw, 93);
        uint256 closed = Fuzz.between(rawClosed, 0, book.openInterest);
        uint256 before = book.side.product;
        uint256 reported = SideIndex.deleverage(book.side, book.long, closed, book.openInterest, 1e18, book.funding);
        Fuzz.assertEqual(reported, before, "P before");

        // sharesOf rounds up by less than a wei of base per position, which P' scales down with the rest.
        uint256 rest = book.openInterest - closed;
        uint256 dust = HOLDERS + 1 + sharesOf(book) / PRODUCT_ONE;
        Fuzz.assertBetween(baseOf(book), rest > dust ? rest - dust : 0, rest + HOLDERS, "base");
    }

    /// @dev Base that is closed is paid at the price: value + base * price stays, whatever the funding is.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_R2_deleveragingPaysThePriceAndNothingElse(
        uint256 raw,
        uint256 rawClosed,
        uint256 rawPrice
    ) external pure {
        Book memory book = draw(raw, 93);
        uint256 closed = Fuzz.between(rawClosed, 0, book.openInterest);
        uint256 price = Fuzz.ofAnySize(rawPrice, 90);
        int256 before = equityAt(book, price);
        SideIndex.deleverage(book.side, book.long, closed, book.openInterest, price, book.funding);
        // Each position's base is cut to a wei before and after, worth the price of one wei.
        int256 cut = int256((HOLDERS * price) / 1e18 + HOLDERS);
        Fuzz.assertBetween(equityAt(book, price) - before, -dustOf(book) - cut, cut, "equity");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLR09_atPriceZeroEffectiveSumStaysToTheUnit(uint256 raw, uint256 rawClosed) external pure {
        Book memory book = draw(raw, 93);
        uint256 closed = Fuzz.between(rawClosed, 0, book.openInterest);
        int256 before = SideIndex.effectiveSumDown(book.side, book.funding);
        SideIndex.deleverage(book.side, book.long, closed, book.openInterest, 0, book.funding);
        Fuzz.assertEqual(SideIndex.effectiveSumDown(book.side, book.funding), before, "effective sum");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ10_closingAWholeSideEndsItsGeneration(uint256 raw, uint256 rawPrice) external pure {
        Book memory book = draw(raw, 93);
        uint256 price = Fuzz.between(rawPrice, 0, 2 * MAX_PRICE);
        SideIndex.deleverage(book.side, book.long, book.openInterest, book.openInterest, price, book.funding);
        Fuzz.assertEqual(book.side.product, 0, "P");
        Fuzz.assertTrue(SideIndex.endsGeneration(book.side, book.funding), "ends");
        int256 value = valueOf(book);
        GenerationEnd memory end = SideIndex.startGeneration(book.side, book.funding);
        int256 carried;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            (int256 shares, int256 quote) = SideIndex.rollOnce(book.shares[i], book.quotes[i], end);
            Fuzz.assertEqual(shares, 0, "shares");
            carried += quote;
        }
        Fuzz.assertEqual(carried, value, "value");
    }

    /// @dev LIQ-06: splitting changes nothing but dust. Two steps against one.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV21_twoDeleveragingsAreOne(uint256 raw, uint256 rawFirst, uint256 rawSecond) external pure {
        Book memory once = draw(raw, 93);
        Book memory twice = draw(raw, 93);
        uint256 first = Fuzz.between(rawFirst, 0, once.openInterest - 1);
        uint256 second = Fuzz.between(rawSecond, 0, once.openInterest - first);
        uint256 price = Fuzz.ofAnySize(word(raw, 20), 90);

        SideIndex.deleverage(once.side, once.long, first + second, once.openInterest, price, once.funding);
        SideIndex.deleverage(twice.side, twice.long, first, twice.openInterest, price, twice.funding);
        SideIndex.deleverage(twice.side, twice.long, second, twice.openInterest - first, price, twice.funding);

        // The first P' lacks less than one unit, so the second lacks less than two.
        Fuzz.assertBetween(uint256(once.side.product) - twice.side.product, 0, 2, "P");
        int256 apart = int256((2 * price) / 1e21 + 3);
        int256 found = SideIndex.effectiveSumDown(twice.side, 0) - SideIndex.effectiveSumDown(once.side, 0);
        int256 byFunding = (2 * (once.funding < 0 ? -once.funding : once.funding)) / 1e21 + 3;
        Fuzz.assertBetween(found, -apart - byFunding, apart + byFunding, "effective sum");
    }

    function test_LIQ06_aHalfIsClosedAtThePrice() external pure {
        // 10 units of base, 5 closed at 7: every share is credited or charged 3.5 and stands for half a unit.
        Side memory side = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        SideIndex.deleverage(side, true, 5e18, 10e18, 7e18, 0);
        Fuzz.assertEqual(side.product, PRODUCT_ONE / 2, "P");
        Fuzz.assertEqual(side.sum, 3.5e27, "S");
        Fuzz.assertEqual(SideIndex.quoteValueDown(4e18, 0, side.sum), 14e18, "a long of 4 is paid 2 * 7");
        Fuzz.assertEqual(SideIndex.quoteValueDown(-4e18, 0, side.sum), -14e18, "a short of 4 pays 2 * 7");
    }

    function test_LIQ06_longsAreCreditedDownAndShortsChargedUp() external pure {
        Side memory side = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        // A price of one wei for a third of the side: 1e30 / 3 / 1e21 = 333,333,333.3 of S.
        SideIndex.deleverage(side, true, 1e18, 3e18, 1, 0);
        Fuzz.assertEqual(side.sum, 333_333_333, "long");
        side = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        SideIndex.deleverage(side, false, 1e18, 3e18, 1, 0);
        Fuzz.assertEqual(side.sum, 333_333_334, "short");
    }

    function test_LIQ06_moreThanTheSideIsRefused() external {
        Side memory side = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        HARNESS.deleverage(side, true, 11, 10, 1e18, 0);
    }

    /* FACTS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_CLM03_deleveragedAddsUp(uint256 rawFirst, uint256 rawSecond) external pure {
        uint256 first = Fuzz.between(rawFirst, PRODUCT_ONE / 1e4, PRODUCT_ONE);
        uint256 second = Fuzz.between(rawSecond, PRODUCT_ONE / 1e8, first);
        uint256 sum = SideIndex.deleveragedLn(PRODUCT_ONE, first) + SideIndex.deleveragedLn(first, second);
        uint256 whole = SideIndex.deleveragedLn(PRODUCT_ONE, second);
        if (whole == type(uint64).max) return;
        Fuzz.assertBetween(sum, whole > 2 ? whole - 2 : 0, whole + 2, "sum of logarithms");
    }

    function test_CLM03_deleveragedIsTheLogarithmAndSaturates() external pure {
        uint256 half = SideIndex.deleveragedLn(PRODUCT_ONE, PRODUCT_ONE / 2);
        Fuzz.assertBetween(half, 693_147_180_559_945_307, 693_147_180_559_945_311, "ln 2");
        Fuzz.assertEqual(SideIndex.deleveragedLn(PRODUCT_ONE, PRODUCT_ONE), 0, "nothing closed");
        Fuzz.assertEqual(SideIndex.deleveragedLn(PRODUCT_ONE, 0), type(uint64).max, "all closed");
        Fuzz.assertEqual(SideIndex.deleveragedLn(PRODUCT_ONE, 1), type(uint64).max, "ln 1e30 is above the range");
        Fuzz.assertEqual(SideIndex.deleveragedLn(1, PRODUCT_ONE), 0, "P does not rise");
    }

    function equityAt(Book memory book, uint256 price) private pure returns (int256) {
        int256 worth = int256((baseOf(book) * price) / 1e18);
        return valueOf(book) + (book.long ? worth : -worth);
    }
}
