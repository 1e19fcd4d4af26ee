// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";

import {AccountId, MarketId, SegmentId} from "../types/Identifiers.sol";

/// @notice Claims that were registered within one period, and what has been recovered for them. WAD of the settlement
/// asset.
/// @param claims losses that were registered; fixed from `endsAt` on
/// @param recovered paid in for the round so far, at most `claims`
/// @param claimed paid out, or released to the reserve
/// @param endsAt end of its registrations; 0 while the round does not exist
struct RecoveryRound {
    uint128 claims;
    uint128 recovered;
    uint128 claimed;
    uint40 endsAt;
}

/// @title Recoveries: what is got back after a loss, for those who bore it (FND-10)
/// @notice Holders whose side was charged with a socialised loss come first. What they have borne (CLM-03's `borneBy`)
/// is registered and becomes a transferable claim: an ERC-1155 token, its id the round, 1e18 for each unit lost.
/// Whoever has recovered something pays it in for rounds that have ended; each claim of a round is paid the same part
/// of itself. Claims of a round that has ended never change, so nobody can enter, or bear a loss on purpose, to share
/// in what is being paid in.
///
/// Layers in reverse order: what is above all claims of the rounds named goes to the segment's reserve where no vaults
/// stand behind the segment. Where vaults do, it is not taken: they come before the reserve, and have no way yet of
/// paying those who held their shares at the time.
/// @dev Nobody owns the contract. It has no right in house or fund, and nothing on the loss path calls it. Functions
/// that change state hold a lock, but for transfers of claims, which are complete before the receiver is called back.
interface IRecoveries is IERC1155 {
    /// @notice Emitted when the first loss of a round was registered.
    event RoundOpened(uint256 indexed round, uint256 endsAt);
    /// @notice Emitted when losses became claims of `owner`. WAD.
    event LossRegistered(uint256 indexed round, AccountId indexed account, address indexed owner, uint256 amount);
    /// @notice Emitted for each round that was paid for. WAD.
    event Recovered(uint256 indexed round, address indexed payer, uint256 amount, uint256 recovered, uint256 claims);
    /// @notice Emitted when a holder was paid. `amount` in the token's own decimals.
    event Claimed(uint256 indexed round, address indexed holder, address indexed receiver, uint256 amount);
    /// @notice Emitted when what holders are not owed, or have not claimed in time, became reserve. `amount` in the
    /// token's own decimals.
    event PassedToReserve(uint256 amount);

    /// @notice Thrown at deployment for a house without code, whose links are not set, or whose engine has no segment
    /// yet.
    error Recoveries_InvalidHouse(address house);
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
    error Recoveries_TooLate(uint256 round, uint256 until);
    /// @notice Thrown when a holder is due less than a unit of the token.
    error Recoveries_NothingDue(uint256 round, address holder);
    /// @notice Thrown when unclaimed money is released before its time, or when nothing is left. `from` 0: no such
    /// round.
    error Recoveries_NothingToRelease(uint256 round, uint256 from);
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

    /// @notice Pays settlement tokens of the caller in for what was lost: for the holders of the rounds named, in
    /// proportion to what each round still lacks, and what is above to the reserve where no vaults stand before it.
    /// Takes no more than it can pass on. Anyone may call.
    /// @param rounds that have ended, at most 3 years ago; ascending, 1 to 8
    /// @param amount in the token's own decimals
    /// @return taken for holders and reserve together, in the token's own decimals
    function recover(uint256[] calldata rounds, uint256 amount) external returns (uint256 taken);

    /// @notice Pays the caller what his claims of a round are due so far, rounded down to units of the token; the rest
    /// stays. Until 4 years after the round's end.
    /// @return paid in the token's own decimals
    function claim(uint256 round, address receiver) external returns (uint256 paid);

    /// @notice Gives what was not claimed within 4 years of a round's end to the reserve, and what rounding left.
    /// Anyone may call.
    /// @return amount in the token's own decimals
    function release(uint256 round) external returns (uint256 amount);

    /// @notice A round; zeros when it does not exist.
    function roundOf(uint256 round) external view returns (RecoveryRound memory);

    /// @notice The latest round, which takes registrations until its `endsAt`; 0 before the first.
    function currentRound() external view returns (uint256);

    /// @notice What `holder` could claim of a round now, WAD, rounded down.
    function dueTo(uint256 round, address holder) external view returns (uint256);

    /// @notice What has been registered of an account in a market, WAD: `borneBy` as it stood then.
    function registeredOf(AccountId account, MarketId market) external view returns (uint256);

    /// @notice House whose holders are paid; immutable.
    function house() external view returns (address);

    /// @notice Segment whose reserve comes last; immutable.
    function segment() external view returns (SegmentId);
}
