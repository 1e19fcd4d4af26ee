// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../../contracts/libraries/MarginMath.sol";
import {MarketClass} from "../../contracts/types/Identifiers.sol";
import {Health} from "../../contracts/types/Margin.sol";

/// @title Needs are rounded up, values down, and the two margin tests never contradict each other (MRG-01, ORC-07)
/// prove-engine: bmc
contract MarginProof {
    function maintenanceIsWeaker(
        int120 balance,
        uint120 gains,
        uint80 linear,
        uint80 size,
        uint120 extra
    ) external pure {
        Health memory health;
        health.marginBalance = balance;
        health.initialBalance = int256(balance) - int256(uint256(gains));
        health.linearMargin = linear;
        health.sizeMargin = size;
        health.initialMargin = health.maintenanceMargin() + extra;
        bool mayAdd = health.meetsInitialMargin();
        // P-MARGIN-01: An account that may add risk cannot be liquidated, as long as IM >= MM and gains count at most in full.
        // bounds: balances of int120, margins of uint80
        // bug in types/Margin: "return health.marginBalance < int256(maintenanceMargin(health));" -> "return health.marginBalance <= int256(maintenanceMargin(health));"
        assert(!mayAdd || !health.isLiquidatable());
    }

    function position(uint88 base, uint88 price) external pure {
        (uint256 linear, uint256 size) = MarginMath.positionMarginUp(base, price, 5_000, 0);
        // P-MARGIN-02: Maintenance margin is never less than the exact product of size, price and rate.
        // bounds: base and price of uint88, a rate of 5%, no add-on
        // bug in libraries/MarginMath: "linear = WadMath.mulDivUp(notional, rate, RATE_ONE);" -> "linear = WadMath.mulDivDown(notional, rate, RATE_ONE);"
        assert(linear * 20 * 1e18 >= uint256(base) * price);
        // P-MARGIN-03: Without an add-on nothing is asked for size.
        // bounds: base and price of uint88, a rate of 5%, no add-on
        // bug in libraries/MarginMath: "size = WadMath.mulDivUp(notional, notional * addOn, ADD_ON_SCALE);" -> "size = 1 + addOn;"
        assert(size == 0);
    }

    function largerNeedsMore(uint88 base, uint88 more, uint88 price) external pure {
        require(base <= more);
        // P-MARGIN-04: A larger position never counts for less.
        // bounds: base and price of uint88
        // bug in libraries/MarginMath: "return WadMath.mulWadUp(absoluteBase, price);" -> "return WadMath.mulWadUp(1e28 - absoluteBase, price);"
        assert(MarginMath.notionalUp(base, price) <= MarginMath.notionalUp(more, price));
    }

    function initial(uint16 target, uint32 ratio) external pure {
        uint256 rate = MarginMath.initialRate(target, ratio);
        // P-MARGIN-05: Initial margin is at least maintenance margin and the points of a day's ramp, whatever the fund has.
        // bounds: targets of uint16, ratios of uint32
        // bug in libraries/MarginMath: "2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE)" -> "RATIO_ONE - WadMath.min(ratio, RATIO_ONE)"
        assert(rate >= uint256(target) + 6_000);
        // P-MARGIN-06: An empty fund doubles initial margin and never asks for more.
        // bounds: targets of uint16, ratios of uint32
        // bug in libraries/MarginMath: "2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE)" -> "3 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE)"
        assert(rate <= 2 * (uint256(target) + 6_000));
    }

    function profits(uint32 ratio) external pure {
        uint256 major = MarginMath.profitWeight(MarketClass.Major, ratio);
        uint256 mid = MarginMath.profitWeight(MarketClass.Mid, ratio);
        uint256 tail = MarginMath.profitWeight(MarketClass.Tail, ratio);
        // P-MARGIN-07: Unrealised gains never count for more than they are, and less in markets of a lower class.
        // bounds: all uint32
        // bug in libraries/MarginMath: ": 0.5e18;" -> ": 0.8e18;"
        assert(major <= 1e18 && mid <= major && tail <= mid);
    }

    function blind(uint96 price, uint16 rate, uint64 move) external pure {
        // P-MARGIN-08: A long without consensus is never valued above its last price.
        // bounds: prices of uint96, rates of uint16, moves of uint64
        // bug in libraries/MarginMath: "? WadMath.mulWadDown(price, WAD - move) : 0" -> "? WadMath.mulWadDown(price, WAD + move) : 0"
        assert(MarginMath.blindPrice(price, true, rate, move) <= price);
        // P-MARGIN-09: A short without consensus is never valued below its last price.
        // bounds: prices of uint96, rates of uint16, moves of uint64
        // bug in libraries/MarginMath: "if (!long) return WadMath.mulWadUp(price, WAD + move);" -> "if (!long) return WadMath.mulWadDown(price, WAD - move);"
        assert(MarginMath.blindPrice(price, false, rate, move) >= price);
    }

    function haircut(uint96 amount, uint96 price, uint16 cut) external pure {
        require(cut <= 1e4);
        // P-MARGIN-10: Collateral with its haircut never counts for more than without.
        // bounds: amounts and prices of uint96, haircuts to 100%
        // bug in libraries/MarginMath: "price * (BPS_ONE - haircut), WAD * BPS_ONE" -> "price * (BPS_ONE + haircut), WAD * BPS_ONE"
        assert(MarginMath.haircutValueDown(amount, price, cut) <= MarginMath.valueDown(amount, price));
    }
}

