// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {RecoveryTest} from "./RecoveryTest.sol";

/// @dev Three holders, two rounds, 24 random payments, transfers and claims.
contract RecoveriesFuzzTest is RecoveryTest {
    uint256 private constant STEPS = 24;
    /// @dev Exact parts are kept with so many bits below a wei.
    uint256 private constant SCALE_BITS = 64;

    address[3] private people = [ALICE, BOB, CAROL];
    uint256[3] private parts;
    uint256[3] private paid;

    /// @dev Nobody gets more than his part of each payment while he held his claims, nor less by more than a wei for
    /// each step; and there are tokens behind all that is due. forge-config: default.fuzz.runs = 1000
    function testFuzz_FND10_NobodyGetsMoreOrLessThanHisPart(uint256 seed) public {
        lose(ALICE, 30 * UNIT);
        lose(BOB, 10 * UNIT + (seed % 1e12));
        endRound();
        lose(CAROL, 1 + (seed % (50 * UNIT)));
        uint256 second = endRound();
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed, step)));
            uint256 round = seed & 1 == 0 ? 1 : second;
            uint256 choice = (seed >> 8) % 3;
            if (choice == 0) pay(round, seed >> 32);
            else if (choice == 1) move(round, people[(seed >> 16) % 3], people[(seed >> 24) % 3], seed >> 32);
            else take(round, (seed >> 16) % 3);
        }
        uint256 due;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 open = recoveries.dueTo(1, people[i]) + recoveries.dueTo(second, people[i]);
            due += open;
            // Each exact part was itself cut off below 2^-64 wei.
            assertTrue((paid[i] + open) << SCALE_BITS <= parts[i] + STEPS, "no more than his part");
            assertTrue((paid[i] + open + STEPS) << SCALE_BITS >= parts[i], "no less");
        }
        assertTrue(token.balanceOf(address(recoveries)) * 1e12 >= due, "tokens behind all that is due");
    }

    function pay(uint256 round, uint256 raw) private {
        uint256 before = recoveries.roundOf(round).recovered;
        uint256 claims = recoveries.roundOf(round).claims;
        uint256 lacking = (claims - before) / 1e12;
        if (lacking == 0) return;
        recover(round, 1 + (raw % smaller(lacking, 3e6)));
        uint256 payment = recoveries.roundOf(round).recovered - before;
        for (uint256 i = 0; i < 3; ++i) {
            parts[i] += ((recoveries.balanceOf(people[i], round) * payment) << SCALE_BITS) / claims;
        }
    }

    function move(uint256 round, address from, address to, uint256 raw) private {
        uint256 amount = raw % (recoveries.balanceOf(from, round) + 1);
        vm.prank(from);
        recoveries.safeTransferFrom(from, to, round, amount, "");
    }

    function take(uint256 round, uint256 index) private {
        if (recoveries.dueTo(round, people[index]) < 1e12) return;
        paid[index] += claimAs(people[index], round) * 1e12;
    }
}
