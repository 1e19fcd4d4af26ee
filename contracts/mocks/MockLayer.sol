// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapitalLayer} from "../interfaces/ICapitalLayer.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {TreatyMath} from "../libraries/TreatyMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {SegmentId} from "../types/Identifiers.sol";

/// @title A layer of capital that has what it is told to have
/// @notice Tests only. Junior pays first; what was drawn is sent by `collect`, and `extra` with it.
contract MockLayer is ICapitalLayer {
    address public fund;
    address public settlementToken;
    uint256 public junior;
    uint256 public senior;
    uint256 public owed;
    uint256 public extra;
    uint256 public draws;
    uint256 public attachesAt;
    bool public refuses;
    uint8 private immutable _decimals;

    error MockLayer_NotFund(address caller);

    constructor(address fund_, address token, uint8 decimals) {
        fund = fund_;
        settlementToken = token;
        _decimals = decimals;
    }

    function setNames(address fund_, address token) external {
        fund = fund_;
        settlementToken = token;
    }

    function setCapital(uint256 junior_, uint256 senior_) external {
        junior = junior_;
        senior = senior_;
    }

    /// @notice Loss of the segment from which on it pays; 0: any.
    function setAttachesAt(uint256 attachesAt_) external {
        attachesAt = attachesAt_;
    }

    /// @notice Sent beyond what was drawn, WAD: a share of premiums.
    function setExtra(uint256 extra_) external {
        extra = extra_;
    }

    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// @inheritdoc ICapitalLayer
    function available(SegmentId) external view returns (uint256, uint256) {
        return (junior, senior);
    }

    /// @inheritdoc ICapitalLayer
    function offer(SegmentId, uint256 borne, uint256 needed) external view returns (uint256, uint256) {
        if (attachesAt == 0) return (junior, senior);
        uint256 paid = TreatyMath.offered(attachesAt, borne, needed, junior + senior);
        uint256 fromJunior = WadMath.min(paid, junior);
        return (fromJunior, paid - fromJunior);
    }

    /// @inheritdoc ICapitalLayer
    function draw(SegmentId, uint256 amount) external returns (uint256 paidJunior, uint256 paidSenior) {
        if (msg.sender != fund) revert MockLayer_NotFund(msg.sender);
        ++draws;
        paidJunior = WadMath.min(amount, junior);
        paidSenior = WadMath.min(amount - paidJunior, senior);
        junior -= paidJunior;
        senior -= paidSenior;
        owed += paidJunior + paidSenior;
        if (attachesAt != 0) attachesAt += paidJunior + paidSenior;
    }

    /// @inheritdoc ICapitalLayer
    function collect(SegmentId) external returns (uint256 sent) {
        if (refuses) return 0;
        uint256 amount = TokenUnits.toNativeDown(owed + extra, _decimals);
        if (amount == 0 || !GuardedCall.trySafeTransfer(settlementToken, fund, amount)) return 0;
        sent = TokenUnits.toWad(amount, _decimals);
        uint256 fromExtra = WadMath.min(extra, sent);
        extra -= fromExtra;
        owed -= WadMath.min(owed, sent - fromExtra);
    }
}
