// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

import {IRecoveries, RecoveryRound} from "../interfaces/IRecoveries.sol";
import {WadMath} from "../libraries/WadMath.sol";

/// @title Claims on what is recovered, and what each holder is due
/// @notice A payment for a round is worth payment / claims to each claim (R3). What a holder is due is brought up to
/// date before his balance changes, so a claim can change hands between two payments: who held it is due what was paid
/// until then.
/// @dev Sum of all that holders are due <= recovered - claimed: every part is rounded down, and a round's claims are
/// fixed before it is paid for.
abstract contract RecoveryClaims is ERC1155, IRecoveries {
    using SafeCast for uint256;

    /// @param seen what had been recovered for the round when the holder was last brought up to date, WAD
    /// @param due to him then, and not paid, WAD
    struct Holding {
        uint128 seen;
        uint128 due;
    }

    uint256 internal _latest;
    mapping(uint256 round => RecoveryRound) internal _rounds;
    mapping(uint256 round => mapping(address holder => Holding)) private _holdings;

    constructor() ERC1155("") {}

    function roundOf(uint256 round) external view returns (RecoveryRound memory) {
        return _rounds[round];
    }

    function currentRound() external view returns (uint256) {
        return _latest;
    }

    function dueTo(uint256 round, address holder) external view returns (uint256) {
        return _dueTo(round, holder);
    }

    function name() external pure returns (string memory) {
        return "Bulwark Recovery Claim";
    }

    function symbol() external pure returns (string memory) {
        return "bwRECOVERY";
    }

    /// @notice A whole claim is 1e18 of its id.
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @dev Does not call the owner back: his code can neither stop a registration by others nor be reached in the
    /// midst of one.
    function _mintClaims(address owner, uint256 round, uint256 amount) internal {
        _rounds[round].claims += amount.toUint128();
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (round, amount);
        _update(address(0), owner, ids, amounts);
    }

    /// @dev Takes off what a holder is about to be paid.
    function _charge(uint256 round, address holder, uint256 paid) internal {
        _bringUpToDate(round, holder);
        _holdings[round][holder].due -= uint128(paid); // Not above what is due.
        _rounds[round].claimed += uint128(paid); // Not above what was recovered.
    }

    function _dueTo(uint256 round, address holder) internal view returns (uint256) {
        RecoveryRound storage entry = _rounds[round];
        Holding storage holding = _holdings[round][holder];
        if (entry.claims == 0) return 0;
        uint256 since = uint256(entry.recovered) - holding.seen;
        return holding.due + WadMath.mulDivDown(balanceOf(holder, round), since, entry.claims);
    }

    /// @dev Every mint and transfer.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (from != address(0)) _bringUpToDate(ids[i], from);
            _bringUpToDate(ids[i], to);
        }
        super._update(from, to, ids, values);
    }

    function _bringUpToDate(uint256 round, address holder) private {
        uint128 recovered = _rounds[round].recovered;
        Holding storage holding = _holdings[round][holder];
        if (holding.seen == recovered) return;
        // Fits: what all holders are due is at most what was recovered.
        (holding.due, holding.seen) = (uint128(_dueTo(round, holder)), recovered);
    }
}
