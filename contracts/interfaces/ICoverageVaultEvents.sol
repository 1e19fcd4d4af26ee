// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProductTerms, Tranche} from "../types/Coverage.sol";
import {ProductId, PurchaseId, SegmentId, SeriesId} from "../types/Identifiers.sol";
import {TreatyTerms} from "../types/Treaty.sol";

/// @title Events and errors of the coverage vault
/// @notice Amounts are WAD of the settlement asset unless a parameter says otherwise.
interface ICoverageVaultEvents {
    /// @notice Emitted when premium was earned by the tranches.
    event PremiumEarned(uint256 junior, uint256 senior, uint256 unearned);
    /// @notice Emitted when the curve was written: rate per year at the kink, and the part of the capital that is bound from now on. WAD.
    event CurveWritten(uint256 kinkRate, uint256 utilisation);
    /// @notice Emitted when a loss hit the tranches: a draw of the fund or a confirmed payout.
    event LossBooked(uint256 junior, uint256 senior);
    /// @notice Emitted when a segment of the fund drew.
    event Drawn(SegmentId indexed segment, uint256 junior, uint256 senior, uint256 remaining);
    /// @notice Emitted with the first movement of shares after a draw: what was drawn before is shared by who held shares until now.
    event IntervalOpened(uint32 interval);
    /// @notice Emitted when what is owed to the fund was sent.
    event Collected(SegmentId indexed segment, uint256 sent, uint256 owed);
    /// @notice Emitted when a tranche was used up: its shares died and a new epoch began.
    event TrancheExhausted(Tranche indexed tranche, uint32 epoch);
    /// @notice Emitted when an exit was requested or extended.
    event ExitRequested(Tranche indexed tranche, address indexed owner, uint256 shares, uint256 opensAt);
    /// @notice Emitted when an exit was paid. `withheld`: value that waits for open incidents or for capacity.
    event ExitPaid(Tranche indexed tranche, address indexed owner, uint256 paid, uint256 burnt, uint256 withheld);
    /// @notice Emitted when a request ended unpaid.
    event ExitEnded(Tranche indexed tranche, address indexed owner, uint256 shares);
    /// @notice Emitted when somebody has shown all advances of a tranche: none is higher, in WAD per share.
    event AdvancesMeasured(Tranche indexed tranche, uint256 maxAdvancePerShare);
    /// @notice Emitted when a product was announced. Series can be opened from `opensAt`.
    event ProductAnnounced(ProductId indexed product, ProductTerms terms, uint256 opensAt);
    /// @notice Emitted when a product was closed.
    event ProductClosed(ProductId indexed product);
    /// @notice Emitted when a series was opened.
    event SeriesOpened(SeriesId indexed series, ProductId indexed product, uint256 limit, uint256 endsAt);
    /// @notice Emitted when cover was bought and escrowed. `premium` in WAD.
    event CoverBought(
        PurchaseId indexed purchase,
        SeriesId indexed series,
        address indexed buyer,
        uint256 units,
        uint256 premium,
        uint256 mintsAt
    );
    /// @notice Emitted when the tokens of a purchase were minted. `fundShare`: part of the premium that is the fund's.
    event CoverMinted(PurchaseId indexed purchase, SeriesId indexed series, uint256 units, uint256 fundShare);
    /// @notice Emitted when a purchase was refunded because something had happened while it waited.
    event CoverRefunded(PurchaseId indexed purchase, SeriesId indexed series, uint256 premium);
    /// @notice Emitted when a decision was taken in: what one token is paid so far, and what that cost.
    event SeriesSettled(SeriesId indexed series, uint256 payoutPerUnit, uint256 loss);
    /// @notice Emitted when cover was redeemed.
    event CoverRedeemed(SeriesId indexed series, address indexed holder, uint256 units, uint256 paid);
    /// @notice Emitted when a series that cannot be reported any more was released.
    event SeriesReleased(SeriesId indexed series, uint256 liability);
    /// @notice Emitted when a commitment was announced.
    event CommitmentAnnounced(SegmentId indexed segment, uint256 limit, uint256 activeFrom);
    /// @notice Emitted when all commitments together were cut because capital left.
    event CommitmentsCut(uint256 committed);
    /// @notice Emitted when a commitment was activated.
    event CommitmentChanged(SegmentId indexed segment, uint256 remaining);
    /// @notice Emitted when terms of a treaty were announced.
    event TreatyAnnounced(SegmentId indexed segment, TreatyTerms terms, uint256 activeFrom);
    /// @notice Emitted when a period of a treaty began: what it stands for, loss of the segment from which on it pays (0: any), premium.
    event TreatyBegun(
        SegmentId indexed segment,
        uint256 limit,
        uint256 attachesAt,
        uint256 startsAt,
        uint256 endsAt,
        uint256 premium
    );
    /// @notice Emitted when a part of a treaty's limit was restored.
    event TreatyReinstated(SegmentId indexed segment, uint256 restored, uint256 remaining, uint256 premium);
    /// @notice Emitted when a treaty whose period nobody renewed was ended.
    event TreatyEnded(SegmentId indexed segment, uint256 released);
    /// @notice Emitted when premium for standing capital was paid.
    event PremiumPaid(address indexed payer, uint256 amount, uint256 endsAt);

