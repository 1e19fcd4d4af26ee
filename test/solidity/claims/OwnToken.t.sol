// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AaveDeficitTrigger} from "../../../contracts/claims/triggers/AaveDeficitTrigger.sol";
import {AccountLiquidatedTrigger} from "../../../contracts/claims/triggers/AccountLiquidatedTrigger.sol";
import {AttestedTrigger} from "../../../contracts/claims/triggers/AttestedTrigger.sol";
import {DeleveragedTrigger} from "../../../contracts/claims/triggers/DeleveragedTrigger.sol";
import {DepegTrigger} from "../../../contracts/claims/triggers/DepegTrigger.sol";
import {FundShortfallTrigger} from "../../../contracts/claims/triggers/FundShortfallTrigger.sol";
import {LiquidationErrorTrigger} from "../../../contracts/claims/triggers/LiquidationErrorTrigger.sol";
import {MorphoBadDebtTrigger} from "../../../contracts/claims/triggers/MorphoBadDebtTrigger.sol";
import {OwnAccountTrigger} from "../../../contracts/claims/triggers/OwnAccountTrigger.sol";
import {PriceTouchTrigger} from "../../../contracts/claims/triggers/PriceTouchTrigger.sol";
import {PutSpreadTrigger} from "../../../contracts/claims/triggers/PutSpreadTrigger.sol";
import {VaultShareLossTrigger} from "../../../contracts/claims/triggers/VaultShareLossTrigger.sol";
import {ICoverageVault} from "../../../contracts/interfaces/ICoverageVault.sol";
import {ICoverageVaultEvents} from "../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {ProductTerms} from "../../../contracts/types/Coverage.sol";
import {FeedId, ProductId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
import {SetOracle} from "./SetOracle.sol";

/// @dev A vault pays in one token. Cover against the fall of that token would be paid in what has fallen: it is refused at announcement (CVR-03).
contract OwnTokenTest {
    FeedId private constant OWN = FeedId.wrap(9);
    FeedId private constant OTHER = FeedId.wrap(10);
    FeedId private constant UNKNOWN = FeedId.wrap(11);

    System private system;
    ICoverageVault private vault;
    address private usd;
    address private otherToken;
    SetOracle private oracle;
    DepegTrigger private depeg;
    PriceTouchTrigger private touch;
    PutSpreadTrigger private spread;
    bytes32 private model;

    function setUp() public {
        vm.warp(1_800_000_000);
        system = new System(address(0xFEE));
        (vault, usd) = (system.vault(), address(system.usd()));
        otherToken = address(new MockToken("Other Dollar", "USDX", 6));
        oracle = new SetOracle();
        oracle.setToken(OWN, usd);
        oracle.setToken(OTHER, otherToken);
        depeg = new DepegTrigger(IPriceOracle(address(oracle)));
        touch = new PriceTouchTrigger(IPriceOracle(address(oracle)));
        spread = new PutSpreadTrigger(IPriceOracle(address(oracle)));
        model = system.hazard(0.02e18);
    }

    function test_CVR03_NoDepegOfTheOwnToken() public {
        _refuses(depeg, _depegOf(OWN));
        _takes(depeg, _depegOf(OTHER), otherToken);
    }

    function test_CVR03_NoTouchOfTheOwnToken() public {
        _refuses(touch, _touchOf(OWN));
        _takes(touch, _touchOf(OTHER), otherToken);
        _takes(touch, _touchOf(UNKNOWN), address(0));
    }

    function test_CVR03_NoSpreadOnTheOwnToken() public {
        _refuses(spread, _spreadOf(OWN));
        _takes(spread, _spreadOf(OTHER), otherToken);
        _takes(spread, _spreadOf(UNKNOWN), address(0));
    }

    /// @dev What is a peg without a token? Governance must say first whose price the feed is.
    function test_CVR03_NoDepegOfNobodyKnowsWhat() public {
        bytes32 terms = _depegOf(UNKNOWN);
        ProductTerms memory product = _product(depeg, terms);
        vm.expectRevert(abi.encodeWithSelector(DepegTrigger.DepegTrigger_UnknownToken.selector, UNKNOWN));
        vm.prank(address(system));
        vault.announceProduct(product);
        oracle.setToken(UNKNOWN, otherToken);
        _takes(depeg, terms, otherToken);
    }

    /// @dev A vault of shares: the share it pays in may not be what it insures. What the share is a share of may be.
    function test_CVR03_NoLossOfTheOwnShare() public {
        VaultShareLossTrigger loss = new VaultShareLossTrigger();
        MockShare share = new MockShare();
        bytes32 terms = loss.defineTerms(
            VaultShareLossTrigger.Definition({vault: address(share), shares: 1e18, deductible: 0.05e18})
        );
        Fuzz.assertEqual(uint160(loss.tokenOf(terms)), uint160(address(share)), "the share");
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, bytes32("none")));
        loss.tokenOf("none");
        MockTrigger like = new MockTrigger();
        like.setToken("own", usd);
        _refuses(like, "own");
        _takes(like, "other", address(0));
    }

    function test_CVR03_UndefinedTermsHaveNoToken() public {
        ITrigger[3] memory triggers = [ITrigger(depeg), touch, spread];
        for (uint256 i = 0; i < triggers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, bytes32("none")));
            triggers[i].tokenOf("none");
        }
    }

    /// @dev Facts of the house and of other protocols are no token's price: they can be covered in any token.
    function test_CVR03_FactsAreAboutNoToken() public {
        ITrigger[9] memory triggers = [
            ITrigger(system.socializedLoss()),
            new AccountLiquidatedTrigger(system.house()),
            new DeleveragedTrigger(system.house()),
            new FundShortfallTrigger(system.fund()),
            new LiquidationErrorTrigger(system.house()),
            new OwnAccountTrigger(system.house(), system.verifier()),
            new AttestedTrigger(system.verifier(), usd),
            new AaveDeficitTrigger(),
            new MorphoBadDebtTrigger()
        ];
        for (uint256 i = 0; i < triggers.length; ++i) {
            _takes(triggers[i], bytes32(i), address(0));
        }
    }

    function _refuses(ITrigger trigger, bytes32 terms) private {
        Fuzz.assertEqual(uint160(trigger.tokenOf(terms)), uint160(usd), "own token");
        ProductTerms memory product = _product(trigger, terms);
        vm.expectRevert(
            abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_OwnAsset.selector, address(trigger), terms, usd)
        );
        vm.prank(address(system));
        vault.announceProduct(product);
    }

    function _takes(ITrigger trigger, bytes32 terms, address token) private {
        Fuzz.assertEqual(uint160(trigger.tokenOf(terms)), uint160(token), "token");
        ProductTerms memory product = _product(trigger, terms);
        vm.prank(address(system));
        ProductId announced = vault.announceProduct(product);
        (, uint256 opensAt, ) = vault.productOf(announced);
        Fuzz.assertEqual(opensAt, block.timestamp + 35 days + 1, "announced");
    }

    function _product(ITrigger trigger, bytes32 terms) private view returns (ProductTerms memory) {
        return
            ProductTerms({
                trigger: address(trigger),
                terms: terms,
                sides: 0,
                minLimit: 0.01e18,
                maxLimit: 100e18,
                maxTermWeeks: 10,
                capacityShareBps: 50_00,
                model: model,
                waiting: 24 hours
            });
    }

    function _depegOf(FeedId feed) private returns (bytes32) {
        return depeg.defineTerms(DepegTrigger.Definition({feed: feed, level: 0.95e18, window: 1 hours}));
    }

    function _touchOf(FeedId feed) private returns (bytes32) {
        return touch.defineTerms(PriceTouchTrigger.Definition({feed: feed, level: 0.95e18, fromAbove: true}));
    }

    function _spreadOf(FeedId feed) private returns (bytes32) {
        return spread.defineTerms(PutSpreadTrigger.Definition({feed: feed, lower: 0.9e18, upper: 0.95e18}));
    }
}

/// @dev As much of an ERC-4626 as terms need.
contract MockShare {
    function convertToAssets(uint256 shares) external pure returns (uint256) {
        return shares;
    }
}
