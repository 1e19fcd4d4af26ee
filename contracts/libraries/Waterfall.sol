// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";
import {LayerAmounts} from "../types/Coverage.sol";
import {WadMath} from "./WadMath.sol";

/// @title Waterfall
/// @notice Who pays for a loss, strictly in order: reserve, junior, senior, reinsurance (R1). Every wei is paid by
/// exactly one layer or left over (R2).
/// @dev splitDown is proved for all inputs in test/proofs/Waterfall.proof.sol.
/// @custom:twin sdk/math/Waterfall.ts
library Waterfall {
    /// @notice Splits `loss`. paid.total() + residual == loss; a layer pays only when the ones before it have paid all.
    /// @param loss WAD
    /// @param available what each layer may pay
    /// @return paid by each layer, at most what is available
    /// @return residual what no layer pays
    function splitDown(
        uint256 loss,
        LayerAmounts memory available
    ) internal pure returns (LayerAmounts memory paid, uint256 residual) {
        // Everything is read before anything is written, so that the prover need not ask whether both are one struct.
        uint256 reserve = WadMath.min(loss, available.reserve);
        residual = loss - reserve;
        uint256 junior = WadMath.min(residual, available.junior);
        residual -= junior;
        uint256 senior = WadMath.min(residual, available.senior);
        residual -= senior;
        uint256 reinsurance = WadMath.min(residual, available.reinsurance);
        residual -= reinsurance;
        paid = LayerAmounts({reserve: reserve, junior: junior, senior: senior, reinsurance: reinsurance});
    }

    /// @notice `fraction` (WAD) of every layer, rounded down.
    function takeFractionDown(
        LayerAmounts memory amounts,
        uint256 fraction
    ) internal pure returns (LayerAmounts memory part) {
        part.reserve = WadMath.mulWadDown(amounts.reserve, fraction);
        part.junior = WadMath.mulWadDown(amounts.junior, fraction);
        part.senior = WadMath.mulWadDown(amounts.senior, fraction);
        part.reinsurance = WadMath.mulWadDown(amounts.reinsurance, fraction);
    }

    /// @notice What each layer pays when `fraction` of an account is taken: its part of what it would pay if the whole
    /// account were (LIQ-04). So splitting a bid changes no layer's total (R3, INV-21).
    /// @param wholeShortfall shortfall of the whole account, WAD
    /// @param fraction WAD, at most 1
    /// @param available what each layer may pay for the whole account
    /// @return paid by each layer, rounded down
    /// @return shortfallUp shortfall of the part, rounded up
    /// @return residual shortfallUp - paid.total(), to be socialised; with fraction < 1 it holds up to 5 wei that
    /// rounding kept from the layers
    /// @dev sum(floor(whole_i * fraction)) <= floor(sum(whole_i) * fraction) <= shortfallUp: no underflow.
    function cover(
        uint256 wholeShortfall,
        uint256 fraction,
        LayerAmounts memory available
    ) internal pure returns (LayerAmounts memory paid, uint256 shortfallUp, uint256 residual) {
        (paid, ) = splitDown(wholeShortfall, available);
        if (fraction != WAD) paid = takeFractionDown(paid, fraction);
        shortfallUp = WadMath.mulWadUp(wholeShortfall, fraction);
        residual = shortfallUp - paid.total();
    }
}
