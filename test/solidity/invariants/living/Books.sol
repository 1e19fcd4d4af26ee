// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader, Interest, Side} from "../../../../contracts/types/Clearing.sol";
import {PRODUCT_ONE} from "../../../../contracts/types/Constants.sol";
import {AccountId, FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Checks} from "../handlers/Checks.sol";

/// @dev Every account's parts, read one by one, so that what a call charges or settles can be compared part by part.
abstract contract Books is Checks {
    /// @dev Players, and behind them the clearing account.
    uint256 internal constant ALL = ACTIVE + 1;
    /// @dev Wei by which a position may be off after one reading, one charge and one closing, where no side was ever deleveraged.
    uint256 internal constant WEI = 4;

    struct Book {
        uint256[2] prices;
        bool[2] visible;
        int256[ALL] cash;
        int256[2][ALL] base;
        int256[2][ALL] quote;
        uint48[ALL] markets;
        uint256[ALL] collateral;
        uint256[2] interest;
        uint256[2] slack;
        int256 fund;
    }

    /* READING */

    function _read() internal view returns (Book memory book) {
        for (uint8 m = 0; m < 2; ++m) {
            (book.prices[m], book.visible[m]) = ORACLE.quote(FeedId.wrap(m));
            (, Interest memory interest) = HOUSE.marketOf(_market(m));
            book.interest[m] = interest.openInterest;
        }
        _readAccounts(book);
        for (uint256 i = 0; i < ALL; ++i) book.collateral[i] = HOUSE.collateralOf(_idOf(i), WETH);
        book.fund = _fundNet();
    }

    /// @dev What does not depend on prices.
    function _readAccounts(Book memory book) internal view {
        for (uint256 i = 0; i < ALL; ++i) {
            AccountId account = _idOf(i);
            AccountHeader memory header = HOUSE.headerOf(account);
            (book.cash[i], book.markets[i]) = (header.cash, header.markets);
            for (uint8 m = 0; m < 2; ++m) {
                if (header.markets & (1 << m) == 0) continue;
                (book.base[i][m], book.quote[i][m]) = HOUSE.positionOf(account, _market(m));
            }
        }
    }

    /// @dev What the house owes the fund, less a loss that its income repays first.
    function _fundNet() internal view returns (int256) {
        return HOUSE.fundAccount() - int256(HOUSE.unallocatedLoss());
    }

    function _idOf(uint256 i) internal view returns (AccountId) {
        return i == ACTIVE ? HOUSE.clearingAccount() : _accounts[i];
    }

    function _market(uint256 m) internal pure returns (MarketId) {
        return MarketId.wrap(uint8(m));
    }

    /// @dev V at full prices.
    function _worth(Book memory book, uint256 i) internal pure returns (int256 value) {
        value = book.cash[i] + int256((book.collateral[i] * book.prices[0]) / UNIT);
        for (uint256 m = 0; m < 2; ++m) value += _floorMul(book.base[i][m], book.prices[m]) + book.quote[i][m];
    }

    /// @dev Something of the account has no consensus.
    function _isBlind(Book memory book, uint256 i) internal pure returns (bool) {
        if (book.collateral[i] != 0 && !book.visible[0]) return true;
        return (book.base[i][0] != 0 && !book.visible[0]) || (book.base[i][1] != 0 && !book.visible[1]);
    }

    /* COMPARING */

    /// @dev Everything is as expected, positions within WEI and their market's slack, but for two accounts, which the caller looks at himself; ALL for none.
    function _checkBook(Book memory expected, uint256 first, uint256 second, string memory what) internal {
        Book memory found = _read();
        if (!_near(found.fund, expected.fund)) _break(string.concat(what, ": fund"));
        for (uint256 i = 0; i < ALL; ++i) {
            if (i == first || i == second) continue;
            string memory part = _difference(found, expected, i);
            if (bytes(part).length != 0) _break(string.concat(what, ": account ", decimal(i), ", ", part));
        }
    }

    /// @dev The first part of an account that is not as expected.
    function _difference(Book memory found, Book memory expected, uint256 i) private pure returns (string memory) {
        if (found.cash[i] != expected.cash[i]) return "cash";
        if (found.collateral[i] != expected.collateral[i]) return "collateral";
        for (uint256 m = 0; m < 2; ++m) {
            if (found.base[i][m] != expected.base[i][m]) return string.concat("base ", decimal(m));
            uint256 off = _size(found.quote[i][m] - expected.quote[i][m]);
            if (off <= WEI + expected.slack[m]) continue;
            return string.concat("quote ", decimal(m), " off by ", decimal(off));
        }
        return "";
    }

    /// @dev Of a deleveraged side a share stands for a part of a wei of base that base cuts off: what is charged or paid per unit counts it (R2a).
    function _slackOf(uint256 m, uint256 perUnit) internal view returns (uint256) {
        (Side memory long, ) = HOUSE.sideOf(_market(m), true);
        (Side memory short, ) = HOUSE.sideOf(_market(m), false);
        return long.product == PRODUCT_ONE && short.product == PRODUCT_ONE ? 0 : perUnit / UNIT + 1;
    }

    function _near(int256 a, int256 b) internal pure returns (bool) {
        return _size(a - b) <= WEI;
    }

    function _size(int256 value) internal pure returns (uint256) {
        return value < 0 ? uint256(-value) : uint256(value);
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    /* PRICES */

    /// @dev Once in a call: the oracle answers a second time in one transaction with what it has said before.
    function _refreshBoth() internal {
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }
}
