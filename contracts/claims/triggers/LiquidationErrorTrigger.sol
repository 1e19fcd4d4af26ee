// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {IObservedTrigger} from "../../interfaces/IObservedTrigger.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {SaleRecord} from "../../types/Clearing.sol";
import {BPS_ONE, WAD} from "../../types/Constants.sol";
import {AccountId, FeedId, MarketId, SeriesId} from "../../types/Identifiers.sol";
import {Marks} from "../Marks.sol";
import {Streaks} from "../Streaks.sol";
import {PriceReader} from "./PriceReader.sol";

/// @title Pays when an account was sold at a price that the consensus soon after shows to be wrong (CLM-04)
/// @notice The event is a sale: a bid for the account or a deleveraging, at the time of the house's record. Its price was wrong when three
/// consensus prices in a row, each five minutes or more after the one before and all within `window` of the sale, show it worse for the
/// account by more than `tolerance`, and by more than a price may ordinarily move in the time since the sale: six standard deviations, by
/// the oracle's variance at the observation, fast or slow, whichever is more. So the longer ago the sale and the wilder the market, the
/// more it takes: a market that moves on after a sale at the right price is no error.
///
/// What is measured is what the sold base was worth at the observed price less `tolerance`, less what it was sold for, at the least of the
/// row's observations. `scale` tokens make good the whole: a token is paid that / scale, WAD, rounded down. Several sales add up. What one
/// sale is confirmed with stays as it is.
///
/// Undecided from a sale after the series' start until its window is over, or until something is confirmed: nothing is sold meanwhile. When
/// nobody observes in time nothing is paid: a price says nothing about a sale of an hour ago.
/// @dev What it cannot tell: a wrong price from a right one that the whole market took back within minutes. Cover pays for both. It does not
/// see an error that lasts longer than `window` less ten minutes, or one that has no consensus after it. A jump and the way back are in the
/// variance themselves: three observations that begin at once let an error pass that is some 1.5 times as great as it need be without them.
/// @dev Warning: the house records sales only for accounts whose owner has asked for it (setSaleRecords), who can end that at any time.
/// It keeps one record for an account and market: whoever wants earlier sales counted has each observed before the next one comes.
/// @dev Warning: a bidder related to the account's owner got what the account lost (see AccountLiquidatedTrigger); whoever sells more than
/// `scale` tokens pays for more than was lost.
contract LiquidationErrorTrigger is IObservedTrigger, PriceReader {
    using Streaks for Streaks.State;

    /// @param account whose sales count
    /// @param market in which; priced by the feed of the same number
    /// @param toleranceBps what is not covered, part of the observed price: 5% to 50%
    /// @param window seconds after a sale in which a price says something about it: 15 to 20 minutes. With more, a jump and the way back would
    /// weigh so much in the feed's own variance that no error were beyond an ordinary move
    /// @param scale loss that pays one unit, WAD
    struct Definition {
        AccountId account;
        MarketId market;
        uint16 toleranceBps;
        uint32 window;
        uint128 scale;
    }

    /// @dev Three slots.
    /// @param sale as the house had it at the first observation
    struct Row {
        Streaks.State streak;
        SaleRecord sale;
    }

    /// @dev One slot.
    /// @param payout of all confirmed sales, per token, WAD; only grows
    /// @param eventAt the last of these sales
    struct Confirmation {
        uint128 payout;
        uint40 eventAt;
    }

    /// @notice Thrown when the house has no code.
    error LiquidationErrorTrigger_InvalidHouse(address house);
    /// @notice Thrown when a definition cannot be decided, or could never pay.
    error LiquidationErrorTrigger_InvalidDefinition(Definition definition);
    /// @notice Thrown when the account was not sold since the mark was taken; `soldAt` is 0 when it never was.
    error LiquidationErrorTrigger_NothingSold(uint256 mark, uint256 soldAt);
    /// @notice Thrown when nobody has observed the sale before its record was replaced.
    error LiquidationErrorTrigger_UnknownSale(bytes32 terms, uint256 mark, uint256 soldAt);
    /// @notice Thrown in the second of the sale, and when its window is over.
    error LiquidationErrorTrigger_OutsideWindow(uint256 soldAt, uint256 until);

    uint256 private constant MIN_TOLERANCE_BPS = 5_00;
    uint256 private constant MAX_TOLERANCE_BPS = 50_00;
    uint256 private constant MIN_WINDOW = 15 minutes;
    uint256 private constant MAX_WINDOW = 20 minutes;
    /// @dev SaleRecord.side.
    uint8 private constant LONG = 1;

    IClearingHouse private immutable HOUSE;

    mapping(bytes32 terms => Definition) private _definitions;
    mapping(bytes32 terms => mapping(uint256 mark => Confirmation)) private _confirmed;
    mapping(bytes32 terms => mapping(uint256 mark => mapping(uint256 soldAt => Row))) private _rows;

    constructor(IClearingHouse house_) PriceReader(_oracleOf(house_)) {
        HOUSE = house_;
    }

    /// @notice Writes terms down. Anyone may; the same definition always gives the same terms, and nothing is ever changed.
    function defineTerms(Definition calldata definition) external returns (bytes32 terms) {
        // Check
        if (
            definition.toleranceBps < MIN_TOLERANCE_BPS ||
            definition.toleranceBps > MAX_TOLERANCE_BPS ||
            definition.window < MIN_WINDOW ||
            definition.window > MAX_WINDOW ||
            definition.scale == 0
        ) {
            revert LiquidationErrorTrigger_InvalidDefinition(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].scale != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /* OBSERVATIONS */

    /// @inheritdoc IObservedTrigger
    /// @dev Of the last sale that the house has recorded. Reading: the consensus price, WAD.
    function observe(bytes32 terms, uint256 mark) external returns (uint256 confirmed, uint256 eventAt) {
        Definition memory definition = _known(terms);
        return _observe(terms, mark, definition, HOUSE.saleOf(definition.account, definition.market));
    }

    /// @notice As `observe`, of a sale that was observed before and whose record has been replaced since. Anyone may call.
    /// @param soldAt time of the sale
    function observeSale(
        bytes32 terms,
        uint256 mark,
        uint256 soldAt
    ) external returns (uint256 confirmed, uint256 eventAt) {
        SaleRecord memory sale = _rows[terms][mark][soldAt].sale;
        if (sale.soldAt == 0) revert LiquidationErrorTrigger_UnknownSale(terms, mark, soldAt);
        return _observe(terms, mark, _known(terms), sale);
    }

    /* WHAT THE VERIFIER ASKS */

    /// @inheritdoc ITrigger
    /// @dev Sales up to this second do not count. The price in the mark is for whoever checks, and shows that there is one.
    function checkpoint(bytes32 terms, address, SeriesId) external view returns (uint256 mark) {
        uint256 price = _current(_feedOf(_known(terms)), terms);
        return Marks.take(uint128(price)); // Fits: at most MAX_PRICE.
    }

    /// @inheritdoc ITrigger
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Confirmation memory confirmation = _confirmed[terms][mark];
        if (confirmation.payout != 0) return (confirmation.payout, confirmation.eventAt, confirmation.eventAt);
        Definition memory definition = _known(terms);
        uint256 soldAt = HOUSE.saleOf(definition.account, definition.market).soldAt;
        // The window of an earlier sale ends before that of the last one.
        bool isOpen = soldAt > Marks.timeOf(mark) && block.timestamp <= soldAt + definition.window;
        if (isOpen) revert Trigger_Undecided(terms);
        return (0, 0, soldAt);
    }

    /* READERS */

    /// @inheritdoc ITrigger
    /// @dev None: the price of a sale, not of a token.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /// @notice What terms mean; all 0 when nobody has defined them.
    function definitionOf(bytes32 terms) external view returns (Definition memory) {
        return _definitions[terms];
    }

    /// @notice The observations of a sale, as stored.
    function rowOf(bytes32 terms, uint256 mark, uint256 soldAt) external view returns (Row memory) {
        return _rows[terms][mark][soldAt];
    }

    /// @notice House whose records decide; immutable.
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /* INTERNAL */

    function _observe(
        bytes32 terms,
        uint256 mark,
        Definition memory definition,
        SaleRecord memory sale
    ) private returns (uint256, uint256) {
        // Check
        if (sale.soldAt <= Marks.timeOf(mark)) revert LiquidationErrorTrigger_NothingSold(mark, sale.soldAt);
        uint256 until = sale.soldAt + definition.window;
        // In its own second the sale's price is the price.
        if (block.timestamp <= sale.soldAt || block.timestamp > until) {
            revert LiquidationErrorTrigger_OutsideWindow(sale.soldAt, until);
        }
        Row storage row = _rows[terms][mark][sale.soldAt];
        Confirmation memory confirmation = _confirmed[terms][mark];
        // Whoever would gain by a greater error, or by none, cannot go on until the price suits him.
        if (row.streak.payout != 0) return (confirmation.payout, confirmation.eventAt);
        FeedId feed = _feedOf(definition);
        uint256 price = _refreshed(feed, terms);
        uint256 shown = _payoutDown(definition, sale, price, _ordinaryMoveUp(feed, block.timestamp - sale.soldAt));

        // Effect
        if (row.sale.soldAt == 0) row.sale = sale;
        row.streak.advance(shown);
        uint256 payout = row.streak.payout;
        if (payout != 0) {
            confirmation.payout += uint128(payout); // Of 96 bits each.
            if (sale.soldAt > confirmation.eventAt) confirmation.eventAt = sale.soldAt;
            _confirmed[terms][mark] = confirmation;
        }
        emit Observed(terms, mark, price, shown, confirmation.payout);
        return (confirmation.payout, confirmation.eventAt);
    }

    /// @dev What a price shows: nothing within an ordinary move, else all that was lost beyond the tolerance.
    function _payoutDown(
        Definition memory definition,
        SaleRecord memory sale,
        uint256 price,
        uint256 ordinary
    ) private pure returns (uint256) {
        if (_errorDown(sale, price, ordinary) == 0) return 0;
        uint256 tolerance = (uint256(definition.toleranceBps) * WAD) / BPS_ONE;
        uint256 lost = WadMath.mulWadDown(_errorDown(sale, price, tolerance), sale.base);
        return WadMath.mulDivDown(lost, WAD, definition.scale);
    }

    /// @dev By how much a unit of base was sold at a price worse for the account than `price` less `slack`, a WAD fraction. WAD, rounded down.
    /// Prices are below 2^90 and base below 2^96; slack is below 2^71, as variances are below 2^64 and windows below 2^11.
    function _errorDown(SaleRecord memory sale, uint256 price, uint256 slack) private pure returns (uint256) {
        uint256 better = sale.price;
        uint256 worse = sale.price;
        if (sale.side == LONG) better = slack < WAD ? WadMath.mulWadDown(price, WAD - slack) : 0;
        else worse = WadMath.mulWadUp(price, WAD + slack);
        return better > worse ? better - worse : 0;
    }

    function _known(bytes32 terms) private view returns (Definition memory definition) {
        definition = _definitions[terms];
        if (definition.scale == 0) revert Trigger_InvalidTerms(terms);
    }

    function _feedOf(Definition memory definition) private pure returns (FeedId) {
        return FeedId.wrap(MarketId.unwrap(definition.market));
    }

    function _oracleOf(IClearingHouse house_) private view returns (IPriceOracle) {
        if (address(house_).code.length == 0) revert LiquidationErrorTrigger_InvalidHouse(address(house_));
        return IPriceOracle(house_.oracle());
    }
}
