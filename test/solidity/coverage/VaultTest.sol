// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverToken} from "../../../contracts/coverage/CoverToken.sol";
import {CoverageVault} from "../../../contracts/coverage/CoverageVault.sol";
import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {PremiumModel} from "../../../contracts/coverage/PremiumModel.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVault, VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {IPremiumModel} from "../../../contracts/interfaces/IPremiumModel.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockAccessManager} from "../../../contracts/mocks/MockAccessManager.sol";
import {MockDistress} from "../../../contracts/mocks/MockDistress.sol";
import {MockVerifier} from "../../../contracts/mocks/MockVerifier.sol";
import {ProductTerms, Tranche} from "../../../contracts/types/Coverage.sol";
import {ProductId, SegmentId, SeriesId} from "../../../contracts/types/Identifiers.sol";
import {ModelKind, ModelTerms} from "../../../contracts/types/Premium.sol";
import {vm} from "../support/Vm.sol";
import {SetPriceOracle} from "./SetPriceOracle.sol";

/// @dev One vault on a token with 6 decimals, floor 1 unit. The test is the access manager's admin; FUND is played by pranks.
/// Amounts given to helpers are whole units.
abstract contract VaultTest {
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant NATIVE = 1e6;
    uint256 internal constant VIRTUAL = 1e6;
    uint256 internal constant WEEK = 7 days;
    uint256 internal constant COOLDOWN = 28 days;
    uint256 internal constant WINDOW = 7 days;
    uint256 internal constant MAX_DELAY = 63 days;
    /// @dev A boundary of weeks.
    uint256 internal constant START = 3_000 * WEEK;
    address internal constant FUND = address(0xF0D);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA401);
    SegmentId internal constant SEGMENT = SegmentId.wrap(1);

    HostileToken internal token;
    MockDistress internal house;
    MockVerifier internal verifier;
    MockAccessManager internal manager;
    SetPriceOracle internal prices;
    IPremiumModel internal model;
    ICoverageVault internal vault;
    TrancheShare internal junior;
    TrancheShare internal senior;
    CoverToken internal cover;

    error Assertion_Differs(string what, uint256 actual, uint256 expected);
    error Assertion_Failed(string what);

    function setUp() public virtual {
        build(6);
    }

    /// @dev Another vault on a token of its own.
    function build(uint8 decimals) internal {
        vm.warp(START);
        token = new HostileToken(decimals);
        house = new MockDistress(address(token));
        verifier = new MockVerifier();
        manager = new MockAccessManager(address(this));
        prices = new SetPriceOracle();
        model = new PremiumModel(IPriceOracle(address(prices)));
        model.defineModel(_hazardTerms(0.1e18));
        CoverageVaultExtension extension = new CoverageVaultExtension(
            VaultStorage.Settings({
                accessManager: address(manager),
                house: IClearingHouse(address(house)),
                fund: FUND,
                verifier: IClaimVerifier(address(verifier)),
                floor: UNIT
            }),
            model
        );
        vault = ICoverageVault(address(new CoverageVault(extension)));
        junior = TrancheShare(vault.shareOf(Tranche.Junior));
        senior = TrancheShare(vault.shareOf(Tranche.Senior));
        cover = CoverToken(vault.coverToken());
    }

    /* UNDERWRITERS */

    function deposit(TrancheShare share, address who, uint256 units) internal returns (uint256) {
        return depositNative(share, who, units * NATIVE);
    }

    function depositNative(TrancheShare share, address who, uint256 amount) internal returns (uint256 shares) {
        fill(who, amount);
        vm.prank(who);
        return share.deposit(amount, who);
    }

    function request(TrancheShare share, address who) internal {
        uint256 shares = share.balanceOf(who);
        vm.prank(who);
        share.requestRedeem(shares, who, who);
    }

    function claim(TrancheShare share, address who) internal returns (uint256) {
        vm.prank(who);
        return share.claimExit(who);
    }

    /* FUND */

    /// @dev Takes until the announcement is over.
    function commit(uint256 units) internal {
        vault.announceCommitment(SEGMENT, uint96(units * UNIT));
        skip(35 days + 1);
        vault.activateCommitment(SEGMENT);
    }

    function draw(uint256 amount) internal returns (uint256, uint256) {
        vm.prank(FUND);
        return vault.draw(SEGMENT, amount);
    }

    /* COVER */

    function terms() internal view returns (ProductTerms memory) {
        return
            ProductTerms({
                trigger: address(verifier),
                terms: bytes32(uint256(7)),
                sides: 1 << 5,
                minLimit: uint96(UNIT),
                maxLimit: uint96(10 * UNIT),
                maxTermWeeks: 10,
                capacityShareBps: 100_00,
                model: keccak256(abi.encode(_hazardTerms(0.1e18))),
                waiting: 1 days
            });
    }

    /// @dev A model of that expected loss a year, written down.
    function hazard(uint64 rate) internal returns (bytes32) {
        return model.defineModel(_hazardTerms(rate));
    }

    function _hazardTerms(uint64 rate) private pure returns (ModelTerms memory hazardTerms) {
        hazardTerms.kind = ModelKind.HazardRate;
        hazardTerms.hazardRate = rate;
    }

    /// @dev An open product; takes until its announcement is over, and on to the next week.
    function list(ProductTerms memory product_) internal returns (ProductId product) {
        product = vault.announceProduct(product_);
        vm.warp(block.timestamp + 42 days - (block.timestamp % WEEK));
    }

    function openSeries(ProductId product, uint256 limit, uint256 weeks_) internal returns (SeriesId) {
        return vault.openSeries(product, uint96(limit * UNIT), uint32(block.timestamp / WEEK + weeks_));
    }

    function buy(SeriesId series, address who, uint256 units) internal returns (uint256 purchase, uint256 premium) {
        premium = vault.previewPremium(series, uint96(units * UNIT));
        fill(who, premium);
        vm.prank(who);
        (purchase, premium) = _buy(series, who, units, premium);
    }

    function _buy(
        SeriesId series,
        address who,
        uint256 units,
        uint256 maxPremium
    ) private returns (uint256 purchase, uint256 premium) {
        (bool success, bytes memory result) = address(vault).call(
            abi.encodeCall(vault.buy, (series, uint96(units * UNIT), maxPremium, who))
        );
        if (!success) revert Assertion_Failed("buy");
        return abi.decode(result, (uint256, uint256));
    }

    /* ENVIRONMENT */

    function skip(uint256 time) internal {
        vm.warp(block.timestamp + time);
    }

    function fill(address who, uint256 amount) internal {
        token.mint(who, amount);
        vm.startPrank(who);
        token.approve(address(vault), type(uint256).max);
        token.approve(address(junior), type(uint256).max);
        token.approve(address(senior), type(uint256).max);
        vm.stopPrank();
    }

    /* ASSERTIONS */

    function assertEq(string memory what, uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Assertion_Differs(what, actual, expected);
    }

    function assertTrue(string memory what, bool condition) internal pure {
        if (!condition) revert Assertion_Failed(what);
    }

    /// @dev The ledger is covered by tokens (INV-01), and capital covers liability, commitments and floor (CVR-02).
    function assertSound() internal view {
        VaultBooks memory books = vault.books();
        uint256 liquid = books.junior + books.senior - books.juniorAdvanced - books.seniorAdvanced;
        uint256 ledger = liquid + books.unearned + books.escrowed + books.payable_ + books.owedToFund;
        assertTrue("INV-01", token.balanceOf(address(vault)) * 1e12 >= ledger);
        if (books.liability > 0) {
            assertTrue("CVR-02", liquid >= books.liability + vault.floor());
        }
    }
}
