// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrancheShare} from "../../../contracts/coverage/TrancheShare.sol";
import {ExitRequest, Tranche} from "../../../contracts/types/Coverage.sol";
import {vm} from "../support/Vm.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev FND-10 against a model without memory tricks: at every draw it writes down who holds what, in his name or in the queue.
contract DrawnLossesFuzzTest is VaultTest {
    uint256 private constant STEPS = 40;
    uint256 private constant INTERVALS = 41;

    address[4] private people = [ALICE, BOB, CAROL, address(0xDA5E)];
    TrancheShare[2] private shares;
    /// @dev By tranche and interval: what was drawn, the supply then, and what each of the people held.
    uint256[INTERVALS][2] private lost;
    uint256[INTERVALS][2] private supplies;
    uint256[4][INTERVALS][2] private held;

    /// forge-config: default.fuzz.runs = 400
    function testFuzz_FND10_everybody_bore_by_what_he_held_at_each_draw(uint256 seed) external {
        shares = [junior, senior];
        for (uint256 i = 0; i < 4; ++i) {
            deposit(junior, people[i], 100);
            deposit(senior, people[i], 150);
        }
        commit(1_000);
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed, step)));
            act(shares[seed & 1], people[(seed >> 8) % 4], people[(seed >> 16) % 4], seed >> 24);
        }
        check();
    }

    function act(TrancheShare share, address who, address other, uint256 raw) private {
        uint256 choice = raw % 12;
        raw >>= 8;
        if (choice < 4) book(raw);
        else if (choice < 6) move(share, who, other, raw);
        else if (choice == 6) depositNative(share, who, 1 + (raw % (80 * NATIVE)));
        else if (choice == 7) queue(share, who, raw);
        else if (choice == 8) skip(raw % COOLDOWN);
        else if (choice == 9) attempt(share, who, abi.encodeCall(share.cancelRedeemRequest, ()));
        else if (choice == 10) attempt(share, who, abi.encodeWithSignature("claimExit(address)", who));
        else attempt(share, who, abi.encodeCall(share.expireRedeemRequest, (other)));
    }

    /// @dev Refusals are a test of their own: here they change nothing.
    function attempt(TrancheShare share, address who, bytes memory call_) private {
        vm.prank(who);
        (bool done, ) = address(share).call(call_);
        done;
    }

    function move(TrancheShare share, address from, address to, uint256 raw) private {
        uint256 amount = raw % (share.balanceOf(from) + 1);
        vm.prank(from);
        share.transfer(to, amount);
    }

    function queue(TrancheShare share, address who, uint256 raw) private {
        uint256 balance = share.balanceOf(who);
        if (balance != 0) attempt(share, who, abi.encodeCall(share.requestRedeem, (1 + (raw % balance), who, who)));
    }

    /// @dev Now and then all of it.
    function book(uint256 raw) private {
        uint256[2] memory supply = [junior.totalSupply(), senior.totalSupply()];
        uint256[4][2] memory holds;
        for (uint256 i = 0; i < 8; ++i) holds[i & 1][i / 2] = holdingOf(Tranche(i & 1), people[i / 2]);
        uint32 interval = vault.currentInterval();
        (uint256 fromJunior, uint256 fromSenior) = draw(raw % 5 == 0 ? 400 * UNIT : (raw >> 8) % (60 * UNIT));
        uint256[2] memory taken = [fromJunior, fromSenior];
        // A draw after a movement falls into the next interval, which the movement has begun.
        for (uint256 i = 0; i < 2; ++i) {
            if (taken[i] == 0 || supply[i] == 0) continue;
            bool isFirst = lost[i][interval] == 0;
            lost[i][interval] += taken[i];
            for (uint256 j = 0; j < 4; ++j) {
                assertTrue("nobody's holding changes", isFirst || held[i][interval][j] == holds[i][j]);
                held[i][interval][j] = holds[i][j];
            }
            supplies[i][interval] = supply[i];
        }
    }

    function holdingOf(Tranche tranche, address who) private view returns (uint256 holding) {
        holding = shares[uint8(tranche)].balanceOf(who);
        ExitRequest memory request = vault.exitRequestOf(tranche, who);
        if (request.epoch == vault.epochOf(tranche)) holding += request.shares;
    }

    function check() private view {
        for (uint32 interval = 0; interval <= vault.currentInterval(); ++interval) {
            for (uint256 i = 0; i < 2; ++i) {
                uint256 sum;
                for (uint256 j = 0; j < 4; ++j) {
                    uint256 borne = shares[i].borneBy(SEGMENT, interval, people[j]);
                    uint256 expected =
                        lost[i][interval] == 0 ? 0 : (lost[i][interval] * held[i][interval][j]) / supplies[i][interval];
                    assertEq("borne", borne, expected);
                    sum += borne;
                }
                assertTrue("all of it but rounding", sum <= lost[i][interval] && sum + 4 >= lost[i][interval]);
            }
        }
    }
}
