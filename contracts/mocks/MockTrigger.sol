// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrigger} from "../interfaces/ITrigger.sol";
import {SeriesId} from "../types/Identifiers.sol";

/// @title A trigger that says what a test wants
/// @notice Tests only. What it shows is kept by terms; the checkpoint is the fact itself.
contract MockTrigger is ITrigger {
    /// @custom:value Honest answers fact - mark.
    /// @custom:value Reverts reverts.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Short returns one word less than asked for.
    /// @custom:value Bomb returns the words and 256 kB behind them.
    /// @custom:value Reenters calls `target` with `payload`, then says as evidence how that ended.
    enum Mode {
        Honest,
        Reverts,
        BurnsGas,
        Short,
        Bomb,
        Reenters
    }

    struct Fact {
        uint256 amount;
        uint256 eventAt;
        uint256 evidence;
    }

    error MockTrigger_Reverted();

    /// @notice Evidence of a trigger that could, or could not, call back.
    uint256 public constant CAME_IN = 1;
    uint256 public constant STAYED_OUT = 2;

    uint256 private constant BOMB_BYTES = 256 << 10;
    uint256 private constant REENTRY_GAS = 200_000;

    Mode public mode;
    address public target;
    bytes public payload;
    /// @notice What its terms are about.
    mapping(bytes32 terms => address token) public tokenOf;
    mapping(bytes32 terms => Fact) private _facts;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setReentry(address target_, bytes calldata payload_) external {
        target = target_;
        payload = payload_;
        mode = Mode.Reenters;
    }

    function setToken(bytes32 terms, address token) external {
        tokenOf[terms] = token;
    }

    function setFact(bytes32 terms, uint256 amount, uint256 eventAt, uint256 evidence) external {
        _facts[terms] = Fact({amount: amount, eventAt: eventAt, evidence: evidence});
    }

    /// @inheritdoc ITrigger
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        mark = _facts[terms].amount;
        uint256 size = _misbehave(32);
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, mark)
            return(words, size)
        }
    }

    /// @inheritdoc ITrigger
    function evaluate(bytes32 terms, uint256 mark) external view returns (uint256, uint256, uint256) {
        Fact memory fact = _facts[terms];
        // A fact below the mark is bad data, and shows what a verifier makes of them: it wraps around.
        uint256 difference;
        unchecked {
            difference = fact.amount - mark;
        }
        uint256 evidence = mode == Mode.Reenters ? _reenter() : fact.evidence;
        uint256[3] memory words = [difference, fact.eventAt, evidence];
        uint256 size = _misbehave(96);
        assembly ("memory-safe") {
            return(words, size)
        }
    }

    function _misbehave(uint256 size) private view returns (uint256) {
        Mode now_ = mode;
        if (now_ == Mode.Reverts) revert MockTrigger_Reverted();
        if (now_ == Mode.BurnsGas) {
            uint256 i;
            while (gasleft() > 0) ++i;
        }
        if (now_ == Mode.Short) return size - 32;
        return now_ == Mode.Bomb ? BOMB_BYTES : size;
    }

    function _reenter() private view returns (uint256) {
        // Bounded: a state change inside a static call burns all gas that it is given.
        (bool success, ) = target.staticcall{gas: REENTRY_GAS}(payload);
        return success ? CAME_IN : STAYED_OUT;
    }
}
