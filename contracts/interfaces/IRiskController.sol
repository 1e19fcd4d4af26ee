// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskTargets} from "../types/Clearing.sol";
import {AccountId, MarketClass, MarketId} from "../types/Identifiers.sol";
import {ClassParameters, LargeAccount} from "../types/Risk.sol";

/// @title Risk control: what the fund has against what it may need, and what follows from it for every market (RSK-01, FND-03, FND-04)
/// @notice `sync` measures one market and sets its margin target, cap, gap premium and penalty, and the fund's ratio, by rule. Nobody
/// chooses a number: governance moves the parameters of the rules within bounds, slowly where that adds risk.
///
/// Toward safety everything acts at once; away from it the ratio, the cap and the gap premium move by elapsed time, of which a call uses at
/// most an hour (RiskMath.MAX_CREDIT). So a second call in the same block changes nothing more, a call at a chosen moment gains at most an
/// hour's worth, and a call that nobody made for a day gains no more than that. Margin targets need no such limit: mmr has its ramp
/// (MRG-02), and the volatility behind it counts a spike as long as it is in the feed's average.
/// @dev Amounts are WAD of the settlement asset unless said otherwise. Everything is as of the last `sync` of each market: whoever is
/// hurt by an old figure may call. Calls own contracts only; the oracle reads its sources by bounded static calls.
interface IRiskController {
    /// @notice Emitted by every `sync`. `targets.cap` and `targets.gapRate` are what was set, after the limits on speed.
    /// @param ratio as set, in units of RATIO_ONE
    /// @param contribution the market's part of the target now
    /// @param target of the whole segment now
    /// @param resources of the segment now
    event MarketSynced(
        MarketId indexed market,
        RiskTargets targets,
        uint256 ratio,
        uint256 contribution,
        uint256 target,
        uint256 resources
    );
    /// @notice Emitted when a registered account was measured. `stress` 0: it has left.
    event AccountMeasured(AccountId indexed account, uint256 previousStress, uint256 stress);
    /// @notice Emitted when a larger account took the place of a smaller one.
    event AccountReplaced(AccountId indexed account, AccountId indexed by, uint256 stress);
    /// @notice Emitted when the parameters of a class were set.
    event ClassParametersSet(MarketClass indexed marketClass, ClassParameters previous, ClassParameters current);

    /// @notice Thrown at deployment for a house without code, whose links are not set, or whose engine has no segment yet.
    error RiskController_InvalidHouse(address house);
    /// @notice Thrown when a market is not listed.
    error RiskController_UnknownMarket(MarketId market);
    /// @notice Thrown when an account that is not registered is no larger than the smaller of the two that are.
    error RiskController_NotLarge(AccountId account, uint256 stress, uint256 smallest);
    /// @notice Thrown when a parameter leaves the bounds of its class; `field` counts from 0 in the order of ClassParameters. A floor above
    /// its cap is reported as field 0 with the cap as `high`.
    error RiskController_OutOfBounds(MarketClass class, uint256 field, uint256 value, uint256 low, uint256 high);
    /// @notice Thrown when a parameter moves away from safety by more than a tenth of itself.
    error RiskController_StepTooLarge(MarketClass class, uint256 field, uint256 current, uint256 proposed);
    /// @notice Thrown when a parameter moves away from safety within a week of the last such change of its class.
    error RiskController_TooSoon(MarketClass class, uint256 allowedFrom);

    /// @notice Measures a market and sets what follows (RSK-01). Anyone may call, and gains nothing by choosing when. Brings the market's
    /// price to this second first; without consensus the last price counts, so that a dead feed does not keep the figures of a market
    /// that can only shrink. Reverts with `PriceOracle_SequencerDown` while no price may decide anything (ORC-03). A market that has closed
    /// drops out of the target, and nothing is set for it.
    /// Re-entrancy: locked; reads its inputs, writes its books, then calls the house, which has a lock of its own.
    /// @return targets what was set; zeros for a closed market
    /// @return ratio as set, in units of RATIO_ONE
    function sync(MarketId market) external returns (RiskTargets memory targets, uint256 ratio);

    /// @notice `sync` of several markets, in the order given. One that reverts undoes all.
    function syncMany(MarketId[] calldata markets) external;

    /// @notice Measures an account: the sum over its positions of |b| p max(0, 6 sigma sqrt(h) - mmr), at the prices of this second, or the
    /// last ones of markets without consensus (FND-03). Anyone may call, for any account. One that is registered is measured anew, also
    /// downwards, and leaves when nothing is left; any other takes the place of the smaller one if it is larger. Counts for the ratio from
    /// the next `sync` on. Reverts with `PriceOracle_SequencerDown`, and with the house's `ClearingHouse_PositionTooOld` for an
    /// account that wants `roll` first.
    /// Re-entrancy: locked; static calls only, but for the oracle's refresh.
    /// @return stress WAD, rounded up
    function register(AccountId account) external returns (uint256 stress);

    /// @notice Sets the parameters of a class. Restricted by the access manager. Limits: hard bounds in code; toward safety (each higher, the
    /// share of resources lower) at once; away from it by at most a tenth of each and a week after the last such change of the class.
    function setClassParameters(MarketClass marketClass, ClassParameters calldata parameters) external;

    /// @notice The fund's ratio as last set, in units of RATIO_ONE. Calls nothing.
    function ratio() external view returns (uint256);

    /// @notice When the ratio was last set. Calls nothing.
    function ratioSetAt() external view returns (uint256);

    /// @notice clamp(2 - ratio, 1, 2), WAD: what premiums of vaults behind the segment are multiplied with (FND-04). Calls nothing.
    function premiumFactor() external view returns (uint256);

    /// @notice What the fund should have: the greater of both. Calls nothing.
    /// @return target max(marketsTarget, accountsTarget)
    /// @return marketsTarget sum over the markets, each as of its last `sync`
    /// @return accountsTarget stress of the two largest registered accounts
    function reserveTarget() external view returns (uint256 target, uint256 marketsTarget, uint256 accountsTarget);

    /// @notice The highest target of the last 90 days at least (91 to 98: weeks are kept whole), the present one included (FND-07). Calls nothing.
    /// @return peak WAD
    /// @return since when the record began; before 90 days have passed it says less than it promises
    function peakTarget() external view returns (uint256 peak, uint256 since);

    /// @notice What the fund could pay now: its reserve as far as the segment's draw budget allows, and what the layers behind it have
    /// committed.
    function resources() external view returns (uint256);

    /// @notice A market's part of the target, and when it was measured; 0 before its first `sync`.
    function contributionOf(MarketId market) external view returns (uint256 contribution, uint256 syncedAt);

    /// @notice The two largest registered accounts; an entry without stress is free.
    function largeAccounts() external view returns (LargeAccount memory first, LargeAccount memory second);

    /// @notice Parameters of a class, and from when on one of them may next move away from safety.
    function classParameters(
        MarketClass marketClass
    ) external view returns (ClassParameters memory parameters, uint256 loosenedFrom);

    /// @notice House whose markets are controlled; immutable, as are its oracle, fund and segment.
    function house() external view returns (address);
}
