// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {SilencedToken} from "../support/SilencedToken.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

/// @dev CLM-01: bonds at the ends of what can be set, and of a token whose balances can no longer be read.
contract BondExtremesTest is ClaimTest {
    SilencedToken private silenced;

    /// @dev Nobody can see what has left, so the token's word has to do.
    function test_CLM01_ATokenThatFallsSilentWithAYesHasPaid() public {
        _openOnSilenced();
        silenced.fallSilent(true);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "confirmed");
        Fuzz.assertEqual(verifier.creditOf(ALICE), 0, "no credit");
        silenced.speak();
        Fuzz.assertEqual(silenced.balanceOf(ALICE), FUNDS, "she has it back");
        Fuzz.assertEqual(silenced.balanceOf(address(verifier)), 0, "nothing is left");
    }

    function test_CLM01_ATokenThatFallsSilentWithANoOwesTheBond() public {
        _openOnSilenced();
        silenced.fallSilent(false);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "confirmed");
        Fuzz.assertEqual(verifier.creditOf(ALICE), BOND, "credited");
        silenced.speak();
        vm.prank(ALICE);
        Fuzz.assertEqual(verifier.withdrawBond(), BOND, "withdrawn");
        Fuzz.assertEqual(silenced.balanceOf(ALICE), FUNDS, "she has it back");
    }

    /// @dev The token counts what it is asked: nothing is no payment.
    function test_CLM01_ALapseThatCostsNothingPaysTheOpenerAlone() public {
        _deploy(address(token), 0);
        vm.prank(ALICE);
        token.approve(address(verifier), type(uint256).max);
        openAfterEvent(20e18);
        trigger.setMode(MockTrigger.Mode.Reverts);
        vm.warp(block.timestamp + 14 days);
        token.setReentry(address(token), abi.encodeCall(token.decimals, ()));
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Lapsed, 1);
        assertBalances(FUNDS, 0, 0);
        Fuzz.assertEqual(token.reentries(), 1, "one transfer");
    }

    function _openOnSilenced() private {
        silenced = new SilencedToken();
        _deploy(address(silenced), LAPSE_FEE);
        silenced.mint(ALICE, FUNDS);
        vm.prank(ALICE);
        silenced.approve(address(verifier), type(uint256).max);
        openAfterEvent(20e18);
    }

    function _deploy(address bondToken, uint256 lapseFee) private {
        verifier = new ClaimVerifier(bondToken, BOND, lapseFee, FEE_RECIPIENT);
        register(SERIES);
    }
}
