// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverResult, LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

contract CoverTest is FundTest {
    uint256 private constant HUGE = 1 << 127;

    SegmentId private segment;
    HostileVenue private venue;
    HostileToken private token;

    function setUp() public override {
        super.setUp();
        (segment, venue, token) = newSegment(18, 1_000, budgets());
    }

    /* WHO PAYS WHAT */

    function test_LIQ04_TheReservePaysAWholeShortfall() public {
        LayerAmounts memory paid = LayerAmounts({reserve: 100 * UNIT, junior: 0, senior: 0, reinsurance: 0});
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Covered(segment, 100 * UNIT, paid, 0, 900 * UNIT);
        CoverResult memory result = cover(segment, 100 * UNIT, 0);
        assertEq(result.paid.reserve, 100 * UNIT, "paid");
        assertEq(result.paid.total(), 100 * UNIT, "no other layer");
        assertLedger(segment, 900 * UNIT, 100 * UNIT);
        assertFacts(100 * UNIT, 0);
    }

    function test_LIQ04_AFractionTakesAtMostItsPartOfEveryLimit() public {
        // 35% of 1,000 is what the reserve would pay for the whole account.
        CoverResult memory result = fund.cover(segment, asked(800 * UNIT, 0, 0, 0.25e18, 0));
        assertEq(result.paid.reserve, 87.5e18, "a quarter of 350");
        assertFacts(87.5e18, 112.5e18);
    }

    function test_FND02_ABurntClassBudgetPassesTheRestOn() public {
        CoverResult memory result = cover(segment, 500 * UNIT, 0);
        assertEq(result.paid.reserve, 350 * UNIT, "35% of 1,000");
        assertFacts(350 * UNIT, 150 * UNIT);
        assertEq(cover(segment, 1 * UNIT, 0).paid.reserve, 0, "burnt");
        assertFacts(350 * UNIT, 151 * UNIT);
    }

    function test_FND02_EachClassHasItsOwnBudget() public view {
        assertEq(fund.previewCover(segment, asked(HUGE, 0, 0, UNIT, 0)).paid.reserve, 350 * UNIT, "major");
        assertEq(fund.previewCover(segment, asked(0, HUGE, 0, UNIT, 0)).paid.reserve, 200 * UNIT, "mid");
        assertEq(fund.previewCover(segment, asked(0, 0, HUGE, UNIT, 0)).paid.reserve, 100 * UNIT, "tail");
        assertEq(
            fund.previewCover(segment, asked(20 * UNIT, HUGE, 7 * UNIT, UNIT, 0)).paid.reserve,
            227 * UNIT,
            "one bound, two not"
        );
    }

    function test_FND02_TheSegmentBudgetBindsAfterTheClasses() public {
        assertEq(fund.cover(segment, asked(HUGE, HUGE, HUGE, UNIT, 0)).paid.reserve, 600 * UNIT, "60%, not 65%");
        (uint256[3] memory byClass, uint256 whole, ) = fund.budgetLeft(segment);
        assertEq(whole, 0, "segment");
        assertEq(byClass[0], 0, "major is served first");
        assertEq(byClass[1], 0, "then mid");
        assertEq(byClass[2], 50 * UNIT, "tail got the last 50");
    }

    function test_FND02_TheReserveBindsWhenBudgetsDoNot() public {
        (SegmentId open, , ) = newSegment(18, 1_000, openBudgets());
        assertEq(fund.cover(open, asked(600 * UNIT, 600 * UNIT, 0, UNIT, 0)).paid.reserve, 1_000 * UNIT, "all of it");
        assertLedger(open, 0, 1_000 * UNIT);
    }

    /// @dev Half of two odd amounts is one wei more than two halves: that wei is charged to a class that asked for it.
    function test_FND02_RoundingChargesNoClassThatDidNotAsk() public {
        (uint256[3] memory before, , ) = fund.budgetLeft(segment);
        assertEq(fund.cover(segment, asked(UNIT + 1, UNIT + 1, 0, 0.5e18, 0)).paid.reserve, UNIT + 1, "paid");
        (uint256[3] memory left, , ) = fund.budgetLeft(segment);
        assertEq(before[0] - left[0], UNIT / 2, "major");
        assertEq(before[1] - left[1], UNIT / 2 + 1, "mid");
        assertEq(before[2] - left[2], 0, "tail");
    }

    /// @dev R3: what one class may draw does not depend on whether another class drew just before.
    function test_R3_ADrawLeavesTheOtherBudgetsAsTheyWere() public {
        (uint256[3] memory before, , uint256 rewardBefore) = fund.budgetLeft(segment);
        cover(segment, 300 * UNIT, 0);
        (uint256[3] memory byClass, uint256 whole, uint256 reward) = fund.budgetLeft(segment);
        assertEq(byClass[0], 50 * UNIT, "major");
        assertEq(byClass[1], before[1], "mid");
        assertEq(byClass[2], before[2], "tail");
        assertEq(reward, rewardBefore, "reward");
        assertEq(whole, 300 * UNIT, "segment");
    }

    /* REWARD */

    function test_LIQ04_ARewardIsPaidFromTheReserveOnTop() public {
        CoverResult memory result = cover(segment, 100 * UNIT, 5 * UNIT);
        assertEq(result.reward, 5 * UNIT, "reward");
        assertLedger(segment, 895 * UNIT, 105 * UNIT);
        assertFacts(105 * UNIT, 0);
    }

    function test_LIQ04_ARewardIsBoundByItsBucket() public {
        assertEq(cover(segment, 0, HUGE).reward, 20 * UNIT, "2% of 1,000");
        assertEq(cover(segment, 0, 1).reward, 0, "burnt");
        assertFacts(20 * UNIT, 0);
    }

    function test_LIQ04_AFractionGetsItsPartOfTheRewardBucket() public {
        assertEq(fund.cover(segment, asked(0, 0, 0, 0.3e18, HUGE)).reward, 6 * UNIT, "0.3 of 20");
    }

    /// @dev The WHOLE account's shortfall comes first, also when only a part of the account is taken.
    function test_LIQ04_ARewardLeavesWhatTheWholeShortfallNeeds() public {
        (SegmentId open, , ) = newSegment(18, 1_000, openBudgets());
        CoverResult memory result = fund.cover(open, asked(990 * UNIT, 0, 0, 0.5e18, HUGE));
        assertEq(result.paid.reserve, 495 * UNIT, "half of 990");
        assertEq(result.reward, 5 * UNIT, "half of the 10 that 990 leaves");
        result = fund.cover(open, asked(495 * UNIT, 0, 0, UNIT, HUGE));
        assertEq(result.paid.reserve, 495 * UNIT, "the other half is there");
        assertEq(result.reward, 5 * UNIT, "and the other half of the reward");
        assertLedger(open, 0, 1_000 * UNIT);
    }

    function test_LIQ04_NoRewardWhenTheReserveIsSpentOnTheShortfall() public {
        (SegmentId open, , ) = newSegment(18, 1_000, openBudgets());
        CoverResult memory result = fund.cover(open, asked(1_000 * UNIT, 0, 0, UNIT, 1));
        assertEq(result.paid.reserve, 1_000 * UNIT, "paid");
        assertEq(result.reward, 0, "reward");
    }

    /* NEVER REVERTS FOR LACK OF MONEY */

    function test_INV04_AnEmptyFundPaysNothingAndSaysSo() public {
        (SegmentId empty, , ) = newSegment(18, 0, budgets());
        CoverResult memory result = fund.cover(empty, asked(1, 2, 3, UNIT, 4));
        assertEq(result.paid.total() + result.reward, 0, "nothing");
        assertEq(fund.segmentOf(empty).unpaid, 6, "unpaid");
        assertEq(fund.segmentOf(empty).drawn, 0, "drawn");
        assertLedger(empty, 0, 0);
    }

    function test_INV04_AFundOneWeiShortLeavesOneWei() public {
        (SegmentId open, , ) = newSegment(18, 1_000, openBudgets());
        CoverResult memory result = fund.cover(open, asked(400 * UNIT, 400 * UNIT, 200 * UNIT + 1, UNIT, 1));
        assertEq(result.paid.reserve, 1_000 * UNIT, "paid");
        assertEq(result.reward, 0, "reward");
        assertEq(fund.segmentOf(open).unpaid, 1, "one wei");
    }

    function test_INV04_AFundWithOneWeiPaysIt() public {
        (SegmentId open, , ) = newSegment(18, 1_000, openBudgets());
        fund.cover(open, asked(1_000 * UNIT - 1, 0, 0, UNIT, 0));
        CoverResult memory result = fund.cover(open, asked(2, 0, 0, UNIT, 0));
        assertEq(result.paid.reserve, 1, "the last one");
        assertEq(fund.segmentOf(open).unpaid, 1, "and one is left");
    }

    function test_INV04_HugeRequestsAreAnsweredAndTheCountersSaturate() public {
        for (uint256 i = 0; i < 3; ++i) fund.cover(segment, asked(HUGE, HUGE, HUGE, UNIT, HUGE));
        assertEq(fund.segmentOf(segment).unpaid, type(uint128).max, "saturated");
        assertFacts(620 * UNIT, type(uint128).max);
        assertLedger(segment, 380 * UNIT, 620 * UNIT);
    }

    function test_CLM03_DrawnCountsEverythingEverBooked() public {
        (SegmentId open, HostileVenue full, HostileToken coin) = newSegment(18, 0, openBudgets());
        uint256 most = type(uint96).max;
        for (uint256 i = 1; i <= 2; ++i) {
            give(open, coin, most);
            fund.cover(open, asked(HUGE, HUGE, HUGE, UNIT, HUGE));
            full.setAccount(-int256(most), 0);
            fund.settle(open);
            vm.warp(START + i * 1 days);
        }
        assertEq(fund.segmentOf(open).drawn, 2 * most, "drawn");
    }

    /// @dev Used amounts fit in 96 bits whatever is given and drawn within one day.
    function test_INV04_UsedAmountsNeverOverflowTheirSlot() public {
        (SegmentId open, HostileVenue full, HostileToken coin) = newSegment(18, 0, openBudgets());
        uint256 most = type(uint96).max;
        give(open, coin, most);
        assertEq(cover(open, HUGE, 0).paid.reserve, most, "all of it");
        full.setAccount(-int256(most), 0);
        fund.settle(open);
        give(open, coin, most);
        assertEq(cover(open, HUGE, HUGE).paid.reserve, 0, "major's bucket is at its end");
        assertLedger(open, 0, most);
        assertEq(fund.segmentOf(open).drawn, 2 * most, "the reward took the rest");
    }

    /* DOORS */

    function test_FND01_OnlyTheEngineCovers() public {
        vm.expectRevert(
            abi.encodeWithSelector(IInsuranceFund.InsuranceFund_NotEngine.selector, address(0xBAD), address(this))
        );
        vm.prank(address(0xBAD));
        fund.cover(segment, asked(1, 0, 0, UNIT, 0));
        vm.expectRevert(
            abi.encodeWithSelector(IInsuranceFund.InsuranceFund_NotEngine.selector, address(venue), address(this))
        );
        vm.prank(address(venue));
        fund.cover(segment, asked(1, 0, 0, UNIT, 0));
    }

    function test_LIQ04_MoreThanTheWholeAccountIsRefused() public {
        vm.expectRevert(invalidAmount(UNIT + 1, UNIT));
        fund.cover(segment, asked(1, 0, 0, UNIT + 1, 0));
        vm.expectRevert(invalidAmount(UNIT + 1, UNIT));
        fund.previewCover(segment, asked(1, 0, 0, UNIT + 1, 0));
    }

    /// @dev Neither a dead token nor a dead venue is noticed: none is called.
    function test_R1b_TheLossPathCallsNoTokenAndNoVenue() public {
        token.setMode(HostileToken.Mode.BlindBalance);
        token.setBlocked(address(fund), true);
        venue.setBroken(true);
        assertEq(cover(segment, 100 * UNIT, 5 * UNIT).paid.reserve, 100 * UNIT, "paid");
        token.setMode(HostileToken.Mode.BurnsGas);
        uint256 gasBefore = gasleft();
        assertEq(cover(segment, 100 * UNIT, 5 * UNIT).paid.reserve, 100 * UNIT, "paid");
        assertTrue(gasBefore - gasleft() < 150_000, "no callee burnt gas");
    }

    function assertFacts(uint256 drawn, uint256 unpaid) private view {
        assertEq(fund.segmentOf(segment).drawn, drawn, "drawn");
        assertEq(fund.segmentOf(segment).unpaid, unpaid, "unpaid");
    }
}
