// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../../support/Vm.sol";

/// @dev Makes the next call of a campaign. Which one it is and with what numbers follows from how many runs and calls came before: not from the
/// runner, whose choice differs from one time to the next.
contract Course {
    string private _name;
    address private immutable TARGET;
    bytes4[] private _selectors;
    uint256 private _calls;

    constructor(string memory name, address target, bytes4[] memory selectors) {
        (_name, TARGET, _selectors) = (name, target, selectors);
    }

    function next() external {
        uint256 run = vm.envOr(string.concat(_name, ".runs"), uint256(0));
        uint256 seed = uint256(keccak256(abi.encode(run, ++_calls)));
        // Every action takes one or two numbers; one more does no harm.
        bytes memory data = abi.encodeWithSelector(_selectors[seed % _selectors.length], seed >> 32, seed);
        (bool ok, bytes memory reason) = TARGET.call(data);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
