// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The part of a clearing house that a coverage vault calls: answers what a test has set
/// @notice Tests only.
contract MockDistress {
    address public immutable settlementToken;

    bool private _isLocked;
    uint256 private _deficit;
    /// @dev Times of the latest charge, by side.
    mapping(uint256 side => uint256) private _chargedAt;
    /// @dev What the house is linked to; 0 where nothing is.
    address public riskController;
    /// @dev As above.
    address public guardian;

    constructor(address token) {
        settlementToken = token;
    }

    function setLocked(bool isLocked) external {
        _isLocked = isLocked;
    }

    function setDeficit(uint256 deficit) external {
        _deficit = deficit;
    }

    function linkRiskController(address controller) external {
        riskController = controller;
    }

    function setChargedAt(uint256 side, uint256 at) external {
        _chargedAt[side] = at;
    }

    function distress(uint256 sides) external view returns (bool, uint256, uint256 lastChargeAt) {
        for (uint256 side = 0; side < 96; ++side) {
            if ((sides >> side) & 1 == 1 && _chargedAt[side] > lastChargeAt) lastChargeAt = _chargedAt[side];
        }
        return (_isLocked, _deficit, lastChargeAt);
    }
}
