// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {AccountId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Losses} from "./Losses.sol";

/// @dev Losses that can be seen and are not booked (CLR-07), and what time takes: the gap premium and funding, each to the wei or nearly.
abstract contract Measuring is Losses {
    /// @dev Anyone measures any account: it never fails, moves no money, and counts each account once.
    function flag(uint256 seed) external step(seed) {
        _look();
        uint256 index = _chance(80) ? _pickBankrupt() : _draw(ACCOUNTS + 1);
        _takePremium();
        AccountId account = index == ACCOUNTS ? HOUSE.clearingAccount() : _accounts[index];
        Snapshot memory before = _snapshot();
        Health memory health = HOUSE.health(account);
        int256 value = health.value + int256(health.blindSpread);
        uint256 deficit = value < 0 ? uint256(-value) : 0;
        (uint256 measured, , ) = HOUSE.deficits();
        measured = measured - _countedOf(account) + deficit;
        (bool ok, bytes memory result) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.flag, (account)),
            "",
            "flag"
        );
        if (!ok) return;
        _require(abi.decode(result, (uint256)) == deficit, "CLR-07: a measured deficit is not -V");
        if (deficit != 0) _reached("flag bankrupt");
        _checkMeasured(account, measured, deficit);
        _checkUnmoved(before);
    }

    function accrue(uint256 seed) external step(seed) {
        if (_chance(70)) _look();
        Snapshot memory before = _snapshot();
        int256[2][] memory bases = _bases();
        (uint256 perUnit, uint256 premium) = (_gapPerUnit(), _premiumDue());
        _takePremium();
        Snapshot memory afterwards = _snapshotAt(before.prices);
        int256 booked = afterwards.fundAccount - int256(afterwards.unallocated);
        booked -= before.fundAccount - int256(before.unallocated);
        _require(booked == int256(premium), "FND-02: booked to the fund");
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            int256 size = bases[i][1] < 0 ? -bases[i][1] : bases[i][1];
            int256 due = (size * int256(perUnit)) / int256(UNIT);
            int256 off = before.values[i] - afterwards.values[i] - due;
            // One wei of base, and one for each unit, is the precision with which a charge can be read.
            int256 slack = (size + 2 * int256(perUnit)) / int256(UNIT) + 4;
            _require(off >= -slack && off <= slack, "FND-02: a holder's premium");
        }
        if (premium != 0) _reached("premium accrued");
    }

    /// @dev CLR-05: a fill off the index between keepers, then time at constant prices: everybody pays or is paid by what he holds.
    function payFunding(uint256 seed) external step(seed) {
        uint8 market = _endsAt[1] != 0 ? 0 : uint8(_draw(2));
        uint256[2] memory at = prices();
        uint256 away = (at[market] * _draw(200)) / 10_000;
        int256 size = int256(((1_000 + _draw(60_000)) * UNIT * UNIT) / at[market]);
        _fill(KEEPER, KEEPER + 1, market, size, _chance(50) ? at[market] + away : at[market] - away, at);
        Snapshot memory before = _snapshotAt(at);
        int256[2][] memory bases = _bases();
        int256[2] memory paid = _fundingNow();
        _advance(60 + _draw(4 hours));
        _publish();
        for (uint256 m = 0; m < 2; ++m) _checkFundingAt(m);
        int256[2] memory grown = _fundingNow();
        Snapshot memory afterwards = _snapshotAt(at);
        int256 moved;
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            int256 due;
            int256 slack = 16;
            for (uint256 m = 0; m < 2; ++m) {
                due += (bases[i][m] * (grown[m] - paid[m])) / int256(UNIT);
                slack += (bases[i][m] < 0 ? -bases[i][m] : bases[i][m]) / int256(UNIT);
            }
            int256 off = before.values[i] - afterwards.values[i] - due;
            _require(off >= -slack && off <= slack, "CLR-05: a holder's funding");
            moved += due < 0 ? -due : due;
        }
        if (moved > int256(UNIT)) _reached("funding paid");
    }

    /* STEPS */

    function _checkMeasured(AccountId account, uint256 measured, uint256 deficit) private {
        (uint256 sum, uint256 resources, uint256 markets) = HOUSE.deficits();
        _require(sum == measured, "CLR-07: what was measured of an account is replaced, never added");
        _require(resources == FUND.resources(SEGMENT).total(), "CLR-07: resources");
        uint256 own = HOUSE.headerOf(account).markets;
        if (deficit != 0) _require(markets & own == own && markets != 0, "CLR-07: markets of a measured loss");
        if (sum > resources) _reached("measured above the fund");
    }

    /// @dev What counts now of an account: measured in this hour or the last.
    function _countedOf(AccountId account) private view returns (uint256) {
        AccountHeader memory header = HOUSE.headerOf(account);
        (uint256 amount, uint256 epoch) = HOUSE.measuredDeficitOf(account);
        return header.flags & AccountFlags.FLAGGED != 0 && epoch + 1 >= _time / 1 hours ? amount : 0;
    }

    /// @dev An account with V < 0, from a random place on, or any.
    function _pickBankrupt() private returns (uint256 index) {
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            index = (start + i) % ACTIVE;
            if (HOUSE.health(_accounts[index]).value < 0) return index;
        }
        return start;
    }

    function _checkFundingAt(uint256 m) private {
        (int256 velocity, int256 paid) = _foretellFunding(m);
        _checkFunding(m, velocity, paid);
    }
}
