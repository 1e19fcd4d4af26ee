// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeriesId} from "../types/Identifiers.sol";

/// @title One series of cover as an ERC-20 (CVR-03)
/// @notice A token of the wrapper stands for one token of the series, 18 decimals both, for ever one to one. Nobody owns the wrapper: it has no
/// fee, no switch and no right in the vault. Whoever wants a payout unwraps and redeems at the vault.
interface ICoverWrapper {
    /// @notice Thrown when a cover token arrives in another way than by `wrap`: it would be nobody's.
    error CoverWrapper_NotWrapping(address operator, uint256 series);

    /// @notice Takes cover tokens of the caller, who has approved the wrapper (ERC-1155 `setApprovalForAll`), and mints as many of its own to
    /// `receiver`. Anyone. The mint is the last statement; the ERC-1155 transfer calls nobody but this contract.
    /// @param units cover tokens, 1e18 each
    function wrap(uint256 units, address receiver) external;

    /// @notice Burns the caller's tokens and sends as many cover tokens to `receiver`, whom the transfer calls back when it has code
    /// (ERC-1155); that is the last statement. Anyone.
    function unwrap(uint256 units, address receiver) external;

    /// @notice Cover token whose series is wrapped, and the series.
    function cover() external view returns (address);

    function series() external view returns (SeriesId);
}

/// @title Makes a wrapper for any series of one vault
interface ICoverWrapperFactory {
    /// @notice Emitted once for each series.
    event CoverWrapped(SeriesId indexed series, address wrapper);

    /// @notice Thrown when a series does not exist.
    error CoverWrapperFactory_UnknownSeries(SeriesId series);

    /// @notice The wrapper of a series; deployed by whoever asks first, the same for all. Anyone.
    function create(SeriesId series) external returns (address wrapper);

    /// @notice Where the wrapper of a series is or will be.
    function wrapperOf(SeriesId series) external view returns (address);
}
