// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {Market as MarketSettings, Trade} from "../../../../contracts/types/Clearing.sol";
import {MarketFlags} from "../../../../contracts/types/Flags.sol";
import {Measures} from "./Measures.sol";

/// @dev Fills at any price of the band: they take the premium first, wait while a loss is unbooked, and only reduce in a market that ends.
abstract contract Fills is Measures {
    /// @dev A fill of this notional can stand as a position of its own, so it moves funding.
    uint256 private constant MOVES_FUNDING = 1_000e18;

    struct Deal {
        uint256 taker;
        uint256 maker;
        uint8 market;
        int256 size;
        uint256 price;
    }

    function _fill(
        uint256 taker,
        uint256 maker,
        uint8 market,
        int256 size,
        uint256 price,
        uint256[2] memory
    ) internal override returns (bool) {
        return _deal(Deal(taker, maker, market, size, price));
    }

    /// @dev Two holders who stand against each other close what both have, at the index.
    function _unwind() internal {
        uint8 m = uint8(_draw(2));
        Book memory book = _read();
        uint256 start = _draw(ACTIVE);
        for (uint256 k = 0; k < ACTIVE; ++k) {
            uint256 i = (start + k) % ACTIVE;
            int256 base = book.base[i][m];
            if (base <= 0) continue;
            uint256 other = _oppositeOf(book, m, start);
            if (other == ALL) return;
            int256 most = -book.base[other][m];
            _deal(Deal(i, other, m, -(base < most ? base : most), book.prices[m]));
            return;
        }
    }

    function _oppositeOf(Book memory book, uint256 m, uint256 start) private pure returns (uint256) {
        for (uint256 k = 0; k < ACTIVE; ++k) {
            uint256 i = (start + k) % ACTIVE;
            if (book.base[i][m] < 0) return i;
        }
        return ALL;
    }

    function _deal(Deal memory deal) private returns (bool ok) {
        Book memory book = _read();
        _charge(book, deal.market, book.prices[deal.market]);
        (uint256 fees, ) = HOUSE.totals();
        bool isUnbooked = _isUnbooked(deal.market);
        bool isOpen = _isOpen(deal.market);
        bytes4 reason = _ask(deal);
        bool isWaiting = reason == E.ClearingHouse_DeficitUnbooked.selector;
        _require(isWaiting == isUnbooked, "CLR-07: fills wait while more is measured than there is, and only then");
        if (isWaiting) _reached("fill waits");
        if (reason == E.ClearingHouse_MarketClosed.selector) {
            _require(!isOpen, "CLR-11: an open market refused a fill");
            _reached("fill after the end");
        }
        if (reason != 0) return false;
        _noteTaken(deal.market);
        _checkFill(book, deal, fees, isOpen);
        return true;
    }

    /// @dev The reason of a refusal, 0 for none.
    function _ask(Deal memory deal) private returns (bytes4) {
        Trade memory wanted = Trade({
            taker: _accounts[deal.taker],
            maker: _accounts[deal.maker],
            market: _market(deal.market),
            size: deal.size,
            price: deal.price
        });
        (bool ok, bytes memory result) = _try(
            address(SYSTEM.orders()),
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.trade, (wanted)),
            _refusals(),
            "fill"
        );
        return ok ? bytes4(0) : bytes4(result);
    }

    function _checkFill(Book memory before, Deal memory deal, uint256 fees, bool isOpen) private {
        quoteDust += 8;
        _checkBook(before, deal.taker, deal.maker, "FND-02, CLR-05: a fill takes the premium and touches nobody else");
        Book memory found = _read();
        (uint256 feesNow, ) = HOUSE.totals();
        int256 lost = _worth(before, deal.taker) + _worth(before, deal.maker);
        lost -= _worth(found, deal.taker) + _worth(found, deal.maker) + int256(feesNow - fees);
        uint256 slack = 8 + 2 * (WEI + before.slack[deal.market]);
        _require(_size(lost) <= slack, "CLR-08: a fill made or lost money");
        _checkBase(before, found, deal, deal.taker, deal.size, isOpen);
        _checkBase(before, found, deal, deal.maker, -deal.size, isOpen);
        if (!isOpen) _reached("fill before the end");
        uint256 index = before.prices[deal.market];
        if ((_size(deal.size) * index) / UNIT >= MOVES_FUNDING) _checkVelocity(deal.market, index);
    }

    function _checkBase(
        Book memory before,
        Book memory found,
        Deal memory deal,
        uint256 i,
        int256 size,
        bool isOpen
    ) private {
        (int256 old, int256 now_) = (before.base[i][deal.market], found.base[i][deal.market]);
        _require(now_ == old + size, "R2a: a fill is exact in base");
        bool isSmaller = _size(now_) <= _size(old) && (now_ == 0 || (now_ > 0) == (old > 0));
        _require(isOpen || isSmaller, "CLR-11: risk was added in a market that ends");
    }

    function _isOpen(uint256 m) internal view returns (bool) {
        return _flagsOf(m) & MarketFlags.OPEN != 0;
    }

    function _flagsOf(uint256 m) internal view returns (uint8) {
        (MarketSettings memory settings, ) = HOUSE.marketOf(_market(m));
        return settings.flags;
    }

    function _refusals() private pure returns (bytes memory) {
        return
            abi.encodePacked(
                abi.encodePacked(
                    E.ClearingHouse_BelowInitialMargin.selector,
                    E.ClearingHouse_BlindAccount.selector,
                    E.ClearingHouse_DustPosition.selector,
                    E.ClearingHouse_NoConsensus.selector,
                    E.ClearingHouse_PriceOutsideBand.selector,
                    E.ClearingHouse_InAuction.selector
                ),
                E.ClearingHouse_Bankrupt.selector,
                E.ClearingHouse_ReductionTooCostly.selector,
                E.ClearingHouse_OpenInterestCapExceeded.selector,
                E.ClearingHouse_DeficitUnbooked.selector,
                E.ClearingHouse_MarketClosed.selector
            );
    }
}
