// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BudgetShares} from "../interfaces/IInsuranceFund.sol";
import {LeakyBucket} from "../libraries/LeakyBucket.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";

/// @title How fast a segment's engine may draw on the reserve (FND-02, LIQ-04)
/// @notice One leaky bucket for each market class, one for the whole segment, one for bidders' rewards. What was used
/// fades linearly over 24 hours, counted anew from each draw.
/// @dev All five are shares of ONE base: reserve + everything used, by classes and by rewards. A draw turns reserve into
/// used, so within one moment it moves no other bucket's limit, and cutting a bid in two changes no total (R3, INV-21).
/// The segment's use is the sum of its classes'; that is why the classes share one clock, and it is stored nowhere.
/// @dev Bound (FND-09): a bucket with share s pays at most s (2 - s) (base at the start + inflow) in ANY closed 24 hours.
/// Proof: drawn = used at the end - used at the start + leaked; used after a draw <= s (base at the start + inflow -
/// leaked); and what leaks in 24 hours is at most the used at the start plus s (base + inflow), since a bucket leaks
/// 1/24 h of what it held when its clock was last set. So drawn <= s (base + inflow) + (1 - s) s (base + inflow).
library DrawBudgets {
    /// @param engine only drawer
    /// @param majorShare midShare tailShare segmentShare rewardShare basis points of the base
    /// @param usedMajor usedMid usedTail used by each class as of `drawnAt`, WAD
    /// @param usedReward used by rewards as of `rewardedAt`, WAD
    struct State {
        // slot 0: 20 + 5 * 2 = 30
        address engine;
        uint16 majorShare;
        uint16 midShare;
        uint16 tailShare;
        uint16 segmentShare;
        uint16 rewardShare;
        // slot 1: 12 + 12 + 5 = 29
        uint96 usedMajor;
        uint96 usedMid;
        uint40 drawnAt;
        // slot 2: 12 + 12 + 5 = 29
        uint96 usedTail;
        uint96 usedReward;
        uint40 rewardedAt;
    }

    /// @notice The buckets as of now. WAD.
    /// @param used usedReward after fading, rounded up against the drawer
    /// @param left leftInSegment leftForRewards what may still be drawn, rounded down
    struct Budget {
        uint256[3] used;
        uint256 usedReward;
        uint256[3] left;
        uint256 leftInSegment;
        uint256 leftForRewards;
    }

    uint256 internal constant PERIOD = 24 hours;

    /// @notice Whether each share lies in 1 to 100_00: a bucket of 0 would hide that nothing is ever paid.
    function areValid(BudgetShares calldata shares) internal pure returns (bool) {
        return
            _isShare(shares.major) &&
            _isShare(shares.mid) &&
            _isShare(shares.tail) &&
            _isShare(shares.segment) &&
            _isShare(shares.reward);
    }

    /// @notice Gives `engine` the right to draw within `shares`, for good.
    function open(State storage self, address engine, BudgetShares calldata shares) internal {
        self.engine = engine;
        self.majorShare = shares.major;
        self.midShare = shares.mid;
        self.tailShare = shares.tail;
        self.segmentShare = shares.segment;
        self.rewardShare = shares.reward;
    }

    /// @notice Fills in the buckets as of now, for a segment that holds `reserve`.
    function read(State storage self, uint256 reserve, Budget memory budget) internal view {
        uint256 elapsed = block.timestamp - self.drawnAt;
        uint256 major = LeakyBucket.remainingUp(self.usedMajor, elapsed, PERIOD);
        uint256 mid = LeakyBucket.remainingUp(self.usedMid, elapsed, PERIOD);
        uint256 tail = LeakyBucket.remainingUp(self.usedTail, elapsed, PERIOD);
        uint256 rewarded = LeakyBucket.remainingUp(self.usedReward, block.timestamp - self.rewardedAt, PERIOD);
        (budget.used[0], budget.used[1], budget.used[2]) = (major, mid, tail);
        budget.usedReward = rewarded;

        uint256 base = reserve + major + mid + tail + rewarded;
        budget.left[0] = _leftDown(self.majorShare, base, major);
        budget.left[1] = _leftDown(self.midShare, base, mid);
        budget.left[2] = _leftDown(self.tailShare, base, tail);
        budget.leftInSegment = _leftDown(self.segmentShare, base, major + mid + tail);
        budget.leftForRewards = _leftDown(self.rewardShare, base, rewarded);
    }

    /// @notice What of a shortfall the buckets and the reserve let through, rounded down: fills in `allowed` by class, returns the sum.
    /// @dev Where the segment's bucket or the reserve binds, major is served before mid before tail: any fixed order
    /// keeps a split bid equal to a whole one.
    function limitDown(
        Budget memory budget,
        uint256[3] memory shortfallByClass,
        uint256 reserve,
        uint256[3] memory allowed
    ) internal pure returns (uint256 sum) {
        uint256 room = WadMath.min(budget.leftInSegment, reserve);
        for (uint256 class = 0; class < 3; ++class) {
            allowed[class] = WadMath.min(WadMath.min(shortfallByClass[class], budget.left[class]), room - sum);
            sum += allowed[class];
        }
    }

    /// @notice Charges `fraction` of what was allowed, and a reward, and sets the clock of the buckets that were drawn on.
    /// @dev A class is charged the difference of two rounded running sums: the three charges add up to exactly
    /// floor(fraction * sum), which is what the reserve pays, and none exceeds what its bucket allowed.
    function charge(
        State storage self,
        Budget memory budget,
        uint256[3] memory allowed,
        uint256 fraction,
        uint256 reward
    ) internal {
        uint256 afterMajor = WadMath.mulWadDown(allowed[0], fraction);
        uint256 afterMid = WadMath.mulWadDown(allowed[0] + allowed[1], fraction);
        uint256 afterTail = WadMath.mulWadDown(allowed[0] + allowed[1] + allowed[2], fraction);
        // The casts are safe: `_leftDown` keeps used + left within 96 bits.
        if (afterTail > 0) {
            uint96 usedMid = uint96(budget.used[1] + afterMid - afterMajor);
            _storeDrawn(self, uint96(budget.used[0] + afterMajor), usedMid, uint40(block.timestamp));
            self.usedTail = uint96(budget.used[2] + afterTail - afterMid);
        }
        if (reward > 0) {
            self.usedReward = uint96(budget.usedReward + reward);
            self.rewardedAt = uint40(block.timestamp);
        }
    }

    /// @dev Slot 1 whole, as three fields would be three writes: usedMajor 12 bytes, usedMid 12, drawnAt 5, lowest first.
    function _storeDrawn(State storage self, uint96 usedMajor, uint96 usedMid, uint40 drawnAt) private {
        uint256 word = usedMajor | (uint256(usedMid) << 96) | (uint256(drawnAt) << 192);
        assembly ("memory-safe") {
            sstore(add(self.slot, 1), word)
        }
    }

    function _leftDown(uint256 shareBps, uint256 base, uint256 used) private pure returns (uint256) {
        return WadMath.min(LeakyBucket.leftDown(shareBps, base - used, used), type(uint96).max - used);
    }

    function _isShare(uint256 shareBps) private pure returns (bool) {
        return shareBps != 0 && shareBps <= BPS_ONE;
    }
}
