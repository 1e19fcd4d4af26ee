// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asset, Interest, Market, MarketListing, Side} from "../types/Clearing.sol";
import {
    BPS_ONE,
    INITIAL_PENALTY_RATE,
    MAX_ADD_ON,
    MAX_ASSETS,
    MAX_MARKETS,
    MAX_OPEN_INTEREST,
    PRODUCT_ONE,
    RATE_ONE
} from "../types/Constants.sol";
import {MarketFlags, Scope} from "../types/Flags.sol";
import {AssetId, FeedId, MarketId} from "../types/Identifiers.sol";
import {QueuedWithdrawals} from "./QueuedWithdrawals.sol";

/// @title What is set up: links, markets and assets once, delegates by their owners
/// @notice Links and listings are restricted by the access manager; nothing that exists can be changed here (R5).
abstract contract Listings is QueuedWithdrawals {
    function link(address engine_, address fund_, address orderBook_) external restricted {
        if (_config.engine != address(0)) revert ClearingHouse_AlreadyLinked(_config.engine);
        _requireCode(engine_);
        _requireCode(fund_);
        _requireCode(orderBook_);
        // Fees paid to the fund's address would look like income of whichever segment is being settled.
        if (fund_ == FEE_RECIPIENT) revert ClearingHouse_InvalidLink(fund_);
        _config.engine = engine_;
        _links.fund = fund_;
        _links.orderBook = orderBook_;
        emit Linked(engine_, fund_, orderBook_);
    }

    function listMarket(MarketId market, MarketListing calldata listing) external restricted {
        uint256 index = MarketId.unwrap(market);
        if (index < MAX_MARKETS && _listed & (1 << index) != 0) revert ClearingHouse_MarketAlreadyListed(market);
        bool inBounds =
            index < MAX_MARKETS &&
                listing.maintenanceRate != 0 &&
                listing.maintenanceRate <= RATE_ONE / 2 &&
                listing.addOn <= MAX_ADD_ON &&
                listing.cap != 0 &&
                listing.cap <= MAX_OPEN_INTEREST;
        if (!inBounds) revert ClearingHouse_InvalidListing(market, listing);
        // The feed must have a price: a market that cannot be valued is not listed.
        ORACLE.consensusPrice(FeedId.wrap(uint8(index)));
        _listed |= uint48(1 << index);
        _endings[index].listedCap = listing.cap;
        _markets[index] = Market({
            funding: 0,
            fundingRate: 0,
            fundingAt: uint32(block.timestamp),
            rateSet: listing.maintenanceRate,
            rateTarget: listing.maintenanceRate,
            rateSetAt: uint32(block.timestamp),
            addOn: listing.addOn,
            flags: uint8(listing.class) | MarketFlags.OPEN | MarketFlags.LISTED
        });
        _setPenaltyRate(index, INITIAL_PENALTY_RATE);
        _interest[index] = Interest({openInterest: 0, cap: listing.cap, gapRate: 0, gapAt: uint32(block.timestamp)});
        _sides[index][true] = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        _sides[index][false] = Side({sum: 0, product: uint112(PRODUCT_ONE), generation: 0});
        emit MarketListed(market, listing);
    }

    function listAsset(AssetId asset, address token, FeedId feed, uint16 haircut, uint64 cap) external restricted {
        uint256 index = AssetId.unwrap(asset);
        if (index >= MAX_ASSETS) revert ClearingHouse_UnknownAsset(asset);
        if (_assets[index].token != address(0)) revert ClearingHouse_AssetAlreadyListed(asset);
        uint8 decimals = _readDecimals(token, haircut);
        if (token == SETTLEMENT_TOKEN || haircut >= BPS_ONE || cap == 0) {
            revert ClearingHouse_InvalidAsset(token, decimals, haircut);
        }
        ORACLE.consensusPrice(feed);
        _assets[index] = Asset({
            token: token,
            decimals: decimals,
            feed: FeedId.unwrap(feed),
            haircut: haircut,
            cap: cap
        });
        emit AssetListed(asset, token, feed, haircut, cap);
    }

    function setDelegate(address delegate, uint8 scopes, uint40 expiry) external {
        if (delegate == address(0) || delegate == msg.sender || scopes > Scope.ALL) {
            revert ClearingHouse_InvalidDelegate(delegate, scopes);
        }
        _delegates[msg.sender][delegate] = Delegate({scopes: scopes, expiry: expiry});
        emit DelegateSet(msg.sender, delegate, scopes, expiry);
    }

    function _requireCode(address target) private view {
        if (target.code.length == 0) revert ClearingHouse_InvalidLink(target);
    }
}
