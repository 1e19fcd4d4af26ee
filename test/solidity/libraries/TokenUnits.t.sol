// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardedCallHarness} from "../../../contracts/mocks/harness/GuardedCallHarness.sol";
import {vm} from "../support/Vm.sol";

/// @dev Spec, section 1: converted once at the border, down when crediting or paying out, up when charging.
contract TokenUnitsTest {
    GuardedCallHarness private units = new GuardedCallHarness();

    error Assertion_Failed(string what);

    function test_Units_Examples() external view {
        _require(units.toWad(1, 6) == 1e12 && units.toWad(1, 18) == 1 && units.toWad(1, 0) == 1e18, "to WAD");
        _require(units.toNativeDown(1e12 - 1, 6) == 0 && units.toNativeUp(1e12 - 1, 6) == 1, "less than one");
        _require(units.toNativeDown(1e12, 6) == 1 && units.toNativeUp(1e12, 6) == 1, "exactly one");
        _require(units.toNativeDown(1e12 + 1, 6) == 1 && units.toNativeUp(1e12 + 1, 6) == 2, "more than one");
        _require(units.toNativeUp(0, 6) == 0 && units.toNativeUp(0, 18) == 0, "nothing");
        _require(
            units.toNativeUp(type(uint256).max, 6) == type(uint256).max / 1e12 + 1,
            "no overflow when rounding up"
        );
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_Units_RoundTripsAndRounding(uint128 amount, uint8 decimals) external view {
        decimals = decimals % 19;
        uint256 one = 10 ** (18 - decimals);
        uint256 wad = units.toWad(amount, decimals);
        _require(units.toNativeDown(wad, decimals) == amount, "exact there and back, down");
        _require(units.toNativeUp(wad, decimals) == amount, "exact there and back, up");

        uint256 down = units.toNativeDown(amount, decimals);
        uint256 up = units.toNativeUp(amount, decimals);
        _require(down * one <= amount && (down + 1) * one > amount, "down is the largest not above");
        _require(up * one >= amount && (up == 0 || (up - 1) * one < amount), "up is the smallest not below");
    }

    function test_Units_MoreThan18DecimalsDoNotPass() external {
        bytes memory underflow = abi.encodeWithSignature("Panic(uint256)", 0x11);
        vm.expectRevert(underflow);
        units.toWad(1, 19);
        vm.expectRevert(underflow);
        units.toNativeDown(1, 19);
        vm.expectRevert(underflow);
        units.toNativeUp(1, 19);
    }

    function _require(bool condition, string memory what) private pure {
        if (!condition) revert Assertion_Failed(what);
    }
}
