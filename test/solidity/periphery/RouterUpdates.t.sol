// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {MockPyth} from "@pythnetwork/pyth-sdk-solidity/MockPyth.sol";

import {FeedRules, SourceListing} from "../../../contracts/interfaces/IPriceOracle.sol";
import {IRedStoneSource} from "../../../contracts/interfaces/IRedStoneSource.sol";
import {Action, IRouter, Plan, PythStep, RedStoneStep} from "../../../contracts/interfaces/IRouter.sol";
import {MockAggregator} from "../../../contracts/mocks/MockAggregator.sol";
import {PriceOracle} from "../../../contracts/oracle/PriceOracle.sol";
import {PythSource} from "../../../contracts/oracle/sources/PythSource.sol";
import {Router} from "../../../contracts/periphery/Router.sol";
import {FeedId} from "../../../contracts/types/Identifiers.sol";
import {RedStoneTest} from "../oracle/RedStoneTest.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev Runs a plan as a contract that cannot be sent anything.
contract Unpayable {
    function run(Router router, Plan calldata plan) external payable {
        router.run{value: msg.value}(plan);
    }
}

/// @dev A store that runs a plan of its own when it is updated, as far as it is let.
contract ReentrantStore {
    Router private router;

    function aim(Router router_) external {
        router = router_;
    }

    function updatePriceFeeds(bytes[] calldata) external payable {
        Plan memory plan;
        plan.deadline = type(uint256).max;
        router.run{value: msg.value}(plan);
    }

    function getUpdateFee(bytes[] calldata) external pure returns (uint256) {
        return 7;
    }
}

