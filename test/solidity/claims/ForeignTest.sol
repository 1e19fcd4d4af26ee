// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {Streaks} from "../../../contracts/claims/Streaks.sol";
import {ForeignTrigger} from "../../../contracts/claims/triggers/ForeignTrigger.sol";
import {VaultShareLossTrigger} from "../../../contracts/claims/triggers/VaultShareLossTrigger.sol";
import {IObservedTrigger} from "../../../contracts/interfaces/IObservedTrigger.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {MockProtocol} from "../../../contracts/mocks/MockProtocol.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev A vault whose share price a test sets, and cover on it with a deductible of 5%. A series begins at START with a price of 1,000.
abstract contract ForeignTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant SHARES = 1_000e18;
    uint256 internal constant PRICE = 1_000e6;
    uint64 internal constant DEDUCTIBLE = 0.05e18;
    address internal constant VAULT = address(0xBA017);
    SeriesId internal constant SERIES = SeriesId.wrap(1);

    MockProtocol internal protocol;
    VaultShareLossTrigger internal trigger;
    bytes32 internal terms;
    uint256 internal mark;

    function setUp() public virtual {
        vm.warp(START - 1 hours);
        protocol = new MockProtocol();
        trigger = new VaultShareLossTrigger();
        setPrice(PRICE);
        terms = trigger.defineTerms(definition());
        trigger.prepare(terms);
        vm.warp(START);
        mark = trigger.checkpoint(terms, VAULT, SERIES);
    }

    function definition() internal view returns (VaultShareLossTrigger.Definition memory) {
        return VaultShareLossTrigger.Definition({vault: address(protocol), shares: SHARES, deductible: DEDUCTIBLE});
    }

    function setPrice(uint256 price) internal {
        protocol.setAnswer(abi.encodeCall(IERC4626.convertToAssets, (SHARES)), abi.encode(price));
    }

    function observeAt(uint256 time) internal returns (uint256 confirmed, uint256 eventAt) {
        vm.warp(time);
        return trigger.observe(terms, mark);
    }

    /// @dev Three observations five minutes apart, the first at `time`.
    function confirmFrom(uint256 time) internal {
        observeAt(time);
        observeAt(time + 5 minutes);
        observeAt(time + 10 minutes);
    }

    function assertConfirmed(uint256 payout, uint256 eventAt) internal view {
        Streaks.State memory streak = trigger.streakOf(terms, mark);
        Fuzz.assertEqual(streak.payout, payout, "confirmed");
        Fuzz.assertEqual(streak.eventAt, eventAt, "event at");
    }

    function assertAnswer(uint256 payout, uint256 at) internal view {
        (uint256 payoutPerUnit, uint256 eventAt, ) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(eventAt, at, "event at");
    }

    function assertUndecided() internal {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function unreadable() internal view returns (bytes memory) {
        return abi.encodeWithSelector(ITrigger.Trigger_Unreadable.selector, terms);
    }

    function invalidTerms(bytes32 unknown) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrigger.Trigger_InvalidTerms.selector, unknown);
    }

    function markNotPast(uint256 which) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IObservedTrigger.Trigger_MarkNotPast.selector, which);
    }

    function notPrepared(uint256 from, uint256 until) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ForeignTrigger.ForeignTrigger_NotPrepared.selector, terms, from, until);
    }
}
