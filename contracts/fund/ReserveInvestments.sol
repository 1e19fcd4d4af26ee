// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InvestmentView, IReserveInvestments} from "../interfaces/IReserveInvestments.sol";
import {LeakyBucket} from "../libraries/LeakyBucket.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {ANNOUNCEMENT, WEEK} from "../types/CoverageTerms.sol";
import {SegmentId} from "../types/Identifiers.sol";
import {SurplusPayments} from "./SurplusPayments.sol";

/// @title Reserve that is lent to a desk
/// @notice Second piece of the fund's code, at the fund's address and on its storage, and behind its lock; see
/// IReserveInvestments. Called at its own address it knows no segment. It is a piece of its own so that `cover` is not
/// one gas dearer for it. Principal is counted, never value: nothing that a desk or a vault says enters the fund's
/// books.
contract ReserveInvestments is SurplusPayments, IReserveInvestments {
    uint256 private constant MAX_INVESTED_BPS = 30_00;
    uint256 private constant WEEKLY_BPS = 10_00;

    function announceDesk(SegmentId segment, address desk, uint96 floor) external nonReentrant {
        // Check
        _requireAuthority(segment);
        if (desk.code.length == 0) revert InsuranceFund_InvalidDesk(desk);

        // Effect
        Investment storage investment = _investments[segment];
        investment.desk = desk;
        investment.floor = floor;
        uint256 activeFrom = block.timestamp + ANNOUNCEMENT;
        investment.activeFrom = uint32(activeFrom);
        emit DeskAnnounced(segment, desk, floor, activeFrom);
    }

    function removeDesk(SegmentId segment) external nonReentrant {
        _requireAuthority(segment);
        Investment storage investment = _investments[segment];
        emit DeskRemoved(segment, investment.desk);
        investment.desk = address(0);
    }

    function invest(SegmentId segment, uint256 amount) external nonReentrant {
        // Check
        Segment storage entry = _known(segment);
        Investment storage investment = _investments[segment];
        if (msg.sender != investment.desk || block.timestamp < investment.activeFrom) {
            revert InsuranceFund_NotDesk(msg.sender, investment.desk, investment.activeFrom);
        }
        (uint256 limit, uint256 used) = _investable(entry, investment);
        // What no ledger holds is cut before it is scaled.
        uint256 value = TokenUnits.toWad(WadMath.min(amount, MAX_LEDGER), entry.decimals);
        if (amount == 0 || value > limit) revert InsuranceFund_AboveInvestable(value, limit);

        // Effect
        uint256 reserve = entry.reserve - value;
        entry.reserve = uint96(reserve); // Not above what it was.
        uint256 invested = investment.invested + value;
        investment.invested = uint96(invested); // Fits: at most 3 sevenths of the reserve that is left, of 96 bits.
        investment.used = uint96(used + value);
        investment.usedAt = uint32(block.timestamp);
        emit Invested(segment, value, invested, reserve);

        // Interaction
        _sendOut(entry.token, msg.sender, amount);
    }

    function reinstate(SegmentId segment, uint256 amount) external nonReentrant {
        Segment storage entry = _known(segment);
        uint256 value = _take(entry, amount);
        Investment storage investment = _investments[segment];
        uint256 invested = investment.invested - WadMath.min(investment.invested, value);
        investment.invested = uint96(invested); // Not above what it was.
        emit Reinstated(segment, msg.sender, value, invested, entry.reserve);
    }

    function investable(SegmentId segment) external view returns (uint256 limit) {
        (limit, ) = _investable(_known(segment), _investments[segment]);
    }

    function investmentOf(SegmentId segment) external view returns (InvestmentView memory) {
        Investment storage investment = _investments[segment];
        return
            InvestmentView({
                desk: investment.desk,
                activeFrom: investment.activeFrom,
                floor: investment.floor,
                invested: investment.invested
            });
    }

    /// @return limit what may be taken now, rounded down
    /// @return used of the weekly bucket now, rounded up
    function _investable(
        Segment storage entry,
        Investment storage investment
    ) private view returns (uint256 limit, uint256 used) {
        uint256 reserve = entry.reserve;
        uint256 invested = investment.invested;
        uint256 base = reserve + invested;
        used = LeakyBucket.remainingUp(investment.used, block.timestamp - investment.usedAt, WEEK);
        uint256 weekly = WadMath.mulDivDown(base, WEEKLY_BPS, BPS_ONE);
        uint256 most = WadMath.mulDivDown(base, MAX_INVESTED_BPS, BPS_ONE);
        limit = WadMath.min(_above(weekly, used), _above(most, invested));
        limit = WadMath.min(limit, _above(reserve, investment.floor));
    }

    function _above(uint256 amount, uint256 level) private pure returns (uint256) {
        return amount > level ? amount - level : 0;
    }
}
