// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Waterfall} from "../../contracts/libraries/Waterfall.sol";
import {LayerAmounts} from "../../contracts/types/Coverage.sol";

/// @title The waterfall pays every wei once, and in order (R1, R2, INV-03, INV-08)
/// @dev r, j, s and q are what reserve, junior, senior and reinsurance have: numbers and not a struct in memory, of
/// which the prover would not know that nothing else changes it.
/// prove-engine: bmc
/// prove-arithmetic
contract WaterfallProof {
    function everyWeiIsPaidOnce(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        // P-WATER-01: Every wei of a loss is paid by exactly one layer or left over.
        // bounds: all uint256
        // bug in libraries/Waterfall: "residual -= senior;" -> "residual -= junior;"
        assert(paid.reserve + paid.junior + paid.senior + paid.reinsurance + residual == loss);
    }

    function noLayerPaysMoreThanItHas(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, ) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        // P-WATER-02: The reserve pays no more than it has.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(loss, available.reserve)" -> "loss"
        assert(paid.reserve <= r);
        // P-WATER-03: The junior tranche pays no more than it has.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.junior)" -> "WadMath.min(residual, available.senior)"
        assert(paid.junior <= j);
        // P-WATER-04: The senior tranche pays no more than it has.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.senior)" -> "residual"
        assert(paid.senior <= s);
        // P-WATER-05: Reinsurance pays no more than it has.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.reinsurance)" -> "WadMath.max(residual, available.reinsurance)"
        assert(paid.reinsurance <= q);
    }

    function layersPayInOrder(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        // P-WATER-06: The junior tranche loses nothing while the reserve has anything.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(loss, available.reserve)" -> "WadMath.min(loss / 2, available.reserve)"
        assert(paid.junior == 0 || paid.reserve == r);
        // P-WATER-07: The senior tranche loses nothing while a layer before it has anything.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.junior)" -> "WadMath.min(residual / 2, available.junior)"
        assert(paid.senior == 0 || (paid.reserve == r && paid.junior == j));
        // P-WATER-08: Reinsurance pays nothing while a layer before it has anything.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.senior)" -> "WadMath.min(residual / 2, available.senior)"
        assert(paid.reinsurance == 0 || (paid.reserve == r && paid.junior == j && paid.senior == s));
        // P-WATER-09: Nothing is left to be socialised while a layer has anything.
        // bounds: all uint256
        // bug in libraries/Waterfall: "WadMath.min(residual, available.reinsurance)" -> "0"
        assert(residual == 0 || (paid.reserve == r && paid.junior == j && paid.senior == s && paid.reinsurance == q));
    }

    function whatIsLeftIsWhatAllLack(uint256 loss, uint128 r, uint128 j, uint128 s, uint128 q) external pure {
        (, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        uint256 sum = uint256(r) + j + s + q;
        // P-WATER-10: What is left is what all layers together lack.
        // bounds: losses of uint256, layers of uint128
        // bug in libraries/Waterfall: "residual -= reinsurance;" -> ""
        assert(residual == (loss > sum ? loss - sum : 0));
    }
}
