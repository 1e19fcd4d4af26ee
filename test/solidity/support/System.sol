// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ClearingHouse} from "../../../contracts/clearing/ClearingHouse.sol";
import {ClearingHouseExtension} from "../../../contracts/clearing/ClearingHouseExtension.sol";
import {ClearingHouseRegistry} from "../../../contracts/clearing/ClearingHouseRegistry.sol";
import {ClearingHouseTreasury} from "../../../contracts/clearing/ClearingHouseTreasury.sol";
import {ClearingStorage} from "../../../contracts/clearing/ClearingStorage.sol";
import {SignedOrders} from "../../../contracts/clearing/SignedOrders.sol";
import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {SocializedLossTrigger} from "../../../contracts/claims/triggers/SocializedLossTrigger.sol";
import {CoverageVault} from "../../../contracts/coverage/CoverageVault.sol";
import {CoverageVaultExtension} from "../../../contracts/coverage/CoverageVaultExtension.sol";
import {PremiumModel} from "../../../contracts/coverage/PremiumModel.sol";
import {VaultStorage} from "../../../contracts/coverage/VaultStorage.sol";
import {InsuranceFund} from "../../../contracts/fund/InsuranceFund.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {BudgetShares, CapitalLayers} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {FeedRules, SourceListing} from "../../../contracts/interfaces/IPriceOracle.sol";
import {LiquidationEngine} from "../../../contracts/liquidation/LiquidationEngine.sol";
import {MockAggregator} from "../../../contracts/mocks/MockAggregator.sol";
import {MockPullReader, MockTimeWeightedReader} from "../../../contracts/mocks/MockKinds.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {PriceOracle} from "../../../contracts/oracle/PriceOracle.sol";
import {ChainlinkSource} from "../../../contracts/oracle/sources/ChainlinkSource.sol";
import {ProductTerms} from "../../../contracts/types/Coverage.sol";
import {Market, MarketListing, RiskTargets} from "../../../contracts/types/Clearing.sol";
import {AssetId, FeedId, MarketClass, MarketId, ProductId, SegmentId} from "../../../contracts/types/Identifiers.sol";
import {ModelKind, ModelTerms} from "../../../contracts/types/Premium.sol";

