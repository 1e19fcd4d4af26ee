// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceKind, SourceStatus} from "../../../contracts/interfaces/IPriceSource.sol";
import {MockAnswers} from "../../../contracts/mocks/MockAnswers.sol";
import {MockToken} from "../../../contracts/mocks/MockToken.sol";
import {IUniswapV3PoolOracle, UniswapV3Source} from "../../../contracts/oracle/sources/UniswapV3Source.sol";
import {vm} from "../support/Vm.sol";
import {SourceTest} from "./SourceTest.sol";

/// @dev ORC-01 for pools that say what they like. Real pools are in test/typescript/oracle/uniswap.test.ts.
contract UniswapV3SourceTest is SourceTest {
    uint32 private constant WINDOW = 1_800;
    uint32 private constant MAX_AGE = 3_600;
    uint128 private constant LEAST = 1e18;

    UniswapV3Source private source;
    MockAnswers private pool;
    MockToken private usd;
    MockToken private ether_;
    /// @dev What the pool's accumulators are at the window's beginning and end.
    int56[2] private _ticks;
    uint160[2] private _growths;

    function setUp() external {
        vm.warp(NOW);
        source = new UniswapV3Source();
        pool = new MockAnswers();
        usd = new MockToken("Test Dollar", "USD", 6);
        ether_ = new MockToken("Test Ether", "ETH", 18);
        _answerTokens(address(ether_), address(usd));
        // 1.0001^-200,000 * 1e12 = 2,063.
        _answerTicks(7, 7 - 200_000 * int56(uint56(WINDOW)));
        _answerLiquidity(5, 2e18);
        _answerNewest(11, uint32(NOW - 60));
    }

    function test_ORC01_KindIsTimeWeighted() external view {
        _require(source.kind() == SourceKind.TimeWeighted, "time-weighted");
    }

    function test_ORC01_WordsAreAsDocumented() external {
        uint256[2] memory words = _words();
        uint256 first = (uint256(12) << 224) | (uint256(MAX_AGE) << 192) | (uint256(WINDOW) << 160);
        _require(words[0] == first | uint160(address(pool)), "pool, window, age, decimals");
        _require(words[1] == LEAST, "least liquidity");
        _answerTokens(address(usd), address(ether_));
        words = _words();
        _require(words[0] == first | uint160(address(pool)) | (1 << 232), "and the inverse");
    }

    /// @dev Down to the whole tick of the mean, on both sides of zero and in both directions.
    function test_ORC01_TheMeanIsRoundedDown() external {
        MockToken second = new MockToken("Another Ether", "ETH2", 18);
        _answerTokens(address(second), address(ether_));
        uint256[2] memory words = _configure(
            source,
            address(pool),
            abi.encode(address(ether_), WINDOW, MAX_AGE, LEAST)
        );
        int56 window = int56(uint56(WINDOW));
        // One short of a tick, a tick, one beyond: 0, 1, 1; and -1, -1, -2.
        int56[6] memory changes = [window - 1, window, window + 1, -window + 1, -window, -window - 1];
        uint256 tick = 1.0001e18;
        uint256 below = uint256(1e36) / 1.0001e18;
        uint256[6] memory prices = [uint256(1e18), tick, tick, below, below, uint256(1e54) / 1.0001e18 / 1.0001e18];
        for (uint256 i = 0; i < 6; ++i) {
            _answerTicks(0, changes[i]);
            (SourceStatus status, uint256 price, , ) = source.read(words[0], words[1]);
            _require(status == SourceStatus.Valid, "valid");
            // 3e-18 of the price, and a wei.
            _require(price + 5 > prices[i] && price <= prices[i], "price of the tick");
        }
    }

    function test_ORC01_TheOtherTokenHasTheInversePrice() external {
        uint256[2] memory words = _words();
        (, uint256 price, , ) = source.read(words[0], words[1]);
        _answerTokens(address(usd), address(ether_));
        _answerTicks(0, 200_000 * int56(uint56(WINDOW)));
        words = _words();
        (, uint256 inverse, , ) = source.read(words[0], words[1]);
        _require(price > 2_000e18 && inverse == price, "a dollar token first: the same ether in dollars");
    }

    /// @dev Accumulators wrap around.
    function test_ORC01_AccumulatorsWrapAround() external {
        uint256[2] memory words = _words();
        (, uint256 price, , ) = source.read(words[0], words[1]);
        int56 change = -200_000 * int56(uint56(WINDOW));
        int56 from = type(int56).min + 5;
        int56 to;
        unchecked {
            to = from + change;
        }
        _answerTicks(from, to);
        _answerLiquidity(type(uint160).max - 5, 2e18);
        _expectRead(source, words, SourceStatus.Valid, price, NOW - 60, 0);
    }

    /// @dev What pools keep of the time is modulo 2^32.
    function test_ORC01_TimeWrapsAround() external {
        uint256[2] memory words = _words();
        uint256 later = (uint256(3) << 32) + 40;
        vm.warp(later);
        _answerNewest(11, type(uint32).max);
        (SourceStatus status, , uint256 publishedAt, ) = source.read(words[0], words[1]);
        _require(status == SourceStatus.Valid && publishedAt == (uint256(3) << 32) - 1, "41 seconds ago");
    }

    function test_ORC01_StaleFromTheFirstSecondBeyondTheAge() external {
        uint256[2] memory words = _words();
        _answerNewest(11, uint32(NOW - MAX_AGE));
        (SourceStatus status, , uint256 publishedAt, ) = source.read(words[0], words[1]);
        _require(status == SourceStatus.Valid && publishedAt == NOW - MAX_AGE, "old enough");
        _answerNewest(11, uint32(NOW - MAX_AGE - 1));
        _expectFailure(source, words, SourceStatus.Stale);
        // A second to come is 136 years ago, when there was no chain.
        _answerNewest(11, uint32(NOW + 1));
        _expectFailure(source, words, SourceStatus.Malformed);
    }

    function test_ORC01_UncertainBelowTheLeastLiquidity() external {
        uint256[2] memory words = _words();
        // The exact harmonic mean of a constant liquidity is it, up to rounding.
        uint256 growth = (uint256(WINDOW) << 128) / LEAST;
        _answerGrowth(9, growth);
        (SourceStatus status, , , ) = source.read(words[0], words[1]);
        _require(status == SourceStatus.Valid, "as much as needed");
        _answerGrowth(9, growth + growth / 1e9);
        _expectFailure(source, words, SourceStatus.Uncertain);
    }

    function test_ORC01_Malformed() external {
        uint256[2] memory words = _words();
        // No growth at all: more liquidity than there can be.
        _answerGrowth(9, 0);
        _expectFailure(source, words, SourceStatus.Malformed);
        _answerLiquidity(5, 2e18);
        // Beyond a pool's ticks.
        int56 window = int56(uint56(WINDOW));
        _answerTicks(0, 887_273 * window);
        _expectFailure(source, words, SourceStatus.Malformed);
        _answerTicks(0, -887_272 * window - 1);
        _expectFailure(source, words, SourceStatus.Malformed);
        // Prices above 1e9 and of less than a wei.
        _answerTicks(0, 887_272 * window);
        _expectFailure(source, words, SourceStatus.Malformed);
        _answerTicks(0, -887_272 * window);
        _expectFailure(source, words, SourceStatus.Malformed);
    }

    function test_ORC01_Malformed_ArraysOfAnotherShape() external {
        uint256[2] memory words = _words();
        for (uint256 i = 0; i < 5; ++i) {
            uint256[8] memory answer = [uint256(0x40), 0xa0, 2, 0, 0, 2, 0, 1e20];
            answer[4] = uint256(-200_000 * int256(uint256(WINDOW)));
            if (i == 0) answer[0] = 0x60;
            if (i == 1) answer[1] = 0xc0;
            if (i == 2) answer[2] = 3;
            if (i == 3) answer[5] = 1;
            pool.setAnswer(IUniswapV3PoolOracle.observe.selector, abi.encode(answer));
            if (i < 4) _expectFailure(source, words, SourceStatus.Malformed);
        }
        // The same words in their places are two arrays.
        (SourceStatus status, , , ) = source.read(words[0], words[1]);
        _require(status == SourceStatus.Valid, "well-formed");
        pool.setAnswer(IUniswapV3PoolOracle.observe.selector, new bytes(255));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answerTicks(0, -200_000 * int56(uint56(WINDOW)));
        pool.setAnswer(IUniswapV3PoolOracle.slot0.selector, new bytes(7 * 32 - 1));
        _expectFailure(source, words, SourceStatus.Malformed);
        _answerNewest(11, uint32(NOW));
        pool.setAnswer(IUniswapV3PoolOracle.observations.selector, new bytes(4 * 32 - 1));
        _expectFailure(source, words, SourceStatus.Malformed);
        pool.setAnswer(IUniswapV3PoolOracle.observations.selector, abi.encode((uint256(1) << 32) | NOW, 0, 0, true));
        _expectFailure(source, words, SourceStatus.Malformed);
    }

    function test_ORC01_Unreachable() external {
        uint256[2] memory words = _words();
        bytes4[3] memory selectors = [
            IUniswapV3PoolOracle.observe.selector,
            IUniswapV3PoolOracle.slot0.selector,
            IUniswapV3PoolOracle.observations.selector
        ];
        MockAnswers.Mode[3] memory modes = [
            MockAnswers.Mode.Reverts,
            MockAnswers.Mode.BurnsGas,
            MockAnswers.Mode.RevertBomb
        ];
        for (uint256 i = 0; i < selectors.length; ++i) {
            for (uint256 k = 0; k < modes.length; ++k) {
                pool.setMode(selectors[i], modes[k]);
                _expectFailure(source, words, SourceStatus.Unreachable);
                _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
            }
            pool.setMode(selectors[i], MockAnswers.Mode.Answers);
        }
        // No code at the address any more.
        words[0] = ((words[0] >> 160) << 160) | 0xdead;
        _expectFailure(source, words, SourceStatus.Unreachable);
    }

    /// @dev A pool that answers and uses nearly all that each of its functions gets leaves enough for the rest (R1a).
    function test_R1a_SourceGasCoversAPoolThatWastesIt() external {
        uint256[2] memory words = _words();
        pool.setGas(IUniswapV3PoolOracle.observe.selector, 130_000);
        pool.setGas(IUniswapV3PoolOracle.slot0.selector, 12_000);
        pool.setMode(IUniswapV3PoolOracle.observations.selector, MockAnswers.Mode.BurnsGas);
        _expectFailureWithSourceGas(source, words, SourceStatus.Unreachable);
    }

    function test_ORC01_StarvedReadRevertsInsteadOfFailing() external view {
        _expectStarvedReadReverts(source, _words(), 150_000);
    }

    function test_ORC01_OtherTokensAreRefused() external {
        bytes memory settings = abi.encode(address(usd), WINDOW, MAX_AGE, LEAST);
        bytes memory problem = abi.encodeWithSelector(
            UniswapV3Source.UniswapV3Source_NotQuotedIn.selector,
            address(pool),
            address(usd)
        );
        MockToken other = new MockToken("Other", "OTH", 18);
        _answerTokens(address(ether_), address(other));
        _expectRefusal(source, address(pool), settings, problem);
        _answerTokens(address(usd), address(usd));
        _expectRefusal(source, address(pool), settings, problem);
    }

    function test_ORC01_DecimalsOutOfBoundsAreRefused() external {
        MockToken odd = new MockToken("Odd", "ODD", 37);
        _answerTokens(address(odd), address(usd));
        bytes memory problem = abi.encodeWithSelector(
            UniswapV3Source.UniswapV3Source_UnsupportedDecimals.selector,
            address(odd),
            37
        );
        _expectRefusal(source, address(pool), abi.encode(address(usd), WINDOW, MAX_AGE, LEAST), problem);
        odd = new MockToken("Odd", "ODD", 36);
        _answerTokens(address(odd), address(usd));
        _words();
    }

    function test_ORC01_SettingsOutOfBoundsAreRefused() external {
        uint32[2] memory windows = [uint32(599), 1 days + 1];
        uint32[2] memory ages = [uint32(0), 7 days + 1];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory problem = abi.encodeWithSelector(
                UniswapV3Source.UniswapV3Source_InvalidWindow.selector,
                windows[i]
            );
            _expectRefusal(source, address(pool), abi.encode(address(usd), windows[i], MAX_AGE, LEAST), problem);
            problem = abi.encodeWithSelector(UniswapV3Source.UniswapV3Source_InvalidAge.selector, ages[i]);
            _expectRefusal(source, address(pool), abi.encode(address(usd), WINDOW, ages[i], LEAST), problem);
        }
        bytes memory none = abi.encodeWithSelector(UniswapV3Source.UniswapV3Source_InvalidLiquidity.selector);
        _expectRefusal(source, address(pool), abi.encode(address(usd), WINDOW, MAX_AGE, uint128(0)), none);
        source.configure(address(pool), abi.encode(address(usd), uint32(600), uint32(7 days), uint128(1)));
        source.configure(address(pool), abi.encode(address(usd), uint32(1 days), uint32(1), uint128(1)));
    }

    function test_ORC01_UnreadablePoolsAreRefused() external {
        bytes memory settings = abi.encode(address(usd), WINDOW, MAX_AGE, LEAST);
        bytes4 problem = UniswapV3Source.UniswapV3Source_Unreadable.selector;
        _expectRefusal(source, address(0xdead), settings, abi.encodeWithSelector(problem, address(0xdead), WINDOW));
        bytes memory known = abi.encodeWithSelector(problem, address(pool), WINDOW);
        // A history that is too short.
        pool.setMode(IUniswapV3PoolOracle.observe.selector, MockAnswers.Mode.Reverts);
        _expectRefusal(source, address(pool), settings, known);
        pool.setMode(IUniswapV3PoolOracle.observe.selector, MockAnswers.Mode.Answers);
        // Tokens that are none, or say no decimals.
        pool.setAnswer(IUniswapV3PoolOracle.token0.selector, abi.encode(uint256(1) << 160));
        _expectRefusal(source, address(pool), settings, known);
        _answerTokens(address(this), address(usd));
        _expectRefusal(source, address(pool), settings, known);
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_ORC01_NeverRevertsAndNeverZero(
        uint256[8] memory answer,
        uint256 index,
        uint256 time,
        uint8 nearness
    ) external {
        uint256[2] memory words = _words();
        if (nearness % 7 != 0) (answer[0], answer[1], answer[2], answer[5]) = (0x40, 0xa0, 2, 2);
        unchecked {
            if (nearness % 2 == 0) answer[4] = uint256(int256(answer[3]) + (int256(answer[4]) % (200_000 * 1_800)));
            if (nearness % 3 != 0) answer[7] = answer[6] + (answer[7] % (uint256(WINDOW) << 70));
        }
        if (nearness % 5 != 0) time = NOW - (time % 4_000);
        pool.setAnswer(IUniswapV3PoolOracle.observe.selector, abi.encode(answer));
        pool.setAnswer(IUniswapV3PoolOracle.slot0.selector, abi.encode(1, 2, index, 4, 5, 6, true));
        pool.setAnswer(IUniswapV3PoolOracle.observations.selector, abi.encode(time, 2, 3, true));
        if (_expectTotal(source, words)) _require(NOW - time <= MAX_AGE, "fresh");
    }

    function _words() private view returns (uint256[2] memory) {
        return _configure(source, address(pool), abi.encode(address(usd), WINDOW, MAX_AGE, LEAST));
    }

    function _answerTokens(address token0, address token1) private {
        pool.setAnswer(IUniswapV3PoolOracle.token0.selector, abi.encode(token0));
        pool.setAnswer(IUniswapV3PoolOracle.token1.selector, abi.encode(token1));
    }

    function _answerTicks(int56 from, int56 to) private {
        _ticks = [from, to];
        _answerObserve();
    }

    function _answerLiquidity(uint160 from, uint256 liquidity) private {
        _answerGrowth(from, (uint256(WINDOW) << 128) / liquidity);
    }

    function _answerGrowth(uint160 from, uint256 growth) private {
        unchecked {
            _growths = [from, from + uint160(growth)];
        }
        _answerObserve();
    }

    function _answerObserve() private {
        int56[] memory ticks = new int56[](2);
        uint160[] memory growths = new uint160[](2);
        (ticks[0], ticks[1], growths[0], growths[1]) = (_ticks[0], _ticks[1], _growths[0], _growths[1]);
        pool.setAnswer(IUniswapV3PoolOracle.observe.selector, abi.encode(ticks, growths));
    }

    function _answerNewest(uint16 index, uint32 time) private {
        pool.setAnswer(IUniswapV3PoolOracle.slot0.selector, abi.encode(1, 2, index, 4, 5, 6, true));
        pool.setAnswer(IUniswapV3PoolOracle.observations.selector, abi.encode(time, 2, 3, true));
    }
}
