// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {CallOutcome, GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockAnswers} from "../../../contracts/mocks/MockAnswers.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {GuardedCallHarness} from "../../../contracts/mocks/harness/GuardedCallHarness.sol";
import {vm} from "../support/Vm.sol";

/// @dev What GuardedCall meets outside.
contract Stranger {
    error Stranger_Reverted(uint256 reason);

    uint256 public touched;

    function words(uint256 count) external pure {
        assembly ("memory-safe") {
            let out := mload(0x40)
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                mstore(add(out, mul(i, 32)), add(i, 1))
            }
            return(out, mul(count, 32))
        }
    }

    function bytesOf(uint256 size) external pure {
        assembly ("memory-safe") {
            return(mload(0x40), size)
        }
    }

    function revertBytes(uint256 size) external pure {
        assembly ("memory-safe") {
            revert(mload(0x40), size)
        }
    }

    function fail() external pure {
        revert Stranger_Reverted(7);
    }

    function burn() external view {
        uint256 i;
        while (gasleft() > 0) ++i;
    }

    function gasGiven() external view returns (uint256) {
        return gasleft();
    }

    function touch() external {
        ++touched;
    }
}

/// @dev R1a: bounded gas, gas floor, bounded return data, no code is no answer.
contract GuardedCallTest {
    uint256 private constant LIMIT = 100_000;

    GuardedCallHarness private guard = new GuardedCallHarness();
    Stranger private stranger = new Stranger();

    error Assertion_Failed(string what);

    function test_R1a_StaticCall_ReturnsTheWordsAskedFor() external view {
        (CallOutcome outcome, uint256[] memory result) = _ask(abi.encodeCall(Stranger.words, (3)), 3);
        _require(outcome == CallOutcome.Returned && result.length == 3, "three words");
        _require(result[0] == 1 && result[1] == 2 && result[2] == 3, "in order");
        (outcome, result) = _ask(abi.encodeCall(Stranger.words, (3)), 2);
        _require(outcome == CallOutcome.Returned && result.length == 2 && result[1] == 2, "the first two of three");
    }

    function test_R1a_StaticCall_ShortAnswerIsShort() external view {
        (CallOutcome outcome, uint256[] memory result) = _ask(abi.encodeCall(Stranger.bytesOf, (95)), 3);
        _require(outcome == CallOutcome.Short && result.length == 0, "one byte less than three words");
        (outcome, ) = _ask(abi.encodeCall(Stranger.bytesOf, (96)), 3);
        _require(outcome == CallOutcome.Returned, "exactly three words");
        (outcome, ) = _ask(abi.encodeCall(Stranger.bytesOf, (0)), 1);
        _require(outcome == CallOutcome.Short, "nothing");
    }

    function test_R1a_StaticCall_RevertsAndBurnedGasAreFailures() external view {
        (CallOutcome outcome, uint256[] memory result) = _ask(abi.encodeCall(Stranger.fail, ()), 1);
        _require(outcome == CallOutcome.Failed && result.length == 0, "revert");
        (outcome, ) = _ask(abi.encodeCall(Stranger.burn, ()), 1);
        _require(outcome == CallOutcome.Failed, "out of gas");
        (outcome, ) = _ask(abi.encodeCall(Stranger.touch, ()), 1);
        _require(outcome == CallOutcome.Failed && stranger.touched() == 0, "writing in a static call");
        (outcome, ) = _ask(abi.encodeWithSignature("unknown()"), 1);
        _require(outcome == CallOutcome.Failed, "unknown function");
    }

    function test_R1a_StaticCall_NoCodeIsAFailureAlsoForPrecompiles() external view {
        (CallOutcome outcome, ) = guard.tryStaticCall(address(0xdead), LIMIT, "", 1);
        _require(outcome == CallOutcome.Failed, "empty account");
        (outcome, ) = guard.tryStaticCall(address(0xdead), LIMIT, "", 0);
        _require(outcome == CallOutcome.Failed, "empty account, nothing asked for");
        (outcome, ) = guard.tryStaticCall(address(2), LIMIT, "", 1);
        _require(outcome == CallOutcome.Failed, "SHA-256 answers but has no code");
    }

    /// @dev A bomb may cost what its own limit allows, and the caller nothing on top.
    function test_R1a_StaticCall_ReturnDataIsNotCopied() external view {
        uint256 size = 200_000;
        uint256 limit = 1_000_000;
        bytes memory quiet = abi.encodeCall(Stranger.words, (1));
        (CallOutcome outcome, uint256 plain) = guard.measureStaticCall(address(stranger), limit, quiet, 1);
        _require(outcome == CallOutcome.Returned, "quiet");

        bytes[2] memory bombs = [
            abi.encodeCall(Stranger.bytesOf, (size)),
            abi.encodeCall(Stranger.revertBytes, (size))
        ];
        // Memory of that size costs the callee 3 gas a word and the square of it / 512.
        uint256 words = size / 32;
        uint256 memoryCost = 3 * words + (words * words) / 512;
        for (uint256 i = 0; i < 2; ++i) {
            uint256 used;
            (outcome, used) = guard.measureStaticCall(address(stranger), limit, bombs[i], 1);
            _require(outcome == (i == 0 ? CallOutcome.Returned : CallOutcome.Failed), "bomb");
            _require(used > memoryCost && used < memoryCost + plain + 1_000, "only the callee pays for the memory");
        }
    }

    function test_R1a_CalleeGetsItsWholeLimitOrNothingIsCalled() external view {
        bytes memory inner = abi.encodeCall(
            GuardedCallHarness.tryReadWord,
            (address(stranger), LIMIT, abi.encodeCall(Stranger.gasGiven, ()))
        );
        uint256 answered;
        uint256 refused;
        for (uint256 gasGiven = 140_000; gasGiven > 20_000; gasGiven -= 97) {
            (bool ok, bytes memory result) = address(guard).staticcall{gas: gasGiven}(inner);
            if (!ok) {
                if (result.length != 0) _requireInsufficientGas(result);
                ++refused;
                continue;
            }
            (bool answers, uint256 given) = abi.decode(result, (bool, uint256));
            // What the callee sees is its limit less its own first steps.
            _require(answers && given <= LIMIT && given > LIMIT - 500, "given less than the limit");
            ++answered;
        }
        _require(answered > 100 && refused > 100, "both were seen");
    }

    function test_R1a_GasFloorNamesWhatIsThereAndWhatIsNeeded() external view {
        (bool ok, bytes memory result) = address(guard).staticcall{gas: 90_000}(
            abi.encodeCall(GuardedCallHarness.tryReadWord, (address(stranger), LIMIT, ""))
        );
        _require(!ok, "below the floor");
        _requireInsufficientGas(result);
    }

    function test_R1a_TryCall() external {
        _require(guard.tryCall(address(stranger), LIMIT, abi.encodeCall(Stranger.touch, ())), "succeeds");
        _require(stranger.touched() == 1, "was called");
        _require(guard.tryCall(address(stranger), LIMIT, abi.encodeCall(Stranger.bytesOf, (0))), "no answer is fine");
        _require(!guard.tryCall(address(stranger), LIMIT, abi.encodeCall(Stranger.fail, ())), "reverts");
        _require(!guard.tryCall(address(stranger), LIMIT, abi.encodeCall(Stranger.burn, ())), "burns");
        _require(!guard.tryCall(address(0xdead), LIMIT, ""), "no code");
    }

    function test_R1a_TransfersTrueOnlyWhenTheTokenSaysSo() external {
        HostileToken token = new HostileToken(18);
        token.mint(address(guard), 1_000);
        token.mint(address(this), 1_000);
        token.approve(address(guard), type(uint256).max);
        HostileToken.Mode[3] memory fine = [
            HostileToken.Mode.Honest,
            HostileToken.Mode.ReturnsNothing,
            HostileToken.Mode.Lies
        ];
        HostileToken.Mode[6] memory bad = [
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.Paused,
            HostileToken.Mode.ReturnsGarbage,
            HostileToken.Mode.BurnsGas,
            HostileToken.Mode.ReturnBomb
        ];
        for (uint256 i = 0; i < fine.length; ++i) _checkTransfers(token, fine[i], true);
        for (uint256 i = 0; i < bad.length; ++i) _checkTransfers(token, bad[i], false);
        // Honest, ReturnsNothing and, against ERC-20, ReturnsGarbage move two each; nobody may list a token like the last.
        _require(token.balanceOf(address(1)) == 6, "two transfers by each of those that move");
        _require(!guard.trySafeTransfer(address(0xdead), address(1), 1), "no code");
        _require(!guard.trySafeTransferFrom(address(0xdead), address(1), address(2), 1), "no code");
    }

    /// @dev Part of a word is neither a yes nor silence.
    function test_R1a_Transfer_LessThanAWordIsNoYes() external {
        MockAnswers token = new MockAnswers();
        for (uint256 size = 1; size <= 32; ++size) {
            bytes memory answer = new bytes(size);
            answer[size - 1] = 0x01;
            token.setAnswer(IERC20.transfer.selector, answer);
            token.setAnswer(IERC20.transferFrom.selector, answer);
            bool isWord = size == 32;
            _require(guard.trySafeTransfer(address(token), address(1), 1) == isWord, "transfer");
            _require(guard.trySafeTransferFrom(address(token), address(2), address(1), 1) == isWord, "transferFrom");
        }
    }

    function test_R1a_StarvedTransferRevertsInsteadOfFailing() external {
        MockToken token = new MockToken("Token", "T", 18);
        token.mint(address(guard), 1_000);
        bytes memory data = abi.encodeCall(GuardedCallHarness.trySafeTransfer, (address(token), address(1), 1));
        (bool ok, bytes memory result) = address(guard).call{gas: 300_000}(data);
        _require(!ok, "less than the token may use");
        _requireInsufficientGas(result);
        (ok, result) = address(guard).call{gas: 320_000}(data);
        _require(ok && abi.decode(result, (bool)), "enough");
    }

    function test_R1a_BalanceAndDecimals() external {
        HostileToken token = new HostileToken(6);
        token.mint(address(1), 77);
        (bool ok, uint256 amount) = guard.balanceOf(address(token), address(1));
        _require(ok && amount == 77, "balance");
        token.setMode(HostileToken.Mode.BlindBalance);
        (ok, amount) = guard.balanceOf(address(token), address(1));
        _require(!ok && amount == 0, "blind");
        (ok, amount) = guard.balanceOf(address(0xdead), address(1));
        _require(!ok && amount == 0, "no code");

        uint8 decimals;
        (ok, decimals) = guard.tryDecimals(address(token));
        _require(ok && decimals == 6, "decimals");
        (ok, decimals) = guard.tryDecimals(address(stranger));
        _require(!ok && decimals == 0, "no decimals");
        (ok, decimals) = guard.tryDecimals(address(new LargeDecimals()));
        _require(!ok && decimals == 0, "256 decimals are not 0 decimals");
    }

    /// @dev The arguments arrive as ERC-2612 has them: the recorder answers to that signature only.
    function test_CLR02_PermitArrivesAsTheStandardHasIt() external {
        PermitRecorder token = new PermitRecorder();
        GuardedCall.Permit memory permit = GuardedCall.Permit({
            owner: address(1),
            spender: address(2),
            value: 3,
            deadline: 4,
            v: 5,
            r: bytes32(uint256(6)),
            s: bytes32(uint256(7))
        });
        _require(guard.tryPermit(address(token), permit), "accepted");
        _require(token.seen() == keccak256(abi.encode(permit)), "word for word");
        permit.deadline = 0;
        _require(!guard.tryPermit(address(token), permit), "refused by the token, not by the guard");
        _require(!guard.tryPermit(address(stranger), permit), "no such function");
    }

    function _ask(
        bytes memory data,
        uint256 words
    ) private view returns (CallOutcome outcome, uint256[] memory result) {
        return guard.tryStaticCall(address(stranger), LIMIT, data, words);
    }

    function _checkTransfers(HostileToken token, HostileToken.Mode mode, bool expected) private {
        token.setMode(mode);
        _require(guard.trySafeTransfer(address(token), address(1), 1) == expected, "transfer");
        _require(guard.trySafeTransferFrom(address(token), address(this), address(1), 1) == expected, "transferFrom");
    }

    function _requireInsufficientGas(bytes memory reason) private pure {
        _require(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "no other error");
        (uint256 available, uint256 required) = _values(reason);
        _require(available < required, "a floor that was met");
        // 64/63 of the limit and at least what a cold account costs.
        uint256 limit = required > 200_000 ? GuardedCall.TOKEN_GAS : LIMIT;
        _require((required - 2_600) * 63 >= limit * 64, "the floor is too low");
    }

    function _values(bytes memory reason) private pure returns (uint256 available, uint256 required) {
        assembly ("memory-safe") {
            available := mload(add(reason, 0x24))
            required := mload(add(reason, 0x44))
        }
    }

    function _require(bool condition, string memory what) private pure {
        if (!condition) revert Assertion_Failed(what);
    }
}

contract LargeDecimals {
    function decimals() external pure returns (uint256) {
        return 256;
    }
}

contract PermitRecorder {
    bytes32 public seen;

    error PermitRecorder_Expired();

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (deadline == 0) revert PermitRecorder_Expired();
        seen = keccak256(abi.encode(owner, spender, value, deadline, v, r, s));
    }
}
