// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IVenue} from "../interfaces/IVenue.sol";
import {GuardedCall} from "../libraries/GuardedCall.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";

/// @title A second venue, independent of the clearing house: a betting desk (FND-01)
/// @notice Shows all that the fund asks of a venue: who its engine and fund are, one signed account, and `settle`.
/// @dev Tests only. Its users trust its engine, which decides who wins; the fund need not.
contract MockVenue is IVenue {
    address public immutable settlementToken;
    address public immutable engine;
    address public immutable fund;
    uint8 private immutable _decimals;

    /// @inheritdoc IVenue
    int256 public fundAccount;
    /// @notice What the desk owes each user, and all of them, WAD.
    mapping(address user => uint256) public claimOf;
    uint256 public totalClaims;

    error MockVenue_NotAllowed(address caller, address expected);
    error MockVenue_TransferFailed(address to, uint256 amount);

    constructor(address token, address engine_, address fund_) {
        settlementToken = token;
        engine = engine_;
        fund = fund_;
        _decimals = IERC20Metadata(token).decimals();
    }

    modifier onlyBy(address expected) {
        if (msg.sender != expected) revert MockVenue_NotAllowed(msg.sender, expected);
        _;
    }

    /// @notice Puts in tokens. `amount` in the token's own decimals, as in `withdraw`.
    function deposit(uint256 amount) external {
        if (!GuardedCall.trySafeTransferFrom(settlementToken, msg.sender, address(this), amount)) {
            revert MockVenue_TransferFailed(address(this), amount);
        }
        _credit(msg.sender, TokenUnits.toWad(amount, _decimals));
    }

    function withdraw(uint256 amount) external {
        _debit(msg.sender, TokenUnits.toWad(amount, _decimals));
        if (!GuardedCall.trySafeTransfer(settlementToken, msg.sender, amount)) {
            revert MockVenue_TransferFailed(msg.sender, amount);
        }
    }

    /// @notice The loser of a bet pays the winner, and a penalty to the fund.
    function decide(address loser, address winner, uint256 stake, uint256 penalty) external onlyBy(engine) {
        _debit(loser, stake + penalty);
        _credit(winner, stake);
        fundAccount += int256(penalty);
    }

    /// @notice The loser could not pay: the winner is credited at once with what the fund has booked (FND-11).
    function makeGood(address winner, uint256 drawn) external onlyBy(engine) {
        _credit(winner, drawn);
        fundAccount -= int256(drawn);
    }

    /// @inheritdoc IVenue
    function settle(uint256 received) external onlyBy(fund) returns (uint256 sent) {
        fundAccount += int256(received);
        if (fundAccount <= 0) return 0;
        uint256 amount = TokenUnits.toNativeDown(uint256(fundAccount), _decimals);
        if (amount == 0 || !GuardedCall.trySafeTransfer(settlementToken, fund, amount)) return 0;
        sent = TokenUnits.toWad(amount, _decimals);
        fundAccount -= int256(sent);
    }

    function _credit(address user, uint256 amount) private {
        claimOf[user] += amount;
        totalClaims += amount;
    }

    function _debit(address user, uint256 amount) private {
        claimOf[user] -= amount;
        totalClaims -= amount;
    }
}
