// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Waterfall} from "../../libraries/Waterfall.sol";
import {LayerAmounts} from "../../types/Coverage.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessWaterfall is LibraryHarness {
    function total(LayerAmounts memory amounts) external pure returns (uint256) {
        return amounts.total();
    }

    function splitDown(
        uint256 loss,
        LayerAmounts memory available
    ) external pure returns (LayerAmounts memory paid, uint256 residual) {
        return Waterfall.splitDown(loss, available);
    }

    function takeFractionDown(
        LayerAmounts memory amounts,
        uint256 fraction
    ) external pure returns (LayerAmounts memory part) {
        return Waterfall.takeFractionDown(amounts, fraction);
    }

    function cover(
        uint256 wholeShortfall,
        uint256 fraction,
        LayerAmounts memory available
    ) external pure returns (LayerAmounts memory paid, uint256 shortfallUp, uint256 residual) {
        return Waterfall.cover(wholeShortfall, fraction, available);
    }
}
