// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    BudgetShares,
    CapitalLayers,
    IInsuranceFund,
    SegmentView
} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {HostileVenue} from "../../../contracts/mocks/HostileVenue.sol";
import {MockLayer} from "../../../contracts/mocks/MockLayer.sol";
import {CoverResult, LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev The waterfall behind the reserve: junior, senior, reinsurance, in the transaction of the bid (R1, FND-02, FND-11).
contract LayersTest is FundTest {
    SegmentId private segment;
    HostileVenue private venue;
    HostileToken private token;
    MockLayer private backstop;
    MockLayer private reinsurance;

    function setUp() public override {
        super.setUp();
        _open(openBudgets());
        give(segment, token, 100e6);
        _fill(50 * UNIT, 200 * UNIT, 300 * UNIT);
    }

    /* ORDER */

    function test_R1_EachLayerPaysOnlyWhenThoseBeforeItHavePaidAll() public {
        _expectPaid(100 * UNIT, 100 * UNIT, 0, 0, 0);
        assertEq(backstop.draws(), 0, "a vault that need not pay is not called");
        _refill();
        _expectPaid(100 * UNIT + 1, 100 * UNIT, 1, 0, 0);
        _refill();
        _expectPaid(150 * UNIT, 100 * UNIT, 50 * UNIT, 0, 0);
        _refill();
        _expectPaid(150 * UNIT + 1, 100 * UNIT, 50 * UNIT, 1, 0);
        _refill();
        _expectPaid(350 * UNIT, 100 * UNIT, 50 * UNIT, 200 * UNIT, 0);
        assertEq(reinsurance.draws(), 0, "nor is reinsurance");
        _refill();
        _expectPaid(350 * UNIT + 1, 100 * UNIT, 50 * UNIT, 200 * UNIT, 1);
        _refill();
        _expectPaid(650 * UNIT, 100 * UNIT, 50 * UNIT, 200 * UNIT, 300 * UNIT);
    }

    /// @dev R2: what no layer pays is left over to the wei, from nothing to ten times all capital.
    function testFuzz_R2_EveryShortfallIsSplitToTheWei(
        uint256 shortfall,
        uint96 junior,
        uint96 senior,
        uint96 other
    ) public {
        _fill(junior % 1e28, senior % 1e28, other % 1e28);
        uint256 capital = 100 * UNIT + backstop.junior() + backstop.senior() + reinsurance.junior();
        shortfall = bound(shortfall, 0, 10 * capital);
        uint256[4] memory expected;
        uint256[4] memory layers = [100 * UNIT, backstop.junior(), backstop.senior(), reinsurance.junior()];
        uint256 left = shortfall;
        for (uint256 i = 0; i < 4; ++i) {
            expected[i] = smaller(left, layers[i]);
            left -= expected[i];
        }
        LayerAmounts memory paid = cover(segment, shortfall, 0).paid;
        assertEq(paid.reserve, expected[0], "reserve");
        assertEq(paid.junior, expected[1], "junior");
        assertEq(paid.senior, expected[2], "senior");
        assertEq(paid.reinsurance, expected[3], "reinsurance");
        assertEq(paid.total() + left, shortfall, "INV-03");
        SegmentView memory view_ = fund.segmentOf(segment);
        assertEq(view_.drawn, paid.total(), "drawn");
        assertEq(view_.unpaid, left, "unpaid");
        assertEq(view_.pending, paid.total() - paid.reserve, "pending");
        assertEq(view_.owed, paid.total(), "owed");
    }

    function test_FND02_ABurntBudgetPassesTheRestToTheNextLayer() public {
        _open(budgets());
        give(segment, token, 100e6);
        _fill(50 * UNIT, 200 * UNIT, 300 * UNIT);
        _expectPaid(60 * UNIT, 35 * UNIT, 25 * UNIT, 0, 0);
        // The reserve still has 65, but its budget is burnt.
        _expectPaid(30 * UNIT, 0, 25 * UNIT, 5 * UNIT, 0);
    }

    function test_LIQ04_ARewardNeverComesFromAVault() public {
        CoverResult memory result = fund.cover(segment, asked(150 * UNIT, 0, 0, UNIT, 10 * UNIT));
        assertEq(result.reward, 0, "the reserve is used up by the shortfall");
        assertEq(result.paid.junior, 50 * UNIT, "junior");
        assertEq(result.paid.senior, 0, "senior untouched");
    }

    /// @dev LIQ-04, INV-21: a bid in two halves takes from every vault what one bid takes; within a vault junior still pays first (INV-08).
    function testFuzz_INV21_ASplitBidTakesTheSameFromEachVault(uint256 shortfall, uint256 fraction) public {
        shortfall = bound(shortfall, 0, 1_000 * UNIT);
        fraction = bound(fraction, 1, UNIT);
        LayerAmounts memory first = fund.cover(segment, asked(shortfall, 0, 0, fraction, 0)).paid;
        // What the second sees is the rest of the account.
        uint256 rest = shortfall - (first.total() + _unpaid());
        LayerAmounts memory second = fund.cover(segment, asked(rest, 0, 0, UNIT, 0)).paid;
        uint256 beyond = shortfall > 100 * UNIT ? shortfall - 100 * UNIT : 0;
        uint256 vault = smaller(beyond, 250 * UNIT);
        uint256 taken = first.junior + second.junior + first.senior + second.senior;
        assertNear(first.reserve + second.reserve, smaller(shortfall, 100 * UNIT), 4, "reserve");
        assertNear(taken, vault, 4, "vault");
        assertNear(first.reinsurance + second.reinsurance, smaller(beyond - vault, 300 * UNIT), 4, "reinsurance");
        assertNear(first.junior + second.junior, smaller(vault, 50 * UNIT), 4, "junior first");
    }

    function test_FND02_PreviewAndResourcesAreWhatCoverPays() public {
        LayerAmounts memory all = fund.resources(segment);
        assertEq(all.reserve, 100 * UNIT, "reserve");
        assertEq(all.junior, 50 * UNIT, "junior");
        assertEq(all.senior, 200 * UNIT, "senior");
        assertEq(all.reinsurance, 300 * UNIT, "reinsurance");
        LayerAmounts memory shown = fund.previewCover(segment, asked(500 * UNIT, 0, 0, UNIT, 0)).paid;
        LayerAmounts memory paid = cover(segment, 500 * UNIT, 0).paid;
        assertEq(shown.total(), paid.total(), "total");
        assertEq(shown.reinsurance, paid.reinsurance, "reinsurance");
        assertEq(fund.resources(segment).total(), 150 * UNIT, "what is left");
    }

    /// @dev INV-04: capital beyond what 96 bits can hold is not counted, and nothing reverts.
    function test_INV04_MoreCapitalThanTheLedgerHoldsDoesNotRevert() public {
        _fill(type(uint96).max, type(uint96).max, type(uint96).max);
        LayerAmounts memory paid = cover(segment, type(uint128).max, 0).paid;
        assertEq(paid.total(), type(uint96).max, "all the ledger has room for");
        assertEq(owedOf(segment), type(uint96).max, "owed");
    }

    /* COLLECTING (FND-11) */

    function test_FND11_SettleCollectsFromBothVaultsAndSendsTheNet() public {
        cover(segment, 500 * UNIT, 0);
        venue.setAccount(-500e18, 0);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Collected(segment, 400 * UNIT, 0);
        assertTrue(fund.settle(segment) == -500e18, "moved");
        assertEq(token.balanceOf(address(venue)), 500e6, "the venue has it");
        assertLedger(segment, 0, 0);
        assertEq(fund.segmentOf(segment).pending, 0, "pending");
    }

    function test_FND11_AVaultThatRefusesDelaysItsOwnPartOnly() public {
        cover(segment, 500 * UNIT, 0);
        backstop.setRefuses(true);
        venue.setAccount(-500e18, -250e18);
        assertTrue(fund.settle(segment) == -250e18, "reserve and reinsurance");
        assertEq(fund.segmentOf(segment).pending, 250 * UNIT, "pending");
        assertLedger(segment, 0, 250 * UNIT);
        backstop.setRefuses(false);
        venue.setAccount(-250e18, 0);
        assertTrue(fund.settle(segment) == -250e18, "the rest");
        assertLedger(segment, 0, 0);
    }

    /// @dev What could not be counted when it arrives is not asked for; it comes once the token answers.
    function test_FND11_VaultsAreNotAskedWhileTheTokenIsBlind() public {
        cover(segment, 500 * UNIT, 0);
        token.setMode(HostileToken.Mode.BlindBalance);
        venue.setAccount(-500e18, -500e18);
        assertTrue(fund.settle(segment) == 0, "nothing moved");
        assertEq(backstop.owed() + reinsurance.owed(), 400 * UNIT, "both still owe");
        assertEq(fund.segmentOf(segment).pending, 400 * UNIT, "pending");
        token.setMode(HostileToken.Mode.Honest);
        venue.setAccount(-500e18, 0);
        assertTrue(fund.settle(segment) == -500e18, "all of it");
        assertLedger(segment, 0, 0);
    }

    /// @dev 250 of the claim were netted against income. What the vault has not sent stays owed, and is reserve when it comes.
    function test_FND11_NettingDoesNotTurnWhatHasNotArrivedIntoReserve() public {
        cover(segment, 350 * UNIT, 0);
        backstop.setRefuses(true);
        venue.setAccount(-100e18, 0);
        assertTrue(fund.settle(segment) == -100e18, "moved");
        assertLedger(segment, 0, 250 * UNIT);
        backstop.setRefuses(false);
        venue.setAccount(0, 0);
        fund.settle(segment);
        assertLedger(segment, 250 * UNIT, 0);
        assertEq(token.balanceOf(address(fund)), 250e6, "held");
    }

    function test_FND02_WhatAVaultSendsBeyondItsDrawsIsReserve() public {
        backstop.setExtra(7 * UNIT);
        fund.settle(segment);
        assertLedger(segment, 107 * UNIT, 0);
        cover(segment, 120 * UNIT, 0);
        backstop.setExtra(1 * UNIT);
        venue.setAccount(-120e18, 0);
        fund.settle(segment);
        assertLedger(segment, 1 * UNIT, 0);
        assertEq(token.balanceOf(address(venue)), 120e6, "the venue has it");
    }

    /* REGISTRATION */

    function test_FND01_AVaultMustNameThisFundAndTheVenuesToken() public {
        HostileToken other = new HostileToken(6);
        MockLayer layer = new MockLayer(address(fund), address(token), 6);
        _expectInvalid(CapitalLayers(address(0xBEEF), address(0)), address(0xBEEF));
        layer.setNames(address(this), address(token));
        _expectInvalid(CapitalLayers(address(layer), address(0)), address(layer));
        _expectInvalid(CapitalLayers(address(0), address(layer)), address(layer));
        layer.setNames(address(fund), address(other));
        _expectInvalid(CapitalLayers(address(0), address(layer)), address(layer));
        layer.setNames(address(fund), address(token));
        _expectInvalid(CapitalLayers(address(layer), address(layer)), address(layer));
    }

    function test_FND01_TheLayersAreShown() public view {
        CapitalLayers memory layers = fund.segmentOf(segment).layers;
        assertTrue(layers.backstop == address(backstop), "backstop");
        assertTrue(layers.reinsurance == address(reinsurance), "reinsurance");
    }

    /* HELPERS */

    function _open(BudgetShares memory shares) private {
        token = new HostileToken(6);
        venue = new HostileVenue(address(token), address(this), address(fund));
        backstop = new MockLayer(address(fund), address(token), 6);
        reinsurance = new MockLayer(address(fund), address(token), 6);
        segment = fund.registerSegment(address(venue), shares, CapitalLayers(address(backstop), address(reinsurance)));
    }

    function _fill(uint256 junior, uint256 senior, uint256 other) private {
        backstop.setCapital(junior, senior);
        reinsurance.setCapital(other, 0);
        token.mint(address(backstop), (junior + senior) / 1e12 + 1_000e6);
        token.mint(address(reinsurance), other / 1e12 + 1_000e6);
    }

    function _refill() private {
        _open(openBudgets());
        give(segment, token, 100e6);
        _fill(50 * UNIT, 200 * UNIT, 300 * UNIT);
    }

    function _unpaid() private view returns (uint256) {
        return fund.segmentOf(segment).unpaid;
    }

    function _expectPaid(uint256 shortfall, uint256 reserve, uint256 junior, uint256 senior, uint256 other) private {
        LayerAmounts memory paid = cover(segment, shortfall, 0).paid;
        assertEq(paid.reserve, reserve, "reserve");
        assertEq(paid.junior, junior, "junior");
        assertEq(paid.senior, senior, "senior");
        assertEq(paid.reinsurance, other, "reinsurance");
    }

    function _expectInvalid(CapitalLayers memory layers, address layer) private {
        HostileVenue fresh = new HostileVenue(address(token), address(this), address(fund));
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_InvalidLayer.selector, layer));
        fund.registerSegment(address(fresh), openBudgets(), layers);
    }
}
