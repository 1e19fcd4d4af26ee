// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ForeignTest} from "./ForeignTest.sol";

/// @dev CLM-08: readings at both ends of what a mark holds.
contract ForeignBoundsTest is ForeignTest {
    function test_CLM08_TheHighestReadingIsRead_andOneMoreIsNot() public {
        setPrice(type(uint128).max);
        trigger.prepare(terms);
        setPrice(uint256(type(uint128).max) + 1);
        vm.expectRevert(unreadable());
        trigger.prepare(terms);
    }

    /// @dev No series has such a mark, and asking for one must not revert either.
    function test_CLM04_NothingIsLostAgainstAPriceOfNothing() public {
        setPrice(0);
        uint256 nothing = (START - 1) << 128;
        vm.warp(START + 1);
        (uint256 confirmed, ) = trigger.observe(terms, nothing);
        Fuzz.assertEqual(confirmed, 0, "nothing");
    }
}
