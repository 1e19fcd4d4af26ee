// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapitalLayers} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {MockLayer} from "../../../contracts/mocks/MockLayer.sol";
import {LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {FundTest} from "./FundTest.sol";

/// @dev CVR-09: what the fund tells a layer with attachment. Reserve 100, backstop 50, reinsurance 300 in excess of 200.
contract FundTreatiesTest is FundTest {
    SegmentId private segment;
    HostileVenue private venue;
    HostileToken private token;
    MockLayer private backstop;
    MockLayer private reinsurance;

    function setUp() public override {
        super.setUp();
        token = new HostileToken(6);
        venue = new HostileVenue(address(token), address(this), address(fund));
        backstop = new MockLayer(address(fund), address(token), 6);
        reinsurance = new MockLayer(address(fund), address(token), 6);
        CapitalLayers memory layers = CapitalLayers(address(backstop), address(reinsurance));
        segment = fund.registerSegment(address(venue), openBudgets(), layers);
        give(segment, token, 100e6);
        backstop.setCapital(50 * UNIT, 0);
        reinsurance.setCapital(300 * UNIT, 0);
        reinsurance.setAttachesAt(200 * UNIT);
    }

    function expectPaid(uint256 shortfall, uint256 reserve, uint256 junior, uint256 other) private {
        LayerAmounts memory paid = cover(segment, shortfall, 0).paid;
        assertEq(paid.reserve, reserve, "reserve");
        assertEq(paid.junior, junior, "junior");
        assertEq(paid.reinsurance, other, "reinsurance");
    }

    /// @dev Reserve and backstop bear 150; between them and the attachment lie 50 that nobody bears.
    function test_CVR09_WhatTheLayersBeforeBearCountsTowardsTheAttachment() public {
        expectPaid(200 * UNIT, 100 * UNIT, 50 * UNIT, 0);
        expectPaid(1, 0, 0, 1);
        expectPaid(500 * UNIT, 0, 0, 300 * UNIT - 1);
    }

    function test_CVR09_OneLossIsPaidAboveTheAttachmentToTheWei() public {
        expectPaid(200 * UNIT + 1, 100 * UNIT, 50 * UNIT, 1);
    }

    function test_CVR09_TheBackstopMayAttachToo() public {
        reinsurance.setAttachesAt(0);
        backstop.setAttachesAt(130 * UNIT);
        expectPaid(130 * UNIT, 100 * UNIT, 0, 30 * UNIT);
        // What reinsurance has paid is lost too.
        expectPaid(10 * UNIT, 0, 10 * UNIT, 0);
    }

    /// @dev A loss of which some part would be nobody's is not one that reinsurance stands behind (FND-03, CLR-07).
    function test_CVR09_ResourcesCountALayerThatNoGapKeepsBack() public {
        assertEq(fund.resources(segment).reinsurance, 0, "a gap of 50");
        backstop.setCapital(100 * UNIT - 1, 0);
        assertEq(fund.resources(segment).reinsurance, 0, "a gap of a wei");
        backstop.setCapital(100 * UNIT, 0);
        assertEq(fund.resources(segment).reinsurance, 300 * UNIT, "none");
        backstop.setCapital(50 * UNIT, 0);
        expectPaid(150 * UNIT, 100 * UNIT, 50 * UNIT, 0);
        assertEq(fund.resources(segment).reinsurance, 0, "50 still to be lost");
        expectPaid(50 * UNIT, 0, 0, 0);
        assertEq(fund.resources(segment).reinsurance, 300 * UNIT, "attached");
    }

    /// @dev INV-21: a bid in two parts takes from each layer what one bid takes; without rewards, which count as loss once they are paid.
    function testFuzz_INV21_ASplitBidTakesTheSameAboveAnAttachment(uint256 shortfall, uint256 fraction) public {
        shortfall = bound(shortfall, 0, 800 * UNIT);
        fraction = bound(fraction, 1, UNIT);
        LayerAmounts memory first = fund.cover(segment, asked(shortfall, 0, 0, fraction, 0)).paid;
        uint256 rest = shortfall - (first.total() + fund.segmentOf(segment).unpaid);
        LayerAmounts memory second = fund.cover(segment, asked(rest, 0, 0, UNIT, 0)).paid;
        uint256 expected = shortfall > 200 * UNIT ? smaller(shortfall - 200 * UNIT, 300 * UNIT) : 0;
        assertNear(first.reinsurance + second.reinsurance, expected, 6, "reinsurance");
        expected = shortfall > 100 * UNIT ? smaller(shortfall - 100 * UNIT, 50 * UNIT) : 0;
        assertNear(first.junior + second.junior, expected, 6, "junior");
    }
}
