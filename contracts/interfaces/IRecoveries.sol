// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";

import {AccountId, MarketId, SegmentId} from "../types/Identifiers.sol";

/// @notice Who has borne a loss before the reserve's owner, first to be paid first: the waterfall backwards (FND-10).
enum RecoveryLayer {
    Holders,
    ReinsuranceSenior,
    ReinsuranceJunior,
    Senior,
    Junior
}

/// @notice Claims of one layer that were registered within one round, and what has been recovered for them. WAD of the
/// settlement asset.
/// @param claims losses that were registered; fixed from `endsAt` on
/// @param recovered paid in so far, at most `claims`
/// @param claimed paid out, or released to the reserve
/// @param endsAt end of the round's registrations; 0 while the round does not exist
struct RecoveryRound {
    uint128 claims;
    uint128 recovered;
    uint128 claimed;
    uint40 endsAt;
}

/// @title Recoveries: what is got back after a loss, for those who bore it (FND-10)
/// @notice What somebody has borne is registered and becomes a transferable claim: an ERC-1155 token, 1e18 for each unit
/// lost, its id `claimId(round, layer)`. Holders have borne what their side was charged (CLM-03's `borneBy`); underwriters
/// what the segment drew from their tranche while they held shares of it (`ITrancheShare.borneBy`), sold since or not.
/// Whoever has recovered something pays it in for rounds that have ended. Layers are paid in the waterfall's reverse
/// order: holders, reinsurance's senior and junior tranche, then senior and junior of the segment's own vault, and
/// what is above all their claims goes to the reserve. Each claim of a round and layer is paid the same part of itself.
/// Claims of a round that has ended never change, so nobody can enter, or bear a loss on purpose, to share in what is
/// being paid in.
/// Limits: a loss that nobody registers has no claim. A layer that is no CoverageVault has nobody who could register.
/// @dev Nobody owns the contract. It has no right in house or fund, and nothing on the loss path calls it. Functions
/// that change state hold a lock, but for transfers of claims, which are complete before the receiver is called back.
interface IRecoveries is IERC1155 {
    /// @notice Emitted when the first loss of a round was registered.
    event RoundOpened(uint256 indexed round, uint256 endsAt);
    /// @notice Emitted when losses became claims of `owner`. WAD.
    event LossRegistered(uint256 indexed round, AccountId indexed account, address indexed owner, uint256 amount);
    /// @notice Emitted when what an underwriter has borne became his claims. WAD.
    event SharesRegistered(uint256 indexed id, address indexed owner, uint256 amount);
    /// @notice Emitted for each round and layer that was paid for. WAD.
    event Recovered(uint256 indexed id, address indexed payer, uint256 amount, uint256 recovered, uint256 claims);
    /// @notice Emitted when a holder was paid. `amount` in the token's own decimals.
    event Claimed(uint256 indexed id, address indexed holder, address indexed receiver, uint256 amount);
    /// @notice Emitted when what holders are not owed, or have not claimed in time, became reserve. `amount` in the
    /// token's own decimals.
    event PassedToReserve(uint256 amount);

    /// @notice Thrown at deployment for a house without code, whose links are not set, or whose engine has no segment
    /// yet.
    error Recoveries_InvalidHouse(address house);
    /// @notice Thrown when shares are registered for a layer that has none: holders, or a vault that the segment has not.
    error Recoveries_NoShares(RecoveryLayer layer);
    /// @notice Thrown when `recover` names no round or more than it may.
    error Recoveries_InvalidRoundCount(uint256 count, uint256 max);
    /// @notice Thrown when rounds are not named in ascending order, each once.
    error Recoveries_NotAscending(uint256 previous, uint256 round);
    /// @notice Thrown when a round is outside the time in which it can be paid for: from its end, `until` excluded. 0
    /// and 0: no such round.
    error Recoveries_NotPayable(uint256 round, uint256 from, uint256 until);
    /// @notice Thrown when nothing of an amount can be taken.
    error Recoveries_NothingToTake(uint256 amount);
    /// @notice Thrown when a claim comes after its time. `until` 0: no such round.
    error Recoveries_TooLate(uint256 id, uint256 until);
    /// @notice Thrown when a holder is due less than a unit of the token.
    error Recoveries_NothingDue(uint256 id, address holder);
    /// @notice Thrown when unclaimed money is released before its time, or when nothing is left. `from` 0: no such
    /// round.
    error Recoveries_NothingToRelease(uint256 id, uint256 from);
    /// @notice Thrown when a transfer delivered something else than asked for.
    error Recoveries_UnexpectedTransfer(uint256 expected, uint256 received);
    /// @notice Thrown when the token refuses to pay, or takes another amount than it was told.
    error Recoveries_TransferFailed(address receiver, uint256 amount);

