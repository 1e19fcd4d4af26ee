// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {ReserveMath} from "../libraries/ReserveMath.sol";
import {RiskMath} from "../libraries/RiskMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Interest, Market, RiskTargets} from "../types/Clearing.sol";
import {RATIO_ONE, WAD} from "../types/Constants.sol";
import {LayerAmounts} from "../types/Coverage.sol";
import {MarketFlags} from "../types/Flags.sol";
import {MarketClass, MarketId, SegmentId, feedOfMarket} from "../types/Identifiers.sol";
import {ClassParameters, MarketRisk} from "../types/Risk.sol";
import {LargeAccounts} from "./LargeAccounts.sol";
import {RiskParameters} from "./RiskParameters.sol";

/// @title Risk controller
/// @notice See IRiskController. One market at a time, O(1): each market's part of the target is kept, and replaced when it is measured.
/// @dev Why nobody gains by the moment of his call:
/// - Twice in a block: no time has passed, so nothing moves away from safety.
/// - After giving to the fund: what is given stays given (FND-02), tranches leave after four weeks, so resources cannot be lent for a
///   transaction; and what they raise, rises by the hour.
/// - Before a withdrawal: ratio and profit weight rise by 1/24 at most, and fall to the truth.
/// - Never: figures stay as of the last call, which anyone may repeat; docs/known-issues.md says what that leaves.
contract RiskController is RiskParameters, LargeAccounts {
    /// @dev What a `sync` looks at.
    struct Reading {
        ClassParameters parameters;
        uint256 openInterest;
        uint256 cap;
        uint256 listedCap;
        uint256 gapRate;
        uint256 rate;
        uint256 price;
        uint256 fast;
        uint256 slow;
        uint256 scale;
        uint256 shortfall;
        uint256 elapsed;
    }

    IInsuranceFund private immutable FUND;
    SegmentId private immutable SEGMENT;

    mapping(MarketId market => MarketRisk) private _risks;
    /// @dev Sum of the contributions of all markets, WAD.
    uint256 private _marketsTarget;
    /// @dev One slot: the ratio as last set, and when.
    uint32 private _ratio = uint32(RATIO_ONE);
    uint40 private _ratioAt = uint40(block.timestamp);

    constructor(
        address accessManager,
        IClearingHouse house_,
        ClassParameters[3] memory parameters
    ) RiskParameters(accessManager, parameters) LargeAccounts(house_) {
        FUND = IInsuranceFund(house_.fund());
        SEGMENT = ILiquidationEngine(house_.engine()).segment();
        if (SegmentId.unwrap(SEGMENT) == 0) revert RiskController_InvalidHouse(address(house_));
    }

    /* SYNC */

    /// @inheritdoc IRiskController
    function sync(MarketId market) external nonReentrant returns (RiskTargets memory targets, uint256 ratio_) {
        return _sync(market);
    }

    /// @inheritdoc IRiskController
    function syncMany(MarketId[] calldata markets) external nonReentrant {
        for (uint256 i = 0; i < markets.length; ++i) _sync(markets[i]);
    }

    function _sync(MarketId market) private returns (RiskTargets memory targets, uint256 ratio_) {
        // Check
        (Market memory settings, Interest memory interest) = HOUSE.marketOf(market);
        if (settings.flags & MarketFlags.LISTED == 0) revert RiskController_UnknownMarket(market);
        bool isClosed = settings.flags & MarketFlags.CLOSED != 0;
        Reading memory seen;
        uint256 contribution;
        if (!isClosed) {
            seen = _read(market, settings, interest);
            contribution = RiskMath.contributionUp(seen.openInterest, seen.price, seen.shortfall);
        }

        // Effect
        _recordTarget();
        uint256 available = resources();
        _marketsTarget = _marketsTarget - _risks[market].contribution + contribution;
        _risks[market] = MarketRisk({contribution: uint128(contribution), syncedAt: uint40(block.timestamp)});
        (uint256 target, , ) = reserveTarget();
        ratio_ = _moveRatio(RiskMath.ratioDown(available, target));
        if (!isClosed) targets = _targets(seen, available, ratio_);
        emit MarketSynced(market, targets, ratio_, contribution, target, available);

        // Interaction: the house is our own, and accrues the gap premium at the old rate first.
        if (!isClosed) HOUSE.applyRisk(market, targets, uint32(ratio_));
    }

    function _read(
        MarketId market,
        Market memory settings,
        Interest memory interest
    ) private returns (Reading memory seen) {
        // The price of this second goes into the volatility that is read after it.
        seen.price = ORACLE.refreshAll(1 << MarketId.unwrap(market))[0] >> 1;
        (seen.fast, seen.slow) = ORACLE.variance(feedOfMarket(market));
        seen.parameters = _parametersOf(MarketClass(settings.flags & MarketFlags.CLASS_MASK));
        seen.openInterest = interest.openInterest;
        seen.cap = interest.cap;
        seen.gapRate = interest.gapRate;
        seen.listedCap = HOUSE.listedCapOf(market);
        seen.rate = _rateNow(settings);
        seen.scale = ReserveMath.scaleUp(seen.fast, seen.slow, RiskMath.MIN_VARIANCE);
        seen.shortfall = RiskMath.shortfallUp(seen.scale, seen.rate, seen.parameters.shortfallFloor);
        uint256 syncedAt = _risks[market].syncedAt;
        seen.elapsed = syncedAt == 0 ? 0 : block.timestamp - syncedAt;
    }

    /// @dev Down at once, up by elapsed time.
    function _moveRatio(uint256 measured) private returns (uint256 moved) {
        moved = RiskMath.risenDown({
            current: _ratio,
            target: measured,
            range: RATIO_ONE,
            elapsed: block.timestamp - _ratioAt
        });
        _ratio = uint32(moved); // At most MAX_RATIO.
        _ratioAt = uint40(block.timestamp);
    }

    function _targets(
        Reading memory seen,
        uint256 available,
        uint256 ratio_
    ) private pure returns (RiskTargets memory targets) {
        ClassParameters memory parameters = seen.parameters;
        // The casts are safe: each is bounded by a parameter of 16 bits, the listed cap, MAX_GAP_RATE or MAX_PENALTY.
        targets.maintenanceTarget = uint16(
            RiskMath.maintenanceTargetUp({
                variance: RiskMath.highestVariance(seen.fast, seen.slow),
                deviations: parameters.deviations,
                floor: parameters.maintenanceFloor,
                cap: parameters.maintenanceCap
            })
        );
        targets.penaltyRate = uint16(RiskMath.penaltyUp(seen.fast, seen.slow, parameters.basePenalty, ratio_));
        uint256 cap = _capOf(seen, available);
        targets.cap = uint96(cap);
        targets.gapRate = uint32(
            RiskMath.fallenUp({current: seen.gapRate, target: _gapRateOf(seen, cap), elapsed: seen.elapsed})
        );
    }

    function _capOf(Reading memory seen, uint256 available) private pure returns (uint256) {
        uint256 allowed = RiskMath.capDown({
            resources: available,
            share: seen.parameters.resourceShare,
            shortfall: seen.shortfall,
            price: seen.price,
            listed: seen.listedCap
        });
        return RiskMath.risenDown({current: seen.cap, target: allowed, range: allowed, elapsed: seen.elapsed});
    }

    function _gapRateOf(Reading memory seen, uint256 cap) private pure returns (uint256) {
        return
            RiskMath.gapRateUp({
                scale: seen.scale,
                rate: seen.rate,
                chargedShare: seen.parameters.chargedShare,
                loading: seen.parameters.loading,
                multiple: RiskMath.multipleUp(seen.openInterest, cap)
            });
    }

    /* VIEWS */

    /// @inheritdoc IRiskController
    function ratio() external view returns (uint256) {
        return _ratio;
    }

    /// @inheritdoc IRiskController
    function ratioSetAt() external view returns (uint256) {
        return _ratioAt;
    }

    /// @inheritdoc IRiskController
    function premiumFactor() external view returns (uint256) {
        return RiskMath.factorOf(_ratio) * (WAD / RATIO_ONE);
    }

    /// @inheritdoc IRiskController
    function reserveTarget() public view returns (uint256 target, uint256 marketsTarget, uint256 accountsTarget) {
        marketsTarget = _marketsTarget;
        accountsTarget = _accountsTarget();
        target = WadMath.max(marketsTarget, accountsTarget);
    }

    /// @inheritdoc IRiskController
    function resources() public view returns (uint256) {
        LayerAmounts memory layers = FUND.resources(SEGMENT);
        (, uint256 drawable, ) = FUND.budgetLeft(SEGMENT);
        layers.reserve = WadMath.min(layers.reserve, drawable);
        return layers.total();
    }

    /// @inheritdoc IRiskController
    function contributionOf(MarketId market) external view returns (uint256 contribution, uint256 syncedAt) {
        MarketRisk memory risk = _risks[market];
        return (risk.contribution, risk.syncedAt);
    }

    function _target() internal view override returns (uint256 target) {
        (target, , ) = reserveTarget();
    }

    /// @inheritdoc IRiskController
    function house() external view returns (address) {
        return address(HOUSE);
    }
}
