// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {AccountId, FeedId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Spec} from "./Spec.sol";

/// @dev What an account needs and what counts for it, written from MRG-01, MRG-02 and ORC-07 with the figures of the listing; the house is
/// asked for cash, positions and collateral only.
abstract contract Margins is Spec {
    /// @dev An account as it is or as a call will leave it, and what follows of it.
    struct Standing {
        uint256 index;
        int256 cash;
        int256[2] base;
        int256[2] quote;
        uint256 collateral;
        int256 value;
        int256 initialBalance;
        int256 unweighted;
        uint256 maintenance;
        uint256 initial;
        bool isBlind;
    }

    /// @dev A refusal: its selector, 0 for none, and the values that it shows: the account, what it has within `slack`, what it would need.
    struct Verdict {
        bytes4 selector;
        uint256 index;
        bool hasValues;
        int256 found;
        uint256 required;
        int256 slack;
        bool isClose;
    }

    uint256 internal constant LEAST_MARGIN = 10e18;
    /// @dev Wei by which a few divisions may be off where nothing is charged to a side.
    int256 internal constant WEI = 8;
    uint256 private constant ADD_ON = 2_000;
    uint256 private constant HAIRCUT = 1_000;

    /// @dev The fund's ratio as risk control has last written it, 1e9.
    uint256 internal _ratio = 1e9;

    /* AS IT IS */

    function _standingOf(Books memory b, uint256 i) internal pure returns (Standing memory t) {
        t.index = i;
        t.cash = b.cash[i];
        for (uint256 m = 0; m < 2; ++m) (t.base[m], t.quote[m]) = (b.base[i][m], b.quote[i][m]);
        t.collateral = b.collateral[i];
    }

    /// @dev MRG-01: what the house says of an account is what the specification makes of it.
    function _checkStanding(Books memory b, uint256 i) internal {
        Standing memory t = _standingOf(b, i);
        _weigh(t, b);
        Health memory h = HOUSE.health(_idOf(i));
        _require(h.value == t.value, "MRG-01: V");
        _require(h.initialBalance == t.initialBalance, "MRG-01: weighted E");
        _require(h.maintenanceMargin() == t.maintenance, "MRG-02: MM");
        _require(h.initialMargin == t.initial, "MRG-02: IM");
        _require(h.hasBlind == t.isBlind, "ORC-07: what is blind");
    }

    function _weigh(Standing memory t, Books memory b) internal view {
        (t.value, t.initialBalance, t.unweighted) = (t.cash, t.cash, t.cash);
        for (uint256 m = 0; m < 2; ++m) _weighMarket(t, b, m);
        if (t.collateral == 0) return;
        if (!b.visible[0]) {
            t.isBlind = true;
            return;
        }
        int256 counted = _counted(t.collateral, b.prices[0]);
        t.value += int256((t.collateral * b.prices[0]) / UNIT);
        t.initialBalance += counted;
        t.unweighted += counted;
    }

    /// @dev Collateral less its haircut.
    function _counted(uint256 amount, uint256 price) internal pure returns (int256) {
        return int256((amount * price * (10_000 - HAIRCUT)) / (UNIT * 10_000));
    }

    /// @dev A loss counts whole, a profit at its market's weight. What is left of a position that was closed wholly is visible and needs nothing.
    function _weighMarket(Standing memory t, Books memory b, uint256 m) private view {
        int256 profit = t.quote[m];
        if (t.base[m] != 0) {
            uint256 price = b.prices[m];
            if (!b.visible[m]) {
                t.isBlind = true;
                price = _blindPrice(m, price, t.base[m] > 0);
            }
            profit += _floorMul(t.base[m], price);
            t.maintenance += _marginUp(_abs(t.base[m]), price, _rateOf(m));
            t.initial += _marginUp(_abs(t.base[m]), price, _initialRateOf(m));
        }
        t.value += profit;
        t.unweighted += profit;
        t.initialBalance += profit > 0 ? int256((uint256(profit) * _profitWeight(m)) / UNIT) : profit;
    }

    /* PRICES */

    function _refreshFeeds() internal {
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }

    /// @dev Feeds that an account depends on; collateral is priced by the first.
    function _feedsOf(uint256 i) internal view returns (uint256) {
        AccountHeader memory header = HOUSE.headerOf(_idOf(i));
        return header.markets | (header.assets != 0 ? 1 : 0);
    }

    /// @dev What a call that refreshes some feeds by itself will make of averages and last prices (LIQ-05).
    function _foresee(Books memory b, uint256 feeds) internal {
        (bool ok, bytes memory result) = address(this).call(abi.encodeCall(this.lookAhead, (feeds)));
        if (ok) return _break("CAMPAIGN: a look ahead left something behind");
        (b.average, b.last) = abi.decode(result, (uint256[2], uint256[2]));
    }

    /// @dev Refreshes, and undoes it.
    function lookAhead(uint256 feeds) external {
        ORACLE.refreshAll(feeds);
        uint256[2] memory average;
        uint256[2] memory last;
        for (uint8 m = 0; m < 2; ++m) {
            average[m] = ORACLE.averagePrice(FeedId.wrap(m));
            (last[m], ) = ORACLE.lastPrice(FeedId.wrap(m));
        }
        bytes memory seen = abi.encode(average, last);
        assembly ("memory-safe") {
            revert(add(seen, 0x20), mload(seen))
        }
    }

    /* FIGURES */

    /// @dev mmr of the listing, 1e-5.
    function _rateOf(uint256 m) internal pure returns (uint256) {
        return m == 0 ? 4_000 : 3_000;
    }

    /// @dev (mmr + 6 points) * clamp(2 - ratio, 1, 2), rounded up.
    function _initialRateOf(uint256 m) private view returns (uint256) {
        return ((_rateOf(m) + 6_000) * (2e9 - _min(_ratio, 1e9)) + 1e9 - 1) / 1e9;
    }

    /// @dev 1, 0.75 or 0.5 by class, times min(1, ratio).
    function _profitWeight(uint256 m) private view returns (uint256) {
        uint256 class_ = _classOf(m);
        uint256 weight =
            class_ == 0
                ? 1e18
                : class_ == 1
                    ? 0.75e18
                    : 0.5e18;
        return (weight * _min(_ratio, 1e9)) / 1e9;
    }

    /// @dev Notional times rate, and 0.2% of the rate's unit more for each million of notional; each part rounded up.
    function _marginUp(uint256 size, uint256 price, uint256 rate) private pure returns (uint256) {
        uint256 notional = _divUp(size * price, UNIT);
        return _divUp(notional * rate, 1e5) + _divUp(notional * notional * ADD_ON, 1e30);
    }

    /// @dev The last price, moved against the account by min(mmr, what it may have moved since).
    function _blindPrice(uint256 m, uint256 price, bool isLong) private view returns (uint256) {
        uint256 move = _min(_rateOf(m) * 1e13, ORACLE.blindMove(FeedId.wrap(uint8(m))));
        return isLong ? (price * (UNIT - move)) / UNIT : _divUp(price * (UNIT + move), UNIT);
    }

    function _divUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
    }

    function _divDown(int256 a, int256 b) internal pure returns (int256) {
        return a < 0 && a % b != 0 ? a / b - 1 : a / b;
    }

    /* WHAT A CALL MAKES OF IT */

    /// @dev Base changes for `quote`: what is opened joins the entry, what is closed takes its part of the entry with it into cash, and
    /// what turns round enters anew.
    function _exchange(Standing memory t, uint256 m, int256 base, int256 quote) internal pure {
        int256 held = t.base[m];
        int256 sum = t.quote[m] + quote;
        int256 kept = sum;
        if (held != 0 && (held > 0) != (base > 0)) {
            (int256 size, int256 change) = (int256(_abs(held)), int256(_abs(base)));
            kept =
                change <= size
                    ? _divDown(t.quote[m] * (size - change), size)
                    : _divDown(quote * (change - size), change);
        }
        t.cash += sum - kept;
        (t.base[m], t.quote[m]) = (held + base, kept);
    }

    /* VERDICTS */

    /// @dev Where initial margin is asked for.
    function _judgeMargin(Standing memory t, int256 slack) internal pure returns (Verdict memory v) {
        v.index = t.index;
        if (t.isBlind) {
            v.selector = E.ClearingHouse_BlindAccount.selector;
            return v;
        }
        int256 spare = t.initialBalance - int256(t.initial);
        v.isClose = spare <= slack && spare >= -slack && slack != 0;
        if (spare >= 0) return v;
        v.selector = E.ClearingHouse_BelowInitialMargin.selector;
        (v.hasValues, v.found, v.required, v.slack) = (true, t.initialBalance, t.initial, slack);
    }

    /// @dev MRG-01: a forecast that counted all profits whole would have said something else.
    function _isDecidedByWeights(Standing memory t) internal pure returns (bool) {
        return !t.isBlind && t.unweighted >= int256(t.initial) && t.initialBalance < int256(t.initial);
    }

    function _judgeDust(Standing memory t) internal pure returns (Verdict memory v) {
        v.index = t.index;
        if (t.maintenance == 0 || t.maintenance >= LEAST_MARGIN) return v;
        v.selector = E.ClearingHouse_DustPosition.selector;
        (v.hasValues, v.found, v.required) = (true, int256(t.maintenance), LEAST_MARGIN);
    }

    function _withClose(Verdict memory v, bool isClose) internal pure returns (Verdict memory) {
        v.isClose = v.isClose || isClose;
        return v;
    }

    function _refused(bytes4 selector) internal pure returns (Verdict memory v) {
        v.selector = selector;
    }

    /// @dev Something would be added to an account whose auction runs (ORC-05).
    function _isInAuction(uint256 i) internal view returns (bool) {
        AccountHeader memory header = HOUSE.headerOf(_idOf(i));
        return header.flags & AccountFlags.IN_AUCTION != 0;
    }

    /// @dev As `_expect`, and the values of the error as well.
    function _expectVerdict(
        address caller,
        address target,
        bytes memory data,
        Verdict memory v,
        string memory verb
    ) internal returns (bool ok, bytes memory result) {
        (ok, result) = _expect(caller, target, data, v.selector, verb);
        if (ok || !v.hasValues || bytes4(result) != v.selector) return (ok, result);
        (AccountId account, int256 found, uint256 required) = abi.decode(
            _afterSelector(result),
            (AccountId, int256, uint256)
        );
        bool isRight = account == _idOf(v.index) && required == v.required;
        isRight = isRight && found - v.found <= v.slack && v.found - found <= v.slack;
        _require(isRight, string.concat("MRG-01: values of an error of a ", verb));
        _reached(bytes32(bytes(string.concat(verb, " error with values"))));
    }

    function _afterSelector(bytes memory result) private pure returns (bytes memory tail) {
        tail = new bytes(result.length - 4);
        for (uint256 i = 0; i < tail.length; ++i) tail[i] = result[i + 4];
    }
}
