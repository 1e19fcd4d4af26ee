// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MAX_PRICE} from "../../../contracts/types/Constants.sol";
import {vm} from "../support/Vm.sol";

/// @dev What tests of price readers share.
abstract contract SourceTest {
    uint256 internal constant NOW = 1_800_000_000;

    error Assertion_Failed(string what);

    /// @dev A reading of all four words.
    function _expectRead(
        IPriceSource source,
        uint256[2] memory words,
        SourceStatus status,
        uint256 price,
        uint256 publishedAt,
        uint256 confidence
    ) internal view {
        (SourceStatus foundStatus, uint256 foundPrice, uint256 foundAt, uint256 foundConfidence) = source.read(
            words[0],
            words[1]
        );
        _require(foundStatus == status, "status");
        _require(foundPrice == price, "price");
        _require(foundAt == publishedAt, "publish time");
        _require(foundConfidence == confidence, "confidence");
    }

    /// @dev A typed failure comes with nothing but its reason.
    function _expectFailure(IPriceSource source, uint256[2] memory words, SourceStatus status) internal view {
        _expectRead(source, words, status, 0, 0, 0);
    }

    /// @dev Given what the oracle gives, a reading returns whatever the callee does with its gas.
    function _expectFailureWithSourceGas(
        IPriceSource source,
        uint256[2] memory words,
        SourceStatus status
    ) internal view {
        (bool ok, bytes memory result) = address(source).staticcall{gas: GuardedCall.SOURCE_GAS}(
            abi.encodeCall(IPriceSource.read, (words[0], words[1]))
        );
        _require(ok, "does not revert with the gas that the oracle gives");
        _require(abi.decode(result, (SourceStatus)) == status, "a typed failure");
    }

    /// @dev A valid reading is in range and a failure carries nothing (ORC-01).
    function _expectTotal(IPriceSource source, uint256[2] memory words) internal view returns (bool isValid) {
        (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) = source.read(words[0], words[1]);
        isValid = status == SourceStatus.Valid;
        if (isValid) {
            _require(price > 0 && price <= MAX_PRICE, "price in range");
            _require(publishedAt > 0 && publishedAt <= block.timestamp, "publish time in range");
        } else {
            _require(price == 0 && publishedAt == 0 && confidence == 0, "nothing but the reason");
        }
    }

    /// @dev The reader refuses its caller's starving, so that nobody can fake a failure.
    function _expectStarvedReadReverts(IPriceSource source, uint256[2] memory words, uint256 gas_) internal view {
        (bool ok, bytes memory reason) = address(source).staticcall{gas: gas_}(
            abi.encodeCall(IPriceSource.read, (words[0], words[1]))
        );
        _require(!ok && bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "insufficient gas");
    }

    function _expectRefusal(IPriceSource source, address target, bytes memory settings, bytes memory problem) internal {
        vm.expectRevert(problem);
        source.configure(target, settings);
    }

    function _configure(
        IPriceSource source,
        address target,
        bytes memory settings
    ) internal view returns (uint256[2] memory words) {
        (words[0], words[1]) = source.configure(target, settings);
    }

    function _require(bool condition, string memory what) internal pure {
        if (!condition) revert Assertion_Failed(what);
    }
}
