// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketListing, RiskTargets} from "../types/Clearing.sol";
import {AccountId, AssetId, FeedId, MarketId} from "../types/Identifiers.sol";

/// @title Events and errors of the clearing house
/// @notice All money is WAD of the settlement asset unless an amount says that it is in a token's own decimals.
interface IClearingHouseEvents {
    /// @notice Emitted when a market was listed.
    event MarketListed(MarketId indexed market, MarketListing listing);
    /// @notice Emitted when a collateral asset was listed; `haircut` in basis points, `cap` in whole units.
    event AssetListed(AssetId indexed asset, address indexed token, FeedId feed, uint16 haircut, uint64 cap);
    /// @notice Emitted once, when the links that point up were set.
    event Linked(address indexed engine, address indexed fund, address indexed orderBook);
    /// @notice Emitted when an owner lent or took back scopes over all of his sub-accounts.
    event DelegateSet(address indexed owner, address indexed delegate, uint8 scopes, uint40 expiry);
    /// @notice Emitted when tokens arrived: `amount` in the token's own decimals, `credited` WAD.
    event Deposited(AccountId indexed account, AssetId indexed asset, address from, uint256 amount, uint256 credited);
    /// @notice Emitted when tokens were paid out: `amount` in the token's own decimals, `charged` WAD.
    event Withdrawn(AccountId indexed account, AssetId indexed asset, address to, uint256 amount, uint256 charged);
    /// @notice Emitted when an owner moved cash or collateral between his sub-accounts. WAD.
    event Moved(AccountId indexed from, AccountId indexed to, AssetId indexed asset, uint256 amount);
    /// @notice Emitted when a fill was booked; `size` and `fee` are the taker's.
    event Traded(
        AccountId indexed taker,
        AccountId indexed maker,
        MarketId indexed market,
        int256 size,
        uint256 price,
        uint256 indexPrice,
        uint256 fee
    );
    /// @notice Emitted when an account was closed against the opposite sides.
    event ClosedOut(
        AccountId indexed account,
        uint256 fraction,
        uint256 penalty,
        uint256 shortfall,
        uint256 socialized
    );
    /// @notice A side was charged `perUnit` for each unit of base that it holds.
    event SideCharged(MarketId indexed market, bool indexed long, uint256 perUnit, uint256 amount);
    /// @notice Emitted when `base` of a side was closed pro rata at `price`.
    event SideDeleveraged(MarketId indexed market, bool indexed long, uint256 base, uint256 price);
    /// @notice Emitted when a side started a new generation; `product` and `sum` are the end values.
    event GenerationEnded(MarketId indexed market, bool indexed long, uint16 generation, uint256 product, int256 sum);
    /// @notice Emitted when a loss found no open interest to bear it; `total` is what is unallocated now.
    event LossUnallocated(uint256 amount, uint256 total);
    /// @notice Emitted when negative cash was put right by a sale of collateral. WAD.
    event CollateralBought(
        AccountId indexed seller,
        AccountId indexed buyer,
        AssetId indexed asset,
        uint256 amount,
        uint256 cost
    );
    /// @notice Emitted when a market was first seen without consensus (ORC-07).
    event BlindMarked(MarketId indexed market, uint256 since);
    /// @notice Emitted when a position without consensus was closed at the last one (ORC-07): `base` signed, WAD.
    event BlindLegClosed(AccountId indexed account, MarketId indexed market, int256 base, uint256 price);
    /// @notice Emitted when the account with the fund was settled. WAD; `balance` is positive when the house owes.
    event Settled(uint256 received, uint256 sent, int256 balance);
    /// @notice Emitted when fees were paid out; `amount` in the token's own decimals.
    event FeesCollected(address indexed recipient, uint256 amount);

