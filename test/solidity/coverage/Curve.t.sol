// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {ProductTerms} from "../../../contracts/types/Coverage.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {CurveState} from "../../../contracts/types/Premium.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev The curve that the vault keeps (CVR-08). 1,000 can be bound: junior 301 with a floor of 1, senior 700. A series of 10 weeks with a limit
/// of 10, whose model asks for next to nothing, so that scarcity decides.
contract CurveTest is VaultTest {
    /// @dev 50 e t is 1 at 90% of use (e = 1/2) after this time, and -1 at 40%; 1 at full use after half of it.
    uint256 private constant HALF_SPEED = 1_261_440;
    uint256 private constant FIRST_RATE = 0.04e18;
    /// @dev 0.04 e and 0.04 / e.
    uint256 private constant RISEN = 0.108731273138361809e18;
    uint256 private constant FALLEN = 0.014715177646857692e18;

    ProductId private product;
    SeriesId private series;

    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 301);
        deposit(senior, BOB, 700);
        ProductTerms memory scarce = terms();
        scarce.model = hazard(1);
        product = list(scarce);
        series = openSeries(product, 10, 10);
    }

    /* WHO WRITES IT */

    function test_CVR08_there_is_no_curve_before_the_first_purchase() external {
        vault.writeCurve();
        assertCurve(0, 0, 0);
        skip(100 days);
        series = openSeries(product, 10, 10);
        fill(CAROL, 100 * NATIVE);
        vm.startPrank(CAROL);
        vm.expectEmit(address(vault));
        emit ICoverageVaultEvents.CurveWritten(FIRST_RATE, 0.2e18);
        vault.buy(series, uint96(20 * UNIT), 100 * NATIVE, CAROL);
        vm.stopPrank();
        assertCurve(FIRST_RATE, 0.2e18, block.timestamp);
    }

    function test_CVR08_the_rate_grows_while_more_is_bound_than_the_kink() external {
        bind(90);
        skip(HALF_SPEED);
        vault.writeCurve();
        Fuzz.assertBetween(vault.curve().kinkRate, RISEN, RISEN + 2, "e times in 14.6 days at 90%");
        assertEq("use", vault.curve().utilisation, 0.9e18);
        assertEq("now", vault.curve().updatedAt, block.timestamp);
    }

    function test_CVR08_speed_is_fifty_a_year_at_full_use() external {
        bind(100);
        skip(HALF_SPEED / 2);
        vault.writeCurve();
        Fuzz.assertBetween(vault.curve().kinkRate, RISEN, RISEN + 2, "e times in 7.3 days");
    }

    function test_CVR08_the_rate_falls_while_less_is_bound_than_the_kink() external {
        bind(40);
        skip(HALF_SPEED);
        vault.writeCurve();
        Fuzz.assertBetween(vault.curve().kinkRate, FALLEN, FALLEN + 2, "by e in 14.6 days at 40%");
    }

    function test_CVR08_the_rate_stands_at_the_kink() external {
        bind(80);
        skip(HALF_SPEED);
        vault.writeCurve();
        assertEq("rate", vault.curve().kinkRate, FIRST_RATE);
    }

    /// @dev A purchase is priced by the rate of its own second: what was bound up to now counts without a write.
    function test_CVR08_a_purchase_is_priced_by_what_was_bound_before_it() external {
        bind(90);
        uint256 before = vault.previewPremium(series, uint96(UNIT));
        skip(HALF_SPEED);
        uint256 current = vault.previewPremium(series, uint96(UNIT));
        // 69 days are left of the term in the first quote, 54.4 in the second.
        uint256 expected = (before * RISEN * (69 days - HALF_SPEED)) / FIRST_RATE / 69 days;
        Fuzz.assertBetween(current, expected - 3, expected + 3, "e times, for a shorter time");
        vault.writeCurve();
        assertEq("a write changes nothing", vault.previewPremium(series, uint96(UNIT)), current);
        bind(1);
        Fuzz.assertBetween(vault.curve().kinkRate, RISEN, RISEN + 2, "and is written with the purchase");
        assertEq("use", vault.curve().utilisation, 0.91e18);
    }

    function test_CVR08_a_refund_writes_the_curve() external {
        PurchaseId purchase = bind(90);
        skip(HALF_SPEED);
        vault.complete(purchase); // Later than a week after its waiting time: refunded, less the time.
        Fuzz.assertBetween(vault.curve().kinkRate, RISEN, RISEN + 2, "rate");
        assertEq("free again", vault.curve().utilisation, 0);
        skip(HALF_SPEED / 2); // e = -1 at no use.
        vault.writeCurve();
        Fuzz.assertBetween(vault.curve().kinkRate, FIRST_RATE - 3, FIRST_RATE + 3, "back where it was");
    }

    function test_CVR08_minting_frees_nothing_and_writes_nothing() external {
        PurchaseId purchase = bind(90);
        uint256 boughtAt = block.timestamp;
        skip(1 days);
        vault.complete(purchase);
        assertCurve(FIRST_RATE, 0.9e18, boughtAt);
    }

    function test_CVR08_a_release_writes_the_curve() external {
        mint(90);
        vm.warp(vault.seriesOf(series).endsAt + 7 days + 1);
        vault.release(series);
        assertCurve(0.2e18, 0, block.timestamp);
    }

    /// @dev 40 of 90 tokens' 10 are paid to each: 360 of 1,000 are gone, and as much liability. 540 of 640 are left.
    function test_CVR08_a_payout_and_a_redemption_write_the_curve() external {
        mint(90);
        verifier.open(series);
        verifier.close(series, 4 * UNIT);
        vault.sync(series);
        uint256 used = vault.curve().utilisation;
        uint256 premiums = vault.books().junior + vault.books().senior - 641 * UNIT;
        assertEq("after the payout", used, up(540 * UNIT, 640 * UNIT + premiums));
        assertEq("now", vault.curve().updatedAt, block.timestamp);
        vm.prank(CAROL);
        vault.redeem(series, uint96(45 * UNIT), CAROL);
        assertEq("after the redemption", vault.curve().utilisation, up(270 * UNIT, 640 * UNIT + premiums));
    }

    /// @dev CVR-09, R1b: a draw calls and writes nothing; it counts from the next write on.
    function test_CVR08_a_draw_counts_from_the_next_write() external {
        commit(500);
        vm.warp(block.timestamp + WEEK - (block.timestamp % WEEK));
        series = openSeries(product, 10, 10);
        bind(40);
        uint256 boughtAt = block.timestamp;
        skip(1 days);
        draw(500 * UNIT);
        assertCurve(FIRST_RATE, 0.9e18, boughtAt);
        vault.writeCurve();
        assertEq("400 of 500", vault.curve().utilisation, 0.8e18);
    }

    function test_CVR08_a_deposit_counts_from_the_next_write() external {
        bind(90);
        deposit(junior, ALICE, 800);
        assertEq("not yet", vault.curve().utilisation, 0.9e18);
        vault.writeCurve();
        assertEq("900 of 1,800", vault.curve().utilisation, 0.5e18);
    }

    /* WHO CANNOT MOVE IT */

    /// @dev A request to leave can be taken back in the same second: it makes new cover dearer while it stands, and leaves no trace in the rate.
    function test_CVR08_asking_to_leave_and_taking_it_back_does_not_move_the_rate() external {
        bind(40);
        request(senior, BOB);
        request(junior, ALICE);
        vault.writeCurve();
        assertCurve(FIRST_RATE, 0.4e18, block.timestamp);
        vm.prank(BOB);
        senior.cancelRedeemRequest();
        skip(HALF_SPEED);
        vault.writeCurve();
        Fuzz.assertBetween(vault.curve().kinkRate, FALLEN, FALLEN + 2, "as without it");
    }

    /// @dev Each write rounds the rate up by two wei at most.
    function test_CVR08_writing_often_changes_nothing() external {
        bind(90);
        for (uint256 i = 0; i < 60; ++i) {
            skip(HALF_SPEED / 60);
            vm.prank(BOB);
            vault.writeCurve();
        }
        Fuzz.assertBetween(vault.curve().kinkRate, RISEN, RISEN + 60 * 10, "rate");
    }

    /// @dev INV-21: in one second, parts cost what the whole costs, each rounded up to a unit of the token, and the curve ends where it would.
    /// From 60% of use on the curve is above its floor, so that one law holds for all parts.
    /// forge-config: default.fuzz.runs = 40
    function testFuzz_INV21_buying_in_parts_costs_the_same(uint256 count, uint256 seed) external {
        commit(600);
        vm.warp(block.timestamp + WEEK - (block.timestamp % WEEK));
        series = openSeries(product, 10, 10);
        count = Fuzz.between(count, 2, 12);
        uint256 whole = vault.previewPremium(series, uint96(39 * UNIT));
        uint256 rest = 39 * UNIT;
        uint256 paid;
        for (uint256 i = count; i > 0; --i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 part = i == 1 ? rest : Fuzz.between(seed, 1, rest - i + 1);
            rest -= part;
            paid += bindWei(part);
        }
        Fuzz.assertBetween(paid, whole, whole + count, "parts");
        // 39 tokens of 10, rounded up for each part.
        Fuzz.assertBetween(vault.curve().utilisation, 0.99e18, 0.99e18 + count, "use");
        assertEq("rate", vault.curve().kinkRate, FIRST_RATE);
    }

    /* HELPERS */

    function bind(uint256 tokens) private returns (PurchaseId) {
        (uint256 number, ) = buy(series, CAROL, tokens);
        return PurchaseId.wrap(uint64(number));
    }

    function bindWei(uint256 units) private returns (uint256 premium) {
        premium = vault.previewPremium(series, uint96(units));
        fill(CAROL, premium);
        vm.prank(CAROL);
        vault.buy(series, uint96(units), premium, CAROL);
    }

    function mint(uint256 tokens) private returns (PurchaseId purchase) {
        purchase = bind(tokens);
        skip(1 days);
        assertTrue("minted", vault.complete(purchase));
    }

    function up(uint256 bound, uint256 capital) private pure returns (uint256) {
        return (bound * 1e18 + capital - 1) / capital;
    }

    function assertCurve(uint256 kinkRate, uint256 utilisation, uint256 updatedAt) private view {
        CurveState memory curve = vault.curve();
        assertEq("rate at the kink", curve.kinkRate, kinkRate);
        assertEq("use", curve.utilisation, utilisation);
        assertEq("written at", curve.updatedAt, updatedAt);
    }
}
