// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier, Incident, Subject} from "../interfaces/IClaimVerifier.sol";
import {ITrigger} from "../interfaces/ITrigger.sol";
import {CallOutcome, GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {IncidentStatus} from "../types/Coverage.sol";
import {LAPSE} from "../types/CoverageTerms.sol";
import {SeriesId} from "../types/Identifiers.sol";
import {Bonds} from "./Bonds.sol";

/// @title Claim verifier (CLM-01, CLM-06)
/// @notice Keeps the incidents of the series that vaults register, and decides them by the triggers' rules. There is no owner, no
/// committee and no setting that can change: a bond goes where the outcome sends it, and what is confirmed is never taken back.
/// @dev A series is known by (vault, series) and a vault speaks for itself only, so nothing that is decided for one series says
/// anything about another (CLM-08).
contract ClaimVerifier is Bonds {
    /// @param subject what was registered
    /// @param incident the latest one
    /// @param confirmed what one token is paid in all, WAD; only grows
    /// @param transitions how often an incident was opened or closed
    struct Case {
        Subject subject;
        Incident incident;
        uint128 confirmed;
        uint32 transitions;
    }

    /// @dev What a trigger says of a series now; all 0 unless decided.
    /// @param payoutPerUnit in all since the series began, cut at its limit, WAD
    struct Finding {
        bool isDecided;
        uint256 payoutPerUnit;
        uint256 eventAt;
        uint256 evidence;
    }

    /// @notice Age at which an open incident may be ended without the trigger's answer.
    uint256 public constant LAPSE_AFTER = LAPSE;
    /// @notice Time between a rejected or lapsed incident and the next one of the series. There is none after a confirmed one: a pause
    /// would let the end of the reporting time cut off what happened next.
    uint256 public constant REOPEN_PAUSE = 1 hours;
    /// @notice Gas that a trigger can use, and that a caller must therefore bring. A price is read from its sources within it: each of them
    /// uses up to 100,000 and needs 411,000 to be there (GuardedCall.SOURCE_GAS), so ten of them fit.
    uint256 public constant TRIGGER_GAS = 1_500_000;

    /// @dev ITrigger.evaluate: payoutPerUnit, eventAt, evidence.
    uint256 private constant FINDING_WORDS = 3;

    /// @inheritdoc IClaimVerifier
    mapping(address vault => uint256) public override transitionsOf;
    mapping(address vault => mapping(SeriesId series => Case)) private _cases;

    constructor(
        address bondToken,
        uint256 bond,
        uint256 lapseFee,
        address feeRecipient
    ) Bonds(bondToken, bond, lapseFee, feeRecipient) {}

    /* REGISTRATION */

    /// @inheritdoc IClaimVerifier
    function registerSeries(
        SeriesId series,
        address trigger,
        bytes32 terms,
        uint128 limit,
        uint40 endsAt,
        uint40 reportsUntil
    ) external nonReentrant {
        // Check
        Case storage entry = _cases[msg.sender][series];
        if (entry.subject.trigger != address(0)) revert ClaimVerifier_AlreadyRegistered(msg.sender, series);
        bool isValid = trigger.code.length != 0 && limit != 0 && endsAt > block.timestamp && reportsUntil >= endsAt;
        uint256 mark;
        if (isValid) {
            bytes memory question = abi.encodeCall(ITrigger.checkpoint, (terms, msg.sender, series));
            (isValid, mark) = GuardedCall.tryReadWord(trigger, TRIGGER_GAS, question);
        }
        if (!isValid) revert ClaimVerifier_InvalidSeries(trigger, limit, endsAt, reportsUntil);

        // Effect
        Subject memory subject = Subject({
            trigger: trigger,
            startsAt: uint40(block.timestamp),
            endsAt: endsAt,
            codeHash: trigger.codehash,
            terms: terms,
            mark: mark,
            limit: limit,
            reportsUntil: reportsUntil
        });
        entry.subject = subject;
        emit SeriesRegistered(msg.sender, series, subject);
    }

    /* INCIDENTS */

    /// @inheritdoc IClaimVerifier
    function open(address vault, SeriesId series) external nonReentrant returns (uint32 key) {
        // Check
        Case storage entry = _known(vault, series);
        Incident memory last = entry.incident;
        if (last.status == IncidentStatus.Open) revert ClaimVerifier_IncidentOpen(vault, series, last.key);
        Subject memory subject = entry.subject;
        _requireReportable(subject, last);
        Finding memory finding = _evaluate(subject);
        if (!finding.isDecided) revert ClaimVerifier_NotDecided(subject.trigger);
        if (finding.payoutPerUnit <= entry.confirmed || !_isCovered(subject, finding.eventAt)) {
            revert ClaimVerifier_NothingHappened(finding.payoutPerUnit, entry.confirmed, finding.eventAt);
        }

        // Effect
        key = last.key + 1;
        entry.incident = Incident({
            status: IncidentStatus.Open,
            key: key,
            openedAt: uint40(block.timestamp),
            eventAt: uint40(finding.eventAt), // Fits: not after endsAt.
            closedAt: 0,
            opener: msg.sender,
            payoutPerUnit: uint128(finding.payoutPerUnit), // Fits: not above the limit.
            evidence: finding.evidence
        });
        _countTransition(vault, entry);
        emit IncidentOpened(vault, series, key, msg.sender, finding.payoutPerUnit, finding.eventAt, finding.evidence);

        // Interaction
        _takeBond();
    }

    /// @inheritdoc IClaimVerifier
    function resolve(address vault, SeriesId series) external nonReentrant returns (uint256 confirmed) {
        // Check
        Case storage entry = _withOpenIncident(vault, series);
        Finding memory finding = _evaluate(entry.subject);
        if (!finding.isDecided) revert ClaimVerifier_NotDecided(entry.subject.trigger);

        // Effect, Interaction
        _decide(vault, series, entry, finding);
        return entry.confirmed;
    }

    /// @inheritdoc IClaimVerifier
    /// @dev When the trigger does answer, its answer counts, however late: otherwise whoever comes first after the time is over, holder
    /// or underwriter, would choose the outcome (R3). A caller cannot starve the trigger of gas either (GuardedCall).
    function lapse(address vault, SeriesId series) external nonReentrant {
        // Check
        Case storage entry = _withOpenIncident(vault, series);
        uint256 lapsesAt = entry.incident.openedAt + LAPSE_AFTER;
        if (block.timestamp < lapsesAt) revert ClaimVerifier_TooEarly(lapsesAt);

        // Effect, Interaction
        Finding memory finding = _evaluate(entry.subject);
        if (finding.isDecided) {
            _decide(vault, series, entry, finding);
            return;
        }
        _close(vault, series, entry, IncidentStatus.Lapsed);
        _returnBondLessFee(entry.incident.opener);
    }

    /* READERS: no guard. While a bond moves they show the outcome that it moves for. */

    /// @inheritdoc IClaimVerifier
    function outcome(
        address vault,
        SeriesId series
    ) external view returns (bool isOpen, uint256 confirmed, uint32 transitions) {
        Case storage entry = _known(vault, series);
        return (entry.incident.status == IncidentStatus.Open, entry.confirmed, entry.transitions);
    }

    /// @inheritdoc IClaimVerifier
    function preview(
        address vault,
        SeriesId series
    ) external view returns (bool isDecided, uint256 payoutPerUnit, uint256 eventAt) {
        Finding memory finding = _evaluate(_known(vault, series).subject);
        return (finding.isDecided, finding.payoutPerUnit, finding.eventAt);
    }

    /// @inheritdoc IClaimVerifier
    function subjectOf(address vault, SeriesId series) external view returns (Subject memory) {
        return _known(vault, series).subject;
    }

    /// @inheritdoc IClaimVerifier
    function incidentOf(address vault, SeriesId series) external view returns (Incident memory) {
        return _known(vault, series).incident;
    }

    /* INTERNAL */

    /// @dev Closes an incident by the trigger's answer of now. What was seen when it was opened is confirmed at least, and more when more
    /// has happened inside the cover's time. It is rejected when the trigger takes back what it said: inside the cover's time, because
    /// after its end an answer speaks of something else.
    function _decide(address vault, SeriesId series, Case storage entry, Finding memory finding) private {
        Incident storage incident = entry.incident;
        if (finding.payoutPerUnit <= entry.confirmed && finding.eventAt <= entry.subject.endsAt) {
            _close(vault, series, entry, IncidentStatus.Rejected);
            _forfeitBond();
            return;
        }
        if (finding.payoutPerUnit > incident.payoutPerUnit && _isCovered(entry.subject, finding.eventAt)) {
            incident.payoutPerUnit = uint128(finding.payoutPerUnit); // Fits: not above the limit.
            incident.eventAt = uint40(finding.eventAt); // Fits: not after endsAt.
            incident.evidence = finding.evidence;
        }
        // It was above `confirmed` when it was opened, and nothing else is confirmed while it is open.
        entry.confirmed = incident.payoutPerUnit;
        _close(vault, series, entry, IncidentStatus.Confirmed);
        _returnBond(incident.opener);
    }

    function _close(address vault, SeriesId series, Case storage entry, IncidentStatus status) private {
        Incident storage incident = entry.incident;
        incident.status = status;
        incident.closedAt = uint40(block.timestamp);
        _countTransition(vault, entry);
        emit IncidentClosed(vault, series, incident.key, status, entry.confirmed, incident.evidence);
    }

    function _countTransition(address vault, Case storage entry) private {
        ++entry.transitions;
        ++transitionsOf[vault];
    }

    /// @dev Bad data are no answer (CLM-06): nothing has happened in the future.
    function _evaluate(Subject memory subject) private view returns (Finding memory finding) {
        if (subject.trigger.codehash != subject.codeHash) return finding;
        bytes memory question = abi.encodeCall(ITrigger.evaluate, (subject.terms, subject.mark));
        (CallOutcome ended, uint256[] memory words) = GuardedCall.tryStaticCall(
            subject.trigger,
            TRIGGER_GAS,
            question,
            FINDING_WORDS
        );
        if (ended != CallOutcome.Returned || words[1] > block.timestamp) return finding;
        finding.isDecided = true;
        finding.payoutPerUnit = WadMath.min(words[0], subject.limit);
        finding.eventAt = words[1];
        finding.evidence = words[2];
    }

    /// @dev Event time decides, not report time (CVR-07). What happened in the block in which the series began is in its mark.
    function _isCovered(Subject memory subject, uint256 eventAt) private pure returns (bool) {
        return subject.startsAt < eventAt && eventAt <= subject.endsAt;
    }

    function _requireReportable(Subject memory subject, Incident memory last) private view {
        bool hasFailed = last.status == IncidentStatus.Rejected || last.status == IncidentStatus.Lapsed;
        uint256 from = hasFailed ? last.closedAt + REOPEN_PAUSE : subject.startsAt;
        if (block.timestamp < from || block.timestamp > subject.reportsUntil) {
            revert ClaimVerifier_NotReportable(from, subject.reportsUntil);
        }
    }

    function _withOpenIncident(address vault, SeriesId series) private view returns (Case storage entry) {
        entry = _known(vault, series);
        if (entry.incident.status != IncidentStatus.Open) revert ClaimVerifier_NoOpenIncident(vault, series);
    }

    function _known(address vault, SeriesId series) private view returns (Case storage entry) {
        entry = _cases[vault][series];
        if (entry.subject.trigger == address(0)) revert ClaimVerifier_UnknownSeries(vault, series);
    }
}
