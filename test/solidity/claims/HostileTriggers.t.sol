// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

interface IVmEtch {
    function etch(address target, bytes calldata code) external;
}

/// @dev CLM-06: a trigger that misbehaves decides nothing, costs a bounded amount, and ends in a lapse.
contract HostileTriggersTest is ClaimTest {
    uint256 private constant OPENED = START + 1 days + 1 hours;

    function test_CLM06_ATriggerThatDoesNotAnswerDecidesNothing() public {
        MockTrigger.Mode[3] memory modes = [
            MockTrigger.Mode.Reverts,
            MockTrigger.Mode.BurnsGas,
            MockTrigger.Mode.Short
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            uint256 before = vm.snapshotState();
            _decidesNothing(modes[i]);
            vm.revertToState(before);
        }
    }

    function test_CLM06_ATriggerThatBurnsGasBurnsABoundedAmount() public {
        openAfterEvent(20e18);
        trigger.setMode(MockTrigger.Mode.BurnsGas);
        uint256 gasBefore = gasleft();
        verifier.preview(vault, SERIES);
        Fuzz.assertBetween(gasBefore - gasleft(), 1_500_000, 1_540_000, "its limit");
    }

    /// @dev The words that were asked for are read, and the rest costs the verifier nothing.
    function test_CLM06_AnAnswerThatIsTooLongIsCut() public {
        show(20e18, START + 1 days);
        vm.warp(OPENED);
        trigger.setMode(MockTrigger.Mode.Bomb);
        uint256 gasBefore = gasleft();
        (bool isDecided, uint256 payout, ) = verifier.preview(vault, SERIES);
        // 256 kB cost the trigger 160,000 gas, and would cost whoever copies them as much again.
        Fuzz.assertBetween(gasBefore - gasleft(), 160_000, 200_000, "not copied");
        Fuzz.assertTrue(isDecided && payout == 20e18, "decided");
    }

    function test_CLM06_AnEventInTheFutureIsNoAnswer() public {
        vm.warp(OPENED);
        show(20e18, OPENED + 1);
        vm.expectRevert(notDecided());
        openAs(ALICE);
        show(20e18, type(uint256).max);
        (bool isDecided, , ) = verifier.preview(vault, SERIES);
        Fuzz.assertTrue(!isDecided, "undecided");
        show(20e18, OPENED);
        openAs(ALICE);
        show(20e18, OPENED + 1);
        vm.expectRevert(notDecided());
        verifier.resolve(vault, SERIES);
    }

    /// @dev CVR-03: the code that was listed decides, or none.
    function test_CVR03_OtherCodeDecidesNothing() public {
        register(OTHER_SERIES);
        openAfterEvent(20e18);
        bytes memory code = address(trigger).code;
        // One byte behind the end changes nothing in what it does.
        _etch(abi.encodePacked(code, hex"00"));
        _isUndecided();
        _etch("");
        _isUndecided();
        // Back to the old code: it decides again.
        _etch(code);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "decided");
    }

    function test_CLM06_OtherCodeEndsInALapse() public {
        openAfterEvent(20e18);
        _etch(abi.encodePacked(address(trigger).code, hex"00"));
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Lapsed, 1);
    }

    /// @dev It is called by staticcall: it can look, not act.
    function test_CLM06_ATriggerThatCallsBackChangesNothing() public {
        show(20e18, START + 1 days);
        vm.warp(OPENED);
        bytes[4] memory doors = [
            abi.encodeCall(IClaimVerifier.open, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.resolve, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.lapse, (vault, SERIES)),
            abi.encodeCall(IClaimVerifier.withdrawBond, ())
        ];
        for (uint256 i = 0; i < doors.length; ++i) {
            uint256 before = vm.snapshotState();
            trigger.setReentry(address(verifier), doors[i]);
            openAs(ALICE);
            Fuzz.assertEqual(incident().evidence, trigger.STAYED_OUT(), "locked out");
            assertOutcome(true, 0, 1);
            vm.revertToState(before);
        }
        trigger.setReentry(address(verifier), abi.encodeCall(IClaimVerifier.outcome, (vault, SERIES)));
        openAs(ALICE);
        Fuzz.assertEqual(incident().evidence, trigger.CAME_IN(), "may look");
    }

    /// @dev Between "enough for the trigger" and "nothing happens" there is no amount of gas that makes an honest trigger fail.
    function test_CLM06_ATriggerCannotBeStarved() public {
        openAfterEvent(20e18);
        vm.warp(OPENED + 14 days);
        bytes memory data = abi.encodeCall(IClaimVerifier.lapse, (vault, SERIES));
        uint256 refused;
        for (uint256 gasGiven = 1_900_000; gasGiven > 60_000; gasGiven -= 19_973) {
            uint256 before = vm.snapshotState();
            (bool success, bytes memory reason) = address(verifier).call{gas: gasGiven}(data);
            if (success) {
                assertStatus(IncidentStatus.Confirmed, 1);
            } else {
                ++refused;
                Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
                assertStatus(IncidentStatus.Open, 1);
            }
            vm.revertToState(before);
        }
        Fuzz.assertBetween(refused, 10, 85, "both were seen");
    }

    function test_CLM06_TheFloorIsWhatATriggerMayUse() public {
        vm.warp(OPENED);
        bytes memory data = abi.encodeCall(IClaimVerifier.preview, (vault, SERIES));
        (bool success, bytes memory reason) = address(verifier).staticcall{gas: 1_500_000}(data);
        Fuzz.assertTrue(!success, "below the floor");
        (uint256 available, uint256 required) = _values(reason);
        Fuzz.assertTrue(available < 1_500_000, "what was there");
        Fuzz.assertEqual(required, 1_527_809, "what is needed");
    }

    function _decidesNothing(MockTrigger.Mode mode) private {
        show(20e18, START + 1 days);
        vm.warp(OPENED);
        trigger.setMode(mode);
        vm.expectRevert(notDecided());
        openAs(ALICE);
        trigger.setMode(MockTrigger.Mode.Honest);
        openAs(ALICE);

        trigger.setMode(mode);
        vm.expectRevert(notDecided());
        verifier.resolve(vault, SERIES);
        (bool isDecided, uint256 payout, uint256 eventAt) = verifier.preview(vault, SERIES);
        Fuzz.assertTrue(!isDecided && payout == 0 && eventAt == 0, "undecided");
        vm.warp(OPENED + 14 days);
        verifier.lapse(vault, SERIES);
        assertStatus(IncidentStatus.Lapsed, 1);
        assertBalances(FUNDS - LAPSE_FEE, LAPSE_FEE, 0);
    }

    function _isUndecided() private {
        (bool isDecided, , ) = verifier.preview(vault, SERIES);
        Fuzz.assertTrue(!isDecided, "undecided");
        vm.expectRevert(notDecided());
        verifier.resolve(vault, SERIES);
        vm.prank(ALICE);
        vm.expectRevert(notDecided());
        verifier.open(vault, OTHER_SERIES);
    }

    function _etch(bytes memory code) private {
        IVmEtch(address(vm)).etch(address(trigger), code);
    }

    function _values(bytes memory reason) private pure returns (uint256 first, uint256 second) {
        Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
        assembly ("memory-safe") {
            first := mload(add(reason, 0x24))
            second := mload(add(reason, 0x44))
        }
    }
}
