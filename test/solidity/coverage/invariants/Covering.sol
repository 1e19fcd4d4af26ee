// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICoverageVaultEvents} from "../../../../contracts/interfaces/ICoverageVaultEvents.sol";
import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {Purchase, Series} from "../../../../contracts/types/Coverage.sol";
import {MINT_PERIOD, WEEK} from "../../../../contracts/types/CoverageTerms.sol";
import {ProductId, PurchaseId, SeriesId} from "../../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../../support/Fuzz.sol";
import {vm} from "../../support/Vm.sol";
import {Scarcity} from "./Scarcity.sol";

/// @dev Cover is sold and minted.
abstract contract Covering is Scarcity {
    /// @param refusal why it must be refused; empty when it must not
    /// @param premium in the token's decimals
    struct Offer {
        bytes refusal;
        uint256 cost;
        uint256 premium;
    }

    uint256 private constant MAX_LIVE = 6;

    /// @dev Per series: tokens ever minted.
    mapping(SeriesId series => uint256) internal _minted;

    function openSeries(uint256 product, uint256 limit, uint256 term) external {
        ++steps;
        if (_hasPending()) return;
        _openSeries(product % PRODUCTS, Fuzz.between(limit, 1e18, 100e18 + 1), 1 + (term % 11));
    }

    function buy(uint256 who, uint256 which, uint256 cost) external {
        ++steps;
        if (_live.length == 0 || cost % 5 == 0 || _hasHappened(_live[which % _live.length])) {
            if (!_hasPending()) _openSeries(cost % PRODUCTS, Fuzz.between(cost, 1e18, 100e18), 4 + (which % 7));
        }
        if (_live.length == 0) return;
        // The newest, half the time.
        SeriesId series = _live[which % 2 == 0 ? _live.length - 1 : which % _live.length];
        uint256 limit = vault.seriesOf(series).limit;
        // Half the time the last that is free.
        uint256 wanted = cost % 2 == 0 ? _free() : Fuzz.between(cost, 0, 400e18);
        uint256 waiting = _waiting.length;
        _buy(who % BUYERS, series, uint96((wanted * 1e18) / limit));
        if (_waiting.length == waiting || who % 2 == 0) return;
        _pass(_time + 24 hours);
        _complete(waiting);
    }

    function complete(uint256 which, bool late) external {
        ++steps;
        if (_waiting.length == 0) return;
        uint256 index = which % _waiting.length;
        uint256 mintsAt = vault.purchaseOf(_waiting[index]).mintsAt;
        if (late) _pass(mintsAt + (which % 3 == 0 ? which % (10 days) : 0));
        _complete(index);
    }

    /* INTERNAL */

    function _openSeries(uint256 product, uint256 limit, uint256 weeks_) internal {
        if (_live.length >= MAX_LIVE) _releaseAll();
        if (_live.length >= MAX_LIVE) return;
        uint256 endsAt = (_time / WEEK + weeks_) * WEEK;
        bytes memory refusal;
        if (limit > 100e18 || endsAt < _time + WEEK || endsAt > _time + 10 * WEEK) {
            refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidSeries.selector, limit, endsAt);
        }
        try vault.openSeries(_product[product], uint96(limit), uint32(endsAt / WEEK)) returns (SeriesId series) {
            _require(refusal.length == 0, "CVR-03: a series outside its product's bounds");
            _live.push(series);
            _coveredSides |= 1 << product;
            _reached("series opened");
        } catch (bytes memory reason) {
            _refused(reason, refusal, "CVR-03: a series is refused");
        }
    }

    function _buy(uint256 who, SeriesId series, uint96 units) internal {
        Offer memory offer = _offer(series, units);
        VaultBooks memory books = vault.books();
        uint256 bound = vault.seriesOf(series).bound;
        vm.prank(buyer(who));
        try vault.buy(series, units, type(uint128).max, buyer(who)) returns (PurchaseId purchase, uint256 premium) {
            _earn();
            _require(offer.refusal.length == 0, "INV-09: cover is sold in sight of a loss or beyond capital");
            _require(premium == offer.premium, "CVR-08: another premium, or rounded against underwriters");
            VaultBooks memory current = vault.books();
            _require(
                current.liability == books.liability + offer.cost && vault.seriesOf(series).bound == bound + offer.cost,
                "INV-09: sold cover binds other than it can cost"
            );
            _require(current.escrowed == books.escrowed + premium * SCALE, "CVR-07: a premium is not in escrow");
            _waiting.push(purchase);
            _afterWrite();
            _reached("bought");
        } catch (bytes memory reason) {
            _refused(reason, offer.refusal, "CVR-07: cover is refused");
            _countRefusal(bytes4(reason));
        }
    }

    function _countRefusal(bytes4 selector) private {
        if (selector == ICoverageVaultEvents.CoverageVault_NoCapacity.selector) _reached("no capacity");
        if (selector == ICoverageVaultEvents.CoverageVault_JuniorTooThin.selector) _reached("junior too thin");
        if (selector == ICoverageVaultEvents.CoverageVault_NotSynced.selector) _reached("not synced");
        if (selector == ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector && _hasPending()) {
            _reached("no sale in sight of a loss");
        }
    }

    /// @dev CVR-07 and CVR-08, in the order in which the vault says no.
    function _offer(SeriesId series, uint256 units) private view returns (Offer memory offer) {
        Series memory entry = vault.seriesOf(series);
        VaultBooks memory books = vault.books();
        uint256 mintsAt = _time + 24 hours;
        offer.cost = (units * entry.limit + 1e18 - 1) / 1e18;
        offer.refusal = _refusalUnsynced();
        if (offer.refusal.length > 0) return offer;
        if (_hasHappened(series) || house.deficit() > 0 || books.atRisk > 0 || mintsAt + WEEK > entry.endsAt) {
            offer.refusal = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_SeriesNotForSale.selector,
                series
            );
            return offer;
        }
        if (units == 0) {
            uint256 room = type(uint96).max - uint256(entry.supply) - entry.pending;
            offer.refusal = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_InvalidAmount.selector, 0, room);
            return offer;
        }
        uint256 free = _free();
        bool isFirst = ProductId.unwrap(entry.product) == ProductId.unwrap(_product[0]);
        offer.refusal = _refusalOfCapacity(offer.cost, free, books, isFirst ? 100_00 : 60_00);
        if (offer.refusal.length > 0) return offer;
        uint256 term = entry.endsAt - mintsAt;
        uint256 loss = _divideUp((isFirst ? 0.02e18 : 0.1e18) * term, 365 days);
        uint256 byModel = _divideUp(offer.cost * loss * 13, 10e18);
        uint256 rate = _ratePerYear(books, offer.cost, free);
        offer.premium = _divideUp(_max(byModel, _divideUp(offer.cost * rate * term, 1e18 * 365 days)), SCALE);
    }

    function _refusalOfCapacity(
        uint256 cost,
        uint256 free,
        VaultBooks memory books,
        uint256 shareBps
    ) private pure returns (bytes memory) {
        bytes4 noCapacity = ICoverageVaultEvents.CoverageVault_NoCapacity.selector;
        if (cost > free) return abi.encodeWithSelector(noCapacity, cost, free);
        uint256 most = ((free + books.liability) * shareBps) / 100_00;
        if (books.liability + cost > most) return abi.encodeWithSelector(noCapacity, books.liability + cost, most);
        uint256 junior = books.junior - books.juniorAdvanced;
        uint256 both = junior + books.senior - books.seniorAdvanced;
        if (junior * 5 >= both) return "";
        return abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_JuniorTooThin.selector, junior, both);
    }

    /// @dev CVR-08: the dearer of scarcity and floor.
    function _ratePerYear(VaultBooks memory books, uint256 cost, uint256 free) private view returns (uint256) {
        uint256 bound = books.liability + books.committed;
        uint256 capital = bound + free;
        uint256 from = free == 0 ? 1e18 : _divideUp(bound * 1e18, capital);
        uint256 to = cost >= free ? 1e18 : _divideUp((bound + cost) * 1e18, capital);
        return _max(_meanRateUp(from, to), 0.03e18);
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }

    /// @dev CVR-07: minted in the week after the waiting time, if nothing has happened. Who lets it pass pays for the
    /// time.
    function _complete(uint256 index) internal {
        PurchaseId id = _waiting[index];
        Purchase memory bought = vault.purchaseOf(id);
        bool hasHappened = _hasHappened(bought.series);
        bool isEarly = !hasHappened && _time < bought.mintsAt;
        bool isMinted = !hasHappened && !isEarly && _time < bought.mintsAt + MINT_PERIOD;
        uint256 held = usd.balanceOf(bought.buyer);
        uint256 units = _cover1155.balanceOf(bought.buyer, SeriesId.unwrap(bought.series));
        try vault.complete(id) returns (bool minted) {
            _waiting[index] = _waiting[_waiting.length - 1];
            _waiting.pop();
            _earn();
            _require(!isEarly && minted == isMinted, "CVR-07: minted after a loss, or at another time");
            if (minted) units += bought.units;
            _require(
                _cover1155.balanceOf(bought.buyer, SeriesId.unwrap(bought.series)) == units,
                "CVR-07: other tokens are minted than were bought"
            );
            _afterComplete(bought, minted, hasHappened, held);
            _completeAgain(id);
        } catch (bytes memory reason) {
            bytes memory tooEarly = abi.encodeWithSelector(
                ICoverageVaultEvents.CoverageVault_TooEarly.selector,
                uint256(bought.mintsAt)
            );
            _refused(reason, isEarly ? tooEarly : bytes(""), "CVR-07: a purchase cannot be completed");
        }
    }

    /// @dev Nobody is paid, or minted for, twice.
    function _completeAgain(PurchaseId id) private {
        bytes memory unknown = abi.encodeWithSelector(ICoverageVaultEvents.CoverageVault_UnknownPurchase.selector, id);
        try vault.complete(id) {
            _require(false, "CVR-07: a purchase is completed twice");
        } catch (bytes memory reason) {
            _refused(reason, unknown, "CVR-07: a completed purchase is refused for another reason");
        }
    }

    function _afterComplete(Purchase memory bought, bool minted, bool hasHappened, uint256 held) private {
        uint256 endsAt = vault.seriesOf(bought.series).endsAt;
        if (minted) {
            _minted[bought.series] += bought.units;
            _addStream(bought.premium - bought.premium / 10, endsAt);
            _reached("minted");
            return;
        }
        uint256 kept = hasHappened ? 0 : _keptForTime(bought, endsAt);
        uint256 refund = (bought.premium - kept) / SCALE;
        _afterWrite();
        _require(usd.balanceOf(bought.buyer) == held + refund, "CVR-07: refunded another sum");
        if (kept > 0) _addStream(kept, (_time / WEEK + 2) * WEEK);
        _reached(hasHappened ? bytes32("refunded after a loss") : bytes32("refunded late"));
    }

    /// @dev Of the time for which it could have been minted, the part that has passed. What that leaves is rounded
    /// down.
    function _keptForTime(Purchase memory bought, uint256 endsAt) private view returns (uint256) {
        uint256 term = endsAt - bought.mintsAt;
        uint256 time = _time - bought.mintsAt;
        if (time >= term) return bought.premium;
        uint256 refund = (uint256(bought.premium) * (term - time)) / term;
        return bought.premium - (refund / SCALE) * SCALE;
    }

    /* FURTHER UP */

    function _hasHappened(SeriesId series) internal view virtual returns (bool);
}