    /// @notice Emitted when a fill wrote F (WAD per unit of base) and its velocity (WAD per unit and second) (CLR-05).
    event FundingMoved(MarketId indexed market, int256 funding, int256 velocity);
    /// @notice Emitted when an account's deficit was measured; `total` is the sum that counts now (CLR-07). WAD.
    event DeficitMeasured(AccountId indexed account, uint256 deficit, uint256 total, uint256 resources);
    /// @notice Emitted when a withdrawal has to wait for tokens (CLR-10). WAD.
    event WithdrawalQueued(AccountId indexed account, uint256 amount, uint256 waiting);
    /// @notice Emitted when tokens were set aside for all waiting withdrawals. WAD.
    event QueueServed(uint256 amount, uint256 waiting);
    /// @notice Emitted when a waiting withdrawal was paid: `amount` in the token's own decimals, `waiting` WAD.
    event WithdrawalPaid(AccountId indexed account, address to, uint256 amount, uint256 waiting);
    /// @notice Emitted when a market's maintenance margin was given a new target; rates in 1e-5 (MRG-02).
    event MaintenanceTargetSet(MarketId indexed market, uint256 rate, uint256 rateTarget);
    /// @notice Emitted when a market's listed cap on open interest was lowered, wei of base.
    event CapLowered(MarketId indexed market, uint256 cap);
    /// @notice Emitted when the guardian was linked, for good.
    event GuardianLinked(address indexed guardian);
    /// @notice Emitted when the guardian paused a market, or ended its pause (`until` not after now).
    event MarketPaused(MarketId indexed market, uint256 until);
    /// @notice Emitted when risk control was linked, for good.
    event RiskControllerLinked(address indexed controller);
    /// @notice Emitted when risk control wrote a market's limits and the fund's ratio, 1e9.
    event RiskApplied(MarketId indexed market, RiskTargets targets, uint256 ratio);
    /// @notice Emitted when `perUnit` was charged to every unit of base of both sides, and `premium` booked to the fund; WAD (FND-02).
    event GapPremiumAccrued(MarketId indexed market, uint256 perUnit, uint256 premium);
    /// @notice Emitted when an account began or ceased to have its liquidations recorded (CLM-04).
    event SaleRecordsSet(AccountId indexed account, bool kept);
    /// @notice Emitted when a market's closing was announced; it takes no more risk from now on (CLR-11).
    event ClosingAnnounced(MarketId indexed market, uint256 closesAt);
    /// @notice Emitted when a market was closed: all of `openInterest` at `price`.
    event MarketClosed(MarketId indexed market, uint256 price, uint256 openInterest);

