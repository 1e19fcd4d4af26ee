// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheMath} from "../../contracts/libraries/TrancheMath.sol";

/// @title Shares and assets of a tranche convert never in favour of whoever asks (CVR-01, INV-08, INV-11)
/// prove-engine: bmc
contract TrancheProof {
    function inAndOut(uint96 wad, uint96 value, uint96 supply) external pure {
        require(!TrancheMath.isSpent(value, supply));
        uint256 shares = TrancheMath.toSharesDown(wad, value, supply);
        require(shares < 2 ** 128);
        uint256 back = TrancheMath.toAssetsDown(shares, uint256(value) + wad, supply + shares);
        // P-TRANCHE-01: A deposit and an exit at once never give more than was brought.
        // bounds: amounts of uint96, shares below 2^128, tranche not spent
        // bug in libraries/TrancheMath: "return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL);" -> "return 2 * WadMath.mulDivUp(wad, supply + VIRTUAL, value + VIRTUAL);"
        assert(back <= wad);
    }

    function depositKeepsPrice(uint96 wad, uint96 value, uint96 supply) external pure {
        require(!TrancheMath.isSpent(value, supply));
        uint256 shares = TrancheMath.toSharesDown(wad, value, supply);
        // P-TRANCHE-02: A deposit never lowers what a share stands for.
        // bounds: amounts of uint96, tranche not spent
        // bug in libraries/TrancheMath: "return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL);" -> "return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL) + 1;"
        assert(
            (uint256(value) + wad + 1e6) * (uint256(supply) + 1e6) >= (uint256(value) + 1e6) * (supply + shares + 1e6)
        );
    }

    function exitKeepsPrice(uint96 shares, uint96 value, uint96 supply) external pure {
        require(shares <= supply);
        uint256 wad = TrancheMath.toAssetsDown(shares, value, supply);
        // P-TRANCHE-03: An exit never lowers what the other shares stand for.
        // bounds: amounts of uint96
        // bug in libraries/TrancheMath: "WadMath.mulDivDown(shares, value + VIRTUAL, supply + VIRTUAL)" -> "WadMath.mulDivUp(shares, value + VIRTUAL, supply + VIRTUAL)"
        assert(
            (uint256(value) - wad + 1e6) * (uint256(supply) + 1e6) >=
                (uint256(value) + 1e6) * (uint256(supply) - shares + 1e6)
        );
    }

    function paymentKeepsPrice(uint96 wad, uint96 value, uint96 supply) external pure {
        require(wad <= value);
        uint256 shares = TrancheMath.toSharesUp(wad, value, supply);
        require(shares <= supply);
        // P-TRANCHE-04: A payment burns at least the shares that it is worth: it never lowers what the others stand for.
        // bounds: amounts of uint96
        // bug in libraries/TrancheMath: "return WadMath.mulDivUp(wad, supply + VIRTUAL, value + VIRTUAL);" -> "return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL);"
        assert(
            (uint256(value) - wad + 1e6) * (uint256(supply) + 1e6) >= (uint256(value) + 1e6) * (supply - shares + 1e6)
        );
    }

    function neverAboveTheWhole(uint128 shares, uint96 value, uint96 supply) external pure {
        // P-TRANCHE-05: No number of shares is worth more than the whole tranche.
        // bounds: shares of uint128, value and supply of uint96
        // bug in libraries/TrancheMath: "return WadMath.min(WadMath.mulDivDown(shares, value + VIRTUAL, supply + VIRTUAL), value);" -> "return WadMath.mulDivDown(shares, value + VIRTUAL, supply + VIRTUAL);"
        assert(TrancheMath.toAssetsDown(shares, value, supply) <= value);
    }

    function inSharesBothWays(uint96 wad, uint96 value, uint96 supply) external pure {
        require(!TrancheMath.isSpent(value, supply));
        // P-TRANCHE-06: Whoever pays in gets no more shares than a payment of as much uses up.
        // bounds: amounts of uint96, tranche not spent
        // bug in libraries/TrancheMath: "return WadMath.mulDivUp(wad, supply + VIRTUAL, value + VIRTUAL);" -> "return WadMath.mulDivUp(wad, supply, value + VIRTUAL);"
        assert(TrancheMath.toSharesDown(wad, value, supply) <= TrancheMath.toSharesUp(wad, value, supply));
    }

    function donation(uint96 wad, uint96 more, uint96 value, uint96 supply) external pure {
        require(!TrancheMath.isSpent(value, supply) && more >= wad);
        // P-TRANCHE-07: More paid in never gives fewer shares.
        // bounds: amounts of uint96, tranche not spent
        // bug in libraries/TrancheMath: "return WadMath.mulDivDown(wad, supply + VIRTUAL, value + VIRTUAL);" -> "return WadMath.mulDivDown(supply + VIRTUAL, value + VIRTUAL, wad + 1);"
        assert(TrancheMath.toSharesDown(wad, value, supply) <= TrancheMath.toSharesDown(more, value, supply));
    }

    function spent(uint256 value, uint256 supply) external pure {
        // P-TRANCHE-08: The shares of a tranche that is worth a hundredth of a unit never die.
        // bounds: all uint256
        // bug in libraries/TrancheMath: "return value < DUST && value < supply / MAX_SHARES;" -> "return value < supply / MAX_SHARES;"
        assert(!TrancheMath.isSpent(value, supply) || value < 1e16);
    }
}
