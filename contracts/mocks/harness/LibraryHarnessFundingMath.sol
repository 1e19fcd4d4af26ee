// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FundingMath} from "../../libraries/FundingMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessFundingMath is LibraryHarness {
    function accrued(int256 velocity, uint256 elapsed) external pure returns (int256) {
        return FundingMath.accrued(velocity, elapsed);
    }

    function decayed(int256 velocity, uint256 elapsed) external pure returns (int256) {
        return FundingMath.decayed(velocity, elapsed);
    }

    function afterFill(
        int256 velocity,
        uint256 indexPrice,
        uint256 fillPrice,
        uint256 notional,
        uint256 openNotional,
        uint256 maxShare
    ) external pure returns (int256) {
        return FundingMath.afterFill(velocity, indexPrice, fillPrice, notional, openNotional, maxShare);
    }

    function weightOf(uint256 notional, uint256 openNotional) external pure returns (uint256) {
        return FundingMath.weightOf(notional, openNotional);
    }

    function maxShareOf(uint256 takerFeeBps) external pure returns (uint256) {
        return FundingMath.maxShareOf(takerFeeBps);
    }

    function packAndUnpack(int256 velocity) external pure returns (int256 stored, int256 unpacked) {
        int32 rate = FundingMath.pack(velocity);
        return (rate, FundingMath.unpack(rate));
    }
}
