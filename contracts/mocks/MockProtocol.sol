// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A foreign protocol that answers each question with the words that a test has set, or misbehaves
/// @notice Tests only. A question without an answer is met with a revert.
contract MockProtocol {
    /// @custom:value Honest answers.
    /// @custom:value Reverts reverts.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Short returns one byte less than a whole answer.
    /// @custom:value Bomb returns the answer and 256 kB behind it.
    /// @custom:value RevertsWithAnswer reverts with the answer.
    enum Mode {
        Honest,
        Reverts,
        BurnsGas,
        Short,
        Bomb,
        RevertsWithAnswer
    }

    error MockProtocol_Reverted();

    uint256 private constant BOMB_BYTES = 256 << 10;

    Mode public mode;
    mapping(bytes32 question => bytes answer) private _answers;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setAnswer(bytes calldata question, bytes calldata answer) external {
        _answers[keccak256(question)] = answer;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        Mode now_ = mode;
        bytes memory answer = _answers[keccak256(msg.data)];
        if (now_ == Mode.Reverts || answer.length == 0) revert MockProtocol_Reverted();
        if (now_ == Mode.BurnsGas) {
            uint256 i;
            while (gasleft() > 0) ++i;
        }
        uint256 size = answer.length;
        if (now_ == Mode.Short) --size;
        if (now_ == Mode.Bomb) size = BOMB_BYTES;
        bool reverts = now_ == Mode.RevertsWithAnswer;
        assembly ("memory-safe") {
            if reverts {
                revert(add(answer, 0x20), size)
            }
            return(add(answer, 0x20), size)
        }
    }
}
