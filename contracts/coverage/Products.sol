// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPremiumModel} from "../interfaces/IPremiumModel.sol";
import {ITrigger} from "../interfaces/ITrigger.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {ProductTerms, Series} from "../types/Coverage.sol";
import {ANNOUNCEMENT, MAX_TERM_WEEKS, MIN_TERM, REPORTING, WEEK} from "../types/CoverageTerms.sol";
import {ProductId, SeriesId} from "../types/Identifiers.sol";
import {ScarcityCurve} from "./ScarcityCurve.sol";

/// @title Kinds of cover and their series (CVR-03)
abstract contract Products is ScarcityCurve {
    uint256 private constant MIN_WAITING = 24 hours;
    uint256 private constant MAX_WAITING = 7 days;

    IPremiumModel internal immutable MODEL;

    constructor(IPremiumModel premiumModel_) {
        if (address(premiumModel_).code.length == 0) revert CoverageVault_InvalidLink(address(premiumModel_));
        MODEL = premiumModel_;
    }

    function announceProduct(ProductTerms calldata terms) external restricted nonReentrant returns (ProductId product) {
        // Check
        if (
            terms.trigger.code.length == 0 ||
            terms.minLimit == 0 ||
            terms.maxLimit < terms.minLimit ||
            terms.maxTermWeeks == 0 ||
            terms.maxTermWeeks > MAX_TERM_WEEKS ||
            terms.capacityShareBps == 0 ||
            terms.capacityShareBps > BPS_ONE ||
            terms.waiting < MIN_WAITING ||
            terms.waiting > MAX_WAITING
        ) {
            revert CoverageVault_InvalidProduct(terms);
        }
        MODEL.termsOf(terms.model); // Own contract. Reverts for a model that nobody has written down.
        // Cover that is paid in what has failed is worth nothing. A trigger that lies or reverts here was chosen by governance.
        if (ITrigger(terms.trigger).tokenOf(terms.terms) == TOKEN) {
            revert CoverageVault_OwnAsset(terms.trigger, terms.terms, TOKEN);
        }

        // Effect
        product = ProductId.wrap(++_productCount);
        Product storage entry = _products[product];
        entry.terms = terms;
        entry.codeHash = terms.trigger.codehash;
        entry.opensAt = uint40(block.timestamp + ANNOUNCEMENT);
        emit ProductAnnounced(product, terms, entry.opensAt);
    }

    function closeProduct(ProductId product) external restricted nonReentrant {
        Product storage entry = _products[product];
        if (entry.opensAt == 0 || entry.isClosed) {
            revert CoverageVault_ProductNotOpen(product, entry.opensAt, entry.isClosed);
        }
        entry.isClosed = true;
        emit ProductClosed(product);
    }

    function openSeries(
        ProductId product,
        uint96 limit,
        uint32 endsInWeek
    ) external nonReentrant returns (SeriesId series) {
        // Check
        Product storage entry = _openProduct(product);
        address trigger = entry.terms.trigger;
        if (trigger.codehash != entry.codeHash) revert CoverageVault_InvalidProduct(entry.terms);
        uint256 endsAt = endsInWeek * WEEK;
        if (
            limit < entry.terms.minLimit ||
            limit > entry.terms.maxLimit ||
            endsAt < block.timestamp + MIN_TERM ||
            endsAt > block.timestamp + entry.terms.maxTermWeeks * WEEK
        ) {
            revert CoverageVault_InvalidSeries(limit, endsAt);
        }

        // Effect
        series = SeriesId.wrap(++_seriesCount);
        Series storage opened = _series[series];
        opened.product = product;
        opened.limit = limit;
        opened.endsAt = uint40(endsAt);
        _coveredSides |= entry.terms.sides;
        emit SeriesOpened(series, product, limit, endsAt);

        // Interaction: own contract, which asks the trigger for its checkpoint.
        VERIFIER.registerSeries(series, trigger, entry.terms.terms, limit, uint40(endsAt), uint40(endsAt + REPORTING));
    }

    function productOf(
        ProductId product
    ) external view returns (ProductTerms memory terms, uint256 opensAt, bool isClosed) {
        Product storage entry = _products[product];
        return (entry.terms, entry.opensAt, entry.isClosed);
    }

    function seriesOf(SeriesId series) external view returns (Series memory) {
        return _series[series];
    }

    function _openProduct(ProductId product) internal view returns (Product storage entry) {
        entry = _products[product];
        if (entry.opensAt == 0 || block.timestamp < entry.opensAt || entry.isClosed) {
            revert CoverageVault_ProductNotOpen(product, entry.opensAt, entry.isClosed);
        }
    }

    function _knownSeries(SeriesId series) internal view returns (Series storage entry) {
        entry = _series[series];
        if (entry.endsAt == 0) revert CoverageVault_UnknownSeries(series);
    }
}
