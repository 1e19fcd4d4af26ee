// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {
    Attestation,
    AttestedClaim,
    AttestedDefinition,
    ClaimStatus,
    IAttestedTrigger,
    Quorum
} from "../../interfaces/IAttestedTrigger.sol";
import {IClaimVerifier, Incident, Subject} from "../../interfaces/IClaimVerifier.sol";
import {ICoverageVault} from "../../interfaces/ICoverageVault.sol";
import {ITrigger} from "../../interfaces/ITrigger.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {Series} from "../../types/Coverage.sol";
import {SeriesId} from "../../types/Identifiers.sol";
import {Quorums} from "../attested/Quorums.sol";
import {Stakes} from "../attested/Stakes.sol";

/// @title Pays for what no contract can see, on the word of two quorums (CLM-05)
/// @notice A claim is attested, stands open to challenge for one to three days, and is decided within three more: within the week in which a
/// series can still be reported after its end. What is decided stays; the verifier takes it as any other fact.
/// @dev The second quorum's word is the last one and has no stake: it can deny a true claim, and it can uphold a false one that the first has
/// made. Whoever corrupts both pays nothing here. It is named when the terms are defined, shares nobody with the first, and is asked only
/// when somebody has put up a bond.
contract AttestedTrigger is Stakes, EIP712 {
    using Quorums for Quorum;

    /// @param payout what is decided, WAD; only grows
    struct Decision {
        uint128 payout;
        uint40 eventAt;
        bytes32 evidence;
    }

    /// @notice Least time in which a claim can be challenged; the whole of its stake adds CHALLENGE_GROWTH.
    uint256 public constant CHALLENGE_BASE = 1 days;
    uint256 public constant CHALLENGE_GROWTH = 2 days;
    /// @notice In which the second quorum decides.
    uint256 public constant RULING_TIME = 3 days;

    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "Attestation(bytes32 terms,address vault,uint64 series,uint32 incident,uint32 round,"
        "uint128 payoutPerUnit,uint40 eventAt,bytes32 evidence,uint40 deadline)"
    );
    bytes32 private constant RULING_TYPE = keccak256("Ruling(bytes32 claim,bool isUpheld,uint40 deadline)");

    IClaimVerifier private immutable VERIFIER;

    mapping(uint256 mark => bytes32) private _termsOf;
    mapping(uint256 mark => AttestedClaim) private _claims;
    mapping(uint256 mark => uint32) private _rounds;
    mapping(uint256 mark => Decision) private _decisions;
    mapping(uint256 mark => SeriesId) private _seriesOf;

    constructor(IClaimVerifier verifier_, address token) Stakes(token) EIP712("Bulwark AttestedTrigger", "1") {
        if (address(verifier_).code.length == 0) revert AttestedTrigger_InvalidVerifier(address(verifier_));
        VERIFIER = verifier_;
    }

    /* WHAT THE VERIFIER ASKS */

    /// @inheritdoc ITrigger
    /// @dev The mark names the series, so that nothing that is attested for one says anything about another (CLM-08).
    function checkpoint(bytes32 terms, address vault, SeriesId series) external view returns (uint256 mark) {
        address named = _definitions[terms].vault;
        if (named == address(0) || named != vault) revert Trigger_InvalidTerms(terms);
        if (_backings[terms].isRetired) revert AttestedTrigger_IsRetired(terms);
        _requireStakes(terms);
        return markOf(vault, series);
    }

    /// @inheritdoc ITrigger
    /// @dev Undecided, so that nothing is sold: until the series is bound, while a claim stands, and while more is insured than staked.
    function evaluate(
        bytes32 terms,
        uint256 mark
    ) external view returns (uint256 payoutPerUnit, uint256 eventAt, uint256 evidence) {
        Decision memory decision = _decisions[mark];
        if (decision.payout != 0) return (decision.payout, decision.eventAt, uint256(decision.evidence));
        if (
            _termsOf[mark] != terms ||
            terms == 0 ||
            _claims[mark].status != ClaimStatus.None ||
            _payoutUp(terms, _seriesOf[mark], type(uint128).max) > _stakeBehind(terms)
        ) {
            revert Trigger_Undecided(terms);
        }
        return (0, 0, 0);
    }

    /// @inheritdoc ITrigger
    /// @dev None: what no contract can see.
    function tokenOf(bytes32) external pure returns (address) {
        return address(0);
    }

    /* CLAIMS */

    /// @inheritdoc IAttestedTrigger
    function bind(address vault, SeriesId series) external nonReentrant returns (uint256 mark) {
        // Check
        Subject memory subject = VERIFIER.subjectOf(vault, series);
        bytes32 terms = subject.terms;
        mark = markOf(vault, series);
        bool isOurs = subject.trigger == address(this) && subject.mark == mark;
        if (!isOurs || _termsOf[mark] != 0) revert AttestedTrigger_WrongSubject(terms, vault, series);
        if (_backings[terms].isRetired) revert AttestedTrigger_IsRetired(terms);
        _requireStakes(terms);

        // Effect
        (_termsOf[mark], _seriesOf[mark]) = (terms, series);
        if (subject.reportsUntil > _backings[terms].lockedUntil) _backings[terms].lockedUntil = subject.reportsUntil;
        emit Bound(terms, vault, series, _backings[terms].lockedUntil);
    }

    /// @inheritdoc IAttestedTrigger
    function attest(
        Attestation calldata attestation,
        uint256 signers,
        bytes[] calldata signatures
    ) external nonReentrant returns (uint256 mark) {
        // Check
        bytes32 terms = attestation.terms;
        mark = markOf(attestation.vault, attestation.series);
        if (_termsOf[mark] == 0) revert AttestedTrigger_NotBound(mark);
        if (_termsOf[mark] != terms) {
            revert AttestedTrigger_WrongSubject(terms, attestation.vault, attestation.series);
        }
        uint256 pending = _backings[terms].claimed;
        if (pending != 0) revert AttestedTrigger_ClaimUndecided(terms, pending);
        _requireStakes(terms);
        _requireTimely(attestation, mark);
        bytes32 digest = attestationDigest(attestation);
        _definitions[terms].first.requireSigned(digest, signers, signatures);
        uint256 payout = _payoutUp(terms, attestation.series, attestation.payoutPerUnit);
        uint256 staked = _stakeBehind(terms);
        if (payout > staked) revert AttestedTrigger_AboveStake(payout, staked);

        // Effect
        uint256 decidedAt = block.timestamp + CHALLENGE_BASE + WadMath.mulDivUp(CHALLENGE_GROWTH, payout, staked);
        uint256 bond = _bondUp(payout);
        ++_rounds[mark];
        _backings[terms].claimed = mark;
        _claims[mark] = AttestedClaim({
            status: ClaimStatus.Pending,
            decidedAt: uint40(decidedAt),
            signers: uint16(signers), // Fits: no bit beyond the last of 16 attestors.
            asserter: msg.sender,
            challenger: address(0),
            bond: uint128(bond),
            payoutPerUnit: attestation.payoutPerUnit,
            eventAt: attestation.eventAt,
            evidence: attestation.evidence,
            digest: digest
        });
        emit Attested(mark, attestation, signers, bond, decidedAt);

        // Interaction
        _take(bond);
    }

    /// @inheritdoc IAttestedTrigger
    function challenge(uint256 mark) external nonReentrant {
        // Check
        AttestedClaim storage claim = _withStatus(mark, ClaimStatus.Pending);
        if (block.timestamp >= claim.decidedAt) revert AttestedTrigger_TooLate(claim.decidedAt);

        // Effect
        uint256 decidedAt = block.timestamp + RULING_TIME;
        (claim.status, claim.challenger, claim.decidedAt) = (ClaimStatus.Challenged, msg.sender, uint40(decidedAt));
        emit Challenged(mark, msg.sender, decidedAt);

        // Interaction
        _take(claim.bond);
    }

    /// @inheritdoc IAttestedTrigger
    function rule(
        uint256 mark,
        bool isUpheld,
        uint40 deadline,
        uint256 signers,
        bytes[] calldata signatures
    ) external nonReentrant {
        // Check
        AttestedClaim memory claim = _withStatus(mark, ClaimStatus.Challenged);
        if (block.timestamp >= claim.decidedAt) revert AttestedTrigger_TooLate(claim.decidedAt);
        if (block.timestamp > deadline) revert AttestedTrigger_Expired(deadline);
        bytes32 terms = _termsOf[mark];
        bytes32 digest = rulingDigest(claim.digest, isUpheld, deadline);
        _definitions[terms].second.requireSigned(digest, signers, signatures);

        // Effect
        creditOf[isUpheld ? claim.asserter : claim.challenger] += 2 * uint256(claim.bond);
        if (!isUpheld) _slash(terms, claim.signers);
        _decide(mark, claim, isUpheld, false);
    }

    /// @inheritdoc IAttestedTrigger
    function finish(uint256 mark) external nonReentrant {
        // Check
        AttestedClaim memory claim = _claims[mark];
        if (claim.status == ClaimStatus.None) revert AttestedTrigger_NoClaim(mark, claim.status);
        if (block.timestamp < claim.decidedAt) revert AttestedTrigger_TooEarly(claim.decidedAt);

        // Effect
        bool isLapsed = claim.status == ClaimStatus.Challenged;
        creditOf[claim.asserter] += claim.bond;
        if (isLapsed) creditOf[claim.challenger] += claim.bond;
        _decide(mark, claim, !isLapsed, isLapsed);
    }

    /* READERS */

    /// @inheritdoc IAttestedTrigger
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        // A struct of value types is encoded like its members in a row.
        return _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPE, attestation)));
    }

    /// @inheritdoc IAttestedTrigger
    function rulingDigest(bytes32 claim, bool isUpheld, uint40 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(RULING_TYPE, claim, isUpheld, deadline)));
    }

    /// @inheritdoc IAttestedTrigger
    function claimOf(uint256 mark) external view returns (AttestedClaim memory claim, uint32 rounds) {
        return (_claims[mark], _rounds[mark]);
    }

    /// @inheritdoc IAttestedTrigger
    function markOf(address vault, SeriesId series) public pure returns (uint256 mark) {
        return uint256(keccak256(abi.encode(vault, series)));
    }

    /* INTERNAL */

    function _decide(uint256 mark, AttestedClaim memory claim, bool isPaid, bool isLapsed) private {
        delete _claims[mark];
        delete _backings[_termsOf[mark]].claimed;
        if (isPaid) {
            _decisions[mark] = Decision({
                payout: claim.payoutPerUnit,
                eventAt: claim.eventAt,
                evidence: claim.evidence
            });
        }
        emit ClaimDecided(mark, _rounds[mark], isPaid, isLapsed);
    }

    /// @dev The signatures are for this incident of this series, for this attempt, and for an event inside the cover's time.
    function _requireTimely(Attestation calldata attestation, uint256 mark) private view {
        if (block.timestamp > attestation.deadline) revert AttestedTrigger_Expired(attestation.deadline);
        Incident memory last = VERIFIER.incidentOf(attestation.vault, attestation.series);
        if (attestation.incident != last.key + 1) {
            revert AttestedTrigger_WrongIncident(attestation.incident, last.key + 1);
        }
        if (attestation.round != _rounds[mark] + 1) {
            revert AttestedTrigger_WrongRound(attestation.round, _rounds[mark] + 1);
        }
        Subject memory subject = VERIFIER.subjectOf(attestation.vault, attestation.series);
        uint256 until = WadMath.min(subject.endsAt, block.timestamp);
        if (attestation.eventAt <= subject.startsAt || attestation.eventAt > until) {
            revert AttestedTrigger_NotCovered(attestation.eventAt, subject.startsAt, until);
        }
        uint256 settled = _decisions[mark].payout;
        if (attestation.payoutPerUnit <= settled) {
            revert AttestedTrigger_NothingNew(attestation.payoutPerUnit, settled);
        }
    }

    /// @dev What a payout per unit comes to for all tokens of a series, those that still wait included, WAD.
    function _payoutUp(bytes32 terms, SeriesId series, uint256 payoutPerUnit) private view returns (uint256) {
        AttestedDefinition storage definition = _definitions[terms];
        Series memory sold = ICoverageVault(definition.vault).seriesOf(series);
        uint256 units = uint256(sold.supply) + sold.pending;
        return WadMath.mulWadUp(WadMath.min(payoutPerUnit, sold.limit), units);
    }

    function _withStatus(uint256 mark, ClaimStatus status) private view returns (AttestedClaim storage claim) {
        claim = _claims[mark];
        if (claim.status != status) revert AttestedTrigger_NoClaim(mark, claim.status);
    }
}
