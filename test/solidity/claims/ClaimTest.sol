// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {IClaimVerifier, Incident} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {MockTrigger} from "../../../contracts/mocks/MockTrigger.sol";
import {IncidentStatus} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @dev One verifier with a bond of 100 tokens and a lapse fee of 7, and a series of one trigger, whose vault is this test.
abstract contract ClaimTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant BOND = 100e6;
    uint256 internal constant LAPSE_FEE = 7e6;
    uint256 internal constant FUNDS = 1_000e6;
    uint128 internal constant LIMIT = 50e18;
    uint40 internal constant TERM = 28 days;
    uint40 internal constant REPORTING = 7 days;
    uint40 internal constant ENDS_AT = uint40(START) + TERM;
    uint40 internal constant REPORTS_UNTIL = ENDS_AT + REPORTING;
    bytes32 internal constant TERMS = "terms";

    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant FEE_RECIPIENT = address(0xFEE);
    address internal constant OTHER_VAULT = address(0xBEEF);
    SeriesId internal constant SERIES = SeriesId.wrap(1);
    SeriesId internal constant OTHER_SERIES = SeriesId.wrap(2);

    ClaimVerifier internal verifier;
    HostileToken internal token;
    MockTrigger internal trigger;
    address internal vault;

    function setUp() public virtual {
        vm.warp(START);
        vault = address(this);
        token = new HostileToken(6);
        trigger = new MockTrigger();
        // What there was before the series: it must not count.
        trigger.setFact(TERMS, 1_000e18, START - 1 days, 5);
        verifier = new ClaimVerifier(address(token), BOND, LAPSE_FEE, FEE_RECIPIENT);
        register(SERIES);
        provide(ALICE);
        provide(BOB);
    }

    function provide(address opener) internal {
        token.mint(opener, FUNDS);
        vm.prank(opener);
        token.approve(address(verifier), type(uint256).max);
    }

    function register(SeriesId series) internal {
        verifier.registerSeries(series, address(trigger), TERMS, LIMIT, ENDS_AT, REPORTS_UNTIL);
    }

    function registerElsewhere(SeriesId series) internal {
        vm.prank(OTHER_VAULT);
        register(series);
    }

    /// @dev The trigger shows that much since the series began, with its last event at that time.
    function show(uint256 payoutPerUnit, uint256 eventAt) internal {
        show(payoutPerUnit, eventAt, 6);
    }

    function show(uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) internal {
        trigger.setFact(TERMS, 1_000e18 + payoutPerUnit, eventAt, evidence);
    }

    function openAs(address opener) internal returns (uint32) {
        vm.prank(opener);
        return verifier.open(vault, SERIES);
    }

    /// @dev An event of that size a day after the start, opened by Alice an hour later.
    function openAfterEvent(uint256 payoutPerUnit) internal {
        show(payoutPerUnit, START + 1 days);
        vm.warp(START + 1 days + 1 hours);
        openAs(ALICE);
    }

    function confirmed() internal view returns (uint256 amount) {
        (, amount, ) = verifier.outcome(vault, SERIES);
    }

    function incident() internal view returns (Incident memory) {
        return verifier.incidentOf(vault, SERIES);
    }

    function assertOutcome(bool isOpen, uint256 confirmed_, uint256 transitions) internal view {
        (bool isOpenNow, uint256 confirmedNow, uint32 transitionsNow) = verifier.outcome(vault, SERIES);
        Fuzz.assertTrue(isOpenNow == isOpen, "is open");
        Fuzz.assertEqual(confirmedNow, confirmed_, "confirmed");
        Fuzz.assertEqual(transitionsNow, transitions, "transitions");
    }

    function assertStatus(IncidentStatus status, uint256 key) internal view {
        Fuzz.assertEqual(uint256(incident().status), uint256(status), "status");
        Fuzz.assertEqual(incident().key, key, "key");
    }

    function assertBalances(uint256 alice, uint256 recipient, uint256 held) internal view {
        Fuzz.assertEqual(token.balanceOf(ALICE), alice, "Alice's tokens");
        Fuzz.assertEqual(token.balanceOf(FEE_RECIPIENT), recipient, "the recipient's tokens");
        Fuzz.assertEqual(token.balanceOf(address(verifier)), held, "tokens held");
    }

    function notDecided() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotDecided.selector, address(trigger));
    }

    function nothingHappened(
        uint256 payoutPerUnit,
        uint256 confirmed_,
        uint256 eventAt
    ) internal pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IClaimVerifier.ClaimVerifier_NothingHappened.selector,
                payoutPerUnit,
                confirmed_,
                eventAt
            );
    }

    function notReportable(uint256 from, uint256 until) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NotReportable.selector, from, until);
    }

    function noOpenIncident() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NoOpenIncident.selector, vault, SERIES);
    }

    function tooEarly(uint256 lapsesAt) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_TooEarly.selector, lapsesAt);
    }

    function unexpected(uint256 expected, uint256 received) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_UnexpectedTransfer.selector, expected, received);
    }

    function nothingToWithdraw(address opener) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_NothingToWithdraw.selector, opener);
    }

    function unknownSeries(address vault_, SeriesId series) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IClaimVerifier.ClaimVerifier_UnknownSeries.selector, vault_, series);
    }
}
