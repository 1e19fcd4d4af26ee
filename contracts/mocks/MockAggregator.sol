// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title A Chainlink-shaped aggregator that does what a test wants
/// @notice Tests only.
contract MockAggregator is AggregatorV3Interface {
    /// @custom:value Honest answers.
    /// @custom:value Reverts reverts with a reason.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Short returns four words.
    /// @custom:value Bomb returns the answer and 200 kB behind it.
    /// @custom:value RevertBomb reverts with 200 kB.
    enum Mode {
        Honest,
        Reverts,
        BurnsGas,
        Short,
        Bomb,
        RevertBomb
    }

    error MockAggregator_Reverted();

    uint256 private constant BOMB_BYTES = 200_000;

    uint8 public override decimals;
    Mode public mode;
    bool public hasBand;
    bool public hasSubmissionBand;
    uint80 private _roundId;
    int256 private _answer;
    uint256 private _updatedAt;
    int256 private _min;
    int256 private _max;

    constructor(uint8 decimals_, int256 answer_) {
        decimals = decimals_;
        setAnswer(answer_);
    }

    function setAnswer(int256 answer_) public {
        setRound(answer_, block.timestamp);
    }

    function setRound(int256 answer_, uint256 updatedAt) public {
        ++_roundId;
        (_answer, _updatedAt) = (answer_, updatedAt);
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    /// @notice Bounds under the names that off-chain reporting aggregators use.
    function setBand(int256 min, int256 max) external {
        (hasBand, _min, _max) = (true, min, max);
    }

    /// @notice Bounds under the names that flux aggregators use.
    function setSubmissionBand(int256 min, int256 max) external {
        (hasSubmissionBand, _min, _max) = (true, min, max);
    }

    function minAnswer() external view returns (int256) {
        if (!hasBand) revert MockAggregator_Reverted();
        return _min;
    }

    function maxAnswer() external view returns (int256) {
        if (!hasBand) revert MockAggregator_Reverted();
        return _max;
    }

    function minSubmissionValue() external view returns (int256) {
        if (!hasSubmissionBand) revert MockAggregator_Reverted();
        return _min;
    }

    function maxSubmissionValue() external view returns (int256) {
        if (!hasSubmissionBand) revert MockAggregator_Reverted();
        return _max;
    }

    function description() external pure override returns (string memory) {
        return "MOCK / USD";
    }

    function version() external pure override returns (uint256) {
        return 4;
    }

    function getRoundData(uint80) external view override returns (uint80, int256, uint256, uint256, uint80) {
        return latestRoundData();
    }

    function latestRoundData() public view override returns (uint80, int256, uint256, uint256, uint80) {
        Mode now_ = mode;
        if (now_ == Mode.Reverts) revert MockAggregator_Reverted();
        if (now_ == Mode.BurnsGas) {
            uint256 i;
            while (gasleft() > 0) ++i;
        }
        (uint80 roundId, int256 answer_, uint256 updatedAt) = (_roundId, _answer, _updatedAt);
        bool bombs = now_ == Mode.Bomb;
        bool reverts = now_ == Mode.RevertBomb;
        bool isShort = now_ == Mode.Short;
        if (bombs || reverts || isShort) {
            uint256 size = isShort ? 128 : BOMB_BYTES;
            assembly ("memory-safe") {
                let out := mload(0x40)
                mstore(out, roundId)
                mstore(add(out, 0x20), answer_)
                mstore(add(out, 0x40), updatedAt)
                mstore(add(out, 0x60), updatedAt)
                mstore(add(out, 0x80), roundId)
                if reverts {
                    revert(out, size)
                }
                return(out, size)
            }
        }
        return (roundId, answer_, updatedAt, updatedAt, roundId);
    }
}

/// @title A Chainlink-shaped proxy in front of an aggregator
/// @notice Tests only.
contract MockAggregatorProxy {
    address public aggregator;

    constructor(address aggregator_) {
        aggregator = aggregator_;
    }

    function setAggregator(address aggregator_) external {
        aggregator = aggregator_;
    }

    function decimals() external view returns (uint8) {
        return AggregatorV3Interface(aggregator).decimals();
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return AggregatorV3Interface(aggregator).latestRoundData();
    }
}
