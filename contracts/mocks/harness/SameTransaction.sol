// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Tests only: makes several calls in one transaction and keeps what they returned and what they cost.
contract SameTransaction {
    struct Step {
        address target;
        bytes data;
    }

    error SameTransaction_Failed(uint256 step, bytes reason);

    bytes[] private _results;
    uint256[] private _costs;

    function run(Step[] calldata steps) external {
        delete _results;
        delete _costs;
        for (uint256 i = 0; i < steps.length; ++i) {
            bytes memory data = steps[i].data;
            uint256 before = gasleft();
            (bool ok, bytes memory result) = steps[i].target.call(data);
            uint256 cost = before - gasleft();
            if (!ok) revert SameTransaction_Failed(i, result);
            _results.push(result);
            _costs.push(cost);
        }
    }

    function results() external view returns (bytes[] memory) {
        return _results;
    }

    /// @notice Gas of each call, the 100 for the call itself included.
    function costs() external view returns (uint256[] memory) {
        return _costs;
    }
}
