// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FundShortfallTrigger} from "../../../contracts/claims/triggers/FundShortfallTrigger.sol";
import {IInsuranceFund, SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev What segments have left unpaid, as a test wants it; segments 1 and 2 exist.
contract ShortFund {
    mapping(SegmentId segment => uint128) private _unpaid;

    function setUnpaid(SegmentId segment, uint128 unpaid) external {
        _unpaid[segment] = unpaid;
    }

    function segmentOf(SegmentId segment) external view returns (SegmentView memory entry) {
        if (SegmentId.unwrap(segment) == 0 || SegmentId.unwrap(segment) > 2) {
            revert IInsuranceFund.InsuranceFund_UnknownSegment(segment);
        }
        // A number that would be wrong as a shortfall.
        entry.drawn = type(uint128).max;
        entry.unpaid = _unpaid[segment];
    }
}

contract FundShortfallTriggerTest {
    uint256 private constant START = 1_800_000_000;
    address private constant VAULT = address(0xBA017);
    SeriesId private constant SERIES = SeriesId.wrap(1);
    SegmentId private constant SEGMENT = SegmentId.wrap(1);
    SegmentId private constant OTHER = SegmentId.wrap(2);
    uint128 private constant SCALE = 1_000e18;

    ShortFund private fund;
    FundShortfallTrigger private trigger;
    bytes32 private terms;

    function setUp() public {
        vm.warp(START);
        fund = new ShortFund();
        trigger = new FundShortfallTrigger(IInsuranceFund(address(fund)));
        terms = trigger.defineTerms(_definition(SEGMENT, SCALE));
    }

    function test_CLM03_AShortfallIsPaidInProportionOnceItWasSeen() public {
        fund.setUnpaid(SEGMENT, 70e18);
        trigger.observe(SEGMENT);
        uint256 mark = trigger.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertEqual(mark, 70e18, "mark");
        _answers(mark, 0, 0, 70e18);

        fund.setUnpaid(SEGMENT, 320e18);
        vm.warp(START + 1 days);
        _isUndecided(mark);
        vm.warp(START + 1 days + 9);
        vm.expectEmit(address(trigger));
        emit FundShortfallTrigger.ShortfallObserved(SEGMENT, 320e18);
        (uint256 unpaid, uint256 at) = trigger.observe(SEGMENT);
        Fuzz.assertTrue(unpaid == 320e18 && at == START + 1 days + 9, "returned");
        _answers(mark, 0.25e18, START + 1 days + 9, 320e18);
    }

    /// @dev CVR-07: to look again later moves no time.
    function test_CVR07_TheFirstObservationGivesTheTime() public {
        fund.setUnpaid(SEGMENT, 10e18);
        vm.warp(START + 5);
        trigger.observe(SEGMENT);
        vm.warp(START + 50);
        (, uint256 at) = trigger.observe(SEGMENT);
        Fuzz.assertEqual(at, START + 5, "first seen");
        _answers(0, 0.01e18, START + 5, 10e18);
    }

    /// @dev What was seen is paid although more has happened that nobody has seen yet.
    function test_CLM03_WhatWasSeenIsNotHeldUpByWhatWasNot() public {
        fund.setUnpaid(SEGMENT, 10e18);
        vm.warp(START + 5);
        trigger.observe(SEGMENT);
        fund.setUnpaid(SEGMENT, 90e18);
        _answers(0, 0.01e18, START + 5, 90e18);
        vm.warp(START + 6);
        trigger.observe(SEGMENT);
        _answers(0, 0.09e18, START + 6, 90e18);
    }

    /// @dev A shortfall before the series that nobody had observed is in its mark, whenever it is observed.
    function test_CVR07_WhatWasBeforeTheSeriesIsInItsMark() public {
        fund.setUnpaid(SEGMENT, 500e18);
        uint256 mark = trigger.checkpoint(terms, VAULT, SERIES);
        vm.warp(START + 5);
        trigger.observe(SEGMENT);
        _answers(mark, 0, 0, 500e18);
        fund.setUnpaid(SEGMENT, 500e18 + 1);
        _isUndecided(mark);
    }

    function test_INV07_OtherSegmentsAreNoEvent() public {
        fund.setUnpaid(OTHER, 500e18);
        trigger.observe(OTHER);
        _answers(0, 0, 0, 0);
    }

    function test_CLM03_TermsOfASegmentSayOneThing() public {
        FundShortfallTrigger.Definition memory same = _definition(SEGMENT, SCALE);
        Fuzz.assertTrue(terms == keccak256(abi.encode(same)) && trigger.defineTerms(same) == terms, "a hash");
        Fuzz.assertTrue(keccak256(abi.encode(trigger.definitionOf(terms))) == terms, "stored");
        same.scale = 0;
        vm.expectRevert(
            abi.encodeWithSelector(FundShortfallTrigger.FundShortfallTrigger_InvalidDefinition.selector, same)
        );
        trigger.defineTerms(same);
        SegmentId none = SegmentId.wrap(3);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_UnknownSegment.selector, none));
        trigger.defineTerms(_definition(none, SCALE));
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        trigger.evaluate(unknown, 0);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        trigger.checkpoint(unknown, VAULT, SERIES);
    }

    function test_CLM03_AFundWithoutCodeIsRefused() public {
        vm.expectRevert(
            abi.encodeWithSelector(FundShortfallTrigger.FundShortfallTrigger_InvalidFund.selector, address(0xdead))
        );
        new FundShortfallTrigger(IInsuranceFund(address(0xdead)));
        Fuzz.assertTrue(trigger.fund() == address(fund), "fund");
    }

    function _answers(uint256 mark, uint256 payout, uint256 at, uint256 fact) private view {
        (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(eventAt, at, "event at");
        Fuzz.assertEqual(evidence, fact, "evidence");
    }

    function _isUndecided(uint256 mark) private {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function _definition(
        SegmentId segment,
        uint128 scale
    ) private pure returns (FundShortfallTrigger.Definition memory) {
        return FundShortfallTrigger.Definition({segment: segment, scale: scale});
    }
}
