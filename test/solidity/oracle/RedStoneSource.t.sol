// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceKind, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {IRedStoneSource} from "../../../contracts/interfaces/IRedStoneSource.sol";
import {RedStoneSource} from "../../../contracts/oracle/sources/RedStoneSource.sol";
import {vm} from "../support/Vm.sol";
import {RedStoneTest} from "./RedStoneTest.sol";

/// @dev ORC-01 and ORC-08 for RedStone: what is stored, and what a reader makes of it.
contract RedStoneSourceTest is RedStoneTest {
    uint32 private constant MAX_AGE = 180;

    event ValueStored(bytes32 indexed dataFeedId, uint256 value, uint256 timestamp, uint256 publishedAt);

    function test_ORC01_KindIsPull() external view {
        _require(source.kind() == SourceKind.Pull, "pull");
    }

    function test_ORC08_TheMedianOfThreeIsStoredAndRead() external {
        bytes memory payload = _payload(TIME, ETH, _three(2_001e8, 1_999e8, 2_000e8));
        vm.expectEmit(address(source));
        emit ValueStored(ETH, 2_000e8, TIME, NOW);
        _require(source.update(_ids(ETH), payload) == 1, "one stored");
        _expectStored(ETH, 2_000e8, TIME, NOW);
        _expectRead(source, _words(ETH), SourceStatus.Valid, 2_000e18, NOW, 0);
    }

    /// @dev With two signers and two needed: the mean of the two in the middle, down, as RedStone's contract has it.
    function test_ORC08_AnEvenCountIsAMeanRoundedDown() external {
        address[] memory signers = new address[](3);
        (signers[0], signers[1], signers[2]) = (KEYS.addr(1), KEYS.addr(2), KEYS.addr(3));
        source = new RedStoneSource(signers, 2);
        uint256[] memory values = new uint256[](2);
        (values[0], values[1]) = (10, 13);
        source.update(_ids(ETH), _payload(TIME, ETH, values));
        _expectStored(ETH, 11, TIME, NOW);
    }

    function test_ORC08_AllSignersOfAPayloadCount() external {
        uint256[] memory values = new uint256[](5);
        (values[0], values[1], values[2], values[3], values[4]) = (1, 2, 3e8, 4e8, 5e8);
        source.update(_ids(ETH), _payload(TIME, ETH, values));
        _expectStored(ETH, 3e8, TIME, NOW);
    }

    /// @dev Packages that hold several data points, with values of another size, and metadata that nobody signed.
    function test_ORC08_ManyPointsInAPackage() external {
        Point[] memory points = new Point[](3);
        (points[0], points[1], points[2]) = (Point(ETH, 2_000e8), Point("AVAX", 30e8), Point(BTC, 60_000e8));
        bytes memory packages;
        for (uint256 key = 1; key <= THRESHOLD; ++key)
            packages = bytes.concat(packages, _sign(key, _body(TIME, points, 7)));
        bytes memory payload = _close(packages, THRESHOLD, "0.9.0#redstone-primary-prod");
        _require(source.update(_bothIds(), payload) == 2, "both stored");
        _expectStored(BTC, 60_000e8, TIME, NOW);
        _expectStored(ETH, 2_000e8, TIME, NOW);
        _expectStored("AVAX", 0, 0, 0);
    }

    function test_ORC08_IdempotentAndNeverBack() external {
        bytes memory payload = _payload(TIME, ETH, _three(1e8, 2e8, 3e8));
        source.update(_ids(ETH), payload);
        _require(source.update(_ids(ETH), payload) == 0, "a replay stores nothing");
        // Another choice of the same moment's packages does not replace the first.
        _require(source.update(_ids(ETH), _payload(TIME, ETH, _three(5e8, 6e8, 7e8))) == 0, "as new is not newer");
        _require(source.update(_ids(ETH), _payload(TIME - 1, ETH, _three(5e8, 6e8, 7e8))) == 0, "older");
        _expectStored(ETH, 2e8, TIME, NOW);
        _require(source.update(_ids(ETH), _payload(TIME + 1, ETH, _three(5e8, 6e8, 7e8))) == 1, "a millisecond newer");
        _expectStored(ETH, 6e8, TIME + 1, NOW);
    }

    /// @dev One data feed has news and the other does not.
    function test_ORC08_FeedsOfOneUpdateAreStoredEachByItsAge() external {
        source.update(_ids(ETH), _payload(TIME, ETH, _three(1e8, 2e8, 3e8)));
        bytes memory packages;
        for (uint256 key = 1; key <= THRESHOLD; ++key) {
            packages = bytes.concat(packages, _package(key, TIME, ETH, 9e8), _package(key, TIME, BTC, 8e8));
        }
        _require(source.update(_bothIds(), _close(packages, 2 * THRESHOLD)) == 1, "one of two");
        _expectStored(ETH, 2e8, TIME, NOW);
        _expectStored(BTC, 8e8, TIME, NOW);
    }

    function test_ORC08_TimesAheadByAMinuteAtMost() external {
        uint256 latest = TIME + 60_000;
        bytes memory late = _payload(latest + 1, ETH, _three(1e8, 2e8, 3e8));
        _expectRefused(
            _ids(ETH),
            late,
            abi.encodeWithSelector(IRedStoneSource.RedStoneSource_InvalidTimestamp.selector, latest + 1, latest)
        );
        source.update(_ids(ETH), _payload(latest, ETH, _three(1e8, 2e8, 3e8)));
        // Published when it arrived, so that it can be read at once; ordered by what was signed.
        _expectStored(ETH, 2e8, latest, NOW);
        _expectRead(source, _words(ETH), SourceStatus.Valid, 2e18, NOW, 0);
    }

    function test_ORC08_NoTimeIsRefused() external {
        bytes memory payload = _payload(0, ETH, _three(1e8, 2e8, 3e8));
        bytes4 problem = IRedStoneSource.RedStoneSource_InvalidTimestamp.selector;
        _expectRefused(_ids(ETH), payload, abi.encodeWithSelector(problem, 0, TIME + 60_000));
    }

    function test_ORC08_TakesNoNativeValue() external {
        (bool ok, ) = address(source).call{value: 1}(
            abi.encodeCall(source.update, (_ids(ETH), _payload(TIME, ETH, _three(1e8, 2e8, 3e8))))
        );
        _require(!ok, "not payable");
    }

    function test_ORC01_WordsAreAsDocumented() external view {
        uint256[2] memory words = _words(ETH);
        uint256 first = (uint256(8) << 192) | (uint256(MAX_AGE) << 160) | uint160(address(source));
        _require(words[0] == first && words[1] == uint256(ETH), "target, age and decimals; data feed id");
    }

    function test_ORC01_UnreachableUntilSomethingHasCome() external view {
        _expectFailure(source, _words(ETH), SourceStatus.Unreachable);
    }

    function test_ORC01_NotPositive() external {
        source.update(_ids(ETH), _payload(TIME, ETH, _three(0, 0, 3e8)));
        _expectFailure(source, _words(ETH), SourceStatus.NotPositive);
    }

    function test_ORC01_StaleFromTheFirstSecondBeyondTheAge() external {
        // Fractions of a second are cut off.
        source.update(_ids(ETH), _payload(TIME - 1, ETH, _three(1e8, 2e8, 3e8)));
        vm.warp(NOW - 1 + MAX_AGE);
        _expectRead(source, _words(ETH), SourceStatus.Valid, 2e18, NOW - 1, 0);
        vm.warp(NOW + MAX_AGE);
        _expectFailure(source, _words(ETH), SourceStatus.Stale);
    }

    function test_ORC01_Malformed_PriceThatCannotBeHeld() external {
        uint256[2] memory words = _configure(source, address(source), abi.encode(ETH, MAX_AGE, uint8(0)));
        source.update(_ids(ETH), _payload(TIME, ETH, _three(1e9, 1e9, 1e9)));
        _expectRead(source, words, SourceStatus.Valid, 1e27, NOW, 0);
        source.update(_ids(ETH), _payload(TIME + 1, ETH, _three(1e9, 1e9 + 1, 1e9 + 1)));
        _expectFailure(source, words, SourceStatus.Malformed);
        // Less than a wei is not a price of 0.
        words = _configure(source, address(source), abi.encode(ETH, MAX_AGE, uint8(36)));
        _expectFailure(source, words, SourceStatus.Malformed);
        source.update(_ids(ETH), _payload(TIME + 2, ETH, _three(1e18, 1e18, 1e18)));
        _expectRead(source, words, SourceStatus.Valid, 1, NOW, 0);
    }

    function test_ORC01_ListingsOutOfBoundsAreRefused() external {
        bytes4 age = IRedStoneSource.RedStoneSource_InvalidAge.selector;
        address target = address(source);
        _expectRefusal(source, target, abi.encode(ETH, uint32(0), uint8(8)), abi.encodeWithSelector(age, 0));
        _expectRefusal(
            source,
            target,
            abi.encode(ETH, uint32(7 days + 1), uint8(8)),
            abi.encodeWithSelector(age, 7 days + 1)
        );
        _expectRefusal(
            source,
            target,
            abi.encode(ETH, MAX_AGE, uint8(37)),
            abi.encodeWithSelector(IRedStoneSource.RedStoneSource_UnsupportedDecimals.selector, 37)
        );
        _expectRefusal(
            source,
            address(this),
            abi.encode(ETH, MAX_AGE, uint8(8)),
            abi.encodeWithSelector(IRedStoneSource.RedStoneSource_WrongTarget.selector, address(this))
        );
        source.configure(target, abi.encode(ETH, uint32(7 days), uint8(36)));
    }

    function test_ORC08_SignersAndThresholdAreChecked() external {
        address[] memory signers = _addresses();
        uint256[4] memory thresholds = [uint256(0), 2, 6, type(uint256).max / 2 + 2];
        for (uint256 i = 0; i < thresholds.length; ++i) {
            _expectNoDeployment(
                signers,
                thresholds[i],
                abi.encodeWithSelector(IRedStoneSource.RedStoneSource_InvalidThreshold.selector, thresholds[i], 5)
            );
        }
        new RedStoneSource(signers, 5);
        // Half is not more than half.
        address[] memory four = new address[](4);
        for (uint256 i = 0; i < 4; ++i) four[i] = signers[i];
        _expectNoDeployment(
            four,
            2,
            abi.encodeWithSelector(IRedStoneSource.RedStoneSource_InvalidThreshold.selector, 2, 4)
        );
        new RedStoneSource(four, 3);
        signers[3] = signers[1];
        bytes4 problem = IRedStoneSource.RedStoneSource_InvalidSigner.selector;
        _expectNoDeployment(signers, 3, abi.encodeWithSelector(problem, signers[1]));
        signers[3] = address(0);
        _expectNoDeployment(signers, 3, abi.encodeWithSelector(problem, address(0)));
    }

    function test_ORC08_At32SignersAtMost() external {
        address[] memory signers = new address[](33);
        for (uint256 i = 0; i < 33; ++i) signers[i] = address(uint160(i + 1));
        bytes4 problem = IRedStoneSource.RedStoneSource_InvalidThreshold.selector;
        _expectNoDeployment(signers, 17, abi.encodeWithSelector(problem, 17, 33));
        assembly ("memory-safe") {
            mstore(signers, 32)
        }
        RedStoneSource largest = new RedStoneSource(signers, 17);
        _require(largest.isSigner(address(32)) && !largest.isSigner(address(33)), "32 signers");
        _require(!largest.isSigner(address(0)) && largest.threshold() == 17, "and nobody else");
    }

    function _expectNoDeployment(address[] memory signers, uint256 threshold, bytes memory problem) private {
        vm.expectRevert(problem);
        new RedStoneSource(signers, threshold);
    }

    function _words(bytes32 id) private view returns (uint256[2] memory) {
        return _configure(source, address(source), abi.encode(id, MAX_AGE, uint8(8)));
    }
}
