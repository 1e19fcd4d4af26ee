// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {MockPyth} from "@pythnetwork/pyth-sdk-solidity/MockPyth.sol";

import {SourceKind, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockAnswers} from "../../../contracts/mocks/MockAnswers.sol";
import {PythReading} from "../../../contracts/oracle/sources/PythReading.sol";
import {PythSource} from "../../../contracts/oracle/sources/PythSource.sol";
import {vm} from "../support/Vm.sol";
import {SourceTest} from "./SourceTest.sol";

/// @dev ORC-01 and ORC-08 for Pyth, on the contract that Pyth publishes for tests and on hostile ones.
contract PythSourceTest is SourceTest {
    bytes32 private constant ID = bytes32(uint256(0xff61491a));
    uint32 private constant MAX_AGE = 60;
    uint16 private constant MAX_CONFIDENCE_BPS = 50;
    uint256 private constant FEE = 7;

    PythSource private source;
    MockPyth private pyth;
    MockAnswers private hostile;

    function setUp() external {
        vm.warp(NOW);
        source = new PythSource();
        pyth = new MockPyth(MAX_AGE, FEE);
        _publish(2_000e8, 1e8, -8, NOW);
        hostile = new MockAnswers();
        _answer(abi.encode(int64(2_000e8), uint64(1e8), int32(-8), NOW));
    }

    receive() external payable {}

    function test_ORC01_KindIsPull() external view {
        _require(source.kind() == SourceKind.Pull, "pull");
    }

    function test_ORC01_Valid() external view {
        _expectRead(source, _words(), SourceStatus.Valid, 2_000e18, NOW, 1e18);
    }

    function test_ORC01_WordsAreAsDocumented() external view {
        uint256[2] memory words = _words();
        uint256 first = (uint256(MAX_CONFIDENCE_BPS) << 192) | (uint256(MAX_AGE) << 160) | uint160(address(pyth));
        _require(words[0] == first && words[1] == uint256(ID), "target, age and confidence; price id");
    }

    /// @dev ORC-08: the store is Pyth's own; reading sees an update at once, and an old one changes nothing.
    function test_ORC08_AnUpdateIsSeenAndAnOlderOneIsNot() external {
        vm.warp(NOW + 10);
        _publish(2_100e8, 1e8, -8, NOW + 10);
        _expectRead(source, _words(), SourceStatus.Valid, 2_100e18, NOW + 10, 1e18);
        _publish(1_900e8, 1e8, -8, NOW + 9);
        _expectRead(source, _words(), SourceStatus.Valid, 2_100e18, NOW + 10, 1e18);
    }

    function test_ORC01_UnknownIdsAndDeafTargetsAreRefused() external {
        bytes32 unknown = bytes32(uint256(1));
        bytes memory settings = abi.encode(unknown, MAX_AGE, MAX_CONFIDENCE_BPS);
        address[3] memory targets = [address(pyth), address(this), address(0xdead)];
        for (uint256 i = 0; i < targets.length; ++i) {
            bytes memory problem = abi.encodeWithSelector(
                PythReading.PythSource_Unreadable.selector,
                targets[i],
                unknown
            );
            _expectRefusal(source, targets[i], settings, problem);
        }
    }

    function test_ORC01_AgesOutOfBoundsAreRefused() external {
        uint32[2] memory ages = [uint32(0), 7 days + 1];
        for (uint256 i = 0; i < ages.length; ++i) {
            bytes memory problem = abi.encodeWithSelector(PythReading.PythSource_InvalidAge.selector, ages[i]);
            _expectRefusal(source, address(pyth), abi.encode(ID, ages[i], MAX_CONFIDENCE_BPS), problem);
        }
        source.configure(address(pyth), abi.encode(ID, uint32(1), MAX_CONFIDENCE_BPS));
        source.configure(address(pyth), abi.encode(ID, uint32(7 days), MAX_CONFIDENCE_BPS));
    }

    function test_ORC01_ConfidencesOutOfBoundsAreRefused() external {
        uint16[3] memory bounds = [uint16(0), 10_01, type(uint16).max];
        for (uint256 i = 0; i < bounds.length; ++i) {
            bytes memory problem = abi.encodeWithSelector(PythReading.PythSource_InvalidConfidence.selector, bounds[i]);
            _expectRefusal(source, address(pyth), abi.encode(ID, MAX_AGE, bounds[i]), problem);
        }
        source.configure(address(pyth), abi.encode(ID, MAX_AGE, uint16(1)));
        source.configure(address(pyth), abi.encode(ID, MAX_AGE, uint16(10_00)));
    }

    /// @dev 50 basis points of 2,000 are 10.
    function test_ORC01_Uncertain() external {
        uint256[2] memory words = _words();
        vm.warp(NOW + 1);
        _publish(2_000e8, 10e8, -8, NOW + 1);
        _expectRead(source, words, SourceStatus.Valid, 2_000e18, NOW + 1, 10e18);
        vm.warp(NOW + 2);
        _publish(2_000e8, 10e8 + 1, -8, NOW + 2);
        _expectFailure(source, words, SourceStatus.Uncertain);
        vm.warp(NOW + 3);
        _publish(2_000e8, type(uint64).max, -8, NOW + 3);
        _expectFailure(source, words, SourceStatus.Uncertain);
    }

    function test_ORC01_NotPositive() external {
        uint256[2] memory words = _words();
        int64[3] memory prices = [int64(0), -1, type(int64).min];
        for (uint256 i = 0; i < prices.length; ++i) {
            vm.warp(NOW + 1 + i);
            _publish(prices[i], 0, -8, NOW + 1 + i);
            _expectFailure(source, words, SourceStatus.NotPositive);
        }
    }

    function test_ORC01_StaleFromTheFirstSecondBeyondTheAge() external {
        uint256[2] memory words = _words();
        vm.warp(NOW + MAX_AGE);
        _expectRead(source, words, SourceStatus.Valid, 2_000e18, NOW, 1e18);
        vm.warp(NOW + MAX_AGE + 1);
        _expectFailure(source, words, SourceStatus.Stale);
    }

    function test_ORC01_FromFuture() external {
        uint256[2] memory words = _words();
        _publish(2_100e8, 1e8, -8, NOW + 1);
        _expectFailure(source, words, SourceStatus.FromFuture);
        vm.warp(NOW + 1);
        _expectRead(source, words, SourceStatus.Valid, 2_100e18, NOW + 1, 1e18);
    }

    /// @dev Every exponent is read with the price it came with: 1 unit is 1 unit.
    function test_ORC01_ExponentsAreScaledToWad() external {
        int32[7] memory exponents = [int32(0), -1, -8, -12, -18, 1, 9];
        uint256 time = NOW;
        for (uint256 i = 0; i < exponents.length; ++i) {
            vm.warp(++time);
            int32 exponent = exponents[i];
            uint256 digits = exponent < 0 ? uint256(uint32(-exponent)) : 0;
            uint256 price = exponent > 0 ? 10 ** (18 + uint256(uint32(exponent))) : 1e18;
            _publish(int64(uint64(10 ** digits)), 0, exponent, time);
            _expectRead(source, _words(), SourceStatus.Valid, price, time, 0);
        }
    }

    function test_ORC01_ExponentsAtTheirBounds() external {
        uint256[2] memory words = _hostileWords();
        // 2^63 - 1 of 1e-36 is 9.2e-18: nine wei, rounded down.
        _answer(abi.encode(type(int64).max, uint64(0), int32(-36), NOW));
        _expectRead(source, words, SourceStatus.Valid, 9, NOW, 0);
        // Less than a wei is not a price of 0.
        _answer(abi.encode(int64(1e18 - 1), uint64(0), int32(-36), NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        // 1e9 units are the highest price.
        _answer(abi.encode(int64(1), uint64(0), int32(9), NOW));
        _expectRead(source, words, SourceStatus.Valid, 1e27, NOW, 0);
        _answer(abi.encode(int64(2), uint64(0), int32(9), NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        int32[4] memory outside = [int32(-37), 10, type(int32).max, type(int32).min];
        for (uint256 i = 0; i < outside.length; ++i) {
            _answer(abi.encode(int64(1), uint64(0), outside[i], NOW));
            _expectFailure(source, words, SourceStatus.Malformed);
            _answer(abi.encode(int64(0), uint64(0), outside[i], NOW));
            _expectFailure(source, words, SourceStatus.Malformed);
        }
    }

    /// @dev Words that no Pyth contract can return: wider than their types.
    function test_ORC01_Malformed_WrongTypes() external {
        uint256[2] memory words = _hostileWords();
        _answer(abi.encode(int256(type(int64).max) + 1, 0, -8, NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answer(abi.encode(type(uint256).max - type(uint64).max, 0, -8, NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answer(abi.encode(1e8, uint256(type(uint64).max) + 1, -8, NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answer(abi.encode(1e8, 0, type(int256).max, NOW));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answer(abi.encode(1e8, 0, -8, 0));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answer(abi.encode(1e8, 0, -8, type(uint256).max));
        _expectFailure(source, words, SourceStatus.FromFuture);
    }

    function test_ORC01_Malformed_ShortAnswer() external {
        uint256[2] memory words = _hostileWords();
        _answer(abi.encode(int64(1e8), uint64(0), int32(-8)));
        _expectFailure(source, words, SourceStatus.Malformed);
    }

    function test_ORC01_Unreachable() external {
        uint256[2] memory words = _hostileWords();
        MockAnswers.Mode[3] memory modes = [
            MockAnswers.Mode.Reverts,
            MockAnswers.Mode.BurnsGas,
            MockAnswers.Mode.RevertBomb
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            hostile.setMode(IPyth.getPriceUnsafe.selector, modes[i]);
            _expectFailure(source, words, SourceStatus.Unreachable);
            _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
        }
        // No code at the address any more.
        words[0] = ((words[0] >> 160) << 160) | 0xdead;
        _expectFailure(source, words, SourceStatus.Unreachable);
    }

    function test_ORC01_ALongAnswerIsReadAsFarAsNeeded() external {
        uint256[2] memory words = _hostileWords();
        hostile.setMode(IPyth.getPriceUnsafe.selector, MockAnswers.Mode.Bomb);
        _expectRead(source, words, SourceStatus.Valid, 2_000e18, NOW, 1e18);
    }

    function test_ORC01_StarvedReadRevertsInsteadOfFailing() external view {
        _expectStarvedReadReverts(source, _words(), GuardedCall.FEED_GAS);
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_ORC01_NeverRevertsAndNeverZero(
        int256 price,
        uint256 confidence,
        int256 exponent,
        uint256 publishedAt,
        uint8 nearness
    ) external {
        // Some draws near what is valid, so that both outcomes are seen.
        if (nearness % 2 == 0) price = price % 1e18;
        if (nearness % 3 != 0) confidence = confidence % (1 + uint256(price < 0 ? -(price + 1) : price) / 150);
        if (nearness % 5 != 0) exponent = exponent % 40;
        if (nearness % 7 != 0) publishedAt = NOW - (publishedAt % 80);
        _answer(abi.encode(price, confidence, exponent, publishedAt));
        bool isValid = _expectTotal(source, _hostileWords());
        if (!isValid) return;
        _require(price > 0 && NOW - publishedAt <= MAX_AGE, "valid is positive and fresh");
        _require(confidence * 10_000 <= uint256(price) * MAX_CONFIDENCE_BPS, "valid is certain");
    }

    function _publish(int64 price, uint64 confidence, int32 exponent, uint256 publishedAt) private {
        bytes[] memory updates = new bytes[](1);
        updates[0] = pyth.createPriceFeedUpdateData(
            ID,
            price,
            confidence,
            exponent,
            price,
            confidence,
            uint64(publishedAt),
            uint64(publishedAt)
        );
        pyth.updatePriceFeeds{value: FEE}(updates);
    }

    function _answer(bytes memory answer) private {
        hostile.setAnswer(IPyth.getPriceUnsafe.selector, answer);
    }

    function _words() private view returns (uint256[2] memory) {
        return _configure(source, address(pyth), abi.encode(ID, MAX_AGE, MAX_CONFIDENCE_BPS));
    }

    function _hostileWords() private view returns (uint256[2] memory) {
        return _configure(source, address(hostile), abi.encode(ID, MAX_AGE, MAX_CONFIDENCE_BPS));
    }
}
