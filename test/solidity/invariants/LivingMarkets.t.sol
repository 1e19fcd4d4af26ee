// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
import {BookInvariants} from "./BookInvariants.sol";
import {LivingHandler} from "./living/LivingHandler.sol";

/// @dev Markets that charge for time, are flagged, run out of tokens and end: funding, the gap premium, measured deficits, waiting withdrawals and
/// closings between fills, gaps and liquidations. Forecasts are in the handlers; the books must agree after every call.
abstract contract LivingInvariants is BookInvariants {
    /// @dev Players and the clearing account.
    uint256 private constant PLAYERS = 11;

    LivingHandler internal handler;

    function setUp() public virtual {
        system = new System(address(0xFEE));
        handler = new LivingHandler(system);
        house = system.house();
        _aim(address(handler), _actions());
    }

    function _actions() internal view returns (bytes4[] memory selectors) {
        bytes4[26] memory all = [
            handler.supply.selector,
            handler.unwind.selector,
            handler.donate.selector,
            handler.settle.selector,
            handler.collectFees.selector,
            handler.movePrice.selector,
            handler.gap.selector,
            handler.killFeed.selector,
            handler.wait.selector,
            handler.roll.selector,
            handler.deal.selector,
            handler.accrue.selector,
            handler.setGapRate.selector,
            handler.flag.selector,
            handler.takeOut.selector,
            handler.run.selector,
            handler.claim.selector,
            handler.bringTokens.selector,
            handler.announceEnd.selector,
            handler.endMarket.selector,
            handler.markBlind.selector,
            handler.startAuction.selector,
            handler.takeOver.selector,
            handler.closeOut.selector,
            handler.bookDebt.selector,
            handler.buyOut.selector
        ];
        selectors = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; ++i) selectors[i] = all[i];
    }

    function _checkAll() internal {
        // Funding and what is measured are functions of time.
        vm.warp(handler.time());
        _assert(bytes(handler.broken()).length == 0, handler.broken());
        _checkBooks(handler, handler.prices());
        _checkQueue();
        _checkMeasured();
        _checkSettled();
    }

    /// @dev CLR-10: what waits and what is set aside are the sums over those who wait, and what is set aside is there.
    function _checkQueue() private view {
        (uint256 waiting, uint256 reserved) = house.withdrawalQueue();
        uint256 allWaiting;
        uint256 allClaimable;
        AccountId[] memory accounts = handler.accounts();
        for (uint256 i = 0; i < accounts.length; ++i) {
            (uint256 own, uint256 claimable) = house.queuedWithdrawalOf(accounts[i]);
            (allWaiting, allClaimable) = (allWaiting + own, allClaimable + claimable);
        }
        uint256 dust = handler.quoteDust();
        _assert(_distance(int256(waiting), int256(allWaiting)) <= dust, "CLR-10: sum of what waits");
        _assert(_distance(int256(reserved), int256(allClaimable)) <= dust, "CLR-10: sum of what is set aside");
        _assert(system.usd().balanceOf(address(house)) * 1e12 >= reserved, "CLR-10: set aside and not there");
    }

    /// @dev CLR-07: what has lapsed does not count, and nothing lapses early.
    function _checkMeasured() private view {
        (uint256 measured, , ) = house.deficits();
        _assert(measured == handler.measuredNow(), "CLR-07: what is measured now");
    }

    /// @dev CLR-11: neither time nor prices nor losses change what a market that has ended has settled.
    function _checkSettled() private view {
        for (uint256 m = 0; m < 2; ++m) {
            if (!handler.isClosed(m)) continue;
            for (uint256 i = 0; i < PLAYERS; ++i) _assert(handler.isSettled(m, i), "CLR-11: a settled position moved");
        }
    }
}

contract LivingMarketsTest is LivingInvariants {
    /// forge-config: default.invariant.runs = 20
    /// forge-config: default.invariant.depth = 100
    function invariant_INV01_INV02_INV07_CLR05_CLR07_CLR08_CLR10_CLR11_FND02_MarketsThatLive() public {
        _checkAll();
    }
}
