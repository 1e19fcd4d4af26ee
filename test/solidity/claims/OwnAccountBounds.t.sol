// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fuzz} from "../support/Fuzz.sol";
import {OwnAccountTest} from "./OwnAccountTest.sol";

/// @dev CVR-07: the smallest position that there is.
contract OwnAccountBoundsTest is OwnAccountTest {
    function test_CVR07_AWeiOfBaseIsALongPosition() public {
        house.setPosition(1, -200);
        house.setHeader(header(20));
        bindSeries();
        Fuzz.assertTrue(trigger.bindingOf(mark).isLong, "long");
    }
}
