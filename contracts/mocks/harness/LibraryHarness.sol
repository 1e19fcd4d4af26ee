// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Runs many calls of a library in one eth_call, so that a differential test asks the chain a few times only.
/// @dev A call that reverts does not stop the others: the twin must fail on the same input.
abstract contract LibraryHarness {
    /// @notice Thrown when a function returns another number of bytes than the caller of `batch` said.
    error LibraryHarness_UnexpectedSize(uint256 found, uint256 expected);

    /// @param calls call data of functions of this contract, one after the other, all of the same length
    /// @param callSize bytes of one call
    /// @param resultSize bytes that one call returns
    /// @return records per call one word, 1 if it returned, and resultSize bytes, zeros if it did not
    function batch(
        bytes calldata calls,
        uint256 callSize,
        uint256 resultSize
    ) external view returns (bytes memory records) {
        uint256 count = calls.length / callSize;
        records = new bytes(count * (32 + resultSize));
        for (uint256 i = 0; i < count; ++i) {
            (bool succeeded, bytes memory result) = address(this).staticcall(calls[i * callSize:(i + 1) * callSize]);
            if (!succeeded) continue;
            if (result.length != resultSize) revert LibraryHarness_UnexpectedSize(result.length, resultSize);
            assembly ("memory-safe") {
                let record := add(add(records, 32), mul(i, add(32, resultSize)))
                mstore(record, 1)
                mcopy(add(record, 32), add(result, 32), resultSize)
            }
        }
    }
}
