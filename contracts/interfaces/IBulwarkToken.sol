// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The token that votes (GOV-01, FND-07)
/// @notice ERC-20 with votes (ERC-5805, by time) and permit, 18 decimals, 100,000,000 at the start. It grows only by what recapitalisation
/// sells: by at most 2% in any 7 days and 10% in any 365, whoever holds whatever key. Nobody can burn, pause or take.
interface IBulwarkToken {
    /// @notice Emitted once, when the only contract that may mint is linked.
    event MinterLinked(address indexed minter);

    /// @notice Thrown when a minter is linked already: links are set once, for good.
    error BulwarkToken_AlreadyLinked(address minter);
    /// @notice Thrown when the minter would have no code.
    error BulwarkToken_InvalidMinter(address minter);
    /// @notice Thrown when somebody else than the minter mints.
    error BulwarkToken_NotMinter(address caller, address minter);
    /// @notice Thrown when the supply would grow faster than it may.
    error BulwarkToken_AboveCap(uint256 amount, uint256 allowed);

    /// @notice Links the only contract that may mint. Restricted by the access manager; once.
    function linkMinter(address minter_) external;

    /// @notice Mints, 18 decimals. Only the minter; at most `mintable`.
    function mint(address to, uint256 amount) external;

    /// @notice The only contract that may mint; zero until it is linked.
    function minter() external view returns (address);

    /// @notice What may be minted now, 18 decimals, rounded down: what keeps the supply within 102% of that of 7 days ago and 110% of that of
    /// 365 days ago. Before the token is so old, the first supply counts.
    function mintable() external view returns (uint256 amount);
}
