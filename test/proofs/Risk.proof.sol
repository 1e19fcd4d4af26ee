// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskMath} from "../../contracts/libraries/RiskMath.sol";

/// @title Risk control stays within its bounds and moves no faster than it may (RSK-01, FND-02 to FND-04, LIQ-07)
/// prove-engine: bmc
contract RiskProof {
    function ratio(uint128 resources, uint128 target) external pure {
        uint256 found = RiskMath.ratioDown(resources, target);
        // P-RISK-01: The ratio is rounded down: a fund never seems to have more than it has.
        // bounds: all uint128
        // bug in libraries/RiskMath: "WadMath.min(WadMath.mulDivDown(resources, RATIO_ONE, target), MAX_RATIO)" -> "WadMath.min(WadMath.mulDivUp(resources, RATIO_ONE, target), MAX_RATIO)"
        assert(target == 0 || found * target <= uint256(resources) * 1e9);
        // P-RISK-02: The ratio is 1 where nothing is at risk, and at most 4.
        // bounds: all uint128
        // bug in libraries/RiskMath: "if (target == 0) return RATIO_ONE;" -> "if (target == 0) return 5 * RATIO_ONE;"
        assert(found <= 4e9 && (target > 0 || found == 1e9));
    }

    function factor(uint256 found, uint256 more) external pure {
        require(found <= more);
        uint256 times = RiskMath.factorOf(found);
        // P-RISK-03: Margins, penalties and premiums are multiplied with at least 1 and at most 2.
        // bounds: all uint256
        // bug in libraries/RiskMath: "return 2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);" -> "return 3 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);"
        assert(times >= 1e9 && times <= 2e9);
        // P-RISK-04: The factor never rises when the fund has more.
        // bounds: all uint256
        // bug in libraries/RiskMath: "return 2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);" -> "return RATIO_ONE + WadMath.min(ratio, RATIO_ONE);"
        assert(RiskMath.factorOf(more) <= times);
    }

    function cap(uint96 resources, uint16 share, uint64 shortfall, uint96 price, uint96 listed) external pure {
        require(share <= 1e4 && shortfall > 0 && price > 0);
        uint256 most = RiskMath.capDown(resources, share, shortfall, price, listed);
        // P-RISK-05: A cap never passes the one that the market was listed with.
        // bounds: amounts and prices of uint96
        // bug in libraries/RiskMath: "WAD * WAD, shortfall * price), listed)" -> "WAD * WAD, shortfall * price), 2 * listed)"
        assert(most <= listed);
    }

    function multiple(uint96 interest, uint96 more, uint96 most) external pure {
        require(interest <= more);
        uint256 times = RiskMath.multipleUp(interest, most);
        // P-RISK-06: The gap premium is multiplied with at least 1 and at most 4.
        // bounds: all uint96
        // bug in libraries/RiskMath: "if (openInterest >= cap) return STEEPEST;" -> ""
        assert(times >= 1e18 && times <= 4e18);
    }

    function rise(uint128 current, uint128 target, uint128 range, uint32 elapsed) external pure {
        uint256 risen = RiskMath.risenDown(current, target, range, elapsed);
        // P-RISK-07: A step away from safety is at most an hour's part of a day, however long nobody came.
        // bounds: values of uint128, times of uint32
        // bug in libraries/RiskMath: "mulDivDown(range, WadMath.min(elapsed, MAX_CREDIT), RISE_TIME)" -> "mulDivDown(range, elapsed, RISE_TIME)"
        assert(risen <= current || (risen - current) * 24 <= range);
        // P-RISK-08: What rises never passes its target, and falls to it at once.
        // bounds: values of uint128, times of uint32
        // bug in libraries/RiskMath: "return WadMath.min(target, current + step);" -> "return current + step;"
        assert(risen <= target);
    }

    function fall(uint128 current, uint128 target, uint32 elapsed) external pure {
        uint256 fallen = RiskMath.fallenUp(current, target, elapsed);
        // P-RISK-09: A gap premium never falls below its target, and rises to it at once.
        // bounds: values of uint128, times of uint32
        // bug in libraries/RiskMath: "return WadMath.max(target, current - step);" -> "return current - step;"
        assert(fallen >= target);
        // P-RISK-10: A gap premium loses at most a sixth of itself in one step, however long nobody came.
        // bounds: values of uint128, times of uint32
        // bug in libraries/RiskMath: "mulDivDown(current, WadMath.min(elapsed, MAX_CREDIT), FALL_TIME)" -> "mulDivDown(current, WadMath.min(elapsed, FALL_TIME), FALL_TIME)"
        assert(fallen * 6 >= uint256(current) * 5);
    }

    function maintenance(uint64 variance, uint16 deviations, uint16 floor, uint16 most) external pure {
        require(floor <= most);
        uint256 target = RiskMath.maintenanceTargetUp(variance, deviations, floor, most);
        // P-RISK-11: The target of the maintenance rate stays within governance's bounds, whatever the volatility.
        // bounds: variances of uint64, rates of uint16; Solady's square root as documented
        // bug in libraries/RiskMath: "return WadMath.max(WadMath.min(rate, cap), floor);" -> "return WadMath.max(rate, floor);"
        assert(target >= floor && target <= most);
    }
}
