// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentView} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {CoverRequest, CoverResult} from "../../../contracts/types/Coverage.sol";
import {SegmentId} from "../../../contracts/types/Identifiers.sol";
import {vm} from "../support/Vm.sol";
import {FundTest} from "./FundTest.sol";

/// @dev Any request against buckets in any state: conservation, splitting, preview.
contract CoverFuzzTest is FundTest {
    SegmentId private segment;

    function setUp() public override {
        super.setUp();
        (segment, , ) = newSegment(18, 1_000, budgets());
    }

    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_INV04_CoverNeverReverts(
        uint96 reserve,
        uint128[3] calldata shortfall,
        uint64 fraction,
        uint128 reward,
        uint32 elapsed
    ) public {
        (SegmentId any, , HostileToken coin) = newSegment(18, 0, budgets());
        if (reserve > 0) give(any, coin, reserve);
        for (uint256 i = 0; i < 3; ++i) {
            fund.cover(any, asked(shortfall[0], shortfall[1], shortfall[2], fraction % (UNIT + 1), reward));
            vm.warp(START + (i + 1) * elapsed);
        }
    }

    /// @dev Expected from budgetLeft and plain arithmetic, not from the contract's own helpers.
    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_INV03_EveryWeiIsPaidByTheReserveOrLeft(
        uint96 first,
        uint128[3] memory shortfall,
        uint64 fractionSeed,
        uint96 reward,
        uint32 elapsed
    ) public {
        _prepare(first, elapsed);
        reward = _shape(shortfall, reward);
        uint256 fraction = fractionSeed % (UNIT + 1);
        CoverRequest memory request = asked(shortfall[0], shortfall[1], shortfall[2], fraction, reward);
        uint256 expected = _expectedWhole(request);
        uint256 expectedReward = _expectedReward(request, expected);
        SegmentView memory before = fund.segmentOf(segment);

        CoverResult memory result = fund.cover(segment, request);

        assertEq(result.paid.reserve, (expected * fraction) / UNIT, "reserve layer");
        assertEq(result.paid.total(), result.paid.reserve, "no other layer");
        assertEq(result.reward, expectedReward, "reward");
        uint256 booked = result.paid.reserve + result.reward;
        assertLedger(segment, before.reserve - booked, before.owed + booked);
        uint256 whole = uint256(shortfall[0]) + shortfall[1] + shortfall[2];
        uint256 partUp = (whole * fraction + UNIT - 1) / UNIT;
        assertFacts(before.drawn + booked, smaller(type(uint128).max, before.unpaid + partUp - result.paid.total()));
    }

    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_FND02_TheBucketsAreChargedExactlyWhatIsPaid(
        uint96 first,
        uint128[3] memory shortfall,
        uint64 fraction,
        uint96 reward,
        uint32 elapsed
    ) public {
        _prepare(first, elapsed);
        reward = _shape(shortfall, reward);
        (uint256[3] memory before, uint256 wholeBefore, uint256 rewardBefore) = fund.budgetLeft(segment);
        CoverResult memory result = fund.cover(
            segment,
            asked(shortfall[0], shortfall[1], shortfall[2], fraction % (UNIT + 1), reward)
        );
        (uint256[3] memory byClass, uint256 whole, uint256 rewardLeft) = fund.budgetLeft(segment);
        uint256 charged;
        for (uint256 class = 0; class < 3; ++class) {
            assertTrue(before[class] - byClass[class] <= shortfall[class], "no class pays for another");
            charged += before[class] - byClass[class];
        }
        assertEq(charged, result.paid.reserve, "classes");
        assertEq(wholeBefore - whole, result.paid.reserve, "segment");
        assertEq(rewardBefore - rewardLeft, result.reward, "reward");
    }

    /// @dev f1 and then f2 of the rest is f1 + (1 - f1) f2: to within the wei that rounding the rest takes.
    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_INV21_SplittingABidChangesNoTotal(
        uint96 first,
        uint128[3] memory shortfall,
        uint64[2] calldata seeds,
        uint96 reward,
        uint32 elapsed
    ) public {
        _prepare(first, elapsed);
        reward = _shape(shortfall, reward);
        uint256 f1 = seeds[0] % (UNIT + 1);
        uint256 f2 = seeds[1] % (UNIT + 1);
        uint256 joined = f1 + ((UNIT - f1) * f2) / UNIT;
        uint256 state = vm.snapshotState();
        CoverRequest memory whole = asked(shortfall[0], shortfall[1], shortfall[2], joined, part(reward, joined));
        CoverResult memory atOnce = fund.cover(segment, whole);
        (uint256[3] memory leftAtOnce, , ) = fund.budgetLeft(segment);
        vm.revertToState(state);

        whole.fraction = f1;
        whole.reward = part(reward, f1);
        CoverResult memory one = fund.cover(segment, whole);
        for (uint256 i = 0; i < 3; ++i) whole.shortfallByClass[i] = part(shortfall[i], UNIT - f1);
        whole.fraction = f2;
        whole.reward = part(part(reward, UNIT - f1), f2);
        CoverResult memory two = fund.cover(segment, whole);
        (uint256[3] memory leftSplit, , ) = fund.budgetLeft(segment);

        // A fraction is itself rounded to 1e-18: that is 1 wei more for every 1e18 wei of the amount it is taken of.
        uint256 slack = 8 + reserveBound() / UNIT;
        assertNear(one.paid.reserve + two.paid.reserve, atOnce.paid.reserve, slack, "paid");
        assertNear(one.reward + two.reward, atOnce.reward, slack, "reward");
        for (uint256 i = 0; i < 3; ++i) assertNear(leftSplit[i], leftAtOnce[i], slack, "budget");
    }

    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_PreviewIsWhatCoverBooks(
        uint96 first,
        uint128[3] calldata shortfall,
        uint64 fraction,
        uint128 reward,
        uint32 elapsed
    ) public {
        _prepare(first, elapsed);
        CoverRequest memory request = asked(shortfall[0], shortfall[1], shortfall[2], fraction % (UNIT + 1), reward);
        CoverResult memory preview = fund.previewCover(segment, request);
        CoverResult memory result = fund.cover(segment, request);
        assertTrue(keccak256(abi.encode(preview)) == keccak256(abi.encode(result)), "preview");
    }

    /* HELPERS */

    /// @dev Buckets that are partly used, at an odd time.
    function _prepare(uint96 first, uint32 elapsed) private {
        uint256 amount = first % (reserveBound() / 4);
        fund.cover(segment, asked(amount, amount / 3, amount / 5, 0.7e18, amount / 50));
        vm.warp(START + (elapsed % 30 hours));
    }

    /// @dev Most amounts around what the buckets hold, so that every limit binds in some runs; a few as large as can be.
    function _shape(uint128[3] memory shortfall, uint96 reward) private pure returns (uint96) {
        for (uint256 i = 0; i < 3; ++i) {
            if (shortfall[i] % 8 != 0) shortfall[i] = uint128(shortfall[i] % (450 * UNIT));
        }
        return reward % 8 == 0 ? reward : uint96(reward % (30 * UNIT));
    }

    function reserveBound() private pure returns (uint256) {
        return 1_000 * UNIT;
    }

    function part(uint256 amount, uint256 fraction) private pure returns (uint256) {
        return (amount * fraction) / UNIT;
    }

    function _expectedWhole(CoverRequest memory request) private view returns (uint256 expected) {
        (uint256[3] memory byClass, uint256 whole, ) = fund.budgetLeft(segment);
        for (uint256 i = 0; i < 3; ++i) expected += smaller(request.shortfallByClass[i], byClass[i]);
        expected = smaller(smaller(expected, whole), reserveOf(segment));
    }

    function _expectedReward(CoverRequest memory request, uint256 whole) private view returns (uint256 expected) {
        (, , uint256 left) = fund.budgetLeft(segment);
        expected = smaller((left * request.fraction) / UNIT, request.reward);
        expected = smaller(expected, ((reserveOf(segment) - whole) * request.fraction) / UNIT);
    }

    function assertFacts(uint256 drawn, uint256 unpaid) private view {
        assertEq(fund.segmentOf(segment).drawn, drawn, "drawn");
        assertEq(fund.segmentOf(segment).unpaid, unpaid, "unpaid");
    }
}
