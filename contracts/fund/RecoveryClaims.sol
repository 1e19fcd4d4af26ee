// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

import {IRecoveries, RecoveryLayer, RecoveryRound} from "../interfaces/IRecoveries.sol";
import {WadMath} from "../libraries/WadMath.sol";

/// @title Claims on what is recovered, and what each holder is due
/// @notice A payment for a round and layer is worth payment / claims to each claim of it (R3). What a holder is due is brought up to
/// date before his balance changes, so a claim can change hands between two payments: who held it is due what was paid
/// until then.
/// @dev Sum of all that holders are due <= recovered - claimed: every part is rounded down, and a round's claims are
/// fixed before it is paid for. When it ends stands in the entry of its holders, whose id is the round.
abstract contract RecoveryClaims is ERC1155, IRecoveries {
    using SafeCast for uint256;

    /// @param seen what had been recovered for the round when the holder was last brought up to date, WAD
    /// @param due to him then, and not paid, WAD
    struct Holding {
        uint128 seen;
        uint128 due;
    }

    uint256 internal _latest;
    mapping(uint256 id => RecoveryRound) internal _rounds;
    mapping(uint256 id => mapping(address holder => Holding)) private _holdings;

    constructor() ERC1155("") {}

    function roundOf(uint256 id) external view returns (RecoveryRound memory entry) {
        entry = _rounds[id];
        entry.endsAt = uint40(_endOf(id));
    }

    function claimId(uint256 round, RecoveryLayer layer) external pure returns (uint256) {
        return _idOf(round, layer);
    }

    function currentRound() external view returns (uint256) {
        return _latest;
    }

    function dueTo(uint256 id, address holder) external view returns (uint256) {
        return _dueTo(id, holder);
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
    function _mintClaims(address owner, uint256 id, uint256 amount) internal {
        _rounds[id].claims += amount.toUint128();
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (id, amount);
        _update(address(0), owner, ids, amounts);
    }

    /// @dev Takes off what a holder is about to be paid.
    function _charge(uint256 id, address holder, uint256 paid) internal {
        _bringUpToDate(id, holder);
        _holdings[id][holder].due -= uint128(paid); // Not above what is due.
        _rounds[id].claimed += uint128(paid); // Not above what was recovered.
    }

    function _dueTo(uint256 id, address holder) internal view returns (uint256) {
        RecoveryRound storage entry = _rounds[id];
        Holding storage holding = _holdings[id][holder];
        if (entry.claims == 0) return 0;
        uint256 since = uint256(entry.recovered) - holding.seen;
        return holding.due + WadMath.mulDivDown(balanceOf(holder, id), since, entry.claims);
    }

    /// @dev Every mint and transfer.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (from != address(0)) _bringUpToDate(ids[i], from);
            _bringUpToDate(ids[i], to);
        }
        super._update(from, to, ids, values);
    }

    function _bringUpToDate(uint256 id, address holder) private {
        uint128 recovered = _rounds[id].recovered;
        Holding storage holding = _holdings[id][holder];
        if (holding.seen == recovered) return;
        // Fits: what all holders are due is at most what was recovered.
        (holding.due, holding.seen) = (uint128(_dueTo(id, holder)), recovered);
    }

    function _idOf(uint256 round, RecoveryLayer layer) internal pure returns (uint256) {
        return (uint256(layer) << 128) | round;
    }

    /// @dev When registrations of an id's round end; 0 when there is no such round, or no such layer.
    function _endOf(uint256 id) internal view returns (uint256) {
        return id >> 128 > uint256(type(RecoveryLayer).max) ? 0 : _rounds[uint128(id)].endsAt;
    }
}
