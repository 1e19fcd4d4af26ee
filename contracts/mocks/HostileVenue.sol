// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BudgetShares, CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {SegmentId} from "../types/Identifiers.sol";

/// @title A venue that says and does what it is told
/// @notice Tests only. Lies about its account, pays short or too much, calls anyone from inside `settle`, or reverts.
contract HostileVenue is IVenue {
    address public settlementToken;
    address public engine;
    address public fund;

    int256 private _account;
    int256 private _accountAfterSettle;
    bool private _hasSettled;
    bool private _isBroken;
    address private _target;
    bytes private _payload;

    /// @notice What `settle` was told that it had received, and how often it was called.
    uint256 public toldReceived;
    uint256 public settles;
    bool public callSucceeded;
    bytes public callResult;

    error HostileVenue_Broken();

    constructor(address token, address engine_, address fund_) {
        settlementToken = token;
        engine = engine_;
        fund = fund_;
    }

    /// @notice Registers its own segment, as its own engine would.
    function registerItself(IInsuranceFund fund_, BudgetShares calldata budgets) external returns (SegmentId) {
        return fund_.registerSegment(address(this), budgets, CapitalLayers(address(0), address(0)));
    }

    function setNames(address token, address engine_, address fund_) external {
        settlementToken = token;
        engine = engine_;
        fund = fund_;
    }

    /// @notice What `fundAccount` says before and after `settle` has been called.
    function setAccount(int256 before, int256 afterSettle) external {
        _account = before;
        _accountAfterSettle = afterSettle;
        _hasSettled = false;
    }

    function setBroken(bool isBroken) external {
        _isBroken = isBroken;
    }

    /// @notice What it calls from inside `settle`; its failure is recorded and survived.
    function setCall(address target, bytes calldata payload) external {
        _target = target;
        _payload = payload;
    }

    /// @inheritdoc IVenue
    function settle(uint256 received) external returns (uint256) {
        if (_isBroken) revert HostileVenue_Broken();
        toldReceived = received;
        settles += 1;
        _hasSettled = true;
        if (_target != address(0)) (callSucceeded, callResult) = _target.call(_payload);
        // Never what has moved.
        return type(uint256).max;
    }

    /// @inheritdoc IVenue
    function fundAccount() external view returns (int256) {
        if (_isBroken) revert HostileVenue_Broken();
        return _hasSettled ? _accountAfterSettle : _account;
    }
}
