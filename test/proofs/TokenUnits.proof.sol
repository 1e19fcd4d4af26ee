// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenUnits} from "../../contracts/libraries/TokenUnits.sol";

/// @title Units of tokens (spec, section 1)
/// prove-engine: bmc
contract TokenUnitsProof {
    function native(uint128 amount) external pure {
        // P-UNIT-01: An amount of a token survives the way to 18 decimals and back.
        // bounds: amounts of uint128, tokens of 6 decimals
        // bug in libraries/TokenUnits: "return wad / _scale(decimals);" -> "return (wad - 1) / _scale(decimals);"
        assert(TokenUnits.toNativeDown(TokenUnits.toWad(amount, 6), 6) == amount);
    }

    function wad(uint128 amount) external pure {
        uint256 down = TokenUnits.toNativeDown(amount, 6);
        uint256 up = TokenUnits.toNativeUp(amount, 6);
        // P-UNIT-02: What is paid out is never more than what is owed.
        // bounds: amounts of uint128, tokens of 6 decimals
        // bug in libraries/TokenUnits: "return wad / _scale(decimals);" -> "return wad / _scale(decimals) + 1;"
        assert(TokenUnits.toWad(down, 6) <= amount);
        // P-UNIT-03: What is charged is never less than what is due.
        // bounds: amounts of uint128, tokens of 6 decimals
        // bug in libraries/TokenUnits: "return (wad - 1) / _scale(decimals) + 1;" -> "return (wad - 1) / _scale(decimals);"
        assert(TokenUnits.toWad(up, 6) >= amount);
        // P-UNIT-04: Paying and charging differ by at most one unit of the token.
        // bounds: amounts of uint128, tokens of 6 decimals
        // bug in libraries/TokenUnits: "return (wad - 1) / _scale(decimals) + 1;" -> "return wad / _scale(decimals) + 2;"
        assert(up >= down && up <= down + 1);
    }
}
