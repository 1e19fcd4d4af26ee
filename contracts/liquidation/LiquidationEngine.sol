// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {BudgetShares, CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Auction, AuctionTerms, BidRequest, BidResult} from "../types/Auction.sol";
import {Slice} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {CoverRequest, CoverResult} from "../types/Coverage.sol";
import {Scope} from "../types/Flags.sol";
import {AccountId, SegmentId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {ForcedClosing} from "./ForcedClosing.sol";

/// @title Liquidation engine
/// @notice See ILiquidationEngine. How a loss walks: house.assessLiquidation, which refreshes prices -> here -> fund.cover -> back here:
/// house.socialize, house.slice (or house.closeOut).
contract LiquidationEngine is ForcedClosing, AccessManaged {
    /// @dev Gas that each bid of a batch can be given: above the worst account's (LIQ-11).
    uint256 internal constant BID_GAS = 4_000_000;

    constructor(
        address accessManager,
        IClearingHouse house,
        IInsuranceFund fund
    ) ForcedClosing(house, fund) AccessManaged(accessManager) {}

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
        Assessment memory seen = _measure(account);
        _requireLiquidatable(account, seen.health);
        Auction memory auction;
        _next(account, seen.feeds, seen.health, auction);
        _store(account, seen.feeds, seen.health, auction, true);
    }

    function touch(AccountId account) external nonReentrant {
        if (!_auctions[account].isOpen) revert LiquidationEngine_NoAuction(account);
        Assessment memory seen = _measure(account);
        if (_isAtTarget(seen.health)) {
            _end(account);
            HOUSE.setInAuction(account, false);
        } else {
            Auction memory auction;
            _next(account, seen.feeds, seen.health, auction);
            _store(account, seen.feeds, seen.health, auction, false);
        }
    }

    function bid(BidRequest calldata request) external nonReentrant returns (BidResult memory result) {
        _bid(request, msg.sender, result);
    }

    /// @notice One bid of a batch, on behalf of the batch's caller. Only the engine itself may call.
    function bidFor(
        BidRequest calldata request,
        address caller
    ) external nonReentrant returns (BidResult memory result) {
        if (msg.sender != address(this)) revert LiquidationEngine_NotSelf(msg.sender);
        _bid(request, caller, result);
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

    /// @dev Structs are handed down to be filled: a function that returns one makes a second beside it.
    function _bid(BidRequest calldata request, address caller, BidResult memory result) private {
        _checkRequest(request, caller);
        _requireNotClearingAccount(request.account);
        (uint256 feeds, Health memory health, uint256 major, uint256 mid, uint256 tail) = HOUSE.assessLiquidation(
            request.account,
            request.bidder
        );
        _requireLiquidatable(request.account, health);
        Auction memory auction;
        bool isNew = _next(request.account, feeds, health, auction);
        AuctionTerms memory terms;
        _fillTerms(terms, health, auction.elapsed);
        Sale memory sale = Sale({terms: terms, health: health, result: result, major: major, mid: mid, tail: tail});
        _fillFraction(request, sale);
        // A bid at f* ends the auction; one that it has itself started is never written (LIQ-01).
        bool ends = sale.result.fraction == sale.terms.maxFraction && sale.health.blindMargin == 0;
        auction.wasBelow = !ends && _isBelowAfter(sale);
        if (!ends) _store(request.account, feeds, sale.health, auction, isNew);
        else if (!isNew) _end(request.account);
        _cover(request, sale);
        _transfer(request, sale, ends && !isNew);
    }

    function _checkRequest(BidRequest calldata request, address caller) private view {
        if (request.fraction == 0 || request.fraction > WAD || request.minFraction > request.fraction) {
            revert LiquidationEngine_InvalidFraction(request.fraction, request.minFraction);
        }
        // An owner needs no word of the house.
        if (request.bidder.owner() != caller && !HOUSE.isAuthorized(request.bidder, caller, Scope.TRADE)) {
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
        sale.result.payment = _partUp(sale.terms.price, fraction);
        sale.result.penalty = _partUp(sale.terms.penalty, fraction);
    }

    /// @dev What V and k leave open: the shortfall through the whole waterfall, the reward from the reserve (LIQ-04). What no layer pays
    /// is socialised before the slice moves, so that the bidder's own opposite position is charged too (LIQ-05).
    function _cover(BidRequest calldata request, Sale memory sale) private {
        BidResult memory result = sale.result;
        (uint256 shortfall, uint256 owing) = _owed(sale.terms);
        if (shortfall != 0 || owing != 0) {
            CoverRequest memory cover;
            cover.shortfallByClass = _byClass([sale.major, sale.mid, sale.tail], shortfall);
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

    /// @return shortfall what the whole account lacks
    /// @return owing what the bidder's income for it is above V
    function _owed(AuctionTerms memory terms) private pure returns (uint256 shortfall, uint256 owing) {
        uint256 income = terms.income;
        // For the ranges see SaleTerms.
        unchecked {
            shortfall = WadMath.positivePart(-terms.value);
            owing = income - WadMath.min(income, WadMath.positivePart(terms.value));
        }
    }

    /// @dev The bidder's gross income for this fraction: what he is not charged of V, and the reward.
    function _requireIncome(BidRequest calldata request, Sale memory sale, uint256 owing) private pure {
        uint256 fraction = sale.result.fraction;
        uint256 income = _partDown(sale.terms.income - owing, fraction) + sale.result.reward;
        uint256 least = WadMath.mulWadDown(request.minIncome, fraction);
        if (income < least) revert LiquidationEngine_IncomeBelowLimit(income, least);
    }

    function _transfer(BidRequest calldata request, Sale memory sale, bool closesAuction) private {
        BidResult memory result = sale.result;
        uint256 worth = _partDown(WadMath.positivePart(sale.terms.value), result.fraction);
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
                cost: _costOf(worth, result),
                closesAuction: closesAuction
            })
        );
        _recordPenalty(result.penalty, result.reward);
        emit BidFilled(request.account, request.bidder, sale.terms.value, sale.terms.income, result);
    }

    /// @dev What a slice that was worth so much has cost the account: what it did not get for it.
    function _costOf(uint256 worth, BidResult memory result) private pure returns (uint256) {
        // A penalty is never above the price, and both are rounded alike.
        unchecked {
            return worth - WadMath.min(worth, result.payment - result.penalty);
        }
    }

    /* VIEWS */

    function auctionOf(AccountId account) external view returns (Auction memory) {
        return _auctions[account];
    }

    function termsOf(AccountId account) external view returns (AuctionTerms memory terms) {
        Health memory health = HOUSE.health(account);
        Auction storage auction = _auctions[account];
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
