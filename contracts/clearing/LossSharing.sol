// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouseExtension} from "../interfaces/IClearingHouseExtension.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Market} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, FeedId, MarketId} from "../types/Identifiers.sol";
import {Words} from "../types/Words.sol";
import {Balances} from "./Balances.sol";

/// @title Socialised loss
/// @notice What no layer paid is charged to the sides that gained, in one write per side; the rest is spread over all markets by
/// notional (LIQ-05). Calls nothing but prices that have been read before (R1b) and never reverts for lack of money (R1).
abstract contract LossSharing is Balances, IClearingHouseExtension {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    /// @dev A shortfall that the layers pay in full leaves at most a wei of rounding for each of them.
    uint256 private constant ROUNDING = 8;

    /// @dev What an account has in one market, and LIQ-05's weight of it.
    struct Stake {
        uint256 market;
        uint256 weight;
        PricedLeg leg;
    }

    /// @dev A loss on its way through the markets of one account. `stakes` as they stood when it was opened: what it does to the opposite
    /// sides does not change them.
    struct Loss {
        Stake[] stakes;
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
        for (uint256 index = 0; index < state.stakes.length; ++index) {
            Stake memory stake = state.stakes[index];
            uint256 part = _nextPart(state, stake);
            if (part != 0) _chargeSide(stake.market, stake.leg.base <= 0, part);
        }
        return loss - _spread(account, state.remaining);
    }

    /// @dev A slice nets the bidder's own opposite base away, and with it his part of the loss of the next slice. So whoever stands
    /// opposite takes the whole account or nothing while a loss is being socialised: splitting a bid changes nothing (R3, INV-21).
    function _requireNotOpposite(Loss memory state, AccountId bidder) private view {
        for (uint256 index = 0; index < state.stakes.length; ++index) {
            uint256 market = state.stakes[index].market;
            int256 base = _ownBase(bidder, market);
            int256 sold = state.stakes[index].leg.base;
            if ((base > 0 && sold < 0) || (base < 0 && sold > 0)) {
                revert ClearingHouse_PartialBidAgainstOwnSide(bidder, _marketId(market));
            }
        }
    }

    /// @dev Weights are summed first, so that each market's part can be taken off what remains: the parts add up exactly. Without a loss
    /// nothing is weighed.
    function _openLoss(AccountId account, uint256 fraction, uint256 loss) internal view returns (Loss memory state) {
        uint256 markets = _headers[account].markets;
        Quotes memory quotes = _keptQuotes();
        state.stakes = new Stake[](LibBit.popCount(markets));
        state.fraction = fraction;
        state.remaining = loss;
        for (uint256 index = 0; markets != 0; markets &= markets - 1) {
            Stake memory stake = state.stakes[index++];
            stake.market = LibBit.ffs(markets);
            stake.leg = _pricedLeg(account, stake.market, _markets[stake.market].load(), quotes);
            if (loss == 0 || !_hasWeight(stake.leg)) continue;
            stake.weight = _lossWeight(stake.leg, _keptAverage(stake.market));
            state.weightLeft += stake.weight;
        }
    }

    /// @dev Takes market's part off the loss: in proportion to its weight, never above the weight itself, nor above the price for each
    /// unit that bears it: all of the other side in a bid, the closed base in a deleveraging (LIQ-05, LIQ-06).
    function _nextPart(Loss memory state, Stake memory stake) internal view returns (uint256 part) {
        uint256 weight = stake.weight;
        if (weight == 0) return 0;
        part = WadMath.mulDivUp(state.remaining, weight, state.weightLeft);
        part = WadMath.min(part, WadMath.mulWadUp(weight, state.fraction));
        uint256 bearing = state.isClosing ? WadMath.abs(stake.leg.base) : uint256(_interest[stake.market].openInterest);
        part = WadMath.min(part, WadMath.mulWadDown(bearing, stake.leg.price));
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
        for (uint256 bits = _listed; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            uint256 bearing = 2 * uint256(_interest[market].openInterest);
            if (bearing == 0) continue;
            bearing -= WadMath.min(bearing, WadMath.abs(_ownBase(account, market)));
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
            notional += WadMath.mulWadDown(bearing, price);
        }
    }

    function _chargeAll(AccountId account, uint256 loss, uint256 notional) private {
        Header memory header = Header({word: _headers[account].load()});
        for (uint256 bits = _listed; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            if (_interest[market].openInterest == 0) continue;
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
            // Never above the price: loss <= notional.
            uint256 perUnit = WadMath.min(price, WadMath.mulDivUp(price, loss, notional));
            _chargeSidePerUnit(market, true, perUnit);
            _chargeSidePerUnit(market, false, perUnit);
            if (header.word.hasMarket(market)) _creditBack(account, header, market, perUnit);
        }
        _saveHeader(account, header);
    }

    /// @dev Gives the account that caused a loss back what its own leg was charged of it: to the leg, and not in cash, which is sold and
    /// paid for where a leg without consensus is not (ORC-07).
    function _creditBack(AccountId account, Header memory header, uint256 market, uint256 perUnit) private {
        int256 funding = _fundingOf(market);
        Leg memory leg = _leg(account, market, funding);
        _recordBorne(account, market, leg.base, leg.base, perUnit);
        leg.quoteValue += WadMath.mulWadDown(WadMath.abs(leg.base), perUnit).toInt256();
        _storeLeg(account, header, market, leg, funding);
    }

    function _ownBase(AccountId account, uint256 market) internal view returns (int256) {
        if (_headers[account].markets & (1 << market) == 0) return 0;
        // Base does not depend on funding.
        return _leg(account, market, 0).base;
    }

    function _marketId(uint256 market) internal pure returns (MarketId) {
        return MarketId.wrap(uint8(market));
    }
}
