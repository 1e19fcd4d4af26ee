// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice ERC-1271 wallet that approves hashes, or answers in a hostile way. Also code for an EIP-7702 account: then
/// it has no storage set and answers as Mode.Honest without approved hashes, that is, with no.
contract MockWallet {
    enum Mode {
        Honest,
        Reverts,
        RevertsWithMagic,
        AnswersNothing,
        AnswersFourBytes,
        AnswersDirtyMagic,
        AnswersTrue,
        ReturnBomb,
        RevertBomb,
        BurnsGas,
        Invalid,
        ReentersThenApproves
    }

    error MockWallet_Refused();

    /// @dev A bomb that the wallet can pay for and that would cost its reader some 160,000 gas to copy.
    uint256 private constant BOMB_BYTES = 1 << 18;

    mapping(bytes32 hash => bytes32 signatureHash) private _approved;
    Mode private _mode;
    address private _target;
    bytes private _call;

    function setMode(Mode mode) external {
        _mode = mode;
    }

    /// @notice Approves a hash when it comes with exactly this signature.
    function approve(bytes32 hash, bytes calldata signature) external {
        _approved[hash] = keccak256(signature);
    }

    function setReentry(address target, bytes calldata data) external {
        _target = target;
        _call = data;
    }

    /// @notice Lets a test act as the wallet; bubbles up what the target reverts with.
    function execute(address target, bytes calldata data) external {
        (bool success, bytes memory reason) = target.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    /// @dev Not view: Mode.ReentersThenApproves tries to change state, which a static call must prevent.
    function isValidSignature(bytes32 hash, bytes calldata signature) external returns (bytes4) {
        Mode mode = _mode;
        bytes4 magic = this.isValidSignature.selector;
        if (mode == Mode.Honest) return _approved[hash] == keccak256(signature) ? magic : bytes4(0xffffffff);
        if (mode == Mode.ReentersThenApproves) {
            (bool success, ) = _target.call(_call);
            return success ? bytes4(0) : magic;
        }
        if (mode == Mode.BurnsGas) {
            for (uint256 i = 0; ; ++i) _burn(i);
        }
        _misbehave(mode, magic);
    }

    function _burn(uint256 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(salt));
    }

    function _misbehave(Mode mode, bytes4 magic) private pure {
        if (mode == Mode.Reverts) revert MockWallet_Refused();
        if (mode == Mode.Invalid) assert(false);
        uint256 size = 32;
        bytes32 word = magic;
        if (mode == Mode.AnswersNothing) size = 0;
        if (mode == Mode.AnswersFourBytes) size = 4;
        if (mode == Mode.AnswersDirtyMagic) word |= bytes32(uint256(1));
        if (mode == Mode.AnswersTrue) word = bytes32(uint256(1));
        if (mode == Mode.ReturnBomb || mode == Mode.RevertBomb) size = BOMB_BYTES;
        bool reverts = mode == Mode.RevertsWithMagic || mode == Mode.RevertBomb;
        // A bomb starts at the zero word, so that its first word is no magic value.
        uint256 start = size == BOMB_BYTES ? 0x60 : 0;
        assembly ("memory-safe") {
            mstore(0x00, word)
            if reverts {
                revert(start, size)
            }
            return(start, size)
        }
    }
}
