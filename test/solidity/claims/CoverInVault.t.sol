// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestedTrigger} from "../../../contracts/claims/triggers/AttestedTrigger.sol";
import {DepegTrigger} from "../../../contracts/claims/triggers/DepegTrigger.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {Attestation, AttestedDefinition, Quorum} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {FeedId, ProductId, PurchaseId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
import {keys} from "./AttestedTest.sol";
import {SetOracle} from "./SetOracle.sol";

/// @dev Triggers whose answer can be "not decided", in the real vault: nothing is sold and nothing is minted meanwhile, and what is decided
/// is paid (CVR-07, CLM-04, CLM-05).
contract CoverInVaultTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant OPEN_AT = START + 35 days + 1;
    uint96 private constant UNITS = 100e18;
    uint96 private constant LIMIT = 1e18;
    uint128 private constant STAKE = 60e6;
    address private constant BUYER = address(0xB01);
    address private constant LATE = address(0xB02);

    System private system;
    ICoverageVault private vault;
    MockToken private usd;
    SetOracle private oracle;
    DepegTrigger private depeg;
    AttestedTrigger private attested;
    ProductId private depegProduct;
    ProductId private attestedProduct;
    bytes32 private depegTerms;
    bytes32 private attestedTerms;

    function setUp() public {
        vm.warp(START);
        system = new System(address(0xFEE));
        (vault, usd) = (system.vault(), system.usd());
        oracle = new SetOracle();
        depeg = new DepegTrigger(IPriceOracle(address(oracle)));
        oracle.setToken(FeedId.wrap(9), address(new MockToken("Other Dollar", "USDX", 6)));
        attested = new AttestedTrigger(system.verifier(), address(usd));
        depegTerms = depeg.defineTerms(
            DepegTrigger.Definition({feed: FeedId.wrap(9), level: 0.95e18, window: 1 hours})
        );
        attestedTerms = attested.defineTerms(_definition());
        for (uint256 key = 1; key <= 2; ++key) _stake(keys.addr(key));
        _underwrite(Tranche.Junior, 1_000e6);
        _underwrite(Tranche.Senior, 2_000e6);
        depegProduct = _announce(address(depeg), depegTerms);
        attestedProduct = _announce(address(attested), attestedTerms);
        vm.warp(OPEN_AT);
    }

    function test_CVR07_ADepegFromPurchaseToPayment() public {
        SeriesId series = _open(depegProduct);
        uint256 mark = system.verifier().subjectOf(address(vault), series).mark;
        PurchaseId early = _buy(series, BUYER);
        vm.warp(OPEN_AT + 24 hours);
        Fuzz.assertTrue(vault.complete(early), "minted");
        PurchaseId late = _buy(series, LATE);
        uint256 paid = usd.balanceOf(LATE);

        // Nobody has observed anything yet, and still: nothing more is sold.
        vm.warp(OPEN_AT + 48 hours - 30 minutes);
        oracle.set(0.9e18);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
        vm.prank(LATE);
        vault.buy(series, UNITS, type(uint256).max, LATE);
        depeg.observe(depegTerms, mark);
        // And who bought a day before gets his money back, not the tokens.
        vm.warp(OPEN_AT + 48 hours);
        Fuzz.assertTrue(!vault.complete(late), "refunded");
        Fuzz.assertTrue(usd.balanceOf(LATE) > paid, "the premium is back");

        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(OPEN_AT + 48 hours + i * 15 minutes);
            depeg.observe(depegTerms, mark);
        }
        _claim(series);
        vm.prank(BUYER);
        Fuzz.assertEqual(vault.redeem(series, UNITS, BUYER), 100e6, "one for each of a hundred");
    }

    /// @dev A dip that is over before it is a depeg stops the sale for a day, and nothing else.
    function test_CVR07_ADipStopsTheSaleForADay() public {
        SeriesId series = _open(depegProduct);
        uint256 mark = system.verifier().subjectOf(address(vault), series).mark;
        uint256 dip = OPEN_AT + 1 hours;
        vm.warp(dip);
        oracle.set(0.9e18);
        depeg.observe(depegTerms, mark);
        oracle.set(1e18);
        vm.warp(dip + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
        vm.prank(BUYER);
        vault.buy(series, UNITS, type(uint256).max, BUYER);
        vm.warp(dip + 1 days);
        PurchaseId purchase = _buy(series, BUYER);
        vm.warp(dip + 2 days);
        Fuzz.assertTrue(vault.complete(purchase), "minted");
    }

    function test_CLM05_AnAttestedClaimFromPurchaseToPayment() public {
        SeriesId series = _open(attestedProduct);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
        vm.prank(BUYER);
        vault.buy(series, UNITS, type(uint256).max, BUYER);
        uint256 mark = attested.bind(address(vault), series);
        PurchaseId purchase = _buy(series, BUYER);
        vm.warp(OPEN_AT + 24 hours);
        Fuzz.assertTrue(vault.complete(purchase), "minted");

        uint256 decidedAt = _attest(series, 0.8e18);
        vm.expectRevert(abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector, series));
        vm.prank(LATE);
        vault.buy(series, UNITS, type(uint256).max, LATE);
        vm.warp(decidedAt);
        attested.finish(mark);
        _claim(series);
        vm.prank(BUYER);
        Fuzz.assertEqual(vault.redeem(series, UNITS, BUYER), 80e6, "0.8 for each of a hundred");
    }

    /// @dev 120 are staked by the smallest quorum: of 121 insured nothing more is sold, and what waits is refunded.
    function test_CLM05_NoMoreIsMintedThanIsStaked() public {
        SeriesId series = _open(attestedProduct);
        attested.bind(address(vault), series);
        PurchaseId first = _buy(series, BUYER);
        vm.warp(OPEN_AT + 24 hours);
        Fuzz.assertTrue(vault.complete(first), "minted");
        _fund(LATE);
        vm.prank(LATE);
        (PurchaseId second, ) = vault.buy(series, 21e18, type(uint256).max, LATE);
        vm.warp(OPEN_AT + 48 hours);
        Fuzz.assertTrue(!vault.complete(second), "refunded");
        vm.prank(LATE);
        (second, ) = vault.buy(series, 20e18, type(uint256).max, LATE);
        vm.warp(OPEN_AT + 72 hours);
        Fuzz.assertTrue(vault.complete(second), "minted");
        Fuzz.assertEqual(vault.seriesOf(series).supply, 120e18, "as many as are staked for");
    }

    function _attest(SeriesId series, uint128 payoutPerUnit) private returns (uint256 decidedAt) {
        Attestation memory given = Attestation({
            terms: attestedTerms,
            vault: address(vault),
            series: series,
            incident: 1,
            round: 1,
            payoutPerUnit: payoutPerUnit,
            eventAt: uint40(block.timestamp),
            evidence: "evidence",
            deadline: uint40(block.timestamp)
        });
        bytes[] memory signatures = new bytes[](2);
        bytes32 digest = attested.attestationDigest(given);
        address[] memory attestors = _definition().first.attestors;
        for (uint256 i = 0; i < 2; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = keys.sign(keys.addr(1) == attestors[i] ? 1 : 2, digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
        usd.mint(address(this), 4e6); // 5% of 80.
        usd.approve(address(attested), 4e6);
        attested.attest(given, 0x3, signatures);
        // 80 of 120 staked: two thirds of two days on top of one.
        return block.timestamp + 1 days + (2 days * 2) / uint256(3);
    }

    function _claim(SeriesId series) private {
        usd.mint(address(this), 10e6);
        usd.approve(address(system.verifier()), 10e6);
        system.verifier().open(address(vault), series);
        system.verifier().resolve(address(vault), series);
        vault.sync(series);
    }

    function _open(ProductId product) private returns (SeriesId) {
        return vault.openSeries(product, LIMIT, uint32(block.timestamp / 7 days + 6));
    }

    function _buy(SeriesId series, address buyer) private returns (PurchaseId purchase) {
        _fund(buyer);
        vm.prank(buyer);
        (purchase, ) = vault.buy(series, UNITS, type(uint256).max, buyer);
    }

    function _fund(address buyer) private {
        usd.mint(buyer, 1_000e6);
        vm.prank(buyer);
        usd.approve(address(vault), type(uint256).max);
    }

    function _stake(address attestor) private {
        usd.mint(attestor, STAKE);
        vm.startPrank(attestor);
        usd.approve(address(attested), STAKE);
        attested.stake(attestedTerms);
        vm.stopPrank();
    }

    function _underwrite(Tranche tranche, uint256 amount) private {
        TrancheShare share = TrancheShare(vault.shareOf(tranche));
        usd.mint(address(this), amount);
        usd.approve(address(share), amount);
        share.deposit(amount, address(this));
    }

    function _announce(address trigger, bytes32 terms) private returns (ProductId) {
        bytes32 model = system.hazard(0.02e18);
        vm.prank(address(system));
        return
            vault.announceProduct(
                ProductTerms({
                    trigger: trigger,
                    terms: terms,
                    sides: 0,
                    minLimit: 0.01e18,
                    maxLimit: 100e18,
                    maxTermWeeks: 10,
                    capacityShareBps: 50_00,
                    model: model,
                    waiting: 24 hours
                })
            );
    }

    function _definition() private view returns (AttestedDefinition memory) {
        return
            AttestedDefinition({
                statement: keccak256("Somebody has emptied the bridge."),
                vault: address(vault),
                first: _quorum(1, 1),
                second: _quorum(3, 3),
                stake: STAKE,
                slashRecipient: address(0x51A54)
            });
    }

    /// @dev Two of two, each a group of its own.
    function _quorum(uint256 key, uint8 group) private pure returns (Quorum memory) {
        address[] memory attestors = new address[](2);
        (attestors[0], attestors[1]) = (keys.addr(key), keys.addr(key + 1));
        if (attestors[0] > attestors[1]) (attestors[0], attestors[1]) = (attestors[1], attestors[0]);
        uint8[] memory groups = new uint8[](2);
        (groups[0], groups[1]) = (group, group + 1);
        return Quorum({attestors: attestors, groups: groups, threshold: 2});
    }
}
