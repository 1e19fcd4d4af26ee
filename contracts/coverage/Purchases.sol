// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGuardian} from "../interfaces/IGuardian.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE, WAD} from "../types/Constants.sol";
import {Purchase, Series, Tranche} from "../types/Coverage.sol";
import {FUND_SHARE_BPS, MINT_PERIOD, MIN_JUNIOR_BPS, MIN_TERM, WEEK} from "../types/CoverageTerms.sol";
import {PurchaseId, SegmentId, SeriesId} from "../types/Identifiers.sol";
import {PauseBits} from "../types/Pauses.sol";
import {PremiumRequest} from "../types/Premium.sol";
import {CapitalWord} from "./CapitalWord.sol";
import {Settlements} from "./Settlements.sol";

/// @title Buying cover (CVR-07, CVR-08, FND-04)
/// @notice A purchase waits in escrow. What happens before its tokens are minted is not covered: the premium goes back.
abstract contract Purchases is Settlements {
    uint256 private constant MAX_PREMIUM_FACTOR = 2 * WAD;

    /// @param units WAD of tokens
    /// @param cost most that they can be paid, WAD, rounded up
    /// @param premium WAD
    /// @param amount premium in the token's decimals, rounded up
    struct Quote {
        uint256 units;
        uint256 cost;
        uint256 premium;
        uint256 amount;
        uint256 mintsAt;
    }

    function buy(
        SeriesId series,
        uint96 units,
        uint256 maxPremium,
        address receiver
    ) external nonReentrant returns (PurchaseId purchase, uint256 premium) {
        // Check
        Series storage entry = _knownSeries(series);
        Product storage product = _openProduct(entry.product);
        _accrue();
        _requireForSale(series, entry, product);
        // Own contracts; the oracle asks its sources by staticcall, so that nobody can act in between.
        MODEL.refresh(product.terms.model);
        Quote memory quote = _quote(entry, product, units);
        premium = quote.amount;
        if (premium > maxPremium) revert CoverageVault_PremiumAboveLimit(premium, maxPremium);
        _requireRoom(_capitalWord(), premium);

        // Effect
        purchase = PurchaseId.wrap(++_purchaseCount);
        _purchases[purchase] = Purchase({
            buyer: receiver,
            series: series,
            mintsAt: uint40(quote.mintsAt),
            units: units,
            premium: uint96(quote.premium) // Fits: within MAX_LEDGER.
        });
        entry.pending += units;
        entry.bound += uint96(quote.cost); // Fits: within free capital.
        _ledger.liability += uint96(quote.cost);
        _ledger.escrowed += uint96(quote.premium);
        _writeCurve();
        emit CoverBought(purchase, series, receiver, units, quote.premium, quote.mintsAt);

        // Interaction
        _pull(premium);
    }

    function complete(PurchaseId purchase) external nonReentrant returns (bool minted) {
        // Check
        Purchase memory bought = _purchases[purchase];
        if (bought.mintsAt == 0) revert CoverageVault_UnknownPurchase(purchase);
        Series storage entry = _series[bought.series];
        (bool isDecided, bool isClear) = _isClear(bought.series);
        if (block.timestamp < bought.mintsAt && (!isDecided || isClear)) revert CoverageVault_TooEarly(bought.mintsAt);
        minted = isDecided && isClear && block.timestamp < bought.mintsAt + MINT_PERIOD;
        _accrue();

        // Effect
        delete _purchases[purchase];
        entry.pending -= bought.units;
        _ledger.escrowed -= bought.premium;
        if (minted) {
            entry.supply += bought.units;
            uint256 fundShare = _bookPremium(bought.premium, entry.endsAt);
            emit CoverMinted(purchase, bought.series, bought.units, fundShare);

            // Interaction: calls the buyer back. One who refuses stops his own purchase only; in a week it is refunded.
            _cover.mint(bought.buyer, SeriesId.unwrap(bought.series), bought.units);
        } else {
            uint256 refund = isDecided && isClear ? _keepForTime(bought, entry.endsAt) : bought.premium;
            _unbind(entry, WadMath.mulWadUp(bought.units, entry.limit));
            emit CoverRefunded(purchase, bought.series, refund);

            // Interaction
            if (refund > 0) _send(bought.buyer, TokenUnits.toNativeDown(refund, DECIMALS));
        }
    }

    function previewPremium(SeriesId series, uint96 units) external view returns (uint256 premium) {
        Series storage entry = _knownSeries(series);
        Product storage product = _openProduct(entry.product);
        _requireForSale(series, entry, product);
        return _quote(entry, product, units).amount;
    }

    function purchaseOf(PurchaseId purchase) external view returns (Purchase memory) {
        return _purchases[purchase];
    }

    /// @dev CVR-07: nothing is sold while the covered thing is in distress, while anything is open or undecided here, or once the series
    /// has paid; and not for less than a week.
    function _requireForSale(SeriesId series, Series storage entry, Product storage product) private view {
        _requireSalesOpen();
        _requireSynced();
        (uint256 deficit, ) = _distress(product.terms.sides);
        (, bool isClear) = _isClear(series);
        if (
            !isClear ||
            deficit > 0 ||
            _ledger.atRisk > 0 ||
            block.timestamp + product.terms.waiting + MIN_TERM > entry.endsAt
        ) {
            revert CoverageVault_SeriesNotForSale(series);
        }
    }

    /// @dev GOV-03: new promises only. What was bought is minted or refunded, and paid, as ever.
    function _requireSalesOpen() private view {
        address guardian = HOUSE.guardian();
        if (guardian == address(0)) return;
        uint256 until = IGuardian(guardian).pausedUntil(PauseBits.COVER_SALES);
        if (until != 0) revert CoverageVault_SalesPaused(until);
    }

    /// @dev Price, and whether the vault can stand for it (CVR-02, CVR-04).
    function _quote(
        Series storage entry,
        Product storage product,
        uint256 units
    ) private view returns (Quote memory quote) {
        quote.units = units;
        quote.cost = WadMath.mulWadUp(units, entry.limit);
        uint256 held = uint256(entry.supply) + entry.pending;
        if (units == 0 || held + units > type(uint96).max) {
            revert CoverageVault_InvalidAmount(units, type(uint96).max - held);
        }
        uint256 liability = _ledger.liability;
        uint256 free = _freeCapital();
        _requireCapacity(quote.cost, liability, free, product.terms.capacityShareBps);

        quote.mintsAt = block.timestamp + product.terms.waiting;
        uint256 bound = _bound();
        PremiumRequest memory request = PremiumRequest({
            cost: quote.cost,
            bound: bound,
            capital: bound + free,
            startsAt: quote.mintsAt,
            endsAt: entry.endsAt
        });
        uint256 premium = MODEL.quote(product.terms.model, request, _curve);
        quote.amount = TokenUnits.toNativeUp(WadMath.mulWadUp(premium, _premiumFactor()), DECIMALS);
        quote.premium = TokenUnits.toWad(quote.amount, DECIMALS);
    }

    /// @dev FND-04: cover is dearer while the fund in front of the vault is short. Read from what the house is linked to when cover is sold, and
    /// never else, so that no exit, draw or payout depends on risk control. The bounds are the vault's own, whatever is linked.
    function _premiumFactor() private view returns (uint256) {
        address controller = HOUSE.riskController();
        if (controller == address(0)) return WAD;
        return WadMath.max(WAD, WadMath.min(IRiskController(controller).premiumFactor(), MAX_PREMIUM_FACTOR));
    }

    function _requireCapacity(uint256 cost, uint256 liability, uint256 free, uint256 shareBps) private view {
        if (cost > free) revert CoverageVault_NoCapacity(cost, free);
        uint256 most = ((free + liability) * shareBps) / BPS_ONE;
        if (liability + cost > most) revert CoverageVault_NoCapacity(liability + cost, most);
        CapitalWord capital = _capitalWord();
        uint256 junior = _liquid(capital, Tranche.Junior);
        uint256 total = junior + _liquid(capital, Tranche.Senior);
        if (junior * BPS_ONE < total * MIN_JUNIOR_BPS) revert CoverageVault_JuniorTooThin(junior, total);
    }

    /// @dev What the verifier and the trigger say now, not what the vault has taken in.
    /// @return isDecided whether that is known
    /// @return isClear whether nothing has happened since the series was opened; false when it is not known
    function _isClear(SeriesId series) private view returns (bool isDecided, bool isClear) {
        (bool isOpen, uint256 confirmed, ) = VERIFIER.outcome(address(this), series);
        if (isOpen || confirmed > 0) return (true, false);
        uint256 payoutPerUnit;
        (isDecided, payoutPerUnit, ) = VERIFIER.preview(address(this), series);
        isClear = isDecided && payoutPerUnit == 0;
    }

    /// @dev A purchase that could have been minted pays for the time for which it has bound capital: otherwise a buyer who refuses his tokens
    /// would bind it for nothing. What is kept is earned over one to two weeks, so that a deposit of now captures none of it.
    function _keepForTime(Purchase memory bought, uint256 endsAt) private returns (uint256 refund) {
        uint256 term = endsAt - bought.mintsAt;
        uint256 time = WadMath.min(block.timestamp - bought.mintsAt, term);
        refund = WadMath.mulDivDown(bought.premium, term - time, term);
        refund = TokenUnits.toWad(TokenUnits.toNativeDown(refund, DECIMALS), DECIMALS);
        _addPremium(bought.premium - refund, (block.timestamp / WEEK + 2) * WEEK);
    }

    /// @dev The fund's share waits for `collect`; the rest is earned until the end of the series.
    function _bookPremium(uint256 premium, uint256 endsAt) private returns (uint256 fundShare) {
        SegmentId segment = _firstSegment;
        if (SegmentId.unwrap(segment) != 0) {
            fundShare = (premium * FUND_SHARE_BPS) / BPS_ONE;
            _commitments[segment].owed += uint96(fundShare); // Moves within the ledger.
            _ledger.owed += uint96(fundShare);
        }
        _addPremium(premium - fundShare, endsAt);
    }
}
