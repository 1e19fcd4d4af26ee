// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {LiquidationErrorTrigger} from "../../../contracts/claims/triggers/LiquidationErrorTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {MarketId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {SaleTest} from "./SaleTest.sol";

/// @dev CLM-04: which sales count, and when a price says something about them.
contract LiquidationErrorSalesTest is SaleTest {
    function test_CLM04_TheWindowToTheSecond() public {
        sell(90e18, LONG);
        vm.warp(SALE);
        expectOutsideWindow(SALE);
        trigger.observe(terms, mark);
        observeAt(SALE + WINDOW - 2 * SPACING);
        observeAt(SALE + WINDOW - SPACING);
        vm.warp(SALE + WINDOW + 1);
        expectOutsideWindow(SALE);
        trigger.observe(terms, mark);
        assertAnswer(0, 0);
        // A second earlier it counts.
        observeAt(SALE + WINDOW);
        assertAnswer(0.5e18, SALE);
    }

    function test_CVR07_FromASaleToTheEndOfItsWindowNothingIsSaid() public {
        assertAnswer(0, 0);
        sell(100e18, LONG);
        vm.warp(SALE);
        assertUndecided();
        vm.warp(SALE + WINDOW);
        assertUndecided();
        vm.warp(SALE + WINDOW + 1);
        assertAnswer(0, 0);
        (, , uint256 evidence) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(evidence, SALE, "the sale that was no error");
    }

    function test_CVR07_WhatWasSoldUpToTheStartIsNotCovered() public {
        vm.warp(START + 1);
        expectNothingSold(mark, 0);
        trigger.observe(terms, mark);
        sellAt(START, 90e18, BASE, LONG);
        expectNothingSold(mark, START);
        trigger.observe(terms, mark);
        assertAnswer(0, 0);
        sellAt(START + 1, 90e18, BASE, LONG);
        observeAt(START + 2);
        uint256 tomorrow = (START + 1 days) << 128;
        expectNothingSold(tomorrow, START + 1);
        trigger.observe(terms, tomorrow);
    }

    function test_CLM04_SalesAddUp_alsoWhenTheirRecordsAreReplaced() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        sellAt(SALE + 60, 80e18, 20e18, LONG);
        observeAt(SALE + 61);
        for (uint256 i = 1; i < 3; ++i) {
            vm.warp(SALE + 61 + i * SPACING);
            trigger.observe(terms, mark);
            trigger.observeSale(terms, mark, SALE);
        }
        // 10 * 5 and 20 * 15, 100 of which pay one.
        assertAnswer(3.5e18, SALE + 60);
    }

    function test_CLM04_TheLastSaleGivesTheTime_inWhateverOrderTheyAreConfirmed() public {
        sell(90e18, LONG);
        observeAt(SALE + 1);
        sellAt(SALE + 2, 80e18, 20e18, LONG);
        observeThrice(SALE + 2);
        assertAnswer(3e18, SALE + 2);
        vm.warp(SALE + 3 + 2 * SPACING);
        trigger.observeSale(terms, mark, SALE);
        vm.warp(SALE + 3 + 3 * SPACING);
        (uint256 confirmed, uint256 eventAt) = trigger.observeSale(terms, mark, SALE);
        Fuzz.assertEqual(confirmed, 3.5e18, "both");
        Fuzz.assertEqual(eventAt, SALE + 2, "the later one");
    }

    function test_CLM04_WhatNobodyObservedBeforeItsRecordWasReplacedIsLost() public {
        sell(90e18, LONG);
        sellAt(SALE + 60, 100e18, BASE, LONG);
        vm.warp(SALE + 61);
        vm.expectRevert(
            abi.encodeWithSelector(
                LiquidationErrorTrigger.LiquidationErrorTrigger_UnknownSale.selector,
                terms,
                mark,
                SALE
            )
        );
        trigger.observeSale(terms, mark, SALE);
    }

    /// @dev Neither a claimant nor an underwriter goes on until the price suits him.
    function test_CLM04_WhatASaleIsConfirmedWithStays() public {
        sell(90e18, LONG);
        oracle.set(98e18);
        observeThrice(SALE);
        assertAnswer(0.31e18, SALE);
        oracle.set(200e18);
        for (uint256 i = 1; i < 4; ++i) observeAt(SALE + 2 * SPACING + 1 + i);
        observeAt(SALE + WINDOW);
        assertAnswer(0.31e18, SALE);
        oracle.set(90e18);
        observeAt(SALE + WINDOW);
        assertAnswer(0.31e18, SALE);
    }

    /// @dev CLM-08: neither for another series nor for another market.
    function test_CLM08_ARowSpeaksOfOneSeries() public {
        vm.warp(START + 1);
        uint256 other = trigger.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertEqual(other, ((START + 1) << 128) | 100e18, "time and price");
        LiquidationErrorTrigger.Definition memory given = definition();
        given.market = MarketId.wrap(4);
        bytes32 elsewhere = trigger.defineTerms(given);
        sell(90e18, LONG);
        observeThrice(SALE);
        assertAnswer(0.5e18, SALE);
        (uint256 payout, , ) = trigger.evaluate(elsewhere, mark);
        Fuzz.assertEqual(payout, 0, "another market");
        vm.warp(SALE + WINDOW + 1);
        (payout, , ) = trigger.evaluate(terms, other);
        Fuzz.assertEqual(payout, 0, "another series");
    }

    function test_CLM04_TheVerifierPaysASaleInsideTheCover() public {
        MockToken token = new MockToken("Test Dollar", "USDT", 6);
        ClaimVerifier verifier = new ClaimVerifier(address(token), 100e6, 1e6, address(0xFEE));
        token.mint(address(this), 100e6);
        token.approve(address(verifier), 100e6);
        uint40 endsAt = uint40(SALE);
        verifier.registerSeries(SERIES, address(trigger), terms, 0.4e18, endsAt, endsAt + 7 days);
        sell(90e18, LONG);
        observeAt(SALE + 1);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, trigger));
        verifier.open(address(this), SERIES);
        observeAt(SALE + 1 + SPACING);
        observeAt(SALE + 1 + 2 * SPACING);
        verifier.open(address(this), SERIES);
        Fuzz.assertEqual(verifier.incidentOf(address(this), SERIES).eventAt, SALE, "in its last second");
        Fuzz.assertEqual(verifier.resolve(address(this), SERIES), 0.4e18, "up to the limit");
        Fuzz.assertEqual(token.balanceOf(address(this)), 100e6, "the bond");
    }

    function test_CLM04_ASaleAfterTheCoversEndIsNotPaid() public {
        MockToken token = new MockToken("Test Dollar", "USDT", 6);
        ClaimVerifier verifier = new ClaimVerifier(address(token), 1, 0, address(0xFEE));
        uint40 endsAt = uint40(SALE) - 1;
        verifier.registerSeries(SERIES, address(trigger), terms, 0.4e18, endsAt, endsAt + 7 days);
        sell(90e18, LONG);
        observeThrice(SALE);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingHappened.selector, 0.4e18, 0, SALE));
        verifier.open(address(this), SERIES);
    }
}