    /// @notice Thrown when a caller has no right to act for an account.
    error ClearingHouse_NotAuthorized(AccountId account, address caller, uint8 scope);
    /// @notice Thrown when anyone but the linked contract calls.
    error ClearingHouse_NotLinked(address caller, address expected);
    /// @notice Thrown when the links are set a second time.
    error ClearingHouse_AlreadyLinked(address engine);
    /// @notice Thrown at deployment when the fund's share of fees is not below 100%.
    error ClearingHouse_InvalidSettings();
    /// @notice Thrown when a link has no code.
    error ClearingHouse_InvalidLink(address target);
    /// @notice Thrown when a market is not listed.
    error ClearingHouse_UnknownMarket(MarketId market);
    /// @notice Thrown when an asset is not listed or its number is above 7.
    error ClearingHouse_UnknownAsset(AssetId asset);
    /// @notice Thrown when a market is listed a second time.
    error ClearingHouse_MarketAlreadyListed(MarketId market);
    /// @notice Thrown when an asset is listed a second time.
    error ClearingHouse_AssetAlreadyListed(AssetId asset);
    /// @notice Thrown when a listing leaves its bounds: market below 48, mmr 1e-5 to 50%, cap 1 to 2^95.
    error ClearingHouse_InvalidListing(MarketId market, MarketListing listing);
    /// @notice Thrown when a token has more than 18 decimals or none, is the settlement token, or has a haircut of
    /// 100% or no cap.
    error ClearingHouse_InvalidAsset(address token, uint256 decimals, uint256 haircut);
    /// @notice Thrown when a delegate is nobody or the owner himself, or when scopes are unknown.
    error ClearingHouse_InvalidDelegate(address delegate, uint8 scopes);
    /// @notice Thrown when an amount is zero or above what the books can hold.
    error ClearingHouse_InvalidAmount(uint256 amount, uint256 max);
    /// @notice Thrown when a settlement token delivered, or any token took, something else than it was asked for.
    error ClearingHouse_UnexpectedTransfer(address token, uint256 expected, uint256 received);
    /// @notice Thrown when a token refused a transfer.
    error ClearingHouse_TransferFailed(address token, address to, uint256 amount);
    /// @notice Thrown when a deposit would take an asset above its cap. WAD.
    error ClearingHouse_AssetCapExceeded(AssetId asset, uint256 total, uint256 cap);
    /// @notice Thrown when an account has less cash or collateral than is taken. WAD.
    error ClearingHouse_InsufficientBalance(AccountId account, AssetId asset, uint256 asked, int256 balance);
    /// @notice Thrown when a withdrawal is asked for while a loss is unallocated and the house has nothing to pay with; `asked` WAD, `held` in
    /// the token's own decimals.
    error ClearingHouse_InsufficientLiquidity(uint256 asked, uint256 held);
    /// @notice Thrown when both sides of a fill, slice or purchase are one account.
    error ClearingHouse_SelfTrade(AccountId account);
    /// @notice Thrown when a fill is of size 0 or above 2^95 wei.
    error ClearingHouse_InvalidSize(int256 size);
    /// @notice Thrown when a price is 0 or above 1e9 units.
    error ClearingHouse_InvalidPrice(uint256 price, uint256 max);
    /// @notice Thrown when a fill's price is farther from the consensus price than the band allows.
    error ClearingHouse_PriceOutsideBand(uint256 price, uint256 indexPrice, uint256 bandBps);
    /// @notice Thrown when a market has no consensus price now.
    error ClearingHouse_NoConsensus(MarketId market);
    /// @notice Thrown when a fill would add risk in a market that is not open.
    error ClearingHouse_MarketClosed(MarketId market);
    /// @notice Thrown when a fill would take open interest above the cap, or anything above 2^95 wei.
    error ClearingHouse_OpenInterestCapExceeded(MarketId market, uint256 openInterest, uint256 cap);
    /// @notice Thrown when an account would hold positions in more markets than one liquidation can carry.
    error ClearingHouse_TooManyMarkets(AccountId account, uint256 count, uint256 max);
    /// @notice Thrown when an account would be left below initial margin. WAD.
    error ClearingHouse_BelowInitialMargin(AccountId account, int256 balance, uint256 required);
    /// @notice Thrown when risk would be added to an account that holds something without consensus (ORC-07).
    error ClearingHouse_BlindAccount(AccountId account);
    /// @notice Thrown when a market has consensus or is not marked as blind (`since` 0), or was marked less than `required` seconds ago.
    error ClearingHouse_NotBlind(MarketId market, uint256 since, uint256 required);
    /// @notice Thrown when an account is not below maintenance margin.
    error ClearingHouse_NotLiquidatable(AccountId account, int256 marginBalance, uint256 maintenanceMargin);
    /// @notice Thrown when an account would be left with a maintenance margin between 0 and the minimum. WAD.
    error ClearingHouse_DustPosition(AccountId account, uint256 maintenanceMargin, uint256 min);
    /// @notice Thrown when an account with V <= 0 takes part in an order (CLR-06a).
    error ClearingHouse_Bankrupt(AccountId account, int256 value);
    /// @notice Thrown when a reducing fill below initial margin costs more than allowed (CLR-06).
    error ClearingHouse_ReductionTooCostly(AccountId account, uint256 lost, uint256 allowed);
    /// @notice Thrown when a market or asset would be added to an account whose auction runs (ORC-05).
    error ClearingHouse_InAuction(AccountId account);
    /// @notice Thrown when a position has missed more than 8 generations; `roll` brings it forward.
    error ClearingHouse_PositionTooOld(AccountId account, MarketId market, uint256 generations);
    /// @notice Thrown when a bid for a part of an account would be charged a socialised loss on a position that it also nets away:
    /// splitting it would cost the other holders. The whole account may be bid for.
    error ClearingHouse_PartialBidAgainstOwnSide(AccountId bidder, MarketId market);
    /// @notice Thrown when a fill or bid would let someone out of, or into, a market whose measured loss is above what the fund can pay
    /// and is not booked (CLR-07). Anyone may book it, and try again in the same transaction.
    error ClearingHouse_DeficitUnbooked(MarketId market);
    /// @notice Thrown when a withdrawal would take out the account's part of a measured loss above what the fund can pay (CLR-07). WAD.
    error ClearingHouse_DeficitShareWithheld(AccountId account, uint256 share);
    /// @notice Thrown when a margin rate is 0 or above 50%, in 1e-5.
    error ClearingHouse_InvalidRate(MarketId market, uint256 rate);
    /// @notice Thrown when risk control writes a value beyond the house's own bounds (applyRisk).
    error ClearingHouse_InvalidRiskTargets(MarketId market, RiskTargets targets, uint256 listedCap);
    /// @notice Thrown when a fill would add to the open interest of a market that the guardian has paused.
    error ClearingHouse_MarketPaused(MarketId market, uint256 until);
    /// @notice Thrown when a listed cap would not fall.
    error ClearingHouse_CapNotLower(MarketId market, uint256 cap, uint256 current);
    /// @notice Thrown when a closing is announced a second time or for less than a week ahead.
    error ClearingHouse_InvalidClosing(MarketId market, uint256 closesAt, uint256 earliest, uint256 announced);
    /// @notice Thrown when a market's closing was not announced, its time has not come, or it is closed.
    error ClearingHouse_NotClosing(MarketId market, uint256 closesAt, bool isClosed);
    /// @notice Thrown when an account's negative cash is within what is tolerated, or it has none of the asset.
    error ClearingHouse_CollateralNotForSale(AccountId account, int256 cash);
    /// @notice Thrown when collateral costs more than the buyer's limit. WAD.
    error ClearingHouse_CostAboveLimit(uint256 cost, uint256 limit);
}
