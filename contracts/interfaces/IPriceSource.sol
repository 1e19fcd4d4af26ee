// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Independent kinds of price source; a price needs a quorum of kinds (R6, ORC-01).
enum SourceKind {
    Push,
    Pull,
    TimeWeighted,
    Ratio
}

/// @notice Why a source has no price. Valid is the only status that comes with one.
enum SourceStatus {
    Valid,
    Unreachable,
    Malformed,
    NotPositive,
    OutsideBand,
    FromFuture,
    Stale,
    DecimalsChanged,
    Uncertain
}

/// @title A reader for one kind of price source
/// @notice What it reads is named by two words that the oracle keeps for each source of a feed. It keeps no state of its own, unless it
/// is itself the store that its prices are brought to (ORC-08).
/// Answers with a price or a typed failure, never with zero and never with a silent default (ORC-01).
interface IPriceSource {
    /// @notice The kind of all sources that this reader reads.
    function kind() external pure returns (SourceKind);

    /// @notice Checks that a source can be read and packs its settings; called at listing.
    /// @param target third-party contract
    /// @param settings as the reader documents them
    /// @return first second the two words to pass to `read`
    function configure(address target, bytes calldata settings) external view returns (uint256 first, uint256 second);

    /// @notice Reads a source. Does not revert, except for lack of gas
    /// (`GuardedCall_InsufficientGas`), so that nobody can fake a failure by starving it.
    /// @param first second words that `configure` returned
    /// @return status Valid or the reason why not
    /// @return price WAD settlement units per whole unit; 0 unless Valid
    /// @return publishedAt seconds; 0 unless Valid
    /// @return confidence half-width of the source's own interval, WAD; 0 when it states none
    function read(
        uint256 first,
        uint256 second
    ) external view returns (SourceStatus status, uint256 price, uint256 publishedAt, uint256 confidence);
}
