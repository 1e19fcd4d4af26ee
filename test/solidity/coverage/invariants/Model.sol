// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultBooks} from "../../../../contracts/interfaces/ICoverageVault.sol";
import {ExitRequest, Tranche} from "../../../../contracts/types/Coverage.sol";
import {Stage} from "./Stage.sol";

/// @dev What every underwriter should have, without shares: everybody bears each loss, and earns each second's
/// premium, by what he has in the tranche. Whether he has asked to leave makes no difference (INV-10), nor does what
/// anyone else does (INV-11, P-FUND-03).
abstract contract Model is Stage {
    /// @dev Premium that is earned evenly from `from` to `to`.
    struct Stream {
        uint256 amount;
        uint256 from;
        uint256 to;
    }

    /// @dev Whether a loss has been booked since prices were last looked at.
    bool[2] internal _hasLost;

    uint256[OWNERS][2] private _wealth;
    Stream[] private _streams;
    uint256 private _earnedUntil;

    /// @notice What an owner should have in a tranche now, advances included, WAD.
    function wealthOf(uint256 index, uint256 tranche) external view returns (uint256) {
        uint256 wealth = _wealth[tranche][index];
        uint256 sum = _sumOf(tranche);
        if (sum == 0) return 0;
        uint256[2] memory split = _split(_earnedSince(_earnedUntil));
        return wealth + (wealth * split[tranche]) / sum;
    }

    /// @notice What an owner has in a tranche now, by the vault's shares.
    function worthOf(uint256 index, uint256 tranche) public view returns (uint256) {
        return _valueOf(sharesOf(index, tranche), tranche);
    }

    /// @notice All shares of an owner, queued ones too.
    function sharesOf(uint256 index, uint256 tranche) public view returns (uint256) {
        return shares[tranche].balanceOf(owner(index)) + _requestOf(index, tranche).shares;
    }

    function _requestOf(uint256 index, uint256 tranche) internal view returns (ExitRequest memory request) {
        request = vault.exitRequestOf(Tranche(tranche), owner(index));
        if (request.epoch != vault.epochOf(Tranche(tranche))) delete request;
    }

    function _valueOf(uint256 amount, uint256 tranche) internal view returns (uint256) {
        uint256 supply = shares[tranche].totalSupply();
        (uint256 value, ) = vault.trancheState(Tranche(tranche));
        // What an exit by the last one leaves of a unit of the token is nobody's, as the virtual shares are (CVR-01).
        return (amount * (value + VIRTUAL)) / (supply + VIRTUAL);
    }

    /* WHAT HAPPENS */

    /// @dev As the vault, whenever it touches a tranche's value, except in `draw`.
    function _earn() internal {
        uint256[2] memory split = _split(_earnedSince(_earnedUntil));
        _earnedUntil = _time;
        _spread(0, int256(split[0]));
        _spread(1, int256(split[1]));
        for (uint256 i = _streams.length; i > 0; --i) {
            if (_streams[i - 1].to > _time) continue;
            _streams[i - 1] = _streams[_streams.length - 1];
            _streams.pop();
        }
    }

    function _addStream(uint256 amount, uint256 to) internal {
        _streams.push(Stream(amount, _time, to));
    }

    function _put(uint256 index, uint256 tranche, uint256 amount) internal {
        _wealth[tranche][index] += amount;
    }

    /// @dev Shares of a spent tranche die: what was left of them is nobody's.
    function _restart(uint256 tranche) internal {
        for (uint256 i = 0; i < OWNERS; ++i) {
            _require(_wealth[tranche][i] <= DUST, "INV-08: shares with a value die");
            _wealth[tranche][i] = 0;
        }
        _reached("spent tranche begins anew");
    }

    /// @dev `amount` of an owner's `held` shares become another's.
    function _move(uint256 from, uint256 to, uint256 tranche, uint256 amount, uint256 held) internal {
        uint256 moved = (_wealth[tranche][from] * amount) / held;
        _wealth[tranche][from] -= moved;
        _wealth[tranche][to] += moved;
    }

    /// @dev An owner's `burnt` shares of `held` leave for `taken`. Returns what that leaves to the others; negative:
    /// they pay for it.
    function _leave(
        uint256 index,
        uint256 tranche,
        uint256 burnt,
        uint256 held,
        uint256 taken
    ) internal returns (int256 left) {
        uint256 freed = held == 0 ? 0 : (_wealth[tranche][index] * burnt) / held;
        _wealth[tranche][index] -= freed;
        left = int256(freed) - int256(taken);
        _spread(tranche, left);
    }

    /// @dev A loss has been booked: junior pays as much as is liquid, senior the rest (INV-08).
    function _lose(uint256 loss, uint256[2] memory liquidBefore, uint32[2] memory epochs) internal {
        uint256 junior = loss < liquidBefore[0] ? loss : liquidBefore[0];
        _loseIn(0, junior, liquidBefore[0], epochs[0]);
        _loseIn(1, loss - junior, liquidBefore[1], epochs[1]);
    }

    function _epochs() internal view returns (uint32[2] memory) {
        return [vault.epochOf(Tranche.Junior), vault.epochOf(Tranche.Senior)];
    }

    /// @dev What is liquid by the model: without premium that the vault has not accrued.
    function _modelLiquid() internal view returns (uint256[2] memory liquid) {
        VaultBooks memory books = vault.books();
        uint256[2] memory advanced = [books.juniorAdvanced, books.seniorAdvanced];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 sum = _sumOf(i);
            liquid[i] = sum > advanced[i] ? sum - advanced[i] : 0;
        }
    }

    function _loseIn(uint256 tranche, uint256 loss, uint256 liquid, uint32 epoch) private {
        if (loss > 0) _hasLost[tranche] = true;
        if (vault.epochOf(Tranche(tranche)) != epoch) {
            // Its dust is senior's.
            _hasLost[1] = true;
            _require(loss + DUST >= liquid, "INV-08: a tranche ended while it had capital");
            for (uint256 i = 0; i < OWNERS; ++i) _wealth[tranche][i] = 0;
            ++exhausted;
            if (liquid > DUST) _reached(tranche == 0 ? bytes32("junior used up") : bytes32("senior used up"));
            return;
        }
        _require(loss <= liquid + DUST, "INV-08: a tranche lives on without capital");
        _spread(tranche, -int256(loss));
    }

    function _spread(uint256 tranche, int256 amount) private {
        uint256 sum = _sumOf(tranche);
        if (sum == 0 || amount == 0) return;
        for (uint256 i = 0; i < OWNERS; ++i) {
            int256 wealth = int256(_wealth[tranche][i]);
            wealth += (wealth * amount) / int256(sum);
            _wealth[tranche][i] = wealth > 0 ? uint256(wealth) : 0;
        }
    }

    function _sumOf(uint256 tranche) private view returns (uint256 sum) {
        for (uint256 i = 0; i < OWNERS; ++i) sum += _wealth[tranche][i];
    }

    /// @dev Capital counts 3 : 1.
    function _split(uint256 amount) private view returns (uint256[2] memory split) {
        uint256 junior = 3 * _sumOf(0);
        uint256 sum = junior + _sumOf(1);
        if (sum == 0) return split;
        split[0] = (amount * junior) / sum;
        split[1] = amount - split[0];
    }

    function _earnedSince(uint256 since) private view returns (uint256 earned) {
        for (uint256 i = 0; i < _streams.length; ++i) {
            Stream memory stream = _streams[i];
            uint256 from = since > stream.from ? since : stream.from;
            uint256 to = _time < stream.to ? _time : stream.to;
            if (to > from) earned += (stream.amount * (to - from)) / (stream.to - stream.from);
        }
    }
}
