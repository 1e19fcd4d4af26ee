// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {Recoveries} from "../../../contracts/fund/Recoveries.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVault, VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {RecoveryLayer} from "../../../contracts/interfaces/IRecoveries.sol";
import {LiquidationEngine} from "../../../contracts/liquidation/LiquidationEngine.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {BidRequest, BidResult} from "../../../contracts/types/Auction.sol";
import {SideFacts, Trade} from "../../../contracts/types/Clearing.sol";
import {LayerAmounts, Tranche} from "../../../contracts/types/Coverage.sol";
import {
    AccountId,
    AssetId,
    FeedId,
    MarketId,
    ProductId,
    PurchaseId,
    SeriesId,
    toAccountId
} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev Everything real: a crash walks through reserve, junior, senior, reinsurance and socialised loss in one bid, and the holders of
/// cover are paid what they were charged (R1, R2, INV-03, CVR-07, CLM-03).
abstract contract WholeWaterfallTest {
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant USD = 1e6;
    uint256 internal constant START = 1_800_000_000;
    address internal constant UNDERWRITER = address(0xA11);
    address internal constant REINSURER = address(0xA12);
    address internal constant LOSER = address(0xB01);
    address internal constant WINNER = address(0xB02);
    address internal constant BIDDER = address(0xB03);
    MarketId internal constant ETH = MarketId.wrap(0);

    System internal system;
    IClearingHouse internal house;
    LiquidationEngine internal engine;
    ICoverageVault internal vault;
    MockToken internal usd;
    ProductId internal product;
    SeriesId internal series;

    error Assertion_Differs(string what, uint256 actual, uint256 expected);

    function setUp() public virtual {
        vm.warp(START);
        system = new System(address(0xFEE));
        (house, engine, vault, usd) = (system.house(), system.engine(), system.vault(), system.usd());
        _underwrite(vault, Tranche.Junior, UNDERWRITER, 600);
        _underwrite(vault, Tranche.Senior, UNDERWRITER, 2_000);
        _underwrite(system.reinsurance(), Tranche.Junior, REINSURER, 300);
        system.announceCommitment(vault, 900e18);
        system.announceCommitment(system.reinsurance(), 200e18);
        product = system.announceCover(ETH, false);
        _moveOn(35 days + 1, 200);
        vault.activateCommitment(system.segment());
        system.reinsurance().activateCommitment(system.segment());
        usd.mint(address(this), 2_000 * USD);
        usd.approve(address(system.fund()), 2_000 * USD);
        system.fund().donate(system.segment(), 2_000 * USD);
        series = vault.openSeries(product, 10e18, uint32(block.timestamp / 7 days + 6));
    }

    /* HELPERS */

    function _underwrite(ICoverageVault which, Tranche tranche, address owner, uint256 amount) internal {
        TrancheShare share = TrancheShare(which.shareOf(tranche));
        usd.mint(owner, amount * USD);
        vm.startPrank(owner);
        usd.approve(address(share), amount * USD);
        share.deposit(amount * USD, owner);
        vm.stopPrank();
    }

    function _buy(address buyer, uint96 units) internal returns (PurchaseId purchase) {
        usd.mint(buyer, 1_000 * USD);
        vm.startPrank(buyer);
        usd.approve(address(vault), 1_000 * USD);
        (purchase, ) = vault.buy(series, units, 1_000 * USD, buyer);
        vm.stopPrank();
    }

    function _moveOn(uint256 seconds_, int256 price) internal {
        vm.warp(block.timestamp + seconds_);
        _publish(price);
    }

    /// @dev Publishes. The oracle keeps what it has found for a transaction, and a test is one: so everything before the crash happens in
    /// `setUp`, and the bid is the first to refresh.
    function _publish(int256 price) internal {
        for (uint256 i = 0; i < 3; ++i) {
            system.feeds(0, i).setRound(price * 1e8, block.timestamp);
            system.feeds(1, i).setRound(8_000e8, block.timestamp);
        }
    }

    function _account(address owner) internal pure returns (AccountId) {
        return toAccountId(owner, 0);
    }

    function _deposit(address owner, uint256 amount) internal {
        usd.mint(owner, amount * USD);
        vm.startPrank(owner);
        usd.approve(address(house), amount * USD);
        house.deposit(_account(owner), AssetId.wrap(0), amount * USD);
        vm.stopPrank();
    }

    /// @dev 100 ether at 200 for 2,500 of margin: at 150 the loser owes 2,500 more than it has.
    function _openPositions() internal {
        _deposit(LOSER, 2_500);
        _deposit(WINNER, 100_000);
        _deposit(BIDDER, 100_000);
        vm.prank(address(system.orders()));
        house.trade(Trade(_account(WINNER), _account(LOSER), ETH, -100e18, 200e18));
    }

    function _request(address bidder) internal pure returns (BidRequest memory) {
        return BidRequest(_account(LOSER), _account(bidder), UNIT, UNIT, type(uint256).max, 0);
    }

    function _charged() internal view returns (uint256) {
        (, SideFacts memory facts) = house.sideOf(ETH, false);
        return facts.socializedPerUnit;
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert Assertion_Differs(what, actual, expected);
    }

    function assertNear(uint256 actual, uint256 expected, uint256 tolerance, string memory what) internal pure {
        uint256 distance = actual > expected ? actual - expected : expected - actual;
        if (distance > tolerance) revert Assertion_Differs(what, actual, expected);
    }
}

