// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceKind, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockAggregator, MockAggregatorProxy} from "../../../contracts/mocks/MockAggregator.sol";
import {ChainlinkReading} from "../../../contracts/oracle/sources/ChainlinkReading.sol";
import {ChainlinkSource} from "../../../contracts/oracle/sources/ChainlinkSource.sol";
import {vm} from "../support/Vm.sol";

/// @dev ORC-01: a price and its publish time or a typed failure, never zero, never a silent default.
contract ChainlinkSourceTest {
    uint256 private constant NOW = 1_800_000_000;
    uint32 private constant MAX_AGE = 3_600;
    int256 private constant ANSWER = 2_000e8;

    ChainlinkSource private source;
    MockAggregator private feed;

    error Assertion_Failed(string what);

    function setUp() external {
        vm.warp(NOW);
        source = new ChainlinkSource();
        feed = new MockAggregator(8, ANSWER);
    }

    function test_ORC01_Kind() external view {
        _require(source.kind() == SourceKind.Push, "push");
    }

    function test_ORC01_Valid() external view {
        _expect(address(feed), SourceStatus.Valid, 2_000e18, NOW);
    }

    function test_ORC01_ReadThroughAProxy() external {
        MockAggregatorProxy proxy = new MockAggregatorProxy(address(feed));
        feed.setBand(1e8, 1_000_000e8);
        (uint256 first, uint256 second) = source.configure(address(proxy), abi.encode(MAX_AGE));
        _require(address(uint160(first)) == address(proxy), "the proxy is read, not its aggregator");
        _require(uint128(second) == 1e8 && second >> 128 == 1_000_000e8, "the band is the aggregator's");
        _expect(address(proxy), SourceStatus.Valid, 2_000e18, NOW);
    }

    function test_ORC01_BandUnderItsOlderName() external {
        feed.setSubmissionBand(5, 7e8);
        (, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        _require(uint128(second) == 5 && second >> 128 == 7e8, "submission values");
    }

    function test_ORC01_NoBandIsTheWholeRange() external view {
        (, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        _require(uint128(second) == 0 && second >> 128 == type(uint128).max, "0 to 2^128 - 1");
    }

    function test_ORC01_BandIsCutToItsRange() external {
        feed.setBand(-5, type(int256).max);
        (, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        _require(uint128(second) == 0 && second >> 128 == type(uint128).max, "cut on both sides");
    }

    function test_ORC01_WordsAreAsDocumented() external view {
        (uint256 first, ) = source.configure(address(feed), abi.encode(MAX_AGE));
        _require(first == (uint256(8) << 192) | (uint256(MAX_AGE) << 160) | uint160(address(feed)), "first word");
    }

    function test_ORC01_DecimalsAreScaledToWad() external {
        uint8[6] memory decimals = [0, 6, 8, 18, 19, 36];
        for (uint256 i = 0; i < decimals.length; ++i) {
            feed.setDecimals(decimals[i]);
            int256 one = int256(10 ** decimals[i]);
            feed.setAnswer(one);
            _expect(address(feed), SourceStatus.Valid, 1e18, NOW);
        }
    }

    function test_ORC01_MoreThan36DecimalsAreRefused() external {
        feed.setDecimals(37);
        vm.expectRevert(
            abi.encodeWithSelector(ChainlinkReading.ChainlinkSource_UnsupportedDecimals.selector, address(feed), 37)
        );
        source.configure(address(feed), abi.encode(MAX_AGE));
    }

    function test_ORC01_UnreadableFeedsAreRefused() external {
        address[2] memory targets = [address(0xdead), address(this)];
        for (uint256 i = 0; i < targets.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ChainlinkReading.ChainlinkSource_Unreadable.selector, targets[i]));
            source.configure(targets[i], abi.encode(MAX_AGE));
        }
    }

    function test_ORC01_AgesOutOfBoundsAreRefused() external {
        uint32[2] memory ages = [uint32(0), 7 days + 1];
        for (uint256 i = 0; i < ages.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ChainlinkReading.ChainlinkSource_InvalidAge.selector, ages[i]));
            source.configure(address(feed), abi.encode(ages[i]));
        }
        source.configure(address(feed), abi.encode(uint32(1)));
        source.configure(address(feed), abi.encode(uint32(7 days)));
    }

    function test_ORC01_EmptyBandsAreRefused() external {
        int256[2][5] memory bands = [
            [int256(0), int256(0)],
            [int256(0), int256(1)],
            [int256(9), int256(10)],
            [int256(10), int256(9)],
            [int256(-9), int256(-7)]
        ];
        for (uint256 i = 0; i < bands.length; ++i) {
            (int256 min, int256 max) = (bands[i][0], bands[i][1]);
            feed.setBand(min, max);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ChainlinkReading.ChainlinkSource_EmptyBand.selector,
                    address(feed),
                    min < 0 ? int256(0) : min,
                    max < 0 ? int256(0) : max
                )
            );
            source.configure(address(feed), abi.encode(MAX_AGE));
        }
        feed.setBand(9, 11);
        source.configure(address(feed), abi.encode(MAX_AGE));
    }

    function test_ORC01_Unreachable() external {
        (uint256 first, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        MockAggregator.Mode[3] memory modes = [
            MockAggregator.Mode.Reverts,
            MockAggregator.Mode.BurnsGas,
            MockAggregator.Mode.RevertBomb
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            feed.setMode(modes[i]);
            _expectRead(first, second, SourceStatus.Unreachable, 0, 0);
        }
        // No code at the address any more.
        _expectRead(((first >> 160) << 160) | 0xdead, second, SourceStatus.Unreachable, 0, 0);
    }

    function test_ORC01_Malformed_ShortAnswer() external {
        feed.setMode(MockAggregator.Mode.Short);
        _expect(address(feed), SourceStatus.Malformed, 0, 0);
    }

    function test_ORC01_ALongAnswerIsReadAsFarAsNeeded() external {
        feed.setMode(MockAggregator.Mode.Bomb);
        _expect(address(feed), SourceStatus.Valid, 2_000e18, NOW);
    }

    function test_ORC01_Malformed_RoundWithoutAnswer() external {
        feed.setRound(ANSWER, 0);
        _expect(address(feed), SourceStatus.Malformed, 0, 0);
    }

    function test_ORC01_Malformed_PriceThatCannotBeHeld() external {
        feed.setDecimals(0);
        feed.setAnswer(1e9);
        _expect(address(feed), SourceStatus.Valid, 1e27, NOW);
        feed.setAnswer(1e9 + 1);
        _expect(address(feed), SourceStatus.Malformed, 0, 0);
        feed.setAnswer(int256(uint256(type(uint128).max)) - 1);
        _expect(address(feed), SourceStatus.Malformed, 0, 0);
        // Less than a wei is not a price of 0.
        feed.setDecimals(36);
        feed.setAnswer(1e18 - 1);
        _expect(address(feed), SourceStatus.Malformed, 0, 0);
        feed.setAnswer(1e18);
        _expect(address(feed), SourceStatus.Valid, 1, NOW);
    }

    function test_ORC01_NotPositive() external {
        int256[4] memory answers = [int256(0), -1, -ANSWER, type(int256).min];
        for (uint256 i = 0; i < answers.length; ++i) {
            feed.setAnswer(answers[i]);
            _expect(address(feed), SourceStatus.NotPositive, 0, 0);
        }
    }

    /// @dev An answer on the edge is one that was clamped.
    function test_ORC01_OutsideBand() external {
        feed.setBand(10e8, 3_000e8);
        int256[6] memory answers = [int256(10e8), 10e8 - 1, 1, 3_000e8, 3_000e8 + 1, type(int256).max];
        for (uint256 i = 0; i < answers.length; ++i) {
            feed.setAnswer(answers[i]);
            _expect(address(feed), SourceStatus.OutsideBand, 0, 0);
        }
        feed.setAnswer(10e8 + 1);
        _expect(address(feed), SourceStatus.Valid, 10e18 + 1e10, NOW);
        feed.setAnswer(3_000e8 - 1);
        _expect(address(feed), SourceStatus.Valid, 3_000e18 - 1e10, NOW);
    }

    function test_ORC01_FromFuture() external {
        feed.setRound(ANSWER, NOW + 1);
        _expect(address(feed), SourceStatus.FromFuture, 0, 0);
        feed.setRound(ANSWER, type(uint256).max);
        _expect(address(feed), SourceStatus.FromFuture, 0, 0);
        feed.setRound(ANSWER, NOW);
        _expect(address(feed), SourceStatus.Valid, 2_000e18, NOW);
    }

    function test_ORC01_Stale() external {
        feed.setRound(ANSWER, NOW - MAX_AGE);
        _expect(address(feed), SourceStatus.Valid, 2_000e18, NOW - MAX_AGE);
        feed.setRound(ANSWER, NOW - MAX_AGE - 1);
        _expect(address(feed), SourceStatus.Stale, 0, 0);
    }

    function test_ORC01_StarvedReadRevertsInsteadOfFailing() external view {
        (uint256 first, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        (bool ok, bytes memory reason) = address(source).staticcall{gas: GuardedCall.FEED_GAS}(
            abi.encodeCall(ChainlinkSource.read, (first, second))
        );
        _require(!ok && bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "insufficient gas");
    }

    /// @dev What the oracle gives to a reader is enough for a feed that burns all it gets.
    function test_R1a_SourceGasCoversAFeedThatBurnsAll() external {
        (uint256 first, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        feed.setMode(MockAggregator.Mode.BurnsGas);
        (bool ok, bytes memory result) = address(source).staticcall{gas: GuardedCall.SOURCE_GAS}(
            abi.encodeCall(ChainlinkSource.read, (first, second))
        );
        _require(ok && abi.decode(result, (SourceStatus)) == SourceStatus.Unreachable, "a typed failure");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC01_NeverRevertsAndNeverZero(
        int256 answer,
        uint256 updatedAt,
        uint8 decimals,
        uint8 nearness
    ) external {
        decimals = decimals % 37;
        // Half of the draws near what is valid, so that both outcomes are seen.
        if (nearness % 2 == 0) answer = int256(uint256(answer) % (10 ** (uint256(decimals) + 10)));
        if (nearness % 3 != 0) updatedAt = NOW - (updatedAt % 5_000);
        feed.setDecimals(decimals);
        feed.setRound(answer, updatedAt);
        (uint256 first, uint256 second) = source.configure(address(feed), abi.encode(MAX_AGE));
        (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) = source.read(first, second);
        if (status == SourceStatus.Valid) {
            _require(price > 0 && price <= 1e27, "price in range");
            _require(publishedAt == updatedAt && updatedAt <= NOW && NOW - updatedAt <= MAX_AGE, "fresh");
        } else {
            _require(price == 0 && publishedAt == 0, "nothing but the reason");
        }
        _require(confidence == 0, "Chainlink states none");
    }

    function _expect(address target, SourceStatus status, uint256 price, uint256 publishedAt) private view {
        (uint256 first, uint256 second) = source.configure(target, abi.encode(MAX_AGE));
        _expectRead(first, second, status, price, publishedAt);
    }

    function _expectRead(
        uint256 first,
        uint256 second,
        SourceStatus status,
        uint256 price,
        uint256 publishedAt
    ) private view {
        (SourceStatus foundStatus, uint256 foundPrice, uint256 foundAt, ) = source.read(first, second);
        _require(foundStatus == status, "status");
        _require(foundPrice == price, "price");
        _require(foundAt == publishedAt, "publish time");
    }

    function _require(bool condition, string memory what) private pure {
        if (!condition) revert Assertion_Failed(what);
    }
}
