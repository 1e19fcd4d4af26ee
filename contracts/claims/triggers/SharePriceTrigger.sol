// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../../libraries/WadMath.sol";
import {WAD} from "../../types/Constants.sol";
import {Marks} from "../Marks.sol";
import {ForeignTrigger} from "./ForeignTrigger.sol";

/// @title Pays what a share has lost beyond a deductible
/// @notice One token covers one unit of value held in shares: payout = max(0, 1 - price / price at the start - deductible), WAD. There is
/// no step at the deductible, so nobody gains much by pushing a price across it.
abstract contract SharePriceTrigger is ForeignTrigger {
    /// @dev Fewest units of a reading at the start: a unit is then at most a millionth.
    uint256 internal constant MIN_READING = 1e6;

    /// @dev Part of the value that is not covered, WAD.
    function _deductibleOf(bytes32 terms) internal view virtual returns (uint256);

    function _payoutOf(bytes32 terms, uint256 mark, uint256 reading) internal view override returns (uint256) {
        uint256 start = Marks.readingOf(mark);
        // Also marks that no series has: nothing is lost against a price of 0.
        if (reading >= start) return 0;
        uint256 loss = WadMath.mulDivDown(start - reading, WAD, start);
        uint256 deductible = _deductibleOf(terms);
        return loss > deductible ? loss - deductible : 0;
    }

    function _moreCareful(uint128 a, uint128 b) internal pure override returns (uint128) {
        return a < b ? a : b;
    }
}
