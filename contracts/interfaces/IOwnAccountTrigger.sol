// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, MarketId, SeriesId} from "../types/Identifiers.sol";
import {ITrigger} from "./ITrigger.sol";

/// @notice What a product covers of an account's liquidation (CVR-07).
/// @param deductibleBps part of the cost that is not covered: 10% to 90%
/// @param maxCostBps most that counts of a sale's cost, part of what was sold, at the sale's price: up to 20%. It bounds what a bidder who is the
/// owner by another name can get back
/// @param minDistanceBps how far the price must be from the liquidation price when an account is bound, part of the price: 2% to 50%
struct OwnAccountTerms {
    uint16 deductibleBps;
    uint16 maxCostBps;
    uint16 minDistanceBps;
}

/// @notice The account that a series covers, as it stood when it was bound.
/// @param account covered
/// @param market of its only position
/// @param isLong side of it
/// @param touchPrice highest price (long) or lowest one (short) at which it could have been liquidated, WAD
/// @param base size of the position, wei: what is sold beyond it is not covered
/// @param boundAt when
/// @param endsAt end of the series: later sales are not covered
/// @param terms of the product
struct Binding {
    AccountId account;
    MarketId market;
    bool isLong;
    uint112 touchPrice;
    uint96 base;
    uint40 boundAt;
    uint40 endsAt;
    OwnAccountTerms terms;
}

/// @notice What has been recorded of a bound account.
/// @param seenCost of all its liquidations that have been looked at, WAD, as the house counts
/// @param covered part of it that is covered, before the deductible, WAD; only grows
/// @param soldBase covered sales so far, wei, at most the binding's base
/// @param lastSoldBase of the last sale's record, wei: of sales in one second the house keeps the sum
/// @param lastSoldAt time of that record
/// @param supply tokens of the series when the first covered sale was recorded; they share what is paid
/// @param eventAt time of the last covered sale
struct CostTally {
    uint128 seenCost;
    uint128 covered;
    uint96 soldBase;
    uint96 lastSoldBase;
    uint40 lastSoldAt;
    uint96 supply;
    uint40 eventAt;
}

/// @title Own-account cover: indemnifies one account for what its liquidation has cost (CVR-07)
/// @notice All tokens of a series together are paid (1 - deductible) * cost of the bound account's liquidations, each up to the series' limit:
/// min(sum insured, (1 - deductible) * cost). A sale counts only if its price had reached the liquidation price that was recorded
/// when the account was bound: whoever moves his own liquidation price nearer afterwards is not covered for it.
/// @dev Nothing is sold before the owner has bound his account, nor while a liquidation has not been recorded (Trigger_Undecided).
/// @dev Re-entrancy: calls the house, the verifier, the vault and the oracle, all our own; the oracle reads its sources by staticcall.
/// @dev Warning: tokens can be bought by anyone and share in what is paid. Whoever buys beside the owner pays the premium for his part.
interface IOwnAccountTrigger is ITrigger {
    /// @notice Emitted when an owner bound his account to a series.
    event AccountBound(uint256 indexed mark, address indexed vault, SeriesId indexed series, Binding binding);
    /// @notice Emitted when a liquidation was recorded. `counted`: what of its cost is covered, before the deductible; 0 when it is not.
    event CostRecorded(uint256 indexed mark, uint256 cost, uint256 counted, uint256 soldAt);

    /// @notice Thrown when the house or the verifier has no code.
    error OwnAccountTrigger_InvalidLink(address contract_);
    /// @notice Thrown when a definition leaves its bounds.
    error OwnAccountTrigger_InvalidTerms(OwnAccountTerms terms);
    /// @notice Thrown when the series is not registered with this trigger by that vault, or is bound already.
    error OwnAccountTrigger_WrongSubject(address vault, SeriesId series);
    /// @notice Thrown when somebody else than the account's owner would bind it.
    error OwnAccountTrigger_NotOwner(address caller, AccountId account);
    /// @notice Thrown when the account is bound to a series that can still be reported.
    error OwnAccountTrigger_AlreadyBound(AccountId account, uint256 until);
    /// @notice Thrown when the account has not exactly one position and no collateral beside cash: then no one price says when it is
    /// liquidated. One bit for each market and asset.
    error OwnAccountTrigger_NotOneMarket(AccountId account, uint256 markets, uint256 assets);
    /// @notice Thrown when the account is in auction, was flagged, or does not have its sales recorded (setSaleRecords).
    error OwnAccountTrigger_WrongFlags(AccountId account, uint256 flags);
    /// @notice Thrown when the account is at its margin, has no liquidation price, or one nearer than the terms allow. 0: none.
    error OwnAccountTrigger_WrongDistance(uint256 price, uint256 touchPrice);
    /// @notice Thrown when no account is bound to this mark.
    error OwnAccountTrigger_NotBound(uint256 mark);
    /// @notice Thrown when the account has not been liquidated since it was bound or recorded.
    error OwnAccountTrigger_NothingToRecord(uint256 mark, uint256 cost);

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(OwnAccountTerms calldata definition) external returns (bytes32 terms);

    /// @notice Binds the caller's account to a series of a product on this trigger, and records side, size and liquidation price: where
    /// E = MM at the higher of the market's mmr of now and the one that its ramp runs to. Only the owner; once for a series, and for one
    /// series at a time. Refreshes the price; reverts with Trigger_Unreadable when there is none. What the owner does later changes nothing of
    /// it: a deposit makes a touch less likely, a larger position is covered up to the size of now.
    /// @return mark names the series (see markOf)
    function bind(address vault, SeriesId series, AccountId account) external returns (uint256 mark);

    /// @notice Looks at the last liquidation of a bound account. Anyone may call. Counted is what the account's liquidations have cost since the
    /// last record, if the last sale was after the binding and within the cover, of the bound side, at a touching price and of an account that
    /// has no other position; in proportion to the part of the sold base that is covered, rounded down, and at most `maxCostBps` of that
    /// base at the sale's price. Several sales between two records count by the last one's price and base: whoever wants each counted in
    /// full has it recorded before the next one.
    /// @return counted WAD, before the deductible
    function record(uint256 mark) external returns (uint256 counted);

    /// @notice Number by which a series is known here.
    function markOf(address vault, SeriesId series) external pure returns (uint256);

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (OwnAccountTerms memory);

    /// @notice Binding of a mark; all 0 where there is none.
    function bindingOf(uint256 mark) external view returns (Binding memory);

    /// @notice What was recorded.
    function tallyOf(uint256 mark) external view returns (CostTally memory);

    /// @notice Until when an account is bound; 0: never was.
    function boundUntil(AccountId account) external view returns (uint256);

    /// @notice House whose records decide; immutable.
    function house() external view returns (address);

    /// @notice Verifier that says which trigger a series has; immutable.
    function verifier() external view returns (address);
}
