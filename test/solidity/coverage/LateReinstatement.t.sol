// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {TreatyTest} from "./TreatyTest.sol";

/// @dev CVR-09: a reinstatement in the last week of a treaty.
contract LateReinstatementTest is TreatyTest {
    /// @dev Else a deposit of a second before the end would capture what is paid for it.
    function test_CVR09_what_is_paid_late_is_earned_over_a_week_at_least() external {
        conclude(treatyTerms());
        lose(250 * UNIT, 0);
        uint256 endsAt = state().endsAt;
        vm.warp(endsAt - 1 days);
        uint256 premium = vault.reinstate(SEGMENT, uint96(50 * UNIT), type(uint256).max) * 1e12;
        vm.warp(endsAt);
        // Of the eight days until the end of the next week one has passed.
        uint256 left = vault.books().unearned;
        assertTrue("most is not earned yet", left > (premium * 6) / 8 && left < premium);
        vm.warp(endsAt + WEEK);
        assertEq("and then all is", vault.books().unearned, 0);
    }
}
