// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {BudgetShares, CapitalLayers, SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {CoverRequest, LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {TreatyTerms, TreatyView} from "../../../contracts/types/Treaty.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A real fund with 100 of reserve, and a real vault behind it as reinsurance: 300 in excess of 150 (CVR-09).
contract TreatyInFundTest is AttackVault {
    InsuranceFund private fund;
    HostileVenue private venue;

    function setUp() public override {
        super.setUp();
        fund = new InsuranceFund();
        useVault(address(fund), address(verifier));
        venue = new HostileVenue(address(token), address(this), address(fund));
        BudgetShares memory open = BudgetShares(100_00, 100_00, 100_00, 100_00, 100_00);
        fund.registerSegment(address(venue), open, CapitalLayers(address(0), address(vault)));
        fill(address(this), 1_000 * NATIVE);
        token.approve(address(fund), 1_000 * NATIVE);
        fund.donate(SEGMENT, 100 * NATIVE);
        deposit(junior, ALICE, 200);
        deposit(senior, BOB, 800);
        vault.announceTreaty(SEGMENT, TreatyTerms(uint96(300 * UNIT), uint96(150 * UNIT), 1, 4, 5_00));
        skip(COOLDOWN + WINDOW + 1);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        skip(72 hours);
    }

    function book(uint256 shortfall) private returns (LayerAmounts memory) {
        return fund.cover(SEGMENT, CoverRequest([shortfall, 0, 0], UNIT, 0)).paid;
    }

    function test_CVR09_FND11_a_treaty_pays_above_its_attachment_and_the_tokens_follow() external {
        assertEq("a gap of 50 is nobody's", fund.resources(SEGMENT).reinsurance, 0);
        LayerAmounts memory paid = book(400 * UNIT);
        assertEq("reserve", paid.reserve, 100 * UNIT);
        assertEq("reinsurance", paid.reinsurance, 250 * UNIT);
        SegmentView memory segment = fund.segmentOf(SEGMENT);
        assertEq("unpaid", segment.unpaid, 50 * UNIT);
        assertEq("pending", segment.pending, 250 * UNIT);
        assertEq("attached by now", fund.resources(SEGMENT).reinsurance, 50 * UNIT);
        assertEq("all of the next", book(60 * UNIT).reinsurance, 50 * UNIT);
        venue.setAccount(-400e18, 0);
        fund.settle(SEGMENT);
        assertEq("the venue has it", token.balanceOf(address(venue)), 400 * NATIVE);
        assertEq("nothing is owed", vault.owedTo(SEGMENT), 0);
        assertSound();
    }

    /// @dev The next period counts from what the fund says that the segment has lost.
    function test_CVR09_the_next_period_attaches_above_all_that_the_fund_has_booked() external {
        book(170 * UNIT);
        TreatyView memory state = vault.treatyOf(SEGMENT);
        assertEq("20 paid", state.attachesAt, 170 * UNIT);
        skip(state.endsAt - block.timestamp);
        vault.beginPeriod(SEGMENT, type(uint256).max);
        assertEq("170 and 150", vault.treatyOf(SEGMENT).attachesAt, 320 * UNIT);
        assertEq("below", book(150 * UNIT).reinsurance, 0);
        assertEq("above", book(7).reinsurance, 7);
        assertSound();
    }
}
