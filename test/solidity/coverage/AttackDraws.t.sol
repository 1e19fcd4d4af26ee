// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockWallet} from "../../../contracts/mocks/MockWallet.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A draw is the one door that the vault's lock does not close. The fund is a wallet here, and the token lets it draw in the middle of
/// everything that moves tokens: each time it must end as if the draw had come just before or just after.
contract AttacksByDrawsTest is AttackVault {
    MockWallet private fund;

    function setUp() public override {
        super.setUp();
        fund = new MockWallet();
        useVault(address(fund), address(verifier));
        deposit(junior, ALICE, 40);
        deposit(junior, BOB, 60);
    }

    function drawInside(uint256 amount) private {
        bytes memory inside = abi.encodeCall(vault.draw, (SEGMENT, amount));
        token.setReentry(address(fund), abi.encodeCall(MockWallet.execute, (address(vault), inside)));
    }

    function assertDrawn() private view {
        assertEq("called back", token.reentries(), 1);
        assertTrue("and drew", token.reentrySucceeded());
    }

    function test_CVR10_a_draw_inside_an_exit_is_borne_by_who_stays() external {
        commit(90);
        request(junior, ALICE);
        skip(COOLDOWN);
        drawInside(30 * UNIT);
        assertEq("as before it", claim(junior, ALICE), 40 * NATIVE);
        assertDrawn();
        assertEq("Bob's", vault.books().junior, 30 * UNIT);
        assertEq("shares", junior.totalSupply(), 60 * UNIT);
        // 59 were committed after her exit.
        assertEq("committed", vault.books().committed, 29 * UNIT);
        assertSound();
    }

    function test_CVR02_a_draw_inside_a_purchase_leaves_what_was_just_sold() external {
        commit(40);
        SeriesId series = newSeries(5, 8);
        drawInside(type(uint256).max);
        buyFor(series, CAROL, 10);
        assertDrawn();
        VaultBooks memory books = vault.books();
        assertEq("junior", books.junior, 60 * UNIT);
        assertEq("liability", books.liability, 50 * UNIT);
        assertEq("committed", books.committed, 0);
        assertSound();
    }

    function test_CVR05_a_draw_inside_a_deposit_that_ends_the_epoch_spares_it() external {
        deposit(senior, CAROL, 200);
        commit(250);
        drawInside(100 * UNIT);
        assertEq("one for one", deposit(junior, MALLORY, 10), 10 * UNIT);
        assertDrawn();
        assertEq("epoch", vault.epochOf(Tranche.Junior), 1);
        assertEq("junior", vault.books().junior, 10 * UNIT);
        assertEq("old shares", junior.balanceOf(ALICE), 0);
        assertSound();
    }

    function test_FND11_a_draw_inside_a_collection_is_collected_the_next_time() external {
        commit(90);
        fund.execute(address(vault), abi.encodeCall(vault.draw, (SEGMENT, 20 * UNIT)));
        drawInside(10 * UNIT);
        fund.execute(address(vault), abi.encodeCall(vault.collect, (SEGMENT)));
        assertDrawn();
        assertEq("collected", token.balanceOf(address(fund)), 20 * NATIVE);
        assertEq("owed", vault.owedTo(SEGMENT), 10 * UNIT);
        token.setMode(HostileToken.Mode.Honest);
        fund.execute(address(vault), abi.encodeCall(vault.collect, (SEGMENT)));
        assertEq("the rest", token.balanceOf(address(fund)), 30 * NATIVE);
        assertEq("in all", vault.books().owedToFund, 0);
    }

    /// @dev The payout is in the books before anything is sent: a draw can only take what is left beside it.
    function test_INV12_a_draw_inside_a_redemption_leaves_the_other_holders_whole() external {
        commit(40);
        SeriesId series = newSeries(5, 8);
        insure(series, CAROL, 5);
        insure(series, MALLORY, 5);
        verifier.close(series, 5 * UNIT);
        drawInside(type(uint256).max);
        assertEq("Carol", redeem(series, CAROL, 5 * UNIT), 25 * NATIVE);
        assertDrawn();
        assertEq("Mallory", redeem(series, MALLORY, 5 * UNIT), 25 * NATIVE);
        assertTrue("the floor", vault.books().junior >= UNIT);
        assertSound();
    }

    /// @dev And inside a refund, whose cover is no longer bound then.
    function test_CVR07_a_draw_inside_a_refund_leaves_the_escrow() external {
        commit(40);
        SeriesId series = newSeries(5, 8);
        (PurchaseId purchase, uint256 premium) = buyFor(series, CAROL, 10);
        verifier.open(series);
        drawInside(type(uint256).max);
        assertTrue("refunded", !vault.complete(purchase));
        assertDrawn();
        assertEq("premium", token.balanceOf(CAROL), premium);
        assertEq("junior", vault.books().junior, 60 * UNIT);
        assertSound();
    }
}
