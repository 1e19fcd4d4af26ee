// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

/// @dev CLM-01: what an answer that is no larger changes of an incident that is open.
contract ClaimBoundsTest is ClaimTest {
    function test_CLM01_AsMuchOnceMoreChangesNeitherTimeNorEvidence() public {
        openAfterEvent(20e18);
        show(20e18, START + 3 days, 9);
        vm.warp(START + 4 days);
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.IncidentClosed(vault, SERIES, 1, IncidentStatus.Confirmed, 20e18, 6);
        verifier.resolve(vault, SERIES);
        Fuzz.assertEqual(incident().eventAt, START + 1 days, "its own time");
    }
}
