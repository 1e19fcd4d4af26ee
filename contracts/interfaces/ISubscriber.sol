// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncidentStatus} from "../types/Coverage.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title A protocol that wants to hear of incidents: a circuit breaker (CLM-07)
interface ISubscriber {
    /// @notice Called by an IncidentNotifier when an incident has come to a status that this subscriber has not heard of. To return is to
    /// have understood; to revert is to be told again. Check the caller: anyone can call this function.
    /// @param vault whose series it is
    /// @param key number of the incident within the series
    /// @param payoutPerUnit what the facts showed when it was opened; what was confirmed once it is, WAD
    /// @param eventAt time of the event
    function onIncident(
        address vault,
        SeriesId series,
        uint32 key,
        IncidentStatus status,
        uint256 payoutPerUnit,
        uint256 eventAt
    ) external;
}
