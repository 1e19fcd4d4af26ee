// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentId} from "../types/Identifiers.sol";

/// @title Yield desk: idle reserve of one segment in ERC-4626 vaults of others (FND-06)
/// @notice Takes reserve within the fund's own limits (IReserveInvestments), puts it into vaults that were announced
/// and have waited cooldown + window, and brings it back whenever anyone asks. Holds no tokens between calls: what it
/// has are shares of vaults. What a vault loses is lost to the reserve, and no more than was put in there; nothing of
/// what a vault does reaches `cover`, which counts the reserve only.
/// @dev Every call to a vault goes through GuardedCall with bounded gas; what a vault answers is believed in `valueOf`
/// only, within a cap. A deposit or a redemption is measured by the desk's own balance. Functions that change state
/// hold a lock.
///
/// Warning: a vault must not be listed whose share price somebody can push down within a transaction. `divest` is open
/// to everyone at any price, because whoever sees a vault fail must not have to wait.
interface IYieldDesk {
    /// @notice Emitted when a vault was announced.
    event VaultAnnounced(address indexed vault, uint256 activeFrom);
    /// @notice Emitted when a vault was removed: nothing more goes in, and what is there comes out as before.
    event VaultRemoved(address indexed vault);
    /// @notice Emitted when reserve went into a vault. `amount` in the token's own decimals, `shares` in the vault's.
    event Invested(address indexed vault, uint256 amount, uint256 shares);
    /// @notice Emitted when money came back from a vault, and with it what else the desk held.
    event Divested(address indexed vault, address indexed caller, uint256 shares, uint256 amount);
    /// @notice Emitted when a vault's share price was kept. Settlement tokens per share, 1e27.
    event Checkpointed(address indexed vault, uint256 previousPrice, uint256 price);

    /// @notice Thrown at deployment for a segment that does not exist or a fund without code.
    error YieldDesk_InvalidFund(address fund, SegmentId segment);
    /// @notice Thrown when what is announced has no code, is the settlement token, or says that it keeps another asset.
    error YieldDesk_InvalidVault(address vault);
    /// @notice Thrown when a vault is announced that is listed already.
    error YieldDesk_AlreadyListed(address vault, uint256 activeFrom);
    /// @notice Thrown when a vault is not listed, or not yet. `activeFrom` 0: never announced, or removed.
    error YieldDesk_NotListed(address vault, uint256 activeFrom);
    /// @notice Thrown when a vault was never listed.
    error YieldDesk_UnknownVault(address vault);
    /// @notice Thrown when a vault fails to take exactly what it is given, or to give shares for it.
    error YieldDesk_DepositFailed(address vault, uint256 amount);
    /// @notice Thrown when a vault says that the shares it gave are worth less than 99.9% of what it took. Token's own
    /// decimals.
    error YieldDesk_SharesBelowValue(address vault, uint256 value, uint256 least);
    /// @notice Thrown when a price cannot be kept: no shares are held, or the vault does not say what they are worth.
    error YieldDesk_NoPrice(address vault, uint256 shares);
    /// @notice Thrown when no shares are held or asked for.
    error YieldDesk_NoShares(address vault);
    /// @notice Thrown when a redemption fails or brings nothing: a vault that is frozen. Fewer shares may succeed.
    error YieldDesk_NothingReceived(address vault, uint256 shares);

    /// @notice Announces a vault; it may be used after cooldown + window (FND-09). Restricted.
    function announceVault(address vault) external;

    /// @notice Removes a vault at once. Restricted. Limit: stops no `divest`.
    function removeVault(address vault) external;

    /// @notice Puts reserve into a listed vault. Restricted. Limits: those of the fund; the vault must give shares that
    /// it values at 99.9% of the amount at least. Whatever fails, everything stays as it was.
    /// @param amount in the token's own decimals
    /// @return shares received
    function invest(address vault, uint256 amount) external returns (uint256 shares);

    /// @notice Redeems shares of a vault and gives what comes to the reserve. Anyone may call, at any time.
    /// @param shares to redeem; more than are held means all
    /// @return amount that came back, in the token's own decimals
    function divest(address vault, uint256 shares) external returns (uint256 amount);

    /// @notice Keeps the share price of a vault: what it says, but no more than the last one grown by 20% a year.
    /// Anyone may call.
    /// @return price settlement tokens per share, 1e27
    function checkpoint(address vault) external returns (uint256 price);

    /// @notice What the desk's shares of a vault count for: the lower of the last checkpoint grown by 20% a year and
    /// what the vault says; 0 when it does not answer. For readers: neither `cover` nor any limit depends on it.
    /// Token's own decimals, rounded down.
    function valueOf(address vault) external view returns (uint256);

    /// @notice From when a vault may be used; 0 when it is not listed.
    function listedFrom(address vault) external view returns (uint256);

    /// @notice Last checkpoint of a vault: settlement tokens per share, 1e27, and its time.
    function checkpointOf(address vault) external view returns (uint256 price, uint256 time);

    /// @notice Fund whose reserve it is; immutable.
    function fund() external view returns (address);

    /// @notice Segment of the fund; immutable.
    function segment() external view returns (SegmentId);
}
