// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProductId, SeriesId} from "./Identifiers.sol";

/// @notice The two classes of underwriters' capital: junior bears losses first, senior what junior cannot.
enum Tranche {
    Junior,
    Senior
}

/// @notice What a segment has drawn from a vault within one interval (FND-10), by tranche. WAD, saturating. One slot: 12 + 12 + 3 + 3.
/// @param juniorEpoch seniorEpoch in which the shares stood that bore it; 0 where nothing was drawn
struct SegmentLoss {
    uint96 junior;
    uint96 senior;
    uint24 juniorEpoch;
    uint24 seniorEpoch;
}

/// @notice How an incident stands (CLM-01). `None`: there is none.
enum IncidentStatus {
    None,
    Open,
    Confirmed,
    Rejected,
    Lapsed
}

/// @notice What each layer of the waterfall pays, in the order in which they pay. WAD of the settlement asset.
struct LayerAmounts {
    uint256 reserve;
    uint256 junior;
    uint256 senior;
    uint256 reinsurance;
}

using {total} for LayerAmounts global;

/// @notice Sum over the layers.
function total(LayerAmounts memory amounts) pure returns (uint256) {
    return amounts.reserve + amounts.junior + amounts.senior + amounts.reinsurance;
}

/// @notice Asks the fund to pay for a fraction of one account's shortfall, and the bidder's reward (LIQ-04).
/// @param shortfallByClass shortfall of the WHOLE account by market class (major, mid, tail), WAD
/// @param fraction part of the account that is being taken, WAD; every layer pays at most this part of what it has
/// @param reward what the bid leaves open of the bidder's income, for this fraction, already limited by the
/// engine's share of its penalties bucket, WAD
struct CoverRequest {
    uint256[3] shortfallByClass;
    uint256 fraction;
    uint256 reward;
}

/// @notice What the fund has booked for a CoverRequest. WAD.
struct CoverResult {
    LayerAmounts paid;
    uint256 reward;
}

/// @notice A kind of cover as governance lists it (CVR-03).
/// @param trigger decides what a token is paid
/// @param terms what the trigger is to look at, in the trigger's own encoding
/// @param sides sides of the vault's house that the cover depends on: bit 2 m for longs of market m, bit 2 m + 1 for shorts
/// @param minLimit maxLimit bounds of a series' limit per token, WAD
/// @param maxTermWeeks longest term
/// @param capacityShareBps most of the free capital that all series together may bind
/// @param model premium model that prices it: see IPremiumModel
/// @param waiting seconds between purchase and mint
struct ProductTerms {
    address trigger;
    bytes32 terms;
    uint96 sides;
    uint96 minLimit;
    uint96 maxLimit;
    uint8 maxTermWeeks;
    uint16 capacityShareBps;
    bytes32 model;
    uint32 waiting;
}

/// @notice A series of equal tokens, each for one unit (CVR-07). Amounts WAD.
/// @param product kind of cover
/// @param limit most that one token is ever paid
/// @param settled what one token is paid so far
/// @param endsAt end of the cover: a multiple of a week
/// @param supply tokens minted and not burnt
/// @param pending tokens paid for and waiting to be minted
/// @param atRisk most that the open incident can still cost; 0 while none is open
/// @param transitions changes of its incidents that the vault has taken in
/// @param isTouched whether any payment was ever confirmed: no more is sold
/// @param bound part of the vault's liability that this series is
struct Series {
    ProductId product;
    uint40 endsAt;
    uint32 transitions;
    bool isTouched;
    uint96 limit;
    uint96 settled;
    uint96 supply;
    uint96 pending;
    uint96 atRisk;
    uint96 bound;
}

/// @notice A purchase in escrow (CVR-07). WAD.
struct Purchase {
    address buyer;
    SeriesId series;
    uint40 mintsAt;
    uint96 units;
    uint96 premium;
}

/// @notice A request to leave a tranche (CVR-06).
/// @param shares queued; they bear losses until they are burnt
/// @param advanced paid out already while the rest was withheld, WAD of the settlement asset
/// @param requestedAt when the cooldown began
/// @param epoch of the tranche's shares at the request
/// @param isWithheld whether a redemption inside the window was cut: the window then stays open to the end of maxDelay
struct ExitRequest {
    uint128 shares;
    uint96 advanced;
    uint40 requestedAt;
    uint32 epoch;
    bool isWithheld;
}