/// @title The ramp of the maintenance rate (MRG-02)
contract RampProof {
    function ramp(uint16 set, uint16 target, uint32 setAt, uint32 time) external pure {
        require(setAt <= time);
        uint256 rate = MarginMath.currentRateUp(set, target, setAt, time);
        // P-MARGIN-11: The ramp stays between where it began and where it ends.
        // bounds: rates of uint16, times of uint32
        // bug in libraries/MarginMath: "return WadMath.min(rateTarget, rateSet + WadMath" -> "return WadMath.max(rateTarget, rateSet + WadMath"
        assert(set <= target ? rate >= set && rate <= target : rate >= target && rate <= set);
        // P-MARGIN-12: The ramp never rises faster than a quarter of a point an hour, but for one unit of rounding.
        // bounds: rates of uint16, times of uint32
        // bug in libraries/MarginMath: "WadMath.mulDivUp(elapsed, RISE_PER_HOUR, 1 hours)" -> "WadMath.mulDivUp(elapsed, RISE_PER_HOUR, 1 minutes)"
        assert(rate <= set || (rate - set - 1) * 3600 <= uint256(time - setAt) * 250);
        // P-MARGIN-13: The ramp never falls faster than a twentieth of a point an hour.
        // bounds: rates of uint16, times of uint32
        // bug in libraries/MarginMath: "uint256 fall = WadMath.mulDivDown(elapsed, FALL_PER_HOUR, 1 hours);" -> "uint256 fall = WadMath.mulDivDown(elapsed, RISE_PER_HOUR, 1 hours);"
        assert(rate >= set || uint256(set - rate) * 3600 <= uint256(time - setAt) * 50);
    }

    function settle(uint16 set, uint16 target, uint32 setAt, uint32 time) external pure {
        require(setAt <= time);
        (uint256 rate, uint256 at) = MarginMath.settledRate(set, target, setAt, time);
        // P-MARGIN-14: Whoever writes targets every second makes no rise faster: whole units only, at the second they are complete.
        // bounds: rates of uint16, times of uint32
        // bug in libraries/MarginMath: "settledAt = setAt + WadMath.mulDivUp(steps, 1 hours, speed);" -> "settledAt = setAt;"
        assert(rate <= set || (rate - set) * 3600 <= (at - setAt) * 250);
        // P-MARGIN-15: The time of a settled ramp lies between its beginning and now.
        // bounds: rates of uint16, times of uint32
        // bug in libraries/MarginMath: "WadMath.mulDivDown(timestamp - setAt, speed, 1 hours)" -> "WadMath.mulDivUp(timestamp - setAt, speed, 1 hours)"
        assert(at >= setAt && at <= time);
    }
}
