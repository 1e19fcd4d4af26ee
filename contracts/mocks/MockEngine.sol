// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BudgetShares, CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {CoverRequest, CoverResult} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {MockVenue} from "./MockVenue.sol";

/// @title The engine of a MockVenue
/// @notice Tests only: anyone tells it what to do.
contract MockEngine {
    IInsuranceFund public immutable fund;
    SegmentId public segment;
    MockVenue public venue;

    constructor(IInsuranceFund fund_) {
        fund = fund_;
    }

    function register(MockVenue venue_, BudgetShares calldata budgets) external returns (SegmentId) {
        venue = venue_;
        segment = fund.registerSegment(address(venue_), budgets, CapitalLayers(address(0), address(0)));
        return segment;
    }

    function decide(address loser, address winner, uint256 stake, uint256 penalty) external {
        venue.decide(loser, winner, stake, penalty);
    }

    /// @notice Asks the fund for what a loser cannot pay, and gives the winner what was booked.
    function liquidate(address winner, CoverRequest calldata request) external returns (CoverResult memory result) {
        result = fund.cover(segment, request);
        venue.makeGood(winner, result.paid.total() + result.reward);
    }
}