    /// @notice Thrown when a caller has not the one address that may call.
    error CoverageVault_NotLinked(address caller, address expected);
    /// @notice Thrown when the house is in the middle of something.
    error CoverageVault_HouseLocked();
    /// @notice Thrown when an amount is zero or above what the ledger can hold.
    error CoverageVault_InvalidAmount(uint256 amount, uint256 max);
    /// @notice Thrown when the token delivered something else than asked for.
    error CoverageVault_UnexpectedTransfer(uint256 expected, uint256 received);
    /// @notice Thrown when a token refuses to pay out; nothing is lost, try again later.
    error CoverageVault_TransferFailed(address token, address receiver, uint256 amount);
    /// @notice Thrown when an owner has no request in this tranche.
    error CoverageVault_NoExitRequest(address owner);
    /// @notice Thrown when a request is used outside its window.
    error CoverageVault_OutsideWindow(uint256 opensAt, uint256 closesAt);
    /// @notice Thrown when a request cannot be taken back because a part is paid out already.
    error CoverageVault_ExitAdvanced(address owner, uint256 advanced);
    /// @notice Thrown when an advance could be worth more than its shares: nothing is bought or settled at the price of shares. End the
    /// requests that are overdrawn (`expireRedeemRequest`), then call `measureAdvances`.
    error CoverageVault_TrancheFrozen(Tranche tranche);
    /// @notice Thrown when owners are not in ascending order.
    error CoverageVault_NotAscending(address last, address owner);
    /// @notice Thrown when an exit can be paid nothing now; it stays in its window. `value`: full, less what was advanced.
    error CoverageVault_ExitWithheld(uint256 value, uint256 withheld);
    /// @notice Thrown when the verifier has decided something that the vault has not taken in: call `sync` for it first.
    error CoverageVault_NotSynced(uint256 seen, uint256 decided);
    /// @notice Thrown when a product's terms leave their bounds.
    error CoverageVault_InvalidProduct(ProductTerms terms);
    /// @notice Thrown when a product would pay for the fall of the token that the vault pays in (CVR-03).
    error CoverageVault_OwnAsset(address trigger, bytes32 terms, address token);
    /// @notice Thrown when a product does not exist, is closed or is not open yet.
    error CoverageVault_ProductNotOpen(ProductId product, uint256 opensAt, bool isClosed);
    /// @notice Thrown when a series' limit or end leaves its product's bounds.
    error CoverageVault_InvalidSeries(uint256 limit, uint256 endsAt);
    /// @notice Thrown when premium for standing capital is paid for less than a week or for more than 15.
    error CoverageVault_InvalidTerm(uint256 endsAt);
    /// @notice Thrown when a series does not exist.
    error CoverageVault_UnknownSeries(SeriesId series);
    /// @notice Thrown while the guardian has paused the sale of cover (GOV-03).
    error CoverageVault_SalesPaused(uint256 until);
    /// @notice Thrown when a series sells no more: its term is too short now, or something has happened.
    error CoverageVault_SeriesNotForSale(SeriesId series);
    /// @notice Thrown when an incident of the series is open: its tokens wait for the decision.
    error CoverageVault_IncidentOpen(SeriesId series);
    /// @notice Thrown when there is less free capital than cover or a commitment needs (CVR-02).
    error CoverageVault_NoCapacity(uint256 required, uint256 free);
    /// @notice Thrown when the junior tranche is thinner than 20% of the capital (CVR-04).
    error CoverageVault_JuniorTooThin(uint256 junior, uint256 total);
    /// @notice Thrown when a premium exceeds what the buyer accepts.
    error CoverageVault_PremiumAboveLimit(uint256 premium, uint256 maxPremium);
    /// @notice Thrown when a purchase does not exist or is completed.
    error CoverageVault_UnknownPurchase(PurchaseId purchase);
    /// @notice Thrown when something is done before its time.
    error CoverageVault_TooEarly(uint256 from);
    /// @notice Thrown when nothing was announced.
    error CoverageVault_NothingAnnounced(SegmentId segment);
    /// @notice Thrown when terms of a treaty leave their bounds.
    error CoverageVault_InvalidTreaty(SegmentId segment, TreatyTerms terms);
    /// @notice Thrown when a segment has no treaty, or its period is over; `endsAt` is 0 where there is none.
    error CoverageVault_NoTreaty(SegmentId segment, uint256 endsAt);
    /// @notice Thrown when a commitment is announced for a segment that has a treaty.
    error CoverageVault_TreatyInForce(SegmentId segment, uint256 endsAt);
    /// @notice Thrown when a treaty would begin or be restored while the house measures a deficit.
    error CoverageVault_InDistress(uint256 deficit);
    /// @notice Thrown when set-up names what cannot work together.
    error CoverageVault_InvalidLink(address contract_);
}
