// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bonds} from "../../../contracts/claims/Bonds.sol";
import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {IClaimVerifier, Subject} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

contract RegistrationTest is ClaimTest {
    function test_CLM03_ASeriesIsKeptWithTheTriggersCheckpoint() public {
        vm.warp(START + 3);
        Subject memory expected = Subject({
            trigger: address(trigger),
            startsAt: uint40(START) + 3,
            endsAt: ENDS_AT,
            codeHash: address(trigger).codehash,
            terms: TERMS,
            mark: 1_000e18,
            limit: LIMIT,
            reportsUntil: REPORTS_UNTIL
        });
        vm.expectEmit(address(verifier));
        emit IClaimVerifier.SeriesRegistered(vault, OTHER_SERIES, expected);
        register(OTHER_SERIES);
        bytes memory kept = abi.encode(verifier.subjectOf(vault, OTHER_SERIES));
        Fuzz.assertTrue(keccak256(kept) == keccak256(abi.encode(expected)), "subject");
        (bool isOpen, uint256 paid, uint32 transitions) = verifier.outcome(vault, OTHER_SERIES);
        Fuzz.assertTrue(!isOpen && paid == 0 && transitions == 0, "nothing yet");
        Fuzz.assertEqual(verifier.incidentOf(vault, OTHER_SERIES).key, 0, "no incident");
    }

    function test_CLM01_ASeriesIsRegisteredOnce() public {
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_AlreadyRegistered.selector, vault, SERIES));
        register(SERIES);
        // Not with better terms either.
        vm.expectRevert(abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_AlreadyRegistered.selector, vault, SERIES));
        verifier.registerSeries(SERIES, address(trigger), TERMS, 2 * LIMIT, ENDS_AT + 1, REPORTS_UNTIL + 1);
    }

    function test_CLM08_TheSameNumberOfAnotherVaultIsAnotherSeries() public {
        registerElsewhere(SERIES);
        Fuzz.assertEqual(verifier.subjectOf(OTHER_VAULT, SERIES).limit, LIMIT, "registered");
    }

    function test_CVR03_TermsThatCannotBeDecidedAreRefused() public {
        uint40 now_ = uint40(START);
        _refuse(address(0), LIMIT, ENDS_AT, REPORTS_UNTIL);
        _refuse(ALICE, LIMIT, ENDS_AT, REPORTS_UNTIL);
        _refuse(address(trigger), 0, ENDS_AT, REPORTS_UNTIL);
        _refuse(address(trigger), LIMIT, now_, REPORTS_UNTIL);
        _refuse(address(trigger), LIMIT, now_ - 1, REPORTS_UNTIL);
        _refuse(address(trigger), LIMIT, ENDS_AT, ENDS_AT - 1);
        // The edges of the same bounds.
        verifier.registerSeries(OTHER_SERIES, address(trigger), TERMS, 1, now_ + 1, now_ + 1);
    }

    function test_CLM06_ATriggerThatDoesNotAnswerIsRefused() public {
        MockTrigger.Mode[3] memory modes = [
            MockTrigger.Mode.Reverts,
            MockTrigger.Mode.BurnsGas,
            MockTrigger.Mode.Short
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            trigger.setMode(modes[i]);
            _refuse(address(trigger), LIMIT, ENDS_AT, REPORTS_UNTIL);
        }
        // Code that knows no checkpoint.
        trigger.setMode(MockTrigger.Mode.Honest);
        _refuse(address(token), LIMIT, ENDS_AT, REPORTS_UNTIL);
        register(OTHER_SERIES);
    }

    function test_R1a_ACheckpointCannotBeStarved() public {
        bytes memory data = abi.encodeCall(
            IClaimVerifier.registerSeries,
            (OTHER_SERIES, address(trigger), TERMS, LIMIT, ENDS_AT, REPORTS_UNTIL)
        );
        (bool success, bytes memory reason) = address(verifier).call{gas: 500_000}(data);
        Fuzz.assertTrue(!success, "starved");
        Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
    }

    function test_CLM01_NothingIsKnownOfASeriesThatNobodyRegistered() public {
        SeriesId none = SeriesId.wrap(9);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.open(vault, none);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.resolve(vault, none);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.lapse(vault, none);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.outcome(vault, none);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.preview(vault, none);
        vm.expectRevert(unknownSeries(vault, none));
        verifier.subjectOf(vault, none);
        vm.expectRevert(unknownSeries(OTHER_VAULT, SERIES));
        verifier.incidentOf(OTHER_VAULT, SERIES);
    }

    function test_CLM01_ABondThatCannotWorkIsRefused() public {
        _refuseBond(ALICE, BOND, LAPSE_FEE, FEE_RECIPIENT);
        _refuseBond(address(token), 0, 0, FEE_RECIPIENT);
        _refuseBond(address(token), BOND, BOND + 1, FEE_RECIPIENT);
        _refuseBond(address(token), BOND, LAPSE_FEE, address(0));
        new ClaimVerifier(address(token), BOND, BOND, FEE_RECIPIENT);
        (address bondToken, uint256 bond, uint256 lapseFee) = verifier.bondTerms();
        Fuzz.assertTrue(bondToken == address(token), "token");
        Fuzz.assertEqual(bond, BOND, "bond");
        Fuzz.assertEqual(lapseFee, LAPSE_FEE, "fee");
    }

    function _refuse(address trigger_, uint128 limit, uint40 endsAt, uint40 reportsUntil) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimVerifier.ClaimVerifier_InvalidSeries.selector,
                trigger_,
                limit,
                endsAt,
                reportsUntil
            )
        );
        verifier.registerSeries(OTHER_SERIES, trigger_, TERMS, limit, endsAt, reportsUntil);
    }

    function _refuseBond(address token_, uint256 bond, uint256 lapseFee, address recipient) private {
        vm.expectRevert(
            abi.encodeWithSelector(Bonds.ClaimVerifier_InvalidBond.selector, token_, bond, lapseFee, recipient)
        );
        new ClaimVerifier(token_, bond, lapseFee, recipient);
    }
}
