// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../../contracts/libraries/WadMath.sol";

/// @title Multiplication and division round the way their names say
/// @dev Products of more than 256 bits are Solady's and not read here.
/// prove-engine: bmc
contract WadMathProof {
    function mulDivDown(uint128 a, uint128 b, uint128 d) external pure {
        require(d > 0);
        uint256 q = WadMath.mulDivDown(a, b, d);
        // P-MATH-01: mulDivDown never returns more than the exact quotient.
        // bounds: all uint128
        // bug in libraries/WadMath: "return (a * b) / d;" -> "return (a * b + d - 1) / d;"
        assert(q * d <= uint256(a) * b);
        // P-MATH-02: mulDivDown returns less than the exact quotient by less than 1.
        // bounds: all uint128
        // bug in libraries/WadMath: "return (a * b) / d;" -> "return (a * b) / d / 2;"
        assert(uint256(a) * b < q * d + d);
    }

    function mulDivUp(uint128 a, uint128 b, uint128 d) external pure {
        require(d > 0);
        uint256 q = WadMath.mulDivUp(a, b, d);
        // P-MATH-03: mulDivUp never returns less than the exact quotient.
        // bounds: all uint128
        // bug in libraries/WadMath: "? quotient : quotient + 1" -> "? quotient : quotient"
        assert(q * d >= uint256(a) * b);
        // P-MATH-04: mulDivUp returns more than the exact quotient by less than 1.
        // bounds: all uint128
        // bug in libraries/WadMath: "? quotient : quotient + 1" -> "? quotient + 1 : quotient + 1"
        assert(q * d < uint256(a) * b + d);
    }

    function monotone(uint128 a, uint128 more, uint128 b, uint128 d) external pure {
        require(d > 0 && more >= a);
        uint256 low = WadMath.mulDivDown(a, b, d);
        uint256 high = WadMath.mulDivDown(more, b, d);
        // P-MATH-05: mulDivDown never falls when a factor rises.
        // bounds: all uint128
        // bug in libraries/WadMath: "return (a * b) / d;" -> "return (a * b) / d - a;"
        assert(low <= high);
    }

    function signed(int128 a, uint128 b, uint128 d) external pure {
        require(d > 0 && a > type(int128).min);
        int256 down = WadMath.signedMulDivDown(a, b, d);
        int256 up = WadMath.signedMulDivUp(a, b, d);
        int256 exact = int256(a) * int256(uint256(b));
        int256 divisor = int256(uint256(d));
        // P-MATH-06: signedMulDivDown never returns more than the exact quotient, whatever its sign.
        // bounds: all int128 and uint128
        // bug in libraries/WadMath: "-SafeCast.toInt256(mulDivUp(abs(a), b, d))" -> "-SafeCast.toInt256(mulDivDown(abs(a), b, d))"
        assert(down * divisor <= exact);
        // P-MATH-07: signedMulDivUp never returns less than the exact quotient, whatever its sign.
        // bounds: all int128 and uint128
        // bug in libraries/WadMath: "-SafeCast.toInt256(mulDivDown(abs(a), b, d))" -> "-SafeCast.toInt256(mulDivUp(abs(a), b, d))"
        assert(up * divisor >= exact);
        // P-MATH-08: signedMulDivDown returns less than the exact quotient by less than 1.
        // bounds: all int128 and uint128
        // bug in libraries/WadMath: ": SafeCast.toInt256(mulDivDown(uint256(a), b, d))" -> ": SafeCast.toInt256(mulDivDown(uint256(a), b, d) / 2)"
        assert(down * divisor > exact - divisor);
    }

    function signedDivision(int128 a, int128 d) external pure {
        require(d > 0);
        int256 down = WadMath.signedDivDown(a, d);
        int256 up = WadMath.signedDivUp(a, d);
        // P-MATH-09: signedDivDown never returns more than the exact quotient, also of negative numbers.
        // bounds: all int128 over all positive int128
        // bug in libraries/WadMath: "if (a < 0 && a % d != 0) --quotient;" -> ""
        assert(down * d <= a);
        // P-MATH-10: signedDivUp never returns less than the exact quotient, also of positive numbers.
        // bounds: all int128 over all positive int128
        // bug in libraries/WadMath: "if (a > 0 && a % d != 0) ++quotient;" -> ""
        assert(up * d >= a);
        // P-MATH-11: The two differ by 1 where there is a remainder, and are equal where there is none.
        // bounds: all int128 over all positive int128
        // bug in libraries/WadMath: "if (a > 0 && a % d != 0) ++quotient;" -> "if (a > 0) ++quotient;"
        assert(up - down == (a % d == 0 ? int256(0) : int256(1)));
    }

    function parts(int256 a) external pure {
        // P-MATH-12: abs is the magnitude, 2^255 for the lowest number.
        // bounds: all int256
        // bug in libraries/WadMath: "return a < 0 ? 0 - uint256(a) : uint256(a);" -> "return uint256(a);"
        assert(
            WadMath.abs(a) ==
                (
                    a >= 0
                        ? uint256(a)
                        : a == type(int256).min
                            ? 2 ** 255
                            : uint256(-a)
                )
        );
        // P-MATH-13: positivePart is max(a, 0).
        // bounds: all int256
        // bug in libraries/WadMath: "return a > 0 ? uint256(a) : 0;" -> "return uint256(a);"
        assert(int256(WadMath.positivePart(a)) == (a > 0 ? a : int256(0)));
    }

    function order(uint256 a, uint256 b) external pure {
        uint256 low = WadMath.min(a, b);
        uint256 high = WadMath.max(a, b);
        // P-MATH-14: min is one of the two and not above either.
        // bounds: all uint256
        // bug in libraries/WadMath: "return a < b ? a : b;" -> "return a < b ? b : a;"
        assert(low <= a && low <= b && (low == a || low == b));
        // P-MATH-15: max is one of the two and not below either.
        // bounds: all uint256
        // bug in libraries/WadMath: "return a > b ? a : b;" -> "return a;"
        assert(high >= a && high >= b && (high == a || high == b));
    }
}
