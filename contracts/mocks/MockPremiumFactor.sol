// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of risk control that a vault reads: answers what a test has set, or not at all.
contract MockPremiumFactor {
    error MockPremiumFactor_Refused(uint256 factor);

    uint256 private _factor;
    bool private _refuses;

    constructor(uint256 factor) {
        _factor = factor;
    }

    function set(uint256 factor) external {
        _factor = factor;
    }

    function refuse() external {
        _refuses = true;
    }

    function premiumFactor() external view returns (uint256) {
        if (_refuses) revert MockPremiumFactor_Refused(_factor);
        return _factor;
    }
}
