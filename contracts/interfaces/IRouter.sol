// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BidRequest, BidResult} from "../types/Auction.sol";
import {AccountId, AssetId, PurchaseId, SeriesId} from "../types/Identifiers.sol";
import {Order} from "../types/Orders.sol";

/// @notice What one step of a plan does.
/// @custom:value Permit lets the Router move tokens of the caller, by ERC-2612.
/// @custom:value Deposit puts tokens of the caller into an account.
/// @custom:value Refresh brings price feeds to this second.
/// @custom:value Fill fills a maker's signed order.
/// @custom:value Bid buys a part of an account under liquidation.
/// @custom:value BuyCover buys cover of the vault.
/// @custom:value UpdatePyth brings signed prices to Pyth; the only action that takes native value.
/// @custom:value UpdateRedStone brings signed prices to RedStone's store.
enum Action {
    Permit,
    Deposit,
    Refresh,
    Fill,
    Bid,
    BuyCover,
    UpdatePyth,
    UpdateRedStone
}

/// @notice A permit of the caller for the Router.
/// @param asset asset of the house whose token signs; 0 is the settlement token, which also pays premiums
/// @param value in the token's decimals: what all steps together take of it
struct PermitStep {
    AssetId asset;
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A deposit.
/// @param account account of the caller, who has lent the Router Scope.DEPOSIT
/// @param amount in the token's decimals
/// @param minCredited least that the account is credited, WAD: what a token with a fee may cost
struct DepositStep {
    AccountId account;
    AssetId asset;
    uint256 amount;
    uint256 minCredited;
}

/// @notice A fill; see ISignedOrders.fill. The price is the order's own.
/// @param taker account of the caller, who has lent the Router Scope.TRADE
/// @param size absolute base, WAD
struct FillStep {
    Order order;
    bytes signature;
    AccountId taker;
    uint256 size;
}

/// @notice A purchase of cover; see ICoverageVault.buy. Tokens, or the premium if it is refunded later, go to the caller.
/// @param maxPremium most that the cover may cost, in the token's decimals. All of it is taken for the moment, and the rest returned.
struct CoverStep {
    SeriesId series;
    uint96 units;
    uint256 maxPremium;
}

/// @notice Prices that Pyth's publishers have signed; see IPyth.updatePriceFeeds. What Pyth has already changes nothing (ORC-08).
/// @param data as Pyth's service gives it out
/// @param maxFee most that Pyth may ask for it, wei
struct PythStep {
    bytes[] data;
    uint256 maxFee;
}

/// @notice Prices that RedStone's nodes have signed; see IRedStoneSource.update. What is not newer changes nothing (ORC-08).
struct RedStoneStep {
    bytes32[] dataFeedIds;
    bytes payload;
}

/// @notice What is to be done, and in which order.
/// @param deadline last second in which it may be done
/// @param actions one for each step, in the order in which they are done; the n-th of a kind takes the n-th input of that kind
/// @param refreshes bit f for feed f
/// @param bids `bidder` is an account of the caller, who has lent the Router Scope.TRADE; limits are in the request
struct Plan {
    uint256 deadline;
    Action[] actions;
    PermitStep[] permits;
    DepositStep[] deposits;
    uint256[] refreshes;
    FillStep[] fills;
    BidRequest[] bids;
    CoverStep[] covers;
    PythStep[] pythUpdates;
    RedStoneStep[] redStoneUpdates;
}

/// @notice A purchase that waits for its tokens in the vault.
/// @param premium in the token's decimals
struct CoverPurchase {
    PurchaseId purchase;
    uint256 premium;
}

/// @notice What was done, each list in the order of the plan's.
/// @param credited WAD
struct Outcome {
    uint256[] credited;
    BidResult[] bids;
    CoverPurchase[] covers;
}

/// @title Router: several steps of one user in one transaction (PER-01)
/// @notice Deposits, trades, bids and insures at once, or does nothing: a trade with its insurance as a switch. The caller lends the
/// Router Scope.TRADE and Scope.DEPOSIT once, by `setDelegate` of the house, and lets it move his tokens by permit or approval.
///
/// What it can do with that is what its caller asks for in this call, for his own accounts, with his own tokens. It has no owner and no
/// rights, calls no address that a caller chooses (tokens are those that the house has listed) and holds nothing between calls: what a step
/// does not use goes back to the caller at once, native value that no update has cost at the end, and every allowance ends at 0. Tokens
/// that are sent here without a call belong to nobody and stay.
///
/// Every input is typed, so that a wallet can show what is signed. A static call is a preview of the whole.
/// @dev Re-entrancy: holds a transient lock for the whole plan, so that a token's hook finds it closed.
/// @dev Warning: a token that charges a fee takes it twice, on the way here and on the way to the house; `minCredited` bounds it.
interface IRouter {
    /// @notice Thrown when the contract is deployed for a house without code, or one whose links are not set yet.
    error Router_InvalidHouse(address house);
    /// @notice Thrown when the contract is deployed for a vault that stands before another house.
    error Router_InvalidVault(address vault, address house);
    /// @notice Thrown after the last second of a plan.
    error Router_Expired(uint256 deadline, uint256 timestamp);
    /// @notice Thrown when a plan names an action more often than it has inputs for it.
    error Router_MissingInput(Action action, uint256 inputs);
    /// @notice Thrown when a plan has inputs that none of its actions takes.
    error Router_UnusedInput(Action action, uint256 inputs, uint256 used);
    /// @notice Thrown when an account is not the caller's own.
    error Router_NotOwner(AccountId account, address caller);
    /// @notice Thrown when the house has not listed an asset.
    error Router_UnknownAsset(AssetId asset);
    /// @notice Thrown when a token refuses to be moved.
    error Router_TransferFailed(address token, address from, address to, uint256 amount);
    /// @notice Thrown when a token does not say what the Router holds of it.
    error Router_UnreadableBalance(address token);
    /// @notice Thrown when a deposit credits less than the caller accepts.
    error Router_CreditedBelowLimit(AccountId account, AssetId asset, uint256 credited, uint256 minCredited);
    /// @notice Thrown when a step would leave the Router with more or fewer tokens than before.
    error Router_BalanceChanged(address token, uint256 before, uint256 current);

    /// @notice Thrown when a plan brings prices to a store that this Router does not know.
    error Router_NoStore(Action action);
    /// @notice Thrown when Pyth asks for more than the step allows, or than is left of the value sent. Wei.
    error Router_FeeAboveLimit(uint256 fee, uint256 limit);

    /// @notice Does all steps of a plan in their order, or none. Whoever calls acts for himself alone. Native value pays Pyth's fees;
    /// what is left of it goes back to the caller, who must be able to take it.
    function run(Plan calldata plan) external payable returns (Outcome memory outcome);

    /// @notice House whose accounts are acted for; immutable, as are all the others.
    function house() external view returns (address);

    /// @notice Order book in which orders are filled.
    function orders() external view returns (address);

    /// @notice Engine that takes bids.
    function engine() external view returns (address);

    /// @notice Oracle that is refreshed.
    function oracle() external view returns (address);

    /// @notice Vault that sells cover.
    function vault() external view returns (address);

    /// @notice Pyth's contract; zero where there is none.
    function pyth() external view returns (address);

    /// @notice Store of RedStone's prices; zero where there is none.
    function redStone() external view returns (address);
}
