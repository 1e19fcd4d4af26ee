// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../contracts/interfaces/ICoverageVault.sol";
import {Tranche} from "../../../contracts/types/Coverage.sol";
import {VaultTest} from "./VaultTest.sol";

/// @dev Alice has 40 and Bob 60 of junior, Carol 400 of senior. Alice was advanced 28 on a measured deficit of 30; then 80 are drawn, and all
/// that junior has left is gone.
contract AdvancesThatDieTest is VaultTest {
    function setUp() public override {
        super.setUp();
        deposit(junior, ALICE, 40);
        deposit(junior, BOB, 60);
        deposit(senior, CAROL, 400);
        commit(450);
        request(junior, ALICE);
        skip(COOLDOWN);
        house.setDeficit(30 * UNIT);
        claim(junior, ALICE);
        draw(80 * UNIT);
        house.setDeficit(0);
    }

    function test_CVR05_an_advance_dies_with_its_tranche_and_stays_with_whoever_got_it() external view {
        VaultBooks memory books = vault.books();
        assertEq("junior", books.junior, 0);
        assertEq("advanced", books.juniorAdvanced, 0);
        assertEq("senior", books.senior, 392 * UNIT);
        assertEq("Alice", token.balanceOf(ALICE), 28 * NATIVE);
        (, uint256 epoch) = vault.trancheState(Tranche.Junior);
        assertEq("epoch", epoch, 1);
        assertSound();
    }

    function test_R4_the_next_epoch_knows_its_own_advances_alone() external {
        assertEq("one for one", deposit(junior, BOB, 50), 50 * UNIT);
        request(junior, BOB);
        skip(COOLDOWN);
        house.setDeficit(30 * UNIT);
        assertEq("advance", claim(junior, BOB), 20 * NATIVE);
        assertEq("advanced", vault.books().juniorAdvanced, 20 * UNIT);
        house.setDeficit(0);
        assertEq("the rest", claim(junior, BOB), 30 * NATIVE);
        assertEq("none left", vault.books().juniorAdvanced, 0);
        assertEq("junior", vault.books().junior, 0);
        assertSound();
    }
}
