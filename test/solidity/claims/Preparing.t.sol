// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultShareLossTrigger} from "../../../contracts/claims/triggers/VaultShareLossTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockProtocol} from "../../../contracts/mocks/MockProtocol.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ForeignTest} from "./ForeignTest.sol";

/// @dev What a series begins with must not be chosen by who opens it, and terms say one thing for ever.
contract PreparingTest is ForeignTest {
    function test_CLM03_TheSameTermsGiveTheSameHash() public {
        VaultShareLossTrigger.Definition memory same = definition();
        Fuzz.assertTrue(terms == keccak256(abi.encode(same)), "a hash of what they say");
        vm.prank(address(0xA11CE));
        Fuzz.assertTrue(trigger.defineTerms(same) == terms, "whoever writes them");
        same.deductible += 1;
        vm.expectEmit(address(trigger));
        emit ITrigger.TermsDefined(keccak256(abi.encode(same)), abi.encode(same));
        bytes32 other = trigger.defineTerms(same);
        Fuzz.assertTrue(other != terms, "other terms");
        VaultShareLossTrigger.Definition memory stored = trigger.definitionOf(terms);
        Fuzz.assertTrue(keccak256(abi.encode(stored)) == terms, "nothing has changed");
    }

    function test_CLM03_DefinitionsThatCannotBeDecidedAreRefused() public {
        VaultShareLossTrigger.Definition memory bad = definition();
        bad.deductible = 1e18;
        _refuse(bad);
        bad.deductible = 1e18 - 1;
        trigger.defineTerms(bad);
        bad.vault = address(0xdead);
        _refuse(bad);
        bad = definition();
        setPrice(1e6 - 1); // Too few units for a fraction.
        _refuse(bad);
        setPrice(uint256(type(uint128).max) + 1);
        _refuse(bad);
        setPrice(type(uint128).max);
        trigger.defineTerms(bad);
        protocol.setMode(MockProtocol.Mode.Short);
        _refuse(bad);
    }

    /// @dev Cut down to 128 bits it would be any price.
    function test_CLM03_AReadingThatNoMarkHoldsIsNone() public {
        setPrice(uint256(type(uint128).max) + 1);
        vm.expectRevert(unreadable());
        trigger.prepare(terms);
        vm.expectRevert(unreadable());
        trigger.checkpoint(terms, VAULT, SERIES);
        setPrice(type(uint128).max);
        (uint128 reading, ) = trigger.prepare(terms);
        Fuzz.assertEqual(reading, PRICE, "the most careful one still");
    }

    function test_CLM03_TermsThatNobodyHasDefinedAreRefused() public {
        bytes32 unknown = "unknown";
        vm.warp(START + 1);
        vm.expectRevert(invalidTerms(unknown));
        trigger.checkpoint(unknown, VAULT, SERIES);
        vm.expectRevert(invalidTerms(unknown));
        trigger.evaluate(unknown, mark);
        vm.expectRevert(invalidTerms(unknown));
        trigger.observe(unknown, mark);
        vm.expectRevert(invalidTerms(unknown));
        trigger.prepare(unknown);
    }

    function test_CLM02_ASeriesBeginsAnHourToADayAfterSomebodyHasLooked() public {
        VaultShareLossTrigger.Definition memory another = definition();
        another.deductible = 0;
        terms = trigger.defineTerms(another);
        vm.expectRevert(notPrepared(1 hours, 1 days));
        trigger.checkpoint(terms, VAULT, SERIES);
        vm.warp(START + 1 days);
        uint256 since = block.timestamp;
        trigger.prepare(terms);
        vm.warp(since + 1 hours - 1);
        vm.expectRevert(notPrepared(since + 1 hours, since + 1 days));
        trigger.checkpoint(terms, VAULT, SERIES);
        vm.warp(since + 1 hours);
        Fuzz.assertEqual(trigger.checkpoint(terms, VAULT, SERIES), (block.timestamp << 128) | PRICE, "mark");
        vm.warp(since + 1 days);
        trigger.checkpoint(terms, VAULT, SERIES);
        vm.warp(since + 1 days + 1);
        vm.expectRevert(notPrepared(since + 1 hours, since + 1 days));
        trigger.checkpoint(terms, VAULT, SERIES);
    }

    /// @dev Looking again does not begin the hour anew, so nobody can put a series off; after a day it does.
    function test_CLM02_LookingAgainPutsNothingOff() public {
        vm.warp(START - 1 hours + 1 days);
        (, uint256 since) = trigger.prepare(terms);
        Fuzz.assertEqual(since, START - 1 hours, "as before");
        vm.warp(START - 1 hours + 1 days + 1);
        setPrice(2 * PRICE);
        uint128 reading;
        (reading, since) = trigger.prepare(terms);
        Fuzz.assertEqual(since, START - 1 hours + 1 days + 1, "anew");
        Fuzz.assertEqual(reading, 2 * PRICE, "what was read before is forgotten");
    }

    /// @dev A price pushed up in the transactions that prepare and open a series would make the true one look like a loss.
    function test_CLM02_ATrueReadingUndoesAFalseOne() public {
        vm.warp(START + 2 days);
        setPrice(3 * PRICE);
        trigger.prepare(terms);
        setPrice(PRICE);
        trigger.prepare(terms);
        vm.warp(START + 2 days + 1 hours);
        setPrice(3 * PRICE);
        mark = trigger.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertEqual(uint128(mark), PRICE, "the most careful one");
        setPrice(PRICE);
        assertAnswer(0, 0);
    }

    function test_CLM02_TheReadingOfNowCountsToo() public {
        setPrice(PRICE - 1);
        mark = trigger.checkpoint(terms, VAULT, SERIES);
        Fuzz.assertEqual(uint128(mark), PRICE - 1, "of now");
    }

    /// forge-config: default.fuzz.runs = 500
    function testFuzz_CLM03_PayoutIsTheLossLessTheDeductible(uint64 price, uint64 start) public {
        uint256 begun = Fuzz.between(start, 1e6, type(uint64).max);
        setPrice(begun);
        vm.warp(START + 3 days);
        trigger.prepare(terms);
        vm.warp(START + 3 days + 1 hours);
        mark = trigger.checkpoint(terms, VAULT, SERIES);
        setPrice(price);
        confirmFrom(START + 4 days);
        uint256 loss = price < begun ? ((begun - price) * 1e18) / begun : 0;
        uint256 payout = loss > DEDUCTIBLE ? loss - DEDUCTIBLE : 0;
        assertConfirmed(payout, payout == 0 ? 0 : START + 4 days);
    }

    function _refuse(VaultShareLossTrigger.Definition memory bad) private {
        vm.expectRevert(
            abi.encodeWithSelector(VaultShareLossTrigger.VaultShareLossTrigger_InvalidDefinition.selector, bad)
        );
        trigger.defineTerms(bad);
    }
}
