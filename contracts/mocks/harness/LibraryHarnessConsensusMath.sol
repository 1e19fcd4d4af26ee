// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consensus, ConsensusMath} from "../../libraries/ConsensusMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice ConsensusMath from outside, for differential tests.
contract LibraryHarnessConsensusMath is LibraryHarness {
    /// @dev Sixteen words: a list of fixed size would say the same, but the tests' encoder knows structs only.
    struct Answers {
        uint256 word0;
        uint256 word1;
        uint256 word2;
        uint256 word3;
        uint256 word4;
        uint256 word5;
        uint256 word6;
        uint256 word7;
        uint256 word8;
        uint256 word9;
        uint256 word10;
        uint256 word11;
        uint256 word12;
        uint256 word13;
        uint256 word14;
        uint256 word15;
    }

    function decide(
        Answers calldata answers,
        uint256 count,
        uint256 maxDeviation,
        uint256 last
    ) external pure returns (Consensus memory) {
        uint256[16] memory filled = abi.decode(abi.encode(answers), (uint256[16]));
        uint256[] memory words = new uint256[](filled.length);
        for (uint256 i = 0; i < count; ++i) words[i] = filled[i];
        return ConsensusMath.decide(words, count, maxDeviation, last);
    }

    function pack(uint256 price, uint256 publishedAt, uint256 kind) external pure returns (uint256) {
        return ConsensusMath.pack(price, publishedAt, kind);
    }

    function isReached(Consensus memory consensus, uint256 required, uint256 kinds) external pure returns (bool) {
        return ConsensusMath.isReached(consensus, required, kinds);
    }

    function requiredAgreement(uint256 sources, uint256 quorum) external pure returns (uint256) {
        return ConsensusMath.requiredAgreement(sources, quorum);
    }
}
