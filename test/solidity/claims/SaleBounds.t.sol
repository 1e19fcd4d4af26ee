// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleTest} from "./SaleTest.sol";

/// @dev CLM-04: an error of liquidation is rounded down where the price is.
contract SaleBoundsTest is SaleTest {
    /// @dev 95% of 100 and a wei is a wei more than 95 only when it is rounded up; the tenth part of what is lost shows it.
    function test_CLM04_TheToleratedPriceIsRoundedDown() public {
        oracle.set(100e18 + 1);
        sell(85e18 + 1, LONG);
        observeThrice(SALE);
        assertAnswer(1e18 - 1, SALE);
    }
}
