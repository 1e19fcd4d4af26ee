import type { Sources } from "../../../scripts/instrument/tree.ts";

/** A contract with one place for every kind of mistake. */
export const TINY = "contracts/Tiny.sol";

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

struct Layers {
    uint256 reserve;
    uint256 junior;
}

library Round {
    function divDown(uint256 a, uint256 b) internal pure returns (uint256) {
        return a / b;
    }

    function divUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }
}

contract Tiny {
    error TooMuch(uint256 amount);

    uint256 private constant LIMIT = 10;
    uint256 public kept;
    uint256 public junior;

    // Ein Umlaut, damit Zeichen und Bytes nicht dasselbe sind: ü.
    modifier below(uint256 most) {
        if (kept >= most) revert TooMuch(kept);
        _;
    }

    function take(uint256 amount) external below(LIMIT / 2) returns (uint256 part) {
        if (amount > LIMIT) revert TooMuch(amount);
        kept += amount;
        junior = amount;
        part = Round.divDown(amount, 3);
        if (amount == 7) junior = part;
        for (uint256 i = 0; i < part; ++i) junior++;
        if (part == 0) junior = 0;
        else kept = Round.min(kept, part * 4);
    }

    function first(Layers memory layers) external pure returns (uint256) {
        return layers.reserve;
    }
}
`;

export const TINY_SOURCES: Sources = { [TINY]: { content: SOURCE } };
