// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {FundingMath} from "../libraries/FundingMath.sol";
import {SideIndex} from "../libraries/SideIndex.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, GenerationEnd, Interest, Market, Position, Side, SideFacts} from "../types/Clearing.sol";
import {MAX_MARKETS_PER_ACCOUNT, MAX_OPEN_INTEREST, WAD} from "../types/Constants.sol";
import {AccountFlags, MarketFlags} from "../types/Flags.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {
    MarketWord,
    PositionWord,
    SideFactsWord,
    SideWord,
    Words,
    packPosition,
    packSideFacts
} from "../types/Words.sol";
import {LossRecords} from "./LossRecords.sol";

/// @title One-slot positions on the side index
/// @notice Reads, writes and transfers positions (CLR-04, CLR-08, CLR-09). Every change of base is exact, and every change of quote
/// of one account is the exact opposite of another's.
abstract contract Positions is LossRecords {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;
    using Words for Position;
    using Words for Side;
    using Words for SideFacts;

    /// @dev Generations that one read brings a position forward (CLR-09).
    uint256 internal constant MAX_ROLLS = 8;

    /// @dev A position expressed in the current generation of its side, and that side as it was read with it; 0 where none was.
    struct Leg {
        int256 base;
        int256 quoteValue;
        SideWord side;
    }

    /// @dev F of a market now (CLR-05): a pure function of its slot and of time, so that whoever looks sees the same, and what a fill,
    /// a slice or a charge does at this second is independent of when F was last written.
    function _fundingNow(MarketWord settings) internal view returns (int256 funding) {
        funding = settings.funding();
        int32 rate = settings.fundingRate();
        if (rate == 0) return funding;
        // Written at a time that was now, and an int96 and less than 2^91 that has accrued.
        unchecked {
            uint256 elapsed = block.timestamp - settings.fundingAt();
            if (elapsed != 0) funding += FundingMath.accrued(FundingMath.unpack(rate), elapsed);
        }
    }

    function _fundingOf(uint256 market) internal view returns (int256) {
        return _fundingNow(_markets[market].load());
    }

    /// @dev Base and quote value of a position now. Reads three slots: position, side, and the market's for `funding`.
    function _leg(AccountId account, uint256 market, int256 funding) internal view returns (Leg memory leg) {
        (leg.base, leg.quoteValue, leg.side) = _read(account, market, funding);
    }

    /// @dev As `_leg`, without a place in memory.
    function _read(
        AccountId account,
        uint256 market,
        int256 funding
    ) internal view returns (int256 base, int256 quoteValue, SideWord side) {
        PositionWord position = _positions[account][market].load();
        int256 shares = position.shares();
        quoteValue = position.quote();
        if (shares == 0) return (0, quoteValue, side);
        side = _sides[market][shares > 0].load();
        if (position.writtenIn() != side.generation()) {
            (shares, quoteValue) = _rollForward(account, market, position, side.generation());
            if (shares == 0) return (0, quoteValue, side);
        }
        base = SlotMath.baseOf(shares, side.product());
        quoteValue = SlotMath.quoteValueDown(shares, quoteValue, SlotMath.effectiveSumDown(side, funding));
    }

    /// @dev A position in the current generation of its side.
    function _rollForward(
        AccountId account,
        uint256 market,
        PositionWord position,
        uint256 current
    ) internal view returns (int256 shares, int256 quote) {
        uint256 generation;
        (shares, quote, generation) = _rolled(market, position, current);
        // Where nothing is left, nothing is brought forward: base 0 stays base 0.
        if (shares == 0 || generation == current) return (shares, quote);
        revert ClearingHouse_PositionTooOld(account, MarketId.wrap(uint8(market)), current - position.writtenIn());
    }

    /// @dev Applies the ends of the generations that a position has missed, at most MAX_ROLLS of them.
    function _rolled(
        uint256 market,
        PositionWord position,
        uint256 current
    ) private view returns (int256 shares, int256 quote, uint256 generation) {
        (shares, quote, generation) = (position.shares(), position.quote(), position.writtenIn());
        bool long = shares > 0;
        for (uint256 steps = 0; steps < MAX_ROLLS && generation != current && shares != 0; ++steps) {
            (shares, quote) = SideIndex.rollOnce(shares, quote, _ends[market][long][generation]);
            ++generation;
        }
    }

    /// @dev Writes a position. At base 0 the slot is freed and what is left of quote becomes cash.
    /// @param leg left as `_read` finds it from now on, at this funding: the same base (SideIndex.sharesOf), and a wei less of quote
    /// where storing has rounded
    function _storeLeg(
        AccountId account,
        Header memory header,
        uint256 market,
        Leg memory leg,
        int256 funding
    ) internal {
        if (leg.base == 0) {
            _addCash(header, leg.quoteValue);
            if (header.word.hasMarket(market)) {
                delete _positions[account][market];
                header.removeMarket(market);
            }
            return;
        }
        if (!header.word.hasMarket(market)) _addMarket(account, header, market);
        SideWord side = leg.side;
        // A side that stands has a product.
        if (SideWord.unwrap(side) == 0) side = _sides[market][leg.base > 0].load();
        int112 shares = SlotMath.sharesOf(leg.base, side.product()).toInt112();
        int256 effectiveSum = SlotMath.effectiveSumDown(side, funding);
        int256 quote = SlotMath.storedQuoteDown(shares, leg.quoteValue, effectiveSum);
        leg.quoteValue = SlotMath.readBackDown(shares, leg.quoteValue, effectiveSum);
        _positions[account][market].store(packPosition(shares, quote.toInt128(), side.generation()));
    }

    /// @dev While an auction runs no market is added to the account (ORC-05).
    function _addMarket(AccountId account, Header memory header, uint256 market) private pure {
        if (header.word.flags() & AccountFlags.IN_AUCTION != 0) revert ClearingHouse_InAuction(account);
        header.addMarket(market);
        uint256 count = LibBit.popCount(header.word.markets());
        if (count > MAX_MARKETS_PER_ACCOUNT) {
            revert ClearingHouse_TooManyMarkets(account, count, MAX_MARKETS_PER_ACCOUNT);
        }
    }

    /// @dev Before every `_change`: a position keeps count of what it bore where holders were ever charged (CLM-03).
    function _beforeChange(MarketWord settings, AccountId account, uint256 market, int256 held, int256 base) internal {
        if (settings.flags() & MarketFlags.CHARGED != 0) _recordBorne(account, market, held, held + base, 0);
    }

    /// @dev Changes a position by `base` for `quote` (quote = -base * price, fixed once for both parties). The average entry stays:
    /// when a position shrinks, the part of its quote that belongs to the closed base becomes cash.
    /// @param leg the position as of now, at `funding`; left as it is read after
    function _change(
        AccountId account,
        Header memory header,
        uint256 market,
        Leg memory leg,
        int256 base,
        int256 quote,
        int256 funding
    ) internal {
        int256 kept = _keptQuote(leg, base, quote);
        // Bases are below 2^112, quote values below 2^152 and notionals below 2^165 (SlotMath).
        unchecked {
            int256 realized = leg.quoteValue + quote - kept;
            if (realized != 0) _addCash(header, realized);
            int256 current = leg.base + base;
            // Opened anew, or turned round: on a side that was not read.
            if (leg.base == 0 || (leg.base > 0) != (current > 0)) leg.side = SideWord.wrap(0);
            leg.base = current;
        }
        leg.quoteValue = kept;
        _storeLeg(account, header, market, leg, funding);
    }

    /// @dev Quote of the position after a change; the rest of (quote value + quote) is realised. Exact: nothing is lost in rounding.
    function _keptQuote(Leg memory leg, int256 base, int256 quote) private pure returns (int256) {
        // Quote values are below 2^152 and notionals below 2^165 (SlotMath); the smaller base is taken from the larger.
        unchecked {
            if (leg.base == 0 || (leg.base > 0) == (base > 0)) return leg.quoteValue + quote;
            uint256 held = WadMath.abs(leg.base);
            uint256 changed = WadMath.abs(base);
            if (changed == held) return 0;
            if (changed < held) return WadMath.signedMulDivDown(leg.quoteValue, held - changed, held);
            // The position turns round: what is opened anew enters at the price of the change.
            return WadMath.signedMulDivDown(quote, changed - held, changed);
        }
    }

    /// @dev Growth of the long side through one account's change; equals that of the short side over both parties of a transfer.
    function _longGrowth(int256 baseBefore, int256 baseAfter) internal pure returns (int256) {
        // Neither part is below 0.
        unchecked {
            return int256(WadMath.positivePart(baseAfter)) - int256(WadMath.positivePart(baseBefore));
        }
    }

    /// @dev Writes open interest after a transfer between two accounts.
    function _growInterest(uint256 market, int256 growth) internal returns (uint256 openInterest) {
        Interest storage entry = _interest[market];
        // After deleveragings a side may hold a few wei more than the market counts (R2a): the last to leave takes it to zero.
        openInterest = WadMath.positivePart(int256(uint256(entry.openInterest)) + growth);
        if (openInterest > MAX_OPEN_INTEREST) {
            revert ClearingHouse_OpenInterestCapExceeded(MarketId.wrap(uint8(market)), openInterest, MAX_OPEN_INTEREST);
        }
        if (growth != 0) entry.openInterest = uint96(openInterest); // At most 2^95.
    }

    /* SIDES */

    /// @dev Stores a side, and starts a new generation when P is nearly used up or |S| has grown large (CLR-09).
    function _storeSide(uint256 market, bool long, Side memory side, int256 funding) internal {
        if (SideIndex.endsGeneration(side, funding)) {
            uint16 ended = side.generation;
            GenerationEnd memory end = SideIndex.startGeneration(side, funding);
            _ends[market][long][ended] = end;
            emit GenerationEnded(MarketId.wrap(uint8(market)), long, ended, end.product, end.sum);
        }
        _sides[market][long] = side;
    }

    /// @dev Charges `amount` to everyone on a side, per unit of base, in one write.
    function _chargeSide(uint256 market, bool long, uint256 amount) internal {
        Side memory side = _sides[market][long];
        uint256 perUnit = SideIndex.charge(side, long, amount, _interest[market].openInterest);
        _storeSide(market, long, side, _fundingOf(market));
        _recordCharge(market, long, perUnit, 0);
        emit SideCharged(MarketId.wrap(uint8(market)), long, perUnit, amount);
    }

    /// @dev Charges `perUnit` to every unit of base of a side.
    function _chargeSidePerUnit(uint256 market, bool long, uint256 perUnit) internal {
        Side memory side = _sides[market][long];
        SideIndex.chargePerUnit(side, long, perUnit);
        _storeSide(market, long, side, _fundingOf(market));
        _recordCharge(market, long, perUnit, 0);
        emit SideCharged(
            MarketId.wrap(uint8(market)),
            long,
            perUnit,
            WadMath.mulDivUp(perUnit, _interest[market].openInterest, WAD)
        );
    }

    /// @dev Closes a part of a whole side at one price (CLR-09): P falls, and with it everybody's base.
    /// @param surcharge what the side bears of a loss in that price
    function _deleverageSide(
        uint256 market,
        bool long,
        uint256 closed,
        uint256 price,
        uint256 surcharge,
        int256 funding
    ) internal {
        // A side may hold a few wei more than the market counts (R2a).
        uint256 openInterest = WadMath.max(_interest[market].openInterest, closed);
        Side memory side = _sides[market][long];
        uint256 product = SideIndex.deleverage(side, long, closed, openInterest, price, funding);
        uint256 fell = SideIndex.deleveragedLn(product, side.product);
        _storeSide(market, long, side, funding);
        _recordCharge(market, long, WadMath.mulDivUp(surcharge, WAD, openInterest), fell);
        _interest[market].openInterest = (openInterest - closed).toUint96();
    }

    /// @dev Brings a stored position forward over at most MAX_ROLLS generations that have ended. Anyone may have it done: no value changes.
    function _rollPosition(AccountId account, uint256 market) internal {
        PositionWord position = _positions[account][market].load();
        if (position.shares() == 0) return;
        uint256 current = _sides[market][position.shares() > 0].load().generation();
        (int256 shares, int256 quote, uint256 generation) = _rolled(market, position, current);
        if (shares != 0) {
            _positions[account][market].store(packPosition(int112(shares), int128(quote), generation));
            return;
        }
        // Wholly deleveraged: the slot is freed and what is left becomes cash.
        Header memory header = Header({word: _headers[account].load()});
        _storeLeg(account, header, market, Leg({base: 0, quoteValue: quote, side: SideWord.wrap(0)}), 0);
        _saveHeader(account, header);
    }

    /// @dev Facts are state (CLM-03): written where the loss happens, saturating, never read by the loss path.
    function _recordCharge(uint256 market, bool long, uint256 perUnit, uint256 deleveraged) internal {
        if (perUnit != 0 && _markets[market].load().flags() & MarketFlags.CHARGED == 0) {
            _markets[market].flags |= MarketFlags.CHARGED;
        }
        SideFacts storage slot = _facts[market][long];
        SideFactsWord facts = slot.load();
        slot.store(
            packSideFacts(
                uint128(WadMath.min(facts.socializedPerUnit() + perUnit, type(uint128).max)),
                uint64(WadMath.min(facts.deleveraged() + deleveraged, type(uint64).max)),
                uint40(block.timestamp),
                uint24(WadMath.min(facts.count() + 1, type(uint24).max))
            )
        );
    }

    /// @dev A fraction of a base, away from zero, never more than the base: what stays is never too much.
    function _fractionUp(int256 base, uint256 fraction) internal pure returns (int256) {
        // Below 2^112 times at most WAD.
        uint256 size = SlotMath.smallMulDivUp(WadMath.abs(base), fraction, WAD);
        return base < 0 ? -int256(size) : int256(size);
    }
}
