// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, MarketClass, MarketId} from "./Identifiers.sol";

/// @dev One slot. 16 + 6 + 1 + 5 + 1 + 3 = 32 bytes.
/// @param cash settlement asset, WAD, signed
/// @param markets bit m is set while the account has a position in market m
/// @param assets bit a is set while the account holds collateral asset a (bit 0 unused: asset 0 is cash)
/// @param lastLiquidatedAt time of the last bid or deleveraging against this account (CLM-03)
/// @param flags see AccountFlags
/// @param negativeSince when cash last fell below zero, in units of 256 seconds, rounded up; 0 while it is not (CLR-10)
struct AccountHeader {
    int128 cash;
    uint48 markets;
    uint8 assets;
    uint40 lastLiquidatedAt;
    uint8 flags;
    uint24 negativeSince;
}

/// @dev One slot. 14 + 16 + 2 = 32 bytes. base = shares * P, quote value = quote + shares * S (CLR-04, CLR-09).
/// @param shares signed shares of the long side (> 0) or short side (< 0)
/// @param quote settlement units, WAD, that remain when shares * S is taken out
/// @param generation generation of the side in which shares and quote are expressed
struct Position {
    int112 shares;
    int128 quote;
    uint16 generation;
}

/// @dev One slot. 16 + 14 + 2 = 32 bytes.
/// @param sum S, scale 1e27: what a share has been credited (charges are negative for longs, positive for shorts);
/// the effective value is S - P * F, with F the market's cumulative funding
/// @param product P, scale 1e30: base that a share still stands for
/// @param generation counts how often P or S was started afresh
struct Side {
    int128 sum;
    uint112 product;
    uint16 generation;
}

/// @dev One slot. 14 + 16 = 30 bytes. End values of a closed generation; `sum` is the effective one.
struct GenerationEnd {
    uint112 product;
    int128 sum;
}

/// @dev One slot. 12 + 4 + 4 + 2 + 2 + 4 + 3 + 1 = 32 bytes.
/// @param funding F, WAD settlement units per unit of base that longs have paid to shorts
/// @param fundingRate velocity of F as of fundingAt: mantissa and exponent, see FundingMath.pack (CLR-05)
/// @param fundingAt when F and its velocity were last written
/// @param rateSet mmr when its target was last written, 1e-5 (MRG-02)
/// @param rateTarget mmr that the ramp runs to, 1e-5
/// @param rateSetAt when the target was written
/// @param addOn growth of mmr per million units of notional of one position, 1e-6, in the lower 20 bits; above it, in four, the penalty rate
/// in steps (Words.penaltySteps). Readers show the growth alone.
/// @param flags see MarketFlags
struct Market {
    int96 funding;
    int32 fundingRate;
    uint32 fundingAt;
    uint16 rateSet;
    uint16 rateTarget;
    uint32 rateSetAt;
    uint24 addOn;
    uint8 flags;
}

/// @dev One slot. 12 + 12 + 4 + 4 = 32 bytes.
/// @param openInterest base of one side, wei
/// @param cap highest open interest that risk-increasing fills may reach, wei of base
/// @param gapRate gap premium that each side pays, 1e-15 per second and unit of notional (FND-02)
/// @param gapAt when the gap premium was last accrued
struct Interest {
    uint96 openInterest;
    uint96 cap;
    uint32 gapRate;
    uint32 gapAt;
}

/// @dev Two slots: 12 + 12 + 4, and 16 + 6 + 6 bytes. What flagged accounts owe beyond what they have (CLR-07), by epochs of one hour:
/// what was measured lapses when the epoch after its own has ended.
/// @param current sum of what was measured in `epoch`, WAD
/// @param previous sum of what was measured in the epoch before, WAD
/// @param epoch hours since 1970 as of the last write
/// @param resources what the fund could pay as of the last flag, less what has been drawn since, WAD
/// @param marketsCurrent markets of the accounts flagged in `epoch`, one bit each
/// @param marketsPrevious markets of the accounts flagged in the epoch before
struct Deficits {
    uint96 current;
    uint96 previous;
    uint32 epoch;
    uint128 resources;
    uint48 marketsCurrent;
    uint48 marketsPrevious;
}

/// @dev One slot. 12 + 4 = 16 bytes. One account's part of Deficits.
/// @param amount max(0, -V) at its last flag or bid, WAD
/// @param epoch epoch whose sum contains it
struct Measured {
    uint96 amount;
    uint32 epoch;
}

/// @dev One slot. 5 + 5 + 12 + 5 = 27 bytes. What is rarely needed of a market.
/// @param closesAt announced end, 0 for none (CLR-11)
/// @param blindSince when it was marked as without consensus, 0 for never (ORC-07)
/// @param listedCap highest cap that risk control may set, wei of base (FND-04)
/// @param pausedUntil until when its open interest may not grow, read only while the market is marked as paused (GOV-03)
struct Ending {
    uint40 closesAt;
    uint40 blindSince;
    uint96 listedCap;
    uint40 pausedUntil;
}

