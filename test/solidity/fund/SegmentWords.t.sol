// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentBooks} from "../../../contracts/fund/SegmentBooks.sol";
import {ReserveWord, SegmentWords} from "../../../contracts/fund/SegmentWords.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A segment's reserve and debt as a word say what the compiler's struct says, and the other way round.
contract SegmentWordsTest {
    using SegmentWords for SegmentBooks.Segment;

    SegmentBooks.Segment private _segment;

    function testFuzz_FND11_reserveAndDebtAreReadAsTheyWereStored(SegmentBooks.Segment memory segment) external {
        _segment = segment;
        ReserveWord word = _segment.loadReserve();
        Fuzz.assertEqual(word.reserve(), uint256(segment.reserve), "reserve");
        Fuzz.assertEqual(word.owed(), uint256(segment.owed), "owed");
    }

    function testFuzz_FND11_newAmountsLeaveTheRestOfASegment(
        SegmentBooks.Segment memory segment,
        uint96 reserve,
        uint96 owed
    ) external {
        _segment = segment;
        _segment.storeReserve(_segment.loadReserve().withAmounts(reserve, owed));
        (segment.reserve, segment.owed) = (reserve, owed);
        SegmentBooks.Segment memory stored = _segment;
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == keccak256(abi.encode(segment)), "segment");
    }
}
