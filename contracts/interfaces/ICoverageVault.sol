// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitRequest, ProductTerms, Purchase, SegmentLoss, Series, Tranche} from "../types/Coverage.sol";
import {ProductId, PurchaseId, SegmentId, SeriesId} from "../types/Identifiers.sol";
import {CurveState} from "../types/Premium.sol";
import {TreatyTerms, TreatyView} from "../types/Treaty.sol";
import {ICapitalLayer} from "./ICapitalLayer.sol";
import {ICoverageVaultEvents} from "./ICoverageVaultEvents.sol";

/// @notice Books of a vault. All WAD of the settlement asset.
/// @param junior senior net asset value of the tranches, advances included
/// @param juniorAdvanced seniorAdvanced paid out to exits whose rest is withheld, and still counted in the value
/// @param unearned premium of minted cover that is not earned yet
/// @param escrowed premium of purchases that wait for their tokens
/// @param payable_ booked payouts that holders have not redeemed
/// @param owedToFund drawn by the fund, or its share of premiums, not yet collected
/// @param liability most that live cover and waiting purchases can still cost
/// @param committed most that the fund's segments can still draw
/// @param atRisk most that open incidents can still cost
struct VaultBooks {
    uint256 junior;
    uint256 senior;
    uint256 juniorAdvanced;
    uint256 seniorAdvanced;
    uint256 unearned;
    uint256 escrowed;
    uint256 payable_;
    uint256 owedToFund;
    uint256 liability;
    uint256 committed;
    uint256 atRisk;
}

/// @title Coverage vault: underwriters' capital in two tranches, behind a fund's segments and behind cover tokens
/// @notice One vault serves one settlement asset and one house. Its tokens are counted in ledgers, never by balance: what is sent here
/// without a function of this contract changes nothing (CVR-01). Nobody can take assets out but underwriters through a cooldown,
/// holders of cover that was confirmed, and the fund for losses that its engine has booked (R5).
/// @dev Re-entrancy: functions that change state hold the vault's own lock, except `draw`, which calls nothing and must never be stopped
/// by it; effects stand before tokens move and before any callback (CVR-10). Functions that price shares or cover revert while the
/// house's lock is held.
interface ICoverageVault is ICapitalLayer, ICoverageVaultEvents {
    /* UNDERWRITERS: called through the share tokens */

    /// @notice Books a deposit whose tokens the share contract has just moved here. Only the tranche's share token.
    /// @param assets in the token's decimals
    /// @return shares to mint, rounded down
    /// @return epoch in which they are minted
    /// @return interval as `openInterval`
    function onDeposit(
        Tranche tranche,
        uint256 assets,
        uint256 supply
    ) external returns (uint256 shares, uint32 epoch, uint32 interval);

    /// @notice Says that shares are about to move. Only the tranche's share token. Begins a new interval when the fund has drawn in the
    /// current one (FND-10).
    /// @return epoch of the tranche
    /// @return interval in which the movement falls, of both tranches; 0 before the first draw
    function openInterval(Tranche tranche) external returns (uint32 epoch, uint32 interval);

    /// @notice Queues shares that the share contract has just taken from `owner`. Only the tranche's share token. A second request adds to the
    /// first and starts its cooldown anew.
    function onExitRequest(Tranche tranche, address owner, uint256 shares) external;

    /// @notice Takes a request back. Only the tranche's share token. Not while an advance is outstanding, which makes the exit final.
    /// @return shares to return to the owner; 0 when they died with their epoch
    function onExitCancel(Tranche tranche, address owner) external returns (uint256 shares);

    /// @notice Pays out what an exit may take now, to `receiver` (CVR-06, R4). Only the tranche's share token.
    /// @return assets paid, in the token's decimals, rounded down
    /// @return burnt shares, which the vault has had burnt by the share contract before the tokens moved
    function onExit(
        Tranche tranche,
        address owner,
        address receiver,
        uint256 supply
    ) external returns (uint256 assets, uint256 burnt);

    /// @notice Ends a request whose window has passed. Only the tranche's share token; anyone may ask it to. What was advanced is settled
    /// in shares at their price, which waits while the tranche is frozen. A request that was advanced more than its shares are worth since a
    /// later loss ends at any time, frozen or not: nothing more will come of it.
    /// @return shares to return to the owner; the rest is burnt
    function onExitExpired(Tranche tranche, address owner, uint256 supply) external returns (uint256 shares);

