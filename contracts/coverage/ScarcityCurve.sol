// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumCurve} from "../libraries/PremiumCurve.sol";
import {PremiumMath} from "../libraries/PremiumMath.sol";
import {Tranche} from "../types/Coverage.sol";
import {CurveState} from "../types/Premium.sol";
import {CapitalWord} from "./CapitalWord.sol";
import {Tranches} from "./Tranches.sol";
import {CurveWords} from "./VaultWords.sol";

/// @title How scarce a vault's capital has been (CVR-08)
/// @notice One slot says what the rate at the kink was when it was last written, and how much of the capital was bound from then on. It is
/// written whenever cover binds or unbinds capital; deposits, exits, commitments and draws count from the next write on, which anyone may ask
/// for. The model reads it; nothing that pays or refunds depends on the model.
abstract contract ScarcityCurve is Tranches {
    using CurveWords for CurveState;

    function writeCurve() external nonReentrant {
        _writeCurve();
    }

    function curve() external view returns (CurveState memory) {
        return _curve;
    }

    /// @dev The rate moves on by what was bound up to now; what is bound now counts from here on. Before the first purchase there is no curve.
    function _writeCurve() internal {
        CurveState memory state = _curve;
        if (state.updatedAt == 0 && _ledger.liability == 0) return;
        uint256 used = PremiumMath.utilisationUp(_bound(), _standing());
        uint256 rate = PremiumCurve.adaptedUp(state.kinkRate, state.utilisation, block.timestamp - state.updatedAt);
        // Both fit: at most 20% and 100%.
        _curve.store(uint64(rate), uint64(used), uint40(block.timestamp));
        emit CurveWritten(rate, used);
    }

    /// @dev What cover and commitments bind.
    function _bound() internal view returns (uint256) {
        return uint256(_ledger.liability) + _ledger.committed;
    }

    /// @dev Capital that can be bound, with that which has asked to leave: a request can be taken back, so it must not move the rate.
    function _standing() private view returns (uint256) {
        CapitalWord capital = _capitalWord();
        (uint256 junior, uint256 senior, ) = _currentValues(capital);
        uint256 advanced = _advancedOf(capital, Tranche.Junior) + _advancedOf(capital, Tranche.Senior);
        return _saturatingSub(junior + senior, advanced + FLOOR);
    }
}
