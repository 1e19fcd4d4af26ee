// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {BPS_ONE} from "../types/Constants.sol";
import {Conversion} from "./Conversion.sol";

/// @title The signed account with the fund, and trading fees
/// @notice Penalties and draws meet in one signed account; tokens follow here and only here (FND-11).
abstract contract Settlement is Conversion {
    using SafeCast for uint256;
    using SafeCast for int256;

    function settle(uint256 received) external nonReentrant onlyLinked(_links.fund) returns (uint256 sent) {
        int256 balance = int256(_fundAccount.balance) + received.toInt256();
        if (balance > 0) {
            uint256 native = TokenUnits.toNativeDown(uint256(balance), SETTLEMENT_DECIMALS);
            uint256 before = _tokenBalance();
            native = WadMath.min(native, _tokensHeld());
            // A token that refuses changes nothing: the debt stays booked and can be settled later.
            if (native != 0 && GuardedCall.trySafeTransfer(SETTLEMENT_TOKEN, _links.fund, native)) {
                _requireLeft(SETTLEMENT_TOKEN, before, native);
                sent = TokenUnits.toWad(native, SETTLEMENT_DECIMALS);
                balance -= sent.toInt256();
            }
        }
        _fundAccount.balance = balance.toInt128();
        emit Settled(received, sent, balance);
    }

    function collectFees() external nonReentrant returns (uint256 paid) {
        uint256 fees = _repayFromFees(_totals.fees);
        uint256 share = WadMath.mulDivUp(fees, FUND_FEE_SHARE_BPS, BPS_ONE);
        paid = WadMath.min(TokenUnits.toNativeDown(fees - share, SETTLEMENT_DECIMALS), _tokensHeld());
        uint256 paidWad = TokenUnits.toWad(paid, SETTLEMENT_DECIMALS);
        // What does not make a whole unit of the token, or waits for tokens, stays; the fund's share is taken of what is paid.
        uint256 fundPart = WadMath.mulDivDown(paidWad, FUND_FEE_SHARE_BPS, BPS_ONE - FUND_FEE_SHARE_BPS);
        _totals.fees = (fees - paidWad - fundPart).toUint128();
        if (fundPart != 0) _creditFund(fundPart);
        if (paid != 0) _pay(SETTLEMENT_TOKEN, FEE_RECIPIENT, paid);
        emit FeesCollected(FEE_RECIPIENT, paid);
    }

    /// @dev Fees are the house's own: while a loss is unallocated they repay it before anyone is paid (R3).
    function _repayFromFees(uint256 fees) private returns (uint256) {
        uint96 missing = _fundAccount.unallocated;
        if (missing == 0) return fees;
        uint256 repaid = WadMath.min(fees, missing);
        _fundAccount.unallocated = missing - uint96(repaid); // Not above `missing`.
        return fees - repaid;
    }
}