/// @dev One slot. 14 + 12 + 5 + 1 = 32 bytes. How a position was last liquidated; only for accounts that asked for it (CLM-04).
/// @param price at which the position was valued, WAD
/// @param base sold or closed in that second, without sign, wei
/// @param soldAt when
/// @param side 1 for a long, 2 for a short, 0 for never
struct SaleRecord {
    uint112 price;
    uint96 base;
    uint40 soldAt;
    uint8 side;
}

/// @dev Two slots. What an account's owner may need to prove later (CLM-03, CLM-04).
/// @param sale last liquidation
/// @param socializedPerUnit of the position's side, as of the position's last change, WAD
/// @param borne of socialised losses by this account in this market, WAD, rounded down
struct AccountRecord {
    SaleRecord sale;
    uint128 socializedPerUnit;
    uint128 borne;
}

/// @notice What risk control writes for a market (RSK-01).
/// @param maintenanceTarget mmr that the ramp runs to, 1e-5
/// @param cap highest open interest that risk-increasing fills may reach, wei of base, at most the listed cap
/// @param gapRate gap premium of each side, 1e-15 per second and unit of notional
/// @param penaltyRate basis points of MM, in steps of 100 (LIQ-07)
struct RiskTargets {
    uint16 maintenanceTarget;
    uint96 cap;
    uint32 gapRate;
    uint16 penaltyRate;
}

/// @dev One slot. 16 + 16 bytes. Withdrawals that wait for tokens (CLR-10).
/// @param waiting not yet covered by tokens, WAD
/// @param reserved covered by tokens and not yet claimed, WAD
struct WithdrawalQueue {
    uint128 waiting;
    uint128 reserved;
}

/// @dev One slot per side. 16 + 8 + 5 + 3 = 32 bytes. Facts are state, not logs (CLM-03).
/// @param socializedPerUnit WAD of settlement asset charged to one unit of base of this side since listing
/// @param deleveraged sum of -ln(P' / P), WAD, saturating
/// @param lastAt time of the last charge or deleveraging
/// @param count number of charges and deleveragings, saturating
struct SideFacts {
    uint128 socializedPerUnit;
    uint64 deleveraged;
    uint40 lastAt;
    uint24 count;
}

/// @dev One slot. 20 + 1 + 1 + 2 + 8 = 32 bytes.
/// @param token ERC-20
/// @param decimals read once at listing, at most 18
/// @param feed oracle feed that prices the asset (unused for the settlement asset)
/// @param haircut basis points taken off the value
/// @param cap most whole units that the house holds of it
struct Asset {
    address token;
    uint8 decimals;
    uint8 feed;
    uint16 haircut;
    uint64 cap;
}

/// @notice A fill, booked at the consensus price with the difference to `price` paid in cash at once (CLR-06b).
/// @param taker pays the taker fee
/// @param maker other side
/// @param market market
/// @param size base that the taker receives, WAD, negative when it sells
/// @param price agreed price, WAD
struct Trade {
    AccountId taker;
    AccountId maker;
    MarketId market;
    int256 size;
    uint256 price;
}

/// @notice A part of an account that changes hands in a bid (LIQ-02).
/// @param seller account under liquidation
/// @param bidder account that takes the slice and needs initial margin after
/// @param fraction WAD of every transferable position, of every transferable collateral and of cash and PnL
/// @param payment what the bidder pays, penalty included, WAD
/// @param penalty part of the payment that goes to the fund, WAD
/// @param shortfall part of the account's debt that is made good to the bidder: paid by layers or socialised, WAD
/// @param reward paid to the bidder by the fund's reserve, WAD
/// @param drawn part of shortfall + reward that the fund has booked, WAD
/// @param closesAuction clears the auction flag of the seller
struct Slice {
    AccountId seller;
    AccountId bidder;
    uint256 fraction;
    uint256 payment;
    uint256 penalty;
    uint256 shortfall;
    uint256 reward;
    uint256 drawn;
    uint256 cost;
    bool closesAuction;
}

/// @notice A forced closing against the whole opposite side (LIQ-06).
/// @param account account that is closed
/// @param fraction WAD of every position with consensus
/// @param penalty taken from the account's cash for the fund, WAD
/// @param shortfall what the account lacks with collateral at haircut value; 0 when V > 0, WAD
/// @param drawn part of the shortfall that the fund has booked, WAD
/// @param sweepsCollateral moves collateral and equal negative cash to the clearing account
/// @param closesAuction clears the auction flag
struct CloseOut {
    AccountId account;
    uint256 fraction;
    uint256 penalty;
    uint256 shortfall;
    uint256 drawn;
    bool sweepsCollateral;
    bool closesAuction;
}

/// @notice What a market is listed with.
/// @param class risk class: draw budget and weight of unrealised profit
/// @param maintenanceRate mmr, 1e-5
/// @param addOn growth of mmr per million units of notional of one position, 1e-6, at most MAX_ADD_ON
/// @param cap highest open interest that risk-increasing fills may reach, wei of base
struct MarketListing {
    MarketClass class;
    uint16 maintenanceRate;
    uint24 addOn;
    uint96 cap;
}
