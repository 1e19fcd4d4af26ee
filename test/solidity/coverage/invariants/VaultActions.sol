// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VaultHandler} from "./VaultHandler.sol";

/// @dev What the fuzzer calls: the runner does not recognise a handler of this size.
contract VaultActions {
    VaultHandler private immutable _handler;

    constructor(VaultHandler handler) {
        _handler = handler;
    }

    function underwrite(uint256 kind, uint256 who, uint256 tranche, uint256 amount) external {
        kind = kind % 9;
        if (kind == 0) _handler.deposit(who, tranche, amount);
        else if (kind == 1) _handler.request(who, tranche, amount);
        else if (kind == 2) _handler.cancel(who, tranche);
        else if (kind == 3) _handler.claim(who, tranche, amount);
        else if (kind == 4) _handler.claimAtLast(who, tranche);
        else if (kind == 5) _handler.expire(who, tranche, amount % 2 == 0);
        else if (kind == 6) _handler.sell(who, tranche / 2, tranche, amount);
        else if (kind == 7) _handler.showAdvances(tranche, who, amount);
        else _handler.claim(who, tranche, amount);
        _handler.remember();
    }

    function insure(uint256 kind, uint256 who, uint256 which, uint256 amount) external {
        kind = kind % 8;
        if (kind == 0) _handler.openSeries(who, amount, which);
        else if (kind == 1) _handler.complete(which, amount % 4 != 0);
        else if (kind == 2) _handler.redeem(who, which, amount);
        else if (kind == 3) _handler.release(which, amount % 4 == 0);
        else if (kind == 4 && amount % 4 == 0) _handler.sync(which);
        else if (kind == 4 && amount % 4 == 1) _handler.writeCurve();
        else if (kind == 4) _handler.redeem(who, which, amount);
        else _handler.buy(who, which, amount);
        _handler.remember();
    }

    function lose(uint256 kind, uint256 product, uint256 amount, uint256 seed) external {
        kind = kind % 10;
        if (kind == 0) _handler.happen(product, amount, seed);
        else if (kind == 1) _handler.report(product);
        else if (kind == 2) _handler.resolve(product, seed % 3 != 0);
        else if (kind == 3) _handler.lapse(product);
        else if (kind == 4) _handler.measure(amount, seed);
        else if (kind == 5) _handler.happen(product, amount, seed);
        else if (kind == 6) _handler.resolve(product, seed % 3 != 0);
        else _handler.cover(amount, seed, product % 4 != 0);
        _handler.remember();
    }

    function live(uint256 kind, uint256 amount, uint256 seed) external {
        kind = kind % 10;
        if (kind == 0) _handler.payPremium(amount, seed);
        else if (kind == 1) _handler.donate(amount, seed);
        else if (kind == 2) _handler.settle();
        else if (kind == 3) _handler.commit(amount, seed % 2 == 0);
        else if (kind == 4) _handler.wait(seed, amount);
        else if (kind == 5) _handler.grief(seed, amount);
        else if (kind == 9) _handler.squeeze(seed, amount);
        else if (kind == 6) _handler.reinsure(seed, amount);
        else if (kind == 7) _handler.leaveReinsurance(seed, amount);
        else _handler.commitReinsurance(amount, seed % 2 == 0);
        _handler.remember();
    }
}
