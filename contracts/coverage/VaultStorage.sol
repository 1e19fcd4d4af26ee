// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClaimVerifier} from "../interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICoverageVaultEvents} from "../interfaces/ICoverageVaultEvents.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {ProductTerms, Purchase, SegmentLoss, Series, Tranche} from "../types/Coverage.sol";
import {TRANCHE_DUST} from "../types/CoverageTerms.sol";
import {ProductId, PurchaseId, SegmentId, SeriesId} from "../types/Identifiers.sol";
import {CurveState} from "../types/Premium.sol";
import {TreatyTerms} from "../types/Treaty.sol";
import {CoverToken} from "./CoverToken.sol";
import {TrancheShare} from "./TrancheShare.sol";

/// @title State of the coverage vault, and its borders to the house, the verifier and the token
/// @dev The ledger: junior + senior - advances + unearned + escrowed + payable + owed <= tokens held. Whatever comes in is added through
/// `_requireRoom`, and the rest only moves inside: so the sum fits in 96 bits, and so does each part, liability and commitments included.
abstract contract VaultStorage is ICoverageVaultEvents, AccessManaged, ReentrancyGuardTransient {
    /// @param floor WAD that commitments and new cover leave untouched, at least dust
    struct Settings {
        address accessManager;
        IClearingHouse house;
        address fund;
        IClaimVerifier verifier;
        uint256 floor;
    }

    /// @notice Both tranches in one slot: premium and losses write both.
    /// @param junior senior net asset value, advances included, WAD
    /// @param juniorEpoch seniorEpoch count how often losses have taken the tranche
    /// @param advances whether a request has an advance, a bit for each tranche: a draw need not look else
    /// @param draws what DrawnLosses knows about the fund's draws
    struct Capital {
        // 12 + 12 + 3 + 3 + 1 + 1 = 32
        uint96 junior;
        uint96 senior;
        uint24 juniorEpoch;
        uint24 seniorEpoch;
        uint8 advances;
        uint8 draws;
    }

    /// @param advanced paid to exits whose rest is withheld, WAD
    /// @param advances requests with an advance
    /// @param queued shares that have asked to leave
    /// @param advanceChanges counts what happens to advances
    /// @param maxAdvancePerShare not below the highest advance per share while any is outstanding, WAD, rounded down
    struct TrancheBook {
        // slot 0: 12 + 4 + 16 = 32
        uint96 advanced;
        uint32 advances;
        uint128 queued;
        // slot 1, slot 2
        uint64 advanceChanges;
        uint256 maxAdvancePerShare;
    }

    /// @notice An ExitRequest as it is kept: what most never have stands apart.
    /// @param hasAdvance whether `advanced` counts: what stands there else is of a request that has ended
    struct KeptRequest {
        // slot 0: 16 + 5 + 4 + 1 + 1
        uint128 shares;
        uint40 requestedAt;
        uint32 epoch;
        bool isWithheld;
        bool hasAdvance;
        // slot 1
        uint96 advanced;
    }

    /// @notice Requests of one week in one tranche.
    /// @param shares queued and not burnt
    /// @param advanced paid for them already, WAD
    struct QueueWeek {
        uint128 shares;
        uint96 advanced;
    }

    /// @notice How far somebody has come in showing the vault all advances of a tranche.
    /// @param changes `advanceChanges` at its start: any change since makes it worthless
    /// @param last owner shown last
    /// @param count owners shown
    /// @param maxPerShare highest advance per share among them
    struct Measurement {
        uint64 changes;
        address last;
        uint32 count;
        uint256 maxPerShare;
    }

    /// @notice What is written together lies together.
    /// @param unearned premium of minted cover and standing capital that is not earned yet
    /// @param rate at which premium is earned now, WAD per second: at most what is unearned, as every stream runs for a second at least
    /// @param accruedAt up to when premium is earned
    /// @param committed most that all segments together can still draw
    /// @param owed sum of what is owed to the fund
    /// @param decided changes of incidents that the vault has taken in
    /// @param liability most that live cover and waiting purchases can still cost; sum of `bound` over all series
    /// @param escrowed premium of purchases that wait for their tokens
    /// @param payable_ booked payouts that holders have not redeemed; what rounding leaves of them stays here
    /// @param atRisk most that open incidents can still cost
    struct Ledger {
        // slot 0, accrual: 12 + 12 + 5
        uint96 unearned;
        uint96 rate;
        uint40 accruedAt;
        // slot 1, draws: 12 + 12 + 8 = 32
        uint96 committed;
        uint96 owed;
        uint64 decided;
        // slot 2, purchases: 12 + 12
        uint96 liability;
        uint96 escrowed;
        // slot 3, incidents: 12 + 12
        uint96 payable_;
        uint96 atRisk;
    }

    /// @notice What the segment that drew last has drawn in the current interval: see DrawnLosses.
    /// @param juniorEpoch seniorEpoch the lowest bits of the epochs that the draws found
    struct RunningLoss {
        // 12 + 12 + 4 + 2 + 2 = 32
        uint96 junior;
        uint96 senior;
        SegmentId segment;
        uint16 juniorEpoch;
        uint16 seniorEpoch;
    }

    struct Product {
        ProductTerms terms;
        bytes32 codeHash;
        uint40 opensAt;
        bool isClosed;
    }

    /// @param remaining may still be drawn, unless exits have cut the sum of all commitments further
    /// @param owed drawn or due, not collected yet
    /// @param activeFrom when what is announced may be activated; of a treaty, from when on it pays
    /// @param endsInWeek week with whose end a treaty ends; 0 for a commitment without treaty
    /// @param announced still to be activated
    /// @param attachesAt see TreatyView
    /// @param lastDrawnAt of a treaty
    struct Commitment {
        // slot 0, all that a draw without treaty needs: 12 + 12 + 5 + 3 = 32
        uint96 remaining;
        uint96 owed;
        uint40 activeFrom;
        uint24 endsInWeek;
        // slot 1: 12 + 16 + 4 = 32
        uint96 announced;
        uint128 attachesAt;
        uint32 lastDrawnAt;
    }

    /// @notice What a draw need not know of a treaty.
    struct Treaty {
        // slot 0: 28 bytes
        TreatyTerms terms;
        // slot 1: 28 bytes
        TreatyTerms announced;
        // slot 2: 5 + 12; slot 3: 16
        uint40 activeFrom;
        uint96 limit;
        uint128 reinstatable;
    }

    /// @dev Most that the ledger holds: 7.9e10 units.
    uint256 internal constant MAX_LEDGER = type(uint96).max;
    uint256 private constant MAX_DECIMALS = 18;

    IClearingHouse internal immutable HOUSE;
    IClaimVerifier internal immutable VERIFIER;
    address internal immutable FUND;
    address internal immutable TOKEN;
    uint8 internal immutable DECIMALS;
    uint256 internal immutable FLOOR;

    /// @dev Tokens of the vault, which creates them: never change.
    TrancheShare internal _juniorShare;
    TrancheShare internal _seniorShare;
    CoverToken internal _cover;
    Ledger internal _ledger;
    Capital internal _capital;
    TrancheBook[2] internal _tranches;
    /// @dev Premium per second that ends with a week, at week % RING.
    mapping(uint256 bucket => uint256 rateEnding) internal _ring;
    mapping(uint256 tranche => mapping(address owner => KeptRequest)) internal _requests;
    mapping(uint256 tranche => mapping(uint256 epochAndWeek => QueueWeek)) internal _queueWeeks;
    mapping(uint256 tranche => mapping(address measurer => Measurement)) internal _measurements;
    mapping(SegmentId segment => Commitment) internal _commitments;
    mapping(SegmentId segment => Treaty) internal _treaties;
    mapping(ProductId product => Product) internal _products;
    mapping(SeriesId series => Series) internal _series;
    mapping(PurchaseId purchase => Purchase) internal _purchases;
    /// @dev What scarcity asks for: see ScarcityCurve.
    CurveState internal _curve;

    /// @dev Sides of the house that any series ever opened depends on.
    uint96 internal _coveredSides;
    uint32 internal _productCount;
    uint64 internal _seriesCount;
    uint64 internal _purchaseCount;
    /// @dev Segment that is paid the fund's share of premiums: the first that was committed to.
    SegmentId internal _firstSegment;
    /// @dev See DrawnLosses.
    uint32 internal _interval;
    RunningLoss internal _running;
    mapping(SegmentId segment => mapping(uint256 interval => SegmentLoss)) internal _losses;

    constructor(Settings memory settings) AccessManaged(settings.accessManager) {
        address token = settings.house.settlementToken();
        (bool answers, uint8 decimals) = TokenUnits.tryDecimals(token);
        if (!answers || decimals > MAX_DECIMALS) revert CoverageVault_InvalidLink(token);
        if (settings.fund == address(0)) revert CoverageVault_InvalidLink(settings.fund);
        address verifier_ = address(settings.verifier);
        if (verifier_.code.length == 0) revert CoverageVault_InvalidLink(verifier_);
        // Below dust a tranche could be used up while cover stands.
        if (settings.floor < TRANCHE_DUST || settings.floor > MAX_LEDGER) {
            revert CoverageVault_InvalidAmount(settings.floor, MAX_LEDGER);
        }
        HOUSE = settings.house;
        VERIFIER = settings.verifier;
        FUND = settings.fund;
        TOKEN = token;
        DECIMALS = decimals;
        FLOOR = settings.floor;
    }

    /// @dev The first piece of the vault knows them without asking its storage.
    function _shareOf(Tranche tranche) internal view virtual returns (TrancheShare) {
        return tranche == Tranche.Junior ? _juniorShare : _seniorShare;
    }

    function _bookOf(Tranche tranche) internal view returns (TrancheBook storage) {
        return _tranches[uint8(tranche)];
    }

    function _requireCaller(address expected) internal view {
        if (msg.sender != expected) revert CoverageVault_NotLinked(msg.sender, expected);
    }

    /* HOUSE AND VERIFIER (views of own contracts) */

    /// @dev CVR-10: nothing is priced while the house is in the middle of something.
    function _distress(uint256 sides) internal view returns (uint256 deficit, uint256 lastChargeAt) {
        bool isLocked;
        (isLocked, deficit, lastChargeAt) = HOUSE.distress(sides);
        if (isLocked) revert CoverageVault_HouseLocked();
    }

    /// @dev What the verifier has decided must be in the books before capital comes, leaves or is bound anew (R3).
    function _requireSynced() internal view {
        uint256 decided = VERIFIER.transitionsOf(address(this));
        if (decided != _ledger.decided) revert CoverageVault_NotSynced(_ledger.decided, decided);
    }

    /* TOKEN */

    /// @dev Exactly `amount` arrives, or everything reverts.
    function _pull(uint256 amount) internal {
        (bool readable, uint256 before) = GuardedCall.balanceOf(TOKEN, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(TOKEN, msg.sender, address(this), amount);
        (, uint256 current) = GuardedCall.balanceOf(TOKEN, address(this));
        uint256 received = delivered && current > before ? current - before : 0;
        if (received != amount) revert CoverageVault_UnexpectedTransfer(amount, received);
    }

    /// @dev False when the token refuses; then nothing has moved.
    function _trySend(address receiver, uint256 amount) internal returns (bool) {
        (bool readable, uint256 before) = GuardedCall.balanceOf(TOKEN, address(this));
        if (!readable || !GuardedCall.trySafeTransfer(TOKEN, receiver, amount)) return false;
        // A token that takes more than it was told would eat into what others own.
        (, uint256 rest) = GuardedCall.balanceOf(TOKEN, address(this));
        if (rest + amount != before) {
            revert CoverageVault_UnexpectedTransfer(amount, before > rest ? before - rest : 0);
        }
        return true;
    }

    function _send(address receiver, uint256 amount) internal {
        if (!_trySend(receiver, amount)) revert CoverageVault_TransferFailed(TOKEN, receiver, amount);
    }
}
