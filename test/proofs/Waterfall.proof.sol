// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Waterfall} from "../../contracts/libraries/Waterfall.sol";
import {LayerAmounts} from "../../contracts/types/Coverage.sol";

/// @title The waterfall pays every wei once, and in order, for all uint256 (R1, R2, INV-03, INV-08)
/// @dev r, j, s and q are what reserve, junior, senior and reinsurance have: numbers and not a struct in memory, of
/// which the prover would not know that nothing else changes it.
/// prove-engine: bmc
contract WaterfallProof {
    /// @notice Every wei of the loss is paid by exactly one layer or left over. The sum does not overflow either.
    function everyWeiIsPaidOnce(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        assert(paid.reserve + paid.junior + paid.senior + paid.reinsurance + residual == loss);
    }

    /// @notice No layer pays more than it has.
    function noLayerPaysMoreThanItHas(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, ) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        assert(paid.reserve <= r);
        assert(paid.junior <= j);
        assert(paid.senior <= s);
        assert(paid.reinsurance <= q);
    }

    /// @notice A layer pays only when all before it have paid all they have.
    function layersPayInOrder(uint256 loss, uint256 r, uint256 j, uint256 s, uint256 q) external pure {
        (LayerAmounts memory paid, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        assert(paid.junior == 0 || paid.reserve == r);
        assert(paid.senior == 0 || (paid.reserve == r && paid.junior == j));
        assert(paid.reinsurance == 0 || (paid.reserve == r && paid.junior == j && paid.senior == s));
        assert(residual == 0 || (paid.reserve == r && paid.junior == j && paid.senior == s && paid.reinsurance == q));
    }

    /// @notice Nothing is left to be socialised while a layer has anything, and what is left is what all of them lack.
    function whatIsLeftIsWhatAllLack(uint256 loss, uint128 r, uint128 j, uint128 s, uint128 q) external pure {
        (, uint256 residual) = Waterfall.splitDown(loss, LayerAmounts(r, j, s, q));
        uint256 sum = uint256(r) + j + s + q;
        assert(residual == (loss > sum ? loss - sum : 0));
    }
}
