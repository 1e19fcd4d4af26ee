// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {AttestedDefinition, IAttestedTrigger, Quorum} from "../../interfaces/IAttestedTrigger.sol";
import {ICapitalLayer} from "../../interfaces/ICapitalLayer.sol";
import {GuardedCall} from "../../libraries/GuardedCall.sol";
import {TokenUnits} from "../../libraries/TokenUnits.sol";
import {WadMath} from "../../libraries/WadMath.sol";
import {Quorums} from "./Quorums.sol";

/// @title Terms of attested triggers, and the stakes behind them (CLM-05)
/// @notice Each attestor of a first quorum puts down the same stake for each definition, so the stakes of the smallest quorum are threshold *
/// stake, and no loop is needed to know them. Stakes are locked while a series that names the terms can be claimed for.
/// @dev Warning: the token must not rebase, nor take more from the sender than it moves: all stakes and bonds lie in one balance.
abstract contract Stakes is IAttestedTrigger, ReentrancyGuardTransient {
    using Quorums for Quorum;

    /// @param staked attestors of the first quorum whose stake is here
    /// @param isRetired no series begins any more
    /// @param lockedUntil last second in which anything can be claimed on these terms
    /// @param claimed mark of the series whose claim is undecided; 0 when there is none
    struct Backing {
        uint8 staked;
        bool isRetired;
        uint40 lockedUntil;
        uint256 claimed;
    }

    uint8 private constant MAX_DECIMALS = 18;

    address internal immutable TOKEN;
    uint8 internal immutable DECIMALS;

    mapping(bytes32 terms => AttestedDefinition) internal _definitions;
    mapping(bytes32 terms => Backing) internal _backings;
    /// @notice What an attestor has put down for terms and not lost, in the token's decimals.
    mapping(bytes32 terms => mapping(address attestor => uint256)) public stakeOf;
    /// @notice What waits for `withdraw`, in the token's decimals.
    mapping(address owner => uint256) public creditOf;

    constructor(address token) {
        (bool answers, uint8 decimals) = TokenUnits.tryDecimals(token);
        if (!answers || decimals > MAX_DECIMALS) revert AttestedTrigger_InvalidToken(token);
        (TOKEN, DECIMALS) = (token, decimals);
    }

    /// @inheritdoc IAttestedTrigger
    function defineTerms(AttestedDefinition calldata definition) external nonReentrant returns (bytes32 terms) {
        // Check
        terms = keccak256(abi.encode(definition));
        if (_definitions[terms].vault != address(0)) return terms;
        if (
            definition.vault.code.length == 0 ||
            !Quorums.isValid(definition.first) ||
            !Quorums.isValid(definition.second) ||
            !Quorums.areDisjoint(definition.first, definition.second) ||
            definition.stake == 0 ||
            definition.slashRecipient == address(0) ||
            ICapitalLayer(definition.vault).settlementToken() != TOKEN
        ) {
            revert AttestedTrigger_InvalidDefinition(terms);
        }

        // Effect
        _definitions[terms] = definition;
        emit TermsDefined(terms, abi.encode(definition));
    }

    /// @inheritdoc IAttestedTrigger
    function stake(bytes32 terms) external nonReentrant {
        // Check
        uint256 amount = _requireAttestor(terms).stake;
        if (_backings[terms].isRetired) revert AttestedTrigger_IsRetired(terms);
        if (stakeOf[terms][msg.sender] != 0) revert AttestedTrigger_AlreadyStaked(terms, msg.sender);

        // Effect
        stakeOf[terms][msg.sender] = amount;
        ++_backings[terms].staked;
        emit Staked(terms, msg.sender, amount);

        // Interaction
        _take(amount);
    }

    /// @inheritdoc IAttestedTrigger
    function retire(bytes32 terms) external nonReentrant {
        _requireAttestor(terms);
        if (_backings[terms].isRetired) revert AttestedTrigger_IsRetired(terms);
        _backings[terms].isRetired = true;
        emit Retired(terms, msg.sender);
    }

    /// @inheritdoc IAttestedTrigger
    function unstake(bytes32 terms) external nonReentrant {
        // Check
        Backing storage backing = _backings[terms];
        uint256 amount = stakeOf[terms][msg.sender];
        if (amount == 0) revert AttestedTrigger_NothingStaked(terms, msg.sender);
        bool isLocked = !backing.isRetired || block.timestamp <= backing.lockedUntil || backing.claimed != 0;
        if (isLocked) revert AttestedTrigger_StakeLocked(terms, backing.lockedUntil);

        // Effect
        delete stakeOf[terms][msg.sender];
        --backing.staked;
        creditOf[msg.sender] += amount;
        emit Unstaked(terms, msg.sender, amount);
    }

    /// @inheritdoc IAttestedTrigger
    function withdraw() external nonReentrant returns (uint256 amount) {
        // Check
        amount = creditOf[msg.sender];
        if (amount == 0) revert AttestedTrigger_NothingToWithdraw(msg.sender);

        // Effect
        delete creditOf[msg.sender];

        // Interaction
        (bool readable, uint256 balance) = GuardedCall.balanceOf(TOKEN, address(this));
        bool delivered = readable && GuardedCall.trySafeTransfer(TOKEN, msg.sender, amount);
        (, uint256 rest) = GuardedCall.balanceOf(TOKEN, address(this));
        uint256 sent = delivered && balance > rest ? balance - rest : 0;
        if (sent != amount) revert AttestedTrigger_UnexpectedTransfer(amount, sent);
    }

    /// @inheritdoc IAttestedTrigger
    function stakeBehind(bytes32 terms) external view returns (uint256) {
        return _stakeBehind(terms);
    }

    /// @inheritdoc IAttestedTrigger
    function definitionOf(bytes32 terms) external view returns (AttestedDefinition memory) {
        return _definitions[terms];
    }

    function _stakeBehind(bytes32 terms) internal view returns (uint256) {
        AttestedDefinition storage definition = _definitions[terms];
        if (_backings[terms].staked < definition.first.attestors.length) return 0;
        return TokenUnits.toWad(uint256(definition.stake) * definition.first.threshold, DECIMALS);
    }

    function _requireStakes(bytes32 terms) internal view {
        uint256 attestors = _definitions[terms].first.attestors.length;
        uint256 staked = _backings[terms].staked;
        if (staked < attestors) revert AttestedTrigger_StakeMissing(terms, staked, attestors);
    }

    /// @dev Whole stakes, of everybody who signed: in sum at least what would have been paid.
    function _slash(bytes32 terms, uint256 signers) internal {
        AttestedDefinition storage definition = _definitions[terms];
        for (uint256 i = 0; i < definition.first.attestors.length; ++i) {
            address attestor = definition.first.attestors[i];
            uint256 amount = stakeOf[terms][attestor];
            if (signers & (1 << i) == 0 || amount == 0) continue;
            delete stakeOf[terms][attestor];
            --_backings[terms].staked;
            creditOf[definition.slashRecipient] += amount;
            emit Slashed(terms, attestor, amount);
        }
    }

    /// @dev Takes tokens from the caller. Only what arrived counts.
    function _take(uint256 amount) internal {
        (bool readable, uint256 balance) = GuardedCall.balanceOf(TOKEN, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(TOKEN, msg.sender, address(this), amount);
        (, uint256 current) = GuardedCall.balanceOf(TOKEN, address(this));
        uint256 received = delivered && current > balance ? current - balance : 0;
        if (received != amount) revert AttestedTrigger_UnexpectedTransfer(amount, received);
    }

    /// @dev 5% of what would be paid, in the token's decimals, rounded up.
    function _bondUp(uint256 payout) internal view returns (uint256) {
        return TokenUnits.toNativeUp(WadMath.mulWadUp(payout, 0.05e18), DECIMALS);
    }

    function _requireAttestor(bytes32 terms) private view returns (AttestedDefinition storage definition) {
        definition = _definitions[terms];
        if (definition.first.indexOf(msg.sender) == definition.first.attestors.length) {
            revert AttestedTrigger_NotAttestor(terms, msg.sender);
        }
    }
}
