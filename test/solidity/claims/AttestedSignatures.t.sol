// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestedTrigger} from "../../../contracts/claims/triggers/AttestedTrigger.sol";
import {
    Attestation,
    AttestedClaim,
    AttestedDefinition,
    IAttestedTrigger
} from "../../../contracts/interfaces/IAttestedTrigger.sol";
import {GuardedCall} from "../../../contracts/libraries/GuardedCall.sol";
import {MockWallet} from "../../../contracts/mocks/MockWallet.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";
import {AttestedTest, keys} from "./AttestedTest.sol";

/// @dev CLM-08: a signature is for one attempt at one incident of one series, on one contract of one chain; each of them alone makes it fail.
contract AttestedSignaturesTest is AttestedTest {
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "Attestation(bytes32 terms,address vault,uint64 series,uint32 incident,uint32 round,"
        "uint128 payoutPerUnit,uint40 eventAt,bytes32 evidence,uint40 deadline)"
    );

    /// @dev Written out here once more, from the standard.
    function test_CLM08_TheDigestIsThatOfEIP712() public view {
        Attestation memory given = attestation();
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPE,
                keccak256("Bulwark AttestedTrigger"),
                keccak256("1"),
                block.chainid,
                address(trigger)
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                ATTESTATION_TYPE,
                given.terms,
                given.vault,
                given.series,
                given.incident,
                given.round,
                given.payoutPerUnit,
                given.eventAt,
                given.evidence,
                given.deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, content));
        Fuzz.assertTrue(trigger.attestationDigest(given) == digest, "attestation");
        bytes32 ruling = keccak256(
            abi.encode(keccak256("Ruling(bytes32 claim,bool isUpheld,uint40 deadline)"), digest, true, uint40(NOW))
        );
        digest = keccak256(abi.encodePacked(hex"1901", domain, ruling));
        Fuzz.assertTrue(trigger.rulingDigest(trigger.attestationDigest(given), true, uint40(NOW)) == digest, "ruling");
    }

    /// @dev What was signed is submitted with one field changed: the first attestor has not signed that.
    function test_CLM08_EveryFieldIsSigned() public {
        bytes[] memory signatures = _signatures(attestation());
        vm.warp(START);
        openSeries(OTHER_SERIES);
        trigger.bind(address(vault), OTHER_SERIES);
        vm.warp(NOW);
        Attestation memory given = attestation();
        given.payoutPerUnit += 1;
        _isUnsigned(given, signatures);
        given = attestation();
        given.eventAt += 1;
        _isUnsigned(given, signatures);
        given = attestation();
        given.evidence = keccak256("other evidence");
        _isUnsigned(given, signatures);
        given = attestation();
        given.deadline += 1;
        _isUnsigned(given, signatures);
        given = attestation();
        given.series = OTHER_SERIES;
        _isUnsigned(given, signatures);
        _submit(attestation(), signatures);
    }

    function test_CLM08_NotOnAnotherChainNorAFork() public {
        Attestation memory given = attestation();
        bytes[] memory signatures = _signatures(given);
        uint256 home = block.chainid;
        keys.chainId(home + 1);
        _isUnsigned(given, signatures);
        keys.chainId(home);
        _submit(given, signatures);
    }

    function test_CLM08_NotOnAnotherContract() public {
        Attestation memory given = attestation();
        AttestedTrigger twin = new AttestedTrigger(verifier, address(token));
        bytes[] memory foreign = signed(firstKeys, 0x7, twin.attestationDigest(given));
        _isUnsigned(given, foreign);
        _submit(given, _signatures(given));
    }

    function test_CLM08_NotForAnotherSeries() public {
        Attestation memory given = attestation();
        given.series = OTHER_SERIES;
        refuse(
            given,
            problem(IAttestedTrigger.AttestedTrigger_NotBound.selector, trigger.markOf(address(vault), OTHER_SERIES))
        );
        given = attestation();
        given.vault = address(0xBEEF);
        refuse(
            given,
            problem(IAttestedTrigger.AttestedTrigger_NotBound.selector, trigger.markOf(address(0xBEEF), SERIES))
        );
        given = attestation();
        given.terms = "other";
        refuse(
            given,
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_WrongSubject.selector,
                given.terms,
                address(vault),
                SERIES
            )
        );
    }

    function test_CLM08_NotForAnotherIncident() public {
        Attestation memory given = attestation();
        given.incident = 2;
        refuse(given, problem(IAttestedTrigger.AttestedTrigger_WrongIncident.selector, 2, 1));
        given.incident = 1;
        submit(given);
        vm.warp(DECIDED_AT);
        trigger.finish(mark);
        vm.prank(BOB);
        verifier.open(address(vault), SERIES);
        given.payoutPerUnit = 1.6e18;
        given.round = 2;
        given.deadline = uint40(DECIDED_AT);
        refuse(given, problem(IAttestedTrigger.AttestedTrigger_WrongIncident.selector, 1, 2));
    }

    /// @dev What has lapsed or was overturned cannot come again with the same signatures.
    function test_CLM08_NotInAnotherRound() public {
        Attestation memory given = attestation();
        given.deadline = uint40(NOW) + 30 days;
        bytes[] memory signatures = _signatures(given);
        _submit(given, signatures);
        challengeAs(BOB);
        vm.warp(NOW + 3 days);
        trigger.finish(mark);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_WrongRound.selector, 1, 2));
        _submit(given, signatures);
        given.round = 2;
        _isUnsigned(given, signatures);
        submit(given);
    }

    function test_CLM08_NotAfterItsDeadline() public {
        Attestation memory given = attestation();
        vm.warp(NOW + 1);
        refuse(given, problem(IAttestedTrigger.AttestedTrigger_Expired.selector, NOW));
        given.deadline = uint40(NOW) + 1;
        submit(given);
    }

    /// @dev Attestors are part of the terms: with other ones, or another threshold, it is other terms, and other signatures.
    function test_CLM08_NotForAnotherSetOfAttestors() public {
        AttestedDefinition memory changed = definition();
        changed.first.attestors = addressesOf(sorted(12, 4));
        bytes32 otherTerms = trigger.defineTerms(changed);
        Fuzz.assertTrue(otherTerms != terms, "other terms");
        Attestation memory given = attestation();
        bytes[] memory signatures = _signatures(given);
        given.terms = otherTerms;
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_WrongSubject.selector,
                otherTerms,
                address(vault),
                SERIES
            )
        );
        _submit(given, signatures);
    }

    function test_CLM05_FewerThanTheThresholdOrOneGroupIsNoQuorum() public {
        Attestation memory given = attestation();
        bytes32 digest = trigger.attestationDigest(given);
        bytes[] memory two = signed(firstKeys, 0x6, digest);
        vm.expectRevert(_missed(2, 2, 3));
        trigger.attest(given, 0x6, two);
        // A signature too many, and a bit too many.
        bytes[] memory three = signed(firstKeys, 0x7, digest);
        bytes[] memory four = new bytes[](4);
        (four[0], four[1], four[2], four[3]) = (three[0], three[1], three[2], three[0]);
        vm.expectRevert(_missed(3, 2, 3));
        trigger.attest(given, 0x7, four);
        vm.expectRevert(_missed(3, 2, 3));
        trigger.attest(given, 0x17, three);
        // A bit without signature.
        vm.expectRevert(_unsigned(firstKeys[3], digest));
        trigger.attest(given, 0xf, three);
        // All three of one group.
        AttestedDefinition memory narrow = definition();
        narrow.first.groups[2] = 1;
        terms = trigger.defineTerms(narrow);
        for (uint256 i = 0; i < 4; ++i) stakeAs(keys.addr(firstKeys[i]));
        openSeries(OTHER_SERIES);
        trigger.bind(address(vault), OTHER_SERIES);
        (given.terms, given.series, given.eventAt) = (terms, OTHER_SERIES, uint40(NOW) + 1);
        vm.warp(NOW + 1);
        given.deadline = uint40(NOW) + 1;
        refuse(given, _missed(3, 1, 3));
        bytes[] memory mixed = signed(firstKeys, 0xd, trigger.attestationDigest(given));
        vm.prank(ALICE);
        trigger.attest(given, 0xd, mixed);
    }

    function test_CLM05_NobodySignsForAnother() public {
        Attestation memory given = attestation();
        bytes32 digest = trigger.attestationDigest(given);
        bytes[] memory signatures = signed(firstKeys, 0x7, digest);
        // Twice the same.
        signatures[1] = signatures[0];
        vm.expectRevert(_unsigned(firstKeys[1], digest));
        trigger.attest(given, 0x7, signatures);
        // Malleable: the other s.
        signatures = signed(firstKeys, 0x7, digest);
        (uint8 v, bytes32 r, bytes32 s) = keys.sign(firstKeys[0], digest);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        signatures[0] = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(_unsigned(firstKeys[0], digest));
        trigger.attest(given, 0x7, signatures);
        signatures[0] = "";
        vm.expectRevert(_unsigned(firstKeys[0], digest));
        trigger.attest(given, 0x7, signatures);
    }

    function test_CLM08_ARulingIsForOneClaimAndOneOutcome() public {
        attest();
        challengeAs(BOB);
        (AttestedClaim memory claim, ) = trigger.claimOf(mark);
        uint40 deadline = uint40(NOW);
        bytes32 upheld = trigger.rulingDigest(claim.digest, true, deadline);
        bytes32 overturned = trigger.rulingDigest(claim.digest, false, deadline);
        bytes[] memory signatures = signed(secondKeys, 0x3, upheld);
        vm.expectRevert(_unsigned(secondKeys[0], overturned));
        trigger.rule(mark, false, deadline, 0x3, signatures);
        vm.expectRevert(_unsigned(secondKeys[0], trigger.rulingDigest(claim.digest, true, deadline + 1)));
        trigger.rule(mark, true, deadline + 1, 0x3, signatures);
        // The first quorum does not judge itself.
        bytes[] memory own = signed(firstKeys, 0x3, upheld);
        vm.expectRevert(_unsigned(secondKeys[0], upheld));
        trigger.rule(mark, true, deadline, 0x3, own);
        bytes[] memory one = signed(secondKeys, 0x1, upheld);
        vm.expectRevert(_missed(1, 1, 2));
        trigger.rule(mark, true, deadline, 0x1, one);
        // Two of one group.
        bytes[] memory same = signed(secondKeys, 0x6, upheld);
        vm.expectRevert(_missed(2, 1, 2));
        trigger.rule(mark, true, deadline, 0x6, same);
        vm.warp(NOW + 1);
        vm.expectRevert(problem(IAttestedTrigger.AttestedTrigger_Expired.selector, NOW));
        trigger.rule(mark, true, deadline, 0x3, signatures);
    }

    /// @dev CLM-08: contracts attest by ERC-1271, and none of their tricks counts or costs more than their gas.
    function test_CLM08_AContractAttests() public {
        address attestor = keys.addr(firstKeys[0]);
        keys.etch(attestor, address(new MockWallet()).code);
        MockWallet wallet = MockWallet(attestor);
        Attestation memory given = attestation();
        bytes32 digest = trigger.attestationDigest(given);
        bytes[] memory signatures = signed(firstKeys, 0x7, digest);
        signatures[0] = "by the wallet";
        vm.expectRevert(_unsigned(firstKeys[0], digest));
        trigger.attest(given, 0x7, signatures);
        wallet.approve(digest, "by the wallet");
        for (uint256 mode = 1; mode <= uint256(MockWallet.Mode.Invalid); ++mode) {
            wallet.setMode(MockWallet.Mode(mode));
            uint256 gasBefore = gasleft();
            vm.expectRevert(_unsigned(firstKeys[0], digest));
            trigger.attest(given, 0x7, signatures);
            Fuzz.assertBetween(gasBefore - gasleft(), 1, 700_000, "a bounded amount");
        }
        wallet.setMode(MockWallet.Mode.Honest);
        uint256 before = vm.snapshotState();
        _submit(given, signatures);
        vm.revertToState(before);
        // A key whose account has code still signs with the key (EIP-7702).
        _submit(given, signed(firstKeys, 0x7, digest));
    }

    /// @dev Whoever submits can make no wallet fail by giving it too little gas.
    function test_CLM06_AWalletCannotBeStarved() public {
        address attestor = keys.addr(firstKeys[0]);
        keys.etch(attestor, address(new MockWallet()).code);
        Attestation memory given = attestation();
        bytes[] memory signatures = _signatures(given);
        signatures[0] = "by the wallet";
        MockWallet(attestor).approve(trigger.attestationDigest(given), "by the wallet");
        bytes memory data = abi.encodeCall(IAttestedTrigger.attest, (given, 0x7, signatures));
        uint256 refused;
        for (uint256 gasGiven = 1_300_000; gasGiven > 200_000; gasGiven -= 19_973) {
            uint256 before = vm.snapshotState();
            vm.prank(ALICE);
            (bool success, bytes memory reason) = address(trigger).call{gas: gasGiven}(data);
            if (!success) {
                ++refused;
                Fuzz.assertTrue(bytes4(reason) == GuardedCall.GuardedCall_InsufficientGas.selector, "typed");
            }
            vm.revertToState(before);
        }
        Fuzz.assertBetween(refused, 5, 50, "both were seen");
    }

    function _signatures(Attestation memory given) private view returns (bytes[] memory) {
        return signed(firstKeys, 0x7, trigger.attestationDigest(given));
    }

    function _submit(Attestation memory given, bytes[] memory signatures) private {
        vm.prank(ALICE);
        trigger.attest(given, 0x7, signatures);
    }

    function _isUnsigned(Attestation memory given, bytes[] memory signatures) private {
        vm.expectRevert(_unsigned(firstKeys[0], trigger.attestationDigest(given)));
        trigger.attest(given, 0x7, signatures);
    }

    function _unsigned(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(IAttestedTrigger.AttestedTrigger_InvalidSignature.selector, keys.addr(key), digest);
    }

    function _missed(uint256 signatures, uint256 groups, uint256 threshold) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IAttestedTrigger.AttestedTrigger_QuorumMissed.selector,
                signatures,
                groups,
                threshold
            );
    }
}
