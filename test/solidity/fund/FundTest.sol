// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {
    BudgetShares,
    CapitalLayers,
    IInsuranceFund,
    SegmentView
} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {IReserveInvestments} from "../../../contracts/interfaces/IReserveInvestments.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverRequest, CoverResult} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";

/// @dev One fund, and a segment on a HostileVenue (which this test drives as its engine) with the default budgets.
abstract contract FundTest {
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant START = 1_800_000_000;

    InsuranceFund internal fund;

    error Assertion_Differs(string what, uint256 actual, uint256 expected);
    error Assertion_Failed(string what);

    function setUp() public virtual {
        vm.warp(START);
        fund = new InsuranceFund();
    }

    function budgets() internal pure returns (BudgetShares memory) {
        return BudgetShares({major: 35_00, mid: 20_00, tail: 10_00, segment: 60_00, reward: 2_00});
    }

    function noLayers() internal pure returns (CapitalLayers memory layers) {}

    function openBudgets() internal pure returns (BudgetShares memory) {
        return BudgetShares({major: 100_00, mid: 100_00, tail: 100_00, segment: 100_00, reward: 100_00});
    }

    function newVenue(
        address token,
        BudgetShares memory shares
    ) internal returns (SegmentId segment, HostileVenue venue) {
        venue = new HostileVenue(token, address(this), address(fund));
        segment = fund.registerSegment(address(venue), shares, noLayers());
    }

    /// @dev A segment on a token of `decimals`, with `reserve` whole units in it.
    function newSegment(
        uint8 decimals,
        uint256 reserve,
        BudgetShares memory shares
    ) internal returns (SegmentId segment, HostileVenue venue, HostileToken token) {
        token = new HostileToken(decimals);
        (segment, venue) = newVenue(address(token), shares);
        if (reserve > 0) give(segment, token, reserve * 10 ** decimals);
    }

    function give(SegmentId segment, HostileToken token, uint256 amount) internal {
        token.mint(address(this), amount);
        token.approve(address(fund), amount);
        fund.donate(segment, amount);
    }

    function asked(
        uint256 major,
        uint256 mid,
        uint256 tail,
        uint256 fraction,
        uint256 reward
    ) internal pure returns (CoverRequest memory request) {
        request.shortfallByClass = [major, mid, tail];
        request.fraction = fraction;
        request.reward = reward;
    }

    function cover(SegmentId segment, uint256 major, uint256 reward) internal returns (CoverResult memory) {
        return fund.cover(segment, asked(major, 0, 0, UNIT, reward));
    }

    /// @dev The fund's second piece of code.
    function investments() internal view returns (IReserveInvestments) {
        return IReserveInvestments(address(fund));
    }

    function reserveOf(SegmentId segment) internal view returns (uint256) {
        return fund.segmentOf(segment).reserve;
    }

    function owedOf(SegmentId segment) internal view returns (uint256) {
        return fund.segmentOf(segment).owed;
    }

    function assertLedger(SegmentId segment, uint256 reserve, uint256 owed) internal view {
        SegmentView memory view_ = fund.segmentOf(segment);
        assertEq(view_.reserve, reserve, "reserve");
        assertEq(view_.owed, owed, "owed");
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert Assertion_Differs(what, actual, expected);
    }

    function assertTrue(bool holds, string memory what) internal pure {
        if (!holds) revert Assertion_Failed(what);
    }

    function assertNear(uint256 actual, uint256 expected, uint256 tolerance, string memory what) internal pure {
        uint256 distance = actual > expected ? actual - expected : expected - actual;
        if (distance > tolerance) revert Assertion_Differs(what, actual, expected);
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + (value % (high - low + 1));
    }

    function smaller(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function unexpected(uint256 expected, uint256 received) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IInsuranceFund.InsuranceFund_UnexpectedTransfer.selector, expected, received);
    }

    function invalidAmount(uint256 amount, uint256 max) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidAmount.selector, amount, max);
    }
}
