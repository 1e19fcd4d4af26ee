// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier, Subject} from "../../interfaces/IClaimVerifier.sol";
import {IClearingHouse} from "../../interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../../interfaces/ICoverageVault.sol";
import {Binding, CostTally, IOwnAccountTrigger, OwnAccountTerms} from "../../interfaces/IOwnAccountTrigger.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {MarginMath} from "../../libraries/MarginMath.sol";
import {TouchMath} from "../../libraries/TouchMath.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {AccountHeader, Market, SaleRecord} from "../../types/Clearing.sol";
import {BPS_ONE, WAD} from "../../types/Constants.sol";
import {AccountFlags} from "../../types/Flags.sol";
import {AccountId, MarketId, SeriesId, feedOfMarket} from "../../types/Identifiers.sol";
import {PriceReader} from "./PriceReader.sol";

/// @title Own-account cover (CVR-07)
/// @notice See IOwnAccountTrigger.
/// @dev What a related bidder gains (docs/known-issues.md, 44): of a sale that cost c, of which i was the bidder's income, his group is paid
/// (1 - d) c and has lost c - i; so it gains (1 - d) i - d (c - i) <= (1 - d) * maxCostBps of what was sold, less the premium. It takes a
/// price that has really reached what was recorded, and an auction that nobody else enters before.
contract OwnAccountTrigger is IOwnAccountTrigger, PriceReader {
    uint256 private constant MIN_DEDUCTIBLE_BPS = 10_00;
    uint256 private constant MAX_DEDUCTIBLE_BPS = 90_00;
    uint256 private constant MAX_COST_BPS = 20_00;
    uint256 private constant MIN_DISTANCE_BPS = 2_00;
    uint256 private constant MAX_DISTANCE_BPS = 50_00;
    /// @dev SaleRecord.side.
    uint8 private constant LONG = 1;
    uint8 private constant SHORT = 2;

    IClearingHouse private immutable HOUSE;
    IClaimVerifier private immutable VERIFIER;

    mapping(bytes32 terms => OwnAccountTerms) private _definitions;
    mapping(uint256 mark => Binding) private _bindings;
    mapping(uint256 mark => CostTally) private _tallies;
    /// @dev Whose tokens share: known by the mark alone.
    mapping(uint256 mark => address) private _vaults;
    mapping(uint256 mark => SeriesId) private _series;
    mapping(AccountId account => uint256) private _boundUntil;

    constructor(IClearingHouse house_, IClaimVerifier verifier_) PriceReader(_oracleOf(house_)) {
        if (address(verifier_).code.length == 0) revert OwnAccountTrigger_InvalidLink(address(verifier_));
        HOUSE = house_;
        VERIFIER = verifier_;
    }

    /// @inheritdoc IOwnAccountTrigger
    function defineTerms(OwnAccountTerms calldata definition) external returns (bytes32 terms) {
        // Check
        if (
            definition.deductibleBps < MIN_DEDUCTIBLE_BPS ||
            definition.deductibleBps > MAX_DEDUCTIBLE_BPS ||
            definition.maxCostBps == 0 ||
            definition.maxCostBps > MAX_COST_BPS ||
            definition.minDistanceBps < MIN_DISTANCE_BPS ||
            definition.minDistanceBps > MAX_DISTANCE_BPS
        ) {
            revert OwnAccountTrigger_InvalidTerms(definition);
        }
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].deductibleBps != 0) return terms;

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /* THE OWNER */

    /// @inheritdoc IOwnAccountTrigger
    function bind(address vault, SeriesId series, AccountId account) external returns (uint256 mark) {
        // Check
        if (msg.sender != account.owner()) revert OwnAccountTrigger_NotOwner(msg.sender, account);
        Subject memory subject = VERIFIER.subjectOf(vault, series);
        mark = markOf(vault, series);
        bool isOurs = subject.trigger == address(this) && subject.mark == mark && block.timestamp < subject.endsAt;
        if (!isOurs || _bindings[mark].boundAt != 0) revert OwnAccountTrigger_WrongSubject(vault, series);
        uint256 until = _boundUntil[account];
        if (block.timestamp <= until) revert OwnAccountTrigger_AlreadyBound(account, until);
        Binding memory binding = _measured(account, subject.terms);
        binding.endsAt = subject.endsAt;

        // Effect
        _bindings[mark] = binding;
        _tallies[mark].seenCost = _costOf(account);
        (_vaults[mark], _series[mark]) = (vault, series);
        _boundUntil[account] = subject.reportsUntil;
        emit AccountBound(mark, vault, series, binding);
    }

    /* ANYONE */

    /// @inheritdoc IOwnAccountTrigger
    function record(uint256 mark) external returns (uint256 counted) {
        // Check
        Binding memory binding = _bindings[mark];
        if (binding.boundAt == 0) revert OwnAccountTrigger_NotBound(mark);
        CostTally memory tally = _tallies[mark];
        uint128 cost = _costOf(binding.account);
        if (cost == tally.seenCost) revert OwnAccountTrigger_NothingToRecord(mark, cost);
        SaleRecord memory sale = HOUSE.saleOf(binding.account, binding.market);
        uint256 known = sale.soldAt == tally.lastSoldAt ? tally.lastSoldBase : 0;
        uint256 sold = sale.base > known ? sale.base - known : 0;
        uint256 base = WadMath.min(sold, binding.base - tally.soldBase);
        // Nothing has been minted since the sale, because nothing was decided, nor burnt before the first payment.
        if (tally.supply == 0) tally.supply = ICoverageVault(_vaults[mark]).seriesOf(_series[mark]).supply;
        if (base != 0 && tally.supply != 0 && _counts(binding, sale)) {
            counted = WadMath.mulDivDown(cost - tally.seenCost, base, sold);
            uint256 value = WadMath.mulWadDown(base, sale.price);
            counted = WadMath.min(counted, WadMath.mulDivDown(value, binding.terms.maxCostBps, BPS_ONE));
        }

        // Effect
        if (counted == 0) {
            // Whoever buys after a sale that is not covered shares in the next.
            if (tally.covered == 0) tally.supply = 0;
        } else {
            tally.covered += uint128(counted); // Not above the cost.
            tally.soldBase += uint96(base);
            tally.eventAt = sale.soldAt;
        }
        tally.seenCost = cost;
        (tally.lastSoldBase, tally.lastSoldAt) = (sale.base, sale.soldAt);
        _tallies[mark] = tally;
        emit CostRecorded(mark, cost, counted, sale.soldAt);
    }

    /* WHAT THE VERIFIER ASKS */

    /// @inheritdoc ITrigger
    /// @dev The mark names the series, so that what is bound to one says nothing about another (CLM-08).
    function checkpoint(bytes32 terms, address vault, SeriesId series) external view returns (uint256 mark) {
        _known(terms);
        return markOf(vault, series);
    }

    /// @inheritdoc ITrigger
    /// @dev Evidence: what is covered, before the deductible.
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Binding memory binding = _bindings[mark];
        CostTally memory tally = _tallies[mark];
        if (tally.covered != 0) {
            uint256 paid = WadMath.mulDivDown(tally.covered, BPS_ONE - binding.terms.deductibleBps, BPS_ONE);
            return (WadMath.mulDivDown(paid, WAD, tally.supply), tally.eventAt, tally.covered);
        }
        if (binding.boundAt == 0 || _costOf(binding.account) != tally.seenCost) revert Trigger_Undecided(terms);
        return (0, 0, 0);
    }

    /* READERS */

    /// @inheritdoc ITrigger
    /// @dev None: what a sale has cost.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc IOwnAccountTrigger
    function definitionOf(bytes32 terms) external view returns (OwnAccountTerms memory) {
        return _definitions[terms];
    }

    /// @inheritdoc IOwnAccountTrigger
    function bindingOf(uint256 mark) external view returns (Binding memory) {
        return _bindings[mark];
    }

    /// @inheritdoc IOwnAccountTrigger
    function tallyOf(uint256 mark) external view returns (CostTally memory) {
        return _tallies[mark];
    }

    /// @inheritdoc IOwnAccountTrigger
    function boundUntil(AccountId account) external view returns (uint256) {
        return _boundUntil[account];
    }

    /// @inheritdoc IOwnAccountTrigger
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /// @inheritdoc IOwnAccountTrigger
    function verifier() external view returns (address) {
        return address(VERIFIER);
    }

    /// @inheritdoc IOwnAccountTrigger
    function markOf(address vault, SeriesId series) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(vault, series)));
    }

    /* INTERNAL */

    /// @dev The account as it stands: one position, cash, and a price far enough from where it would be sold.
    function _measured(AccountId account, bytes32 terms) private returns (Binding memory binding) {
        OwnAccountTerms memory definition = _known(terms);
        AccountHeader memory header = HOUSE.headerOf(account);
        uint256 market = _onlyMarket(account, header);
        bool isQuiet = header.flags & (AccountFlags.IN_AUCTION | AccountFlags.FLAGGED) == 0;
        if (!isQuiet || header.flags & AccountFlags.RECORDED == 0) {
            revert OwnAccountTrigger_WrongFlags(account, header.flags);
        }
        binding.account = account;
        binding.market = MarketId.wrap(uint8(market));
        // Interaction: the oracle is our own, and reads its sources by staticcall.
        uint256 price = _refreshed(feedOfMarket(binding.market), terms);
        TouchMath.OnePosition memory position = _positionOf(account, binding.market, header.cash);
        binding.isLong = position.base > 0;
        uint256 touch = position.base == 0 ? 0 : TouchMath.touchPrice(position, price);
        uint256 distance = binding.isLong ? price - touch : WadMath.max(touch, price) - price;
        if (touch == 0 || distance * BPS_ONE < price * definition.minDistanceBps) {
            revert OwnAccountTrigger_WrongDistance(price, touch);
        }
        binding.touchPrice = uint112(touch); // At most MAX_PRICE.
        binding.base = uint96(WadMath.abs(position.base)); // At most 2^95.
        binding.boundAt = uint40(block.timestamp);
        binding.terms = definition;
    }

    function _onlyMarket(AccountId account, AccountHeader memory header) private pure returns (uint256 market) {
        uint256 markets = header.markets;
        if (markets == 0 || markets & (markets - 1) != 0 || header.assets != 0) {
            revert OwnAccountTrigger_NotOneMarket(account, markets, header.assets);
        }
        while (markets >> market != 1) ++market;
    }

    /// @dev mmr as high as it is known to become.
    function _positionOf(
        AccountId account,
        MarketId market,
        int256 cash
    ) private view returns (TouchMath.OnePosition memory position) {
        (Market memory settings, ) = HOUSE.marketOf(market);
        int256 quoteValue;
        (position.base, quoteValue) = HOUSE.positionOf(account, market);
        position.balance = cash + quoteValue;
        uint256 current = MarginMath.currentRateUp(
            settings.rateSet,
            settings.rateTarget,
            settings.rateSetAt,
            block.timestamp
        );
        position.rate = WadMath.max(current, settings.rateTarget);
        position.addOn = settings.addOn;
    }

    /// @dev Whether the sale is the account's last liquidation, and one that is covered.
    function _counts(Binding memory binding, SaleRecord memory sale) private view returns (bool) {
        AccountHeader memory header = HOUSE.headerOf(binding.account);
        bool isTouched = binding.isLong ? sale.price <= binding.touchPrice : sale.price >= binding.touchPrice;
        return
            isTouched &&
            sale.side == (binding.isLong ? LONG : SHORT) &&
            sale.soldAt > binding.boundAt &&
            sale.soldAt <= binding.endsAt &&
            sale.soldAt == header.lastLiquidatedAt &&
            header.markets & ~(uint48(1) << MarketId.unwrap(binding.market)) == 0;
    }

    /// @dev In 128 bits: what it counts was paid from accounts of 128 bits.
    function _costOf(AccountId account) private view returns (uint128) {
        return uint128(WadMath.min(HOUSE.liquidationCostOf(account), type(uint128).max));
    }

    function _known(bytes32 terms) private view returns (OwnAccountTerms memory definition) {
        definition = _definitions[terms];
        if (definition.deductibleBps == 0) revert Trigger_InvalidTerms(terms);
    }

    function _oracleOf(IClearingHouse house_) private view returns (IPriceOracle) {
        if (address(house_).code.length == 0) revert OwnAccountTrigger_InvalidLink(address(house_));
        return IPriceOracle(house_.oracle());
    }
}
