// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {BudgetShares, CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {AuctionMath} from "../libraries/AuctionMath.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Auction, AuctionTerms, BidRequest, BidResult} from "../types/Auction.sol";
import {CloseOut, Slice} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {CoverRequest, CoverResult} from "../types/Coverage.sol";
import {Scope} from "../types/Flags.sol";
import {AccountId, SegmentId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {RewardBucket} from "./RewardBucket.sol";
import {SaleTerms} from "./SaleTerms.sol";

/// @title Liquidation engine
/// @notice See ILiquidationEngine. How a loss walks: oracle.refresh -> house.health -> here -> fund.cover -> back here:
/// house.socialize, house.slice (or house.closeOut).
contract LiquidationEngine is SaleTerms, RewardBucket, AccessManaged {
    /// @dev Gas that each bid of a batch can be given: above the worst account's (LIQ-11).
    uint256 internal constant BID_GAS = 4_000_000;

    IInsuranceFund internal immutable FUND;

    SegmentId internal _segment;

    constructor(
        address accessManager,
        IClearingHouse house,
        IInsuranceFund fund
    ) SaleTerms(house) AccessManaged(accessManager) {
        FUND = fund;
    }

    function openSegment(
        BudgetShares calldata budgets,
        CapitalLayers calldata layers
    ) external restricted returns (SegmentId opened) {
        if (SegmentId.unwrap(_segment) != 0) revert LiquidationEngine_SegmentAlreadyOpen(_segment);
        opened = FUND.registerSegment(address(HOUSE), budgets, layers);
        _segment = opened;
        emit SegmentOpened(opened);
    }

    /* THE AUCTION */

    function start(AccountId account) external nonReentrant {
        if (_auctions[account].isOpen) revert LiquidationEngine_AlreadyStarted(account);
        (uint256 feeds, Health memory health) = _measure(account);
        _requireLiquidatable(account, health);
        (Auction memory auction, ) = _next(account, feeds, health);
        _store(account, feeds, health, auction, true);
    }

    function touch(AccountId account) external nonReentrant {
        if (!_auctions[account].isOpen) revert LiquidationEngine_NoAuction(account);
        (uint256 feeds, Health memory health) = _measure(account);
        if (_isAtTarget(health)) {
            _end(account);
            HOUSE.setInAuction(account, false);
        } else {
            (Auction memory auction, ) = _next(account, feeds, health);
            _store(account, feeds, health, auction, false);
        }
    }

    function bid(BidRequest calldata request) external nonReentrant returns (BidResult memory) {
        return _bid(request, msg.sender);
    }

    /// @notice One bid of a batch, on behalf of the batch's caller. Only the engine itself may call.
    function bidFor(BidRequest calldata request, address caller) external nonReentrant returns (BidResult memory) {
        if (msg.sender != address(this)) revert LiquidationEngine_NotSelf(msg.sender);
        return _bid(request, caller);
    }

    function bidMany(BidRequest[] calldata requests) external returns (bool[] memory filled) {
        filled = new bool[](requests.length);
        for (uint256 index = 0; index < requests.length; ++index) {
            bytes4 reason;
            // Each bid is atomic by itself; only its failure is kept from the others (docs/decisions.md on R1a and LIQ-09).
            (filled[index], reason) = GuardedCall.trySelf(
                BID_GAS,
                abi.encodeCall(this.bidFor, (requests[index], msg.sender))
            );
            if (!filled[index]) emit BidFailed(requests[index].account, requests[index].bidder, reason);
        }
    }

    function _bid(BidRequest calldata request, address caller) private returns (BidResult memory) {
        _checkRequest(request, caller);
        _refresh(HOUSE.feedsOf(request.bidder));
        Sale memory sale;
        uint256 feeds;
        (feeds, sale.health) = _measure(request.account);
        _requireLiquidatable(request.account, sale.health);
        (Auction memory auction, bool isNew) = _next(request.account, feeds, sale.health);
        _fillTerms(sale.terms, sale.health, auction.elapsed);
        _fillFraction(request, sale);
        // A bid at f* ends the auction; one that it has itself started is never written (LIQ-01).
        bool ends = sale.result.fraction == sale.terms.maxFraction && sale.health.blindMargin == 0;
        auction.wasBelow = !ends && _isBelowAfter(sale);
        if (!ends) _store(request.account, feeds, sale.health, auction, isNew);
        else if (!isNew) _end(request.account);
        _cover(request, sale);
        _transfer(request, sale, ends && !isNew);
        return sale.result;
    }

    function _checkRequest(BidRequest calldata request, address caller) private view {
        if (request.fraction == 0 || request.fraction > WAD || request.minFraction > request.fraction) {
            revert LiquidationEngine_InvalidFraction(request.fraction, request.minFraction);
        }
        if (!HOUSE.isAuthorized(request.bidder, caller, Scope.TRADE)) {
            revert LiquidationEngine_NotAuthorized(request.bidder, caller);
        }
    }

    /// @dev min(asked, f*); the whole when what is left would be dust.
    function _fillFraction(BidRequest calldata request, Sale memory sale) private view {
        uint256 most = _withoutDust(sale.health, sale.terms.maxFraction);
        sale.terms.maxFraction = most;
        uint256 fraction = request.fraction < most ? _wholeIfDust(sale.health, request.fraction) : most;
        if (fraction < request.minFraction || fraction == 0) {
            revert LiquidationEngine_FractionBelowMinimum(fraction, request.minFraction);
        }
        if (sale.terms.price > request.maxPrice) {
            revert LiquidationEngine_PriceAboveLimit(sale.terms.price, request.maxPrice);
        }
        sale.result.fraction = fraction;
        sale.result.payment = WadMath.mulWadUp(sale.terms.price, fraction);
        sale.result.penalty = WadMath.mulWadUp(sale.terms.penalty, fraction);
    }

    /// @dev What V and k leave open: the shortfall through the whole waterfall, the reward from the reserve (LIQ-04). What no layer pays
    /// is socialised before the slice moves, so that the bidder's own opposite position is charged too (LIQ-05).
    function _cover(BidRequest calldata request, Sale memory sale) private {
        BidResult memory result = sale.result;
        uint256 shortfall = WadMath.positivePart(-sale.terms.value);
        uint256 owing = sale.terms.income - WadMath.min(sale.terms.income, WadMath.positivePart(sale.terms.value));
        if (shortfall != 0 || owing != 0) {
            CoverRequest memory cover;
            cover.shortfallByClass = _byClass(request.account, shortfall);
            cover.fraction = result.fraction;
            cover.reward = WadMath.mulWadDown(WadMath.min(owing, _rewardLeft()), result.fraction);
            CoverResult memory covered = FUND.cover(_segment, cover);
            result.shortfall = WadMath.mulWadUp(shortfall, result.fraction);
            result.covered = covered.paid.total();
            result.reward = covered.reward;
            uint256 loss = result.shortfall - result.covered;
            // A loss that no open interest can bear is credited as well and kept as unallocated (LIQ-05).
            if (loss != 0) HOUSE.socialize(request.account, request.bidder, result.fraction, loss);
            result.socialized = loss;
        }
        _requireIncome(request, sale, owing);
    }

    /// @dev The bidder's gross income for this fraction: what he is not charged of V, and the reward.
    function _requireIncome(BidRequest calldata request, Sale memory sale, uint256 owing) private pure {
        uint256 fraction = sale.result.fraction;
        uint256 income = WadMath.mulWadDown(sale.terms.income - owing, fraction) + sale.result.reward;
        uint256 least = WadMath.mulWadDown(request.minIncome, fraction);
        if (income < least) revert LiquidationEngine_IncomeBelowLimit(income, least);
    }

    function _transfer(BidRequest calldata request, Sale memory sale, bool closesAuction) private {
        BidResult memory result = sale.result;
        uint256 kept = result.payment - result.penalty;
        uint256 worth = WadMath.mulWadDown(WadMath.positivePart(sale.terms.value), result.fraction);
        HOUSE.slice(
            Slice({
                seller: request.account,
                bidder: request.bidder,
                fraction: result.fraction,
                payment: result.payment,
                penalty: result.penalty,
                shortfall: result.shortfall,
                reward: result.reward,
                drawn: result.covered + result.reward,
                cost: worth - WadMath.min(worth, kept),
                closesAuction: closesAuction
            })
        );
        _recordPenalty(result.penalty, result.reward);
        emit BidFilled(request.account, request.bidder, sale.terms.value, sale.terms.income, result);
    }

    /* DELEVERAGING */

    function deleverage(AccountId account) external nonReentrant {
        (uint256 feeds, Health memory health) = _measure(account);
        _requireLiquidatable(account, health);
        (Auction memory auction, bool isNew) = _next(account, feeds, health);
        // What is blind stays in the account, and its auction with it (ORC-07).
        if (health.blindMargin != 0) _store(account, feeds, health, auction, isNew);
        else if (!isNew) _end(account);
        if (_fairValue(health) > 0) {
            if (!_isTimedOut(auction, SOLVENT_TIMEOUT)) {
                revert LiquidationEngine_TooEarly(account, auction.elapsed, SOLVENT_TIMEOUT);
            }
            _closeToTarget(account, health);
        } else {
            _closeWhole(account, health, auction);
        }
    }

    function writeOff(AccountId account) external nonReentrant {
        // Without a position of its own the loss falls on all markets by notional: each shall stand at its price of now.
        _refresh(HOUSE.listedMarkets());
        (, Health memory health) = _measureAny(account);
        bool isDebt = _fairValue(health) < 0 && HOUSE.headerOf(account).markets == 0;
        if (!isDebt || (_isClearingAccount(account) && HOUSE.headerOf(account).assets != 0)) {
            revert LiquidationEngine_NotWriteOff(account, health.value);
        }
        if (_auctions[account].isOpen) _end(account);
        _closeInsolvent(account, health, _coverRequest(account, health));
    }

    /// @dev V > 0: closes what brings the account to target at the consensus price; the equity stays with it.
    function _closeToTarget(AccountId account, Health memory health) private {
        uint256 margin = health.linearMargin + health.sizeMargin;
        uint256 whole = AuctionMath.penaltyOf(PENALTY_RATE, margin, _fairValue(health), 0);
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

    /// @dev V <= 0: after the shorter timeout, or at once when the layers cannot pay the whole.
    function _closeWhole(AccountId account, Health memory health, Auction memory auction) private {
        CoverRequest memory request = _coverRequest(account, health);
        if (!_isTimedOut(auction, INSOLVENT_TIMEOUT)) {
            uint256 shortfall = _shortfall(health);
            if (FUND.previewCover(_segment, request).paid.total() >= shortfall) {
                revert LiquidationEngine_TooEarly(account, auction.elapsed, INSOLVENT_TIMEOUT);
            }
        }
        _closeInsolvent(account, health, request);
    }

    function _closeInsolvent(AccountId account, Health memory health, CoverRequest memory request) private {
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
        emit Deleveraged(account, health.value, WAD, 0, shortfall, covered, shortfall - covered);
    }

    /// @dev The whole shortfall with collateral at haircut value, which is the least that it may fetch (LIQ-06).
    function _coverRequest(AccountId account, Health memory health) private view returns (CoverRequest memory request) {
        request.shortfallByClass = _byClass(account, _shortfall(health));
        request.fraction = WAD;
    }

    /// @dev Splits a shortfall by LIQ-05's weights; what has no weight is charged to class tail (FND-02).
    function _byClass(AccountId account, uint256 shortfall) private view returns (uint256[3] memory parts) {
        if (shortfall == 0) return parts;
        uint256[3] memory weights = HOUSE.lossWeights(account);
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

    function _measure(AccountId account) private returns (uint256 feeds, Health memory health) {
        if (_isClearingAccount(account)) revert LiquidationEngine_ClearingAccount(account);
        return _measureAny(account);
    }

    function _measureAny(AccountId account) private returns (uint256 feeds, Health memory health) {
        feeds = HOUSE.feedsOf(account);
        _refresh(feeds);
        health = HOUSE.health(account);
    }

    function _requireLiquidatable(AccountId account, Health memory health) private pure {
        if (!health.isLiquidatable()) {
            revert LiquidationEngine_NotLiquidatable(account, health.marginBalance, health.maintenanceMargin());
        }
    }

    /// @dev The house's own accounts hold what deleveraged accounts left; their collateral is sold by CLR-10.
    function _isClearingAccount(AccountId account) private view returns (bool) {
        return account.owner() == address(HOUSE);
    }

    /* VIEWS */

    function auctionOf(AccountId account) external view returns (Auction memory) {
        return _auctions[account];
    }

    function termsOf(AccountId account) external view returns (AuctionTerms memory terms) {
        Health memory health = HOUSE.health(account);
        Auction memory auction = _auctions[account];
        uint256 elapsed =
            auction.isOpen ? _elapsed(account, auction, HOUSE.feedsOf(account), health.isLiquidatable()) : 0;
        _fillTerms(terms, health, elapsed);
        terms.maxFraction = _withoutDust(health, terms.maxFraction);
    }

    function rewardBucket() external view returns (uint256) {
        return _rewardLeft();
    }

    function segment() external view returns (SegmentId) {
        return _segment;
    }
}
