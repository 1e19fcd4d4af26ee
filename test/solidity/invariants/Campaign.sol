// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {Ledger} from "./handlers/Ledger.sol";

/// @dev A campaign that has not seen what it is for proves nothing, and fails.
abstract contract Campaign {
    error Campaign_NeverReached(string outcome, string reached);

    /// @dev Runs once after each run. What a run has reached is kept in the environment of the test process, because its state is not.
    function afterInvariant() public {
        uint256 runs = vm.envOr(string.concat(_name(), ".runs"), uint256(0)) + 1;
        vm.setEnv(string.concat(_name(), ".runs"), _ledger().decimal(runs));
        string[] memory outcomes = _mustReach();
        uint256 missed;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat(_name(), ".", outcomes[i]);
            uint256 reached = vm.envOr(key, uint256(0)) + _ledger().count(bytes32(bytes(outcomes[i])));
            vm.setEnv(key, _ledger().decimal(reached));
            if (reached != 0) continue;
            ++missed;
            // Seeds do not decide everything that a campaign does: one of the rare outcomes may be missed by chance, not two.
            if (runs >= _fullCampaign() && missed > 1) revert Campaign_NeverReached(outcomes[i], _ledger().report());
        }
    }

    /// @dev What counts the outcomes of a run.
    function _ledger() internal view virtual returns (Ledger);

    /// @dev Prefix of the campaign's counters.
    function _name() internal pure virtual returns (string memory);

    /// @dev After so many runs every outcome must have been reached.
    function _fullCampaign() internal pure virtual returns (uint256);

    /// @dev Outcomes that a full campaign must have reached.
    function _mustReach() internal pure virtual returns (string[] memory);
}
