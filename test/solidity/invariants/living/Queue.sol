// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseRegistry} from "../../../../contracts/interfaces/IClearingHouseRegistry.sol";
import {Fills} from "./Fills.sol";

/// @dev Withdrawals that wait (CLR-10): tokens that come in are set aside for all who wait, pro rata, before anyone else is paid.
abstract contract Queue is Fills {
    /// @dev One unit of the token, WAD.
    uint256 internal constant CENT = 1e12;

    struct Lines {
        uint256[ACTIVE] waiting;
        uint256[ACTIVE] claimable;
        uint256 allWaiting;
        uint256 reserved;
    }

    function claim(uint256 seed) external step(seed) {
        _claim(_pickWaiting());
    }

    /// @dev The house's trading partners pay in what others wait for.
    function bringTokens(uint256 seed) external step(seed) {
        Lines memory lines = _lines();
        uint256 most = lines.allWaiting / CENT;
        _deposit(_accounts[KEEPER + _draw(2)], CASH, 1 + _draw(_chance(50) ? most + most / 4 + 1 : 2_000e6));
        _checkLines(lines, "CLR-10: a deposit alone pays nobody");
        if (_chance(60)) _claim(_pickWaiting());
    }

    /* STEPS */

    function _claim(uint256 i) private {
        Lines memory lines = _lines();
        _serve(lines);
        uint256 claimable = _min(lines.claimable[i], lines.reserved);
        uint256 before = SYSTEM.usd().balanceOf(_accounts[i].owner());
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseRegistry.claimWithdrawal, (_accounts[i])),
            "",
            "claim"
        );
        if (!ok) return;
        uint256 paid = SYSTEM.usd().balanceOf(_accounts[i].owner()) - before;
        _require(paid == abi.decode(result, (uint256)), "CLR-10: paid something else than said");
        // Whole units of the token; what has been set aside is known to a few wei.
        _require(paid * CENT <= claimable + WEI, "CLR-10: more than was set aside");
        _require((paid + 1) * CENT + WEI > claimable, "CLR-10: less than was set aside");
        if (paid != 0) _reached("waiting paid");
        _checkClaim(lines, i, paid * CENT);
    }

    /// @dev Whoever waits for nothing more leaves what does not make a unit with the house.
    function _checkClaim(Lines memory lines, uint256 i, uint256 paid) private {
        (, uint256 reserved) = HOUSE.withdrawalQueue();
        uint256 taken = lines.reserved - reserved;
        _require(taken >= paid && taken < paid + CENT + WEI, "CLR-10: taken off what is reserved");
        bool isServed = lines.waiting[i] <= WEI;
        _require(isServed || taken == paid, "CLR-10: taken more than paid");
        quoteDust += taken - paid;
        lines.reserved = reserved;
        lines.claimable[i] = isServed ? 0 : _less(lines.claimable[i], paid);
        _checkLines(lines, "CLR-10: a claim pays one who waits and sets aside for all");
        if (isServed && paid != 0) _reached("waited to the end");
    }

    /// @dev As the queue stands.
    function _lines() internal view returns (Lines memory lines) {
        (lines.allWaiting, lines.reserved) = HOUSE.withdrawalQueue();
        for (uint256 i = 0; i < ACTIVE; ++i) {
            (lines.waiting[i], lines.claimable[i]) = HOUSE.queuedWithdrawalOf(_accounts[i]);
        }
    }

    /// @dev As it stands once what is there is set aside: for each in proportion to what he waits for.
    function _serve(Lines memory lines) internal returns (uint256 served) {
        uint256 waiting = lines.allWaiting;
        served = _min(_less(_tokens() * CENT, lines.reserved), waiting);
        if (served == 0) return 0;
        for (uint256 i = 0; i < ACTIVE; ++i) {
            uint256 part = (lines.waiting[i] * served) / waiting;
            lines.waiting[i] -= part;
            lines.claimable[i] += part;
        }
        lines.allWaiting = waiting - served;
        lines.reserved += served;
        _reached(lines.allWaiting == 0 ? bytes32("queue served wholly") : bytes32("queue served in part"));
    }

    function _checkLines(Lines memory expected, string memory what) internal {
        Lines memory found = _lines();
        bool same = found.allWaiting == expected.allWaiting && found.reserved == expected.reserved;
        for (uint256 i = 0; i < ACTIVE; ++i) {
            same = same && _near(int256(found.waiting[i]), int256(expected.waiting[i]));
            same = same && _near(int256(found.claimable[i]), int256(expected.claimable[i]));
        }
        _require(same, what);
    }

    function _tokens() internal view returns (uint256) {
        return SYSTEM.usd().balanceOf(address(HOUSE));
    }

    /// @dev Tokens that nobody waits for or has to be paid, in whole units.
    function _freeTokens() internal view returns (uint256) {
        (uint256 waiting, uint256 reserved) = HOUSE.withdrawalQueue();
        return _less(_tokens(), (waiting + reserved + CENT - 1) / CENT);
    }

    /// @dev One who waits or has something set aside, from a random place on, or any.
    function _pickWaiting() private returns (uint256 index) {
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            index = (start + i) % ACTIVE;
            (uint256 waiting, uint256 claimable) = HOUSE.queuedWithdrawalOf(_accounts[index]);
            if (waiting + claimable != 0) return index;
        }
        return start;
    }
}