/// @dev The whole system as deploy/modules/core.ts and Local.ts set it up: two markets, three sources a feed, a settlement token of
/// 6 decimals, a collateral token of 18. The same numbers as deploy/modules/defaults.ts.
contract System {
    uint256 public constant MARKETS = 2;
    uint256 public constant SOURCES = 3;
    uint8 private constant FEED_DECIMALS = 8;

    AccessManager public immutable manager;
    PriceOracle public immutable oracle;
    IClearingHouse public immutable house;
    InsuranceFund public immutable fund;
    LiquidationEngine public immutable engine;
    SignedOrders public immutable orders;
    ClaimVerifier public immutable verifier;
    SocializedLossTrigger public immutable socializedLoss;
    PremiumModel public immutable premiumModel;
    ICoverageVault public immutable vault;
    ICoverageVault public immutable reinsurance;
    MockToken public immutable usd;
    MockToken public immutable weth;
    SegmentId public immutable segment;
    MockAggregator[SOURCES][MARKETS] public feeds;
    /// @dev One of each kind, so that any two sources are of two (R6).
    ChainlinkSource[SOURCES] private readers;

    constructor(address feeRecipient) {
        usd = new MockToken("Test Dollar", "USDT", 6);
        weth = new MockToken("Wrapped Ether", "WETH", 18);
        manager = new AccessManager(address(this));
        oracle = new PriceOracle(address(manager), address(0), 0);
        house = _newHouse(feeRecipient);
        fund = new InsuranceFund();
        engine = new LiquidationEngine(address(manager), house, fund);
        orders = new SignedOrders(address(house));
        house.link(address(engine), address(fund), address(orders));
        verifier = new ClaimVerifier(address(usd), 10e6, 1e6, feeRecipient);
        socializedLoss = new SocializedLossTrigger(house);
        premiumModel = new PremiumModel(oracle);
        CoverageVaultExtension extension = new CoverageVaultExtension(
            VaultStorage.Settings({
                accessManager: address(manager),
                house: house,
                fund: address(fund),
                verifier: verifier,
                floor: 100e18
            }),
            premiumModel
        );
        vault = ICoverageVault(address(new CoverageVault(extension)));
        reinsurance = ICoverageVault(address(new CoverageVault(extension)));
        segment = engine.openSegment(
            BudgetShares({major: 35_00, mid: 20_00, tail: 10_00, segment: 60_00, reward: 2_00}),
            CapitalLayers({backstop: address(vault), reinsurance: address(reinsurance)})
        );
        readers = [new ChainlinkSource(), new MockPullReader(), new MockTimeWeightedReader()];
        _listFeed(0, 200e8);
        _listFeed(1, 8_000e8);
        _listMarket(0, 4_000, 1_000_000e18);
        _listMarket(1, 3_000, 100_000e18);
        house.listAsset(AssetId.wrap(1), address(weth), FeedId.wrap(0), 10_00, 1_000_000);
    }

    /// @dev As the administrator: `limit` of a vault for the segment, in force after cooldown + window.
    function announceCommitment(ICoverageVault which, uint96 limit) external {
        which.announceCommitment(segment, limit);
    }

    /// @dev As the administrator: cover against socialised loss on one side, with the terms of deploy/modules/defaults.ts.
    function announceCover(MarketId market, bool long) external returns (ProductId) {
        return
            vault.announceProduct(
                ProductTerms({
                    trigger: address(socializedLoss),
                    terms: socializedLoss.termsOf(market, long),
                    sides: uint96(1) << (2 * MarketId.unwrap(market) + (long ? 0 : 1)),
                    minLimit: 0.01e18,
                    maxLimit: 100_000e18,
                    maxTermWeeks: 10,
                    capacityShareBps: 50_00,
                    model: hazard(0.02e18),
                    waiting: 72 hours
                })
            );
    }

    /// @dev A premium model of that expected loss a year, written down.
    function hazard(uint64 rate) public returns (bytes32) {
        ModelTerms memory terms;
        (terms.kind, terms.hazardRate) = (ModelKind.HazardRate, rate);
        return premiumModel.defineModel(terms);
    }

    /// @dev As risk control, which this contract plays where nothing else is linked: a gap premium, 1e-15 per second and side.
    function chargeGap(MarketId market, uint32 gapRate) external {
        applyRisk(market, gapRate, 1e9);
    }

    /// @dev As above, with the fund's ratio, 1e9 (MRG-01, MRG-02).
    function applyRisk(MarketId market, uint32 gapRate, uint32 ratio) public {
        if (house.riskController() == address(0)) house.linkRiskController(address(this));
        (Market memory settings, ) = house.marketOf(market);
        RiskTargets memory targets = RiskTargets({
            maintenanceTarget: settings.rateTarget,
            cap: house.listedCapOf(market),
            gapRate: gapRate,
            penaltyRate: 1_000
        });
        house.applyRisk(market, targets, ratio);
    }

    /// @dev As the administrator: the end of a market. False when the house refuses.
    function tryAnnounceClosing(MarketId market, uint40 closesAt) external returns (bool) {
        try house.announceClosing(market, closesAt) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Class that a market is listed with.
    function _classOf(uint8) internal pure virtual returns (MarketClass) {
        return MarketClass.Major;
    }

    function _newHouse(address feeRecipient) private returns (IClearingHouse) {
        ClearingStorage.Settings memory settings = ClearingStorage.Settings({
            accessManager: address(manager),
            oracle: address(oracle),
            settlementToken: address(usd),
            feeRecipient: feeRecipient,
            minMaintenanceMargin: 10e18,
            bandBps: 200,
            takerFeeBps: 5,
            fundFeeShareBps: 20_00,
            negativeCashShareBps: 50_00,
            negativeCashCapBps: 10_00
        });
        ClearingHouseRegistry registry = new ClearingHouseRegistry(
            settings,
            address(new ClearingHouseTreasury(settings))
        );
        ClearingHouseExtension extension = new ClearingHouseExtension(settings, address(registry));
        return IClearingHouse(address(new ClearingHouse(settings, address(extension))));
    }

    function _listFeed(uint8 feed, int256 price) private {
        SourceListing[] memory sources = new SourceListing[](SOURCES);
        for (uint256 i = 0; i < SOURCES; ++i) {
            feeds[feed][i] = new MockAggregator(FEED_DECIMALS, price);
            sources[i] = SourceListing({
                reader: address(readers[i]),
                target: address(feeds[feed][i]),
                settings: abi.encode(uint32(1 days))
            });
        }
        FeedRules memory rules = FeedRules({
            quorum: 2,
            kinds: 2,
            maxDeviation: 0.01e18,
            maxGap: 5 minutes,
            volatilityFloor: 0.4e18
        });
        oracle.listFeed(FeedId.wrap(feed), rules, sources);
    }

    function _listMarket(uint8 market, uint16 rate, uint96 cap) private {
        house.listMarket(
            MarketId.wrap(market),
            MarketListing({class: _classOf(market), maintenanceRate: rate, addOn: 2_000, cap: cap})
        );
    }
}
