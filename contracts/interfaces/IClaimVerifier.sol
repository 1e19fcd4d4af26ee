// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncidentStatus} from "../types/Coverage.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @notice A series as the verifier knows it. Written once, when its vault registers it.
/// @param trigger decides
/// @param codeHash of the trigger at registration: other code decides nothing
/// @param terms passed to the trigger
/// @param mark the trigger's checkpoint at registration
/// @param limit most that one token is paid, WAD
/// @param startsAt endsAt events in (startsAt, endsAt] count
/// @param reportsUntil last time at which an incident can be opened
struct Subject {
    address trigger;
    uint40 startsAt;
    uint40 endsAt;
    bytes32 codeHash;
    bytes32 terms;
    uint256 mark;
    uint128 limit;
    uint40 reportsUntil;
}

/// @notice The latest incident of a series (CLM-01). Earlier ones are in the events.
/// @param status how it stands
/// @param key its number within the series, from 1
/// @param openedAt when it was opened
/// @param eventAt time of the event
/// @param closedAt when it was confirmed, rejected or lapsed
/// @param opener who put up the bond
/// @param payoutPerUnit what the facts showed when it was opened; what was confirmed once it is. WAD
/// @param evidence the trigger's fact
struct Incident {
    IncidentStatus status;
    uint32 key;
    uint40 openedAt;
    uint40 eventAt;
    uint40 closedAt;
    address opener;
    uint128 payoutPerUnit;
    uint256 evidence;
}

/// @title Claim verifier: decides claims by rule, without a committee
/// @notice Keeps the incidents of the series that vaults register. Anyone opens one with a bond, anyone resolves it when the trigger's
/// rule is met; what is confirmed for a series only grows, up to its limit. Calls triggers (staticcall) and its bond token.
interface IClaimVerifier {
    /// @notice Emitted when a vault registered a series.
    event SeriesRegistered(address indexed vault, SeriesId indexed series, Subject subject);
    /// @notice Emitted when an incident was opened.
    event IncidentOpened(
        address indexed vault,
        SeriesId indexed series,
        uint32 key,
        address indexed opener,
        uint256 payoutPerUnit,
        uint256 eventAt,
        uint256 evidence
    );
    /// @notice Emitted when an incident was closed. `confirmed`: what one token of the series is paid in all, WAD.
    event IncidentClosed(
        address indexed vault,
        SeriesId indexed series,
        uint32 key,
        IncidentStatus status,
        uint256 confirmed,
        uint256 evidence
    );
    /// @notice Emitted when the bond of a closed incident could not be sent: it waits for `withdrawBond`.
    event BondCredited(address indexed opener, uint256 amount);

    /// @notice Thrown when a vault registers a series twice.
    error ClaimVerifier_AlreadyRegistered(address vault, SeriesId series);
    /// @notice Thrown when a series is registered with terms that cannot be decided.
    error ClaimVerifier_InvalidSeries(address trigger, uint256 limit, uint256 endsAt, uint256 reportsUntil);
    /// @notice Thrown when no vault has registered the series.
    error ClaimVerifier_UnknownSeries(address vault, SeriesId series);
    /// @notice Thrown when an incident of the series is open already.
    error ClaimVerifier_IncidentOpen(address vault, SeriesId series, uint32 key);
    /// @notice Thrown when the series has no open incident.
    error ClaimVerifier_NoOpenIncident(address vault, SeriesId series);
    /// @notice Thrown when the facts show nothing more than is confirmed already, or an event outside the cover's time.
    error ClaimVerifier_NothingHappened(uint256 payoutPerUnit, uint256 confirmed, uint256 eventAt);
    /// @notice Thrown when a series cannot be reported any more, or not again yet.
    error ClaimVerifier_NotReportable(uint256 from, uint256 until);
    /// @notice Thrown when the trigger does not answer or has other code: nothing is decided.
    error ClaimVerifier_NotDecided(address trigger);
    /// @notice Thrown when an incident is not old enough to lapse.
    error ClaimVerifier_TooEarly(uint256 lapsesAt);
    /// @notice Thrown when the bond token delivered something else than asked for.
    error ClaimVerifier_UnexpectedTransfer(uint256 expected, uint256 received);
    /// @notice Thrown when there is no bond to withdraw.
    error ClaimVerifier_NothingToWithdraw(address opener);

    /// @notice Registers a series of the calling vault and takes the trigger's checkpoint. Anyone may call: a vault speaks for itself only.
    function registerSeries(
        SeriesId series,
        address trigger,
        bytes32 terms,
        uint128 limit,
        uint40 endsAt,
        uint40 reportsUntil
    ) external;

    /// @notice Opens an incident and takes the bond from the caller. The facts must already show more than is confirmed, with an event
    /// inside the cover's time: so an incident that nothing stands behind cannot be opened at all.
    function open(address vault, SeriesId series) external returns (uint32 key);

    /// @notice Decides the open incident by the trigger's rule. Anyone may call, in the same transaction as `open` too: the triggers built
    /// so far read facts that are final. What was seen when it was opened is never lost to a later event outside the cover's time.
    function resolve(address vault, SeriesId series) external returns (uint256 confirmed);

    /// @notice Ends an incident that the trigger has not decided in time. The bond returns less a fee (CLM-06).
    function lapse(address vault, SeriesId series) external;

    /// @notice Sends a bond that could not be sent before.
    function withdrawBond() external returns (uint256 amount);

    /// @notice What a vault needs to know of a series.
    /// @return isOpen whether an incident is open
    /// @return confirmed what one token is paid in all, WAD
    /// @return transitions how often an incident of the series was opened or closed
    function outcome(
        address vault,
        SeriesId series
    ) external view returns (bool isOpen, uint256 confirmed, uint32 transitions);

    /// @notice Sum of `transitions` over all series of a vault: a vault that has taken in all of them has missed nothing.
    function transitionsOf(address vault) external view returns (uint256);

    /// @notice Whether the facts show more than is confirmed, by the trigger's answer of now; `isDecided` is false when it gives none.
    function preview(
        address vault,
        SeriesId series
    ) external view returns (bool isDecided, uint256 payoutPerUnit, uint256 eventAt);

    /// @notice A series as registered.
    function subjectOf(address vault, SeriesId series) external view returns (Subject memory);

    /// @notice The latest incident of a series.
    function incidentOf(address vault, SeriesId series) external view returns (Incident memory);

    /// @notice Bond of every incident, in the bond token's decimals; a lapse keeps `lapseFee` of it.
    function bondTerms() external view returns (address token, uint256 bond, uint256 lapseFee);
}
