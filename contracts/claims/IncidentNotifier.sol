// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClaimVerifier, Incident} from "../interfaces/IClaimVerifier.sol";
import {IIncidentNotifier} from "../interfaces/IIncidentNotifier.sol";
import {ISubscriber} from "../interfaces/ISubscriber.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {IncidentStatus} from "../types/Coverage.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title Tells protocols of incidents (CLM-07)
/// @notice A contract of its own, so that no subscriber can stand in the way of a decision. It reads the verifier and owns nothing else.
contract IncidentNotifier is IIncidentNotifier, ReentrancyGuardTransient {
    /// @dev One slot. 1 + 4 + 1 = 6 bytes.
    /// @param key of the incident that the subscriber last heard of
    /// @param status in which it was
    struct Subscription {
        bool isActive;
        uint32 key;
        IncidentStatus status;
    }

    /// @notice Gas that a subscriber can use, and that a caller must therefore bring.
    uint256 public constant SUBSCRIBER_GAS = 500_000;

    IClaimVerifier private immutable VERIFIER;
    mapping(address vault => mapping(SeriesId series => mapping(address subscriber => Subscription))) private _told;

    constructor(IClaimVerifier verifier_) {
        if (address(verifier_).code.length == 0) revert IncidentNotifier_InvalidVerifier(address(verifier_));
        VERIFIER = verifier_;
    }

    /// @inheritdoc IIncidentNotifier
    function subscribe(address vault, SeriesId series) external nonReentrant {
        // Check: the verifier refuses a series that it does not know.
        VERIFIER.subjectOf(vault, series);
        Subscription storage entry = _told[vault][series][msg.sender];
        if (entry.isActive) revert IncidentNotifier_AlreadySubscribed(vault, series, msg.sender);

        // Effect
        entry.isActive = true;
        emit SubscriptionChanged(vault, series, msg.sender, true);
    }

    /// @inheritdoc IIncidentNotifier
    function unsubscribe(address vault, SeriesId series) external nonReentrant {
        _known(vault, series, msg.sender);
        delete _told[vault][series][msg.sender];
        emit SubscriptionChanged(vault, series, msg.sender, false);
    }

    /// @inheritdoc IIncidentNotifier
    function notify(
        address vault,
        SeriesId series,
        address subscriber
    ) external nonReentrant returns (bool isDelivered) {
        // Check
        Subscription storage entry = _known(vault, series, subscriber);
        Incident memory incident = VERIFIER.incidentOf(vault, series);
        if (incident.key == 0) revert IncidentNotifier_NothingToTell(vault, series);
        if (entry.key == incident.key && entry.status == incident.status) {
            revert IncidentNotifier_AlreadyNotified(subscriber, incident.key, incident.status);
        }

        // Interaction: before the effect, which depends on it; the lock keeps subscriptions still meanwhile.
        bytes memory news = abi.encodeCall(
            ISubscriber.onIncident,
            (vault, series, incident.key, incident.status, incident.payoutPerUnit, incident.eventAt)
        );
        isDelivered = GuardedCall.tryCall(subscriber, SUBSCRIBER_GAS, news);

        // Effect
        if (isDelivered) (entry.key, entry.status) = (incident.key, incident.status);
        emit IncidentNotified(vault, series, subscriber, incident.key, incident.status, isDelivered);
    }

    /// @inheritdoc IIncidentNotifier
    function isPending(address vault, SeriesId series, address subscriber) external view returns (bool) {
        Subscription memory entry = _told[vault][series][subscriber];
        if (!entry.isActive) return false;
        Incident memory incident = VERIFIER.incidentOf(vault, series);
        return incident.key != 0 && (entry.key != incident.key || entry.status != incident.status);
    }

    /// @inheritdoc IIncidentNotifier
    function toldOf(
        address vault,
        SeriesId series,
        address subscriber
    ) external view returns (bool isSubscribed, uint32 key, IncidentStatus status) {
        Subscription memory entry = _told[vault][series][subscriber];
        return (entry.isActive, entry.key, entry.status);
    }

    /// @notice Verifier whose incidents are told; immutable.
    function verifier() external view returns (address) {
        return address(VERIFIER);
    }

    function _known(
        address vault,
        SeriesId series,
        address subscriber
    ) private view returns (Subscription storage entry) {
        entry = _told[vault][series][subscriber];
        if (!entry.isActive) revert IncidentNotifier_NotSubscribed(vault, series, subscriber);
    }
}
