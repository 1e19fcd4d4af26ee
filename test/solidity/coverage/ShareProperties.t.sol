// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ITrancheShare} from "../../../contracts/interfaces/ITrancheShare.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev ERC-4626's properties (round trips, previews, limits) for both tranches, over tokens of 0, 2, 6, 8 and 18 decimals, before and after a
/// loss that leaves the price of a share at anything between all and next to nothing (CVR-01).
contract SharePropertiesTest is VaultTest {
    struct Case {
        TrancheShare share;
        uint256 whole;
        uint256 first;
        uint256 second;
    }

    uint8[5] private decimalsOf = [0, 2, 6, 8, 18];

    /// @dev A vault, one deposit of 1 to 1,000,000 units in the tranche, and then a draw of up to 99% of it.
    function _case(uint8 kind, uint64 first, uint64 second, uint16 lossBps) private returns (Case memory c) {
        uint8 decimals = decimalsOf[kind % 5];
        build(decimals);
        c.whole = 10 ** decimals;
        c.share = kind & 128 == 0 ? junior : senior;
        // At least 20 units, so that the floor of one unit leaves something to draw.
        c.first = 20 * c.whole + (uint256(first) * c.whole * 1_000_000) / type(uint64).max;
        c.second = 1 + (uint256(second) * c.whole * 1_000_000) / type(uint64).max;
        depositNative(c.share, ALICE, c.first);
        uint256 loss = (((c.first * UNIT) / c.whole) * (lossBps % 90_00)) / 100_00;
        if (loss == 0) return c;
        commit((c.first / c.whole) - 1);
        draw(loss);
    }

    function testFuzz_CVR01_a_deposit_mints_what_its_preview_said(
        uint8 kind,
        uint64 first,
        uint64 second,
        uint16 lossBps
    ) external {
        Case memory c = _case(kind, first, second, lossBps);
        uint256 foretold = c.share.previewDeposit(c.second);
        assertEq("preview = conversion", foretold, c.share.convertToShares(c.second));
        uint256 assets = c.share.totalAssets();
        uint256 supply = c.share.totalSupply();
        assertEq("shares", depositNative(c.share, BOB, c.second), foretold);
        assertEq("balance", c.share.balanceOf(BOB), foretold);
        assertEq("supply", c.share.totalSupply(), supply + foretold);
        assertEq("assets", c.share.totalAssets(), assets + c.second);
    }

    function testFuzz_CVR01_conversions_never_gain_by_a_round_trip(
        uint8 kind,
        uint64 first,
        uint64 second,
        uint16 lossBps
    ) external {
        Case memory c = _case(kind, first, second, lossBps);
        uint256 shares = c.share.convertToShares(c.second);
        assertTrue("assets", c.share.convertToAssets(shares) <= c.second);
        assertTrue("shares", c.share.convertToShares(c.share.convertToAssets(shares)) <= shares);
        assertTrue("all of it", c.share.convertToAssets(c.share.totalSupply()) <= c.share.totalAssets());
    }

    function testFuzz_INV11_in_and_out_pays_back_all_but_a_unit_and_costs_the_others_nothing(
        uint8 kind,
        uint64 first,
        uint64 second,
        uint16 lossBps
    ) external {
        Case memory c = _case(kind, first, second, lossBps);
        uint256 before = c.share.convertToAssets(c.share.balanceOf(ALICE));
        depositNative(c.share, BOB, c.second);
        uint256 held = c.share.convertToAssets(c.share.balanceOf(ALICE));
        // A unit of rounding, and what the virtual shares take below a price of 1: at most VIRTUAL wei (TrancheMath).
        uint256 slack = 2 + c.share.convertToAssets(1) + (VIRTUAL * c.whole) / UNIT;
        assertTrue("Alice while he is in", held + slack >= before && held <= before + slack);
        request(c.share, BOB);
        skip(COOLDOWN);
        uint256 paid = claim(c.share, BOB);
        assertEq("moved", token.balanceOf(BOB), paid);
        assertTrue("no gain", paid <= c.second);
        assertTrue("no loss", paid + slack >= c.second);
        uint256 left = c.share.convertToAssets(c.share.balanceOf(ALICE));
        assertTrue("Alice when he has left", left >= before && left <= before + slack);
    }

    function testFuzz_INV10_a_loss_takes_the_same_part_of_every_share(
        uint8 kind,
        uint64 first,
        uint64 second,
        uint16 lossBps
    ) external {
        Case memory c = _case(kind, first, second, 0);
        uint256 mine = depositNative(c.share, BOB, c.second);
        uint256 shares = c.share.balanceOf(ALICE);
        uint256 loss = (((c.first * UNIT) / c.whole) * (lossBps % 90_00)) / 100_00;
        commit((c.first / c.whole) - 1);
        draw(loss);
        uint256 perShare = c.share.convertToAssets(shares);
        // assets_B / shares_B = assets_A / shares_A within the unit that each is rounded by.
        uint256 expected = (perShare * mine) / shares;
        uint256 actual = c.share.convertToAssets(mine);
        uint256 unit = 1 + mine / shares;
        assertTrue("same part", actual + unit >= expected && actual <= expected + unit);
    }

    function testFuzz_CVR01_what_maxDeposit_says_fits_and_a_unit_more_does_not(uint8 kind, uint64 first) external {
        Case memory c = _case(kind, first, 0, 0);
        uint256 most = c.share.maxDeposit(BOB);
        fill(BOB, most + 1);
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, most + 1, most)
        );
        c.share.deposit(most + 1, BOB);
        vm.prank(BOB);
        c.share.deposit(most, BOB);
        assertEq("nothing more", c.share.maxDeposit(BOB), 0);
    }

    function test_CVR06_exits_are_by_request_so_the_limits_of_the_others_are_zero() external {
        for (uint256 i = 0; i < 2; ++i) {
            TrancheShare share = i == 0 ? junior : senior;
            deposit(share, ALICE, 10);
            assertEq("mint", share.maxMint(ALICE), 0);
            assertEq("withdraw", share.maxWithdraw(ALICE), 0);
            assertEq("redeem", share.maxRedeem(ALICE), 0);
            vm.prank(ALICE);
            vm.expectRevert(abi.encodeWithSelector(ITrancheShare.TrancheShare_NotSupported.selector));
            share.redeem(1, ALICE, ALICE);
        }
    }

    function test_CVR01_a_token_of_nineteen_decimals_has_no_vault() external {
        for (uint256 decimals = 18; decimals < 256; decimals += 1) {
            if (decimals == 20) decimals = 255;
            (bool built, bytes memory reason) = address(this).call(abi.encodeCall(this.buildFor, (uint8(decimals))));
            assertTrue("18 and no more", built == (decimals == 18));
            if (built) continue;
            assertTrue("and why", bytes4(reason) == ICoverageVaultEvents.CoverageVault_InvalidLink.selector);
        }
    }

    function buildFor(uint8 decimals) external {
        build(decimals);
    }

    function test_CVR01_errors_are_the_vaults_own_where_the_amount_is() external {
        fill(BOB, 1);
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_InvalidAmount.selector,
                0,
                uint256(type(uint96).max) / 1e12
            )
        );
        junior.deposit(0, BOB);
    }
}
