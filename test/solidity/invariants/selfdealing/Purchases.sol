// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {Fills} from "./Fills.sol";

/// @dev Sale of the collateral of who owes cash, with its outcome foretold from CLR-10.
abstract contract Purchases is Fills {
    /// @dev A purchase of all that may be had of `amount`, at a price for one unit.
    struct Purchase {
        uint256 seller;
        uint256 buyer;
        uint256 amount;
        uint256 price;
        uint256 cost;
        Books before;
    }

    function _buyFrom(uint256 seller, uint256 buyer, uint256 amount) internal {
        Purchase memory p;
        (p.seller, p.buyer, p.amount) = (seller, buyer, amount);
        p.before = _books();
        Verdict memory v = _foretellPurchase(p);
        (bool ok, bytes memory result) = _expectVerdict(
            _accounts[buyer].owner(),
            address(HOUSE),
            abi.encodeCall(
                IClearingHouseTreasury.buyCollateral,
                (_idOf(seller), _accounts[buyer], WETH, amount, type(uint256).max)
            ),
            v,
            "buyCollateral"
        );
        Allowance memory allowed;
        if (ok) {
            (uint256 bought, uint256 cost) = abi.decode(result, (uint256, uint256));
            _require(bought == p.amount && cost == p.cost, "CLR-10: amount and cost");
            if (_isDealer(buyer) && !_isDealer(seller)) allowed.discounts = (bought * p.before.prices[0]) / UNIT / 20;
        }
        _closeStill(p.before, allowed, seller, buyer, "sale of collateral");
    }

    function _foretellPurchase(Purchase memory p) private view returns (Verdict memory v) {
        if (p.seller == p.buyer) return _refused(E.ClearingHouse_SelfTrade.selector);
        AccountHeader memory header = HOUSE.headerOf(_idOf(p.seller));
        if (!_isForSale(p, header)) return _refused(E.ClearingHouse_CollateralNotForSale.selector);
        if (!p.before.visible[0]) return _refused(E.ClearingHouse_BlindAccount.selector);
        p.price = _divUp(p.before.prices[0] * (UNIT - _discountOf(header.negativeSince)), UNIT);
        p.amount = _min(p.amount, p.before.collateral[p.seller]);
        // The clearing account sells all it has; anybody else what puts his cash back to zero.
        if (p.seller != CLEARING) {
            p.amount = _min(p.amount, _divUp(uint256(-int256(header.cash)) * UNIT, p.price));
        }
        p.cost = _divUp(p.amount * p.price, UNIT);
        if (p.amount == 0) return _refused(E.ClearingHouse_CollateralNotForSale.selector);
        if (HOUSE.headerOf(_accounts[p.buyer]).assets == 0 && _isInAuction(p.buyer)) {
            return _refused(E.ClearingHouse_InAuction.selector);
        }
        Standing memory t = _standingOf(p.before, p.buyer);
        t.collateral += p.amount;
        t.cash -= int256(p.cost);
        _weigh(t, p.before);
        return _judgeMargin(t, 0);
    }

    /// @dev What the clearing account holds; of others what owes more than half of its collateral after haircut, for a day, or while the
    /// house's negative cash is above a tenth of its tokens.
    function _isForSale(Purchase memory p, AccountHeader memory header) private view returns (bool) {
        if (p.seller == CLEARING) return header.assets != 0;
        if (header.cash >= 0) return false;
        if (_time >= uint256(header.negativeSince) * 256 + 1 days) return true;
        uint256 debt = uint256(-int256(header.cash));
        int256 counted = p.before.visible[0] ? _counted(p.before.collateral[p.seller], p.before.prices[0]) : int256(0);
        if (debt * 10_000 > uint256(counted) * 5_000) return true;
        (, uint256 negativeCash) = HOUSE.totals();
        return negativeCash * 10_000 > _tokensOfHouse() * 1e12 * 1_000;
    }

    /// @dev From 0 to 5% within an hour of owing.
    function _discountOf(uint256 negativeSince) private view returns (uint256) {
        uint256 since = negativeSince * 256;
        if (negativeSince == 0 || _time <= since) return 0;
        return (0.05e18 * _min(_time - since, 1 hours)) / 1 hours;
    }
}
