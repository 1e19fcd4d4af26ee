// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @title Share of a vault's tranche: ERC-20 with ERC-4626 views and deposit, and exits in the manner of ERC-7540
/// @notice The controller of a request is always the owner of the shares, and each owner has one request.
interface ITrancheShare {
    /// @notice Emitted on a deposit (ERC-4626).
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// @notice Emitted when an exit was paid (ERC-4626). `shares` were burnt; 0 when the rest is withheld.
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );
    /// @notice Emitted when shares were queued for exit (ERC-7540). The request id is always 0.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );
    /// @notice Emitted when queued shares went back to their owner.
    event RedeemRequestEnded(address indexed owner, uint256 shares);
    /// @notice Emitted with the first shares after losses have taken the whole tranche: all shares of the epochs before died. And again when
    /// there are first shares after everybody has left.
    event EpochStarted(uint32 epoch);

    /// @notice Thrown when anyone but the vault calls.
    error TrancheShare_NotVault(address caller);
    /// @notice Thrown when an amount is zero or its shares are.
    error TrancheShare_ZeroShares(uint256 assets);
    /// @notice Thrown when a deposit would mint fewer shares than the caller accepts.
    error TrancheShare_SharesBelowMinimum(uint256 shares, uint256 minShares);
    /// @notice Thrown when an exit would be paid less than the caller accepts.
    error TrancheShare_AssetsBelowMinimum(uint256 assets, uint256 minAssets);
    /// @notice Thrown when the token delivered something else than asked for.
    error TrancheShare_UnexpectedTransfer(uint256 expected, uint256 received);
    /// @notice Thrown when `withdraw`, `redeem`, `mint` or their previews are called: exits are by request and `claimExit`,
    /// deposits by assets.
    error TrancheShare_NotSupported();
    /// @notice Thrown when someone else than the owner uses a request.
    error TrancheShare_NotOwner(address caller, address owner);

    /// @notice Puts `assets` (token decimals) of the caller into the tranche (ERC-4626).
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice As above; reverts when fewer than `minShares` would be minted.
    function deposit(uint256 assets, address receiver, uint256 minShares) external returns (uint256 shares);

    /// @notice Queues shares of the caller for exit (ERC-7540). They go on bearing losses until they are burnt. A second request adds to the
    /// first and starts its cooldown anew. `controller` and `owner` must be the caller.
    /// @return requestId always 0
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Takes the caller's request back. Not once a part was paid.
    function cancelRedeemRequest() external returns (uint256 shares);

    /// @notice Pays the caller's request, inside its window, as far as it can be paid now. While incidents are open or capital is bound, a
    /// part is paid and the rest stays queued: call again. This stands for `redeem`, which cannot promise an amount of shares.
    /// @return assets paid, in the token's decimals
    function claimExit(address receiver) external returns (uint256 assets);

    /// @notice As above; reverts when less than `minAssets` would be paid. For whoever may meet a tranche in which a loss has outrun an
    /// advance: until all such advances are ended, an exit is paid by what is liquid only.
    function claimExit(address receiver, uint256 minAssets) external returns (uint256 assets);

    /// @notice Ends the request of `owner` when its window has passed, and returns its shares. Anyone may call.
    function expireRedeemRequest(address owner) external returns (uint256 shares);

    /// @notice Shares of a request in its cooldown (ERC-7540).
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Shares of a request in its window (ERC-7540). What they are paid may be withheld in part.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Says that shares of `owner` in the queue may be burnt: what he holds, and the supply, are kept for the intervals before (FND-10).
    /// Only the vault, before it changes his request.
    function keepHolding(address owner, uint32 epoch, uint32 interval) external;

    /// @notice Burns queued shares. Only the vault.
    function burnQueued(uint256 shares) external;

    /// @notice Counts shares that died in the queue as their owner's, so that what he bore with them stays his when the vault forgets his
    /// request. Only the vault.
    function returnDead(address owner, uint32 epoch, uint256 shares) external;

    /// @notice What `owner` bore, by his shares of this tranche and those in the queue, of what a segment drew within an interval (FND-10).
    /// WAD, rounded down: all owners together bear no more than the tranche. Who held shares at the interval's end bore it, whoever holds them
    /// since. Final once the interval is over; before, what the draws so far come to.
    function borneBy(SegmentId segment, uint32 interval, address owner) external view returns (uint256);
}
