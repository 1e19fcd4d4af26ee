// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeriesId} from "../types/Identifiers.sol";
import {ITrigger} from "./ITrigger.sol";

/// @notice Who attests. At most 16 attestors.
/// @param attestors in ascending order: keys, or contracts that answer ERC-1271
/// @param groups of the attestors, one number each: attestors of one group are one organisation
/// @param threshold fewest signatures, 2 or more, that come from 2 groups or more
struct Quorum {
    address[] attestors;
    uint8[] groups;
    uint8 threshold;
}

/// @notice What is attested, by whom, and what stands behind it (CLM-05).
/// @param statement hash of the sentence whose truth is attested
/// @param vault whose series it is for
/// @param first attests, and has stakes
/// @param second decides what is challenged; shares no attestor and no group with the first
/// @param stake of each attestor of the first quorum, in the token's decimals
/// @param slashRecipient gets the stakes of attestors who were overturned
struct AttestedDefinition {
    bytes32 statement;
    address vault;
    Quorum first;
    Quorum second;
    uint128 stake;
    address slashRecipient;
}

/// @notice What the first quorum signs (EIP-712).
/// @param terms hash of the definition
/// @param incident number that the series' next incident will have
/// @param round how often something was attested for this series before, plus 1: what was overturned or has lapsed cannot come again
/// @param payoutPerUnit what one token is to be paid in all, WAD
/// @param eventAt when it happened
/// @param evidence hash of what shows it
/// @param deadline last second in which the signatures are taken
struct Attestation {
    bytes32 terms;
    address vault;
    SeriesId series;
    uint32 incident;
    uint32 round;
    uint128 payoutPerUnit;
    uint40 eventAt;
    bytes32 evidence;
    uint40 deadline;
}

/// @notice How an attestation stands.
enum ClaimStatus {
    None,
    Pending,
    Challenged
}

/// @notice An attestation that is not decided yet.
/// @param decidedAt when it is final unless challenged; once it is challenged, when it lapses unless ruled upon
/// @param signers bit i for attestor i of the first quorum
/// @param bond of the asserter and of the challenger each, in the token's decimals
/// @param digest hash that the first quorum has signed
struct AttestedClaim {
    ClaimStatus status;
    uint40 decidedAt;
    uint16 signers;
    address asserter;
    address challenger;
    uint128 bond;
    uint128 payoutPerUnit;
    uint40 eventAt;
    bytes32 evidence;
    bytes32 digest;
}

/// @title Pays for what no contract can see, on the word of two quorums (CLM-05)
/// @notice The first quorum attests and stands for it with its stakes; anyone may challenge with a bond; then the second quorum decides, and
/// without its word the claim lapses. Nothing paid on one attestation is ever more than the stakes of the fewest attestors who can make it.
/// All functions that change anything hold one transient lock; tokens leave by `withdraw` only.
interface IAttestedTrigger is ITrigger {
    /// @notice Emitted when an attestor put down his stake.
    event Staked(bytes32 indexed terms, address indexed attestor, uint256 amount);
    /// @notice Emitted when an attestor ended the terms.
    event Retired(bytes32 indexed terms, address indexed attestor);
    /// @notice Emitted when a stake was freed; it waits for `withdraw`.
    event Unstaked(bytes32 indexed terms, address indexed attestor, uint256 amount);
    /// @notice Emitted when a series was bound to its mark. `lockedUntil` is for all series of the terms.
    event Bound(bytes32 indexed terms, address indexed vault, SeriesId indexed series, uint256 lockedUntil);
    /// @notice Emitted when a claim was opened.
    event Attested(uint256 indexed mark, Attestation attestation, uint256 signers, uint256 bond, uint256 decidedAt);
    /// @notice Emitted when a claim was challenged. It lapses at `decidedAt` unless it is ruled upon.
    event Challenged(uint256 indexed mark, address indexed challenger, uint256 decidedAt);
    /// @notice Emitted when an attestor lost his stake.
    event Slashed(bytes32 indexed terms, address indexed attestor, uint256 amount);
    /// @notice Emitted when an attestation was decided. `isPaid` and `isLapsed` are both false when it was overturned.
    event ClaimDecided(uint256 indexed mark, uint32 round, bool isPaid, bool isLapsed);

