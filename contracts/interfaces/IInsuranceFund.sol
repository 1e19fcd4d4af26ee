// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverRequest, CoverResult, LayerAmounts} from "../types/Coverage.sol";
import {SegmentId} from "../types/Identifiers.sol";

/// @notice Draw budgets of a segment's reserve in basis points of reserve + used, each refilled over 24 hours (FND-02).
/// @param major mid tail budget of each market class
/// @param segment budget of the whole segment
/// @param reward budget of bidders' rewards (LIQ-04)
struct BudgetShares {
    uint16 major;
    uint16 mid;
    uint16 tail;
    uint16 segment;
    uint16 reward;
}

/// @notice Capital that stands behind a segment's reserve. Zero where there is none.
/// @param backstop vault whose junior and then senior tranche pay next
/// @param reinsurance vault of other underwriters that pays after that
struct CapitalLayers {
    address backstop;
    address reinsurance;
}

/// @notice A segment as seen from outside. Amounts WAD.
/// @param venue keeps the signed account with the fund
/// @param engine only caller of `cover`
/// @param token settlement token
/// @param reserve what the reserve layer holds and has not segregated
/// @param owed booked for the venue and segregated, not yet moved
/// @param pending part of `owed` that vaults have segregated and not yet sent
/// @param drawn everything that `cover` has ever booked
/// @param unpaid everything that `cover` was asked for and no layer could pay
/// @param layers vaults behind the reserve
struct SegmentView {
    address venue;
    address engine;
    address token;
    uint256 reserve;
    uint256 owed;
    uint256 pending;
    uint256 drawn;
    uint256 unpaid;
    CapitalLayers layers;
}

/// @title Insurance fund: ring-fenced segments of reserve, and the waterfall behind them
/// @notice Pays for shortfalls by rule. Nobody can take the reserve: there is no withdrawal by any owner (R5).
interface IInsuranceFund {
    /// @notice Emitted when a venue registered a segment.
    event SegmentRegistered(
        SegmentId indexed segment,
        address indexed venue,
        address indexed engine,
        address token,
        BudgetShares budgets,
        CapitalLayers layers
    );
    /// @notice Emitted when someone gave to a segment's reserve.
    event Donated(SegmentId indexed segment, address indexed from, uint256 amount, uint256 reserve);
    /// @notice Emitted when a shortfall or reward was booked.
    event Covered(SegmentId indexed segment, uint256 shortfall, LayerAmounts paid, uint256 reward, uint256 reserve);
    /// @notice Emitted when vaults sent what was drawn before, and the fund's share of their premiums.
    event Collected(SegmentId indexed segment, uint256 received, uint256 pending);
    /// @notice Emitted when the net with the venue moved. `moved` is positive towards the fund.
    event Settled(SegmentId indexed segment, int256 moved, uint256 reserve, uint256 owed);

    /// @notice Thrown when a segment does not exist.
    error InsuranceFund_UnknownSegment(SegmentId segment);
    /// @notice Thrown when anyone but the segment's engine calls `cover`.
    error InsuranceFund_NotEngine(address caller, address engine);
    /// @notice Thrown at registration when the venue names another engine or fund, or a budget leaves its bounds.
    error InsuranceFund_InvalidSegment(address venue, address engine, BudgetShares budgets);
    /// @notice Thrown at registration when the venue has a segment already.
    error InsuranceFund_AlreadyRegistered(address venue, SegmentId segment);
    /// @notice Thrown at registration when the token cannot be a settlement asset.
    error InsuranceFund_InvalidToken(address token, uint256 decimals);
    /// @notice Thrown at registration when a vault is no contract, serves another fund or token, or stands in two places.
    error InsuranceFund_InvalidLayer(address layer);
    /// @notice Thrown when an amount is zero or above what the ledger can hold.
    error InsuranceFund_InvalidAmount(uint256 amount, uint256 max);
    /// @notice Thrown when a transfer delivered something else than asked for.
    error InsuranceFund_UnexpectedTransfer(uint256 expected, uint256 received);

    /// @notice Registers the segment of a venue; the caller becomes its engine. Anyone may, for a venue that names the caller as
    /// its engine and this contract as its fund, and has no segment yet: so nobody else can choose a venue's budgets or
    /// divert its income. Venue and engine are immutable afterwards, and the new segment shares nothing with any other.
    /// @param venue keeps the signed account (IVenue) and names the settlement token
    /// @param budgets draw budgets, each 1 to 100_00
    /// @param layers vaults that name this fund and keep the venue's token; immutable. They pay up to what they have committed.
    function registerSegment(
        address venue,
        BudgetShares calldata budgets,
        CapitalLayers calldata layers
    ) external returns (SegmentId segment);

    /// @notice Gives settlement tokens to the reserve, for good.
    /// @param amount in the token's own decimals
    function donate(SegmentId segment, uint256 amount) external;

    /// @notice Books what the layers pay for a shortfall, and the bidder's reward. Only the segment's engine may call. Never
    /// reverts for lack of money (R1, INV-04); moves no token (FND-11).
    function cover(SegmentId segment, CoverRequest calldata request) external returns (CoverResult memory result);

    /// @notice What `cover` would book now.
    function previewCover(SegmentId segment, CoverRequest calldata request) external view returns (CoverResult memory);

    /// @notice Everything the layers could pay now, budgets left aside. WAD.
    function resources(SegmentId segment) external view returns (LayerAmounts memory);

    /// @notice What is left of the budgets now. WAD.
    function budgetLeft(
        SegmentId segment
    ) external view returns (uint256[3] memory byClass, uint256 whole, uint256 reward);

    /// @notice Collects from the layers and moves the net with the venue, as far as tokens allow. Anyone may call.
    function settle(SegmentId segment) external returns (int256 moved);

    /// @notice A segment, unpacked.
    function segmentOf(SegmentId segment) external view returns (SegmentView memory);
}
