// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev ERC-4626's properties while both tranches earn: cover in force whose premium streams in by the second, a holder whose shares wait in
/// the queue of exits, and any number of seconds since the vault was last written to (CVR-01, CVR-04, INV-11).
contract SharesUnderPremiumTest is VaultTest {
    struct Case {
        TrancheShare share;
        uint256 amount;
    }

    /// @dev 10 of premium or more for each case; the cover runs for another five weeks at least.
    function _case(uint8 kind, uint64 amount, uint32 elapsed) private returns (Case memory c) {
        c.share = kind & 1 == 0 ? junior : senior;
        c.amount = 1 + (uint256(amount) * NATIVE * 100_000) / type(uint64).max;
        deposit(junior, ALICE, 600);
        deposit(senior, ALICE, 1_400);
        deposit(c.share, CAROL, 50);
        ProductId product = list(terms());
        SeriesId series = openSeries(product, 10, 8);
        (uint256 purchase, ) = buy(series, address(0xB04E4), 1 + (kind >> 4));
        skip(1 days);
        require(vault.complete(PurchaseId.wrap(uint64(purchase))), "minted");
        if (kind & 2 != 0) request(c.share, CAROL);
        skip(elapsed % 3 weeks);
    }

    /// @dev What a tranche has is what it had and what it has earned since, though nobody has written that down yet.
    function testFuzz_CVR04_a_preview_counts_premium_that_nobody_has_booked(
        uint8 kind,
        uint64 amount,
        uint32 elapsed
    ) external {
        Case memory c = _case(kind, amount, elapsed);
        uint256 foretold = c.share.previewDeposit(c.amount);
        uint256 assets = c.share.totalAssets();
        uint256 supply = c.share.totalSupply();
        assertEq("shares", depositNative(c.share, BOB, c.amount), foretold);
        assertEq("supply", c.share.totalSupply(), supply + foretold);
        uint256 grown = c.share.totalAssets() - assets;
        assertTrue("assets, to a unit of rounding", grown >= c.amount && grown <= c.amount + 1);
        assertSound();
    }

    function testFuzz_CVR01_no_round_trip_gains(uint8 kind, uint64 amount, uint32 elapsed) external {
        Case memory c = _case(kind, amount, elapsed);
        uint256 shares = c.share.convertToShares(c.amount);
        assertTrue("assets", c.share.convertToAssets(shares) <= c.amount);
        assertTrue("shares", c.share.convertToShares(c.share.convertToAssets(shares)) <= shares);
    }

    /// @dev Nobody captures earned premium by coming late (CVR-04): those who were there keep what they had to the unit.
    function testFuzz_CVR04_INV11_a_late_deposit_takes_nothing_of_what_was_earned(
        uint8 kind,
        uint64 amount,
        uint32 elapsed
    ) external {
        Case memory c = _case(kind, amount, elapsed);
        uint256 before = c.share.convertToAssets(c.share.balanceOf(ALICE));
        uint256 shares = depositNative(c.share, BOB, c.amount);
        assertTrue("Bob has no more than he gave", c.share.convertToAssets(shares) <= c.amount);
        uint256 left = c.share.convertToAssets(c.share.balanceOf(ALICE));
        assertTrue("Alice has what she had", left + 1 >= before && left <= before + 1);
    }

    /// @dev From then on both earn, by their shares: the price of a share rises, and is the same for both.
    function testFuzz_CVR04_time_alone_never_lowers_a_share(uint8 kind, uint64 amount, uint32 elapsed) external {
        Case memory c = _case(kind, amount, elapsed);
        uint256 shares = depositNative(c.share, BOB, c.amount);
        uint256 mine = c.share.convertToAssets(shares);
        uint256 hers = c.share.convertToAssets(c.share.balanceOf(ALICE));
        for (uint256 i = 0; i < 3; ++i) {
            skip(1 + (elapsed % 1 weeks));
            assertTrue("mine", c.share.convertToAssets(shares) >= mine);
            assertTrue("hers", c.share.convertToAssets(c.share.balanceOf(ALICE)) >= hers);
            mine = c.share.convertToAssets(shares);
            hers = c.share.convertToAssets(c.share.balanceOf(ALICE));
            // Writing it down changes nothing that anyone has.
            vault.accrue();
            assertEq("booked", c.share.convertToAssets(shares), mine);
        }
        assertSound();
    }
}
