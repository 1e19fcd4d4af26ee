// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IAttestedTrigger, Quorum} from "../../interfaces/IAttestedTrigger.sol";
import {GuardedCall} from "../../libraries/GuardedCall.sol";

/// @title Whether enough of a quorum have signed (CLM-05, CLM-08)
library Quorums {
    uint256 internal constant MAX_ATTESTORS = 16;
    uint256 private constant MIN_THRESHOLD = 2;
    uint256 private constant MIN_GROUPS = 2;
    /// @dev A wallet's answer: a passkey verified in Solidity needs about 350,000.
    uint256 private constant SIGNATURE_GAS = 400_000;

    /// @notice Whether a quorum could ever sign: attestors in ascending order, so nobody counts twice, from two groups or more.
    function isValid(Quorum calldata quorum) internal pure returns (bool) {
        uint256 count = quorum.attestors.length;
        if (count > MAX_ATTESTORS || count != quorum.groups.length) return false;
        if (quorum.threshold < MIN_THRESHOLD || quorum.threshold > count) return false;
        uint256 groups;
        address last;
        for (uint256 i = 0; i < count; ++i) {
            if (quorum.attestors[i] <= last) return false;
            last = quorum.attestors[i];
            groups |= 1 << quorum.groups[i];
        }
        return _count(groups) >= MIN_GROUPS;
    }

    /// @notice Whether two quorums have no attestor and no group in common.
    function areDisjoint(Quorum calldata a, Quorum calldata b) internal pure returns (bool) {
        for (uint256 i = 0; i < a.attestors.length; ++i) {
            for (uint256 j = 0; j < b.attestors.length; ++j) {
                if (a.attestors[i] == b.attestors[j] || a.groups[i] == b.groups[j]) return false;
            }
        }
        return true;
    }

    /// @notice Where an attestor stands, or `attestors.length`.
    function indexOf(Quorum storage quorum, address attestor) internal view returns (uint256 index) {
        uint256 count = quorum.attestors.length;
        while (index < count && quorum.attestors[index] != attestor) ++index;
    }

    /// @notice Reverts unless enough attestors of two groups have signed a digest.
    /// @param signers bit i for attestor i; `signatures` in the same order, one each
    function requireSigned(
        Quorum storage quorum,
        bytes32 digest,
        uint256 signers,
        bytes[] calldata signatures
    ) internal view {
        uint256 count = quorum.attestors.length;
        uint256 groups;
        uint256 signed;
        for (uint256 i = 0; i < count; ++i) {
            if (signers & (1 << i) == 0) continue;
            address attestor = quorum.attestors[i];
            if (signed >= signatures.length || !_isSigned(attestor, digest, signatures[signed])) {
                revert IAttestedTrigger.AttestedTrigger_InvalidSignature(attestor, digest);
            }
            ++signed;
            groups |= 1 << quorum.groups[i];
        }
        // A bit beyond the last attestor, or a signature too many, is nobody's.
        bool isWhole = signed == signatures.length && signers >> count == 0;
        uint256 distinct = _count(groups);
        if (!isWhole || signed < quorum.threshold || distinct < MIN_GROUPS) {
            revert IAttestedTrigger.AttestedTrigger_QuorumMissed(signed, distinct, quorum.threshold);
        }
    }

    /// @dev ECDSA first, so that an attestor with code (EIP-7702) can still sign with its key. A wallet that reverts, burns its gas or answers
    /// anything but the magic value has not signed.
    function _isSigned(address attestor, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && signer == attestor) return true;
        if (attestor.code.length == 0) return false;
        (bool success, uint256 answer) = GuardedCall.tryReadWord(
            attestor,
            SIGNATURE_GAS,
            abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }
}
