// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubscriber} from "../interfaces/ISubscriber.sol";
import {IncidentStatus} from "../types/Coverage.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title A circuit breaker that remembers what it was told, or misbehaves
/// @notice Tests only.
contract MockSubscriber is ISubscriber {
    /// @custom:value Honest remembers.
    /// @custom:value Reverts reverts.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Bomb reverts with 256 kB.
    /// @custom:value Reenters calls `target` with `payload`, remembers whether that worked, and remembers.
    enum Mode {
        Honest,
        Reverts,
        BurnsGas,
        Bomb,
        Reenters
    }

    struct News {
        address vault;
        SeriesId series;
        uint32 key;
        IncidentStatus status;
        uint256 payoutPerUnit;
        uint256 eventAt;
    }

    error MockSubscriber_Refused();

    uint256 private constant BOMB_BYTES = 256 << 10;

    Mode public mode;
    address public target;
    bytes public payload;
    bool public cameIn;
    uint256 public calls;
    News private _last;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setReentry(address target_, bytes calldata payload_) external {
        (target, payload, mode) = (target_, payload_, Mode.Reenters);
    }

    /// @notice Lets a test act as the subscriber; bubbles up what the target reverts with.
    function execute(address target_, bytes calldata data) external {
        (bool success, bytes memory reason) = target_.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function onIncident(
        address vault,
        SeriesId series,
        uint32 key,
        IncidentStatus status,
        uint256 payoutPerUnit,
        uint256 eventAt
    ) external {
        Mode now_ = mode;
        if (now_ == Mode.Reverts) revert MockSubscriber_Refused();
        if (now_ == Mode.BurnsGas) {
            uint256 i;
            while (gasleft() > 0) ++i;
        }
        if (now_ == Mode.Bomb) {
            uint256 size = BOMB_BYTES;
            assembly ("memory-safe") {
                revert(0x60, size)
            }
        }
        if (now_ == Mode.Reenters) (cameIn, ) = target.call(payload);
        ++calls;
        _last = News(vault, series, key, status, payoutPerUnit, eventAt);
    }

    function lastNews() external view returns (News memory) {
        return _last;
    }
}
