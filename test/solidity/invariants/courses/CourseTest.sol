// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../../support/Vm.sol";
import {Target} from "../Target.sol";
import {Course} from "./Course.sol";

/// @dev A campaign that is the same each time. What it reaches it always reaches, so it must reach everything that the campaign is for: one that has
/// not seen that proves nothing, and fails.
abstract contract CourseTest is Target {
    error Course_NeverReached(string outcomes);

    /// @dev Lays out the course at the end of `setUp`: the runner makes its next call, and nothing else.
    function _layOut(address target, bytes4[] memory selectors) internal {
        bytes4[] memory next = new bytes4[](1);
        next[0] = Course.next.selector;
        _aim(address(new Course(_name(), target, selectors)), next);
    }

    /// @dev Once after each run. What has been reached is kept in the environment of the test process, because state is not.
    function afterInvariant() public {
        uint256 run = vm.envOr(string.concat(_name(), ".runs"), uint256(0)) + 1;
        vm.setEnv(string.concat(_name(), ".runs"), _decimal(run));
        string[] memory outcomes = _mustReach();
        string memory missing;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat(_name(), ".", outcomes[i]);
            if (vm.envOr(key, uint256(0)) != 0) continue;
            if (_countOf(bytes32(bytes(outcomes[i]))) != 0) vm.setEnv(key, "1");
            else missing = string.concat(missing, outcomes[i], ", ");
        }
        if (run == _runs() && bytes(missing).length != 0) revert Course_NeverReached(missing);
    }

    function _decimal(uint256 value) private pure returns (string memory text) {
        do {
            text = string.concat(string(abi.encodePacked(bytes1(uint8(48 + (value % 10))))), text);
            value /= 10;
        } while (value != 0);
    }

    /// @dev Prefix of what is kept in the environment.
    function _name() internal pure virtual returns (string memory);

    /// @dev As many as stand beside the test.
    function _runs() internal pure virtual returns (uint256);

    /// @dev How often this run has reached an outcome.
    function _countOf(bytes32 outcome) internal view virtual returns (uint256);

    /// @dev Outcomes that must be reached.
    function _mustReach() internal pure virtual returns (string[] memory);
}
