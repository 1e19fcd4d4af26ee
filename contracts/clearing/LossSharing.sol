// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouseExtension} from "../interfaces/IClearingHouseExtension.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Market} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountId, FeedId, MarketId} from "../types/Identifiers.sol";
import {Balances} from "./Balances.sol";

/// @title Socialised loss
/// @notice What no layer paid is charged to the sides that gained, in one write per side; the rest is spread over all markets by
/// notional (LIQ-05). Calls nothing but prices that have been read before (R1b) and never reverts for lack of money (R1).
abstract contract LossSharing is Balances, IClearingHouseExtension {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @dev A shortfall that the layers pay in full leaves at most a wei of rounding for each of them.
    uint256 private constant ROUNDING = 8;

    /// @dev A loss on its way through the markets of one account.
    struct Loss {
        AccountId account;
        uint256 markets;
        uint256 fraction;
        uint256 remaining;
        uint256 weightLeft;
        bool isClosing;
    }

    function socialize(
        AccountId account,
        AccountId bidder,
        uint256 fraction,
        uint256 loss
    ) external nonReentrant onlyLinked(_config.engine) returns (uint256 socialized) {
        Loss memory state = _openLoss(account, fraction, loss);
        if (fraction != WAD && loss > ROUNDING) _requireNotOpposite(state, bidder);
        for (uint256 bits = state.markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            (uint256 part, bool long) = _nextPart(state, market);
            if (part != 0) _chargeSide(market, !long, part);
        }
        return loss - _spread(account, state.remaining);
    }

    /// @dev A slice nets the bidder's own opposite base away, and with it his part of the loss of the next slice. So whoever stands
    /// opposite takes the whole account or nothing while a loss is being socialised: splitting a bid changes nothing (R3, INV-21).
    function _requireNotOpposite(Loss memory state, AccountId bidder) private view {
        for (uint256 bits = state.markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            int256 base = _ownBase(bidder, market);
            int256 sold = _ownBase(state.account, market);
            if ((base > 0 && sold < 0) || (base < 0 && sold > 0)) {
                revert ClearingHouse_PartialBidAgainstOwnSide(bidder, _marketId(market));
            }
        }
    }

    function lossWeights(AccountId account) external view returns (uint256[3] memory byClass) {
        for (uint256 bits = _headers[account].markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            Market memory settings = _markets[market];
            byClass[uint256(_classOf(settings))] += _lossWeight(_pricedLeg(account, market, settings), market);
        }
    }

    /// @dev Weights are summed first, so that each market's part can be taken off what remains: the parts add up exactly.
    function _openLoss(AccountId account, uint256 fraction, uint256 loss) internal view returns (Loss memory state) {
        state.account = account;
        state.markets = _headers[account].markets;
        state.fraction = fraction;
        state.remaining = loss;
        for (uint256 bits = state.markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            state.weightLeft += _lossWeight(_pricedLeg(account, market, _markets[market]), market);
        }
    }

    /// @dev Takes market's part off the loss: in proportion to its weight, never above the weight itself, nor above the price for each
    /// unit that bears it: all of the other side in a bid, the closed base in a deleveraging (LIQ-05, LIQ-06).
    /// Returns the side of the account; the other side is charged.
    function _nextPart(Loss memory state, uint256 market) internal view returns (uint256 part, bool long) {
        PricedLeg memory leg = _pricedLeg(state.account, market, _markets[market]);
        long = leg.base > 0;
        uint256 weight = _lossWeight(leg, market);
        if (weight == 0) return (0, long);
        part = WadMath.mulDivUp(state.remaining, weight, state.weightLeft);
        part = WadMath.min(part, WadMath.mulWadUp(weight, state.fraction));
        uint256 bearing = state.isClosing ? WadMath.abs(leg.base) : uint256(_interest[market].openInterest);
        part = WadMath.min(part, WadMath.mulWadDown(bearing, leg.price));
        part = WadMath.min(part, state.remaining);
        state.remaining -= part;
        state.weightLeft -= weight;
    }

    /// @dev Spreads a loss over both sides of all markets by notional. The account that caused it bears nothing: its base is left out of
    /// the divisor and its charge is credited back. Returns what no open interest can bear, which is kept as unallocated.
    function _spread(AccountId account, uint256 loss) internal returns (uint256 unallocated) {
        if (loss == 0) return 0;
        uint256 notional = _notionalOfOthers(account);
        uint256 borne = WadMath.min(loss, notional);
        if (borne != 0) _chargeAll(account, borne, notional);
        unallocated = loss - borne;
        if (unallocated != 0) {
            uint256 sum = _fundAccount.unallocated + unallocated;
            _fundAccount.unallocated = sum.toUint96();
            emit LossUnallocated(unallocated, sum);
        }
    }

    function _notionalOfOthers(AccountId account) private view returns (uint256 notional) {
        for (uint256 bits = _listedMarkets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            uint256 bearing = 2 * uint256(_interest[market].openInterest);
            if (bearing == 0) continue;
            bearing -= WadMath.min(bearing, WadMath.abs(_ownBase(account, market)));
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
            notional += WadMath.mulWadDown(bearing, price);
        }
    }

    function _chargeAll(AccountId account, uint256 loss, uint256 notional) private {
        uint256 credit;
        for (uint256 bits = _listedMarkets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            if (_interest[market].openInterest == 0) continue;
            uint256 own = WadMath.abs(_ownBase(account, market));
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
            // Never above the price: loss <= notional.
            uint256 perUnit = WadMath.min(price, WadMath.mulDivUp(price, loss, notional));
            _chargeSidePerUnit(market, true, perUnit);
            _chargeSidePerUnit(market, false, perUnit);
            credit += WadMath.mulWadDown(own, perUnit);
        }
        if (credit == 0) return;
        AccountHeader memory header = _headers[account];
        _addCash(header, credit.toInt256());
        _saveHeader(account, header);
    }

    function _ownBase(AccountId account, uint256 market) private view returns (int256) {
        if (_headers[account].markets & (1 << market) == 0) return 0;
        // Base does not depend on funding.
        return _leg(account, market, 0).base;
    }

    function _marketId(uint256 market) internal pure returns (MarketId) {
        return MarketId.wrap(uint8(market));
    }
}
