// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Slice} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountFlags} from "../types/Flags.sol";
import {AccountId, FeedId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {Trading} from "./Trading.sol";

/// @title Sale of a fraction of a whole account to a bidder (LIQ-02)
/// @notice The engine decides terms; the house keeps the books exact. No token moves here (R1b).
abstract contract Slicing is Trading {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @dev Both headers of a slice, and the seller's cash and PnL before it.
    struct Transfer {
        AccountHeader seller;
        AccountHeader bidder;
        int256 cashAndProfit;
    }

    function slice(Slice calldata request) external nonReentrant onlyLinked(_config.engine) {
        if (request.seller == request.bidder) revert ClearingHouse_SelfTrade(request.seller);
        Transfer memory transfer;
        transfer.seller = _headers[request.seller];
        transfer.bidder = _headers[request.bidder];
        transfer.cashAndProfit = transfer.seller.cash;
        for (uint256 bits = transfer.seller.markets; bits != 0; bits &= bits - 1) {
            _slicePosition(request, transfer, LibBit.ffs(bits));
        }
        for (uint256 bits = transfer.seller.assets; bits != 0; bits &= bits - 1) {
            _sliceCollateral(request, transfer, LibBit.ffs(bits));
        }
        _sliceCash(request, transfer);
        _stampLiquidated(request.seller, transfer.seller, request.cost, request.closesAuction);
        _saveHeader(request.seller, transfer.seller);
        _saveHeader(request.bidder, transfer.bidder);
        Health memory health = _health(request.bidder);
        _requireInitialMargin(request.bidder, health);
        // Whoever takes a whole account may be left with little: else an account that has become dust could not be sold.
        if (request.fraction != WAD) _requireNoDust(request.bidder, health);
        emit Sliced(request.seller, request.bidder, request.fraction, request.payment, request.penalty);
    }

    /// @dev The position changes hands at the index price, so it moves at no value; its PnL moves with the cash. A position without
    /// consensus stays, and its share of the account's value, taken in its favour, moves in cash as well (ORC-07).
    function _slicePosition(Slice calldata request, Transfer memory transfer, uint256 market) private {
        PricedLeg memory leg = _pricedLeg(request.seller, market, _markets[market]);
        if (!leg.hasConsensus) {
            transfer.cashAndProfit += _favourableProfit(leg);
            return;
        }
        transfer.cashAndProfit += _profit(leg);
        int256 base = _fractionUp(leg.base, request.fraction);
        int256 quote = WadMath.signedMulDivDown(base, leg.price, WAD);
        Change memory sold = _change(request.seller, transfer.seller, market, -base, quote);
        Change memory bought = _change(request.bidder, transfer.bidder, market, base, -quote);
        _growInterest(market, _longGrowth(sold) + _longGrowth(bought));
    }

    function _sliceCollateral(Slice calldata request, Transfer memory transfer, uint256 asset) private {
        uint8 feed = _assets[asset].feed;
        uint256 held = _collateral[request.seller][asset];
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(feed));
        if (!hasConsensus) {
            transfer.cashAndProfit += int256(_favourableValue(feed, held, price));
            return;
        }
        uint256 amount = WadMath.mulWadDown(held, request.fraction);
        if (amount == 0) return;
        _removeCollateralFrom(request.seller, transfer.seller, asset, amount);
        _addCollateralTo(request.bidder, transfer.bidder, asset, amount);
    }

    /// @dev Cash: the fraction of cash and PnL to the bidder, his payment back, the penalty to the fund, and what layers and holders
    /// made good to him.
    function _sliceCash(Slice calldata request, Transfer memory transfer) private {
        int256 moved = WadMath.signedMulDivDown(transfer.cashAndProfit, request.fraction, WAD);
        _addCash(transfer.seller, (request.payment - request.penalty).toInt256() - moved);
        int256 credit = (request.shortfall + request.reward).toInt256() - request.payment.toInt256();
        _addCash(transfer.bidder, moved + credit);
        if (request.penalty != 0) _creditFund(request.penalty);
        if (request.drawn != 0) _debitFund(request.drawn);
    }

    function setInAuction(AccountId account, bool inAuction) external nonReentrant onlyLinked(_config.engine) {
        uint8 flags = _headers[account].flags;
        _headers[account].flags = inAuction ? flags | AccountFlags.IN_AUCTION : flags & ~AccountFlags.IN_AUCTION;
    }
}
