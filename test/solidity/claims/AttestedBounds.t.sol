// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attestation, IAttestedTrigger} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {vm} from "../support/Vm.sol";
import {AttestedTest} from "./AttestedTest.sol";

/// @dev CLM-05: what attested claims round, tell, and take for a payment.
contract AttestedBoundsTest is AttestedTest {
    function test_CLM05_BindingTellsUntilWhenTheStakesAreLocked() public {
        openSeries(OTHER_SERIES);
        vm.expectEmit(address(trigger));
        emit IAttestedTrigger.Bound(terms, address(vault), OTHER_SERIES, uint256(ENDS_AT) + 7 days);
        trigger.bind(address(vault), OTHER_SERIES);
    }

    /// @dev (2 - 1e-18) * (1,500 + 751e-18): between one and two wei above the stakes.
    function test_CLM05_WhatATokenIsPaidComesToAWholeWeiMore() public {
        vault.sell(1_500e18 + 751, 0);
        Attestation memory given = attestation();
        given.payoutPerUnit = LIMIT - 1;
        refuse(given, problem(IAttestedTrigger.AttestedTrigger_AboveStake.selector, 3_000e18 + 2, 3_000e18));
    }

    function test_CLM05_ATokenThatMovesAndDoesNotSaySoHasNotPaid() public {
        attest();
        vm.warp(DECIDED_AT);
        trigger.finish(mark);
        token.setMode(HostileToken.Mode.ReturnsGarbage);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_UnexpectedTransfer.selector, BOND, 0));
        vm.prank(ALICE);
        trigger.withdraw();
    }
}
