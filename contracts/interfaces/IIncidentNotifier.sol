// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncidentStatus} from "../types/Coverage.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title Tells protocols of incidents (CLM-07)
/// @notice Never part of a decision: who is told, and how he takes it, changes nothing in the claim verifier. All functions hold one
/// transient lock.
interface IIncidentNotifier {
    /// @notice Emitted when a subscriber came or went.
    event SubscriptionChanged(
        address indexed vault,
        SeriesId indexed series,
        address indexed subscriber,
        bool isSubscribed
    );
    /// @notice Emitted at each attempt. `isDelivered` is false when the subscriber reverted, had no code, or used up its gas.
    event IncidentNotified(
        address indexed vault,
        SeriesId indexed series,
        address indexed subscriber,
        uint32 key,
        IncidentStatus status,
        bool isDelivered
    );

    /// @notice Thrown when the notifier is deployed for a verifier without code.
    error IncidentNotifier_InvalidVerifier(address verifier);
    /// @notice Thrown when a subscriber subscribes twice.
    error IncidentNotifier_AlreadySubscribed(address vault, SeriesId series, address subscriber);
    /// @notice Thrown when nobody of that name has subscribed.
    error IncidentNotifier_NotSubscribed(address vault, SeriesId series, address subscriber);
    /// @notice Thrown when the series never had an incident.
    error IncidentNotifier_NothingToTell(address vault, SeriesId series);
    /// @notice Thrown when the subscriber has heard of this incident in this status.
    error IncidentNotifier_AlreadyNotified(address subscriber, uint32 key, IncidentStatus status);

    /// @notice Has the caller told of the incidents of a registered series. A subscriber speaks for itself only. One that comes while an
    /// incident stands can be told of it at once.
    function subscribe(address vault, SeriesId series) external;

    /// @notice Ends the caller's subscription.
    function unsubscribe(address vault, SeriesId series) external;

    /// @notice Calls a subscriber's `onIncident` for the latest incident of a series, as it stands. Anyone may call, again and again until it
    /// has succeeded; then once for each status the incident comes to. Needs so much gas that the subscriber can be given all of its share,
    /// else reverts with GuardedCall_InsufficientGas: a failure is never the caller's making.
    /// @return isDelivered whether the subscriber returned
    function notify(address vault, SeriesId series, address subscriber) external returns (bool isDelivered);

    /// @notice Whether a subscriber would be called by `notify` now.
    function isPending(address vault, SeriesId series, address subscriber) external view returns (bool);

    /// @notice What a subscriber was last told.
    function toldOf(
        address vault,
        SeriesId series,
        address subscriber
    ) external view returns (bool isSubscribed, uint32 key, IncidentStatus status);
}
