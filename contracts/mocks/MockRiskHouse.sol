// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../libraries/MarginMath.sol";
import {AccountHeader, Interest, Market, RiskTargets} from "../types/Clearing.sol";
import {MarketFlags} from "../types/Flags.sol";
import {AccountId, MarketClass, MarketId} from "../types/Identifiers.sol";

/// @notice The part of a clearing house that risk control reads and writes, with markets and positions as a test sets them. mmr runs on
/// the real ramp. It is its own linked controller's witness: writes down every call.
contract MockRiskHouse {
    error MockRiskHouse_Refused(address caller);

    address public engine;
    address public fund;
    address public oracle;
    uint256 public applied;
    uint32 public ratio;
    RiskTargets private _last;
    bytes private _callback;
    bool private _refuses;

    mapping(MarketId market => Market) private _markets;
    mapping(MarketId market => Interest) private _interest;
    mapping(MarketId market => uint96) public listedCapOf;
    mapping(MarketId market => uint256) public penaltyRateOf;
    mapping(AccountId account => AccountHeader) private _headers;
    mapping(AccountId account => mapping(MarketId market => int256 base)) private _bases;

    /* WHAT A TEST SETS */

    function setLinks(address engine_, address fund_, address oracle_) external {
        (engine, fund, oracle) = (engine_, fund_, oracle_);
    }

    function list(MarketId market, MarketClass marketClass, uint16 rate, uint96 cap) external {
        Market storage settings = _markets[market];
        settings.rateSet = rate;
        settings.rateTarget = rate;
        settings.rateSetAt = uint32(block.timestamp);
        settings.flags = uint8(marketClass) | MarketFlags.OPEN | MarketFlags.LISTED;
        _interest[market].cap = cap;
        listedCapOf[market] = cap;
    }

    function setOpenInterest(MarketId market, uint96 openInterest) external {
        _interest[market].openInterest = openInterest;
    }

    function setRate(MarketId market, uint16 rate) external {
        Market storage settings = _markets[market];
        (settings.rateSet, settings.rateTarget) = (rate, rate);
        settings.rateSetAt = uint32(block.timestamp);
    }

    function setCap(MarketId market, uint96 cap) external {
        _interest[market].cap = cap;
    }

    function close(MarketId market) external {
        _markets[market].flags |= MarketFlags.CLOSED;
    }

    function setPosition(AccountId account, MarketId market, int256 base) external {
        _bases[account][market] = base;
        uint48 bit = uint48(1) << MarketId.unwrap(market);
        if (base == 0) _headers[account].markets &= ~bit;
        else _headers[account].markets |= bit;
    }

    /// @notice Keeps the market's bit: a position that was wholly deleveraged.
    function clearBase(AccountId account, MarketId market) external {
        _bases[account][market] = 0;
    }

    /// @notice Called with the linked controller as target in the midst of `applyRisk`; passes up what it reverts with.
    function setCallback(bytes calldata data) external {
        _callback = data;
    }

    function setRefusal(bool refuses) external {
        _refuses = refuses;
    }

    /* WHAT RISK CONTROL CALLS */

    function applyRisk(MarketId market, RiskTargets calldata targets, uint32 ratio_) external {
        if (_refuses) revert MockRiskHouse_Refused(msg.sender);
        Market storage settings = _markets[market];
        (uint256 rate, uint256 settledAt) = MarginMath.settledRate(
            settings.rateSet,
            settings.rateTarget,
            settings.rateSetAt,
            block.timestamp
        );
        settings.rateSet = uint16(rate);
        settings.rateSetAt = uint32(settledAt);
        settings.rateTarget = targets.maintenanceTarget;
        _interest[market].cap = targets.cap;
        _interest[market].gapRate = targets.gapRate;
        penaltyRateOf[market] = targets.penaltyRate;
        _last = targets;
        ratio = ratio_;
        ++applied;
        bytes memory data = _callback;
        if (data.length == 0) return;
        // Once only: one that is let in would call back for ever.
        delete _callback;
        (bool success, bytes memory reason) = msg.sender.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function marketOf(MarketId market) external view returns (Market memory, Interest memory) {
        return (_markets[market], _interest[market]);
    }

    function headerOf(AccountId account) external view returns (AccountHeader memory) {
        return _headers[account];
    }

    function positionOf(AccountId account, MarketId market) external view returns (int256 base, int256 quoteValue) {
        // The value of the position must not matter to risk control: a number that would be wrong as a base.
        return (_bases[account][market], type(int256).max);
    }

    /* WHAT A TEST READS */

    function last() external view returns (RiskTargets memory) {
        return _last;
    }
}
