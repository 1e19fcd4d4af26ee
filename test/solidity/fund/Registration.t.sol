// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BudgetShares, IInsuranceFund, SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

contract RegistrationTest is FundTest {
    function test_FND01_SegmentsAreNumberedFromOneAndKeepWhatTheyWereGiven() public {
        HostileToken token = new HostileToken(6);
        HostileVenue venue = new HostileVenue(address(token), address(this), address(fund));
        vm.expectEmit(address(fund));
        emit IInsuranceFund.SegmentRegistered(
            SegmentId.wrap(1),
            address(venue),
            address(this),
            address(token),
            budgets(),
            noLayers()
        );
        SegmentId first = fund.registerSegment(address(venue), budgets(), noLayers());
        (SegmentId second, ) = newVenue(address(token), openBudgets());

        assertEq(SegmentId.unwrap(first), 1, "first");
        assertEq(SegmentId.unwrap(second), 2, "second");
        SegmentView memory view_ = fund.segmentOf(first);
        assertTrue(view_.venue == address(venue), "venue");
        assertTrue(view_.engine == address(this), "engine");
        assertTrue(view_.token == address(token), "token");
        assertLedger(first, 0, 0);
        assertEq(view_.drawn + view_.unpaid, 0, "facts");
    }

    function test_FND01_VenueAndEngineStayWhenTheVenueNamesOthers() public {
        (SegmentId segment, HostileVenue venue, HostileToken token) = newSegment(18, 100, openBudgets());
        venue.setNames(address(new HostileToken(18)), address(0xE), address(0xF));
        SegmentView memory view_ = fund.segmentOf(segment);
        assertTrue(view_.token == address(token) && view_.engine == address(this), "immutable");
        assertEq(cover(segment, 1 * UNIT, 0).paid.reserve, 1 * UNIT, "the old engine still draws");
    }

    function test_FND01_ShareBudgetsReachTheEnds() public {
        HostileToken token = new HostileToken(0);
        (SegmentId lowest, ) = newVenue(address(token), BudgetShares(1, 1, 1, 1, 1));
        (SegmentId highest, ) = newVenue(address(token), openBudgets());
        give(lowest, token, 10_000);
        give(highest, token, 10_000);
        (uint256[3] memory byClass, uint256 whole, uint256 reward) = fund.budgetLeft(lowest);
        assertEq(byClass[0] + byClass[1] + byClass[2] + whole + reward, 5 * UNIT, "one in ten thousand each");
        (byClass, whole, reward) = fund.budgetLeft(highest);
        assertEq(byClass[0] + byClass[1] + byClass[2] + whole + reward, 50_000 * UNIT, "all of it each");
    }

    function test_FND01_EachBudgetIsCheckedAtBothEnds() public {
        HostileVenue venue = new HostileVenue(address(new HostileToken(18)), address(this), address(fund));
        for (uint256 field = 0; field < 5; ++field) {
            _expectInvalid(address(venue), address(this), _with(field, 0));
            _expectInvalid(address(venue), address(this), _with(field, 100_01));
        }
        fund.registerSegment(address(venue), budgets(), noLayers());
    }

    function test_FND01_OnlyTheEngineThatTheVenueNamesRegistersIt() public {
        HostileVenue venue = new HostileVenue(address(new HostileToken(18)), address(0xE), address(fund));
        _expectInvalid(address(venue), address(this), budgets());
        vm.prank(address(0xE));
        SegmentId segment = fund.registerSegment(address(venue), budgets(), noLayers());
        assertTrue(fund.segmentOf(segment).engine == address(0xE), "engine");
    }

    function test_FND01_AVenueOfAnotherFundIsRefused() public {
        HostileVenue venue = new HostileVenue(address(new HostileToken(18)), address(this), address(0xF));
        _expectInvalid(address(venue), address(this), budgets());
    }

    function test_FND01_AVenueIsNotItsOwnEngine() public {
        HostileVenue venue = new HostileVenue(address(new HostileToken(18)), address(0), address(fund));
        venue.setNames(venue.settlementToken(), address(venue), address(fund));
        vm.expectRevert(
            abi.encodeWithSelector(
                IInsuranceFund.InsuranceFund_InvalidSegment.selector,
                address(venue),
                address(venue),
                budgets()
            )
        );
        venue.registerItself(fund, budgets());
    }

    function test_FND01_AVenueWithoutCodeIsRefused() public {
        _expectInvalid(address(0xBEEF), address(this), budgets());
    }

    /// @dev Two segments would share one signed account: the second could take the first one's income.
    function test_INV07_AVenueHasOneSegment() public {
        (SegmentId segment, HostileVenue venue, ) = newSegment(18, 0, budgets());
        venue.setNames(venue.settlementToken(), address(0xE), address(fund));
        vm.expectRevert(
            abi.encodeWithSelector(IInsuranceFund.InsuranceFund_AlreadyRegistered.selector, address(venue), segment)
        );
        vm.prank(address(0xE));
        fund.registerSegment(address(venue), budgets(), noLayers());
    }

    function test_FND01_TokensAboveEighteenDecimalsAreRefused() public {
        _expectInvalidToken(address(new HostileToken(19)), 19);
        _expectInvalidToken(address(new HostileToken(255)), 255);
        newVenue(address(new HostileToken(18)), budgets());
    }

    function test_FND01_TokensWithoutCodeOrDecimalsAreRefused() public {
        _expectInvalidToken(address(0xBEEF), 0);
        _expectInvalidToken(address(fund), 0);
    }

    /// @dev A token that changes its decimals later changes nothing: they were read once.
    function test_FND01_DecimalsAreReadOnce() public {
        (SegmentId segment, , HostileToken token) = newSegment(6, 1, budgets());
        token.setDecimals(18);
        give(segment, token, 1e6);
        assertLedger(segment, 2 * UNIT, 0);
    }

    function test_FND01_UnknownSegmentsAreRefusedEverywhere() public {
        newSegment(18, 0, budgets());
        for (uint32 number = 0; number <= 2; number += 2) {
            SegmentId segment = SegmentId.wrap(number);
            bytes memory unknown = abi.encodeWithSelector(
                IInsuranceFund.InsuranceFund_UnknownSegment.selector,
                segment
            );
            vm.expectRevert(unknown);
            fund.donate(segment, 1);
            vm.expectRevert(unknown);
            fund.cover(segment, asked(1, 0, 0, UNIT, 0));
            vm.expectRevert(unknown);
            fund.previewCover(segment, asked(1, 0, 0, UNIT, 0));
            vm.expectRevert(unknown);
            fund.settle(segment);
            vm.expectRevert(unknown);
            fund.resources(segment);
            vm.expectRevert(unknown);
            fund.budgetLeft(segment);
            vm.expectRevert(unknown);
            fund.segmentOf(segment);
        }
    }

    function _with(uint256 field, uint16 share) private pure returns (BudgetShares memory shares) {
        shares = budgets();
        if (field == 0) shares.major = share;
        if (field == 1) shares.mid = share;
        if (field == 2) shares.tail = share;
        if (field == 3) shares.segment = share;
        if (field == 4) shares.reward = share;
    }

    function _expectInvalid(address venue, address engine, BudgetShares memory shares) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidSegment.selector, venue, engine, shares)
        );
        fund.registerSegment(venue, shares, noLayers());
    }

    function _expectInvalidToken(address token, uint256 decimals) private {
        HostileVenue venue = new HostileVenue(token, address(this), address(fund));
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidToken.selector, token, decimals));
        fund.registerSegment(address(venue), budgets(), noLayers());
    }
}
