// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {WholeWaterfallTest} from "./WholeWaterfall.t.sol";

/// @dev Attacks timed around a real bid: the house's own distress, the real verifier. Mallory has 300 of senior and is in her exit's
/// window when the crash comes; the winner holds cover of 50 ether.
contract AttacksAroundABidTest is WholeWaterfallTest {
    address private constant MALLORY = address(0xBAD);

    TrancheShare private junior;
    TrancheShare private senior;

    function setUp() public override {
        super.setUp();
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        senior = TrancheShare(vault.shareOf(Tranche.Senior));
        _underwrite(vault, Tranche.Senior, MALLORY, 300);
        vm.startPrank(MALLORY);
        senior.requestRedeem(senior.balanceOf(MALLORY), MALLORY, MALLORY);
        vm.stopPrank();
        _moveOn(24 days, 200);
        series = vault.openSeries(product, 10e18, uint32(block.timestamp / 7 days + 6));
        PurchaseId purchase = _buy(WINNER, 50e18);
        _moveOn(4 days, 200);
        require(vault.complete(purchase), "minted");
        _openPositions();
        _moveOn(1, 150);
    }

    function _crash() private {
        vm.prank(BIDDER);
        engine.bid(_request(BIDDER));
        assertEq(_charged(), 7e18, "charge per unit");
    }

    function _claimExit() private returns (uint256) {
        vm.prank(MALLORY);
        return senior.claimExit(MALLORY);
    }

    function _report() private {
        usd.mint(address(this), 10 * USD);
        usd.approve(address(system.verifier()), 10 * USD);
        system.verifier().open(address(vault), series);
    }

    /// @dev What her 300 shares are worth when `loss` is still to come, in the token's decimals, rounded down.
    function _worth(uint256 loss) private view returns (uint256) {
        return (300e18 * (vault.books().senior - loss + 1e6)) / (senior.totalSupply() + 1e6) / 1e12;
    }

    function _expectWithheld(uint256 advanced) private {
        uint256 whole = (300e18 * (vault.books().senior + 1e6)) / (senior.totalSupply() + 1e6) - advanced * 1e12;
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_ExitWithheld.selector, whole, whole));
    }

    /// @dev In the block of the bid and after it: the draw is borne, and all cover is withheld, though nobody has reported anything.
    function test_R4_AnExitInTheBlockOfTheBidLeavesTheUnreportedPayoutBehind() public {
        uint256 before = _worth(0);
        _crash();
        assertNear(before - _worth(0), (300 * USD * 300) / 2_300, 1 * USD, "her part of the 300 that senior was drawn");
        uint256 advanced = _worth(500e18);
        assertEq(_claimExit(), advanced, "what survives 500 of cover");
        // 350 are paid in the end. Of the other 150 she has her part when the hour is over, and no more than who stayed.
        _report();
        system.verifier().resolve(address(vault), series);
        vault.sync(series);
        _expectWithheld(advanced);
        _claimExit();
        _moveOn(1 hours, 150);
        uint256 whole = _worth(0);
        assertEq(advanced + _claimExit(), whole, "in all");
        assertEq(whole / 300, (vault.books().senior * USD) / senior.totalSupply(), "a share, as who stayed");
    }

    /// @dev Within the hour, before a report, with a report that the vault has not taken in, and with one that it has.
    function test_R4_NoDoorOpensWithinTheHour() public {
        _crash();
        uint256 advanced = _claimExit();
        _moveOn(1 hours - 1, 150);
        uint256 worth = _worth(500e18);
        assertEq(advanced + _claimExit(), worth, "the premium of an hour, no more");
        assertNear(worth - advanced, 0, USD / 100, "which is little");
        uint256 state = vm.snapshotState();
        _report();
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 0, 1));
        _claimExit();
        vault.sync(series);
        assertEq(vault.books().atRisk, 500e18, "at risk");
        _expectWithheld(worth);
        _claimExit();

        // Nobody has reported within the hour: then she leaves whole, as R4 says, and the holders are paid all the same.
        vm.revertToState(state);
        _moveOn(1, 150);
        uint256 whole = _worth(0);
        assertEq(worth + _claimExit(), whole, "in all");
        _report();
        system.verifier().resolve(address(vault), series);
        vm.prank(WINNER);
        assertEq(vault.redeem(series, 50e18, WINNER), 350 * USD, "7 for each of 50");
    }

    /// @dev Deposits in the block of the bid: before it they bear the draw, after it the payout that is not booked yet, never the draw.
    function test_CVR05_ADepositInTheBlockOfTheBidGainsNothing() public {
        uint256 state = vm.snapshotState();
        VaultBooks memory before = vault.books();
        _underwrite(vault, Tranche.Junior, MALLORY, 300);
        _crash();
        // Junior has 900 then, which is all that is committed: only premium is left of hers.
        VaultBooks memory books = vault.books();
        assertEq(before.junior + 300e18 - books.junior, 900e18, "junior bears all");
        assertNear(junior.convertToAssets(junior.balanceOf(MALLORY)), 0, USD, "hers");

        vm.revertToState(state);
        _crash();
        uint256 senior_ = vault.books().senior;
        _underwrite(vault, Tranche.Junior, MALLORY, 300);
        assertEq(junior.balanceOf(MALLORY), 300e18, "a new epoch, one for one");
        _report();
        system.verifier().resolve(address(vault), series);
        vault.sync(series);
        assertEq(vault.books().junior, 0, "300 of the 350 are hers to bear");
        assertEq(senior_ - vault.books().senior, 50e18, "and 50 senior's");
    }

    /// @dev A series that has seen a charge sells no more, reported or not. One opened after it does, and pays nothing for it.
    function test_CVR07_CoverBoughtAfterTheChargePaysNothingForIt() public {
        _crash();
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
        vault.buy(series, 1e18, 100 * USD, MALLORY);
        _underwrite(vault, Tranche.Junior, UNDERWRITER, 2_000);
        series = vault.openSeries(product, 10e18, uint32(block.timestamp / 7 days + 6));
        PurchaseId purchase = _buy(MALLORY, 10e18);
        _moveOn(72 hours, 150);
        require(vault.complete(purchase), "minted");
        ClaimVerifier verifier = system.verifier();
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingHappened.selector, 0, 0, 0));
        verifier.open(address(vault), series);
        vm.prank(MALLORY);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, 10e18, 10e18)
        );
        vault.redeem(series, 10e18, MALLORY);
    }
}
