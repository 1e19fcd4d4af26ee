// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {MockRiskHouse} from "../../../contracts/mocks/MockRiskHouse.sol";
import {MockRiskInputs} from "../../../contracts/mocks/MockRiskInputs.sol";
import {RiskController} from "../../../contracts/risk/RiskController.sol";
import {Interest, Market, RiskTargets} from "../../../contracts/types/Clearing.sol";
import {LayerAmounts} from "../../../contracts/types/Coverage.sol";
import {MarketId, SegmentId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice What one `sync` reads and sets (RSK-01, FND-02 to FND-04, MRG-02, LIQ-07). Figures were worked out apart from the code.
contract SyncTest is RiskTest {
    /* EVERY TARGET */

    function test_RSK01_SyncSetsWhatFollowsFromVolatilityInterestAndResources() public {
        house.setOpenInterest(MAJOR, 100e18);
        _setResources(4_000e18);
        (RiskTargets memory targets, uint256 ratio) = controller.sync(MAJOR);

        // z sigma sqrt(h) = 4.27374%.
        Fuzz.assertEqual(targets.maintenanceTarget, 4_274, "mmr target");
        // 35% of 4,000 over ES 3.75055081876...% (mmr 5%) and a price of 200: 186.639... units.
        Fuzz.assertBetween(targets.cap, 186.639252159473e18, 186.639252159474e18, "cap");
        // 100 of 186.6 is below 80%: m = 1.
        Fuzz.assertEqual(targets.gapRate, 935_622, "gap premium");
        Fuzz.assertEqual(targets.penaltyRate, 1_000, "penalty");
        // 4,000 against 3.75055081876...% of 20,000 = 750.11...: above 4, and rising from 1 takes time.
        Fuzz.assertEqual(ratio, ONE, "ratio");
        _assertBooked(targets, ratio);
    }

    function test_FND03_RatioFallsAtOnceToResourcesOverTarget() public {
        house.setOpenInterest(MAJOR, 100e18);
        // Target 750.110163752571...
        _setResources(375.055081876285e18);
        (, uint256 ratio) = controller.sync(MAJOR);
        Fuzz.assertBetween(ratio, 499_999_999, 500_000_000, "half");
        (uint256 target, uint256 markets, uint256 accounts) = controller.reserveTarget();
        Fuzz.assertBetween(target, 750.110163752571e18, 750.110163752572e18, "target");
        Fuzz.assertEqual(markets, target, "all from markets");
        Fuzz.assertEqual(accounts, 0, "none from accounts");
        Fuzz.assertEqual(controller.premiumFactor(), (2 * ONE - ratio) * 1e9, "premium factor");
        Fuzz.assertEqual(house.penaltyRateOf(MAJOR), 1_600, "10% * 1.500000001, rounded up to the grid");
    }

    function test_FND03_AnEmptyFundHasRatioZero() public {
        house.setOpenInterest(MAJOR, 1);
        _setResources(0);
        (RiskTargets memory targets, uint256 ratio) = controller.sync(MAJOR);
        Fuzz.assertEqual(ratio, 0, "ratio");
        Fuzz.assertEqual(targets.cap, 0, "no room");
        Fuzz.assertEqual(targets.penaltyRate, 2_000, "twice the penalty");
        Fuzz.assertEqual(targets.gapRate, 3_742_487, "four times the premium");
        Fuzz.assertEqual(controller.premiumFactor(), 2e18, "premium factor");
    }

    function test_FND03_AnEmptyMarketHasRatioOneWhateverTheFundHas() public {
        // Time in which a ratio above 1 could have risen.
        vm.warp(START + 1 hours);
        controller.sync(MAJOR);
        Fuzz.assertEqual(controller.ratio(), ONE, "a fund that has much");
        _setResources(0);
        (RiskTargets memory targets, uint256 ratio) = controller.sync(MAJOR);
        Fuzz.assertEqual(ratio, ONE, "ratio");
        Fuzz.assertEqual(targets.gapRate, 935_622, "plain premium");
        Fuzz.assertEqual(targets.penaltyRate, 1_000, "plain penalty");
        Fuzz.assertEqual(targets.cap, 0, "but nobody opens what nothing stands behind");
        Fuzz.assertEqual(controller.premiumFactor(), 1e18, "premium factor");
    }

    function test_FND03_MarketsAddUpAndAreReplacedWhenMeasuredAgain() public {
        house.setOpenInterest(MAJOR, 100e18);
        house.setOpenInterest(MID, 40e18);
        house.setOpenInterest(TAIL, 30e18);
        controller.sync(MAJOR);
        controller.sync(MID);
        controller.sync(TAIL);
        (uint256 major, ) = controller.contributionOf(MAJOR);
        (uint256 mid, ) = controller.contributionOf(MID);
        (uint256 tail, uint256 syncedAt) = controller.contributionOf(TAIL);
        Fuzz.assertBetween(mid, 75.0110163752571e18, 75.0110163752572e18, "ES of 2,000");
        Fuzz.assertEqual(tail, 18e18, "the class floor: 6% of 300");
        Fuzz.assertEqual(syncedAt, START, "time");
        _assertSum(major + mid + tail);

        house.setOpenInterest(MID, 0);
        controller.sync(MID);
        _assertSum(major + tail);
        house.setOpenInterest(MAJOR, 200e18);
        controller.sync(MAJOR);
        (uint256 doubled, ) = controller.contributionOf(MAJOR);
        Fuzz.assertBetween(doubled, 2 * major - 1, 2 * major, "twice as much");
        _assertSum(doubled + tail);
    }

    function test_FND03_ClassFloorBindsWhereTheMarketIsCalm() public {
        _setVolatility(MAJOR, VAR_40, VAR_40);
        house.setOpenInterest(MAJOR, 100e18);
        controller.sync(MAJOR);
        // ES is 0.1315...% at 40% a year and mmr 5%: 1.5% of 20,000 counts.
        _assertSum(300e18);
        (Market memory settings, ) = _market(MAJOR);
        Fuzz.assertEqual(settings.rateTarget, 3_000, "the class's least margin");
    }

    function test_MRG02_ClassCapBindsWhereTheMarketIsWild() public {
        _setVolatility(TAIL, 200 * VAR_100, VAR_100);
        (RiskTargets memory targets, ) = controller.sync(TAIL);
        Fuzz.assertEqual(targets.maintenanceTarget, 50_000, "the class's highest margin");
        Fuzz.assertEqual(targets.penaltyRate, 2_000, "the highest penalty");
    }

    function test_RSK01_TheGreaterVolatilityCounts() public {
        _setVolatility(MAJOR, VAR_100, VAR_200);
        (RiskTargets memory slow, ) = controller.sync(MAJOR);
        _setVolatility(MAJOR, VAR_200, VAR_100);
        (RiskTargets memory fast, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(slow.maintenanceTarget, 8_548, "slow");
        Fuzz.assertEqual(fast.maintenanceTarget, 8_548, "fast");
        // 10% / sqrt(2) = 7.07...%, 10% * sqrt(2) = 14.14...%.
        Fuzz.assertEqual(slow.penaltyRate, 800, "a market that calms");
        Fuzz.assertEqual(fast.penaltyRate, 1_500, "a market that wakes");
    }

    function test_FND02_PremiumGrowsWithTheUseOfTheCapThatIsBeingSet() public {
        // The cap that follows is 186.639...: 149 is 79.8%, 168 is 90.0%.
        _setResources(4_000e18);
        house.setOpenInterest(MAJOR, 149e18);
        (RiskTargets memory targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.gapRate, 935_622, "below 80%");
        house.setOpenInterest(MAJOR, 168e18);
        (targets, ) = controller.sync(MAJOR);
        // m = 1 + 15 * (168 / 186.639252... - 0.8) = 2.50197...
        Fuzz.assertBetween(targets.gapRate, 2_340_800, 2_341_000, "two and a half times");
        house.setOpenInterest(MAJOR, 190e18);
        (targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.gapRate, 3_742_487, "above the cap");
    }

    function test_FND04_ListedCapBindsWhereTheFundIsRich() public {
        _setResources(1e27);
        (RiskTargets memory targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.cap, LISTED_CAP, "listed");
    }

    /* WHAT COUNTS AS RESOURCES */

    function test_FND03_ReserveCountsWithinItsBudgetAndEveryLayerBehindIt() public {
        inputs.setLayers(LayerAmounts(1_000e18, 20e18, 3e18, 0.4e18), 600e18);
        Fuzz.assertEqual(controller.resources(), 623.4e18, "the budget binds");
        inputs.setLayers(LayerAmounts(599e18, 20e18, 3e18, 0.4e18), 600e18);
        Fuzz.assertEqual(controller.resources(), 622.4e18, "the reserve binds");
        inputs.setLayers(LayerAmounts(599e18, 20e18, 3e18, 0.4e18), 0);
        Fuzz.assertEqual(controller.resources(), 23.4e18, "a burnt budget");
    }

    /* ORDER AND STATE */

    function test_RSK01_PriceIsBroughtToThisSecondBeforeVolatilityIsRead() public {
        _setVolatility(MAJOR, VAR_40, VAR_40);
        inputs.setVarianceAfterRefresh(_feed(MAJOR), VAR_200, VAR_40);
        (RiskTargets memory targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.maintenanceTarget, 8_548, "what the refresh brought");
    }

    function test_RSK01_WithoutConsensusTheLastPriceCounts() public {
        inputs.setBlind(_feed(MAJOR), true);
        house.setOpenInterest(MAJOR, 100e18);
        controller.sync(MAJOR);
        (uint256 contribution, ) = controller.contributionOf(MAJOR);
        Fuzz.assertBetween(contribution, 750.110163752571e18, 750.110163752572e18, "measured");
    }

    function test_RSK01_MmrOfNowCountsAndNotItsTarget() public {
        house.setOpenInterest(MAJOR, 100e18);
        _setVolatility(MAJOR, VAR_200, VAR_200);
        controller.sync(MAJOR);
        (uint256 before, ) = controller.contributionOf(MAJOR);
        // ES 12.5011016375257...% at mmr 5%, and 12.2511016375257...% after an hour at 0.25 points.
        Fuzz.assertBetween(before, 2_500.2203275051e18, 2_500.2203275052e18, "at 5%");
        vm.warp(START + 1 hours);
        controller.sync(MAJOR);
        (uint256 later, ) = controller.contributionOf(MAJOR);
        Fuzz.assertBetween(later, 2_450.2203275051e18, 2_450.2203275052e18, "at 5.25%");
    }

    function test_RSK01_AClosedMarketDropsOutAndNothingIsSetForIt() public {
        house.setOpenInterest(MAJOR, 100e18);
        house.setOpenInterest(TAIL, 30e18);
        controller.sync(MAJOR);
        controller.sync(TAIL);
        house.close(MAJOR);
        uint256 applied = house.applied();
        (RiskTargets memory targets, ) = controller.sync(MAJOR);
        Fuzz.assertEqual(house.applied(), applied, "nothing set");
        Fuzz.assertEqual(targets.maintenanceTarget, 0, "no target");
        _assertSum(18e18);
        // A closed market asks for no price: its feed may be dead or its sequencer down.
        inputs.setDown(true);
        controller.sync(MAJOR);
        _assertSum(18e18);
    }

    function test_RSK01_SyncManyDoesAllInOneCall() public {
        house.setOpenInterest(MAJOR, 100e18);
        house.setOpenInterest(TAIL, 30e18);
        MarketId[] memory markets = new MarketId[](2);
        (markets[0], markets[1]) = (MAJOR, TAIL);
        controller.syncMany(markets);
        (uint256 major, ) = controller.contributionOf(MAJOR);
        _assertSum(major + 18e18);
        Fuzz.assertEqual(house.applied(), 2, "both");
    }

    function test_RSK01_EventSaysWhatWasSet() public {
        house.setOpenInterest(TAIL, 30e18);
        // Target 18: 6% of 300. 9 makes half, and 10% of 9 over 6% of 10 a unit is 1.5 units.
        _setResources(9e18);
        // sigma sqrt(h) z is below the tail's floor of 10%; mmr 10% beyond 8.6 kappa: 265,420 * 4, rounded up once.
        RiskTargets memory targets = RiskTargets(10_000, 1.5e18, 1_061_678, 1_500);
        vm.expectEmit(address(controller));
        emit IRiskController.MarketSynced(TAIL, targets, ONE / 2, 18e18, 18e18, 9e18);
        controller.sync(TAIL);
    }

    /* WHAT IS REFUSED */

    function test_RSK01_RefusesAMarketThatIsNotListed() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_UnknownMarket.selector, MarketId.wrap(3))
        );
        controller.sync(MarketId.wrap(3));
    }

    function test_RSK01_RefusesAMarketBeyondTheLast() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_UnknownMarket.selector, MarketId.wrap(48))
        );
        controller.sync(MarketId.wrap(48));
    }

    function test_RSK01_SyncManyUndoesAllWhenOneFails() public {
        MarketId[] memory markets = new MarketId[](2);
        (markets[0], markets[1]) = (MAJOR, MarketId.wrap(7));
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_UnknownMarket.selector, MarketId.wrap(7))
        );
        controller.syncMany(markets);
        Fuzz.assertEqual(house.applied(), 0, "nothing set");
    }

    function test_ORC03_NothingIsSetWhileTheSequencerIsDown() public {
        inputs.setDown(true);
        vm.expectRevert(abi.encodeWithSelector(MockRiskInputs.MockRiskInputs_Down.selector));
        controller.sync(MAJOR);
    }

    function test_RSK01_AHouseThatRefusesUndoesTheBooks() public {
        house.setOpenInterest(MAJOR, 100e18);
        house.setRefusal(true);
        vm.expectRevert(abi.encodeWithSelector(MockRiskHouse.MockRiskHouse_Refused.selector, address(controller)));
        controller.sync(MAJOR);
        _assertSum(0);
    }

    function test_RSK01_TheHouseCannotComeBackIn() public {
        bytes memory locked = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        house.setCallback(abi.encodeCall(controller.sync, (MID)));
        vm.expectRevert(locked);
        controller.sync(MAJOR);
        MarketId[] memory none = new MarketId[](0);
        house.setCallback(abi.encodeCall(controller.syncMany, (none)));
        vm.expectRevert(locked);
        controller.sync(MAJOR);
        house.setCallback(abi.encodeCall(controller.register, (_account(1))));
        vm.expectRevert(locked);
        controller.sync(MAJOR);
    }

    function test_RSK01_RefusesAHouseThatIsNotReady() public {
        _expectInvalid(address(0xBEEF));
        new RiskController(address(manager), IClearingHouse(address(0xBEEF)), _defaults());
        MockRiskHouse unlinked = new MockRiskHouse();
        _expectInvalid(address(unlinked));
        new RiskController(address(manager), IClearingHouse(address(unlinked)), _defaults());
        inputs.setSegment(SegmentId.wrap(0));
        _expectInvalid(address(house));
        new RiskController(address(manager), IClearingHouse(address(house)), _defaults());
    }

    function _expectInvalid(address which) private {
        vm.expectRevert(abi.encodeWithSelector(IRiskController.RiskController_InvalidHouse.selector, which));
    }

    function _assertBooked(RiskTargets memory targets, uint256 ratio) private view {
        (Market memory settings, Interest memory interest) = _market(MAJOR);
        Fuzz.assertEqual(settings.rateTarget, targets.maintenanceTarget, "mmr target at the house");
        Fuzz.assertEqual(interest.cap, targets.cap, "cap at the house");
        Fuzz.assertEqual(interest.gapRate, targets.gapRate, "gap premium at the house");
        Fuzz.assertEqual(house.penaltyRateOf(MAJOR), targets.penaltyRate, "penalty at the house");
        Fuzz.assertEqual(house.ratio(), ratio, "ratio at the house");
        Fuzz.assertEqual(controller.ratio(), ratio, "ratio kept");
    }

    function _assertSum(uint256 expected) private view {
        (, uint256 markets, ) = controller.reserveTarget();
        Fuzz.assertEqual(markets, expected, "sum of the markets");
    }
}
