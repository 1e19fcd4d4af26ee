// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SideIndex} from "../libraries/SideIndex.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Interest, Side} from "../types/Clearing.sol";
import {GAP_RATE_ONE} from "../types/Constants.sol";
import {MarketId} from "../types/Identifiers.sol";
import {Positions} from "./Positions.sol";

/// @title Gap premium: what both sides of a market pay the fund for standing behind it
/// @notice Earned by the second on open interest (FND-02). Whatever changes the base of a side accrues first, so that nobody pays for time
/// in which he held nothing, and nobody leaves without having paid; a slice moves positions at the side's own figures and needs not.
abstract contract GapPremium is Positions {
    /// @dev Charges both sides for the time since the last accrual, at the price of now, and books it to the fund at once. What is charged
    /// is rounded up and what is booked down. Not a loss: no fact is written.
    /// @param price WAD
    /// @return premium booked to the fund, WAD
    function _accrueGap(uint256 market, uint256 price) internal returns (uint256 premium) {
        Interest storage interest = _interest[market];
        uint256 earned = interest.gapRate * (block.timestamp - interest.gapAt);
        if (earned == 0) return 0;
        interest.gapAt = uint32(block.timestamp);
        uint256 openInterest = interest.openInterest;
        if (openInterest == 0) return 0;
        // Never above the price, however long nobody came.
        uint256 perUnit = WadMath.min(price, WadMath.mulDivUp(price, earned, GAP_RATE_ONE));
        _chargePremium(market, true, perUnit);
        _chargePremium(market, false, perUnit);
        premium = 2 * WadMath.mulWadDown(perUnit, openInterest);
        _creditFund(premium);
        emit GapPremiumAccrued(MarketId.wrap(uint8(market)), perUnit, premium);
    }

    /// @dev No generation ends here: at the highest price and rate S would need 54 years to leave its range, and the next charge or
    /// deleveraging looks at it.
    function _chargePremium(uint256 market, bool long, uint256 perUnit) private {
        Side memory side = _sides[market][long];
        SideIndex.chargePerUnit(side, long, perUnit);
        _sides[market][long].sum = side.sum;
    }
}
