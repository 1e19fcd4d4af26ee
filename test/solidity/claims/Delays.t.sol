// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// solhint-disable-next-line no-console
import {console} from "hardhat/console.sol";

import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {COOLDOWN, MAX_DELAY, MAX_TERM_WEEKS, WEEK} from "../../../contracts/types/CoverageTerms.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

/// @dev CLM-06, measured: how long a source that answers only when an incident is opened, and never when it is to be decided, holds up a vault.
contract DelaysTest is ClaimTest {
    uint256 private constant LAPSE_AFTER = 14 days;

    /// @dev Whoever wants to hold a series up as long as he can opens an incident whenever he may, has it lapse, and opens the next; with
    /// every start in steps of six hours, so that one of them hits the last second of the reporting time.
    function test_CLM06_TheLongestDelayIsThreeWeeksAfterTheEnd() public {
        uint256 longest;
        uint256 incidents;
        uint256 span = REPORTS_UNTIL - START;
        for (uint256 start = 6 hours; start <= span; start += 6 hours) {
            uint256 before = vm.snapshotState();
            (uint256 closedAt, uint256 opened) = _holdUpFrom(START + start);
            vm.revertToState(before);
            if (closedAt > longest) (longest, incidents) = (closedAt, opened);
        }
        // solhint-disable-next-line no-console
        console.log(
            "longest delay of a series by a source that disappears, days after its end:",
            (longest - ENDS_AT) / 1 days
        );
        // solhint-disable-next-line no-console
        console.log("incidents that it takes:", incidents);
        Fuzz.assertEqual(longest, uint256(ENDS_AT) + REPORTING + LAPSE_AFTER, "21 days after the end");
        // INV-19: with the longest term there is, that is exactly the longest that an exit waits.
        Fuzz.assertEqual(
            MAX_TERM_WEEKS * WEEK + REPORTING + LAPSE_AFTER,
            COOLDOWN + MAX_DELAY,
            "longest term, reporting and lapse"
        );
    }

    /// @dev A source that disappears before anyone has opened holds up nothing: then no incident can be opened at all.
    function test_CLM06_ASourceThatIsGoneOpensNothing() public {
        show(20e18, START + 1 days);
        vm.warp(START + 2 days);
        trigger.setMode(MockTrigger.Mode.Reverts);
        vm.expectRevert(notDecided());
        openAs(ALICE);
        assertOutcome(false, 0, 0);
    }

    /// @dev And each lapse costs whoever opened it the fee, so holding a vault up is paid for.
    function test_CLM06_EachLapseCostsItsFee() public {
        (, uint256 opened) = _holdUpFrom(START + 1 days);
        Fuzz.assertEqual(token.balanceOf(FEE_RECIPIENT), opened * LAPSE_FEE, "fees");
        Fuzz.assertTrue(opened > 1, "several");
    }

    function _holdUpFrom(uint256 time) private returns (uint256 closedAt, uint256 opened) {
        while (time <= REPORTS_UNTIL) {
            vm.warp(time);
            trigger.setMode(MockTrigger.Mode.Honest);
            show(20e18, _withinTerm(time));
            openAs(ALICE);
            ++opened;
            trigger.setMode(MockTrigger.Mode.Reverts);
            closedAt = time + LAPSE_AFTER;
            vm.warp(closedAt - 1);
            vm.expectRevert(tooEarly(closedAt));
            verifier.lapse(vault, SERIES);
            vm.warp(closedAt);
            verifier.lapse(vault, SERIES);
            Fuzz.assertEqual(uint256(incident().status), uint256(IncidentStatus.Lapsed), "lapsed");
            time = closedAt + 1 hours;
        }
        vm.warp(time);
        trigger.setMode(MockTrigger.Mode.Honest);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotReportable.selector, time, REPORTS_UNTIL)
        );
        openAs(ALICE);
    }

    function _withinTerm(uint256 time) private pure returns (uint256) {
        return time < ENDS_AT ? time : ENDS_AT;
    }
}