    /// @notice Shows the vault advances of a tranche, so that it knows the highest one: after a loss an upper bound freezes the tranche, also
    /// when the requests that stood highest are gone. Anyone may call. Where a list does not fit in one call, the same caller goes on with the
    /// next part, as long as no advance has changed; a call that does not go on begins anew. Owners without an advance are passed over.
    /// @param owners ascending, or `CoverageVault_NotAscending`
    /// @return isComplete whether all advances have been shown; the bound is then exact
    function measureAdvances(Tranche tranche, address[] calldata owners) external returns (bool isComplete);

    /* COVER */

    /// @notice Announces a product. Restricted. Its premium model must be written down (`PremiumModel_UnknownModel`); governance sees to it that
    /// the model speaks of what the trigger pays. A trigger on the price of the vault's own token is refused (`CoverageVault_OwnAsset`). It can be opened for series after cooldown + window, by anyone. Limit: can add a kind of
    /// cover that nobody has bought yet, never change one.
    function announceProduct(ProductTerms calldata terms) external returns (ProductId product);

    /// @notice Stops new series and purchases of a product at once, for good. Restricted. Limit: what is sold stays covered.
    function closeProduct(ProductId product) external;

    /// @notice Opens a series in a product: `limit` per token until week `endsInWeek` ends, at endsInWeek * 7 days
    /// after 1970 (weeks are counted from 1). Anyone may call.
    function openSeries(ProductId product, uint96 limit, uint32 endsInWeek) external returns (SeriesId series);

    /// @notice Buys cover: the premium goes into escrow, tokens follow after the product's waiting time (CVR-07). Refreshes the feed of the
    /// product's model first (CVR-08), and reverts as `IPremiumModel.quote` where there is no price. A trigger that reads a price must have
    /// been observed (IObservedTrigger). The model's premium is multiplied, rounded up, with the premium factor of the risk control that the
    /// house is linked to, 1 to 2; 1 where nothing is linked (FND-04). The factor is as of the last `RiskController.sync`.
    /// @param units WAD of tokens
    /// @param maxPremium in the token's decimals
    /// @param receiver gets the tokens, or the premium back
    function buy(
        SeriesId series,
        uint96 units,
        uint256 maxPremium,
        address receiver
    ) external returns (PurchaseId purchase, uint256 premium);

    /// @notice Mints the tokens of a purchase whose waiting time is over, or refunds it: when something has happened since, when the
    /// trigger does not answer, or when it could not be minted for a week (then less the premium of that time). Anyone may call; before the waiting time is over only if it is
    /// refunded.
    /// @return minted whether tokens were minted
    function complete(PurchaseId purchase) external returns (bool minted);

    /// @notice Takes in what the verifier has decided about a series, and books its losses, junior first (CVR-05). Anyone may call.
    /// @return payoutPerUnit what one token is paid so far, WAD
    function sync(SeriesId series) external returns (uint256 payoutPerUnit);

    /// @notice Burns tokens of the caller for what they are paid so far. Whoever redeems before the end gives up what may follow.
    /// @return paid in the token's decimals, rounded down
    function redeem(SeriesId series, uint96 units, address receiver) external returns (uint256 paid);

    /// @notice Releases what a series that can no longer be reported bound. Anyone may call.
    function release(SeriesId series) external;

    /* COMMITMENTS TO THE FUND */

    /// @notice Announces that the vault will stand behind a segment of its fund up to `limit` in all. Restricted. Takes effect after
    /// cooldown + window by `activateCommitment`. Not for a segment with a treaty (`CoverageVault_TreatyInForce`). Limit: can bind free capital only, and never beyond it.
    function announceCommitment(SegmentId segment, uint96 limit) external;

    /// @notice Activates an announced commitment, as far as free capital reaches; what is left can be activated later. Anyone may call.
    function activateCommitment(SegmentId segment) external returns (uint256 added);

    /// @notice Pays premium for standing capital, earned linearly until week `endsInWeek` ends, one to 15 weeks ahead. Anyone
    /// may call.
    function payPremium(uint256 amount, uint32 endsInWeek) external;

    /// @notice Announces terms of a treaty with a segment: a layer that pays in excess of a loss, up to a limit in each period, against premium
    /// (CVR-09). Restricted. They take effect with the first period that begins after cooldown + window, and take the place of a commitment
    /// without treaty then. Limits: 4 to 13 weeks, 4 reinstatements, 100% of the limit a year, premium above 0 (`CoverageVault_InvalidTreaty`);
    /// can bind free capital only, and changes no period that has begun.
    function announceTreaty(SegmentId segment, TreatyTerms calldata terms) external;

