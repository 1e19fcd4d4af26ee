// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockDistress} from "../../../contracts/mocks/MockDistress.sol";
import {ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {ProductId, SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev Errors of the vault that no other test triggers, with their values.
contract VaultErrorsTest is AttackVault {
    /* SET-UP */

    function test_CVR01_set_up_refuses_links_that_cannot_work() external {
        VaultStorage.Settings memory settings = settingsWith(FUND, address(verifier), UNIT);
        settings.fund = address(0);
        expectInvalidLink(settings, address(0));
        settings = settingsWith(FUND, ALICE, UNIT);
        expectInvalidLink(settings, ALICE);
        settings.verifier = IClaimVerifier(address(verifier));

        HostileToken wide = new HostileToken(19);
        settings.house = IClearingHouse(address(new MockDistress(address(wide))));
        expectInvalidLink(settings, address(wide));
        settings.house = IClearingHouse(address(new MockDistress(ALICE)));
        expectInvalidLink(settings, ALICE);
        wide.setDecimals(18);
        settings.house = IClearingHouse(address(new MockDistress(address(wide))));
        new CoverageVaultExtension(settings, model);
    }

    function expectInvalidLink(VaultStorage.Settings memory settings, address wrong) private {
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidLink.selector, wrong));
        new CoverageVaultExtension(settings, model);
    }

    function test_CVR01_set_up_refuses_floors_below_dust_and_above_the_ledger() external {
        uint256 max = type(uint96).max;
        VaultStorage.Settings memory settings = settingsWith(FUND, address(verifier), 1e6 - 1);
        expectAmount(1e6 - 1, max);
        new CoverageVaultExtension(settings, model);
        settings.floor = max + 1;
        expectAmount(max + 1, max);
        new CoverageVaultExtension(settings, model);
        settings.floor = 1e6;
        new CoverageVaultExtension(settings, model);
        settings.floor = max;
        new CoverageVaultExtension(settings, model);
    }

    /* DOORS THAT ONLY THE SHARES MAY USE */

    function test_CVR06_only_the_tranches_own_share_books_exits() external {
        deposit(junior, ALICE, 10);
        request(junior, ALICE);
        address[2] memory wrong = [MALLORY, address(senior)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_NotLinked.selector,
                wrong[i],
                address(junior)
            );
            vm.startPrank(wrong[i]);
            vm.expectRevert(reason);
            vault.onDeposit(Tranche.Junior, NATIVE, 0);
            vm.expectRevert(reason);
            vault.onExitRequest(Tranche.Junior, ALICE, 1);
            vm.expectRevert(reason);
            vault.onExitCancel(Tranche.Junior, ALICE);
            vm.expectRevert(reason);
            vault.onExit(Tranche.Junior, ALICE, MALLORY, UNIT);
            vm.expectRevert(reason);
            vault.onExitExpired(Tranche.Junior, ALICE, UNIT);
            vm.stopPrank();
        }
    }

    function test_CVR06_what_exits_by_request_replace_is_not_supported() external {
        bytes memory reason = abi.encodeWithSelector(ITrancheShare.TrancheShare_NotSupported.selector);
        vm.expectRevert(reason);
        junior.previewMint(1);
        vm.expectRevert(reason);
        junior.previewWithdraw(1);
        vm.expectRevert(reason);
        senior.previewRedeem(1);
        vm.expectRevert(reason);
        senior.mint(1, ALICE);
        vm.expectRevert(reason);
        senior.withdraw(1, ALICE, ALICE);
        vm.expectRevert(reason);
        senior.redeem(1, ALICE, ALICE);
        assertEq("maxMint", senior.maxMint(ALICE), 0);
        assertEq("maxWithdraw", senior.maxWithdraw(ALICE), 0);
    }

    /* PRODUCTS */

    /// @dev Every bound of a product from both sides. `wrong` breaks one at a time.
    function test_CVR03_every_bound_of_a_product_is_checked() external {
        for (uint256 i = 0; i < 8; ++i) {
            ProductTerms memory wrong = terms();
            if (i == 0) wrong.minLimit = 0;
            if (i == 1) wrong.maxLimit = wrong.minLimit - 1;
            if (i == 2) wrong.maxTermWeeks = 0;
            if (i == 3) wrong.maxTermWeeks = 11;
            if (i == 4) wrong.capacityShareBps = 0;
            if (i == 5) wrong.capacityShareBps = 100_01;
            if (i == 6) wrong.waiting = 24 hours - 1;
            if (i == 7) wrong.waiting = 7 days + 1;
            vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidProduct.selector, wrong));
            vault.announceProduct(wrong);
        }
        ProductTerms memory widest = terms();
        widest.maxLimit = widest.minLimit;
        widest.capacityShareBps = 1;
        widest.waiting = 7 days;
        vault.announceProduct(widest);
    }

    function test_R5_a_product_is_closed_once_and_by_right_only() external {
        expectNotOpen(ProductId.wrap(1), 0, false);
        vault.closeProduct(ProductId.wrap(1));
        ProductId product = vault.announceProduct(terms());
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, MALLORY));
        vault.closeProduct(product);
        vault.closeProduct(product);
        uint256 opensAt = block.timestamp + COOLDOWN + WINDOW + 1;
        expectNotOpen(product, opensAt, true);
        vault.closeProduct(product);
        vm.warp(opensAt);
        expectNotOpen(product, opensAt, true);
        vault.openSeries(product, uint96(UNIT), uint32(block.timestamp / WEEK + 5));
    }

    function expectNotOpen(ProductId product, uint256 opensAt, bool isClosed) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_ProductNotOpen.selector,
                product,
                opensAt,
                isClosed
            )
        );
    }

    /// @dev CVR-08: all of the capital at once costs 8% a year, the mean of the curve; the last tenth of it 46%. The model says 130% at most,
    /// the floor 3% at least.
    function test_CVR08_premiums_at_the_ends_of_what_can_be_set() external {
        deposit(junior, ALICE, 101);
        ProductTerms memory product = terms();
        product.model = hazard(uint64(UNIT));
        SeriesId dearest = openSeries(list(product), 10, 8);
        assertEq("130%", vault.previewPremium(dearest, uint96(10 * UNIT)), yearly(100 * UNIT, 1.3e18));
        product.model = hazard(1);
        SeriesId cheapest = openSeries(list(product), 10, 8);
        assertEq("8%", vault.previewPremium(cheapest, uint96(10 * UNIT)), yearly(100 * UNIT, 0.08e18));
        assertEq("3%", vault.previewPremium(cheapest, uint96(UNIT)), yearly(10 * UNIT, 0.03e18));
        assertEq("of a wei too", vault.previewPremium(cheapest, 1), 1);
        expectNoCapacity(100 * UNIT + 10, 100 * UNIT);
        vault.previewPremium(cheapest, uint96(10 * UNIT + 1));
        buy(cheapest, CAROL, 9);
        assertEq("46%", vault.previewPremium(cheapest, uint96(UNIT)), yearly(10 * UNIT, 0.46e18));
    }

    /// @dev For 55 days, rounded up to the token.
    function yearly(uint256 cost, uint256 rate) private pure returns (uint256) {
        uint256 exact = cost * rate * 55 days;
        uint256 wad = (exact - 1) / (365 days * UNIT) + 1;
        return (wad - 1) / 1e12 + 1;
    }

    /* COMMITMENTS */

    function test_CVR09_commitments_to_nobody_or_of_nothing_are_refused() external {
        expectAmount(5, type(uint96).max);
        vault.announceCommitment(SegmentId.wrap(0), 5);
        expectAmount(0, type(uint96).max);
        vault.announceCommitment(SEGMENT, 0);
    }

    function test_R3_nothing_is_committed_before_decisions_are_in_the_books() external {
        deposit(junior, ALICE, 100);
        SeriesId series = newSeries(1, 10);
        vault.announceCommitment(SEGMENT, uint96(50 * UNIT));
        skip(COOLDOWN + WINDOW + 1);
        verifier.open(series);
        verifier.close(series, 0);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 0, 2));
        vault.activateCommitment(SEGMENT);
        vault.sync(series);
        assertEq("added", vault.activateCommitment(SEGMENT), 50 * UNIT);
    }

    /* THE EXTENSION ALONE */

    /// @dev Its code works on the vault's storage. Called directly it has nothing to sell, to pay or to lock up, and neither takes ether.
    function test_CVR01_the_extension_called_directly_is_an_empty_vault() external {
        deposit(junior, ALICE, 100);
        SeriesId series = newSeries(1, 10);
        CoverageVaultExtension alone = CoverageVaultExtension(vault.extension());
        bytes memory unknown = abi.encodeWithSelector(
            ICoverageVaultEvents.CoverageVault_UnknownSeries.selector,
            series
        );
        vm.expectRevert(unknown);
        alone.buy(series, 1, 1, MALLORY);
        vm.expectRevert(unknown);
        alone.redeem(series, 1, MALLORY);
        expectNotOpen(ProductId.wrap(1), 0, false);
        alone.openSeries(ProductId.wrap(1), 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotLinked.selector, address(this), address(0))
        );
        alone.onDeposit(Tranche.Junior, 1, 0);
        alone.accrue();
        assertEq("the vault's", vault.books().junior, 100 * UNIT);
        (bool success, ) = address(vault).call{value: 1}("");
        assertTrue("no ether", !success);
        (success, ) = address(vault).call{value: 1}(abi.encodeCall(vault.sync, (series)));
        assertTrue("no ether with a call", !success);
    }
}
