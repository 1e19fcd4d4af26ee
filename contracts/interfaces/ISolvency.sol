// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LayerAmounts} from "../types/Coverage.sol";
import {MarketId} from "../types/Identifiers.sol";
import {TreatyView} from "../types/Treaty.sol";
import {VaultBooks} from "./ICoverageVault.sol";

/// @notice What the house has and owes, apart from its accounts. WAD.
/// @param tokens settlement tokens that it holds
/// @param account signed account with the fund: positive when the house owes, negative when the fund has drawn for it and not yet sent
/// @param fees trading fees that nobody has collected
/// @param measuredDeficit what flagged accounts owe beyond what they have (CLR-07)
/// @param unallocated loss that no open interest could bear (LIQ-05)
/// @param negativeCash sum of all negative cash, against collateral (CLR-10)
/// @param waiting withdrawals that wait for tokens
/// @param reserved tokens set aside for them
struct HouseSolvency {
    uint256 tokens;
    int256 account;
    uint256 fees;
    uint256 measuredDeficit;
    uint256 unallocated;
    uint256 negativeCash;
    uint256 waiting;
    uint256 reserved;
}

/// @notice What the segment has against what it may need. WAD.
/// @param layers what each layer could pay now, the reserve's budgets left aside
/// @param owed drawn for the house, segregated, not yet sent
/// @param pending part of `owed` that vaults have not sent to the fund yet
/// @param drawn everything that was ever drawn
/// @param unpaid everything that no layer could pay
/// @param resources what risk control counts: the reserve as far as its budget allows, and the layers
/// @param target FND-03; 0 while no risk control is linked
/// @param ratio as risk control last set it, 1e9
struct SegmentSolvency {
    LayerAmounts layers;
    uint256 owed;
    uint256 pending;
    uint256 drawn;
    uint256 unpaid;
    uint256 resources;
    uint256 target;
    uint256 ratio;
}

/// @notice A vault behind the segment. WAD.
/// @param vault zero where there is none; the rest is zero then
/// @param tokens that it holds
/// @param freeCapital neither bound nor asking to leave
/// @param committed most that the segment can still draw, by commitment or by treaty
/// @param treaty between vault and segment (CVR-09): all 0 where there is none
struct VaultSolvency {
    address vault;
    uint256 tokens;
    uint256 freeCapital;
    uint256 committed;
    VaultBooks books;
    TreatyView treaty;
}

/// @notice What a move of all markets by `gap` against every holder of one side would cost if each of them had just his maintenance
/// margin: the worst that an hour's delay of every keeper leaves. WAD.
/// @param loss sum over the markets of open interest * price * max(0, gap - mmr)
/// @param paid by layer, as `InsuranceFund.cover` would book it now, draw budgets included
/// @param socialized what is left to the sides that gained
/// @param worstMarket market with the largest part, and its part
struct GapOutcome {
    uint256 gap;
    uint256 loss;
    LayerAmounts paid;
    uint256 socialized;
    MarketId worstMarket;
    uint256 worstLoss;
}

/// @notice All of it, with what is not as fresh as it should be.
/// @param blindMarkets markets without consensus now, one bit each; they count at their last price
/// @param unsyncedMarkets markets that risk control has not measured for a day, one bit each
/// @param isMeasuredStale whether measured deficits were counted against resources that have changed since
struct SolvencyReport {
    HouseSolvency house;
    SegmentSolvency segment;
    VaultSolvency backstop;
    VaultSolvency reinsurance;
    GapOutcome gap;
    uint256 blindMarkets;
    uint256 unsyncedMarkets;
    bool isMeasuredStale;
}

/// @title Solvency of a house, its fund segment and the vaults behind it, in one call (FND-08)
/// @notice Asks the contracts themselves and adds nothing of its own but the stress of a gap. A view for people and their programs: nothing on
/// chain decides by it.
interface ISolvency {
    /// @notice Thrown when the contract is deployed for a house without code, or one whose links are not set yet.
    error Solvency_InvalidHouse(address house);
    /// @notice Thrown when a gap is above 100%.
    error Solvency_InvalidGap(uint256 gap, uint256 max);

    /// @param gap move that is asked about, WAD: 0.2e18 is 20%; at most 1e18
    function solvency(uint256 gap) external view returns (SolvencyReport memory);

    /// @notice House that is read; immutable, as are its engine, fund, segment and oracle.
    function house() external view returns (address);
}
