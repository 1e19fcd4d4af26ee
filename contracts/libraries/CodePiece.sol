// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A contract whose code goes on in another one, on its own storage
/// @notice As OpenZeppelin's Proxy, whose assembly begins at memory 0: a compiler that is told nothing else gives up optimizing memory in
/// the whole contract for it. This one begins at the free memory pointer.
/// @dev The other piece is immutable (R5): this is no upgrade path. Native value is refused.
abstract contract CodePiece {
    // As simple as it can be: a function more would not make it safer.
    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        address piece = _nextPiece();
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            let ok := delegatecall(gas(), piece, data, calldatasize(), 0, 0)
            returndatacopy(data, 0, returndatasize())
            if iszero(ok) {
                revert(data, returndatasize())
            }
            return(data, returndatasize())
        }
    }

    /// @dev Where the code goes on.
    function _nextPiece() internal view virtual returns (address);
}
