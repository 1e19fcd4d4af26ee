// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {IClearingHouseRegistry} from "../../../../contracts/interfaces/IClearingHouseRegistry.sol";
import {IInsuranceFund} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {MockToken} from "../../../../contracts/mocks/MockToken.sol";
import {MarketId} from "../../../../contracts/types/Identifiers.sol";
import {vm} from "../../support/Vm.sol";
import {Purchases} from "./Purchases.sol";

/// @dev Everybody else: honest holders who hardly move, a keeper, a griefer who may do nothing and tries everything; prices and time.
abstract contract Bystanders is Purchases {
    uint256 private constant RANGE = 6;

    /* HONEST */

    /// @dev They keep opposite positions, and add money when it gets scarce.
    function honest(uint256 seed) external step(seed) {
        uint8 market = uint8(_draw(2));
        for (uint256 i = 0; i < 2; ++i) {
            if (HOUSE.headerOf(_accounts[i]).cash < 20_000e18 && _chance(25)) _depositAs(i, i, true, 60_000e6);
        }
        (int256 held, ) = HOUSE.positionOf(_accounts[0], _market(market));
        int256 least = market == 0 ? int256(600e18) : int256(12e18);
        if (held < least) _tradeBetween(0, 1, market, least, _feedPriceOf(market));
        else if (_chance(20)) _tradeBetween(0, 1, market, held / 100, _feedPriceOf(market));
    }

    /* THE KEEPER */

    function keeper(uint256 seed) external step(seed) {
        uint256 kind = _draw(10);
        if (kind < 4) {
            uint256 seller = _pickBelow(0, KEEPER);
            _sell(seller, KEEPER, KEEPER, _chance(60) ? UNIT : 1 + _draw(UNIT), 0, type(uint256).max);
        } else if (kind < 6) _still(address(FUND), abi.encodeCall(IInsuranceFund.settle, (SEGMENT)), "settle");
        else if (kind < 7) _gift(1 + _draw(400e6));
        else if (kind < 8)
            _still(address(HOUSE), abi.encodeCall(IClearingHouseTreasury.collectFees, ()), "collectFees");
        else if (kind < 9) _buyFrom(CLEARING, KEEPER, type(uint96).max);
        else _shrink();
    }

    /// @dev Gives what he has taken over back to the market, mostly, to whoever of the honest it fits.
    function _shrink() private {
        for (uint8 m = 0; m < 2; ++m) {
            (int256 base, ) = HOUSE.positionOf(_accounts[KEEPER], _market(m));
            if (base != 0) _tradeBetween(KEEPER, base > 0 ? 1 : 0, m, -base / 4, _feedPriceOf(m));
        }
    }

    function _gift(uint256 amount) private {
        Books memory before = _books();
        _donate(amount);
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "gift");
    }

    /// @dev What must move no account at all.
    function _still(address target, bytes memory data, bytes32 verb) private {
        Books memory before = _books();
        _try(_accounts[KEEPER].owner(), target, data, "", verb);
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "call of the keeper's");
    }

    /* THE GRIEFER */

    /// @dev One wei, nothing, and everything that can be called on others' accounts.
    function grief(uint256 seed) external step(seed) {
        uint256 victim = _draw(GRIEFER);
        uint256 kind = _draw(15);
        if (kind < 2) _sell(_pickBelow(0, GRIEFER), GRIEFER, GRIEFER, _draw(3), 0, type(uint256).max);
        else if (kind < 3)
            _sell(_pickBelow(0, GRIEFER), GRIEFER, GRIEFER, UNIT, UNIT, _chance(50) ? 0 : type(uint256).max);
        else if (kind < 4) _sell(_pickBelow(0, GRIEFER), victim, GRIEFER, UNIT, 0, type(uint256).max);
        else if (kind < 5) _depositAs(GRIEFER, _chance(50) ? victim : GRIEFER, _chance(50), 1);
        else if (kind < 6) _withdrawAs(GRIEFER, victim, _chance(50), 1);
        else if (kind < 7) _moveAs(GRIEFER, victim, _chance(50) ? GRIEFER : DEALER + 1, _chance(50), 1);
        else if (kind < 8) _flag(_pickBelow(0, GRIEFER), GRIEFER);
        else if (kind < 9) _deleverage(_chance(30) ? CLEARING : _pickBelow(0, GRIEFER), GRIEFER);
        else if (kind < 11) _writeOff(_chance(50) ? CLEARING : _pickBelow(0, GRIEFER), GRIEFER);
        else if (kind < 12)
            _buyFrom(_chance(50) ? CLEARING : victim, _chance(30) ? GRIEFER : _pickDealer(), _draw(9e18) + 1);
        else if (kind < 13) _poke(victim);
        else if (kind < 14) _accrue(uint8(_draw(2)));
        else _claim(victim);
    }

    function _poke(uint256 victim) private {
        if (_chance(40)) victim = _pickAuction(victim);
        _keepTime(victim, GRIEFER, _chance(40));
        Books memory before = _books();
        _roll(_accounts[victim], uint8(_draw(2)));
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "roll");
    }

    function _claim(uint256 victim) private {
        Books memory before = _books();
        bytes memory data = abi.encodeCall(IClearingHouseRegistry.claimWithdrawal, (_accounts[victim]));
        _try(_accounts[GRIEFER].owner(), address(HOUSE), data, "", "claim");
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "claim");
    }

    /* PRICES AND TIME */

    function walk(uint256 seed) external step(seed) {
        _jump(uint8(_draw(2)), _draw(300), _chance(50));
    }

    function leap(uint256 seed) external step(seed) {
        _jump(uint8(_draw(2)), 500 + _draw(4_000), _chance(50));
    }

    function feeds_(uint256 seed) external step(seed) {
        _switch(_draw(2), _chance(60));
    }

    function rest(uint256 seed) external step(seed) {
        uint256 kind = _draw(10);
        if (kind < 4) _pass(30 + _draw(270));
        else if (kind < 6) _pass(5 minutes + _draw(2 hours));
        else if (kind < 8) _pass(_draw(40 hours));
        else _switch(_draw(2), false);
    }

    /// @dev Risk control writes the fund's ratio: mostly 1 or a little less, now and then much less or more (MRG-01, MRG-02).
    function sync(uint256 seed) external step(seed) {
        _accrue(0);
        _accrue(1);
        uint256 kind = _draw(10);
        _ratio =
            kind < 4
                ? 1e9
                : kind < 7
                    ? 0.8e9 + _draw(0.2e9)
                    : kind < 9
                        ? 0.3e9 + _draw(0.5e9)
                        : _draw(2e9);
        Books memory before = _books();
        _applyRatio(uint32(_ratio));
        Allowance memory nothing;
        _closeStill(before, nothing, 99, 99, "sync");
        if (_ratio < 1e9) _reached("sync below 1");
    }

    function _pass(uint256 seconds_) internal drifting {
        _advance(seconds_);
        _publish();
        if (_chance(80)) _refreshFeeds();
    }

    function _jump(uint8 feed, uint256 bps, bool up) internal drifting {
        _advance(1 + _draw(60));
        uint256 start = feed == 0 ? 200e18 : 8_000e18;
        uint256 price = _feedPrice[feed];
        price = up ? (price * 10_000) / (10_000 - bps) : (price * (10_000 - bps)) / 10_000;
        if (price < start / RANGE || price > start * RANGE) price = start;
        _feedPrice[feed] = price - (price % 1e10);
        _publish();
        if (_chance(70)) _refreshFeeds();
    }

    function _switch(uint256 feed, bool dies) private drifting {
        _advance(1 + _draw(30));
        _isDead[feed] = dies;
        _publish();
        if (_chance(50)) _refreshFeeds();
    }

    /* STEPS */

    function _fund(uint256 i) internal {
        address owner = _accounts[i].owner();
        (MockToken usd, MockToken weth) = (SYSTEM.usd(), SYSTEM.weth());
        usd.mint(owner, 50_000_000e6);
        weth.mint(owner, 100_000e18);
        vm.prank(owner);
        usd.approve(address(HOUSE), type(uint256).max);
        vm.prank(owner);
        weth.approve(address(HOUSE), type(uint256).max);
    }

    function _pickDealer() internal returns (uint256) {
        return DEALER + _draw(DEALERS);
    }

    /// @dev One of `count` accounts from `first` on: mostly one below maintenance margin, or in debt.
    function _pickBelow(uint256 first, uint256 count) internal returns (uint256 index) {
        uint256 start = _draw(count);
        if (_chance(8)) return first + start;
        for (uint256 k = 0; k < count; ++k) {
            index = first + ((start + k) % count);
            if (HOUSE.health(_accounts[index]).isLiquidatable()) return index;
        }
        return first + start;
    }

    /// @dev One whose auction runs, from `first` on, or that one.
    function _pickAuction(uint256 first) private view returns (uint256 index) {
        for (uint256 k = 0; k < GRIEFER; ++k) {
            index = (first + k) % GRIEFER;
            if (ENGINE.auctionOf(_accounts[index]).isOpen) return index;
        }
        return first;
    }

    function _feedPriceOf(uint8 market) internal view returns (uint256) {
        return prices()[market];
    }

    function _market(uint8 market) internal pure returns (MarketId) {
        return MarketId.wrap(market);
    }
}