    /// @notice Begins a period: when none is running, at the terms announced last whose time has come, or those of the period before. Binds
    /// free capital up to the limit, half of it at least (`CoverageVault_NoCapacity`), restores the number of reinstatements, counts the
    /// attachment from the segment's loss of now, and charges the caller the premium of the period, rounded up. It pays at once when a
    /// commitment stood until now or the last period ended less than a day ago, otherwise after 72 hours; between two periods nothing. It ends
    /// with a week, `periodWeeks` after the end of the current one. Anyone may call; not while the house measures a deficit
    /// (`CoverageVault_InDistress`), nor while a period runs (`CoverageVault_TooEarly`). Asks the fund, our own, what the segment has lost.
    /// @return amount premium in the token's decimals
    function beginPeriod(SegmentId segment, uint256 maxPremium) external returns (uint256 amount);

    /// @notice Restores a part of a running period's limit that was drawn (WAD), against premium pro rata as to amount and in full as to time.
    /// Anyone may call; not within 72 hours of a draw, nor while the house measures a deficit: what is restored stands behind the next
    /// occurrence, not behind the one that used it up. Premium of a period that ends within a week is earned a week longer.
    /// @return amount premium in the token's decimals, rounded up
    function reinstate(SegmentId segment, uint96 restored, uint256 maxPremium) external returns (uint256 amount);

    /// @notice Ends a treaty that nobody has renewed for a week after its period, and releases its capital. Anyone may call. Terms that are
    /// announced stay announced.
    /// @return released WAD
    function endTreaty(SegmentId segment) external returns (uint256 released);

    /// @notice How a treaty stands. WAD.
    function treatyOf(SegmentId segment) external view returns (TreatyView memory);

    /* EVERYBODY */

    /// @notice Brings the curve of scarcity to what is bound now. Anyone may call: deposits, exits, commitments and draws do not. Moves the rate
    /// only by what was bound since the last write, however often it is called.
    function writeCurve() external;

    /// @notice Earns premium up to now and walks the weeks that have passed. Anyone may call.
    function accrue() external;

    /// @notice Price of `units` as of the oracle's state: premium in the token's decimals, rounded up. After a refresh of the model in the same
    /// second it is what `buy` charges, unless risk control is synced in between (FND-04). Reverts as `buy`.
    function previewPremium(SeriesId series, uint96 units) external view returns (uint256 premium);

    /// @notice Books as of now, with premium earned up to now.
    function books() external view returns (VaultBooks memory);

    /// @notice Value of a tranche now, WAD, and its epoch: shares of earlier epochs are worth nothing. Reverts while the house is locked.
    function trancheState(Tranche tranche) external view returns (uint256 value, uint32 epoch);

    /// @notice Epoch of a tranche. Never reverts: balances of shares depend on it.
    function epochOf(Tranche tranche) external view returns (uint32);

    /// @notice The interval that is running: it ends with the first movement of shares after a draw. The first is 0.
    function currentInterval() external view returns (uint32);

    /// @notice What a segment has drawn within an interval (FND-10). Final once the interval is over. Losses by cover do not count: they are
    /// paid to holders of cover, not lost by the segment.
    function lossOf(SegmentId segment, uint32 interval) external view returns (SegmentLoss memory);

    /// @notice Shares of a tranche that have asked to leave.
    function queuedOf(Tranche tranche) external view returns (uint256);

    /// @notice What was drawn for a segment, or is its share of premiums, and waits for `collect`. WAD.
    function owedTo(SegmentId segment) external view returns (uint256);

    /// @notice The curve of scarcity as it was last written (CVR-08).
    function curve() external view returns (CurveState memory);

    /// @notice Capital that neither cover nor commitments bind and that has not asked to leave, WAD (CVR-02).
    function freeCapital() external view returns (uint256);

    function exitRequestOf(Tranche tranche, address owner) external view returns (ExitRequest memory);
    function seriesOf(SeriesId series) external view returns (Series memory);
    function purchaseOf(PurchaseId purchase) external view returns (Purchase memory);
    function productOf(
        ProductId product
    ) external view returns (ProductTerms memory terms, uint256 opensAt, bool isClosed);
    /// @return remaining most that the segment can still draw: commitments share what exits and cover leave of the vault's total
    /// @return announced still to be activated
    /// @return activeFrom from when
    function commitmentOf(
        SegmentId segment
    ) external view returns (uint256 remaining, uint256 announced, uint256 activeFrom);

    function shareOf(Tranche tranche) external view returns (address);
    function coverToken() external view returns (address);
    function floor() external view returns (uint256);
    function verifier() external view returns (address);
    /// @notice What prices cover; immutable.
    function premiumModel() external view returns (address);
    /// @notice Code that sells and pays cover for this vault; immutable.
    function extension() external view returns (address);

    function house() external view returns (address);
}
