// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {ExitRequest, ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {COOLDOWN, LAPSE, MAX_DELAY, REPORTING, WEEK} from "../../../contracts/types/CoverageTerms.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev R4, INV-19 in the whole system: Mallory holds the longest cover there is, on a trigger that answers when she opens an incident and
/// never when it is to be decided. She opens one, lets it lapse, waits for the pause to end, and opens the next, as long as she may; and each
/// week she buys cover of another series and does the same there. Alice asked to leave in the week in which the first cover was sold.
contract IncidentDelaysTest {
    uint256 private constant USD = 1e6;
    /// @dev The beginning of a week.
    uint256 private constant START = 3_000 * WEEK;
    uint256 private constant OPEN_AT = START + 6 * WEEK;
    uint256 private constant REOPEN_PAUSE = 1 hours;
    uint96 private constant LIMIT = 1e18;
    bytes32 private constant TERMS = bytes32(uint256(7));
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);
    address private constant MALLORY = address(0xBAD);

    System private system;
    ICoverageVault private vault;
    ClaimVerifier private verifier;
    MockToken private usd;
    MockTrigger private trigger;
    ProductId private product;
    TrancheShare private junior;
    SeriesId[] private _series;
    /// @dev By series: when its incident lapses, 0 while none is open; and from when on the next one may be opened.
    uint256[] private _lapsesAt;
    uint256[] private _opensAt;
    PurchaseId[] private _unminted;
    uint256 private incidents;
    uint256 private shown;

    function setUp() public {
        vm.warp(START);
        system = new System(address(0xFEE));
        (vault, verifier, usd) = (system.vault(), system.verifier(), system.usd());
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        trigger = new MockTrigger();
        _deposit(ALICE, 400);
        _deposit(BOB, 600);
        bytes32 model = system.hazard(0.02e18);
        vm.prank(address(system));
        product = vault.announceProduct(
            ProductTerms({
                trigger: address(trigger),
                terms: TERMS,
                sides: 0,
                minLimit: 0.01e18,
                maxLimit: 100e18,
                maxTermWeeks: 10,
                capacityShareBps: 100_00,
                model: model,
                waiting: 24 hours
            })
        );
        usd.mint(MALLORY, 1_000_000 * USD);
        vm.startPrank(MALLORY);
        usd.approve(address(vault), type(uint256).max);
        usd.approve(address(verifier), type(uint256).max);
        vm.stopPrank();
        vm.warp(OPEN_AT);
        // 880 of 1,000: all that is free after the floor of 100, less a little for rounding. Bound before Alice asks, in the same second.
        PurchaseId purchase = _buyCover(880e18, 10);
        vm.prank(ALICE);
        junior.requestRedeem(400e18, ALICE, ALICE);
        vm.warp(OPEN_AT + 24 hours);
        Fuzz.assertTrue(vault.complete(purchase), "minted");
    }

    /// @dev Every six hours she does what she can, and Alice tries to leave: to the second at which nothing is withheld any more she gets
    /// what survives a loss of all cover, and in that second all.
    function test_R4_INV19_IncidentsOpenedAgainAndAgainHoldAnExitForTheLongestDelayAndNotLonger() public {
        uint256 last = OPEN_AT + COOLDOWN + MAX_DELAY;
        uint256 openFor;
        for (uint256 time = OPEN_AT + 30 hours; time < last; time += 6 hours) {
            vm.warp(time);
            if ((time - OPEN_AT) % WEEK == 6 hours && time < OPEN_AT + 8 * WEEK) _tryToBuyMore();
            _holdUp();
            if (_isAnyOpen()) openFor += 6 hours;
            if (time >= OPEN_AT + COOLDOWN) _tryToLeave();
        }
        // She did hold it up: incidents were open nearly all the time, and Alice waits for most of hers.
        Fuzz.assertTrue(incidents >= 6, "she could renew them");
        Fuzz.assertTrue(openFor * 10 > (last - OPEN_AT) * 9, "nearly all the time");
        Fuzz.assertTrue(usd.balanceOf(ALICE) * 2e12 < _worth(), "what survives all cover is less than half");

        vm.warp(last - 1);
        _tryToLeave();
        Fuzz.assertTrue(vault.exitRequestOf(Tranche.Junior, ALICE).shares > 0, "a second before she still waits");
        vm.warp(last);
        _releaseAll();
        vault.accrue();
        ExitRequest memory request = vault.exitRequestOf(Tranche.Junior, ALICE);
        uint256 rest = junior.convertToAssets(request.shares) - request.advanced / 1e12;
        vm.prank(ALICE);
        uint256 paid = junior.claimExit(ALICE);
        Fuzz.assertEqual(vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0, "all her shares are paid");
        Fuzz.assertBetween(paid, rest - 1, rest + 1, "the whole of what was left");
        Fuzz.assertTrue(rest > 200 * USD && usd.balanceOf(ALICE) > 400 * USD, "which is most of it");
    }

    /// @dev Without incidents cover alone holds what it needs, until a week after its end.
    function test_INV19_WithoutIncidentsTheCoversEndIsEnough() public {
        vm.warp(OPEN_AT + COOLDOWN);
        _tryToLeave();
        Fuzz.assertTrue(vault.exitRequestOf(Tranche.Junior, ALICE).isWithheld, "cover needs it");
        vm.warp(OPEN_AT + 10 * WEEK + REPORTING + 1);
        vault.release(_series[0]);
        vm.prank(ALICE);
        junior.claimExit(ALICE);
        Fuzz.assertEqual(vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0, "all her shares are paid");
        Fuzz.assertTrue(usd.balanceOf(ALICE) > 400 * USD, "with the premium");
    }

    /* MALLORY */

    function _holdUp() private {
        for (uint256 i = 0; i < _series.length; ++i) {
            if (_lapsesAt[i] != 0 && block.timestamp >= _lapsesAt[i]) {
                verifier.lapse(address(vault), _series[i]);
                (_lapsesAt[i], _opensAt[i]) = (0, block.timestamp + REOPEN_PAUSE);
            }
            uint256 endsAt = vault.seriesOf(_series[i]).endsAt;
            bool isReportable = block.timestamp <= endsAt + REPORTING;
            if (_lapsesAt[i] == 0 && block.timestamp >= _opensAt[i] && isReportable) _open(i, endsAt);
        }
    }

    function _open(uint256 index, uint256 endsAt) private {
        uint256 eventAt = block.timestamp < endsAt ? block.timestamp : endsAt;
        trigger.setMode(MockTrigger.Mode.Honest);
        trigger.setFact(TERMS, ++shown + 1e18, eventAt, 1);
        vm.prank(MALLORY);
        verifier.open(address(vault), _series[index]);
        vault.sync(_series[index]);
        trigger.setMode(MockTrigger.Mode.Reverts);
        _lapsesAt[index] = block.timestamp + LAPSE;
        ++incidents;
    }

    /// @dev As much as is for sale: capital that has not asked to leave, which is none or little.
    function _tryToBuyMore() private {
        trigger.setMode(MockTrigger.Mode.Honest);
        trigger.setFact(TERMS, 0, 0, 0);
        try this.buyCoverOf(20e18) {} catch {}
        trigger.setMode(MockTrigger.Mode.Reverts);
    }

    /// @dev External so that a refusal can be caught.
    function buyCoverOf(uint96 units) external {
        PurchaseId purchase = _buyCover(units, 10);
        _unminted.push(purchase);
    }

    function _buyCover(uint96 units, uint256 weeks_) private returns (PurchaseId purchase) {
        SeriesId series = vault.openSeries(product, LIMIT, uint32(block.timestamp / WEEK + weeks_));
        vm.prank(MALLORY);
        (purchase, ) = vault.buy(series, units, type(uint256).max, MALLORY);
        _series.push(series);
        _lapsesAt.push(0);
        _opensAt.push(0);
    }

    function _isAnyOpen() private view returns (bool) {
        for (uint256 i = 0; i < _series.length; ++i) if (_lapsesAt[i] != 0) return true;
        return false;
    }

    /* ALICE */

    function _tryToLeave() private {
        _syncAll();
        vm.prank(ALICE);
        try junior.claimExit(ALICE) returns (uint256) {} catch {}
    }

    function _syncAll() private {
        for (uint256 i = 0; i < _series.length; ++i) vault.sync(_series[i]);
    }

    /// @dev Anyone ends what can be ended: incidents whose time is over, series that nobody can report on.
    function _releaseAll() private {
        for (uint256 i = 0; i < _series.length; ++i) {
            if (_lapsesAt[i] != 0 && block.timestamp >= _lapsesAt[i]) verifier.lapse(address(vault), _series[i]);
            vault.sync(_series[i]);
            try vault.release(_series[i]) {} catch {}
        }
    }

    function _worth() private view returns (uint256) {
        return junior.convertToAssets(400e18) * 1e12;
    }

    function _deposit(address owner, uint256 amount) private {
        usd.mint(owner, amount * USD);
        vm.startPrank(owner);
        usd.approve(address(junior), amount * USD);
        junior.deposit(amount * USD, owner);
        vm.stopPrank();
    }
}
