// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FuzzSelector} from "../support/FuzzSelector.sol";

/// @dev What the runner of campaigns may call: named in `setUp`, where a course names itself instead of the actors that it calls.
abstract contract Target {
    address private _target;
    bytes4[] private _selectors;

    function _aim(address target, bytes4[] memory selectors) internal {
        (_target, _selectors) = (target, selectors);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = _target;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector({addr: _target, selectors: _selectors});
    }
}
