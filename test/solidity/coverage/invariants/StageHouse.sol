// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The part of a clearing house that a coverage vault calls: says what the campaign has let happen.
contract StageHouse {
    address public immutable settlementToken;

    uint256 public deficit;
    mapping(uint256 side => uint256) private _chargedAt;

    constructor(address token) {
        settlementToken = token;
    }

    function setDeficit(uint256 deficit_) external {
        deficit = deficit_;
    }

    function charge(uint256 side) external {
        _chargedAt[side] = block.timestamp;
    }

    /// @dev Nothing is linked.
    function riskController() external pure returns (address) {
        return address(0);
    }

    /// @dev As above.
    function guardian() external pure returns (address) {
        return address(0);
    }

    function distress(uint256 sides) external view returns (bool, uint256, uint256 lastChargeAt) {
        for (uint256 side = 0; side < 8; ++side) {
            if ((sides >> side) & 1 == 1 && _chargedAt[side] > lastChargeAt) lastChargeAt = _chargedAt[side];
        }
        return (false, deficit, lastChargeAt);
    }
}
