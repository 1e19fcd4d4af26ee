// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./Identifiers.sol";

/// @dev One slot while an auction runs. 5 + 5 + 5 + 1 + 1 = 17 bytes.
/// @param elapsed live seconds on the clock (LIQ-01)
/// @param touchedAt wall time of the last touch
/// @param belowSince wall time since when every touch has found the account below maintenance margin
/// @param isOpen whether an auction runs
/// @param wasBelow whether the account was below maintenance margin at the last touch
struct Auction {
    uint40 elapsed;
    uint40 touchedAt;
    uint40 belowSince;
    bool isOpen;
    bool wasBelow;
}

/// @notice A bid for a fraction of an account under liquidation.
/// @param account account under liquidation
/// @param bidder account that takes the slice; the caller needs the scope TRADE for it
/// @param fraction most that the bidder takes, WAD
/// @param minFraction least that he takes, WAD; the bid reverts below it
/// @param maxPrice most that he pays for the whole account, WAD; the payment is this or less times the fraction taken
/// @param minIncome least gross income for the whole account, WAD; the income is this or more times the fraction taken
struct BidRequest {
    AccountId account;
    AccountId bidder;
    uint256 fraction;
    uint256 minFraction;
    uint256 maxPrice;
    uint256 minIncome;
}

/// @notice What a bid did. WAD.
/// @param fraction part of the account that was taken
/// @param payment what the bidder paid, penalty included
/// @param penalty part of the payment that went to the fund
/// @param shortfall part of the account's debt made good to the bidder
/// @param covered part of the shortfall that the fund's layers paid
/// @param socialized part of the shortfall that holders were charged or that is unallocated
/// @param reward what the fund's reserve paid to the bidder
struct BidResult {
    uint256 fraction;
    uint256 payment;
    uint256 penalty;
    uint256 shortfall;
    uint256 covered;
    uint256 socialized;
    uint256 reward;
}

/// @notice Terms of an auction at this second. WAD.
/// @param value V of the account
/// @param income k MM: the bidder's gross income for the whole account
/// @param price max(0, V - k MM): what the whole account costs
/// @param penalty part of the price that goes to the fund
/// @param maxFraction f*: most that one bid takes (LIQ-03)
/// @param elapsed live seconds on the clock
struct AuctionTerms {
    int256 value;
    uint256 income;
    uint256 price;
    uint256 penalty;
    uint256 maxFraction;
    uint256 elapsed;
}
