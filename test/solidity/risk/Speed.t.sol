// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {MarginMath} from "../../../contracts/libraries/MarginMath.sol";
import {Interest, Market, RiskTargets} from "../../../contracts/types/Clearing.sol";
import {AccountId, MarketId} from "../../../contracts/types/Identifiers.sol";
import {LargeAccount} from "../../../contracts/types/Risk.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice What a caller gains who chooses his moment: nothing within a block, an hour's worth at most (RSK-01).
/// @dev Target of MAJOR with 100 units open: ES 3.75055081876...% of 20,000 = 750.110163752571...
contract SpeedTest is RiskTest {
    uint256 private constant TARGET = 750_110_163_752_571_411_272;
    /// @dev A twenty-fourth of 1, in units of 1e-9.
    uint256 private constant HOURLY_RISE = 41_666_666;

    /// @dev Seconds since the last sync of any market.
    uint256 private _ratioTime;

    /* GIVING, SYNCING AND TAKING OUT WITHIN A TRANSACTION */

    function test_RSK01_WhatIsGivenWithinATransactionMovesNothingYet() public {
        _setUp(TARGET / 2);
        (uint256 ratio, uint256 cap, uint256 gapRate) = _state();
        Fuzz.assertEqual(ratio, 499_999_999, "half");
        _setResources(100 * TARGET);
        house.setOpenInterest(MAJOR, 1e18);
        controller.sync(MAJOR);
        controller.sync(MAJOR);
        (uint256 ratioAfter, uint256 capAfter, uint256 gapRateAfter) = _state();
        Fuzz.assertEqual(ratioAfter, ratio, "ratio");
        Fuzz.assertEqual(capAfter, cap, "cap");
        Fuzz.assertEqual(gapRateAfter, gapRate, "gap premium");
        _setResources(TARGET / 2);
        house.setOpenInterest(MAJOR, 100e18);
        controller.sync(MAJOR);
        (ratioAfter, capAfter, gapRateAfter) = _state();
        Fuzz.assertEqual(ratioAfter, ratio, "ratio, taken out again");
        Fuzz.assertEqual(capAfter, cap, "cap, taken out again");
        Fuzz.assertEqual(gapRateAfter, gapRate, "gap premium, opened again");
    }

    function test_RSK01_AFallIsTrueAtOnceAndIsNotUndoneWithinTheBlock() public {
        _setUp(4 * TARGET);
        _setResources(0);
        controller.sync(MAJOR);
        Fuzz.assertEqual(controller.ratio(), 0, "at once");
        _setResources(4 * TARGET);
        controller.sync(MAJOR);
        Fuzz.assertEqual(controller.ratio(), 0, "not back within the block");
        vm.warp(block.timestamp + 12);
        controller.sync(MAJOR);
        Fuzz.assertEqual(controller.ratio(), 138_888, "12 seconds of a day");
    }

    /* SPAM AND SILENCE */

    function test_RSK01_AHundredCallsAreNoFasterThanOne() public {
        _setUp(TARGET / 2);
        (uint256 ratio, uint256 cap, uint256 gapRate) = _state();
        _setResources(100 * TARGET);
        house.setOpenInterest(MAJOR, 1e18);
        for (uint256 i = 1; i <= 100; ++i) {
            vm.warp(START + i * 36);
            controller.sync(MAJOR);
        }
        (uint256 ratioAfter, uint256 capAfter, uint256 gapRateAfter) = _state();
        // An hour in steps of 36 s: each rounds down by less than one unit.
        Fuzz.assertBetween(ratioAfter, ratio + HOURLY_RISE - 100, ratio + HOURLY_RISE, "ratio");
        Fuzz.assertBetween(capAfter, cap + LISTED_CAP / 24 - 100, cap + LISTED_CAP / 24, "cap");
        // (1 - 1/600)^100 = 84.63...% of what it was: less than the sixth that one call would take.
        Fuzz.assertBetween(gapRateAfter, (gapRate * 8_463) / 10_000, (gapRate * 8_464) / 10_000 + 100, "gap premium");
    }

    function test_RSK01_WhoWaitsADayGainsAnHour() public {
        _setUp(TARGET / 2);
        (uint256 ratio, uint256 cap, uint256 gapRate) = _state();
        _setResources(100 * TARGET);
        house.setOpenInterest(MAJOR, 1e18);
        vm.warp(START + 1 days);
        controller.sync(MAJOR);
        (uint256 ratioAfter, uint256 capAfter, uint256 gapRateAfter) = _state();
        Fuzz.assertEqual(ratioAfter, ratio + HOURLY_RISE, "ratio");
        Fuzz.assertEqual(capAfter, cap + LISTED_CAP / 24, "cap");
        Fuzz.assertEqual(gapRateAfter, gapRate - gapRate / 6, "gap premium");
    }

    function test_RSK01_OtherMarketsCallsDoNotAddUp() public {
        _setUp(TARGET / 2);
        uint256 ratio = controller.ratio();
        _setResources(100 * TARGET);
        vm.warp(START + 1 hours);
        controller.sync(MID);
        controller.sync(TAIL);
        controller.sync(MAJOR);
        Fuzz.assertEqual(controller.ratio(), ratio + HOURLY_RISE, "one hour for all markets together");
    }

    function test_RSK01_AFirstSyncHasNoTimeToItsCredit() public {
        house.setCap(TAIL, 1e18);
        vm.warp(START + 30 days);
        (RiskTargets memory targets, ) = controller.sync(TAIL);
        Fuzz.assertEqual(targets.cap, 1e18, "not raised");
        vm.warp(START + 30 days + 24);
        (targets, ) = controller.sync(TAIL);
        Fuzz.assertEqual(targets.cap, 1e18 + LISTED_CAP / 3_600, "24 seconds of a day");
    }

    function test_FND04_ACapRisesByATwentyFourthOfWhatResourcesAllow() public {
        _setUp(0);
        (, uint256 cap, ) = _state();
        Fuzz.assertEqual(cap, 0, "nothing stands behind it");
        // 35% of 4,000 over 3.80055081876...% (mmr 4.95% after the hour) and 200: 184.183828445125...
        _setResources(4_000e18);
        vm.warp(START + 1 hours);
        controller.sync(MAJOR);
        (, cap, ) = _state();
        Fuzz.assertBetween(cap, 7.674326185213e18, 7.674326185214e18, "an hour");
    }

    function test_RSK01_RecoversInADayWhereSomeoneCallsHourly() public {
        _setUp(0);
        _setResources(2 * TARGET);
        for (uint256 i = 1; i <= 24; ++i) {
            vm.warp(START + i * 1 hours);
            controller.sync(MAJOR);
        }
        // 24 hours, each rounded down by less than a unit.
        Fuzz.assertBetween(controller.ratio(), ONE - 24, ONE, "a day for 1");
    }

    /* A SPIKE */

    function test_RSK01_ASpikeCountsAtOnceAndMmrDoesNotJump() public {
        _setUp(TARGET);
        vm.warp(START + 100);
        _setVolatility(MAJOR, 25 * VAR_100, VAR_100);
        (RiskTargets memory targets, uint256 ratio) = controller.sync(MAJOR);
        Fuzz.assertEqual(targets.maintenanceTarget, 21_369, "the target of 500% a year");
        Fuzz.assertEqual(targets.penaltyRate, 2_000, "penalty");
        Fuzz.assertTrue(ratio < ONE / 5, "ratio");
        vm.warp(START + 100 + 24 hours);
        controller.sync(MAJOR);
        (uint16 rateSet, uint32 rateSetAt) = _ramp();
        // From mmr 5%, of which the target 4.274% took nothing whole in 100 seconds: 0.25 points an hour.
        Fuzz.assertBetween(uint256(rateSet), 10_990, 11_000, "six points in a day");
        Fuzz.assertTrue(rateSetAt <= START + 100 + 24 hours, "not ahead of time");
    }

    function test_RSK01_SyncingAfterASpikeHasPassedIsNoBetterThanAtIt() public {
        _setUp(TARGET);
        _setVolatility(MAJOR, 25 * VAR_100, VAR_100);
        vm.warp(START + 1 hours);
        (, uint256 atSpike) = controller.sync(MAJOR);
        _setVolatility(MAJOR, VAR_100, VAR_100);
        (RiskTargets memory targets, uint256 after_) = controller.sync(MAJOR);
        Fuzz.assertEqual(after_, atSpike, "the ratio stays down within the block");
        Fuzz.assertEqual(targets.maintenanceTarget, 4_274, "the target follows the feed's volatility");
    }

    /* STALE FIGURES */

    function test_RSK01_AMarketCountsAsOfItsLastSync() public {
        _setUp(2 * TARGET);
        house.setOpenInterest(MAJOR, 900e18);
        (, uint256 ratio) = controller.sync(MID);
        Fuzz.assertEqual(ratio, ONE, "what nobody has measured does not count");
        (, ratio) = controller.sync(MAJOR);
        Fuzz.assertEqual(ratio, 222_222_222, "2 / 9 as soon as anyone does");
    }

    function test_RSK01_FlashPositionsInTwoAccountsLeaveNothingBehind() public {
        AccountId large = _account(1);
        house.setPosition(large, MAJOR, 50e18);
        controller.register(large);
        for (uint256 i = 2; i < 4; ++i) {
            house.setPosition(_account(i), MAJOR, 100e18);
            controller.register(_account(i));
        }
        for (uint256 i = 2; i < 4; ++i) {
            house.setPosition(_account(i), MAJOR, 0);
            controller.register(_account(i));
        }
        (, , uint256 accounts) = controller.reserveTarget();
        Fuzz.assertEqual(accounts, 0, "both have left, the one before them too");
        vm.prank(address(0x5EED));
        controller.register(large);
        (LargeAccount memory first, ) = controller.largeAccounts();
        Fuzz.assertTrue(first.account == large, "until anyone shows it again");
    }

    /* INV-16 */

    /// @dev Random prices, volatilities, sizes, resources, positions, markets and times, by anyone: what is set keeps to its bounds, and moves
    /// away from safety by elapsed time only. The sum of the markets is the sum of its parts throughout.
    /// forge-config: default.fuzz.runs = 200
    function testFuzz_INV16_BoundsAndSpeedUnderRandomCalls(uint256 seed) public {
        for (uint256 i = 0; i < 60; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            MarketId market = MarketId.wrap(uint8(seed % 3));
            _randomize(market, seed);
            uint256 ratio = controller.ratio();
            (uint256 rate, uint256 cap, uint256 gapRate) = _house(market);
            (, uint256 syncedAt) = controller.contributionOf(market);
            uint256 elapsed = (seed >> 200) % 5 == 0 ? (seed >> 204) % 3 days : (seed >> 204) % 100;
            vm.warp(block.timestamp + elapsed);
            uint256 since = syncedAt == 0 ? 0 : block.timestamp - syncedAt;
            _ratioTime += elapsed;

            (RiskTargets memory targets, uint256 ratioAfter) = controller.sync(market);

            _assertBounds(market, targets);
            Fuzz.assertTrue(ratioAfter <= ratio + (ONE * _min(_ratioTime, 1 hours)) / 24 hours, "ratio's speed");
            uint256 most = cap + (uint256(LISTED_CAP) * _min(since, 1 hours)) / 24 hours;
            Fuzz.assertTrue(targets.cap <= most, "cap's speed");
            Fuzz.assertTrue(targets.gapRate >= gapRate - (gapRate * _min(since, 1 hours)) / 6 hours, "premium's speed");
            (uint256 rateAfter, , ) = _house(market);
            // Where the ramp turns, up to 72 seconds in which a fall had not made a whole unit count for the rise (MarginMath.settledRate).
            Fuzz.assertTrue(rateAfter <= rate + (250 * (elapsed + 72)) / 1 hours + 2, "mmr's rise");
            Fuzz.assertTrue(rateAfter + (50 * elapsed) / 1 hours + 2 >= rate, "mmr's fall");
            _ratioTime = 0;
            _assertSum();
        }
    }

    function _randomize(MarketId market, uint256 seed) private {
        uint256 word = uint256(keccak256(abi.encode(seed, "inputs")));
        inputs.setPrice(_feed(market), Fuzz.between(word >> 8, 1, 1e27));
        if (word & 1 == 0) inputs.setPrice(_feed(market), Fuzz.between(word >> 16, 1e18, 1_000e18));
        inputs.setVariance(
            _feed(market),
            Fuzz.ofAnySize(uint256(keccak256(abi.encode(word, 1))), 64),
            Fuzz.ofAnySize(uint256(keccak256(abi.encode(word, 2))), 64)
        );
        house.setOpenInterest(market, uint96(Fuzz.ofAnySize(uint256(keccak256(abi.encode(word, 3))), 95)));
        _setResources(Fuzz.ofAnySize(uint256(keccak256(abi.encode(word, 4))), 98));
        if (word & 2 == 0) house.setOpenInterest(market, uint96((word >> 24) % 1_200e18));
        AccountId account = _account((word >> 32) % 4);
        house.setPosition(account, market, Fuzz.signedOfAnySize(uint256(keccak256(abi.encode(word, 5))), 95));
        if (word & 4 == 0) {
            (LargeAccount memory first, LargeAccount memory second) = controller.largeAccounts();
            // It may be refused as too small; nothing else.
            try controller.register(account) {} catch (bytes memory reason) {
                Fuzz.assertTrue(bytes4(reason) == IRiskController.RiskController_NotLarge.selector, "too small");
                Fuzz.assertTrue(first.account != account && second.account != account, "and not registered");
            }
        }
    }

    function _assertBounds(MarketId market, RiskTargets memory targets) private pure {
        uint256 class = MarketId.unwrap(market);
        uint256[3] memory floors = [uint256(3_000), 5_000, 10_000];
        uint256[3] memory caps = [uint256(25_000), 35_000, 50_000];
        Fuzz.assertBetween(targets.maintenanceTarget, floors[class], caps[class], "mmr target");
        Fuzz.assertBetween(targets.cap, 0, LISTED_CAP, "cap");
        Fuzz.assertBetween(targets.gapRate, 0, 1e8, "gap premium");
        Fuzz.assertBetween(targets.penaltyRate, 500, 2_000, "penalty");
        Fuzz.assertEqual(targets.penaltyRate % 100, 0, "penalty's grid");
    }

    function _assertSum() private view {
        uint256 sum;
        for (uint8 i = 0; i < 3; ++i) {
            (uint256 contribution, ) = controller.contributionOf(MarketId.wrap(i));
            sum += contribution;
        }
        (, uint256 markets, ) = controller.reserveTarget();
        Fuzz.assertEqual(markets, sum, "sum of the parts");
        Fuzz.assertBetween(controller.ratio(), 0, 4 * ONE, "ratio");
        Fuzz.assertBetween(controller.premiumFactor(), 1e18, 2e18, "premium factor");
    }

    /* HELPERS */

    /// @dev 100 units open, measured once with these resources.
    function _setUp(uint256 resources) private {
        house.setOpenInterest(MAJOR, 100e18);
        _setResources(resources);
        controller.sync(MAJOR);
    }

    function _state() private view returns (uint256 ratio, uint256 cap, uint256 gapRate) {
        (, cap, gapRate) = _house(MAJOR);
        ratio = controller.ratio();
    }

    /// @dev mmr as stored at the last write of a target that moved it, cap and gap premium.
    function _house(MarketId market) private view returns (uint256 rate, uint256 cap, uint256 gapRate) {
        (Market memory settings, Interest memory interest) = house.marketOf(market);
        rate = MarginMath.currentRateUp(settings.rateSet, settings.rateTarget, settings.rateSetAt, block.timestamp);
        return (rate, interest.cap, interest.gapRate);
    }

    function _ramp() private view returns (uint16 rateSet, uint32 rateSetAt) {
        (Market memory settings, ) = house.marketOf(MAJOR);
        return (settings.rateSet, settings.rateSetAt);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
