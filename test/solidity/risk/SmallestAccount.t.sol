// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskController} from "../../../contracts/interfaces/IRiskController.sol";
import {AccountId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {RiskTest} from "./RiskTest.sol";

/// @notice An account whose stress is a wei, rounded up, is one like any other (FND-03).
contract SmallestAccountTest is RiskTest {
    function test_FND03_AWeiOfStressIsMeasuredAndDrivenOut() public {
        (AccountId a, AccountId b, AccountId c) = (_account(1), _account(2), _account(3));
        inputs.setPrice(_feed(MAJOR), 10e18);
        house.setPosition(a, MAJOR, 1);
        Fuzz.assertEqual(controller.register(a), 1, "a wei");
        house.setPosition(b, MAJOR, 20e18);
        controller.register(b);
        house.setPosition(c, MAJOR, 15e18);
        vm.expectEmit(address(controller));
        emit IRiskController.AccountReplaced(a, c, 1);
        controller.register(c);
    }
}
