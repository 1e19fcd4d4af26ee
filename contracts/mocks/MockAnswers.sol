// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A contract that answers any question with the bytes that a test wants
/// @notice Tests only: hostile and broken third-party contracts of every shape.
contract MockAnswers {
    /// @custom:value Answers returns what was set for the selector, or reverts without reason when nothing was.
    /// @custom:value Reverts reverts with a reason.
    /// @custom:value BurnsGas spends all gas it gets.
    /// @custom:value Bomb returns the answer and 200 kB behind it.
    /// @custom:value RevertBomb reverts with 200 kB.
    enum Mode {
        Answers,
        Reverts,
        BurnsGas,
        Bomb,
        RevertBomb
    }

    error MockAnswers_Reverted(bytes4 selector);

    uint256 private constant BOMB_BYTES = 200_000;

    mapping(bytes4 selector => bytes) private _answers;
    mapping(bytes4 selector => Mode) private _modes;
    mapping(bytes4 selector => uint256) private _gas;

    /// @notice What a function answers from now on.
    function setAnswer(bytes4 selector, bytes calldata answer) external {
        _answers[selector] = answer;
    }

    /// @notice How a function behaves from now on.
    function setMode(bytes4 selector, Mode mode) external {
        _modes[selector] = mode;
    }

    /// @notice Gas that a function spends before it answers.
    function setGas(bytes4 selector, uint256 gas_) external {
        _gas[selector] = gas_;
    }

    fallback() external {
        _answer();
    }

    function _answer() private view {
        Mode mode = _modes[msg.sig];
        if (mode == Mode.Reverts) revert MockAnswers_Reverted(msg.sig);
        uint256 spent = _gas[msg.sig];
        uint256 left = mode == Mode.BurnsGas || spent > gasleft() ? 0 : gasleft() - spent;
        uint256 i;
        while (spent != 0 || mode == Mode.BurnsGas) {
            if (gasleft() <= left) break;
            ++i;
        }
        bytes memory answer = _answers[msg.sig];
        if (mode == Mode.Answers && answer.length == 0) revert MockAnswers_Reverted(msg.sig);
        uint256 size = mode == Mode.Answers ? answer.length : BOMB_BYTES;
        assembly ("memory-safe") {
            if eq(mode, 4) {
                revert(add(answer, 0x20), size)
            }
            return(add(answer, 0x20), size)
        }
    }
}
