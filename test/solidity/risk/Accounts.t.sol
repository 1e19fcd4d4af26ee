// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {MockRiskInputs} from "../../../contracts/mocks/MockRiskInputs.sol";
import {AccountId, MarketId} from "../../../contracts/types/Identifiers.sol";
import {LargeAccount} from "../../../contracts/types/Risk.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice The two largest registered accounts (FND-03).
/// @dev A unit of MAJOR is worth 200: at 100% a year and mmr 5% its stress is 1.41060764758...% of that, 2.82121529516823937... Figures
/// are rounded up by one wei at most for each position.
contract AccountsTest is RiskTest {
    uint256 private constant STRESS = 2_821_215_295_168_239_373;

    AccountId private immutable a = _account(1);
    AccountId private immutable b = _account(2);
    AccountId private immutable c = _account(3);

    function test_FND03_MeasuresWhatSixDeviationsTakeBeyondMarginOverAllPositions() public {
        house.setPosition(a, MAJOR, 1e18);
        _assertAbout(controller.register(a), STRESS, "long");
        house.setPosition(a, MAJOR, -1e18);
        _assertAbout(controller.register(a), STRESS, "short");
        // 1.41...% of 50, at mid's 50 a unit.
        house.setPosition(a, MID, -1e18);
        _assertAbout(controller.register(a), STRESS + STRESS / 4, "both, without netting");
        // 6 sigma sqrt(h) = 6.41% is below the tail's mmr of 10%.
        house.setPosition(a, TAIL, 1_000_000e18);
        _assertAbout(controller.register(a), STRESS + STRESS / 4, "a market whose margin covers it");
    }

    function test_FND03_TheTwoLargestStandAndALargerOneDrivesOutTheSmaller() public {
        _open(a, 10e18);
        _open(b, 20e18);
        _open(c, 15e18);
        _assertPlaces(a, 10, b, 20);
        (uint256 target, , uint256 accounts) = controller.reserveTarget();
        _assertAbout(accounts, 30 * STRESS, "sum");
        Fuzz.assertEqual(target, accounts, "above the markets, which are empty");

        vm.expectEmit(address(controller));
        (LargeAccount memory first, ) = controller.largeAccounts();
        emit IRiskController.AccountReplaced(a, c, first.stress);
        controller.register(c);
        _assertPlaces(c, 15, b, 20);
        _open(a, 30e18);
        controller.register(a);
        _assertPlaces(a, 30, b, 20);
    }

    function test_FND03_RefusesAnAccountNoLargerThanTheSmaller() public {
        _open(a, 10e18);
        _open(b, 20e18);
        (LargeAccount memory first, ) = controller.largeAccounts();
        house.setPosition(c, MAJOR, 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskController.RiskController_NotLarge.selector,
                c,
                uint256(first.stress),
                uint256(first.stress)
            )
        );
        controller.register(c);
    }

    function test_FND03_RefusesAnAccountWithoutStress() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_NotLarge.selector, c, uint256(0), uint256(0))
        );
        controller.register(c);
        house.setPosition(c, TAIL, 1_000_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskController.RiskController_NotLarge.selector, c, uint256(0), uint256(0))
        );
        controller.register(c);
    }

    function test_FND03_ARegisteredAccountIsMeasuredAnewInItsPlace() public {
        _open(a, 10e18);
        _open(b, 20e18);
        vm.warp(START + 5);
        _open(a, 5e18);
        _assertPlaces(a, 5, b, 20);
        (LargeAccount memory first, LargeAccount memory second) = controller.largeAccounts();
        Fuzz.assertEqual(first.measuredAt, START + 5, "measured now");
        Fuzz.assertEqual(second.measuredAt, START, "measured before");
        _open(b, 1e18);
        _assertPlaces(a, 5, b, 1);
        _open(b, 25e18);
        _assertPlaces(a, 5, b, 25);
    }

    function test_FND03_AnAccountThatHasClosedLeavesWhenAnyoneMeasuresIt() public {
        _open(a, 10e18);
        _open(b, 20e18);
        house.setPosition(b, MAJOR, 0);
        (, LargeAccount memory second) = controller.largeAccounts();
        _assertAbout(second.stress, 20 * STRESS, "counts until it is measured");
        vm.expectEmit(address(controller));
        emit IRiskController.AccountMeasured(b, second.stress, 0);
        vm.prank(address(0x5EED));
        Fuzz.assertEqual(controller.register(b), 0, "nothing left");
        (, second) = controller.largeAccounts();
        Fuzz.assertTrue(second.account == AccountId.wrap(0), "a free place");
        _open(c, 1e18);
        _assertPlaces(a, 10, c, 1);
    }

    function test_FND03_APositionThatWasWhollyDeleveragedCountsNothing() public {
        _open(a, 10e18);
        house.clearBase(a, MAJOR);
        Fuzz.assertEqual(controller.register(a), 0, "no base");
    }

    function test_FND03_StressGrowsWithVolatilityAndFallsWithMargin() public {
        house.setPosition(a, MAJOR, 1e18);
        _setVolatility(MAJOR, VAR_40, VAR_200);
        // 6 * 2.13686921586137...% - 5% = 7.82121529516823...% of 200.
        _assertAbout(controller.register(a), 15_642_430_590_336_478_746, "200% a year");
        house.setRate(MAJOR, 12_821);
        _assertAbout(controller.register(a), 430_590_336_478_746, "mmr 12.821%");
        house.setRate(MAJOR, 12_822);
        Fuzz.assertEqual(controller.register(a), 0, "mmr 12.822%");
    }

    function test_FND03_TheTargetIsTheGreaterOfMarketsAndAccounts() public {
        house.setOpenInterest(MAJOR, 10e18);
        controller.sync(MAJOR);
        (, uint256 markets, ) = controller.reserveTarget();
        // 10 units: ES 3.75...% of 2,000 is 75.011...; 26 units of stress are 73.35, 27 are 76.17.
        _open(a, 13e18);
        _open(b, 13e18);
        (uint256 target, , ) = controller.reserveTarget();
        Fuzz.assertEqual(target, markets, "markets");
        _open(b, 14e18);
        uint256 accounts;
        (target, , accounts) = controller.reserveTarget();
        Fuzz.assertEqual(target, accounts, "accounts");
        _assertAbout(accounts, 27 * STRESS, "their sum");
    }

    function test_FND03_TheRatioTakesAccountsInAtTheNextSync() public {
        _setResources(100e18);
        controller.sync(MAJOR);
        _open(a, 70e18);
        Fuzz.assertEqual(controller.ratio(), ONE, "not yet");
        (, uint256 ratio) = controller.sync(MAJOR);
        // 100 / 197.485070661776756...
        Fuzz.assertEqual(ratio, 506_367_391, "then");
    }

    function test_FND03_WithoutConsensusTheLastPriceCounts() public {
        inputs.setBlind(_feed(MAJOR), true);
        house.setPosition(a, MAJOR, 1e18);
        _assertAbout(controller.register(a), STRESS, "measured");
    }

    function test_ORC03_NothingIsMeasuredWhileTheSequencerIsDown() public {
        house.setPosition(a, MAJOR, 1e18);
        inputs.setDown(true);
        vm.expectRevert(abi.encodeWithSelector(MockRiskInputs.MockRiskInputs_Down.selector));
        controller.register(a);
    }

    function test_FND03_StressSaturates() public {
        // The widest position at the highest price, with a volatility that no price has.
        inputs.setPrice(_feed(MAJOR), 1e27);
        _setVolatility(MAJOR, type(uint64).max, 0);
        for (uint256 i = 0; i < 3; ++i) {
            MarketId market = MarketId.wrap(uint8(i));
            inputs.setPrice(_feed(market), 1e27);
            inputs.setVariance(_feed(market), type(uint64).max, 0);
            house.setPosition(a, market, int256(1 << 95));
        }
        Fuzz.assertEqual(controller.register(a), type(uint128).max, "as far as the books reach");
    }

    function _open(AccountId account, int256 base) private {
        house.setPosition(account, MAJOR, base);
        (LargeAccount memory first, LargeAccount memory second) = controller.largeAccounts();
        bool fits = first.stress == 0 || second.stress == 0 || first.account == account || second.account == account;
        if (fits) controller.register(account);
    }

    function _assertPlaces(AccountId one, uint256 units, AccountId other, uint256 otherUnits) private view {
        (LargeAccount memory first, LargeAccount memory second) = controller.largeAccounts();
        if (first.account != one) (first, second) = (second, first);
        Fuzz.assertTrue(first.account == one, "one");
        Fuzz.assertTrue(second.account == other, "other");
        _assertAbout(first.stress, units * STRESS, "its stress");
        _assertAbout(second.stress, otherUnits * STRESS, "the other's stress");
    }

    function _assertAbout(uint256 found, uint256 expected, string memory what) private pure {
        uint256 tolerance = 1_000 + expected / 1e15;
        Fuzz.assertBetween(found, expected - tolerance, expected + tolerance, what);
    }
}