    /// @notice Registers what an account has borne of socialised losses and nobody has registered yet, as claims of its
    /// owner in the round that takes registrations now. Anyone may, for any account. The first registration opens a
    /// round; 28 days later it ends by itself, and the next registration opens another. A loss that is registered late
    /// counts in a later round. Calls nothing foreign.
    /// @param markets to look at; the loop is the caller's
    /// @return amount registered, WAD; 0 when there was nothing, and nothing is opened then
    function register(AccountId account, MarketId[] calldata markets) external returns (uint256 amount);

    /// @notice Registers what `owner` has borne as an underwriter, by the shares of a tranche that he held at the end of
    /// the intervals named (ICoverageVault.lossOf), and nobody has registered yet. As `register`: anyone may, for
    /// anybody; the claims are the owner's. Calls the tranche's share token, our own.
    /// @param layer any but Holders, of a vault that the segment has: otherwise `Recoveries_NoShares`
    /// @param intervals to look at, finished or not; the loop is the caller's
    /// @return amount registered, WAD; 0 when there was nothing
    function registerShares(
        RecoveryLayer layer,
        address owner,
        uint32[] calldata intervals
    ) external returns (uint256 amount);

    /// @notice Pays settlement tokens of the caller in for what was lost: layer by layer to the claims of the rounds
    /// named, within a layer in proportion to what each round still lacks, and what is above to the reserve. Anyone may
    /// call.
    /// @param rounds that have ended, at most 3 years ago; ascending, 1 to 8
    /// @param amount in the token's own decimals; all of it is taken
    /// @return forClaims the part that went to claims, in the token's own decimals
    function recover(uint256[] calldata rounds, uint256 amount) external returns (uint256 forClaims);

    /// @notice Pays the caller what his claims of an id are due so far, rounded down to units of the token; the rest
    /// stays. Until 4 years after the round's end.
    /// @return paid in the token's own decimals
    function claim(uint256 id, address receiver) external returns (uint256 paid);

    /// @notice Gives what was not claimed of an id within 4 years of its round's end to the reserve, and what rounding
    /// left. Anyone may call.
    /// @return amount in the token's own decimals
    function release(uint256 id) external returns (uint256 amount);

    /// @notice Id of a round's claims of a layer: of holders the round itself.
    function claimId(uint256 round, RecoveryLayer layer) external pure returns (uint256 id);

    /// @notice Claims of an id; zeros when its round does not exist.
    function roundOf(uint256 id) external view returns (RecoveryRound memory);

    /// @notice The latest round, which takes registrations until its `endsAt`; 0 before the first.
    function currentRound() external view returns (uint256);

    /// @notice What `holder` could claim of an id now, WAD, rounded down.
    function dueTo(uint256 id, address holder) external view returns (uint256);

    /// @notice What has been registered of an account in a market, WAD: `borneBy` as it stood then.
    function registeredOf(AccountId account, MarketId market) external view returns (uint256);

    /// @notice What has been registered of an underwriter's shares in an interval, WAD.
    function registeredSharesOf(RecoveryLayer layer, address owner, uint32 interval) external view returns (uint256);

    /// @notice House whose holders are paid; immutable.
    function house() external view returns (address);

    /// @notice Segment whose reserve comes last; immutable.
    function segment() external view returns (SegmentId);
}
