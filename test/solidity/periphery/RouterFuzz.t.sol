// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";

import {IRedStoneSource} from "../../../contracts/interfaces/IRedStoneSource.sol";
import {
    Action,
    CoverStep,
    DepositStep,
    FillStep,
    IRouter,
    PermitStep,
    Plan
} from "../../../contracts/interfaces/IRouter.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {Router} from "../../../contracts/periphery/Router.sol";
import {BidRequest} from "../../../contracts/types/Auction.sol";
import {Scope} from "../../../contracts/types/Flags.sol";
import {AccountId, AssetId, toAccountId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";

/// @dev PER-01: whoever is not the victim can call the Router with anything at all, and nothing of the victim's moves, although the victim
/// has lent it every scope and every token.
contract RouterFuzzTest {
    address private constant VICTIM = address(0xA11CE);
    address private constant ATTACKER = address(0xBAD);
    uint256 private constant HELD = 1_000e6;

    System private immutable SYSTEM = new System(address(0xFEE));
    Router private immutable ROUTER = new Router(
        SYSTEM.house(),
        SYSTEM.vault(),
        IPyth(address(0)),
        IRedStoneSource(address(0))
    );

    error RouterFuzz_Moved(uint256 wallet, int256 cash, uint256 held);
    error RouterFuzz_WrongOutcome(bool succeeded, bytes result);

    function setUp() external {
        MockToken usd = SYSTEM.usd();
        for (uint256 i = 0; i < 2; ++i) {
            address user = i == 0 ? VICTIM : ATTACKER;
            usd.mint(user, 2 * HELD);
            vm.startPrank(user);
            usd.approve(address(ROUTER), type(uint256).max);
            usd.approve(address(SYSTEM.house()), HELD);
            SYSTEM.house().deposit(toAccountId(user, 0), AssetId.wrap(0), HELD);
            SYSTEM.house().setDelegate(address(ROUTER), Scope.ALL, type(uint40).max);
            vm.stopPrank();
        }
    }

    /// @dev Raw data with any selector, run's among them. An answer that succeeds can only be a view's, or a plan that does nothing.
    function testFuzz_PER01_rawCallsMoveNothing(bytes4 selector, bytes calldata data, bool isRun) external {
        vm.prank(ATTACKER);
        (bool ok, ) = address(ROUTER).call(abi.encodePacked(isRun ? IRouter.run.selector : selector, data));
        ok; // Whatever it answered.
        _requireUntouched();
    }

    /// @dev Plans that are well formed, of one deposit and one bid, with accounts of the victim, the attacker or anyone.
    function testFuzz_PER01_plansServeTheirCallerOnly(bytes32 account, uint8 whose, uint96 amount) external {
        AccountId target =
            whose % 3 == 0
                ? toAccountId(VICTIM, uint96(uint256(account)))
                : whose % 3 == 1
                    ? toAccountId(ATTACKER, uint96(uint256(account)))
                    : AccountId.wrap(account);
        uint256 deposited = 1 + (uint256(amount) % HELD);
        Plan memory plan = _emptyPlan();
        plan.actions = new Action[](1);
        plan.actions[0] = Action.Deposit;
        plan.deposits = new DepositStep[](1);
        plan.deposits[0] = DepositStep({
            account: target,
            asset: AssetId.wrap(0),
            amount: deposited,
            minCredited: deposited * 1e12
        });
        vm.prank(ATTACKER);
        (bool ok, bytes memory result) = address(ROUTER).call(abi.encodeCall(IRouter.run, (plan)));
        bool isOwn = target.owner() == ATTACKER;
        if (ok != isOwn) revert RouterFuzz_WrongOutcome(ok, result);
        bytes memory expected = abi.encodeWithSelector(IRouter.Router_NotOwner.selector, target, ATTACKER);
        if (!isOwn && keccak256(result) != keccak256(expected)) revert RouterFuzz_WrongOutcome(ok, result);
        _requireUntouched();
    }

    /// @dev Bids and fills for accounts of the victim, with any numbers.
    function testFuzz_PER01_victimNeitherBidsNorTrades(uint96 sub, uint256 size, bool isBid) external {
        AccountId target = toAccountId(VICTIM, sub);
        Plan memory plan = _emptyPlan();
        plan.actions = new Action[](1);
        if (isBid) {
            plan.actions[0] = Action.Bid;
            plan.bids = new BidRequest[](1);
            (plan.bids[0].bidder, plan.bids[0].fraction, plan.bids[0].maxPrice) = (target, size, type(uint256).max);
        } else {
            plan.actions[0] = Action.Fill;
            plan.fills = new FillStep[](1);
            (plan.fills[0].taker, plan.fills[0].size) = (target, size);
        }
        vm.prank(ATTACKER);
        (bool ok, bytes memory result) = address(ROUTER).call(abi.encodeCall(IRouter.run, (plan)));
        bytes memory expected = abi.encodeWithSelector(IRouter.Router_NotOwner.selector, target, ATTACKER);
        if (ok || keccak256(result) != keccak256(expected)) revert RouterFuzz_WrongOutcome(ok, result);
        _requireUntouched();
    }

    function _emptyPlan() private pure returns (Plan memory plan) {
        plan.deadline = type(uint256).max;
        plan.permits = new PermitStep[](0);
        plan.refreshes = new uint256[](0);
        plan.covers = new CoverStep[](0);
    }

    function _requireUntouched() private view {
        uint256 wallet = SYSTEM.usd().balanceOf(VICTIM);
        int256 cash = SYSTEM.house().headerOf(toAccountId(VICTIM, 0)).cash;
        uint256 held = SYSTEM.usd().balanceOf(address(ROUTER));
        if (wallet != HELD || cash != int256(HELD * 1e12) || held != 0) revert RouterFuzz_Moved(wallet, cash, held);
    }
}
