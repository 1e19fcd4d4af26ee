// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {System} from "../../support/System.sol";
import {vm} from "../../support/Vm.sol";
import {Ledger} from "../handlers/Ledger.sol";
import {OldMeasures} from "./OldMeasures.sol";

/// @dev One owner with four accounts who deals only with himself: at any price of the band, at full leverage, through gaps.
contract SelfDealingHandler is OldMeasures {
    /// @dev What is to come next of what has been begun.
    enum Plan {
        None,
        Late,
        Gap,
        Delay,
        Flag,
        Second,
        Take,
        Rest,
        HardStop,
        Waiting,
        Close,
        Sink,
        Measure,
        Back,
        Part,
        Lead,
        Thin,
        Drop,
        Crumb
    }

    /// @dev 5e-8 a second, 0.4% of notional a day from each side: so much that an error in it shows within a few calls.
    uint32 private constant GAP_RATE = 50_000_000;

    Plan private _plan;
    uint8 private _target;
    uint256 private _loser;
    uint256 private _waits;

    constructor(System system, MarketClass second) Ledger(system) {
        _second = second;
        vm.warp(_time);
        _publish();
        for (uint256 i = 0; i < PEOPLE; ++i) _fund(i);
        _depositAs(0, 0, true, 120_000e6);
        _depositAs(1, 1, true, 120_000e6);
        _depositAs(2, 2, true, 60_000e6);
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) _depositAs(i, i, true, 2_500e6);
        _depositAs(GRIEFER, GRIEFER, true, 500e6);
        _depositAs(KEEPER, KEEPER, true, 20_000_000e6);
        _tradeBetween(0, 1, 0, 1_000e18, _feedPrice[0]);
        _tradeBetween(0, 1, 1, 20e18, _feedPrice[1]);
        _donate(8_000e6);
        _startPremium(GAP_RATE, GAP_RATE / 10);
    }

    /* TRADES WITH HIMSELF */

    function selfTrade(uint256 seed) external step(seed) {
        _selfTrade(_pickDealer(), uint8(_draw(2)), _chance(65));
    }

    /// @dev Opens with all margin of both, or shrinks, closes or hands over what one of them has.
    function _selfTrade(uint256 taker, uint8 market, bool opens) private returns (bool) {
        uint256 maker = DEALER + ((taker - DEALER + 1 + _draw(3)) % DEALERS);
        uint256 index = _feedPriceOf(market);
        int256 size;
        if (opens) size = _largest(taker, maker, index);
        else {
            (size, ) = HOUSE.positionOf(_accounts[taker], _market(market));
            size = _chance(60) ? -size : -(size * int256(1 + _draw(100))) / 100;
        }
        uint256 away = _chance(60) ? 0 : (index * 21) / 1_000;
        return _tradeBetween(taker, maker, market, size, index - away + _draw(2 * away + 1));
    }

    /* MONEY */

    function dealCash(uint256 seed) external step(seed) {
        uint256 i = _pickDealer();
        uint256 kind = _draw(10);
        if (kind < 2) _depositAs(i, i, true, _draw(3_000e6));
        else if (kind < 6) _withdrawAs(i, i, true, _sizeOfExit(i, true) / 1e12);
        else _moveAs(i, i, DEALER + 1 + _draw(3), true, _sizeOfExit(i, true));
    }

    function dealCollateral(uint256 seed) external step(seed) {
        uint256 i = _pickDealer();
        uint256 kind = _draw(10);
        if (kind < 4) _depositAs(i, i, false, _draw(12e18));
        else if (kind < 7) _withdrawAs(i, i, false, _sizeOfExit(i, false));
        else _moveAs(i, i, DEALER + 1 + _draw(3), false, _sizeOfExit(i, false));
    }

    /// @dev All that margin lets go, a little more, all there is, or more than there is.
    function _sizeOfExit(uint256 i, bool isCash) private returns (uint256) {
        Health memory h = HOUSE.health(_accounts[i]);
        int256 spare = h.initialBalance - int256(h.initialMargin);
        int128 cash = HOUSE.headerOf(_accounts[i]).cash;
        uint256 held = isCash ? (cash > 0 ? uint256(int256(cash)) : 0) : HOUSE.collateralOf(_accounts[i], WETH);
        uint256 free =
            spare <= 0
                ? 0
                : isCash
                    ? uint256(spare)
                    : (uint256(spare) * 1e18) / _feedPriceOf(0);
        uint256 kind = _draw(10);
        if (kind < 3) return free;
        if (kind < 5) return free + 1e15 + _draw(100e18);
        if (kind < 8) return held;
        return kind < 9 ? held + 1e12 : _draw(2e12);
    }

    /* LIQUIDATING HIMSELF */

    /// @dev Crumbs, parts and wholes of his own accounts for his own accounts.
    function selfBid(uint256 seed) external step(seed) {
        uint256 seller = _pickBelow(DEALER, DEALERS);
        _selfBid(seller);
    }

    function _selfBid(uint256 seller) private {
        uint256 bidder = _chance(5) ? seller : DEALER + ((seller - DEALER + 1 + _draw(3)) % DEALERS);
        uint256 crumbs = _chance(50) ? _draw(4) : 0;
        for (uint256 k = 0; k < crumbs; ++k) _sell(seller, bidder, bidder, 1 + _draw(0.2e18), 0, type(uint256).max);
        uint256 part = _chance(60) ? UNIT : 1 + _draw(UNIT);
        _sell(seller, bidder, bidder, part, _chance(10) ? part : 0, _chance(4) ? 0 : type(uint256).max);
    }

    function bidForOthers(uint256 seed) external step(seed) {
        uint256 seller = _chance(70) ? _pickBelow(0, HONEST) : _pickBelow(0, PEOPLE);
        uint256 bidder = _pickDealer();
        _sell(seller, bidder, bidder, _chance(50) ? UNIT : 1 + _draw(UNIT), 0, type(uint256).max);
    }

    function closeOwn(uint256 seed) external step(seed) {
        uint256 i = _chance(80) ? _pickBelow(DEALER, DEALERS) : _pickDealer();
        uint256 kind = _draw(10);
        if (kind < 2) _flag(i, DEALER);
        else if (kind < 4) _outwait(i);
        else if (kind < 8) _deleverage(i, DEALER);
        else _writeOff(i, DEALER);
    }

    /// @dev Waits until nobody can call a deleveraging too early, with live feeds or by the hard stop, and calls it. Each step is a call of its
    /// own: in one transaction the oracle reads its sources once.
    function _outwait(uint256 i) private {
        _keepTime(i, DEALER, true);
        _loser = i;
        uint256 kind = _draw(3);
        _plan = kind == 0 ? Plan.HardStop : Plan.Waiting;
        _waits = 3 + 2 * kind;
    }

    /* THE WHOLE ATTACK: one account goes bankrupt to another, and what can be had of it is had */

    function attack(uint256 seed) external step(seed) {
        uint256 taker = _pickDealer();
        _target = uint8(_draw(2));
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) {
            if (HOUSE.headerOf(_accounts[i]).cash < 1_500e18 && _chance(70))
                _depositAs(i, i, true, 1_500e6 + _draw(1_500e6));
            if (_chance(15)) _depositAs(i, i, false, 1 + _draw(5e18));
        }
        _selfTrade(taker, _target, true);
        if (_chance(25)) _selfTrade(_pickDealer(), 1 - _target, true);
        _plan = _chance(15) ? Plan.Late : Plan.Gap;
    }

    /// @dev The next step of what has been begun; nothing when nothing has.
    function proceed(uint256 seed) external step(seed) {
        Plan plan = _plan;
        _plan = _after(plan);
        if (plan == Plan.Late) _pass(2 hours);
        else if (plan == Plan.Gap) _gapStep();
        else if (plan == Plan.Delay) _pass(1 + _draw(2 hours));
        else if (plan == Plan.Flag) _flagStep();
        else if (plan == Plan.Second) _jump(_target, _draw(1_000), _chance(50));
        else if (plan == Plan.Take) _takeStep();
        else if (plan == Plan.Rest) _restStep();
        else if (plan == Plan.HardStop) _pass(6 hours + 1);
        else if (plan == Plan.Waiting) _waitStep();
        else if (plan == Plan.Close) _deleverage(_loser, DEALER);
        else if (plan == Plan.Sink) _sink(_loser, _target);
        else if (plan == Plan.Measure) _flag(_loser, DEALER);
        else if (plan == Plan.Back) _recover(_loser, _target);
        else if (plan == Plan.Part) _sellAgainst(_loser, _target);
        else if (plan == Plan.Lead) _jump(1, 150 + _draw(250), _chance(50));
        else if (plan == Plan.Thin) _thinOut();
        else if (plan == Plan.Drop) _jump(0, 650 + _draw(300), _chance(50));
        else if (plan == Plan.Crumb) _dealThinly();
    }

    function _after(Plan plan) private pure returns (Plan) {
        if (plan == Plan.Late) return Plan.Gap;
        if (plan == Plan.Delay) return Plan.Flag;
        if (plan == Plan.Second) return Plan.Take;
        if (plan == Plan.HardStop) return Plan.Close;
        if (plan >= Plan.Sink && plan < Plan.Part) return Plan(uint8(plan) + 1);
        if (plan >= Plan.Lead && plan < Plan.Crumb) return Plan(uint8(plan) + 1);
        return plan == Plan.Close || plan == Plan.Part ? Plan.Rest : Plan.None;
    }

    function lead(uint256 seed) external step(seed) {
        _openPairs();
        _plan = Plan.Lead;
    }

    function isUnderway() external view returns (bool) {
        return _plan != Plan.None;
    }

    function _gapStep() private {
        _jump(_target, 1_000 + _draw(3_000), _chance(50));
        _plan = _chance(25) ? Plan.Delay : Plan.Flag;
    }

    function _flagStep() private {
        _loser = _pickBelow(DEALER, DEALERS);
        _plan = _chance(15) ? Plan.Second : Plan.Take;
        if (_chance(35)) {
            _flag(_loser, DEALER);
            _selfTrade(_pickDealer(), _target, false);
            _leave();
        }
        if (_chance(10)) _plan = Plan.Sink;
    }

    function _takeStep() private {
        _plan = Plan.Rest;
        uint256 kind = _draw(10);
        if (kind < 4) _selfBid(_loser);
        else if (kind < 8) _deleverage(_loser, DEALER);
        else if (kind < 9) _outwait(_loser);
    }

    function _waitStep() private {
        _pass(250);
        if (_chance(50)) _keepTime(_loser, DEALER, _chance(30));
        _plan = --_waits == 0 ? Plan.Close : Plan.Waiting;
    }

    function _restStep() private {
        uint256 loser = _pickBelow(DEALER, DEALERS);
        if (_chance(30)) _deleverage(loser, DEALER);
        if (_chance(20)) _writeOff(loser, DEALER);
        if (_chance(50)) _leave();
    }

    function _leave() private {
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) {
            uint256 amount = _sizeOfExit(i, true) / 1e12;
            if (amount > 0) _withdrawAs(i, i, true, amount);
        }
    }
}
