// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath} from "../../contracts/libraries/AuctionMath.sol";

/// @title Income rises with time, penalty and income never take more than is there (LIQ-02, INV-15)
/// prove-engine: bmc
contract AuctionProof {
    function rate(uint64 elapsed, uint64 later) external pure {
        require(elapsed <= later);
        uint256 now_ = AuctionMath.incomeRate(elapsed);
        // P-AUC-01: What a bidder is offered never falls with time.
        // bounds: times of uint64
        // bug in libraries/AuctionMath: "return KNEE_RATE + WadMath.mulDivDown" -> "return START_RATE + WadMath.mulDivDown"
        assert(now_ <= AuctionMath.incomeRate(later));
        // P-AUC-02: The rate begins at 2% and never passes 50%.
        // bounds: times of uint64
        // bug in libraries/AuctionMath: "if (elapsed >= END_SECONDS) return MAX_RATE;" -> ""
        assert(now_ >= 0.02e18 && now_ <= 0.5e18);
    }

    function income(uint96 maintenance, int96 balance, uint64 rate_, uint64 higher) external pure {
        require(rate_ <= higher);
        uint256 earned = AuctionMath.incomeDown(maintenance, balance, rate_);
        // P-AUC-03: Income never passes half of the maintenance margin, whatever the gap.
        // bounds: amounts of 96 bits, rates of uint64
        // bug in libraries/AuctionMath: "return WadMath.min(income, WadMath.mulWadDown(maintenance, MAX_RATE));" -> "return income;"
        assert(earned * 2 <= maintenance);
        // P-AUC-04: Income never falls when the rate rises.
        // bounds: amounts of 96 bits, rates of uint64
        // bug in libraries/AuctionMath: "WadMath.max(WadMath.mulWadDown(maintenance, rate)," -> "WadMath.max(WadMath.mulWadDown(maintenance, WAD - rate % WAD),"
        assert(earned <= AuctionMath.incomeDown(maintenance, balance, higher));
    }

    function penalty(uint64 rate_, uint96 maintenance, int96 value, uint96 earned) external pure {
        uint256 charged = AuctionMath.penaltyOf(rate_, maintenance, value, earned);
        // P-AUC-05: Penalty and income together never take more than the account is worth.
        // bounds: amounts of 96 bits, rates of uint64
        // bug in libraries/AuctionMath: "WadMath.positivePart(value - income.toInt256())" -> "WadMath.positivePart(value)"
        assert(charged == 0 || int256(charged + earned) <= value);
        // P-AUC-06: An account that is worth nothing pays no penalty.
        // bounds: amounts of 96 bits, rates of uint64
        // bug in libraries/AuctionMath: "return WadMath.min(WadMath.mulWadUp(maintenance, rate), WadMath.positivePart(value - income.toInt256()));" -> "return WadMath.mulWadUp(maintenance, rate);"
        assert(value > 0 || charged == 0);
    }
}
