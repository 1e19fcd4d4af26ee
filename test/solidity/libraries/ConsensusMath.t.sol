// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consensus, ConsensusMath} from "../../../contracts/libraries/ConsensusMath.sol";
import {vm} from "../support/Vm.sol";

/// @dev ORC-02 and ORC-06 as properties of the mathematics; examples and the chain stand in test/typescript/oracle.
contract ConsensusMathTest {
    uint256 private constant DEVIATION = 0.01e18;
    uint256 private constant PRICE = 2_000e18;

    error Assertion_Failed(string what);

    function test_ORC02_NoAnswerIsNoPrice() external pure {
        Consensus memory none = ConsensusMath.decide(new uint256[](3), 0, DEVIATION, PRICE);
        _require(none.price == 0 && none.fresh == 0 && none.agreeing == 0 && none.kinds == 0, "nothing");
        _require(!ConsensusMath.isReached(none, 1, 1), "not reached");
    }

    /// @dev Exactly as far away as is allowed survives, one unit more does not; below the median and above it.
    function test_ORC02_TheDeviationItselfSurvives() external pure {
        uint256 reach = PRICE / 100;
        for (uint256 more = 0; more < 2; ++more) {
            uint256[] memory answers = new uint256[](3);
            (answers[0], answers[1]) = (ConsensusMath.pack(PRICE, 1, 1), ConsensusMath.pack(PRICE, 1, 2));
            answers[2] = ConsensusMath.pack(PRICE + reach + more, 1, 3);
            _require(ConsensusMath.decide(answers, 3, DEVIATION, PRICE).agreeing == 3 - more, "above");
            answers[2] = ConsensusMath.pack(PRICE - reach - more, 1, 3);
            _require(ConsensusMath.decide(answers, 3, DEVIATION, PRICE).agreeing == 3 - more, "below");
        }
    }

    /// @dev All answers count alike, in whatever order they come.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC02_OrderDoesNotMatter(uint256 seed, uint8 count, uint256 last) external pure {
        uint256 n = 1 + (count % 16);
        last = last % 1e27;
        uint256[] memory answers = _draw(seed, n, PRICE, 3);
        uint256[] memory turned = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) turned[i] = answers[(i + 1 + (seed % n)) % n];
        Consensus memory a = ConsensusMath.decide(answers, n, DEVIATION, last);
        Consensus memory b = ConsensusMath.decide(turned, n, DEVIATION, last);
        _require(keccak256(abi.encode(a)) == keccak256(abi.encode(b)), "order");
    }

    /// @dev The survivors are exactly the answers within delta of one of the answers, and the price is one of them.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC02_SurvivorsAreNearEachOther(uint256 seed, uint8 count, uint256 last) external pure {
        uint256 n = 1 + (count % 16);
        uint256[] memory answers = _draw(seed, n, PRICE, 3);
        Consensus memory consensus = ConsensusMath.decide(answers, n, DEVIATION, last % 1e27);
        _require(consensus.agreeing >= 1 && consensus.agreeing <= n, "at least the median survives");
        bool found;
        bool fits;
        for (uint256 i = 0; i < n; ++i) {
            uint256 price = answers[i] >> 48;
            if (price == consensus.price) found = true;
            uint256 near;
            for (uint256 j = 0; j < n; ++j) {
                uint256 other = answers[j] >> 48;
                uint256 distance = other > price ? other - price : price - other;
                if (distance * 1e18 <= price * DEVIATION) ++near;
            }
            if (near == consensus.agreeing) fits = true;
        }
        _require(found, "the price is an answer");
        _require(fits, "the survivors surround an answer");
        _require(consensus.spreadBps <= 204, "twice delta, and the price may lie at the edge");
    }

    /// @dev ORC-06: while honest answers lie within half of delta of each other, a minority of liars decides nothing,
    /// whatever they say and whatever the last price was.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC06_MinorityDecidesNothing(
        uint256 seed,
        uint8 honestCount,
        uint8 liarCount,
        uint256 last
    ) external pure {
        uint256 honest = 2 + (honestCount % 8);
        uint256 liars = liarCount % honest;
        uint256 n = honest + liars;
        uint256[] memory answers = new uint256[](n);
        uint256 lowest = type(uint256).max;
        uint256 highest;
        for (uint256 i = 0; i < honest; ++i) {
            uint256 price = PRICE + (uint256(keccak256(abi.encode(seed, i))) % (PRICE / 200));
            if (price < lowest) lowest = price;
            if (price > highest) highest = price;
            answers[i] = ConsensusMath.pack(price, 1, 0);
        }
        for (uint256 i = honest; i < n; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            // Far away, or within reach to pull the median.
            uint256 price = random % 4 == 0 ? 1 + (random % 1e27) : PRICE - PRICE / 50 + (random % (PRICE / 20));
            answers[i] = ConsensusMath.pack(price, 1, 1);
        }
        Consensus memory consensus = ConsensusMath.decide(answers, n, DEVIATION, last % 1e27);
        _require(consensus.price >= lowest && consensus.price <= highest, "outside of what honest sources say");
        _require(consensus.agreeing >= honest, "an honest source was dropped");
    }

    /// @dev With half of the answers liars can hold the price back or bring it to no consensus, but not carry it further
    /// from the last one than an honest answer is.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC06_HalfCannotCarryThePriceAway(uint256 seed, uint8 count, uint256 move) external pure {
        uint256 half = 1 + (count % 8);
        uint256 last = PRICE - PRICE / 10 + (move % (PRICE / 5));
        uint256[] memory answers = new uint256[](2 * half);
        uint256 farthest;
        for (uint256 i = 0; i < 2 * half; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 price =
                i < half ? PRICE + (random % (PRICE / 1_000)) : PRICE - PRICE / 50 + (random % (PRICE / 25));
            if (i < half && _distance(price, last) > farthest) farthest = _distance(price, last);
            answers[i] = ConsensusMath.pack(price, 1, 0);
        }
        Consensus memory consensus = ConsensusMath.decide(answers, 2 * half, DEVIATION, last);
        if (consensus.agreeing <= half) return;
        // Honest sources are closer to each other than delta: when more than half agree, they are among them.
        if (consensus.agreeing == 2 * half) {
            _require(_distance(consensus.price, last) <= farthest, "carried away");
        }
    }

    function _draw(
        uint256 seed,
        uint256 count,
        uint256 centre,
        uint256 kinds
    ) private pure returns (uint256[] memory answers) {
        answers = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 price = centre - centre / 50 + (random % (centre / 25));
            answers[i] = ConsensusMath.pack(price, (random >> 128) % (1 << 40), (random >> 200) % kinds);
        }
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function _require(bool condition, string memory what) private pure {
        if (!condition) revert Assertion_Failed(what);
    }
}
