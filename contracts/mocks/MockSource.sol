// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, SourceKind, SourceStatus} from "../interfaces/IPriceSource.sol";

/// @title A price source that says what a test wants, reader and target in one
/// @notice Tests only.
abstract contract MockSource is IPriceSource {
    /// @custom:value Answers returns the four words, sensible or not.
    /// @custom:value Reverts reverts.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Short returns three words.
    /// @custom:value Bomb returns the four words and 300 kB behind them.
    enum Mode {
        Answers,
        Reverts,
        BurnsGas,
        Short,
        Bomb
    }

    error MockSource_Reverted();

    uint256 private constant BOMB_BYTES = 300_000;

    Mode public mode;
    uint256 private _status;
    uint256 private _price;
    uint256 private _publishedAt;
    uint256 private _confidence;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    /// @notice A valid answer, published now.
    function setPrice(uint256 price) external {
        setAnswer(uint256(SourceStatus.Valid), price, block.timestamp, 0);
    }

    /// @notice A typed failure.
    function setStatus(SourceStatus status) external {
        setAnswer(uint256(status), 0, 0, 0);
    }

    /// @notice Any four words.
    function setAnswer(uint256 status, uint256 price, uint256 publishedAt, uint256 confidence) public {
        (_status, _price, _publishedAt, _confidence) = (status, price, publishedAt, confidence);
    }

    /// @inheritdoc IPriceSource
    function configure(address, bytes calldata) external pure override returns (uint256 first, uint256 second) {
        return (1, 2);
    }

    /// @inheritdoc IPriceSource
    function read(uint256, uint256) external view override returns (SourceStatus, uint256, uint256, uint256) {
        Mode now_ = mode;
        if (now_ == Mode.Reverts) revert MockSource_Reverted();
        if (now_ == Mode.BurnsGas) {
            uint256 i;
            while (gasleft() > 0) ++i;
        }
        uint256[4] memory words = [_status, _price, _publishedAt, _confidence];
        uint256 size = now_ == Mode.Short ? 96 : (now_ == Mode.Bomb ? BOMB_BYTES : 128);
        assembly ("memory-safe") {
            return(words, size)
        }
    }
}

contract MockPushSource is MockSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Push;
    }
}

contract MockPullSource is MockSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Pull;
    }
}

contract MockTimeWeightedSource is MockSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.TimeWeighted;
    }
}

contract MockRatioSource is MockSource {
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Ratio;
    }
}
