// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";

import {SourceStatus} from "../../interfaces/IPriceSource.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {BPS_ONE, MAX_PRICE} from "../../types/Constants.sol";
import {PriceScale} from "./PriceScale.sol";

/// @title How prices of Pyth are read (ORC-01, ORC-08)
/// @notice Target: the Pyth contract. Settings: abi.encode(bytes32 priceId, uint32 maxAge in seconds, uint16 maxConfidenceBps).
/// Words: target, maxAge and maxConfidenceBps; and the price id. The price is the one that somebody has brought to the Pyth
/// contract last, by its own payable and idempotent `updatePriceFeeds`; this reader only looks at it.
/// @dev A confidence interval that is wider than maxConfidenceBps of the price makes the answer Uncertain. A narrow one proves
/// nothing: in September 2021 the price was wrong and its interval narrow, so it is the consensus that stands against that.
/// Warning: whoever lists a feed makes sure that the price id is quoted in the settlement asset.
abstract contract PythReading {
    /// @notice Thrown when the Pyth contract does not know the price id, or does not answer, at listing.
    error PythSource_Unreadable(address target, bytes32 priceId);
    /// @notice Thrown when the longest age is 0 or above 7 days.
    error PythSource_InvalidAge(uint256 maxAge);
    /// @notice Thrown when the widest confidence is 0 or above 10%.
    error PythSource_InvalidConfidence(uint256 maxConfidenceBps);

    uint256 private constant WIDEST_CONFIDENCE_BPS = 10_00;
    /// @dev A price of 1 with a higher exponent is above MAX_PRICE; a lower one has no use and would need wider scaling.
    int256 private constant HIGHEST_EXPONENT = 9;
    int256 private constant LOWEST_EXPONENT = -int256(PriceScale.MAX_DECIMALS);

    uint256 private constant AGE_SHIFT = 160;
    uint256 private constant CONFIDENCE_SHIFT = 192;
    /// @dev price, conf, expo, publishTime.
    uint256 private constant PRICE_WORDS = 4;

    /// @dev As `IPriceSource.configure`.
    function _configurePyth(
        address target,
        bytes calldata settings
    ) internal view returns (uint256 first, uint256 second) {
        (bytes32 priceId, uint32 maxAge, uint16 maxConfidenceBps) = abi.decode(settings, (bytes32, uint32, uint16));
        if (maxAge == 0 || maxAge > PriceScale.LONGEST_AGE) revert PythSource_InvalidAge(maxAge);
        if (maxConfidenceBps == 0 || maxConfidenceBps > WIDEST_CONFIDENCE_BPS) {
            revert PythSource_InvalidConfidence(maxConfidenceBps);
        }
        (CallOutcome outcome, ) = _askPyth(target, priceId);
        if (outcome != CallOutcome.Returned) revert PythSource_Unreadable(target, priceId);

        first = (uint256(maxConfidenceBps) << CONFIDENCE_SHIFT) | (uint256(maxAge) << AGE_SHIFT) | uint160(target);
        second = uint256(priceId);
    }

    /// @dev As `IPriceSource.read`, but with the answer that the confidence can be taken out of: a consensus does not ask for it.
    function _readPyth(
        uint256 first,
        uint256 second
    ) internal view returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256[] memory answer) {
        CallOutcome outcome;
        (outcome, answer) = _askPyth(address(uint160(first)), bytes32(second));
        if (outcome == CallOutcome.Failed) return (SourceStatus.Unreachable, 0, 0, answer);
        if (outcome == CallOutcome.Short) return (SourceStatus.Malformed, 0, 0, answer);

        status = _judgePyth(answer, uint32(first >> AGE_SHIFT), uint16(first >> CONFIDENCE_SHIFT));
        if (status != SourceStatus.Valid) return (status, 0, 0, answer);

        price = _toWadDown(answer[0], int256(answer[2]));
        if (price == 0 || price > MAX_PRICE) return (SourceStatus.Malformed, 0, 0, answer);
        return (SourceStatus.Valid, price, answer[3], answer);
    }

    /// @dev Half of the width of a valid answer, WAD.
    function _confidenceOf(uint256[] memory answer) internal pure returns (uint256) {
        return _toWadDown(answer[1], int256(answer[2]));
    }

    /// @dev The words are those of a struct of int64, uint64, int32 and uint256; what does not fit those is malformed.
    function _judgePyth(
        uint256[] memory answer,
        uint256 maxAge,
        uint256 maxConfidenceBps
    ) private view returns (SourceStatus) {
        int256 price = int256(answer[0]);
        uint256 confidence = answer[1];
        int256 exponent = int256(answer[2]);
        if (price != int64(price) || confidence > type(uint64).max) return SourceStatus.Malformed;
        if (exponent < LOWEST_EXPONENT || exponent > HIGHEST_EXPONENT) return SourceStatus.Malformed;
        if (price <= 0) return SourceStatus.NotPositive;
        // 64 and 14 bits.
        if (confidence * BPS_ONE > uint256(price) * maxConfidenceBps) return SourceStatus.Uncertain;
        return PriceScale.judgeTime(answer[3], maxAge);
    }

    function _askPyth(address target, bytes32 priceId) private view returns (CallOutcome, uint256[] memory) {
        bytes memory question = abi.encodeCall(IPyth.getPriceUnsafe, (priceId));
        return GuardedCall.tryStaticCall(target, GuardedCall.FEED_GAS, question, PRICE_WORDS);
    }

    /// @dev amount * 10^exponent in WAD, for amounts below 2^64 and exponents within their bounds.
    function _toWadDown(uint256 amount, int256 exponent) private pure returns (uint256) {
        if (exponent <= 0) return PriceScale.toWadDown(amount, uint256(-exponent));
        return PriceScale.toWadDown(amount * 10 ** uint256(exponent), 0);
    }
}
