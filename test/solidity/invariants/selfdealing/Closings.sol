// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {MarginMath} from "../../../../contracts/libraries/MarginMath.sol";
import {Auction} from "../../../../contracts/types/Auction.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Sales} from "./Sales.sol";

/// @dev Flags, deleveragings and write-offs, with their outcome foretold.
abstract contract Closings is Sales {
    uint256 private constant SOLVENT_TIMEOUT = 20 minutes;
    uint256 private constant INSOLVENT_TIMEOUT = 10 minutes;
    uint256 private constant HARD_STOP = 6 hours;

    struct Closing {
        uint256 index;
        Books before;
        Health health;
        int256 value;
        uint256 margin;
        uint256 elapsed;
        uint256 belowFor;
        uint256 shortfall;
        uint256[4] paid;
        uint256 markets;
        int256[2][10] owed;
        Loss loss;
        bool isClose;
    }

    /* THE GAP PREMIUM (FND-02) */

    /// @dev FND-02: everybody pays for his base, and the fund is booked what was taken, rounded down, from both sides.
    function _accrue(uint8 m) internal {
        _refreshFeeds();
        Books memory before = _books();
        uint256 premium = 2 * ((_owedPerUnit(m, before.prices[m]) * before.interest[m]) / UNIT);
        int256 fund = HOUSE.fundAccount() - int256(HOUSE.unallocatedLoss());
        int256[2][10] memory owed = _owedBy(before, 1 << m);
        bytes memory data = abi.encodeCall(IClearingHouseTreasury.accrue, (MarketId.wrap(m)));
        _try(_accounts[GRIEFER].owner(), address(HOUSE), data, "", "accrue");
        fund = HOUSE.fundAccount() - int256(HOUSE.unallocatedLoss()) - fund;
        _require(fund == int256(premium), "FND-02: the fund was booked something else than both sides pay");
        _payUp(before, owed, 1);
        _notePaid(owed, 1 << m, "premium by anyone");
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "accrual");
    }

    /* MEASURING (CLR-07) */

    function _flag(uint256 index, uint256 caller) internal {
        _refreshFeeds();
        Closing memory c = _openClosing(index);
        // The loss of a blind leg counts here: a measure pays nobody.
        int256 value = c.health.value + int256(c.health.blindSpread);
        (bool ok, bytes memory result) = _expect(
            _accounts[caller].owner(),
            address(ENGINE),
            abi.encodeCall(L.flag, (_idOf(index))),
            0,
            value < 0 ? "flag bankrupt" : "flag"
        );
        uint256 deficit = value < 0 ? uint256(-value) : 0;
        if (ok) _checkMeasured(c, abi.decode(result, (uint256)), deficit);
        _noteTaken(c);
        Allowance memory nothing;
        _closeStill(c.before, nothing, 99, 99, "flag");
    }

    /// @dev To the wei, but for the rounding of a premium that was taken just before.
    function _checkMeasured(Closing memory c, uint256 found, uint256 deficit) private {
        bool isNear = _owes(c.owed, c.index) != 0 && _isNear(int256(found), int256(deficit));
        _require(found == deficit || isNear, "CLR-07: a measured deficit is not -V");
        (uint256 measured, , ) = HOUSE.deficits();
        _require(measured >= found, "CLR-07: a measured deficit does not count");
    }

    /* THE CLOCK (LIQ-01) */

    /// @dev `start` or `touch`: moves nobody's money but the premium.
    function _keepTime(uint256 index, uint256 caller, bool starts) internal {
        _refreshFeeds();
        Closing memory c = _openClosing(index);
        int256 spare = c.health.marginBalance - int256(c.health.maintenanceMargin());
        bool isOpen = ENGINE.auctionOf(_accounts[index]).isOpen;
        bytes4 expected;
        if (starts && isOpen) expected = L.LiquidationEngine_AlreadyStarted.selector;
        else if (starts && spare >= 0) expected = L.LiquidationEngine_NotLiquidatable.selector;
        else if (!starts && !isOpen) expected = L.LiquidationEngine_NoAuction.selector;
        // The premium that was just taken is known within its rounding.
        if (starts && !isOpen && _owes(c.owed, index) != 0 && _isNear(spare, 0)) return;
        bytes memory data =
            starts ? abi.encodeCall(L.start, (_accounts[index])) : abi.encodeCall(L.touch, (_accounts[index]));
        (bool ok, ) = _expect(_accounts[caller].owner(), address(ENGINE), data, expected, starts ? "start" : "touch");
        if (!ok) return _closeUnmoved(c, "call that keeps time and failed");
        _noteTaken(c);
        Allowance memory nothing;
        _closeStill(c.before, nothing, 99, 99, "call that keeps time");
    }

    /* DELEVERAGING (LIQ-06) */

    function _deleverage(uint256 index, uint256 caller) internal {
        _refreshFeeds();
        Closing memory c = _openClosing(index);
        bytes4 expected = _foretellDeleverage(c);
        if (c.isClose) return;
        (bool ok, ) = _expect(
            _accounts[caller].owner(),
            address(ENGINE),
            abi.encodeCall(L.deleverage, (_idOf(index))),
            expected,
            index == CLEARING || !c.health.isLiquidatable()
                ? "deleverage"
                : c.value > 0
                    ? "deleverage solvent"
                    : "deleverage bankrupt"
        );
        if (!ok) return _closeUnmoved(c, "deleveraging that failed");
        _noteTaken(c);
        if (c.value > 0) _checkSolvent(c);
        else _checkInsolvent(c, "deleveraging");
    }

    function _foretellDeleverage(Closing memory c) private view returns (bytes4) {
        if (c.index == CLEARING) return L.LiquidationEngine_ClearingAccount.selector;
        if (!c.health.isLiquidatable()) return L.LiquidationEngine_NotLiquidatable.selector;
        if (c.value > 0) return _isDue(c, SOLVENT_TIMEOUT) ? bytes4(0) : L.LiquidationEngine_TooEarly.selector;
        uint256 drawn = _covered(c.paid);
        if (c.shortfall != drawn && c.shortfall < drawn + uint256(DUST)) c.isClose = true;
        if (c.shortfall > drawn || _isDue(c, INSOLVENT_TIMEOUT)) return 0;
        // CLR-07: while more is measured of others than the fund has, nobody needs to wait.
        (uint256 measured, , ) = HOUSE.deficits();
        measured -= _min(measured, _countedOf(_idOf(c.index)));
        uint256 left = c.before.reserve - drawn;
        if (measured != 0 && _isNear(int256(measured), int256(left))) c.isClose = true;
        return measured > left ? bytes4(0) : L.LiquidationEngine_TooEarly.selector;
    }

    function _isDue(Closing memory c, uint256 timeout) private pure returns (bool) {
        return c.elapsed >= timeout || c.belowFor >= HARD_STOP;
    }

    /// @dev V > 0: the account pays 10% of the margin closed, at most V; nobody else pays or is paid anything.
    function _checkSolvent(Closing memory c) private {
        uint256[4] memory nothingPaid;
        Books memory a = _booksAt(c.before.prices);
        uint256 whole = _penaltyOf(c.margin, c.value, 0);
        uint256 penalty;
        for (uint256 m = 0; m < 2; ++m) {
            uint256 size = _abs(c.before.base[c.index][m]);
            if (size == 0 || !c.before.visible[m]) continue;
            penalty = (whole * (size - _abs(a.base[c.index][m]))) / size;
            break;
        }
        _recordDraw(c.before.reserve, a.drawn - c.before.drawn, nothingPaid, penalty);
        Allowance memory allowed;
        if (_isDealer(c.index)) allowed.penalties = penalty;
        // One wei of base is the precision with which the closed part can be read.
        _require(
            _isNear(a.values[c.index] - c.before.values[c.index], -int256(penalty)),
            "LIQ-06: V > 0 paid something else than the penalty"
        );
        _closeStill(c.before, allowed, c.index, 99, "deleveraging with V > 0");
    }

    /// @dev V <= 0: the account is raised to E = 0, its collateral gone at haircut value, by layers and then by LIQ-05.
    function _checkInsolvent(Closing memory c, string memory verb) private {
        uint256 drawn = FUND.segmentOf(SEGMENT).drawn - c.before.drawn;
        _recordDraw(c.before.reserve, drawn, c.paid, 0);
        Allowance memory allowed = _allowedFor(c.before, c.loss, c.index);
        if (_isDealer(c.index)) allowed.draws = _covered(c.paid);
        Books memory a = _closeBooks(c.before, allowed, verb);
        int256 change = a.values[c.index] - c.before.values[c.index];
        uint256 held = c.before.collateral[c.index];
        if (c.index != CLEARING && held != 0 && c.before.visible[0]) {
            change += int256((held * c.before.prices[0]) / UNIT);
            change -= int256(MarginMath.haircutValueDown(held, c.before.prices[0], 1_000));
            _reached("collateral swept");
        }
        _require(_isNear(change, int256(c.shortfall)), "LIQ-06: the account was raised by something else than -E");
        _checkHolders(c.before, a, c.loss, c.index, 99);
        if (_isDealer(c.index) && allowed.charged > uint256(DUST)) _reached("others bore his loss");
    }

    /* WRITING OFF (LIQ-05) */

    function _writeOff(uint256 index, uint256 caller) internal {
        _refreshFeeds();
        Closing memory c = _openClosing(index);
        AccountHeader memory header = HOUSE.headerOf(_idOf(index));
        bool isDue = c.value < 0 && header.markets == 0 && (index != CLEARING || header.assets == 0);
        (bool ok, ) = _expect(
            _accounts[caller].owner(),
            address(ENGINE),
            abi.encodeCall(L.writeOff, (_idOf(index))),
            isDue ? bytes4(0) : L.LiquidationEngine_NotWriteOff.selector,
            "writeOff"
        );
        if (ok) _noteTaken(c);
        if (ok) _checkInsolvent(c, "write-off");
        else _closeUnmoved(c, "write-off that failed");
    }

    /* STEPS */

    /// @dev Flags and closings take what the account's markets owe, before they measure it (FND-02).
    function _noteTaken(Closing memory c) private {
        _notePaid(c.owed, c.markets, "premium by a closing");
    }

    function _closeUnmoved(Closing memory c, string memory verb) private {
        _payUp(c.before, c.owed, -1);
        Allowance memory nothing;
        _closeStill(c.before, nothing, 99, 99, verb);
    }

    /// @dev What a leg owes that has no consensus stays with it, and is none of E: there it is taken before.
    function _openClosing(uint256 index) private returns (Closing memory c) {
        AccountId account = _idOf(index);
        if (HOUSE.health(account).hasBlind) {
            _accrue(0);
            _accrue(1);
        }
        c.index = index;
        c.before = _books();
        _checkStanding(c.before, index);
        c.health = HOUSE.health(account);
        c.markets = HOUSE.headerOf(account).markets;
        c.owed = _owedBy(c.before, c.markets);
        _payUp(c.before, c.owed, 1);
        c.health.value -= _owes(c.owed, index);
        c.health.marginBalance -= _owes(c.owed, index);
        c.value = c.health.value + int256(c.health.blindRelief());
        c.margin = c.health.linearMargin + c.health.sizeMargin;
        Auction memory auction = ENGINE.auctionOf(account);
        if (auction.isOpen) {
            c.elapsed = ENGINE.termsOf(account).elapsed;
            if (auction.wasBelow) c.belowFor = _time - auction.belowSince;
        }
        if (c.value > 0) return c;
        int256 balance = c.health.marginBalance + int256(c.health.blindRelief());
        c.shortfall = balance < 0 ? uint256(-balance) : 0;
        c.paid = _coverOf(c.before.reserve, c.shortfall, _weightsOf(c.before, index), UNIT, 0);
        c.loss = _planLoss(c.before, index, c.shortfall - _covered(c.paid), UNIT, true);
    }
}
