// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeakyBucket} from "../../contracts/libraries/LeakyBucket.sol";
import {TreatyMath} from "../../contracts/libraries/TreatyMath.sol";

/// @title Layers with attachment pay what is theirs (CVR-09, INV-21)
/// prove-engine: bmc
contract TreatyProof {
    function offer(uint128 attachesAt, uint128 borne, uint128 needed, uint128 limit) external pure {
        uint256 paid = TreatyMath.offered(attachesAt, borne, needed, limit);
        // P-TREATY-01: A layer pays no more than its limit.
        // bounds: all uint128
        // bug in libraries/TreatyMath: "return WadMath.min(needed - gap, limit);" -> "return needed - gap;"
        assert(paid <= limit);
        // P-TREATY-02: A layer pays no more than is asked for.
        // bounds: all uint128
        // bug in libraries/TreatyMath: "if (attachesAt <= borne) return WadMath.min(needed, limit);" -> "if (attachesAt <= borne) return limit;"
        assert(paid <= needed);
        // P-TREATY-03: A layer pays nothing of what lies below its attachment.
        // bounds: all uint128
        // bug in libraries/TreatyMath: "return WadMath.min(needed - gap, limit);" -> "return WadMath.min(needed, limit);"
        assert(paid == 0 || uint256(borne) + needed >= uint256(attachesAt) + paid);
    }

    function parts(uint96 attachesAt, uint96 borne, uint96 first, uint96 second, uint96 limit) external pure {
        uint256 whole = TreatyMath.offered(attachesAt, borne, uint256(first) + second, limit);
        uint256 one = TreatyMath.offered(attachesAt, borne, first, limit);
        // What the layer has paid raises its attachment, and the segment has borne the first part.
        uint256 two = TreatyMath.offered(
            uint256(attachesAt) + one,
            uint256(borne) + first,
            second,
            uint256(limit) - one
        );
        // P-TREATY-04: A loss that comes in two parts is paid as one that comes at once.
        // bounds: all uint96
        // bug in libraries/TreatyMath: "uint256 gap = attachesAt - borne;" -> "uint256 gap = (attachesAt - borne) / 2;"
        assert(one + two == whole);
    }

    function sure(uint128 attachesAt, uint128 borne, uint128 limit) external pure {
        uint256 certain = TreatyMath.offered(attachesAt, borne, type(uint256).max, limit);
        // P-TREATY-05: What surely counts is nothing while a gap lies before the layer, and its limit else.
        // bounds: all uint128
        // bug in libraries/TreatyMath: "needed == type(uint256).max || " -> ""
        assert(certain == (attachesAt > borne ? 0 : limit));
    }

    function premium(uint96 limit, uint16 bps, uint32 term) external pure {
        // P-TREATY-06: The premium of a layer is never less than the exact one.
        // bounds: limits of uint96, rates of uint16, terms of uint32
        // bug in libraries/TreatyMath: "return WadMath.mulDivUp(" -> "return WadMath.mulDivDown("
        assert(TreatyMath.premiumUp(limit, bps, term) * 1e4 * 365 days >= uint256(limit) * bps * term);
    }
}

/// @title Budgets that refill with time (FND-02)
contract BucketProof {
    function leak(uint128 used, uint32 elapsed, uint32 later) external pure {
        require(elapsed <= later);
        uint256 left = LeakyBucket.remainingUp(used, elapsed, 1 days);
        // P-BUCKET-01: A bucket never holds more than was put into it.
        // bounds: amounts of uint128, times of uint32, a period of a day
        // bug in libraries/LeakyBucket: "WadMath.mulDivUp(used, period - elapsed, period)" -> "WadMath.mulDivUp(used, period + elapsed, period)"
        assert(left <= used);
        // P-BUCKET-02: What is in a bucket never grows with time.
        // bounds: amounts of uint128, times of uint32, a period of a day
        // bug in libraries/LeakyBucket: "used == 0 || elapsed >= period ? 0 :" -> "used == 0 || elapsed >= period ? used :"
        assert(LeakyBucket.remainingUp(used, later, 1 days) <= left);
        // P-BUCKET-03: Nothing leaks faster than in a straight line.
        // bounds: amounts of uint128, times of uint32, a period of a day
        // bug in libraries/LeakyBucket: "WadMath.mulDivUp(used, period - elapsed, period)" -> "WadMath.mulDivDown(used, period - elapsed, period)"
        assert(elapsed >= 1 days || left * 1 days >= uint256(used) * (1 days - elapsed));
    }

    function budget(uint16 share, uint96 reserve, uint96 used, uint96 step) external pure {
        require(share <= 1e4);
        uint256 left = LeakyBucket.leftDown(share, reserve, used);
        // P-BUCKET-04: What was used and what is left together stay within the share of the reserve at the beginning.
        // bounds: amounts of uint96, shares to 100%
        // bug in libraries/LeakyBucket: "return budget > used ? budget - used : 0;" -> "return budget;"
        assert(left == 0 || (uint256(used) + left) * 1e4 <= (uint256(reserve) + used) * share);
        // P-BUCKET-05: A budget is never more than the reserve.
        // bounds: amounts of uint96, shares to 100%
        // bug in libraries/LeakyBucket: "return budget > used ? budget - used : 0;" -> "return reserve + used - budget;"
        assert(left <= reserve);
        require(step <= left);
        // P-BUCKET-06: A budget that is used in steps gives as much as one used at once, to the wei.
        // bounds: amounts of uint96, shares to 100%
        // bug in libraries/LeakyBucket: "WadMath.mulDivDown(reserve + used, share, BPS_ONE)" -> "WadMath.mulDivDown(reserve, share, BPS_ONE)"
        assert(LeakyBucket.leftDown(share, uint256(reserve) - step, uint256(used) + step) == left - step);
    }
}
