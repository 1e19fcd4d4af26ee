// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IClaimVerifier} from "../interfaces/IClaimVerifier.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";

/// @title Bonds of incidents (CLM-01)
/// @notice One token and one amount for all, set for ever. Nothing that the token or a receiver does stops an incident from being
/// closed: what could not be sent is credited, and waits for `withdrawBond`.
/// @dev Warning: the bond token must not rebase, nor take more from the sender than it moves: all bonds lie in one balance.
abstract contract Bonds is IClaimVerifier, ReentrancyGuardTransient {
    /// @notice Thrown when the verifier is deployed with a bond that cannot be taken, returned or forfeited.
    error ClaimVerifier_InvalidBond(address token, uint256 bond, uint256 lapseFee, address feeRecipient);

    address private immutable BOND_TOKEN;
    uint256 private immutable BOND;
    uint256 private immutable LAPSE_FEE;
    address private immutable FEE_RECIPIENT;

    /// @notice Bonds and fees that could not be sent to their owner, in the bond token's decimals.
    mapping(address owner => uint256) public creditOf;

    /// @param bondToken what bonds are paid in
    /// @param bond of every incident, in the token's decimals: makes it cost something to hold up a vault's exits
    /// @param lapseFee part of the bond that a lapse keeps
    /// @param feeRecipient gets the fees, and the bonds of rejected incidents
    constructor(address bondToken, uint256 bond, uint256 lapseFee, address feeRecipient) {
        if (bondToken.code.length == 0 || bond == 0 || lapseFee > bond || feeRecipient == address(0)) {
            revert ClaimVerifier_InvalidBond(bondToken, bond, lapseFee, feeRecipient);
        }
        BOND_TOKEN = bondToken;
        BOND = bond;
        LAPSE_FEE = lapseFee;
        FEE_RECIPIENT = feeRecipient;
    }

    /// @inheritdoc IClaimVerifier
    function withdrawBond() external nonReentrant returns (uint256 amount) {
        // Check
        amount = creditOf[msg.sender];
        if (amount == 0) revert ClaimVerifier_NothingToWithdraw(msg.sender);

        // Effect
        delete creditOf[msg.sender];

        // Interaction
        uint256 sent = _send(msg.sender, amount);
        if (sent != amount) revert ClaimVerifier_UnexpectedTransfer(amount, sent);
    }

    /// @inheritdoc IClaimVerifier
    function bondTerms() external view returns (address token, uint256 bond, uint256 lapseFee) {
        return (BOND_TOKEN, BOND, LAPSE_FEE);
    }

    /// @dev Takes a bond from the caller. Only what arrived counts.
    function _takeBond() internal {
        (bool readable, uint256 balance) = GuardedCall.balanceOf(BOND_TOKEN, address(this));
        bool delivered = readable && GuardedCall.trySafeTransferFrom(BOND_TOKEN, msg.sender, address(this), BOND);
        uint256 received;
        if (delivered) {
            (, uint256 current) = GuardedCall.balanceOf(BOND_TOKEN, address(this));
            received = current > balance ? current - balance : 0;
        }
        if (received != BOND) revert ClaimVerifier_UnexpectedTransfer(BOND, received);
    }

    function _returnBond(address opener) internal {
        _pay(opener, BOND);
    }

    function _returnBondLessFee(address opener) internal {
        _pay(opener, BOND - LAPSE_FEE);
        _pay(FEE_RECIPIENT, LAPSE_FEE);
    }

    function _forfeitBond() internal {
        _pay(FEE_RECIPIENT, BOND);
    }

    function _pay(address to, uint256 amount) private {
        uint256 sent = _send(to, amount);
        if (sent >= amount) return;
        creditOf[to] += amount - sent;
        emit BondCredited(to, amount - sent);
    }

    /// @dev Returns what has left, whatever the token says. When its balance cannot be read afterwards, its word has to do.
    function _send(address to, uint256 amount) private returns (uint256 sent) {
        if (amount == 0) return 0;
        (bool readable, uint256 balance) = GuardedCall.balanceOf(BOND_TOKEN, address(this));
        if (!readable) return 0;
        bool delivered = GuardedCall.trySafeTransfer(BOND_TOKEN, to, amount);
        (bool readableAfter, uint256 rest) = GuardedCall.balanceOf(BOND_TOKEN, address(this));
        if (!readableAfter) return delivered ? amount : 0;
        return balance > rest ? balance - rest : 0;
    }
}
