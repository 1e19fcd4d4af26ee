// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SideIndex} from "../../../contracts/libraries/SideIndex.sol";
import {Side} from "../../../contracts/types/Clearing.sol";
import {MAX_OPEN_INTEREST, PRODUCT_FLOOR, PRODUCT_ONE} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A side with three positions, drawn from anywhere in the safe ranges, and what they add up to.
abstract contract SideIndexSides {
    uint256 internal constant HOLDERS = 3;

    struct Book {
        Side side;
        bool long;
        int256 funding;
        uint256 openInterest;
        int256[HOLDERS] shares;
        int256[HOLDERS] quotes;
    }

    /// @param raw one random word
    /// @param baseBits size of the positions
    function draw(uint256 raw, uint256 baseBits) internal pure returns (Book memory book) {
        book.long = word(raw, 0) & 1 == 0;
        book.side.product = uint112(Fuzz.between(word(raw, 1), PRODUCT_FLOOR, PRODUCT_ONE));
        book.side.sum = int128(Fuzz.signedOfAnySize(word(raw, 2), 119));
        book.funding = Fuzz.signedOfAnySize(word(raw, 3), 90);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            uint256 base = 1 + Fuzz.ofAnySize(word(raw, 4 + i), baseBits);
            if (book.openInterest + base > MAX_OPEN_INTEREST) base = 1;
            book.openInterest += base;
            book.shares[i] = SideIndex.sharesOf(book.long ? int256(base) : -int256(base), book.side.product);
            book.quotes[i] = Fuzz.signedOfAnySize(word(raw, 8 + i), 100);
        }
    }

    function word(uint256 raw, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(raw, i)));
    }

    /// @notice What all positions are worth without their base, each rounded as the house does.
    function valueOf(Book memory book) internal pure returns (int256 sum) {
        int256 effective = SideIndex.effectiveSumDown(book.side, book.funding);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            sum += SideIndex.quoteValueDown(book.shares[i], book.quotes[i], effective);
        }
    }

    /// @notice Base of all positions, magnitude.
    function baseOf(Book memory book) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < HOLDERS; ++i) {
            int256 base = SideIndex.baseOf(book.shares[i], book.side.product);
            sum += uint256(book.long ? base : -base);
        }
    }

    /// @notice layout.md's bound for one change of S, in wei: shares * 1e-27 and 1 wei per position.
    function dustOf(Book memory book) internal pure returns (int256) {
        return int256(sharesOf(book) / 1e27 + 1 + HOLDERS);
    }

    function sharesOf(Book memory book) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < HOLDERS; ++i) {
            sum += uint256(book.long ? book.shares[i] : -book.shares[i]);
        }
    }
}