contract WaterfallThroughAllLayersTest is WholeWaterfallTest {
    function setUp() public override {
        super.setUp();
        PurchaseId purchase = _buy(WINNER, 50e18);
        _moveOn(72 hours, 200);
        require(vault.complete(purchase), "minted");
        _openPositions();
    }

    /// @dev 2,500 missing: the reserve's budget gives 700 (35% of 2,000), junior 600, senior 300, reinsurance 200; 700 are socialised
    /// over 100 ether of shorts: 7 each. Cover of 50 ether up to 10 each pays 350, and senior bears them.
    function test_R1_INV03_OneBidThroughAllLayersAndCoverPaysWhatWasCharged() public {
        _moveOn(1, 150);
        VaultBooks memory before = vault.books();

        vm.prank(BIDDER);
        BidResult memory result = engine.bid(_request(BIDDER));
        assertEq(result.shortfall, 2_500e18, "shortfall");
        assertEq(result.covered, 1_800e18, "covered");
        assertEq(result.socialized, 700e18, "socialised");
        assertEq(_charged(), 7e18, "charge per unit");

        SegmentView memory segment = system.fund().segmentOf(system.segment());
        assertEq(segment.reserve, 1_300e18, "reserve");
        assertEq(segment.pending, 1_100e18, "still in the vaults");
        VaultBooks memory afterwards = vault.books();
        assertEq(afterwards.junior, 0, "INV-08: junior first");
        assertNear(before.junior + before.senior - afterwards.senior, 900e18, 1e6, "and dust of junior to senior");
        assertEq(afterwards.owedToFund - before.owedToFund, 900e18, "segregated");
        assertEq(afterwards.committed, 0, "commitment used up");

        // Tokens follow (FND-11).
        uint256 inHouse = usd.balanceOf(address(house));
        system.fund().settle(system.segment());
        assertEq(usd.balanceOf(address(house)) - inHouse, 1_800 * USD, "net to the house");
        assertEq(system.fund().segmentOf(system.segment()).pending, 0, "collected");
        assertNear(vault.books().owedToFund, 0, 1e12, "less than the token can express is left");

        // The claim: opened, decided, booked and paid, by anyone, in a row.
        _claim();
        assertEq(afterwards.senior - vault.books().senior, 350e18, "senior bears the payout");
        uint256 held = usd.balanceOf(WINNER);
        vm.prank(WINNER);
        assertEq(vault.redeem(series, 50e18, WINNER), 350 * USD, "7 for each of 50");
        assertEq(usd.balanceOf(WINNER) - held, 350 * USD, "tokens");
    }

    /// @dev The limit per unit binds: at 10 a unit no more is paid, whatever is charged.
    function test_CVR07_TheLimitCapsWhatIsPaid() public {
        _moveOn(1, 140);
        vm.prank(BIDDER);
        engine.bid(_request(BIDDER));
        assertEq(_charged(), 17e18, "3,500 missing, 1,800 paid");
        _claim();
        vm.prank(WINNER);
        assertEq(vault.redeem(series, 50e18, WINNER), 500 * USD, "10 for each of 50");
    }

    /// @dev FND-10: what is recovered goes back up the waterfall, each layer to whoever bore it.
    function test_FND10_WhatIsRecoveredGoesBackThroughAllLayers() public {
        Recoveries recoveries = new Recoveries(house);
        _moveOn(1, 150);
        vm.prank(BIDDER);
        engine.bid(_request(BIDDER));
        MarketId[] memory markets = new MarketId[](1);
        markets[0] = ETH;
        assertEq(recoveries.register(_account(WINNER), markets), 700e18, "holders");
        uint32[] memory first = new uint32[](1);
        RecoveryLayer[3] memory layers = [RecoveryLayer.ReinsuranceJunior, RecoveryLayer.Senior, RecoveryLayer.Junior];
        uint256[3] memory borne = [uint256(200e18), 300e18, 600e18];
        for (uint256 i = 0; i < 3; ++i) {
            address owner = i == 0 ? REINSURER : UNDERWRITER;
            assertNear(recoveries.registerShares(layers[i], owner, first), borne[i], 1e6, "underwriters");
        }
        uint256[] memory rounds = new uint256[](1);
        rounds[0] = 1;
        vm.warp(recoveries.roundOf(1).endsAt);
        usd.mint(address(this), 1_850 * USD);
        usd.approve(address(recoveries), 1_850 * USD);
        uint256 reserve = system.fund().segmentOf(system.segment()).reserve;
        // All of what holders, reinsurance and senior bore, and a third of what junior did.
        recoveries.recover(rounds, 1_400 * USD);
        vm.prank(WINNER);
        assertEq(recoveries.claim(1, WINNER), 700 * USD, "holders are whole");
        for (uint256 i = 0; i < 3; ++i) {
            address owner = i == 0 ? REINSURER : UNDERWRITER;
            uint256 id = recoveries.claimId(1, layers[i]);
            vm.prank(owner);
            assertNear(recoveries.claim(id, owner), i == 2 ? 200 * USD : borne[i] / 1e12, 1, "in turn");
        }
        recoveries.recover(rounds, 450 * USD);
        assertNear(system.fund().segmentOf(system.segment()).reserve - reserve, 50e18, 2e12, "the reserve comes last");
    }

    function _claim() private {
        address keeper = address(0xCAFE);
        usd.mint(keeper, 10 * USD);
        vm.startPrank(keeper);
        usd.approve(address(system.verifier()), 10 * USD);
        system.verifier().open(address(vault), series);
        system.verifier().resolve(address(vault), series);
        vm.stopPrank();
        assertEq(usd.balanceOf(keeper), 10 * USD, "the bond is back");
        vault.sync(series);
    }
}

