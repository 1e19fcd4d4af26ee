// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICoverageVault} from "../interfaces/ICoverageVault.sol";
import {CapitalLayers, IInsuranceFund, SegmentView} from "../interfaces/IInsuranceFund.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {
    GapOutcome,
    HouseSolvency,
    ISolvency,
    SegmentSolvency,
    SolvencyReport,
    VaultSolvency
} from "../interfaces/ISolvency.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {MarginMath} from "../libraries/MarginMath.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Interest, Market} from "../types/Clearing.sol";
import {RATE_ONE, RATIO_ONE, WAD} from "../types/Constants.sol";
import {CoverRequest} from "../types/Coverage.sol";
import {MarketFlags} from "../types/Flags.sol";
import {MarketId, SegmentId, feedOfMarket} from "../types/Identifiers.sol";

/// @title Solvency
/// @notice See ISolvency. No storage; a loop over the listed markets, at most 48, in a view.
contract Solvency is ISolvency {
    /// @dev A market that risk control has not measured for so long is named.
    uint256 private constant STALE_AFTER = 1 days;

    IClearingHouse private immutable HOUSE;
    IInsuranceFund private immutable FUND;
    IPriceOracle private immutable ORACLE;
    SegmentId private immutable SEGMENT;
    address private immutable TOKEN;
    uint8 private immutable DECIMALS;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0 || house_.engine() == address(0)) {
            revert Solvency_InvalidHouse(address(house_));
        }
        HOUSE = house_;
        FUND = IInsuranceFund(house_.fund());
        ORACLE = IPriceOracle(house_.oracle());
        SEGMENT = ILiquidationEngine(house_.engine()).segment();
        TOKEN = house_.settlementToken();
        (, DECIMALS) = TokenUnits.tryDecimals(TOKEN);
    }

    /// @inheritdoc ISolvency
    function solvency(uint256 gap) external view returns (SolvencyReport memory report) {
        if (gap > WAD) revert Solvency_InvalidGap(gap, WAD);
        report.house = _house();
        report.segment = _segment();
        CapitalLayers memory layers = FUND.segmentOf(SEGMENT).layers;
        report.backstop = _vault(layers.backstop);
        report.reinsurance = _vault(layers.reinsurance);
        _stress(report, gap);
        (uint256 measured, uint256 resources, ) = HOUSE.deficits();
        report.isMeasuredStale = measured != 0 && resources != FUND.resources(SEGMENT).total();
    }

    /// @inheritdoc ISolvency
    function house() external view returns (address) {
        return address(HOUSE);
    }

    /* PARTS */

    function _house() private view returns (HouseSolvency memory part) {
        part.tokens = _held(address(HOUSE));
        part.account = HOUSE.fundAccount();
        (part.fees, part.negativeCash) = HOUSE.totals();
        (part.measuredDeficit, , ) = HOUSE.deficits();
        part.unallocated = HOUSE.unallocatedLoss();
        (part.waiting, part.reserved) = HOUSE.withdrawalQueue();
    }

    function _segment() private view returns (SegmentSolvency memory part) {
        SegmentView memory segment = FUND.segmentOf(SEGMENT);
        part.layers = FUND.resources(SEGMENT);
        (part.owed, part.pending, part.drawn, part.unpaid) = (
            segment.owed,
            segment.pending,
            segment.drawn,
            segment.unpaid
        );
        IRiskController control = IRiskController(HOUSE.riskController());
        if (address(control) == address(0)) {
            (part.resources, part.ratio) = (part.layers.total(), RATIO_ONE);
            return part;
        }
        (part.target, , ) = control.reserveTarget();
        (part.resources, part.ratio) = (control.resources(), control.ratio());
    }

    function _vault(address vault) private view returns (VaultSolvency memory part) {
        if (vault == address(0)) return part;
        part.vault = vault;
        part.tokens = _held(vault);
        part.books = ICoverageVault(vault).books();
        part.freeCapital = ICoverageVault(vault).freeCapital();
        (part.committed, , ) = ICoverageVault(vault).commitmentOf(SEGMENT);
        part.treaty = ICoverageVault(vault).treatyOf(SEGMENT);
    }

    /// @dev What `cover` is asked for is the sum by class, as if it were one account.
    function _stress(SolvencyReport memory report, uint256 gap) private view {
        CoverRequest memory request;
        request.fraction = WAD;
        GapOutcome memory outcome = report.gap;
        outcome.gap = gap;
        IRiskController control = IRiskController(HOUSE.riskController());
        for (uint256 bits = HOUSE.listedMarkets(); bits != 0; bits &= bits - 1) {
            uint256 index = LibBit.ffs(bits);
            MarketId market = MarketId.wrap(uint8(index));
            (Market memory settings, Interest memory interest) = HOUSE.marketOf(market);
            if (settings.flags & MarketFlags.CLOSED != 0) continue;
            (uint256 price, bool hasConsensus) = ORACLE.quote(feedOfMarket(market));
            if (!hasConsensus) report.blindMarkets |= 1 << index;
            if (address(control) != address(0)) {
                (, uint256 syncedAt) = control.contributionOf(market);
                if (block.timestamp - syncedAt > STALE_AFTER) report.unsyncedMarkets |= 1 << index;
            }
            uint256 loss = _lossOf(settings, interest.openInterest, price, gap);
            request.shortfallByClass[settings.flags & MarketFlags.CLASS_MASK] += loss;
            outcome.loss += loss;
            if (loss > outcome.worstLoss) (outcome.worstMarket, outcome.worstLoss) = (market, loss);
        }
        outcome.paid = FUND.previewCover(SEGMENT, request).paid;
        outcome.socialized = outcome.loss - outcome.paid.total();
    }

    /// @dev Rounded up. The add-on for size, which only large positions have, is left out: more margin than is counted.
    function _lossOf(
        Market memory settings,
        uint256 openInterest,
        uint256 price,
        uint256 gap
    ) private view returns (uint256) {
        uint256 rate = MarginMath.currentRateUp(
            settings.rateSet,
            settings.rateTarget,
            settings.rateSetAt,
            block.timestamp
        );
        uint256 margin = WadMath.mulDivDown(rate, WAD, RATE_ONE);
        return gap <= margin ? 0 : WadMath.mulWadUp(WadMath.mulWadUp(openInterest, price), gap - margin);
    }

    /// @dev A token that does not answer counts as nothing.
    function _held(address holder) private view returns (uint256) {
        (bool readable, uint256 balance) = GuardedCall.balanceOf(TOKEN, holder);
        return readable ? TokenUnits.toWad(balance, DECIMALS) : 0;
    }
}
