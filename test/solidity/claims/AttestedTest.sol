// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClaimVerifier} from "../../../contracts/claims/ClaimVerifier.sol";
import {AttestedTrigger} from "../../../contracts/claims/triggers/AttestedTrigger.sol";
import {
    Attestation,
    AttestedClaim,
    AttestedDefinition,
    ClaimStatus,
    IAttestedTrigger,
    Quorum
} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {ITrigger} from "../../../contracts/interfaces/ITrigger.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Series} from "../../../contracts/types/Coverage.sol";
import {SeriesId} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

interface IVmKeys {
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function chainId(uint256 id) external;
    function etch(address target, bytes calldata code) external;
}

IVmKeys constant keys = IVmKeys(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev The part of a coverage vault that an attested trigger reads, with as many tokens sold as a test wants.
contract SellingVault {
    address public immutable settlementToken;
    IClaimVerifier private immutable VERIFIER;
    uint96 private _supply;
    uint96 private _pending;
    uint96 private _limit;

    constructor(address token, IClaimVerifier verifier) {
        settlementToken = token;
        VERIFIER = verifier;
    }

    function open(SeriesId series, address trigger, bytes32 terms, uint96 limit, uint40 endsAt) external {
        _limit = limit;
        VERIFIER.registerSeries(series, trigger, terms, limit, endsAt, endsAt + 7 days);
    }

    function sell(uint96 supply, uint96 pending) external {
        (_supply, _pending) = (supply, pending);
    }

    function seriesOf(SeriesId) external view returns (Series memory series) {
        series.supply = _supply;
        series.pending = _pending;
        series.limit = _limit;
        // A number that would be wrong as units.
        series.bound = type(uint96).max;
    }
}

/// @dev Three of four attest, each with a stake of 1,000; two of three decide challenges. A series of tokens with a limit of 2, of which 1,000
/// are sold: 2,000 insured, 3,000 staked by the smallest quorum.
abstract contract AttestedTest {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant EVENT = START + 1 days;
    uint256 internal constant NOW = START + 2 days;
    uint40 internal constant ENDS_AT = uint40(START) + 28 days;
    uint128 internal constant STAKE = 1_000e6;
    uint96 internal constant LIMIT = 2e18;
    uint96 internal constant UNITS = 1_000e18;
    uint128 internal constant PAYOUT = 1.5e18;
    /// @dev 5% of 1,500.
    uint256 internal constant BOND = 75e6;
    /// @dev Half of the stake of the smallest quorum: half of what the delay can grow by.
    uint256 internal constant DECIDED_AT = NOW + 1 days + 1 days;
    uint256 internal constant FUNDS = 10_000e6;
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant SLASH_RECIPIENT = address(0x51A54);
    SeriesId internal constant SERIES = SeriesId.wrap(1);
    SeriesId internal constant OTHER_SERIES = SeriesId.wrap(2);

    HostileToken internal token;
    ClaimVerifier internal verifier;
    AttestedTrigger internal trigger;
    SellingVault internal vault;
    bytes32 internal terms;
    uint256 internal mark;
    uint256[] internal firstKeys;
    uint256[] internal secondKeys;

    function setUp() public virtual {
        vm.warp(START);
        token = new HostileToken(6);
        verifier = new ClaimVerifier(address(token), 1e6, 0, address(0xFEE));
        trigger = new AttestedTrigger(verifier, address(token));
        vault = new SellingVault(address(token), verifier);
        firstKeys = sorted(11, 4);
        secondKeys = sorted(31, 3);
        terms = trigger.defineTerms(definition());
        for (uint256 i = 0; i < 4; ++i) stakeAs(keys.addr(firstKeys[i]));
        vault.sell(UNITS - 1e18, 1e18);
        openSeries(SERIES);
        mark = trigger.bind(address(vault), SERIES);
        fund(ALICE);
        fund(BOB);
        vm.warp(NOW);
    }

    function openSeries(SeriesId series) internal {
        vault.open(series, address(trigger), terms, LIMIT, ENDS_AT);
    }

    function fund(address who) internal {
        token.mint(who, FUNDS);
        vm.startPrank(who);
        token.approve(address(trigger), type(uint256).max);
        token.approve(address(verifier), type(uint256).max);
        vm.stopPrank();
    }

    function stakeAs(address attestor) internal {
        token.mint(attestor, STAKE);
        vm.startPrank(attestor);
        token.approve(address(trigger), STAKE);
        trigger.stake(terms);
        vm.stopPrank();
    }

    function definition() internal view returns (AttestedDefinition memory) {
        uint8[] memory groups = new uint8[](4);
        (groups[0], groups[1], groups[2], groups[3]) = (1, 1, 2, 3);
        uint8[] memory others = new uint8[](3);
        (others[0], others[1], others[2]) = (4, 5, 5);
        return
            AttestedDefinition({
                statement: keccak256("Somebody has emptied the bridge."),
                vault: address(vault),
                first: Quorum({attestors: addressesOf(firstKeys), groups: groups, threshold: 3}),
                second: Quorum({attestors: addressesOf(secondKeys), groups: others, threshold: 2}),
                stake: STAKE,
                slashRecipient: SLASH_RECIPIENT
            });
    }

    function attestation() internal view returns (Attestation memory) {
        return
            Attestation({
                terms: terms,
                vault: address(vault),
                series: SERIES,
                incident: 1,
                round: 1,
                payoutPerUnit: PAYOUT,
                eventAt: uint40(EVENT),
                evidence: EVIDENCE,
                deadline: uint40(NOW)
            });
    }

    /// @dev The first three attestors sign, Alice submits.
    function attest() internal returns (uint256) {
        return submit(attestation());
    }

    function submit(Attestation memory given) internal returns (uint256) {
        bytes[] memory signatures = signed(firstKeys, 0x7, trigger.attestationDigest(given));
        vm.prank(ALICE);
        return trigger.attest(given, 0x7, signatures);
    }

    function refuse(Attestation memory given, bytes memory reason) internal {
        bytes[] memory signatures = signed(firstKeys, 0x7, trigger.attestationDigest(given));
        vm.expectRevert(reason);
        vm.prank(ALICE);
        trigger.attest(given, 0x7, signatures);
    }

    function challengeAs(address who) internal {
        vm.prank(who);
        trigger.challenge(mark);
    }

    /// @dev The first two of the second quorum decide.
    function ruleOn(bool isUpheld) internal {
        (AttestedClaim memory claim, ) = trigger.claimOf(mark);
        uint40 deadline = uint40(block.timestamp);
        bytes32 digest = trigger.rulingDigest(claim.digest, isUpheld, deadline);
        trigger.rule(mark, isUpheld, deadline, 0x3, signed(secondKeys, 0x3, digest));
    }

    /// @dev Signatures of those keys whose bit is set.
    function signed(
        uint256[] memory of_,
        uint256 signers,
        bytes32 digest
    ) internal pure returns (bytes[] memory signatures) {
        uint256 count;
        for (uint256 bits = signers; bits != 0; bits &= bits - 1) ++count;
        signatures = new bytes[](count);
        uint256 next;
        for (uint256 i = 0; i < of_.length; ++i) {
            if (signers & (1 << i) != 0) signatures[next++] = signatureOf(of_[i], digest);
        }
    }

    function signatureOf(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = keys.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev `count` keys from `first` on, in the order of their addresses.
    function sorted(uint256 first, uint256 count) internal pure returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 place = i;
            for (; place > 0 && keys.addr(list[place - 1]) > keys.addr(first + i); --place) {
                list[place] = list[place - 1];
            }
            list[place] = first + i;
        }
    }

    function addressesOf(uint256[] memory list) internal pure returns (address[] memory addresses) {
        addresses = new address[](list.length);
        for (uint256 i = 0; i < list.length; ++i) addresses[i] = keys.addr(list[i]);
    }

    function assertAnswer(uint256 payout, uint256 eventAt) internal view {
        (uint256 payoutPerUnit, uint256 at, uint256 evidence) = trigger.evaluate(terms, mark);
        Fuzz.assertEqual(payoutPerUnit, payout, "payout");
        Fuzz.assertEqual(at, eventAt, "event at");
        Fuzz.assertTrue(evidence == (payout == 0 ? 0 : uint256(EVIDENCE)), "evidence");
    }

    function assertUndecided() internal {
        vm.expectRevert(abi.encodeWithSelector(ITrigger.Trigger_Undecided.selector, terms));
        trigger.evaluate(terms, mark);
    }

    function assertStatus(ClaimStatus status, uint256 rounds) internal view {
        (AttestedClaim memory claim, uint32 made) = trigger.claimOf(mark);
        Fuzz.assertEqual(uint256(claim.status), uint256(status), "status");
        Fuzz.assertEqual(made, rounds, "rounds");
    }

    function assertCredits(uint256 alice, uint256 bob, uint256 recipient) internal view {
        Fuzz.assertEqual(trigger.creditOf(ALICE), alice, "Alice's credit");
        Fuzz.assertEqual(trigger.creditOf(BOB), bob, "Bob's credit");
        Fuzz.assertEqual(trigger.creditOf(SLASH_RECIPIENT), recipient, "the recipient's credit");
    }

    function problem(bytes4 selector, uint256 a, uint256 b) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a, b);
    }

    function problem(bytes4 selector, uint256 a) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

    function noClaim(ClaimStatus status) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_NoClaim.selector, mark, status);
    }
}
