// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, MarketId} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {BookInvariants} from "./BookInvariants.sol";
import {SystemHandler} from "./handlers/SystemHandler.sol";

/// @dev What holds after every call, whatever was called. Each message begins with the id of the promise.
abstract contract SystemInvariants is BookInvariants {
    uint256 private constant TWINS = 10;
    /// @dev A broken balance stays broken, so that not every call needs to be followed by the whole count.
    uint256 private constant EVERY = 3;

    uint256 private immutable RESERVE;
    bool private immutable WITH_TWINS;

    SystemHandler internal handler;

    constructor(uint256 reserve, bool withTwins) {
        RESERVE = reserve;
        WITH_TWINS = withTwins;
    }

    function setUp() public virtual {
        system = new System(address(0xFEE));
        handler = new SystemHandler(system, RESERVE, WITH_TWINS);
        house = system.house();
        _aim(address(handler), _actions());
    }

    function _actions() internal view returns (bytes4[] memory selectors) {
        bytes4[22] memory all = [
            handler.deposit.selector,
            handler.depositCollateral.selector,
            handler.withdraw.selector,
            handler.move.selector,
            handler.donate.selector,
            handler.settle.selector,
            handler.collectFees.selector,
            handler.trade.selector,
            handler.movePrice.selector,
            handler.gap.selector,
            handler.killFeed.selector,
            handler.reviveFeeds.selector,
            handler.wait.selector,
            handler.refresh.selector,
            handler.roll.selector,
            handler.start.selector,
            handler.touch.selector,
            handler.bid.selector,
            handler.bidOneWei.selector,
            handler.bidMany.selector,
            handler.deleverage.selector,
            handler.writeOff.selector
        ];
        selectors = new bytes4[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) selectors[i] = all[i];
        selectors[all.length] = handler.buyCollateral.selector;
    }

    /* THE INVARIANTS */

    function _checkAll() internal view {
        _assert(bytes(handler.broken()).length == 0, handler.broken());
        if (handler.steps() % EVERY != 0) return;
        uint256[2] memory prices = handler.prices();
        _checkBooks(handler, prices);
        if (WITH_TWINS) _checkTwins(prices);
    }

    /// @dev INV-18: never touched equals always touched.
    function _checkTwins(uint256[2] memory prices) private view {
        AccountId[] memory accounts = handler.accounts();
        for (uint256 i = TWINS; i < TWINS + 4; i += 2) {
            (int256 lazy, ) = house.positionOf(accounts[i], MarketId.wrap(0));
            (int256 settled, ) = house.positionOf(accounts[i + 1], MarketId.wrap(0));
            _assert(_distance(lazy, settled) <= handler.twinBaseDust(), "INV-18: base");
            int256 lazyValue = handler.valueOf(accounts[i], prices);
            int256 settledValue = handler.valueOf(accounts[i + 1], prices);
            _assert(_distance(lazyValue, settledValue) <= handler.twinValueDust(), "INV-18: value");
        }
    }
}
