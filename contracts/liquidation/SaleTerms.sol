// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {AuctionMath} from "../libraries/AuctionMath.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AuctionTerms, BidResult} from "../types/Auction.sol";
import {BPS_ONE, WAD} from "../types/Constants.sol";
import {Health} from "../types/Margin.sol";
import {AuctionClock} from "./AuctionClock.sol";

/// @title What an account is sold for, and how much of it
/// @notice Joins the pure arithmetic of AuctionMath with an account's health: price, income, f* and dust (LIQ-02, LIQ-03).
/// @dev Ranges: what the house says of an account is a sum of at most 24 parts below 2^175 (Valuation), so every amount here is below
/// 2^181, and sums and differences of a few of them fit: where that is all there is to it, they stand in `unchecked`.
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

    /// @dev What the house says of an account before it is closed; see IClearingHouseCore.assessLiquidation.
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
        terms.elapsed = elapsed;
        unchecked {
            uint256 margin = health.linearMargin + health.sizeMargin;
            int256 relief = int256(health.blindRelief());
            int256 value = health.value + relief;
            uint256 income = AuctionMath.incomeDown(
                margin,
                health.marginBalance + relief,
                AuctionMath.incomeRate(elapsed)
            );
            terms.value = value;
            terms.income = income;
            terms.price = WadMath.positivePart(value - int256(income));
            terms.penalty = AuctionMath.penaltyOf(PENALTY_UNIT, health.penaltyBasis, value, income);
        }
        terms.maxFraction = AuctionMath.maxFractionUp(
            health.marginBalance,
            health.linearMargin,
            health.sizeMargin,
            health.blindMargin,
            _retained(terms, health),
            TARGET_RATIO
        );
    }

    /// @dev What the account keeps when all of it is sold, less what its blind holdings may be worth less than they were sold at.
    function _retained(AuctionTerms memory terms, Health memory health) internal pure returns (uint256) {
        // A penalty is never above the price (AuctionMath.penaltyOf).
        unchecked {
            uint256 kept = terms.price - terms.penalty;
            return kept - WadMath.min(kept, health.blindRelief());
        }
    }

    /// @dev Whether the rest of the account is below maintenance margin: then time goes on counting (LIQ-01).
    function _isBelowAfter(Sale memory sale) internal pure returns (bool) {
        uint256 taken = sale.result.fraction;
        // A fraction is at most WAD.
        unchecked {
            int256 balance = WadMath.signedMulDivDown(sale.health.marginBalance, WAD - taken, WAD);
            balance += int256(_partDown(_retained(sale.terms, sale.health), taken));
            return balance < int256(_marginLeft(sale.health, taken));
        }
    }

    /// @dev f*, made large enough that what is sold is no dust for a bidder who holds nothing else, and whole when the rest were dust.
    function _withoutDust(Health memory health, uint256 fraction) internal view returns (uint256) {
        if (health.linearMargin <= MIN_MAINTENANCE_MARGIN) return WAD;
        // Below the linear margin: the product fits.
        uint256 least = SlotMath.smallMulDivUp(MIN_MAINTENANCE_MARGIN, WAD, health.linearMargin);
        return _wholeIfDust(health, WadMath.max(fraction, least));
    }

    function _wholeIfDust(Health memory health, uint256 fraction) internal view returns (uint256) {
        return fraction >= WAD || _marginLeft(health, fraction) < MIN_MAINTENANCE_MARGIN ? WAD : fraction;
    }

    /// @dev Maintenance margin of the account after a fraction of it was sold, rounded down.
    function _marginLeft(Health memory health, uint256 fraction) internal pure returns (uint256 left) {
        // As above.
        unchecked {
            uint256 rest = WAD - fraction;
            left = _partDown(health.linearMargin, rest) + health.blindMargin;
            left += _partDown(_partDown(health.sizeMargin, rest), rest);
        }
    }

    /// @dev A part of an amount, rounded down: below 2^181, and a fraction is at most WAD, so the product fits.
    function _partDown(uint256 amount, uint256 fraction) internal pure returns (uint256) {
        unchecked {
            return (amount * fraction) / WAD;
        }
    }

    /// @dev As above, rounded up.
    function _partUp(uint256 amount, uint256 fraction) internal pure returns (uint256) {
        return SlotMath.smallMulDivUp(amount, fraction, WAD);
    }

    /// @dev V with what is blind taken in the account's favour, and never as a loss: what decides who pays (R6). V when nothing is blind.
    function _fairValue(Health memory health) internal pure returns (int256) {
        unchecked {
            return health.value + int256(health.blindRelief());
        }
    }

    /// @dev What an insolvent account lacks with collateral at haircut value (LIQ-06).
    function _shortfall(Health memory health) internal pure returns (uint256) {
        unchecked {
            return WadMath.positivePart(-(health.marginBalance + int256(health.blindRelief())));
        }
    }
}