/// @dev ORC-08, PER-01: prices of pull sources come in with the plan that needs them, and native value is there for nothing else.
contract RouterUpdatesTest is RedStoneTest {
    bytes32 private constant PYTH_ID = "BTC/USD";
    FeedId private constant FEED = FeedId.wrap(7);
    uint256 private constant FEE = 7;
    uint32 private constant MAX_AGE = 60;
    address private constant USER = address(0xA11CE);
    uint256 private constant FUNDS = 1 ether;

    System private system;
    MockPyth private pyth;
    Router private router;

    function setUp() public override {
        super.setUp();
        system = new System(address(0xFEE));
        pyth = new MockPyth(MAX_AGE, FEE);
        router = new Router(system.house(), system.vault(), pyth, source);
        vm.deal(USER, FUNDS);
    }

    function test_ORC08_onePlanBringsBothSourcesAndTheOracleReadsThem() external {
        _listFeed();
        vm.warp(NOW + 30);
        Plan memory plan = _both(NOW + 30, 9_000e8);
        plan.refreshes = new uint256[](1);
        plan.refreshes[0] = 1 << 7;
        plan.actions = _actions(Action.UpdatePyth, Action.UpdateRedStone, Action.Refresh);
        vm.prank(USER);
        router.run{value: 100}(plan);
        (, uint256[] memory prices, uint256[] memory times) = system.oracle().inspect(FEED);
        for (uint256 i = 0; i < 2; ++i) {
            _require(prices[i] == 9_000e18, "each source has the new price");
            _require(times[i] == NOW + 30, "and its time");
        }
        _require(address(pyth).balance == FEE, "Pyth has its fee and no more");
        _require(USER.balance == FUNDS - FEE, "the rest has gone back");
        _require(address(router).balance == 0, "the Router keeps nothing");
    }

    function test_ORC08_theSameAgainChangesNothing_soNobodyIsStoppedByWhoWasFirst() external {
        Plan memory plan = _both(NOW, 9_000e8);
        pyth.updatePriceFeeds{value: FEE}(plan.pythUpdates[0].data);
        source.update(plan.redStoneUpdates[0].dataFeedIds, plan.redStoneUpdates[0].payload);
        vm.prank(USER);
        router.run{value: FEE}(plan);
        vm.prank(USER);
        router.run{value: FEE}(plan);
        _expectStored(BTC, 9_000e8, NOW * 1_000, NOW);
        _require(pyth.getPriceUnsafe(PYTH_ID).price == 9_000e8, "Pyth's price");
    }

    function test_PER01_theFeeIsAtMostWhatTheStepAllows() external {
        Plan memory plan = _pythOnly(NOW);
        plan.pythUpdates[0].maxFee = FEE - 1;
        _expectFailure(USER, 100, plan, abi.encodeWithSelector(IRouter.Router_FeeAboveLimit.selector, FEE, FEE - 1));
        plan.pythUpdates[0].maxFee = FEE;
        vm.prank(USER);
        router.run{value: FEE}(plan);
    }

    function test_PER01_theFeeIsAtMostWhatWasSent_overAllSteps() external {
        Plan memory plan = _pythOnly(NOW);
        _expectFailure(
            USER,
            FEE - 1,
            plan,
            abi.encodeWithSelector(IRouter.Router_FeeAboveLimit.selector, FEE, FEE - 1)
        );
        PythStep memory step = plan.pythUpdates[0];
        plan.pythUpdates = new PythStep[](2);
        (plan.pythUpdates[0], plan.pythUpdates[1]) = (step, step);
        plan.actions = new Action[](2);
        (plan.actions[0], plan.actions[1]) = (Action.UpdatePyth, Action.UpdatePyth);
        _expectFailure(
            USER,
            2 * FEE - 1,
            plan,
            abi.encodeWithSelector(IRouter.Router_FeeAboveLimit.selector, FEE, FEE - 1)
        );
        vm.prank(USER);
        router.run{value: 2 * FEE}(plan);
        _require(USER.balance == FUNDS - 2 * FEE, "two fees");
    }

    function test_PER01_theNthUpdateIsTheNthInput() external {
        Plan memory plan = _both(NOW, 9_000e8);
        PythStep memory first = plan.pythUpdates[0];
        plan.pythUpdates = new PythStep[](2);
        (plan.pythUpdates[0], plan.pythUpdates[1]) = (first, PythStep({data: first.data, maxFee: FEE - 1}));
        plan.actions = _actions(Action.UpdatePyth, Action.UpdatePyth, Action.UpdateRedStone);
        _expectFailure(
            USER,
            2 * FEE,
            plan,
            abi.encodeWithSelector(IRouter.Router_FeeAboveLimit.selector, FEE, FEE - 1)
        );
        RedStoneStep memory step = plan.redStoneUpdates[0];
        plan = _pythOnly(NOW);
        plan.redStoneUpdates = new RedStoneStep[](2);
        (plan.redStoneUpdates[0], plan.redStoneUpdates[1]) = (step, RedStoneStep(step.dataFeedIds, new bytes(9)));
        plan.actions = _actions(Action.UpdatePyth, Action.UpdateRedStone, Action.UpdateRedStone);
        _expectFailure(USER, FEE, plan, abi.encodeWithSelector(IRedStoneSource.RedStoneSource_MissingMarker.selector));
    }

    function test_PER01_whatLiesHereIsNobodys_paysNoFee_andIsSentToNobody() external {
        vm.deal(address(router), 5);
        Plan memory plan = _pythOnly(NOW);
        _expectFailure(
            USER,
            FEE - 1,
            plan,
            abi.encodeWithSelector(IRouter.Router_FeeAboveLimit.selector, FEE, FEE - 1)
        );
        vm.prank(USER);
        router.run{value: 3 * FEE}(plan);
        _require(address(router).balance == 5, "it stays");
        _require(USER.balance == FUNDS - FEE, "the user has paid the fee");
    }

    function test_PER01_valueThatNoUpdateCostsGoesBack() external {
        Plan memory plan;
        plan.deadline = type(uint256).max;
        vm.prank(USER);
        router.run{value: 12}(plan);
        _require(USER.balance == FUNDS, "all of it");
    }

    function test_PER01_whoCannotTakeTheRestSendsTheExactFee() external {
        Unpayable wallet = new Unpayable();
        Plan memory plan = _pythOnly(NOW);
        vm.deal(address(router), 5);
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedCall.selector));
        wallet.run{value: FEE + 1}(router, plan);
        wallet.run{value: FEE}(router, plan);
        _require(address(pyth).balance == FEE, "the fee");
    }

    function test_PER01_withoutAStoreTheStepIsRefused() external {
        router = new Router(system.house(), system.vault(), IPyth(address(0)), IRedStoneSource(address(0)));
        Plan memory plan = _pythOnly(NOW);
        _expectFailure(USER, FEE, plan, abi.encodeWithSelector(IRouter.Router_NoStore.selector, Action.UpdatePyth));
        plan = _both(NOW, 9_000e8);
        plan.pythUpdates = new PythStep[](0);
        plan.actions = new Action[](1);
        plan.actions[0] = Action.UpdateRedStone;
        _expectFailure(USER, 0, plan, abi.encodeWithSelector(IRouter.Router_NoStore.selector, Action.UpdateRedStone));
        _require(router.pyth() == address(0) && router.redStone() == address(0), "none");
    }

    function test_PER01_itsStoresAreTheOnesItWasDeployedFor() external view {
        _require(router.pyth() == address(pyth), "Pyth");
        _require(router.redStone() == address(source), "RedStone");
    }

    function test_PER01_aStoreThatCallsBackFindsTheRouterClosed() external {
        Plan memory plan = _pythOnly(NOW);
        ReentrantStore store = new ReentrantStore();
        router = new Router(system.house(), system.vault(), IPyth(address(store)), source);
        store.aim(router);
        _expectFailure(USER, FEE, plan, abi.encodeWithSelector(ReentrancyGuard.ReentrancyGuardReentrantCall.selector));
    }

    function test_PER01_aPayloadThatIsRefusedUndoesTheWholePlan() external {
        Plan memory plan = _both(NOW, 9_000e8);
        plan.redStoneUpdates[0].payload = new bytes(9);
        _expectFailure(USER, FEE, plan, abi.encodeWithSelector(IRedStoneSource.RedStoneSource_MissingMarker.selector));
        _require(!pyth.priceFeedExists(PYTH_ID), "Pyth's update is undone");
        _require(USER.balance == FUNDS, "and its fee");
    }

    /* PLANS */

    function _both(uint256 time, uint256 price) private view returns (Plan memory plan) {
        plan = _pythOnly(time);
        plan.redStoneUpdates = new RedStoneStep[](1);
        plan.redStoneUpdates[0] = RedStoneStep({
            dataFeedIds: _ids(BTC),
            payload: _payload(time * 1_000, BTC, _three(price, price, price))
        });
        plan.actions = new Action[](2);
        (plan.actions[0], plan.actions[1]) = (Action.UpdatePyth, Action.UpdateRedStone);
    }

    function _pythOnly(uint256 time) private view returns (Plan memory plan) {
        plan.deadline = type(uint256).max;
        plan.actions = new Action[](1);
        plan.actions[0] = Action.UpdatePyth;
        plan.pythUpdates = new PythStep[](1);
        plan.pythUpdates[0].maxFee = FEE;
        plan.pythUpdates[0].data = new bytes[](1);
        plan.pythUpdates[0].data[0] = _pythData(time);
    }

    function _pythData(uint256 time) private view returns (bytes memory) {
        uint64 at = uint64(time);
        return pyth.createPriceFeedUpdateData(PYTH_ID, 9_000e8, 1e8, -8, 9_000e8, 1e8, at, at);
    }

    function _actions(Action a, Action b, Action c) private pure returns (Action[] memory actions) {
        actions = new Action[](3);
        (actions[0], actions[1], actions[2]) = (a, b, c);
    }

    function _expectFailure(address caller, uint256 value, Plan memory plan, bytes memory problem) private {
        vm.expectRevert(problem);
        vm.prank(caller);
        router.run{value: value}(plan);
    }

    function _listFeed() private {
        bytes[] memory data = new bytes[](1);
        data[0] = _pythData(NOW);
        pyth.updatePriceFeeds{value: FEE}(data);
        source.update(_ids(BTC), _payload(NOW * 1_000, BTC, _three(9_000e8, 9_000e8, 9_000e8)));
        vm.deal(address(pyth), 0);
        SourceListing[] memory sources = new SourceListing[](3);
        sources[0] = SourceListing(address(new PythSource()), address(pyth), abi.encode(PYTH_ID, MAX_AGE, uint16(100)));
        sources[1] = SourceListing(address(source), address(source), abi.encode(BTC, MAX_AGE, uint8(8)));
        PriceOracle oracle = system.oracle();
        // A second kind, which every feed needs (R6).
        address push = address(new MockAggregator(8, 9_000e8));
        sources[2] = SourceListing(address(oracle), push, abi.encode(uint32(1 hours)));
        vm.prank(address(system));
        oracle.listFeed(FEED, FeedRules(2, 2, 0.01e18, 300, 0.4e18), sources);
    }
}
