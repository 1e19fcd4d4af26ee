// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Waterfall} from "../../contracts/libraries/Waterfall.sol";
import {LayerAmounts} from "../../contracts/types/Coverage.sol";

/// @title What the layers pay for a part of an account (LIQ-04, R3, INV-21)
/// prove-engine: bmc
contract PartProof {
    function partOfTheWaterfall(uint96 loss, uint96 r, uint96 j, uint96 s, uint96 q) external pure {
        uint256 f = 0.3e18;
        (LayerAmounts memory paid, uint256 shortfallUp, uint256 residual) = Waterfall.cover(
            loss,
            f,
            LayerAmounts(r, j, s, q)
        );
        // P-WATER-11: The part of a shortfall that is taken is paid or left over, to the wei.
        // bounds: amounts of uint96, three tenths of an account
        // bug in libraries/Waterfall: "residual = shortfallUp - paid.total();" -> "residual = shortfallUp - paid.reserve;"
        assert(paid.reserve + paid.junior + paid.senior + paid.reinsurance + residual == shortfallUp);
        // P-WATER-12: The shortfall of a part is rounded up: the bidder never gets less than the part is short of.
        // bounds: amounts of uint96, three tenths of an account
        // bug in libraries/Waterfall: "shortfallUp = WadMath.mulWadUp(wholeShortfall, fraction);" -> "shortfallUp = WadMath.mulWadDown(wholeShortfall, fraction);"
        assert(shortfallUp * 1e18 >= uint256(loss) * f);
    }

    function partsOfLayers(uint96 r, uint96 j, uint96 s, uint96 q, uint64 f) external pure {
        require(f <= 1e18);
        LayerAmounts memory part = Waterfall.takeFractionDown(LayerAmounts(r, j, s, q), f);
        uint256 exact = (uint256(r) + j + s + q) * f;
        uint256 sum = part.reserve + part.junior + part.senior + part.reinsurance;
        // P-WATER-13: The layers pay for a part no more than the part of what they pay for the whole.
        // bounds: amounts of uint96, every fraction to 1
        // bug in libraries/Waterfall: "part.reserve = WadMath.mulWadDown(amounts.reserve, fraction);" -> "part.reserve = WadMath.mulWadDown(amounts.reserve, fraction) + 1;"
        assert(sum * 1e18 <= exact);
        // P-WATER-14: Rounding keeps less than 4 wei of a part from the layers, which are socialised.
        // bounds: amounts of uint96, every fraction to 1
        // bug in libraries/Waterfall: "part.senior = WadMath.mulWadDown(amounts.senior, fraction);" -> "part.senior = WadMath.mulWadDown(amounts.senior / 2, fraction);"
        assert(exact < (sum + 4) * 1e18);
    }
}