/// @dev A buyer whose callback liquidates somebody, in the middle of `complete` (CVR-10).
contract LiquidatingBuyer is ERC1155Holder {
    LiquidationEngine private immutable ENGINE;
    BidRequest private _bid;
    BidResult public result;
    bool public called;

    constructor(LiquidationEngine engine) {
        ENGINE = engine;
    }

    function arm(BidRequest calldata bid) external {
        _bid = bid;
    }

    function approve(MockToken token, address spender) external {
        token.approve(spender, type(uint256).max);
    }

    function depositInto(IClearingHouse house, uint256 amount) external {
        house.deposit(toAccountId(address(this), 0), AssetId.wrap(0), amount);
    }

    function buy(ICoverageVault vault, SeriesId series, uint96 units) external returns (PurchaseId purchase) {
        (purchase, ) = vault.buy(series, units, type(uint128).max, address(this));
    }

    function bidNow() public {
        result = ENGINE.bid(_bid);
    }

    function onERC1155Received(address, address, uint256, uint256, bytes memory) public override returns (bytes4) {
        called = true;
        bidNow();
        return this.onERC1155Received.selector;
    }
}

contract PurchaseCallbackTest is WholeWaterfallTest {
    LiquidatingBuyer private buyer;
    PurchaseId private purchase;

    function setUp() public override {
        super.setUp();
        buyer = new LiquidatingBuyer(engine);
        usd.mint(address(buyer), 200_000 * USD);
        buyer.approve(usd, address(vault));
        buyer.approve(usd, address(house));
        buyer.depositInto(house, 100_000 * USD);
        purchase = buyer.buy(vault, series, 50e18);
        _moveOn(72 hours, 200);
        _openPositions();
    }

    /// @dev The same bid before, inside and after the mint: the same layers pay the same.
    function test_CVR10_ACallbackThatLiquidatesCannotChangeWhichLayerPays() public {
        _moveOn(1, 150);
        buyer.arm(_request(address(buyer)));

        uint256 state = vm.snapshotState();
        buyer.bidNow();
        (LayerAmounts memory outside, uint256 outsideCharge) = (_paid(), _charged());
        vm.revertToState(state);

        vault.complete(purchase);
        require(buyer.called(), "the callback ran");
        LayerAmounts memory inside = _paid();
        assertEq(inside.reserve, outside.reserve, "reserve");
        assertEq(inside.junior, outside.junior, "junior");
        assertEq(inside.senior, outside.senior, "senior");
        assertEq(inside.reinsurance, outside.reinsurance, "reinsurance");
        assertEq(_charged(), outsideCharge, "socialised");
        assertEq(outside.total(), 1_800e18, "and they did pay");
    }

    /// @dev Read off the books of every layer.
    function _paid() private view returns (LayerAmounts memory paid) {
        paid.reserve = 2_000e18 - system.fund().segmentOf(system.segment()).reserve;
        paid.reinsurance = 200e18 - system.reinsurance().books().committed;
        paid.junior = vault.books().junior == 0 ? 600e18 : 0;
        paid.senior = 900e18 - vault.books().committed - paid.junior;
    }
}
