// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Auction, AuctionTerms} from "../types/Auction.sol";
import {AccountHeader} from "../types/Clearing.sol";
import {LayerAmounts} from "../types/Coverage.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {VaultBooks} from "./ICoverageVault.sol";
import {SegmentView} from "./IInsuranceFund.sol";

/// @notice An account at the prices of this second. Amounts WAD.
/// @param measuredDeficit what was last measured of it, and counts while it has not lapsed (CLR-07)
/// @param deficitShare what a withdrawal must leave behind (CLR-07)
/// @param feeds feeds that its health depends on, one bit each
struct AccountReport {
    AccountHeader header;
    Health health;
    uint256 measuredDeficit;
    uint256 deficitShare;
    uint256 feeds;
}

/// @notice An auction at the prices of this second. Amounts WAD.
/// @param auction as stored; not open until someone starts it or bids
/// @param terms at which a bid would be filled now; of no use unless `isBiddable`
/// @param payment what a bid for the whole of `terms.maxFraction` would pay, penalty included
/// @param isBiddable whether a bid would be taken: below maintenance margin, and no account of the house itself
struct AuctionReport {
    Auction auction;
    AuctionTerms terms;
    uint256 payment;
    bool isBiddable;
}

/// @notice A position at the price of this second. WAD.
/// @param quoteValue what is added to base * price, funding and charges included
/// @param price consensus price, the last one when there is none now, 0 for a position without base
/// @param hasConsensus false: health values the position against the account (ORC-07)
struct PositionReport {
    MarketId market;
    int256 base;
    int256 quoteValue;
    uint256 price;
    bool hasConsensus;
}

/// @notice Deficits of the house. WAD.
/// @param measured sum of measured deficits that have not lapsed (CLR-07)
/// @param resources what the fund could pay as of the last flag, less what was drawn since
/// @param markets markets concerned, one bit each
/// @param unallocated loss that no open interest could bear (LIQ-05)
/// @param negativeCash sum of all negative cash
/// @param waiting withdrawals that wait for tokens (CLR-10)
/// @param reserved tokens set aside for them
struct DeficitReport {
    uint256 measured;
    uint256 resources;
    uint256 markets;
    uint256 unallocated;
    uint256 negativeCash;
    uint256 waiting;
    uint256 reserved;
}

/// @notice The fund's segment behind the house. WAD.
/// @param resources what the layers could pay now, budgets left aside
/// @param budgetByClass budget budgetReward what is left of the reserve's budgets
/// @param rewardBucket what the engine may still ask for as rewards
/// @param account signed account of the house with the fund: positive when the house owes
struct FundReport {
    SegmentView segment;
    LayerAmounts resources;
    uint256[3] budgetByClass;
    uint256 budget;
    uint256 budgetReward;
    uint256 rewardBucket;
    int256 account;
}

/// @notice A vault behind the segment. WAD.
/// @param freeCapital neither bound nor asking to leave (CVR-02)
/// @param commitment most that the segment can still draw
/// @param owed drawn for the segment, or its share of premiums, and not yet collected
struct VaultReport {
    address vault;
    VaultBooks books;
    uint256 freeCapital;
    uint256 commitment;
    uint256 owed;
}

/// @notice Answer for one account of a batch.
/// @param isAnswered false: the report is empty, and `accountOf` of this account reverts with the cause
/// @param unread when not answered: markets whose positions cannot be read before `roll` of the house, one bit each
struct AccountAnswer {
    bool isAnswered;
    uint256 unread;
    AccountReport report;
}

/// @notice As AccountAnswer, for `auctionOf`.
struct AuctionAnswer {
    bool isAnswered;
    uint256 unread;
    AuctionReport report;
}

/// @notice Answer for one position; when it is not answered, only `report.market` is set, and the position needs `roll`.
struct PositionAnswer {
    bool isAnswered;
    PositionReport report;
}

/// @notice Answer for one vault; when it is not answered, only `report.vault` is set.
struct VaultAnswer {
    bool isAnswered;
    VaultReport report;
}

/// @title Lens: what keepers and dApps read, in batches (PER-01)
/// @notice Asks the contracts themselves and adds nothing of its own: what it says is what the same call would meet in the same state.
/// Prices that nobody has refreshed in this second are read from their sources, as a refresh would, so a bid after this answer in the same
/// block pays what it says. One item that cannot be read is reported as such and spoils no other. For a preview of a whole bid, rewards
/// and layers included, make a static call of `LiquidationEngine.bid`.
/// @dev Each item of a batch is given `ITEM_GAS`, and the batch reverts with `GuardedCall_InsufficientGas` where less is left: an item that
/// was starved never passes for one that cannot be read. Calls off the chain need a gas limit above it.
interface ILens {
    /// @notice Thrown when the contract is deployed for a house without code, or one whose links are not set yet.
    error Lens_InvalidHouse(address house);

    /// @notice One account; reverts when a position is too old to be read.
    function accountOf(AccountId account) external view returns (AccountReport memory);

    /// @notice Health and deficits of many accounts.
    function accountsOf(AccountId[] calldata accounts) external view returns (AccountAnswer[] memory answers);

    /// @notice Auction of one account, running or not; reverts when a position is too old to be read.
    function auctionOf(AccountId account) external view returns (AuctionReport memory);

    /// @notice Auctions of many accounts.
    function auctionsOf(AccountId[] calldata accounts) external view returns (AuctionAnswer[] memory answers);

    /// @notice One position; reverts when it is too old to be read.
    function positionOf(AccountId account, MarketId market) external view returns (PositionReport memory);

    /// @notice All positions of many accounts, one list for each.
    function positionsOf(AccountId[] calldata accounts) external view returns (PositionAnswer[][] memory answers);

    /// @notice Losses of the house that are measured, unallocated or waiting.
    function deficits() external view returns (DeficitReport memory);

    /// @notice Reserve, layers, budgets and the account between house and fund.
    function fundReport() external view returns (FundReport memory);

    /// @notice One vault behind the segment.
    function vaultOf(address vault) external view returns (VaultReport memory);

    /// @notice The vaults behind the segment: backstop, then reinsurance, as far as there are any.
    function vaults() external view returns (VaultAnswer[] memory answers);

    /// @notice House that is read; immutable, as are its engine, fund and oracle.
    function house() external view returns (address);
}
