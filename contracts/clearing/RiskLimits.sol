// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {AccountRecord, Market, RiskTargets, SaleRecord} from "../types/Clearing.sol";
import {MAX_GAP_RATE, MAX_PENALTY_RATE, MIN_PENALTY_RATE, PENALTY_STEP, RATE_ONE} from "../types/Constants.sol";
import {AccountFlags, MarketFlags, Scope} from "../types/Flags.sol";
import {AccountId, FeedId, MarketId} from "../types/Identifiers.sol";
import {Words} from "../types/Words.sol";
import {Settlement} from "./Settlement.sol";

/// @title What risk control may change in a listed market
/// @notice Margin rates move on their ramp, no cap rises above what was listed, and every value has bounds of its own here, whoever writes it
/// (MRG-02, RSK-01, FND-09).
abstract contract RiskLimits is Settlement {
    using SafeCast for uint256;
    using Words for Market;

    function linkRiskController(address controller) external restricted {
        address linked = _links.riskController;
        if (linked != address(0)) revert ClearingHouse_AlreadyLinked(linked);
        if (controller.code.length == 0) revert ClearingHouse_InvalidLink(controller);
        _links.riskController = controller;
        emit RiskControllerLinked(controller);
    }

    function linkGuardian(address guardian_) external restricted {
        address linked = _links.guardian;
        if (linked != address(0)) revert ClearingHouse_AlreadyLinked(linked);
        if (guardian_.code.length == 0) revert ClearingHouse_InvalidLink(guardian_);
        _links.guardian = guardian_;
        emit GuardianLinked(guardian_);
    }

    /// @dev The mark lies in the word that a fill reads anyway; what it means is read only where it stands.
    function pauseMarket(MarketId market, uint40 until) external nonReentrant onlyLinked(_links.guardian) {
        uint256 index = _requireMarket(market);
        if (until > block.timestamp) _markets[index].flags |= MarketFlags.PAUSED;
        else _markets[index].flags &= ~MarketFlags.PAUSED;
        _endings[index].pausedUntil = until;
        emit MarketPaused(market, until);
    }

    function applyRisk(
        MarketId market,
        RiskTargets calldata targets,
        uint32 ratio
    ) external nonReentrant onlyLinked(_links.riskController) {
        uint256 index = _requireMarket(market);
        uint256 listedCap = _endings[index].listedCap;
        bool inBounds =
            targets.cap <= listedCap &&
                targets.gapRate <= MAX_GAP_RATE &&
                targets.penaltyRate >= MIN_PENALTY_RATE &&
                targets.penaltyRate <= MAX_PENALTY_RATE &&
                targets.penaltyRate % PENALTY_STEP == 0;
        if (!inBounds) revert ClearingHouse_InvalidRiskTargets(market, targets, listedCap);
        _accrueGap(index, _lastPrice(index));
        _setMaintenanceTarget(market, targets.maintenanceTarget);
        _interest[index].cap = targets.cap;
        _interest[index].gapRate = targets.gapRate;
        _interest[index].gapAt = uint32(block.timestamp);
        _setPenaltyRate(index, targets.penaltyRate);
        _config.ratio = ratio;
        emit RiskApplied(market, targets, ratio);
    }

    function accrue(MarketId market) external nonReentrant returns (uint256 premium) {
        uint256 index = _requireMarket(market);
        return _accrueGap(index, _lastPrice(index));
    }

    function setMaintenanceTarget(MarketId market, uint16 rateTarget) external restricted {
        _setMaintenanceTarget(market, rateTarget);
    }

    function lowerCap(MarketId market, uint96 cap) external restricted {
        uint256 index = _requireMarket(market);
        uint96 listedCap = _endings[index].listedCap;
        if (cap >= listedCap) revert ClearingHouse_CapNotLower(market, cap, listedCap);
        _endings[index].listedCap = cap;
        // Risk control may have set less for now.
        if (_interest[index].cap > cap) _interest[index].cap = cap;
        emit CapLowered(market, cap);
    }

    function setSaleRecords(AccountId account, bool kept) external nonReentrant {
        _requireAuthorized(account, Scope.TRADE);
        uint8 flags = _headers[account].flags;
        _headers[account].flags = kept ? flags | AccountFlags.RECORDED : flags & ~AccountFlags.RECORDED;
        emit SaleRecordsSet(account, kept);
    }

    /* VIEWS */

    function saleOf(AccountId account, MarketId market) external view returns (SaleRecord memory) {
        return _records[account][MarketId.unwrap(market)].sale;
    }

    function borneBy(AccountId account, MarketId market) external view returns (uint256) {
        uint256 index = _requireMarket(market);
        AccountRecord storage record = _records[account][index];
        int256 base = _headers[account].markets & (1 << index) == 0 ? int256(0) : _leg(account, index, 0).base;
        return record.borne + _borneSince(index, base, record.socializedPerUnit);
    }

    function pausedUntil(MarketId market) external view returns (uint256) {
        return _endings[MarketId.unwrap(market)].pausedUntil;
    }

    function listedCapOf(MarketId market) external view returns (uint96) {
        return _endings[MarketId.unwrap(market)].listedCap;
    }

    function penaltyRateOf(MarketId market) external view returns (uint256) {
        return MIN_PENALTY_RATE + _markets[_requireMarket(market)].load().penaltySteps() * PENALTY_STEP;
    }

    /* STEPS */

    /// @dev mmr itself does not jump: the ramp goes on from where it stands, however long nobody wrote (MRG-02).
    function _setMaintenanceTarget(MarketId market, uint16 rateTarget) private {
        uint256 index = _requireMarket(market);
        if (rateTarget == 0 || rateTarget > RATE_ONE / 2) revert ClearingHouse_InvalidRate(market, rateTarget);
        Market memory settings = _markets[index];
        if (settings.rateTarget == rateTarget) return;
        (uint256 rate, uint256 settledAt) = MarginMath.settledRate(
            settings.rateSet,
            settings.rateTarget,
            settings.rateSetAt,
            block.timestamp
        );
        settings.rateSet = rate.toUint16();
        settings.rateSetAt = settledAt.toUint32();
        settings.rateTarget = rateTarget;
        _markets[index] = settings;
        emit MaintenanceTargetSet(market, settings.rateSet, rateTarget);
    }

    /// @dev The last consensus, however old: what a market without one pays is as certain as what it is worth.
    function _lastPrice(uint256 market) private view returns (uint256 price) {
        (price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
    }
}
