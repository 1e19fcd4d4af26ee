// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, CloseOut, Market} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountFlags} from "../types/Flags.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, FeedId} from "../types/Identifiers.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {LossSharing} from "./LossSharing.sol";

/// @title Closing of an account against the whole opposite sides (LIQ-06)
/// @notice O(1) in accounts: one write per market moves everybody on the other side. No ranking, no keeper's choice.
abstract contract Deleveraging is LossSharing {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    function closeOut(
        CloseOut calldata request
    ) external nonReentrant onlyLinked(_config.engine) returns (uint256 socialized) {
        uint256 loss = request.shortfall - request.drawn;
        Loss memory state = _openLoss(request.account, WAD, loss);
        state.isClosing = true;
        // What each market takes of the loss replaces its weight.
        for (uint256 index = 0; index < state.stakes.length; ++index) {
            Stake memory stake = state.stakes[index];
            stake.weight = _nextPart(state, stake);
        }
        // The remainder is spread while the account's own base still stands, so that it can be left out (LIQ-05).
        socialized = loss - _spread(request.account, state.remaining);
        Header memory header = Header({word: _headers[request.account].load()});
        for (uint256 index = 0; index < state.stakes.length; ++index) {
            Stake memory stake = state.stakes[index];
            if (stake.leg.hasConsensus) _close(request, header, stake);
        }
        _addCash(header, request.shortfall.toInt256() - request.penalty.toInt256());
        // What `_close` collected from opposite sides is part of the shortfall that was just made good.
        if (request.penalty != 0) _creditFund(request.penalty);
        if (request.drawn != 0) _debitFund(request.drawn);
        if (request.sweepsCollateral) _sweepCollateral(request.account, header);
        _stampLiquidated(request.account, header, request.penalty, request.closesAuction);
        _saveHeader(request.account, header);
        if (_hasDeficits()) _bookDeficit(request.account, WAD, 0, request.drawn);
        emit ClosedOut(request.account, request.fraction, request.penalty, request.shortfall, socialized);
    }

    /// @dev Closes a part of the account against the whole other side pro rata, in O(1): P of the other side falls (CLR-09). What a market
    /// takes of the loss is limited to its price, so that it closes between 0 and twice the price.
    function _close(CloseOut calldata request, Header memory header, Stake memory stake) private {
        int256 base = _fractionUp(stake.leg.base, request.fraction);
        if (header.word.flags() & AccountFlags.RECORDED != 0) {
            _recordSale(request.account, stake.market, base, stake.leg.price);
        }
        _closeBase(request.account, header, stake.market, base, stake.leg.price, stake.weight);
    }

    /// @dev Closes `base` of an account at `price`, and as much of the other side with what the market takes of the loss on top.
    function _closeBase(
        AccountId account,
        Header memory header,
        uint256 market,
        int256 base,
        uint256 price,
        uint256 surcharge
    ) internal {
        MarketWord settings = _markets[market].load();
        int256 funding = _fundingNow(settings);
        int256 quote = SlotMath.notionalDown(base, price);
        // A spread may have charged the account's own side: its position is read anew.
        Leg memory leg = _leg(account, market, funding);
        _beforeChange(settings, account, market, leg.base, -base);
        _change(account, header, market, leg, -base, quote, funding);
        if (base != 0) _closeOther(market, base, price, surcharge, funding);
    }

    /// @param base of the account that was closed, signed
    /// @param surcharge what the market takes of the loss
    function _closeOther(uint256 market, int256 base, uint256 indexPrice, uint256 surcharge, int256 funding) private {
        bool other = base < 0;
        uint256 closed = WadMath.abs(base);
        uint256 price = _closingPrice(indexPrice, closed, surcharge, other);
        _deleverageSide(market, other, closed, price, surcharge, funding);
        emit SideDeleveraged(_marketId(market), other, closed, price);
    }

    /// @dev Price at which the other side closes: what the account cannot pay is taken through it.
    function _closingPrice(
        uint256 price,
        uint256 closed,
        uint256 surcharge,
        bool other
    ) private pure returns (uint256) {
        uint256 perUnit = WadMath.mulDivUp(surcharge, WAD, closed);
        if (!other) return WadMath.min(price + perUnit, 2 * price);
        return perUnit >= price ? 0 : price - perUnit;
    }

    /// @dev Collateral goes to the clearing account with an equal negative cash, its haircut value; anyone clears it (CLR-10).
    function _sweepCollateral(AccountId account, Header memory header) private {
        if (header.word.assets() == 0) return;
        AccountId clearing = _clearingAccount();
        Header memory sink = Header({word: _headers[clearing].load()});
        for (uint256 bits = header.word.assets(); bits != 0; bits &= bits - 1) {
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
