// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {SideIndex} from "../libraries/SideIndex.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, CloseOut, Side} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountId, FeedId} from "../types/Identifiers.sol";
import {LossSharing} from "./LossSharing.sol";

/// @title Closing of an account against the whole opposite sides (LIQ-06)
/// @notice O(1) in accounts: one write per market moves everybody on the other side. No ranking, no keeper's choice.
abstract contract Deleveraging is LossSharing {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @dev A closing against one opposite side.
    struct Closing {
        uint256 market;
        bool long;
        uint256 base;
        uint256 price;
        uint256 surcharge;
    }

    function closeOut(
        CloseOut calldata request
    ) external nonReentrant onlyLinked(_config.engine) returns (uint256 socialized) {
        uint256 loss = request.shortfall - request.drawn;
        Loss memory state = _openLoss(request.account, WAD, loss);
        state.isClosing = true;
        Closing[] memory closings = new Closing[](LibBit.popCount(state.markets));
        uint256 count;
        for (uint256 bits = state.markets; bits != 0; bits &= bits - 1) {
            count = _planClosing(request, state, LibBit.ffs(bits), closings, count);
        }
        // The remainder is spread while the account's own base still stands, so that it can be left out (LIQ-05).
        socialized = loss - _spread(request.account, state.remaining);
        AccountHeader memory header = _headers[request.account];
        for (uint256 index = 0; index < count; ++index) {
            _close(request.account, header, closings[index]);
        }
        _addCash(header, request.shortfall.toInt256() - request.penalty.toInt256());
        // What `_close` collected from opposite sides is part of the shortfall that was just made good.
        if (request.penalty != 0) _creditFund(request.penalty);
        if (request.drawn != 0) _debitFund(request.drawn);
        if (request.sweepsCollateral) _sweepCollateral(request.account, header);
        _stampLiquidated(request.account, header, request.penalty, request.closesAuction);
        _saveHeader(request.account, header);
        _bookDeficit(request.account, 0, request.drawn);
        emit ClosedOut(request.account, request.fraction, request.penalty, request.shortfall, socialized);
    }

    /// @dev Splits the loss by LIQ-05; what a market takes is limited to its price, so that it closes between 0 and twice the price.
    function _planClosing(
        CloseOut calldata request,
        Loss memory state,
        uint256 market,
        Closing[] memory closings,
        uint256 count
    ) private view returns (uint256) {
        PricedLeg memory leg = _pricedLeg(request.account, market, _markets[market]);
        (uint256 part, ) = _nextPart(state, market);
        if (!leg.hasConsensus) return count;
        Closing memory closing = closings[count];
        closing.market = market;
        closing.long = leg.base > 0;
        closing.base = WadMath.abs(_fractionUp(leg.base, request.fraction));
        closing.price = leg.price;
        closing.surcharge = part;
        return count + 1;
    }

    /// @dev Closes a part of the account against the whole other side pro rata, in O(1): P of the other side falls (CLR-09).
    function _close(AccountId account, AccountHeader memory header, Closing memory closing) private {
        uint256 market = closing.market;
        // A side may hold a few wei more than the market counts (R2a).
        uint256 openInterest = WadMath.max(_interest[market].openInterest, closing.base);
        int256 base = closing.long ? int256(closing.base) : -int256(closing.base);
        int256 funding = _fundingOf(market);
        Leg memory leg = _leg(account, market, funding);
        _change(account, header, market, leg, -base, WadMath.signedMulDivDown(base, closing.price, WAD), funding);
        if (closing.base == 0) return;
        bool other = !closing.long;
        Side memory side = _sides[market][other];
        uint256 price = _closingPrice(closing);
        uint256 product = SideIndex.deleverage(side, other, closing.base, openInterest, price, funding);
        uint256 fell = SideIndex.deleveragedLn(product, side.product);
        _storeSide(market, other, side, funding);
        _recordCharge(market, other, WadMath.mulDivUp(closing.surcharge, WAD, openInterest), fell);
        _interest[market].openInterest = (openInterest - closing.base).toUint96();
        emit SideDeleveraged(_marketId(market), other, closing.base, price);
    }

    /// @dev Price at which the other side closes: what the account cannot pay is taken through it.
    function _closingPrice(Closing memory closing) private pure returns (uint256) {
        uint256 perUnit = WadMath.mulDivUp(closing.surcharge, WAD, closing.base);
        if (closing.long) return WadMath.min(closing.price + perUnit, 2 * closing.price);
        return perUnit >= closing.price ? 0 : closing.price - perUnit;
    }

    /// @dev Collateral goes to the clearing account with an equal negative cash, its haircut value; anyone clears it (CLR-10).
    function _sweepCollateral(AccountId account, AccountHeader memory header) private {
        if (header.assets == 0) return;
        AccountId clearing = _clearingAccount();
        AccountHeader memory sink = _headers[clearing];
        for (uint256 bits = header.assets; bits != 0; bits &= bits - 1) {
            uint256 index = LibBit.ffs(bits);
            Asset memory asset = _assets[index];
            (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(asset.feed));
            if (!hasConsensus) continue;
            uint256 amount = _collateral[account][index];
            int256 counted = int256(MarginMath.haircutValueDown(amount, price, asset.haircut));
            _removeCollateralFrom(account, header, index, amount);
            _addCollateralTo(clearing, sink, index, amount);
            _addCash(header, counted);
            _addCash(sink, -counted);
        }
        _saveHeader(clearing, sink);
    }
}
