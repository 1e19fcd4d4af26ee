// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SelfDealingHandler} from "./SelfDealingHandler.sol";

/// @dev What the fuzzer calls. What has been begun goes on, mostly.
contract SelfDealingActions {
    SelfDealingHandler private immutable _handler;

    constructor(SelfDealingHandler handler) {
        _handler = handler;
    }

    function deal(uint256 kind, uint256 seed) external {
        if (_goesOn(kind, seed)) return;
        kind = kind % 14;
        if (kind < 3) _handler.attack(seed);
        else if (kind < 4) _handler.selfTrade(seed);
        else if (kind < 6) _handler.dealCash(seed);
        else if (kind < 7) _handler.dealCollateral(seed);
        else if (kind < 8) _handler.selfBid(seed);
        else if (kind < 11) _handler.bidForOthers(seed);
        else if (kind < 12) _handler.closeOwn(seed);
        else _handler.lead(seed);
    }

    function stand(uint256 kind, uint256 seed) external {
        if (_goesOn(kind, seed)) return;
        kind = kind % 6;
        if (kind < 2) _handler.honest(seed);
        else if (kind < 4) _handler.keeper(seed);
        else _handler.grief(seed);
    }

    function live(uint256 kind, uint256 seed) external {
        if (_goesOn(kind, seed)) return;
        kind = kind % 9;
        if (kind < 3) _handler.walk(seed);
        else if (kind < 5) _handler.leap(seed);
        else if (kind < 6) _handler.feeds_(seed);
        else if (kind < 7) _handler.sync(seed);
        else _handler.rest(seed);
    }

    function _goesOn(uint256 kind, uint256 seed) private returns (bool) {
        if (!_handler.isUnderway() || (kind ^ seed) % 8 == 0) return false;
        _handler.proceed(seed);
        return true;
    }
}
