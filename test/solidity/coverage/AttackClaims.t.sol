// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {AttackVault} from "./AttackVault.sol";

/// @dev A vault on the real verifier, whose trigger misbehaves. Junior 300, of which Alice has asked to leave with 100; Carol holds 20 tokens
/// with a limit of 10. The bond is 10, of which a lapse keeps 1.
contract AttacksThroughClaimsTest is AttackVault {
    uint256 private constant BOND = 10e6;
    bytes32 private constant TERMS = "terms";

    ClaimVerifier private claims;
    MockTrigger private trigger;
    SeriesId private series;
    uint256 private endsAt;

    function setUp() public override {
        super.setUp();
        claims = new ClaimVerifier(address(token), BOND, 1e6, address(0xFEE));
        useVault(FUND, address(claims));
        trigger = new MockTrigger();
        ProductTerms memory product = terms();
        product.trigger = address(trigger);
        product.terms = TERMS;
        deposit(junior, ALICE, 100);
        deposit(junior, BOB, 200);
        series = openSeries(list(product), 10, 10);
        endsAt = block.timestamp + 10 * WEEK;
        insure(series, CAROL, 5);
    }

    function show(uint256 payout) private {
        trigger.setFact(TERMS, payout, block.timestamp, 1);
    }

    function open(address who) private {
        token.mint(who, BOND);
        vm.startPrank(who);
        token.approve(address(claims), BOND);
        claims.open(address(vault), series);
        vm.stopPrank();
    }

    /* DEAD AND HOSTILE TRIGGERS */

    /// @dev CLM-06: while the trigger gives no answer nothing is sold and whoever waits gets his premium back; what was bought stays covered,
    /// exits and redemption go on, and nobody pays for gas that the trigger burns beyond its limit.
    function test_CLM06_a_trigger_without_an_answer_stops_sales_only() external {
        (PurchaseId purchase, uint256 premium) = buyFor(series, MALLORY, 2);
        skip(1 days);
        MockTrigger.Mode[3] memory modes = [
            MockTrigger.Mode.Reverts,
            MockTrigger.Mode.Short,
            MockTrigger.Mode.BurnsGas
        ];
        uint256 state = vm.snapshotState();
        for (uint256 i = 0; i < 3; ++i) {
            trigger.setMode(modes[i]);
            expectNotForSale(series);
            vault.buy(series, uint96(UNIT), 1, MALLORY);
            uint256 gasBefore = gasleft();
            assertTrue("refunded", !vault.complete(purchase));
            assertTrue("bounded gas", gasBefore - gasleft() < 1_700_000);
            assertEq("premium", token.balanceOf(MALLORY), premium);
            assertEq("sync", vault.sync(series), 0);
            request(junior, ALICE);
            skip(COOLDOWN);
            assertTrue("exits go on", claim(junior, ALICE) >= 100 * NATIVE);
            vm.warp(endsAt + 7 days + 1);
            vault.release(series);
            assertEq("and cover ends", vault.books().liability, 0);
            vm.revertToState(state);
        }
    }

    /// @dev Starving the trigger of gas would turn another's purchase into a refund, just before a loss. It is not possible.
    function test_CVR07_nobody_turns_a_purchase_into_a_refund_by_starving_the_trigger() external {
        (PurchaseId purchase, ) = buyFor(series, CAROL, 2);
        skip(1 days);
        uint256 starved;
        for (uint256 gas_ = 100_000; gas_ < 1_900_000; gas_ += 50_000) {
            (bool success, bytes memory result) = address(vault).call{gas: gas_}(
                abi.encodeCall(vault.complete, (purchase))
            );
            if (success) {
                assertTrue("minted", abi.decode(result, (bool)));
                break;
            }
            if (bytes4(result) == GuardedCall.GuardedCall_InsufficientGas.selector) ++starved;
            assertEq("waits", vault.purchaseOf(purchase).units, 2 * UNIT);
        }
        assertTrue("was starved", starved > 0);
        assertEq("tokens", cover.balanceOf(CAROL, SeriesId.unwrap(series)), 7 * UNIT);
    }

    /// @dev The longest that an incident which nobody can decide holds up an exit: 14 days, at the cost of a fee each time.
    function test_CLM06_an_undecidable_incident_holds_an_exit_for_fourteen_days() external {
        request(junior, ALICE);
        skip(COOLDOWN);
        show(10 * UNIT);
        open(MALLORY);
        trigger.setMode(MockTrigger.Mode.Reverts);
        vault.sync(series);
        VaultBooks memory books = vault.books();
        assertEq("at risk", books.atRisk, 50 * UNIT);
        uint256 survives = ((100 * UNIT * (books.junior - 50 * UNIT + VIRTUAL)) / (300 * UNIT + VIRTUAL)) / 1e12;
        assertEq("what survives", claim(junior, ALICE), survives);
        skip(14 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_TooEarly.selector, block.timestamp + 1));
        claims.lapse(address(vault), series);
        skip(1);
        claims.lapse(address(vault), series);
        assertEq("the bond less the fee", token.balanceOf(MALLORY), BOND - 1e6);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_NotSynced.selector, 1, 2));
        claim(junior, ALICE);
        vault.sync(series);
        assertTrue("the rest", claim(junior, ALICE) > 16 * NATIVE);
        assertEq("gone", vault.exitRequestOf(Tranche.Junior, ALICE).shares, 0);
    }

    /* INCIDENTS AS A WEAPON */

    /// @dev A dust loss, reported first and left open, neither caps nor delays what the holders get: anyone decides it, and the rest is a new
    /// incident without a pause.
    function test_CLM01_a_dust_incident_neither_caps_nor_delays_the_payout() external {
        skip(1);
        show(1);
        open(MALLORY);
        skip(1);
        show(4 * UNIT);
        claims.resolve(address(vault), series);
        assertEq("all that happened", vault.sync(series), 4 * UNIT);
        assertEq("paid", redeem(series, CAROL, 2 * UNIT), 8 * NATIVE);
        skip(1);
        show(9 * UNIT);
        open(MALLORY);
        claims.resolve(address(vault), series);
        assertEq("and again", redeem(series, CAROL, 3 * UNIT), 27 * NATIVE);
        assertEq("bonds are back", token.balanceOf(MALLORY), 2 * BOND);
        assertEq("liability", vault.books().liability, 0);
    }

    /// @dev An incident opened in the last second of the reporting time cannot be outrun by releasing the series.
    function test_CVR04_release_does_not_outrun_a_report_of_the_last_second() external {
        vm.warp(endsAt);
        show(3 * UNIT);
        vm.warp(endsAt + 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_TooEarly.selector, endsAt + 7 days + 1)
        );
        vault.release(series);
        open(CAROL);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_IncidentOpen.selector, series));
        vault.release(series);
        claims.resolve(address(vault), series);
        vault.release(series);
        assertEq("paid", redeem(series, CAROL, 5 * UNIT), 15 * NATIVE);
        assertSound();
    }

    /// @dev CLM-08: the same series number and trigger of another vault, with incidents of its own, means nothing here.
    function test_CLM08_a_forged_vault_neither_blocks_nor_pays() external {
        vm.startPrank(MALLORY);
        claims.registerSeries(series, address(trigger), TERMS, 1, uint40(endsAt), uint40(endsAt));
        token.mint(MALLORY, BOND);
        token.approve(address(claims), BOND);
        skip(1);
        show(1);
        claims.open(MALLORY, series);
        vm.stopPrank();
        show(0);
        assertEq("decided here", claims.transitionsOf(address(vault)), 0);
        request(junior, BOB);
        skip(COOLDOWN);
        assertTrue("exits are not held", claim(junior, BOB) >= 200 * NATIVE);
        expectAmount(UNIT, 5 * UNIT);
        redeem(series, CAROL, UNIT);
    }

    /// @dev Without a fact nothing is opened, so that no bond, however large, holds up an exit.
    function test_CLM01_no_incident_without_a_fact() external {
        token.mint(MALLORY, BOND);
        vm.startPrank(MALLORY);
        token.approve(address(claims), BOND);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingHappened.selector, 0, 0, 0));
        claims.open(address(vault), series);
        trigger.setFact(TERMS, 5 * UNIT, block.timestamp + 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger)));
        claims.open(address(vault), series);
        vm.stopPrank();
        assertEq("bond", token.balanceOf(MALLORY), BOND);
    }
}
