// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPool} from "@aave-dao/aave-v3-origin/src/contracts/interfaces/IPool.sol";
import {IMorphoStaticTyping} from "@morpho-org/morpho-blue/src/interfaces/IMorpho.sol";

import {AaveDeficitTrigger, IAaveDeficits} from "../../../contracts/claims/triggers/AaveDeficitTrigger.sol";
import {ForeignTrigger} from "../../../contracts/claims/triggers/ForeignTrigger.sol";
import {IMorphoMarkets, MorphoBadDebtTrigger} from "../../../contracts/claims/triggers/MorphoBadDebtTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockProtocol} from "../../../contracts/mocks/MockProtocol.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev CLM-03: what the triggers on Aave and Morpho read, and what it pays. How observations count is the same for all: Observations.t.sol.
contract ForeignProtocolsTest {
    uint256 private constant START = 1_800_000_000;
    uint128 private constant SCALE = 1_000_000e6;
    uint64 private constant DEDUCTIBLE = 0.01e18;
    address private constant ASSET = address(0xA55E7);
    bytes32 private constant MARKET = "market";
    address private constant VAULT = address(0xBA017);
    SeriesId private constant SERIES = SeriesId.wrap(1);

    MockProtocol private protocol;
    AaveDeficitTrigger private aave;
    MorphoBadDebtTrigger private morpho;
    bytes32 private aaveTerms;
    bytes32 private morphoTerms;

    function setUp() public {
        vm.warp(START - 1 hours);
        protocol = new MockProtocol();
        aave = new AaveDeficitTrigger();
        morpho = new MorphoBadDebtTrigger();
        _setDeficit(7e6);
        _setMarket(10_000e6, 10_000e12, 1);
        aaveTerms = aave.defineTerms(_aaveDefinition());
        morphoTerms = morpho.defineTerms(_morphoDefinition());
        aave.prepare(aaveTerms);
        morpho.prepare(morphoTerms);
        vm.warp(START);
    }

    function test_CLM03_AaveGrowthOfTheDeficitIsPaidInProportion() public {
        uint256 mark = aave.checkpoint(aaveTerms, VAULT, SERIES);
        Fuzz.assertEqual(uint128(mark), 7e6, "mark");
        _setDeficit(250_007e6 + 1);
        _isUndecided(aave, aaveTerms, mark);
        _confirm(aave, aaveTerms, mark, START + 1 days, 0.25e18 + 1e6);
        // Twice the scale pays twice; the verifier cuts at the limit.
        _setDeficit(2_000_007e6);
        _confirm(aave, aaveTerms, mark, START + 2 days, 2e18);
    }

    function test_CLM03_AaveADeficitThatWasMadeGoodIsNone() public {
        uint256 mark = aave.checkpoint(aaveTerms, VAULT, SERIES);
        _setDeficit(7e6 - 1);
        (uint256 payout, uint256 at, uint256 evidence) = aave.evaluate(aaveTerms, mark);
        Fuzz.assertTrue(payout == 0 && at == 0 && evidence == 7e6 - 1, "nothing");
        // Before a series: the larger deficit is the careful mark.
        _setDeficit(5e6);
        aave.prepare(aaveTerms);
        Fuzz.assertEqual(uint128(aave.checkpoint(aaveTerms, VAULT, SERIES)), 7e6, "mark");
        _setDeficit(9e6);
        Fuzz.assertEqual(uint128(aave.checkpoint(aaveTerms, VAULT, SERIES)), 9e6, "of now");
    }

    function test_CLM03_AaveNonsenseIsNoAnswer() public {
        uint256 mark = aave.checkpoint(aaveTerms, VAULT, SERIES);
        _setDeficit(uint256(type(uint128).max) + 1);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, aaveTerms));
        aave.evaluate(aaveTerms, mark);
        protocol.setMode(MockProtocol.Mode.Short);
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, aaveTerms));
        aave.evaluate(aaveTerms, mark);
        protocol.setMode(MockProtocol.Mode.Honest);
        AaveDeficitTrigger.Definition memory bad = _aaveDefinition();
        bad.scale += 1;
        _refuseAave(bad);
        _setDeficit(0);
        aave.defineTerms(bad);
        bad.scale = 0;
        _refuseAave(bad);
        bad = _aaveDefinition();
        bad.asset = address(0xdead);
        _refuseAave(bad);
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        aave.checkpoint(unknown, VAULT, SERIES);
    }

    function test_CLM03_MorphoAFallOfTheShareIsPaidBeyondTheDeductible() public {
        uint256 mark = morpho.checkpoint(morphoTerms, VAULT, SERIES);
        // One million shares a unit, with the protocol's virtual amounts: 1e6 to 1.
        Fuzz.assertEqual(uint128(mark), ((10_000e6 + 1) * 1e30) / (10_000e12 + 1e6), "mark");
        // A withdrawal changes no price.
        _setMarket(5_000e6, 5_000e12, 2);
        (uint256 payout, , ) = morpho.evaluate(morphoTerms, mark);
        Fuzz.assertEqual(payout, 0, "no loss");
        // Interest raises it.
        _setMarket(5_100e6, 5_000e12, 3);
        (payout, , ) = morpho.evaluate(morphoTerms, mark);
        Fuzz.assertEqual(payout, 0, "a gain");
        // Bad debt takes 10% of what suppliers have; 1% of it is not covered.
        _setMarket(4_500e6, 5_000e12, 4);
        _isUndecided(morpho, morphoTerms, mark);
        uint256 start = uint128(mark);
        uint256 fallen = ((4_500e6 + 1) * uint256(1e30)) / (5_000e12 + 1e6);
        _confirm(morpho, morphoTerms, mark, START + 1 days, ((start - fallen) * 1e18) / start - DEDUCTIBLE);
        Fuzz.assertBetween(((start - fallen) * 1e18) / start, 0.0999e18, 0.1001e18, "a tenth");
    }

    function test_CLM03_MorphoNonsenseIsNoAnswer() public {
        _setMarket(10_000e6, 10_000e12, 0); // Never created.
        _morphoIsUnreadable();
        _setMarket(uint256(type(uint128).max) + 1, 10_000e12, 1);
        _morphoIsUnreadable();
        _setMarket(10_000e6, uint256(type(uint128).max) + 1, 1);
        _morphoIsUnreadable();
        protocol.setAnswer(abi.encodeCall(IMorphoMarkets.market, (MARKET)), abi.encode(1e6, 1e12, 0, 0, 1));
        _morphoIsUnreadable();
        MorphoBadDebtTrigger.Definition memory bad = _morphoDefinition();
        bad.deductible = 1e18;
        _refuseMorpho(bad);
        bad = _morphoDefinition();
        _refuseMorpho(bad);
        _setMarket(1, 1e30, 1); // A share worth nothing.
        _refuseMorpho(bad);
        bytes32 unknown = "unknown";
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown));
        morpho.checkpoint(unknown, VAULT, SERIES);
    }

    /// @dev Against the interfaces that the protocols publish.
    function test_CLM03_TheQuestionsAreThoseOfTheProtocols() public pure {
        Fuzz.assertTrue(
            IAaveDeficits.getReserveDeficit.selector == IPool.getReserveDeficit.selector &&
                IMorphoMarkets.market.selector == IMorphoStaticTyping.market.selector,
            "selectors"
        );
    }

    function test_CLM03_TheSameTermsGiveTheSameHash() public {
        Fuzz.assertTrue(aaveTerms == keccak256(abi.encode(_aaveDefinition())), "Aave");
        Fuzz.assertTrue(morphoTerms == keccak256(abi.encode(_morphoDefinition())), "Morpho");
        Fuzz.assertTrue(aave.defineTerms(_aaveDefinition()) == aaveTerms, "Aave again");
        Fuzz.assertTrue(morpho.defineTerms(_morphoDefinition()) == morphoTerms, "Morpho again");
        Fuzz.assertTrue(keccak256(abi.encode(aave.definitionOf(aaveTerms))) == aaveTerms, "Aave stored");
        Fuzz.assertTrue(keccak256(abi.encode(morpho.definitionOf(morphoTerms))) == morphoTerms, "Morpho stored");
    }

    function _confirm(ForeignTrigger trigger, bytes32 terms, uint256 mark, uint256 from, uint256 payout) private {
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(from + i * 5 minutes);
            trigger.observe(terms, mark);
        }
        (uint256 payoutPerUnit, uint256 eventAt, ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(eventAt, from, "event at");
    }

    function _isUndecided(ForeignTrigger trigger, bytes32 terms, uint256 mark) private {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function _morphoIsUnreadable() private {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, morphoTerms));
        morpho.checkpoint(morphoTerms, VAULT, SERIES);
    }

    function _refuseAave(AaveDeficitTrigger.Definition memory bad) private {
        vm.expectRevert(abi.encodeWithSelector(AaveDeficitTrigger.AaveDeficitTrigger_InvalidDefinition.selector, bad));
        aave.defineTerms(bad);
    }

    function _refuseMorpho(MorphoBadDebtTrigger.Definition memory bad) private {
        vm.expectRevert(
            abi.encodeWithSelector(MorphoBadDebtTrigger.MorphoBadDebtTrigger_InvalidDefinition.selector, bad)
        );
        morpho.defineTerms(bad);
    }

    function _setDeficit(uint256 deficit) private {
        protocol.setAnswer(abi.encodeCall(IAaveDeficits.getReserveDeficit, (ASSET)), abi.encode(deficit));
    }

    function _setMarket(uint256 assets, uint256 shares, uint256 lastUpdate) private {
        bytes memory words = abi.encode(assets, shares, uint256(3), uint256(4), lastUpdate, uint256(5));
        protocol.setAnswer(abi.encodeCall(IMorphoMarkets.market, (MARKET)), words);
    }

    function _aaveDefinition() private view returns (AaveDeficitTrigger.Definition memory) {
        return AaveDeficitTrigger.Definition({pool: address(protocol), asset: ASSET, scale: SCALE});
    }

    function _morphoDefinition() private view returns (MorphoBadDebtTrigger.Definition memory) {
        return MorphoBadDebtTrigger.Definition({morpho: address(protocol), market: MARKET, deductible: DEDUCTIBLE});
    }
}
