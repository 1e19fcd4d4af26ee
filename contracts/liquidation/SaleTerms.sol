// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {AuctionMath} from "../libraries/AuctionMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AuctionTerms, BidResult} from "../types/Auction.sol";
import {BPS_ONE, WAD} from "../types/Constants.sol";
import {Health} from "../types/Margin.sol";
import {AuctionClock} from "./AuctionClock.sol";

/// @title What an account is sold for, and how much of it
/// @notice Joins the pure arithmetic of AuctionMath with an account's health: price, income, f* and dust (LIQ-02, LIQ-03).
abstract contract SaleTerms is AuctionClock {
    /// @dev Health.penaltyBasis is in basis points of MM: the sum over markets of pi_m MM_m (LIQ-07).
    uint256 internal constant PENALTY_UNIT = WAD / BPS_ONE;

    uint256 internal immutable MIN_MAINTENANCE_MARGIN;

    /// @dev A bid on its way.
    struct Sale {
        AuctionTerms terms;
        Health health;
        BidResult result;
        uint256 major;
        uint256 mid;
        uint256 tail;
    }

    /// @dev What the house says of an account before it is closed; see IClearingHouseCore.assess.
    struct Assessment {
        uint256 feeds;
        Health health;
        uint256 major;
        uint256 mid;
        uint256 tail;
    }

    constructor(IClearingHouse house) AuctionClock(house) {
        MIN_MAINTENANCE_MARGIN = house.minMaintenanceMargin();
    }

    /// @dev Price, income and f* of the whole account (LIQ-02, LIQ-03). What is blind is neither sold nor paid for.
    function _fillTerms(AuctionTerms memory terms, Health memory health, uint256 elapsed) internal pure {
        uint256 margin = health.linearMargin + health.sizeMargin;
        int256 relief = int256(health.blindRelief());
        terms.elapsed = elapsed;
        terms.value = health.value + relief;
        terms.income = AuctionMath.incomeDown(margin, health.marginBalance + relief, AuctionMath.incomeRate(elapsed));
        terms.price = WadMath.positivePart(terms.value - int256(terms.income));
        terms.penalty = AuctionMath.penaltyOf(PENALTY_UNIT, health.penaltyBasis, terms.value, terms.income);
        terms.maxFraction = AuctionMath.maxFractionUp(
            AuctionMath.FractionInput({
                marginBalance: health.marginBalance,
                linearMargin: health.linearMargin,
                sizeMargin: health.sizeMargin,
                blindMargin: health.blindMargin,
                retained: _retained(terms, health),
                targetRatio: TARGET_RATIO
            })
        );
    }

    /// @dev What the account keeps when all of it is sold, less what its blind holdings may be worth less than they were sold at.
    function _retained(AuctionTerms memory terms, Health memory health) internal pure returns (uint256) {
        uint256 kept = terms.price - terms.penalty;
        return kept - WadMath.min(kept, health.blindRelief());
    }

    /// @dev Whether the rest of the account is below maintenance margin: then time goes on counting (LIQ-01).
    function _isBelowAfter(Sale memory sale) internal pure returns (bool) {
        uint256 taken = sale.result.fraction;
        int256 balance = WadMath.signedMulDivDown(sale.health.marginBalance, WAD - taken, WAD);
        balance += int256(WadMath.mulWadDown(_retained(sale.terms, sale.health), taken));
        return balance < int256(_marginLeft(sale.health, taken));
    }

    /// @dev f*, made large enough that what is sold is no dust for a bidder who holds nothing else, and whole when the rest were dust.
    function _withoutDust(Health memory health, uint256 fraction) internal view returns (uint256) {
        if (health.linearMargin <= MIN_MAINTENANCE_MARGIN) return WAD;
        uint256 least = WadMath.mulDivUp(MIN_MAINTENANCE_MARGIN, WAD, health.linearMargin);
        return _wholeIfDust(health, WadMath.max(fraction, least));
    }

    function _wholeIfDust(Health memory health, uint256 fraction) internal view returns (uint256) {
        return fraction >= WAD || _marginLeft(health, fraction) < MIN_MAINTENANCE_MARGIN ? WAD : fraction;
    }

    /// @dev Maintenance margin of the account after a fraction of it was sold, rounded down.
    function _marginLeft(Health memory health, uint256 fraction) internal pure returns (uint256 left) {
        uint256 rest = WAD - fraction;
        left = WadMath.mulWadDown(health.linearMargin, rest) + health.blindMargin;
        left += WadMath.mulWadDown(WadMath.mulWadDown(health.sizeMargin, rest), rest);
    }

    /// @dev V with what is blind taken in the account's favour, and never as a loss: what decides who pays (R6). V when nothing is blind.
    function _fairValue(Health memory health) internal pure returns (int256) {
        return health.value + int256(health.blindRelief());
    }

    /// @dev What an insolvent account lacks with collateral at haircut value (LIQ-06).
    function _shortfall(Health memory health) internal pure returns (uint256) {
        return WadMath.positivePart(-(health.marginBalance + int256(health.blindRelief())));
    }
}
