// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {AuctionMath} from "../libraries/AuctionMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Auction} from "../types/Auction.sol";
import {CloseOut} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {CoverRequest} from "../types/Coverage.sol";
import {AccountId, SegmentId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {RewardBucket} from "./RewardBucket.sol";
import {SaleTerms} from "./SaleTerms.sol";

/// @title What needs no bidder: measuring, deleveraging and writing off
/// @notice Anyone may call; see ILiquidationEngine. Nothing here chooses who pays: the fund's layers in their order, then the sides that
/// gained (LIQ-05, LIQ-06).
abstract contract ForcedClosing is SaleTerms, RewardBucket {
    IInsuranceFund internal immutable FUND;

    SegmentId internal _segment;

    constructor(IClearingHouse house, IInsuranceFund fund) SaleTerms(house) {
        FUND = fund;
    }

    /* MEASURING */

    function flag(AccountId account) external nonReentrant returns (uint256 deficit) {
        Health memory health = _measureAny(account).health;
        // In the account's favour where it is blind: nobody is held up by a loss that is only supposed (R6).
        deficit = WadMath.positivePart(-(health.value + int256(health.blindSpread)));
        uint256 resources = FUND.resources(_segment).total();
        HOUSE.measure(account, deficit, resources);
        emit AccountFlagged(account, deficit, resources);
    }

    /* DELEVERAGING */

    function deleverage(AccountId account) external nonReentrant {
        Assessment memory seen = _measure(account);
        Health memory health = seen.health;
        _requireLiquidatable(account, health);
        Auction memory auction;
        bool isNew = _next(account, seen.feeds, health, auction);
        // What is blind stays in the account, and its auction with it (ORC-07).
        if (health.blindMargin != 0) _store(account, seen.feeds, health, auction, isNew);
        else if (!isNew) _end(account);
        if (_fairValue(health) > 0) {
            if (!_isTimedOut(auction, SOLVENT_TIMEOUT)) {
                revert LiquidationEngine_TooEarly(account, auction.elapsed, SOLVENT_TIMEOUT);
            }
            _closeToTarget(account, health);
        } else {
            _closeWhole(account, seen, auction);
        }
    }

    function writeOff(AccountId account) external nonReentrant {
        // Without a position of its own the loss falls on all markets by notional: each shall stand at its price of now.
        ORACLE.refreshAll(HOUSE.listedMarkets());
        Assessment memory seen = _measureAny(account);
        Health memory health = seen.health;
        bool isDebt = _fairValue(health) < 0 && HOUSE.headerOf(account).markets == 0;
        if (!isDebt || (_isClearingAccount(account) && HOUSE.headerOf(account).assets != 0)) {
            revert LiquidationEngine_NotWriteOff(account, health.value);
        }
        if (_auctions[account].isOpen) _end(account);
        _closeInsolvent(account, health, _coverRequest(seen));
    }

    /// @dev V > 0: closes what brings the account to target at the consensus price; the equity stays with it.
    function _closeToTarget(AccountId account, Health memory health) internal {
        uint256 whole = AuctionMath.penaltyOf(PENALTY_UNIT, health.penaltyBasis, _fairValue(health), 0);
        uint256 fraction = AuctionMath.deleverageFractionUp(
            health.marginBalance,
            whole,
            health.linearMargin,
            health.sizeMargin,
            health.blindMargin,
            TARGET_RATIO
        );
        fraction = _wholeIfDust(health, fraction);
        uint256 penalty = WadMath.mulWadUp(whole, fraction);
        HOUSE.closeOut(
            CloseOut({
                account: account,
                fraction: fraction,
                penalty: penalty,
                shortfall: 0,
                drawn: 0,
                sweepsCollateral: false,
                closesAuction: health.blindMargin == 0
            })
        );
        _recordPenalty(penalty, 0);
        emit Deleveraged(account, health.value, fraction, penalty, 0, 0, 0);
    }

    /// @dev V <= 0: after the shorter timeout, or at once when the layers do not pay the whole. They are drawn on first and asked
    /// after: what was too early is undone with everything else.
    function _closeWhole(AccountId account, Assessment memory seen, Auction memory auction) private {
        uint256 socialized = _closeInsolvent(account, seen.health, _coverRequest(seen));
        if (socialized != 0 || _isTimedOut(auction, INSOLVENT_TIMEOUT)) return;
        // CLR-07: while more is measured than the fund has, whoever waits for the timeout waits for nothing.
        (uint256 measured, , ) = HOUSE.deficits();
        if (measured > FUND.resources(_segment).total()) return;
        revert LiquidationEngine_TooEarly(account, auction.elapsed, INSOLVENT_TIMEOUT);
    }

    /// @return left part of the shortfall that no layer has paid
    function _closeInsolvent(
        AccountId account,
        Health memory health,
        CoverRequest memory request
    ) private returns (uint256 left) {
        uint256 shortfall = _shortfall(health);
        uint256 covered = FUND.cover(_segment, request).paid.total();
        HOUSE.closeOut(
            CloseOut({
                account: account,
                fraction: WAD,
                penalty: 0,
                shortfall: shortfall,
                drawn: covered,
                sweepsCollateral: !_isClearingAccount(account),
                closesAuction: health.blindMargin == 0
            })
        );
        left = shortfall - covered;
        emit Deleveraged(account, health.value, WAD, 0, shortfall, covered, left);
    }

    /// @dev The whole shortfall with collateral at haircut value, which is the least that it may fetch (LIQ-06).
    function _coverRequest(Assessment memory seen) internal pure returns (CoverRequest memory request) {
        request.shortfallByClass = _byClass([seen.major, seen.mid, seen.tail], _shortfall(seen.health));
        request.fraction = WAD;
    }

    /// @dev Splits a shortfall by LIQ-05's weights; what has no weight is charged to class tail (FND-02).
    function _byClass(uint256[3] memory weights, uint256 shortfall) internal pure returns (uint256[3] memory parts) {
        if (shortfall == 0) return parts;
        uint256 sum = weights[0] + weights[1] + weights[2];
        uint256 left = shortfall;
        for (uint256 class = 0; class < 3 && sum != 0; ++class) {
            uint256 part = WadMath.mulDivDown(shortfall, weights[class], sum);
            parts[class] = WadMath.min(part, weights[class]);
            left -= parts[class];
        }
        parts[2] += left;
    }

    /* STEPS */

    function _measure(AccountId account) internal returns (Assessment memory) {
        _requireNotClearingAccount(account);
        return _measureAny(account);
    }

    /// @dev At prices of this second. A feed that has no consensus does not stop the others (ORC-07).
    function _measureAny(AccountId account) internal returns (Assessment memory seen) {
        (seen.feeds, seen.health, seen.major, seen.mid, seen.tail) = HOUSE.assessLiquidation(account, account);
    }

    function _requireNotClearingAccount(AccountId account) internal view {
        if (_isClearingAccount(account)) revert LiquidationEngine_ClearingAccount(account);
    }

    function _requireLiquidatable(AccountId account, Health memory health) internal pure {
        if (!health.isLiquidatable()) {
            revert LiquidationEngine_NotLiquidatable(account, health.marginBalance, health.maintenanceMargin());
        }
    }

    /// @dev The house's own accounts hold what deleveraged accounts left; their collateral is sold by CLR-10.
    function _isClearingAccount(AccountId account) internal view returns (bool) {
        return account.owner() == address(HOUSE);
    }
}
