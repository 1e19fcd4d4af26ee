// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../types/Identifiers.sol";
import {ClassParameters} from "../types/Risk.sol";

/// @notice What a steward has been given.
/// @param key whoever may adjust; 0 for nobody
/// @param expiry from when on it may not
struct Mandate {
    address key;
    uint40 expiry;
}

/// @title Steward: the key of an off-chain model, with little power and for a time (RSK-02)
/// @notice Governance appoints a key for 90 days at most; it adjusts the parameters of the rules (RiskParameters) within limits that are
/// narrower than governance's own:
/// - toward safety at once, to one and a half times what a parameter was at the appointment (the share of resources to two thirds);
/// - away from safety by a twentieth of its value a week, in proportion to the time since the last such step in its class, of which no more
///   than a week counts: idling saves nothing up; and never further than a tenth beyond what it was at the appointment;
/// - within everything that RiskController asks of anybody: hard bounds, and a step away from safety once a week per class.
///
/// A stolen key can so loosen a parameter by 1 - 0.95^5 = 22.6% of what it is in any 30 days, and leave it a tenth looser than governance had
/// it; or tighten it by a half at once, which governance takes back in four weekly steps. Whoever has the guardian's role dismisses a steward
/// at once. It cannot list, lower listed caps, close markets or touch money.
/// @dev This contract is a member of the role that sets parameters, without a delay, and its code calls nothing of it but
/// `setClassParameters`. Re-entrancy: calls the risk controller only, which is our own and calls nobody there.
interface ISteward {
    /// @notice Emitted when governance appointed a steward; an earlier one has no right any more.
    event StewardAppointed(address indexed key, uint256 expiry);
    /// @notice Emitted when a steward was dismissed before its time.
    event StewardDismissed(address indexed key);
    /// @notice Emitted when a steward adjusted a class; RiskController's event says what.
    event Adjusted(MarketClass indexed marketClass, address indexed key, bool loosens);

    /// @notice Thrown at deployment for a risk controller without code.
    error Steward_InvalidController(address controller);
    /// @notice Thrown when a mandate names nobody, has ended already, or would run longer than 90 days.
    error Steward_InvalidMandate(address key, uint256 expiry, uint256 latest);
    /// @notice Thrown when somebody else than the steward adjusts.
    error Steward_NotSteward(address caller, address key);
    /// @notice Thrown when a mandate has ended.
    error Steward_MandateOver(uint256 expiry);
    /// @notice Thrown when a parameter would leave what the mandate allows; `field` counts from 0 in the order of ClassParameters.
    error Steward_OutsideMandate(MarketClass class, uint256 field, uint256 value, uint256 low, uint256 high);
    /// @notice Thrown when a parameter would move away from safety faster than it may; `allowed` is the longest step of now.
    error Steward_TooFast(MarketClass class, uint256 field, uint256 step, uint256 allowed);

    /// @notice Gives a key the mandate from now on, on the parameters as they are now. Restricted: as parameters are. Limits: 90 days.
    function appoint(address key, uint40 expiry) external;

    /// @notice Ends the mandate at once. Restricted: the guardian's role.
    function dismiss() external;

    /// @notice Sets the parameters of a class. Only the steward, within its mandate.
    function adjust(MarketClass marketClass, ClassParameters calldata parameters) external;

    /// @notice The mandate as given; it may have ended.
    function mandate() external view returns (Mandate memory);

    /// @notice What the mandate allows for a class, field by field: from `low` to `high`.
    function rangeOf(MarketClass marketClass) external view returns (uint256[8] memory low, uint256[8] memory high);

    /// @notice The longest step away from safety that each parameter of a class may take now.
    function allowedSteps(MarketClass marketClass) external view returns (uint256[8] memory steps);

    /// @notice Risk controller whose parameters it adjusts; immutable.
    function controller() external view returns (address);
}
