// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IPriceSource, SourceKind, SourceStatus} from "../../interfaces/IPriceSource.sol";
import {CallOutcome, GuardedCall} from "../../libraries/GuardedCall.sol";
import {TokenUnits} from "../../libraries/TokenUnits.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {BPS_ONE, MAX_PRICE} from "../../types/Constants.sol";
import {PriceScale} from "./PriceScale.sol";

/// @title Reader of tokens that stand for a growing amount of another: a rate times a price (ORC-01)
/// @notice Price: one source of the underlying token's price, read by another reader; chosen at deployment, so a RatioSource is deployed
/// for each. Target: an ERC-4626 vault, or any contract that says a rate by a function without arguments (`stEthPerToken`,
/// `getRate`). Settings: abi.encode(bytes4 selector, uint8 rateDecimals, uint16 maxGrowthBps, uint16 floorBps): selector 0 for
/// ERC-4626, whose rate is `convertToAssets` of one whole share and has the asset's decimals; growth a year. Words: target, selector, bounds
/// and decimals; rate and time of the listing.
/// @dev A rate above listed * (1 + maxGrowth * time since listing / 365 days), or below listed * floor, is OutsideBand: the source
/// then says nothing. It is never cut to the bound: a bound that was wrong served a price 2.85% too low as if it were one, and liquidated
/// 34 accounts (Aave, March 2026). The slack between cap and true growth, which a donation to a vault could use, grows with the time since
/// listing; listing anew takes it back.
/// Warning: the rate of the listing is taken on trust, and so is that the target is no pool whose rate one transaction can turn.
/// The price must be independent of the feed's other sources, else it is one source under two kinds.
contract RatioSource is IPriceSource {
    /// @dev Listed facts of a rate, unpacked.
    struct Terms {
        address target;
        bytes4 selector;
        uint256 maxGrowthBps;
        uint256 floorBps;
        uint256 rateDecimals;
        uint256 shareDecimals;
        uint256 listedRate;
        uint256 listedAt;
    }

    /// @notice Thrown at deployment when the price is read by a RatioSource: two limits of gas do not fit into one.
    error RatioSource_NestedRatio(address priceReader);
    /// @notice Thrown when the target says no rate, or one of 0 or beyond 128 bits, or a vault does not say its decimals, at listing.
    error RatioSource_Unreadable(address target);
    /// @notice Thrown when the rate's decimals are above 36, or not those of the vault's asset.
    error RatioSource_WrongDecimals(address target, uint256 decimals, uint256 expected);
    /// @notice Thrown when growth is above 100% a year.
    error RatioSource_InvalidGrowth(uint256 maxGrowthBps);
    /// @notice Thrown when the floor is 0 or above 100%.
    error RatioSource_InvalidFloor(uint256 floorBps);

    /// @notice Reader of the underlying token's price.
    IPriceSource public immutable priceReader;
    uint256 private immutable _priceFirst;
    uint256 private immutable _priceSecond;

    /// @dev Together with this contract's own work they fit into SOURCE_GAS, and the second one leaves a reader what a call with FEED_GAS needs.
    uint256 private constant RATE_GAS = 110_000;
    uint256 private constant PRICE_GAS = 270_000;

    uint256 private constant MAX_GROWTH_BPS = 100_00;
    uint256 private constant YEAR = 365 days;
    /// @dev Words that IPriceSource.read answers with.
    uint256 private constant READING_WORDS = 4;

    uint256 private constant SELECTOR_SHIFT = 160;
    uint256 private constant GROWTH_SHIFT = 192;
    uint256 private constant FLOOR_SHIFT = 208;
    uint256 private constant RATE_DECIMALS_SHIFT = 224;
    uint256 private constant SHARE_DECIMALS_SHIFT = 232;
    uint256 private constant LISTED_AT_SHIFT = 128;

    /// @param reader of the underlying token's price, not a RatioSource
    /// @param priceTarget passed with `priceSettings` to the reader's `configure`
    constructor(IPriceSource reader, address priceTarget, bytes memory priceSettings) {
        if (reader.kind() == SourceKind.Ratio) revert RatioSource_NestedRatio(address(reader));
        priceReader = reader;
        (_priceFirst, _priceSecond) = reader.configure(priceTarget, priceSettings);
    }

    /// @inheritdoc IPriceSource
    function kind() external pure override returns (SourceKind) {
        return SourceKind.Ratio;
    }

    /// @inheritdoc IPriceSource
    function configure(
        address target,
        bytes calldata settings
    ) external view override returns (uint256 first, uint256 second) {
        Terms memory terms;
        terms.target = target;
        uint8 rateDecimals;
        (terms.selector, rateDecimals, terms.maxGrowthBps, terms.floorBps) = abi.decode(
            settings,
            (bytes4, uint8, uint16, uint16)
        );
        if (terms.maxGrowthBps > MAX_GROWTH_BPS) revert RatioSource_InvalidGrowth(terms.maxGrowthBps);
        if (terms.floorBps == 0 || terms.floorBps > BPS_ONE) revert RatioSource_InvalidFloor(terms.floorBps);
        if (rateDecimals > PriceScale.MAX_DECIMALS) {
            revert RatioSource_WrongDecimals(target, rateDecimals, PriceScale.MAX_DECIMALS);
        }
        terms.rateDecimals = rateDecimals;
        if (terms.selector == 0) terms.shareDecimals = _inspectVault(target, rateDecimals);

        (bool ok, uint256 rate) = _askRate(terms);
        if (!ok || rate == 0 || rate > type(uint128).max) revert RatioSource_Unreadable(target);

        first = uint160(target) | (uint256(uint32(terms.selector)) << SELECTOR_SHIFT);
        first |= (terms.maxGrowthBps << GROWTH_SHIFT) | (terms.floorBps << FLOOR_SHIFT);
        first |= (terms.rateDecimals << RATE_DECIMALS_SHIFT) | (terms.shareDecimals << SHARE_DECIMALS_SHIFT);
        second = (block.timestamp << LISTED_AT_SHIFT) | rate;
    }

    /// @inheritdoc IPriceSource
    function read(
        uint256 first,
        uint256 second
    ) external view override returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence) {
        Terms memory terms = _unpack(first, second);
        (bool ok, uint256 rate) = _askRate(terms);
        if (!ok) return (SourceStatus.Unreachable, 0, 0, 0);
        status = _judgeRate(terms, rate);
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);

        (status, price, publishedAt, confidence) = _askPrice();
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);

        // A rate below 2^129 and a price below 2^90; decimals are at most 36.
        uint256 unit = 10 ** terms.rateDecimals;
        price = WadMath.mulDivDown(rate, price, unit);
        if (price == 0 || price > MAX_PRICE) return (SourceStatus.Malformed, 0, 0, 0);
        confidence = WadMath.mulDivUp(rate, confidence, unit);
    }

    /// @dev In bounds, edges included, or a typed failure.
    function _judgeRate(Terms memory terms, uint256 rate) private view returns (SourceStatus) {
        if (rate == 0) return SourceStatus.NotPositive;
        if (rate > type(uint128).max) return SourceStatus.Malformed;
        // 128 bits times 14 and 40.
        uint256 growth =
            (terms.listedRate * terms.maxGrowthBps * (block.timestamp - terms.listedAt)) / (BPS_ONE * YEAR);
        bool isTooHigh = rate > terms.listedRate + growth;
        bool isTooLow = rate * BPS_ONE < terms.listedRate * terms.floorBps;
        return isTooHigh || isTooLow ? SourceStatus.OutsideBand : SourceStatus.Valid;
    }

    function _askRate(Terms memory terms) private view returns (bool ok, uint256 rate) {
        bytes memory question =
            terms.selector == 0
                ? abi.encodeCall(IERC4626.convertToAssets, (10 ** terms.shareDecimals))
                : abi.encodePacked(terms.selector);
        return GuardedCall.tryReadWord(terms.target, RATE_GAS, question);
    }

    function _askPrice()
        private
        view
        returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence)
    {
        (CallOutcome outcome, uint256[] memory answer) = GuardedCall.tryStaticCall(
            address(priceReader),
            PRICE_GAS,
            abi.encodeCall(IPriceSource.read, (_priceFirst, _priceSecond)),
            READING_WORDS
        );
        if (outcome == CallOutcome.Failed) return (SourceStatus.Unreachable, 0, 0, 0);
        if (outcome == CallOutcome.Short || answer[0] > uint256(type(SourceStatus).max)) {
            return (SourceStatus.Malformed, 0, 0, 0);
        }
        status = SourceStatus(answer[0]);
        if (status != SourceStatus.Valid) return (status, 0, 0, 0);
        if (answer[1] == 0 || answer[1] > MAX_PRICE || answer[3] > MAX_PRICE) return (SourceStatus.Malformed, 0, 0, 0);
        // How old it may be is the reader's to say.
        status = PriceScale.judgeTime(answer[2], type(uint256).max);
        if (status == SourceStatus.Valid) (price, publishedAt, confidence) = (answer[1], answer[2], answer[3]);
    }

    /// @dev A vault's asset decides what its rate's decimals are; the lister says them too, so that a mistake is noticed.
    function _inspectVault(address vault, uint8 rateDecimals) private view returns (uint8 shareDecimals) {
        bool ok;
        (ok, shareDecimals) = TokenUnits.tryDecimals(vault);
        if (!ok || shareDecimals > PriceScale.MAX_DECIMALS) revert RatioSource_Unreadable(vault);
        uint256 asset;
        (ok, asset) = GuardedCall.tryReadWord(vault, RATE_GAS, abi.encodeCall(IERC4626.asset, ()));
        if (!ok || asset > type(uint160).max) revert RatioSource_Unreadable(vault);
        uint8 decimals;
        (ok, decimals) = TokenUnits.tryDecimals(address(uint160(asset)));
        if (!ok) revert RatioSource_Unreadable(vault);
        if (decimals != rateDecimals) revert RatioSource_WrongDecimals(vault, rateDecimals, decimals);
    }

    function _unpack(uint256 first, uint256 second) private pure returns (Terms memory) {
        return
            Terms({
                target: address(uint160(first)),
                selector: bytes4(uint32(first >> SELECTOR_SHIFT)),
                maxGrowthBps: uint16(first >> GROWTH_SHIFT),
                floorBps: uint16(first >> FLOOR_SHIFT),
                rateDecimals: uint8(first >> RATE_DECIMALS_SHIFT),
                shareDecimals: uint8(first >> SHARE_DECIMALS_SHIFT),
                listedRate: uint128(second),
                listedAt: second >> LISTED_AT_SHIFT
            });
    }
}