    /// @notice Thrown when the trigger is deployed with a token that does not say its decimals, or has more than 18.
    error AttestedTrigger_InvalidToken(address token);
    /// @notice Thrown when the trigger is deployed for a verifier without code.
    error AttestedTrigger_InvalidVerifier(address verifier);
    /// @notice Thrown when a definition could never be decided, or names a vault of another token.
    error AttestedTrigger_InvalidDefinition(bytes32 terms);
    /// @notice Thrown when the caller is none of the first quorum.
    error AttestedTrigger_NotAttestor(bytes32 terms, address caller);
    /// @notice Thrown when an attestor stakes twice.
    error AttestedTrigger_AlreadyStaked(bytes32 terms, address attestor);
    /// @notice Thrown when the caller has no stake, or has lost it.
    error AttestedTrigger_NothingStaked(bytes32 terms, address attestor);
    /// @notice Thrown when not all attestors of the first quorum have their stake here.
    error AttestedTrigger_StakeMissing(bytes32 terms, uint256 staked, uint256 attestors);
    /// @notice Thrown when something would begin on terms that an attestor has ended.
    error AttestedTrigger_IsRetired(bytes32 terms);
    /// @notice Thrown while series that can still be claimed for stand behind these terms, or a claim is undecided.
    error AttestedTrigger_StakeLocked(bytes32 terms, uint256 until);
    /// @notice Thrown when nobody has told the trigger of the series.
    error AttestedTrigger_NotBound(uint256 mark);
    /// @notice Thrown when a series is not one of these terms, or is bound already.
    error AttestedTrigger_WrongSubject(bytes32 terms, address vault, SeriesId series);
    /// @notice Thrown when the signatures are for another incident than the next one.
    error AttestedTrigger_WrongIncident(uint256 given, uint256 expected);
    /// @notice Thrown when the signatures are for another attempt than the next one.
    error AttestedTrigger_WrongRound(uint256 given, uint256 expected);
    /// @notice Thrown when the event is not in (startsAt, endsAt], or in the future.
    error AttestedTrigger_NotCovered(uint256 eventAt, uint256 startsAt, uint256 endsAt);
    /// @notice Thrown when no more is attested than is decided.
    error AttestedTrigger_NothingNew(uint256 payoutPerUnit, uint256 settled);
    /// @notice Thrown when more would be paid than the stakes of the smallest quorum.
    error AttestedTrigger_AboveStake(uint256 payout, uint256 stake);
    /// @notice Thrown when the signatures are too old.
    error AttestedTrigger_Expired(uint256 deadline);
    /// @notice Thrown when an attestor whose bit is set has not signed.
    error AttestedTrigger_InvalidSignature(address attestor, bytes32 digest);
    /// @notice Thrown when too few have signed, or all of one group.
    error AttestedTrigger_QuorumMissed(uint256 signatures, uint256 groups, uint256 threshold);
    /// @notice Thrown while another claim stands on the same stakes.
    error AttestedTrigger_ClaimUndecided(bytes32 terms, uint256 mark);
    /// @notice Thrown when there is no claim of the status that is needed.
    error AttestedTrigger_NoClaim(uint256 mark, ClaimStatus status);
    /// @notice Thrown when the time of a claim is not over.
    error AttestedTrigger_TooEarly(uint256 from);
    /// @notice Thrown when the time of a claim is over.
    error AttestedTrigger_TooLate(uint256 until);
    /// @notice Thrown when the token delivered something else than asked for.
    error AttestedTrigger_UnexpectedTransfer(uint256 expected, uint256 received);
    /// @notice Thrown when nothing waits for the caller.
    error AttestedTrigger_NothingToWithdraw(address owner);

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(AttestedDefinition calldata definition) external returns (bytes32 terms);

    /// @notice Puts down the caller's stake. Only an attestor of the first quorum, once.
    function stake(bytes32 terms) external;

    /// @notice Ends these terms: no series begins on them any more. Only an attestor of the first quorum; so that each of them can leave,
    /// when the last series that stands behind the terms can no longer be claimed for.
    function retire(bytes32 terms) external;

    /// @notice Frees the caller's stake of terms that are retired. What was slashed does not come back.
    function unstake(bytes32 terms) external;

    /// @notice Tells the trigger which series a mark belongs to, and locks the stakes until the series can no longer be claimed for. Anyone
    /// may call; before it, nothing of the series is sold.
    function bind(address vault, SeriesId series) external returns (uint256 mark);

    /// @notice Opens a claim on the word of the first quorum, and takes a bond from the caller: 5% of what would be paid. It is final
    /// after one to three days, longer the more it pays, unless somebody challenges it.
    /// @param signers bit i for attestor i of the first quorum; `signatures` in the same order
    function attest(
        Attestation calldata attestation,
        uint256 signers,
        bytes[] calldata signatures
    ) external returns (uint256 mark);

    /// @notice Challenges a claim that is not final, with an equal bond.
    function challenge(uint256 mark) external;

    /// @notice Decides a challenged claim on the word of the second quorum: the loser's bond is the winner's, and when it is overturned
    /// everybody who signed it loses his stake.
    function rule(uint256 mark, bool isUpheld, uint40 deadline, uint256 signers, bytes[] calldata signatures) external;

    /// @notice Ends a claim whose time is over: unchallenged it is final, challenged it lapses and both bonds return. Anyone may call.
    function finish(uint256 mark) external;

    /// @notice Sends what the caller has here: bonds won or returned, stakes freed or slashed for him.
    function withdraw() external returns (uint256 amount);

    /// @notice What the first quorum has to sign.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @notice What the second quorum has to sign.
    /// @param claim `digest` of the claim that is ruled upon
    function rulingDigest(bytes32 claim, bool isUpheld, uint40 deadline) external view returns (bytes32);

    /// @notice Most that one attestation on these terms can pay, WAD: the stakes of the smallest quorum; 0 unless all are here.
    function stakeBehind(bytes32 terms) external view returns (uint256);

    /// @notice The undecided claim of a series, or all 0, and how often something was attested for it.
    function claimOf(uint256 mark) external view returns (AttestedClaim memory claim, uint32 rounds);

    /// @notice The mark of a series.
    function markOf(address vault, SeriesId series) external pure returns (uint256 mark);

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (AttestedDefinition memory);
}
