// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one holder has staked. Tokens 18 decimals; `due` in the settlement token's own decimals.
/// @param active earns surplus
/// @param waiting earns nothing yet
/// @param activeFrom from when what waits may be activated
/// @param due can be claimed now
struct StakeView {
    uint256 active;
    uint256 waiting;
    uint256 activeFrom;
    uint256 due;
}

/// @title Stakes of the token that votes, and the surplus of a segment's reserve (FND-07)
/// @notice Whoever holds the token is diluted when the reserve has been used up (RecapAuction), so he is paid when it holds far more than
/// it needs. Tokens earn nothing for their first 28 days here, so that a stake just before a payment gets nothing of it; they leave at
/// any time. What is staked does not vote.
///
/// Nothing is paid while less than a fiftieth of the token's supply is active: what nobody waits for stays in the reserve.
/// @dev Each payment is a step of an index; nobody is looped over. Index and payments are rounded down: less than one unit of the token's
/// smallest part stays here with each payment. Every function that changes state is locked.
interface ISurplusStake {
    /// @notice Emitted when tokens were staked; they wait until `activeFrom`, with what waited before.
    event Staked(address indexed holder, uint256 amount, uint256 activeFrom);
    /// @notice Emitted when what has waited begins to earn.
    event Activated(address indexed holder, uint256 amount);
    /// @notice Emitted when tokens left.
    event Unstaked(address indexed holder, uint256 amount);
    /// @notice Emitted when surplus arrived, in the settlement token's own decimals.
    event SurplusShared(uint256 amount, uint256 active);
    /// @notice Emitted when a holder took what was due.
    event SurplusClaimed(address indexed holder, address indexed receiver, uint256 amount);

    /// @notice Thrown at deployment when the house has no segment yet, or a contract no code.
    error SurplusStake_InvalidLink(address link);
    /// @notice Thrown when an amount is zero or above what there is.
    error SurplusStake_InvalidAmount(uint256 amount, uint256 most);
    /// @notice Thrown when nothing waits, or not for long enough.
    error SurplusStake_NotYet(address holder, uint256 activeFrom);
    /// @notice Thrown when fewer tokens are active than a payment needs.
    error SurplusStake_TooFewActive(uint256 active, uint256 least);
    /// @notice Thrown while the guardian has paused payments.
    error SurplusStake_Paused(uint256 until);
    /// @notice Thrown when a token moved something else than it was told.
    error SurplusStake_TransferFailed(address token);

    /// @notice Stakes tokens of the caller. What has waited long enough begins to earn first; what waits starts its 28 days anew.
    function stake(uint256 amount) external;

    /// @notice Lets a holder's tokens earn once they have waited for 28 days. Anyone may call.
    function activate(address holder) external;

    /// @notice Returns tokens at once: what waits first, then what earns.
    function unstake(uint256 amount) external;

    /// @notice Takes the surplus of the segment's reserve that is due, and shares it among active stakes. Anyone may call.
    /// @return amount in the settlement token's own decimals
    function share() external returns (uint256 amount);

    /// @notice Pays the caller what is due.
    function claim(address receiver) external returns (uint256 amount);

    /// @notice What a holder has.
    function stakeOf(address holder) external view returns (StakeView memory);

    /// @notice Tokens that earn, of all holders.
    function totalActive() external view returns (uint256);

    /// @notice Tokens that must be active for a payment.
    function leastActive() external view returns (uint256);
}
