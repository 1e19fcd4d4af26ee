// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SideIndex} from "../../contracts/libraries/SideIndex.sol";

/// @title Reading a position by the index of its side (CLR-04, CLR-09, R2a)
/// prove-engine: bmc
contract PositionProof {
    function tradeIsExact(int96 base, uint112 product) external pure {
        require(product > 0 && product <= 1e30);
        int256 shares = SideIndex.sharesOf(base, product);
        // P-SIDE-01: Shares bought for a base stand for exactly that base: a trade is exact.
        // bounds: base of int96, every product to 1e30
        // bug in libraries/SideIndex: "WadMath.mulDivUp(WadMath.abs(base), PRODUCT_ONE, product)" -> "WadMath.mulDivDown(WadMath.abs(base), PRODUCT_ONE, product)"
        assert(SideIndex.baseOf(shares, product) == base);
    }

    function touch(int112 shares, int120 value, int112 sum) external pure {
        int256 stored = SideIndex.storedQuoteDown(shares, value, sum);
        int256 read = SideIndex.quoteValueDown(shares, stored, sum);
        // P-SIDE-02: A touch never takes more than 1 wei from the account.
        // bounds: shares and S of int112, value of int120
        // bug in libraries/SideIndex: "return quote + WadMath.signedDivDown(shares * effectiveSum, int256(SUM_ONE));" -> "return quote + WadMath.signedDivDown(shares * effectiveSum, int256(SUM_ONE)) - 1;"
        assert(read >= int256(value) - 1);
    }
}
