// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {BulwarkToken} from "../../../contracts/governance/BulwarkToken.sol";
import {IBulwarkToken} from "../../../contracts/interfaces/IBulwarkToken.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev FND-07: on a chain whose clock has not yet run for a week, or a year, growth is measured from the first supply.
contract TokenClockTest {
    uint256 private constant FIRST = 100_000_000e18;

    BulwarkToken private token;

    function setUp() public {
        vm.warp(7 days);
        token = new BulwarkToken(address(new AccessManager(address(this))), address(this));
        token.linkMinter(address(this));
    }

    function test_FND07_WithinTheFirstWeekOfTheClockTwoInAHundred() public {
        Fuzz.assertEqual(token.mintable(), FIRST / 50, "two in a hundred");
        token.mint(address(this), FIRST / 50);
        vm.expectRevert(abi.encodeWithSelector(IBulwarkToken.BulwarkToken_AboveCap.selector, 1, 0));
        token.mint(address(this), 1);
    }

    function test_FND07_WithinTheFirstYearOfTheClockTenInAHundredInAll() public {
        for (uint256 week = 1; week <= 5; ++week) {
            token.mint(address(this), token.mintable());
            vm.warp(block.timestamp + 7 days + 1);
        }
        Fuzz.assertEqual(token.totalSupply(), FIRST + FIRST / 10, "ten in a hundred, five weeks on");
        Fuzz.assertEqual(token.mintable(), 0, "and no more within the year");
    }
}
