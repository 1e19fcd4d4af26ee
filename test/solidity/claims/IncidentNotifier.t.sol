// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IncidentNotifier} from "../../../contracts/claims/IncidentNotifier.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IIncidentNotifier} from "../../../contracts/interfaces/IIncidentNotifier.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockSubscriber} from "../../../contracts/mocks/MockSubscriber.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTest} from "./ClaimTest.sol";

/// @dev CLM-07: who wants to hear of incidents hears of each status once, whoever calls; and nothing he does reaches a decision.
contract IncidentNotifierTest is ClaimTest {
    uint256 private constant EVENT = START + 1 days;

    IncidentNotifier private notifier;
    MockSubscriber private subscriber;

    function setUp() public override {
        super.setUp();
        notifier = new IncidentNotifier(verifier);
        subscriber = new MockSubscriber();
        _subscribe(SERIES);
    }

    function test_CLM07_ASubscriberHearsOfEachStatusOnce() public {
        _expectNothingToTell();
        openAfterEvent(20e18);
        Fuzz.assertTrue(notifier.isPending(vault, SERIES, address(subscriber)), "pending");
        vm.expectEmit(address(notifier));
        emit IIncidentNotifier.IncidentNotified(vault, SERIES, address(subscriber), 1, IncidentStatus.Open, true);
        vm.prank(BOB);
        Fuzz.assertTrue(_notify(), "delivered");
        _heard(1, IncidentStatus.Open, 20e18, EVENT, 1);
        _expectAlready(1, IncidentStatus.Open);

        show(31e18, EVENT + 10);
        verifier.resolve(vault, SERIES);
        _notify();
        _heard(1, IncidentStatus.Confirmed, 31e18, EVENT + 10, 2);
        _expectAlready(1, IncidentStatus.Confirmed);

        show(41e18, EVENT + 20);
        openAs(BOB);
        _notify();
        _heard(2, IncidentStatus.Open, 41e18, EVENT + 20, 3);
        show(31e18, EVENT + 20);
        verifier.resolve(vault, SERIES);
        _notify();
        _heard(2, IncidentStatus.Rejected, 41e18, EVENT + 20, 4);
        Fuzz.assertTrue(!notifier.isPending(vault, SERIES, address(subscriber)), "nothing pending");
    }

    function test_CLM07_NothingIsPendingBeforeAnIncidentNorForWhoHasNotAsked() public {
        Fuzz.assertTrue(!notifier.isPending(vault, SERIES, address(subscriber)), "nothing has happened");
        openAfterEvent(20e18);
        Fuzz.assertTrue(notifier.isPending(vault, SERIES, address(subscriber)), "who has asked");
        Fuzz.assertTrue(!notifier.isPending(vault, SERIES, BOB), "who has not");
    }

    /// @dev Who was not told of the opening is told of the end: what stands counts.
    function test_CLM07_WhatWasMissedIsNotMadeUpFor() public {
        openAfterEvent(20e18);
        verifier.resolve(vault, SERIES);
        _notify();
        _heard(1, IncidentStatus.Confirmed, 20e18, EVENT, 1);
    }

    function test_CLM07_ItIsRepeatedUntilItSucceeds() public {
        openAfterEvent(20e18);
        MockSubscriber.Mode[3] memory modes = [
            MockSubscriber.Mode.Reverts,
            MockSubscriber.Mode.BurnsGas,
            MockSubscriber.Mode.Bomb
        ];
        for (uint256 i = 0; i < modes.length; ++i) {
            subscriber.setMode(modes[i]);
            vm.expectEmit(address(notifier));
            emit IIncidentNotifier.IncidentNotified(vault, SERIES, address(subscriber), 1, IncidentStatus.Open, false);
            uint256 gasBefore = gasleft();
            Fuzz.assertTrue(!_notify(), "not delivered");
            Fuzz.assertBetween(gasBefore - gasleft(), 1, 560_000, "a bounded amount");
            Fuzz.assertTrue(notifier.isPending(vault, SERIES, address(subscriber)), "still pending");
        }
        subscriber.setMode(MockSubscriber.Mode.Honest);
        Fuzz.assertTrue(_notify(), "delivered");
        _heard(1, IncidentStatus.Open, 20e18, EVENT, 1);
    }

    /// @dev There is no gas with which a caller makes an honest subscriber fail: either it hears, or nothing happens.
    function test_CLM07_ASubscriberCannotBeStarved() public {
        openAfterEvent(20e18);
        bytes memory data = abi.encodeCall(IIncidentNotifier.notify, (vault, SERIES, address(subscriber)));
        uint256 refused;
        for (uint256 gasGiven = 900_000; gasGiven > 60_000; gasGiven -= 9_973) {
            uint256 before = vm.snapshotState();
            (bool success, bytes memory reason) = address(notifier).call{gas: gasGiven}(data);
            if (success) {
                Fuzz.assertEqual(subscriber.calls(), 1, "heard");
            } else {
                ++refused;
                Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
            }
            vm.revertToState(before);
        }
        Fuzz.assertBetween(refused, 10, 70, "both were seen");
    }

    /// @dev A subscriber can neither stop a decision nor change it: `resolve` does not know of him.
    function test_CLM07_ResolveCallsNoSubscriber() public {
        openAfterEvent(20e18);
        subscriber.setMode(MockSubscriber.Mode.Reverts);
        Fuzz.assertEqual(verifier.resolve(vault, SERIES), 20e18, "decided");
        Fuzz.assertEqual(subscriber.calls(), 0, "not called");
    }

    function test_CLM07_ASubscriberThatCallsBackChangesNothing() public {
        openAfterEvent(20e18);
        bytes[3] memory doors = [
            abi.encodeCall(IIncidentNotifier.notify, (vault, SERIES, address(subscriber))),
            abi.encodeCall(IIncidentNotifier.unsubscribe, (vault, SERIES)),
            abi.encodeCall(IIncidentNotifier.subscribe, (vault, OTHER_SERIES))
        ];
        for (uint256 i = 0; i < doors.length; ++i) {
            uint256 before = vm.snapshotState();
            subscriber.setReentry(address(notifier), doors[i]);
            Fuzz.assertTrue(_notify() && !subscriber.cameIn(), "locked out");
            Fuzz.assertEqual(subscriber.calls(), 1, "called once");
            vm.revertToState(before);
        }
        // But it may act on what it hears.
        subscriber.setReentry(address(trigger), abi.encodeCall(MockTrigger.setMode, (MockTrigger.Mode.Reverts)));
        Fuzz.assertTrue(_notify() && subscriber.cameIn(), "acted");
        (, uint32 key, IncidentStatus status) = notifier.toldOf(vault, SERIES, address(subscriber));
        Fuzz.assertTrue(key == 1 && status == IncidentStatus.Open, "told");
    }

    function test_CLM07_ASubscriberSpeaksForHimselfOnly() public {
        vm.expectRevert(_error(IIncidentNotifier.IncidentNotifier_NotSubscribed.selector, BOB));
        notifier.notify(vault, SERIES, BOB);
        vm.prank(BOB);
        notifier.subscribe(vault, SERIES);
        vm.prank(BOB);
        vm.expectRevert(_error(IIncidentNotifier.IncidentNotifier_AlreadySubscribed.selector, BOB));
        notifier.subscribe(vault, SERIES);
        vm.expectEmit(address(notifier));
        emit IIncidentNotifier.SubscriptionChanged(vault, SERIES, BOB, false);
        vm.prank(BOB);
        notifier.unsubscribe(vault, SERIES);
        vm.prank(BOB);
        vm.expectRevert(_error(IIncidentNotifier.IncidentNotifier_NotSubscribed.selector, BOB));
        notifier.unsubscribe(vault, SERIES);
        (bool isSubscribed, , ) = notifier.toldOf(vault, SERIES, address(subscriber));
        Fuzz.assertTrue(isSubscribed, "the other one is untouched");
    }

    /// @dev A code-less subscriber is a failure that anyone may repeat, not a success.
    function test_CLM07_NobodyAtHomeHasNotHeard() public {
        vm.prank(BOB);
        notifier.subscribe(vault, SERIES);
        openAfterEvent(20e18);
        Fuzz.assertTrue(!notifier.notify(vault, SERIES, BOB), "no code");
        Fuzz.assertTrue(notifier.isPending(vault, SERIES, BOB), "pending");
    }

    function test_CLM08_SeriesAreToldApart() public {
        register(OTHER_SERIES);
        openAfterEvent(20e18);
        vm.expectRevert(
            _error(IIncidentNotifier.IncidentNotifier_NotSubscribed.selector, address(subscriber), OTHER_SERIES)
        );
        notifier.notify(vault, OTHER_SERIES, address(subscriber));
        _subscribe(OTHER_SERIES);
        vm.expectRevert(
            abi.encodeWithSelector(IIncidentNotifier.IncidentNotifier_NothingToTell.selector, vault, OTHER_SERIES)
        );
        notifier.notify(vault, OTHER_SERIES, address(subscriber));
        SeriesId none = SeriesId.wrap(3);
        vm.expectRevert(unknownSeries(vault, none));
        notifier.subscribe(vault, none);
    }

    function test_CLM07_AVerifierWithoutCodeIsRefused() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIncidentNotifier.IncidentNotifier_InvalidVerifier.selector, address(0xdead))
        );
        new IncidentNotifier(IClaimVerifier(address(0xdead)));
        Fuzz.assertTrue(notifier.verifier() == address(verifier), "verifier");
    }

    function _notify() private returns (bool) {
        return notifier.notify(vault, SERIES, address(subscriber));
    }

    function _subscribe(SeriesId series) private {
        vm.expectEmit(address(notifier));
        emit IIncidentNotifier.SubscriptionChanged(vault, series, address(subscriber), true);
        subscriber.execute(address(notifier), abi.encodeCall(IIncidentNotifier.subscribe, (vault, series)));
    }

    function _heard(uint32 key, IncidentStatus status, uint256 payout, uint256 eventAt, uint256 calls) private view {
        MockSubscriber.News memory news = subscriber.lastNews();
        Fuzz.assertTrue(news.vault == vault && SeriesId.unwrap(news.series) == 1, "which");
        Fuzz.assertEqual(news.key, key, "key");
        Fuzz.assertEqual(uint256(news.status), uint256(status), "status");
        Fuzz.assertEqual(news.payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(news.eventAt, eventAt, "event at");
        Fuzz.assertEqual(subscriber.calls(), calls, "calls");
    }

    function _expectNothingToTell() private {
        vm.expectRevert(
            abi.encodeWithSelector(IIncidentNotifier.IncidentNotifier_NothingToTell.selector, vault, SERIES)
        );
        _notify();
    }

    function _expectAlready(uint32 key, IncidentStatus status) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IIncidentNotifier.IncidentNotifier_AlreadyNotified.selector,
                address(subscriber),
                key,
                status
            )
        );
        _notify();
    }

    function _error(bytes4 selector, address who) private view returns (bytes memory) {
        return _error(selector, who, SERIES);
    }

    function _error(bytes4 selector, address who, SeriesId series) private view returns (bytes memory) {
        return abi.encodeWithSelector(selector, vault, series, who);
    }
}
