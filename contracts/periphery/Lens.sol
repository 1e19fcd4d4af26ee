// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {CapitalLayers, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {
    AccountAnswer,
    AccountReport,
    AuctionAnswer,
    AuctionReport,
    DeficitReport,
    FundReport,
    ILens,
    PositionAnswer,
    PositionReport,
    VaultAnswer,
    VaultReport
} from "../interfaces/ILens.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {CallOutcome, GuardedCall} from "../libraries/GuardedCall.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountId, MarketId, SegmentId, feedOfMarket} from "../types/Identifiers.sol";

/// @title Lens
/// @notice See ILens. Views only, no storage. An item of a batch is asked by a static call of the Lens to itself, through GuardedCall.
contract Lens is ILens {
    /// @notice Gas that each item of a batch can be given: above the worst account's, 16 markets and all assets, with every price read
    /// from its sources.
    uint256 public constant ITEM_GAS = 8_000_000;

    IClearingHouse private immutable HOUSE;
    ILiquidationEngine private immutable ENGINE;
    IInsuranceFund private immutable FUND;
    IPriceOracle private immutable ORACLE;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0 || house_.engine() == address(0)) {
            revert Lens_InvalidHouse(address(house_));
        }
        HOUSE = house_;
        ENGINE = ILiquidationEngine(house_.engine());
        FUND = IInsuranceFund(house_.fund());
        ORACLE = IPriceOracle(house_.oracle());
    }

    /* ACCOUNTS */

    /// @inheritdoc ILens
    function accountOf(AccountId account) public view returns (AccountReport memory report) {
        report.header = HOUSE.headerOf(account);
        report.health = HOUSE.health(account);
        (report.measuredDeficit, ) = HOUSE.measuredDeficitOf(account);
        report.deficitShare = HOUSE.deficitShareOf(account);
        report.feeds = HOUSE.feedsOf(account);
    }

    /// @inheritdoc ILens
    function accountsOf(AccountId[] calldata accounts) external view returns (AccountAnswer[] memory answers) {
        answers = new AccountAnswer[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            AccountAnswer memory answer = answers[i];
            bytes memory data;
            (answer.isAnswered, data) = _ask(
                abi.encodeCall(this.accountOf, (accounts[i])),
                abi.encode(answer.report).length
            );
            if (answer.isAnswered) answer.report = abi.decode(data, (AccountReport));
            else answer.unread = _unreadMarkets(accounts[i]);
        }
    }

    /// @inheritdoc ILens
    function auctionOf(AccountId account) public view returns (AuctionReport memory report) {
        report.auction = ENGINE.auctionOf(account);
        report.terms = ENGINE.termsOf(account);
        report.payment = WadMath.mulWadUp(report.terms.price, report.terms.maxFraction);
        // The house's own accounts are never auctioned: their collateral is sold by CLR-10.
        report.isBiddable = account.owner() != address(HOUSE) && HOUSE.health(account).isLiquidatable();
    }

    /// @inheritdoc ILens
    function auctionsOf(AccountId[] calldata accounts) external view returns (AuctionAnswer[] memory answers) {
        answers = new AuctionAnswer[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            AuctionAnswer memory answer = answers[i];
            bytes memory data;
            (answer.isAnswered, data) = _ask(
                abi.encodeCall(this.auctionOf, (accounts[i])),
                abi.encode(answer.report).length
            );
            if (answer.isAnswered) answer.report = abi.decode(data, (AuctionReport));
            else answer.unread = _unreadMarkets(accounts[i]);
        }
    }

    /* POSITIONS */

    /// @inheritdoc ILens
    function positionOf(AccountId account, MarketId market) public view returns (PositionReport memory report) {
        report.market = market;
        (report.base, report.quoteValue) = HOUSE.positionOf(account, market);
        // Wholly deleveraged, or of a closed market: worth its quote, whatever becomes of the feed (CLR-11).
        if (report.base == 0) report.hasConsensus = true;
        else (report.price, report.hasConsensus) = ORACLE.quote(feedOfMarket(market));
    }

    /// @inheritdoc ILens
    function positionsOf(AccountId[] calldata accounts) external view returns (PositionAnswer[][] memory answers) {
        answers = new PositionAnswer[][](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            uint256 markets = HOUSE.headerOf(accounts[i]).markets;
            answers[i] = new PositionAnswer[](LibBit.popCount(markets));
            for (uint256 index = 0; markets != 0; markets &= markets - 1) {
                answers[i][index++] = _tryPosition(accounts[i], MarketId.wrap(uint8(LibBit.ffs(markets))));
            }
        }
    }

    /* THE WHOLE */

    /// @inheritdoc ILens
    function deficits() external view returns (DeficitReport memory report) {
        (report.measured, report.resources, report.markets) = HOUSE.deficits();
        report.unallocated = HOUSE.unallocatedLoss();
        (, report.negativeCash) = HOUSE.totals();
        (report.waiting, report.reserved) = HOUSE.withdrawalQueue();
    }

    /// @inheritdoc ILens
    function fundReport() external view returns (FundReport memory report) {
        SegmentId segment = ENGINE.segment();
        report.segment = FUND.segmentOf(segment);
        report.resources = FUND.resources(segment);
        (report.budgetByClass, report.budget, report.budgetReward) = FUND.budgetLeft(segment);
        report.rewardBucket = ENGINE.rewardBucket();
        report.account = HOUSE.fundAccount();
    }

    /// @inheritdoc ILens
    function vaultOf(address vault) public view returns (VaultReport memory report) {
        SegmentId segment = ENGINE.segment();
        report.vault = vault;
        report.books = ICoverageVault(vault).books();
        report.freeCapital = ICoverageVault(vault).freeCapital();
        (report.commitment, , ) = ICoverageVault(vault).commitmentOf(segment);
        report.owed = ICoverageVault(vault).owedTo(segment);
    }

    /// @inheritdoc ILens
    function vaults() external view returns (VaultAnswer[] memory answers) {
        CapitalLayers memory layers = FUND.segmentOf(ENGINE.segment()).layers;
        bool hasBackstop = layers.backstop != address(0);
        bool hasReinsurance = layers.reinsurance != address(0);
        answers = new VaultAnswer[]((hasBackstop ? 1 : 0) + (hasReinsurance ? 1 : 0));
        if (hasBackstop) answers[0] = _tryVault(layers.backstop);
        if (hasReinsurance) answers[answers.length - 1] = _tryVault(layers.reinsurance);
    }

    /// @inheritdoc ILens
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /* ITEMS */

    function _tryPosition(AccountId account, MarketId market) private view returns (PositionAnswer memory answer) {
        answer.report.market = market;
        bytes memory data;
        (answer.isAnswered, data) = _ask(
            abi.encodeCall(this.positionOf, (account, market)),
            abi.encode(answer.report).length
        );
        if (answer.isAnswered) answer.report = abi.decode(data, (PositionReport));
    }

    /// @dev A layer may be a vault of another kind, which does not know these questions (CVR-09).
    function _tryVault(address vault) private view returns (VaultAnswer memory answer) {
        answer.report.vault = vault;
        bytes memory data;
        (answer.isAnswered, data) = _ask(abi.encodeCall(this.vaultOf, (vault)), abi.encode(answer.report).length);
        if (answer.isAnswered) answer.report = abi.decode(data, (VaultReport));
    }

    /// @dev Why an account cannot be read: its positions that are too many generations behind (CLR-09).
    function _unreadMarkets(AccountId account) private view returns (uint256 unread) {
        for (uint256 bits = HOUSE.headerOf(account).markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            if (!_tryPosition(account, MarketId.wrap(uint8(market))).isAnswered) unread |= 1 << market;
        }
    }

    /// @dev Asks this contract for a struct of static members.
    /// @param length of the struct's encoding, bytes
    function _ask(bytes memory question, uint256 length) private view returns (bool isAnswered, bytes memory data) {
        (CallOutcome outcome, uint256[] memory words) = GuardedCall.tryStaticCall(
            address(this),
            ITEM_GAS,
            question,
            length / 32
        );
        isAnswered = outcome == CallOutcome.Returned;
        // The words in a row are the encoding of a struct without dynamic members.
        if (isAnswered) data = abi.encodePacked(words);
    }
}
