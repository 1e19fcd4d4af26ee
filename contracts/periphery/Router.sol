// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRedStoneSource} from "../interfaces/IRedStoneSource.sol";
import {
    Action,
    CoverPurchase,
    CoverStep,
    DepositStep,
    FillStep,
    IRouter,
    Outcome,
    PermitStep,
    Plan,
    PythStep,
    RedStoneStep
} from "../interfaces/IRouter.sol";
import {ISignedOrders} from "../interfaces/ISignedOrders.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Asset} from "../types/Clearing.sol";
import {BidRequest, BidResult} from "../types/Auction.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";

/// @title Router
/// @notice See IRouter. Immutable, without owner and without storage: a user who has lent it scopes is acted for only while he is
/// `msg.sender`.
contract Router is IRouter, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant ACTIONS = uint256(type(Action).max) + 1;
    AssetId private constant SETTLEMENT_ASSET = AssetId.wrap(0);

    IClearingHouse private immutable HOUSE;
    ISignedOrders private immutable ORDERS;
    ILiquidationEngine private immutable ENGINE;
    IPriceOracle private immutable ORACLE;
    ICoverageVault private immutable VAULT;
    IPyth private immutable PYTH;
    IRedStoneSource private immutable RED_STONE;

    /// @param pyth_ zero where there is none
    /// @param redStone_ zero where there is none
    constructor(IClearingHouse house_, ICoverageVault vault_, IPyth pyth_, IRedStoneSource redStone_) {
        if (address(house_).code.length == 0 || house_.engine() == address(0)) {
            revert Router_InvalidHouse(address(house_));
        }
        // A vault keeps the settlement token of its house, so one check is enough for both.
        if (address(vault_).code.length == 0 || vault_.house() != address(house_)) {
            revert Router_InvalidVault(address(vault_), address(house_));
        }
        HOUSE = house_;
        ORDERS = ISignedOrders(house_.orderBook());
        ENGINE = ILiquidationEngine(house_.engine());
        ORACLE = IPriceOracle(house_.oracle());
        VAULT = vault_;
        PYTH = pyth_;
        RED_STONE = redStone_;
    }

    /// @inheritdoc IRouter
    function run(Plan calldata plan) external payable nonReentrant returns (Outcome memory outcome) {
        // What was here before is nobody's and pays nobody's fees.
        uint256 floor = address(this).balance - msg.value;
        if (block.timestamp > plan.deadline) revert Router_Expired(plan.deadline, block.timestamp);
        outcome.credited = new uint256[](plan.deposits.length);
        outcome.bids = new BidResult[](plan.bids.length);
        outcome.covers = new CoverPurchase[](plan.covers.length);
        uint256[] memory used = new uint256[](ACTIONS);
        // The caller chooses the length and pays for it.
        for (uint256 i = 0; i < plan.actions.length; ++i) {
            Action action = plan.actions[i];
            uint256 index = used[uint256(action)]++;
            if (index == _inputsFor(plan, action)) revert Router_MissingInput(action, index);
            _step(plan, outcome, action, index, floor);
        }
        // Nothing that was signed is silently left out.
        for (uint256 i = 0; i < ACTIONS; ++i) {
            uint256 inputs = _inputsFor(plan, Action(i));
            if (used[i] != inputs) revert Router_UnusedInput(Action(i), inputs, used[i]);
        }
        uint256 left = address(this).balance - floor;
        if (left != 0) Address.sendValue(payable(msg.sender), left);
    }

    /* VIEWS */

    /// @inheritdoc IRouter
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /// @inheritdoc IRouter
    function orders() external view returns (address) {
        return address(ORDERS);
    }

    /// @inheritdoc IRouter
    function engine() external view returns (address) {
        return address(ENGINE);
    }

    /// @inheritdoc IRouter
    function oracle() external view returns (address) {
        return address(ORACLE);
    }

    /// @inheritdoc IRouter
    function vault() external view returns (address) {
        return address(VAULT);
    }

    /// @inheritdoc IRouter
    function pyth() external view returns (address) {
        return address(PYTH);
    }

    /// @inheritdoc IRouter
    function redStone() external view returns (address) {
        return address(RED_STONE);
    }

    /* STEPS */

    function _step(Plan calldata plan, Outcome memory outcome, Action action, uint256 index, uint256 floor) private {
        if (action == Action.Permit) _permit(plan.permits[index]);
        else if (action == Action.Deposit) outcome.credited[index] = _deposit(plan.deposits[index]);
        else if (action == Action.Refresh) ORACLE.refreshAll(plan.refreshes[index]);
        else if (action == Action.Fill) _fill(plan.fills[index]);
        else if (action == Action.Bid) outcome.bids[index] = _bid(plan.bids[index]);
        else if (action == Action.BuyCover) outcome.covers[index] = _buyCover(plan.covers[index]);
        else if (action == Action.UpdatePyth) _updatePyth(plan.pythUpdates[index], floor);
        else _updateRedStone(plan.redStoneUpdates[index]);
    }

    function _inputsFor(Plan calldata plan, Action action) private pure returns (uint256) {
        if (action == Action.Permit) return plan.permits.length;
        if (action == Action.Deposit) return plan.deposits.length;
        if (action == Action.Refresh) return plan.refreshes.length;
        if (action == Action.Fill) return plan.fills.length;
        if (action == Action.Bid) return plan.bids.length;
        if (action == Action.BuyCover) return plan.covers.length;
        if (action == Action.UpdatePyth) return plan.pythUpdates.length;
        return plan.redStoneUpdates.length;
    }

    /// @dev A permit that someone else has already used leaves the allowance in place; the transfer decides (CLR-02). An allowance for
    /// this contract serves its owner only: tokens are taken from the caller and from nobody else.
    function _permit(PermitStep calldata step) private {
        GuardedCall.tryPermit(
            _tokenOf(step.asset),
            GuardedCall.Permit({
                owner: msg.sender,
                spender: address(this),
                value: step.value,
                deadline: step.deadline,
                v: step.v,
                r: step.r,
                s: step.s
            })
        );
    }

    function _deposit(DepositStep calldata step) private returns (uint256 credited) {
        _requireOwner(step.account);
        address token = _tokenOf(step.asset);
        uint256 before = _balanceOf(token);
        uint256 arrived = _take(token, step.amount, before);
        IERC20(token).forceApprove(address(HOUSE), arrived);
        credited = HOUSE.deposit(step.account, step.asset, arrived);
        if (credited < step.minCredited) {
            revert Router_CreditedBelowLimit(step.account, step.asset, credited, step.minCredited);
        }
        _giveBack(token, address(HOUSE), before);
    }

    function _fill(FillStep calldata step) private {
        _requireOwner(step.taker);
        ORDERS.fill({order: step.order, signature: step.signature, taker: step.taker, size: step.size});
    }

    function _bid(BidRequest calldata request) private returns (BidResult memory) {
        _requireOwner(request.bidder);
        return ENGINE.bid(request);
    }

    function _buyCover(CoverStep calldata step) private returns (CoverPurchase memory cover) {
        address token = _tokenOf(SETTLEMENT_ASSET);
        uint256 before = _balanceOf(token);
        _take(token, step.maxPremium, before);
        IERC20(token).forceApprove(address(VAULT), step.maxPremium);
        (cover.purchase, cover.premium) = VAULT.buy({
            series: step.series,
            units: step.units,
            maxPremium: step.maxPremium,
            receiver: msg.sender
        });
        _giveBack(token, address(VAULT), before);
    }

    /* PRICES OF PULL SOURCES (ORC-08): both stores keep what is newest, so whoever was first with the same prices has done no harm */

    /// @dev Pyth is called as it is and not through GuardedCall: nothing here outlives its failure, so its reason is worth more than a
    /// bound on its gas, which no constant could give for updates of any number.
    function _updatePyth(PythStep calldata step, uint256 floor) private {
        if (address(PYTH) == address(0)) revert Router_NoStore(Action.UpdatePyth);
        uint256 fee = PYTH.getUpdateFee(step.data);
        uint256 limit = WadMath.min(step.maxFee, address(this).balance - floor);
        if (fee > limit) revert Router_FeeAboveLimit(fee, limit);
        PYTH.updatePriceFeeds{value: fee}(step.data);
    }

    function _updateRedStone(RedStoneStep calldata step) private {
        if (address(RED_STONE) == address(0)) revert Router_NoStore(Action.UpdateRedStone);
        RED_STONE.update(step.dataFeedIds, step.payload);
    }

    /* RIGHTS AND TOKENS */

    /// @dev Downstream the Router is a delegate of everyone who has lent it scopes: this line makes them serve their lender only.
    function _requireOwner(AccountId account) private view {
        if (account.owner() != msg.sender) revert Router_NotOwner(account, msg.sender);
    }

    /// @dev No token is called that the house has not listed.
    function _tokenOf(AssetId asset) private view returns (address) {
        (Asset memory listed, ) = HOUSE.assetOf(asset);
        if (listed.token == address(0)) revert Router_UnknownAsset(asset);
        return listed.token;
    }

    /// @return arrived what the token has delivered of `amount`, less when it takes a fee
    function _take(address token, uint256 amount, uint256 before) private returns (uint256 arrived) {
        if (!GuardedCall.trySafeTransferFrom(token, msg.sender, address(this), amount)) {
            revert Router_TransferFailed(token, msg.sender, address(this), amount);
        }
        uint256 current = _balanceOf(token);
        arrived = current > before ? WadMath.min(current - before, amount) : 0;
    }

    /// @dev Ends the allowance and returns what the step has not used, so that the Router holds after it what it held before.
    function _giveBack(address token, address spender, uint256 before) private {
        IERC20(token).forceApprove(spender, 0);
        uint256 current = _balanceOf(token);
        if (current > before) {
            uint256 rest = current - before;
            if (!GuardedCall.trySafeTransfer(token, msg.sender, rest)) {
                revert Router_TransferFailed(token, address(this), msg.sender, rest);
            }
            current = _balanceOf(token);
        }
        if (current != before) revert Router_BalanceChanged(token, before, current);
    }

    function _balanceOf(address token) private view returns (uint256 amount) {
        bool isReadable;
        (isReadable, amount) = GuardedCall.balanceOf(token, address(this));
        if (!isReadable) revert Router_UnreadableBalance(token);
    }
}
