// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, SourceKind, SourceStatus} from "../../interfaces/IPriceSource.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {TokenUnits} from "../../libraries/TokenUnits.sol";
import {MAX_PRICE} from "../../types/Constants.sol";
import {PriceScale} from "./PriceScale.sol";
import {TickPrice} from "./TickPrice.sol";

/// @dev What this reader asks a pool.
interface IUniswapV3PoolOracle {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);
    function observations(uint256 index) external view returns (uint32, int56, uint160, bool);
    function observe(uint32[] calldata secondsAgos) external view returns (int56[] memory, uint160[] memory);
}

/// @title Reader of time-weighted average prices of Uniswap v3 pools (ORC-01)
/// @notice Settings: abi.encode(address settlementToken, uint32 window, uint32 maxAge, uint128 minLiquidity), seconds and the
/// pool's own unit. Target: the pool; its other token is what is priced. Words: target, window, maxAge, the difference of the
/// tokens' decimals and on which side the settlement token lies; and minLiquidity.
/// @dev The price is the geometric mean over the window that ends now: 1.0001^(mean tick), the mean rounded down. What moves it in one
/// block by d ticks for s seconds moves the mean by d s / window. Where the pool's harmonic mean liquidity was below the
/// minimum, the mean was cheap to move, and the answer is Uncertain.
/// The publish time is that of the pool's newest observation, the last block before which its tick or its liquidity moved. It is
/// not "now", although the mean is that of now: a pool that nobody trades in says nothing new, and an answer that is always
/// the newest one would keep fresher answers of other sources out of the cache for the rest of a second (ORC-04).
/// Warning: a stable pair can stay on one tick for days, so its maxAge must be long. A pool whose history is shorter than the window
/// does not answer (the pool reverts with OLD): raise its cardinality before it is listed.
contract UniswapV3Source is IPriceSource {
    /// @dev Listed facts of a pool, unpacked.
    struct Terms {
        address pool;
        uint32 window;
        uint32 maxAge;
        int256 decimals;
        bool isInverse;
    }

    /// @notice Thrown when a pool or a token of it does not answer, or the pool's history is shorter than the window, at listing.
    error UniswapV3Source_Unreadable(address target, uint32 window);
    /// @notice Thrown when neither token of a pool is the settlement token, or both are.
    error UniswapV3Source_NotQuotedIn(address target, address settlementToken);
    /// @notice Thrown when a token has more decimals than can be scaled.
    error UniswapV3Source_UnsupportedDecimals(address token, uint256 decimals);
    /// @notice Thrown when the window is below 10 minutes or above a day.
    error UniswapV3Source_InvalidWindow(uint256 window);
    /// @notice Thrown when the longest age is 0 or above 7 days.
    error UniswapV3Source_InvalidAge(uint256 maxAge);
    /// @notice Thrown when the least liquidity is 0: any pool would do then.
    error UniswapV3Source_InvalidLiquidity();

    uint256 private constant SHORTEST_WINDOW = 10 minutes;
    uint256 private constant LONGEST_WINDOW = 1 days;

    /// @dev A binary search in 65,535 observations reads 32 cold slots at most. All three together fit into SOURCE_GAS, and into what a
    /// RatioSource gives.
    uint256 private constant OBSERVE_GAS = 150_000;
    uint256 private constant SLOT_GAS = 30_000;

    uint256 private constant WINDOW_SHIFT = 160;
    uint256 private constant AGE_SHIFT = 192;
    uint256 private constant DECIMALS_SHIFT = 224;
    uint256 private constant INVERSE_SHIFT = 232;

    uint256 private constant LIQUIDITY_SCALE_BITS = 128;
    /// @dev Two arrays of two: offsets, then each array's length and members.
    uint256 private constant OBSERVE_WORDS = 8;
    uint256 private constant WORD = 32;
    /// @dev Words of slot0, of which the third is the newest observation's index, and of an observation, whose first is its time. All are
    /// asked for, so that a contract of another shape is noticed.
    uint256 private constant SLOT_WORDS = 7;
    uint256 private constant INDEX_WORD = 2;
    uint256 private constant OBSERVATION_WORDS = 4;

    /// @inheritdoc IPriceSource
    function kind() external pure override returns (SourceKind) {
        return SourceKind.TimeWeighted;
    }

    /// @inheritdoc IPriceSource
    function configure(
        address target,
        bytes calldata settings
    ) external view override returns (uint256 first, uint256 second) {
        (address settlementToken, uint32 window, uint32 maxAge, uint128 minLiquidity) = abi.decode(
            settings,
            (address, uint32, uint32, uint128)
        );
        if (window < SHORTEST_WINDOW || window > LONGEST_WINDOW) revert UniswapV3Source_InvalidWindow(window);
        if (maxAge == 0 || maxAge > PriceScale.LONGEST_AGE) revert UniswapV3Source_InvalidAge(maxAge);
        if (minLiquidity == 0) revert UniswapV3Source_InvalidLiquidity();

        (bool isInverse, int256 decimals) = _inspectTokens(target, settlementToken, window);
        (SourceStatus status, , ) = _observe(target, window);
        if (status != SourceStatus.Valid) revert UniswapV3Source_Unreadable(target, window);

        first = (uint256(window) << WINDOW_SHIFT) | (uint256(maxAge) << AGE_SHIFT) | uint160(target);
        first |= uint256(uint8(int8(decimals))) << DECIMALS_SHIFT;
        if (isInverse) first |= 1 << INVERSE_SHIFT;
        second = minLiquidity;
    }

    /// @inheritdoc IPriceSource
    function read(
        uint256 first,
        uint256 second
    ) external view override returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) {
        Terms memory terms = _unpack(first);
        int256 tick;
        uint256 liquidity;
        (status, tick, liquidity) = _observe(terms.pool, terms.window);
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);
        if (liquidity < second) return (SourceStatus.Uncertain, 0, 0, 0);

        uint256 newest;
        (status, newest) = _newestObservation(terms.pool);
        if (status == SourceStatus.Valid) status = PriceScale.judgeTime(newest, terms.maxAge);
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);

        price = TickPrice.toWadDown(terms.isInverse ? -tick : tick, terms.decimals);
        if (price == 0 || price > MAX_PRICE) return (SourceStatus.Malformed, 0, 0, 0);
        (publishedAt, confidence) = (newest, 0);
    }

    /// @return status Valid, Unreachable or Malformed
    /// @return tick mean tick of the window that ends now, rounded down
    /// @return liquidity harmonic mean liquidity of the window
    function _observe(
        address pool,
        uint32 window
    ) private view returns (SourceStatus status, int256 tick, uint256 liquidity) {
        uint32[] memory secondsAgos = new uint32[](2);
        secondsAgos[0] = window;
        (CallOutcome outcome, uint256[] memory answer) = GuardedCall.tryStaticCall(
            pool,
            OBSERVE_GAS,
            abi.encodeCall(IUniswapV3PoolOracle.observe, (secondsAgos)),
            OBSERVE_WORDS
        );
        if (outcome == CallOutcome.Failed) return (SourceStatus.Unreachable, 0, 0);
        if (outcome == CallOutcome.Short || !_holdsTwoPairs(answer)) return (SourceStatus.Malformed, 0, 0);

        uint256 growth;
        // Both accumulators wrap around in their own widths, and their differences are right all the same.
        unchecked {
            tick = TickPrice.meanTickDown(int56(int256(answer[4])) - int56(int256(answer[3])), window);
            growth = uint160(answer[7] - answer[6]);
        }
        if (tick > TickPrice.MAX_TICK || tick < -TickPrice.MAX_TICK || growth == 0) {
            return (SourceStatus.Malformed, 0, 0);
        }
        return (SourceStatus.Valid, tick, (uint256(window) << LIQUIDITY_SCALE_BITS) / growth);
    }

    /// @return status Valid, Unreachable or Malformed
    /// @return time of the newest observation, as pools keep it: modulo 2^32
    function _newestObservation(address pool) private view returns (SourceStatus status, uint256 time) {
        uint256 word;
        (status, word) = _ask(pool, abi.encodeCall(IUniswapV3PoolOracle.slot0, ()), SLOT_WORDS, INDEX_WORD);
        if (status != SourceStatus.Valid) return (status, 0);
        bytes memory question = abi.encodeCall(IUniswapV3PoolOracle.observations, (word));
        (status, word) = _ask(pool, question, OBSERVATION_WORDS, 0);
        if (status != SourceStatus.Valid) return (status, 0);

        // How long ago it was is right modulo 2^32 too; before that, the clock of the chain had not begun.
        uint256 age;
        unchecked {
            age = uint32(block.timestamp) - uint32(word);
            age = uint32(age);
        }
        if (word > type(uint32).max || age > block.timestamp) return (SourceStatus.Malformed, 0);
        return (SourceStatus.Valid, block.timestamp - age);
    }

    function _ask(
        address pool,
        bytes memory question,
        uint256 words,
        uint256 index
    ) private view returns (SourceStatus status, uint256 word) {
        (CallOutcome outcome, uint256[] memory answer) = GuardedCall.tryStaticCall(pool, SLOT_GAS, question, words);
        if (outcome == CallOutcome.Failed) return (SourceStatus.Unreachable, 0);
        if (outcome == CallOutcome.Short) return (SourceStatus.Malformed, 0);
        return (SourceStatus.Valid, answer[index]);
    }

    /// @dev decimals: how many more the token priced has. The price of token0 in token1 is 1.0001^tick, the other way round its inverse.
    function _inspectTokens(
        address pool,
        address settlementToken,
        uint32 window
    ) private view returns (bool isInverse, int256 decimals) {
        address token0 = _tokenOf(pool, window, IUniswapV3PoolOracle.token0.selector);
        address token1 = _tokenOf(pool, window, IUniswapV3PoolOracle.token1.selector);
        isInverse = token0 == settlementToken;
        if (isInverse == (token1 == settlementToken)) revert UniswapV3Source_NotQuotedIn(pool, settlementToken);

        decimals = _decimalsOf(pool, window, token0) - _decimalsOf(pool, window, token1);
        if (isInverse) decimals = -decimals;
    }

    function _tokenOf(address pool, uint32 window, bytes4 selector) private view returns (address) {
        (bool ok, uint256 word) = GuardedCall.tryReadWord(pool, SLOT_GAS, abi.encodePacked(selector));
        if (!ok || word > type(uint160).max) revert UniswapV3Source_Unreadable(pool, window);
        return address(uint160(word));
    }

    function _decimalsOf(address pool, uint32 window, address token) private view returns (int256) {
        (bool ok, uint8 decimals) = TokenUnits.tryDecimals(token);
        if (!ok) revert UniswapV3Source_Unreadable(pool, window);
        if (decimals > PriceScale.MAX_DECIMALS) revert UniswapV3Source_UnsupportedDecimals(token, decimals);
        return int256(uint256(decimals));
    }

    function _unpack(uint256 first) private pure returns (Terms memory) {
        return
            Terms({
                pool: address(uint160(first)),
                window: uint32(first >> WINDOW_SHIFT),
                maxAge: uint32(first >> AGE_SHIFT),
                decimals: int8(uint8(first >> DECIMALS_SHIFT)),
                isInverse: (first >> INVERSE_SHIFT) & 1 != 0
            });
    }

    /// @dev Whether the words are two arrays of two, laid out as every compiler lays them out.
    function _holdsTwoPairs(uint256[] memory answer) private pure returns (bool) {
        return answer[0] == 2 * WORD && answer[1] == 5 * WORD && answer[2] == 2 && answer[5] == 2;
    }
}
