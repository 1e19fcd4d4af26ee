// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SegmentView} from "../../../../contracts/interfaces/IInsuranceFund.sol";
import {AccountHeader, Interest} from "../../../../contracts/types/Clearing.sol";
import {AccountId, FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {vm} from "../../support/Vm.sol";
import {Market} from "../handlers/Market.sol";
import {Names} from "./Names.sol";

/// @dev Who takes part, what everybody has, and what the self-dealer has gained by anything but the prices of what he holds (LIQ-08).
/// A closed system: what is in his wallets, in his four accounts and in the queue of withdrawals is all that he has.
abstract contract Actors is Market, Names {
    /// @dev Everything that a call may change, at one set of prices. WAD.
    struct Books {
        uint256[2] prices;
        bool[2] visible;
        uint256[2] interest;
        int256[2] funding;
        uint256[2] average;
        uint256[2] last;
        int256[10] values;
        int256[10] cash;
        int256[2][10] base;
        int256[2][10] quote;
        uint256[10] collateral;
        int256 wealth;
        uint256 walletWeth;
        uint256 unallocated;
        uint256 reserve;
        uint256 drawn;
    }

    /// @dev What LIQ-08 lets one owner gain, and what he must have paid. Sums over the path.
    struct Allowance {
        uint256 draws;
        uint256 rewards;
        uint256 income;
        uint256 charged;
        uint256 discounts;
        uint256 penalties;
        uint256 fees;
        uint256 premium;
    }

    /* 0 and 1 hold opposite positions, 2 only deposits, 3 to 6 are the self-dealer's: one address and three sub-accounts of another */
    uint256 internal constant HONEST = 3;
    uint256 internal constant DEALER = 3;
    uint256 internal constant DEALERS = 4;
    uint256 internal constant PEOPLE = 9;
    uint256 internal constant CLEARING = 9;
    /// @dev 1e-9 of a unit for each call: quotes, charges per unit and bases after deleveragings are rounded by wei (R2, R2a).
    int256 internal constant DUST = 1e9;
    int256 internal constant ONE = 1e18;

    int256 public residual;
    int256 public dust;
    Allowance internal _sum;
    /// @dev What has come into the reserve, for the bound on draws in 24 hours.
    uint256 internal _inflow;

    /// @dev LIQ-08 over the whole path.
    function isWithinBound() external view returns (bool) {
        return residual <= _mostOf(_sum) + dust;
    }

    function tally() external view returns (Allowance memory) {
        return _sum;
    }

    function _isDealer(uint256 i) internal pure returns (bool) {
        return i >= DEALER && i < DEALER + DEALERS;
    }

    function _idOf(uint256 i) internal view returns (AccountId) {
        return i == CLEARING ? HOUSE.clearingAccount() : _accounts[i];
    }

    /* BOOKS */

    function _books() internal view returns (Books memory b) {
        return _booksAt(prices());
    }

    function _booksAt(uint256[2] memory at) internal view returns (Books memory b) {
        b.prices = at;
        for (uint8 m = 0; m < 2; ++m) {
            (, b.visible[m]) = ORACLE.quote(FeedId.wrap(m));
            (, Interest memory interest) = HOUSE.marketOf(MarketId.wrap(m));
            b.interest[m] = interest.openInterest;
            (b.funding[m], ) = HOUSE.fundingOf(MarketId.wrap(m));
            b.average[m] = ORACLE.averagePrice(FeedId.wrap(m));
            (b.last[m], ) = ORACLE.lastPrice(FeedId.wrap(m));
        }
        for (uint256 i = 0; i <= CLEARING; ++i) _readAccount(b, i);
        b.unallocated = HOUSE.unallocatedLoss();
        SegmentView memory segment = FUND.segmentOf(SEGMENT);
        (b.reserve, b.drawn) = (segment.reserve, segment.drawn);
        b.wealth = _wealth(b);
    }

    function _readAccount(Books memory b, uint256 i) private view {
        AccountId account = _idOf(i);
        AccountHeader memory header = HOUSE.headerOf(account);
        b.cash[i] = header.cash;
        b.values[i] = header.cash;
        for (uint8 m = 0; m < 2; ++m) {
            if (header.markets & (1 << m) == 0) continue;
            (int256 base, int256 quoteValue) = HOUSE.positionOf(account, MarketId.wrap(m));
            (b.base[i][m], b.quote[i][m]) = (base, quoteValue);
            b.values[i] += _floorMul(base, b.prices[m]) + quoteValue;
        }
        if (header.assets == 0) return;
        b.collateral[i] = HOUSE.collateralOf(account, WETH);
        b.values[i] += int256((b.collateral[i] * b.prices[0]) / UNIT);
    }

    /// @dev Wallets, accounts at consensus prices with collateral at full price, and withdrawals that wait.
    function _wealth(Books memory b) private view returns (int256 sum) {
        for (uint256 k = 0; k < 2; ++k) {
            address owner = _accounts[DEALER + k].owner();
            sum += int256(SYSTEM.usd().balanceOf(owner) * 1e12);
            b.walletWeth += SYSTEM.weth().balanceOf(owner);
        }
        sum += int256((b.walletWeth * b.prices[0]) / UNIT);
        (uint256 waiting, uint256 reserved) = HOUSE.withdrawalQueue();
        for (uint256 i = DEALER; i < DEALER + DEALERS; ++i) {
            sum += b.values[i];
            if (waiting + reserved == 0) continue;
            (uint256 mine, uint256 claimable) = HOUSE.queuedWithdrawalOf(_accounts[i]);
            sum += int256(mine + claimable);
        }
    }

    /* WHAT A CALL MAY DO */

    /// @dev At constant prices and time the self-dealer gains what the call allows, and no more.
    function _closeBooks(
        Books memory before,
        Allowance memory allowed,
        string memory verb
    ) internal returns (Books memory afterwards) {
        afterwards = _booksAt(before.prices);
        int256 gain = afterwards.wealth - before.wealth;
        residual += gain;
        dust += DUST;
        _inflow += afterwards.reserve + afterwards.drawn - before.drawn - before.reserve;
        _add(allowed);
        _require(gain <= _mostOf(allowed) + DUST, string.concat("LIQ-08: the self-dealer gained by a ", verb));
    }

    /// @dev A call that is nobody's business but its two accounts'.
    function _closeStill(
        Books memory before,
        Allowance memory allowed,
        uint256 first,
        uint256 second,
        string memory verb
    ) internal returns (Books memory afterwards) {
        afterwards = _closeBooks(before, allowed, verb);
        for (uint256 i = 0; i <= CLEARING; ++i) {
            if (i == first || i == second) continue;
            _require(
                _isNear(afterwards.values[i], before.values[i]),
                string.concat("INV-13: another account was moved by a ", verb)
            );
        }
        _require(afterwards.drawn == before.drawn, string.concat("FND-02: the fund paid for a ", verb));
    }

    /// @dev Between calls only prices and time act, on everybody by what he holds: base, funding, collateral.
    modifier drifting() {
        Books memory before = _books();
        _;
        Books memory afterwards = _books();
        int256 exposure = _moved(int256(before.walletWeth), before.prices[0], afterwards.prices[0]);
        for (uint256 i = 0; i <= CLEARING; ++i) {
            int256 own = _exposureOf(before, afterwards, i);
            if (_isDealer(i)) exposure += own;
            _require(
                _isNear(afterwards.values[i] - before.values[i], own),
                "LIQ-08: prices or time moved an account by more than what it holds"
            );
        }
        residual += afterwards.wealth - before.wealth - exposure;
        dust += DUST;
    }

    function _exposureOf(Books memory b, Books memory a, uint256 i) private pure returns (int256 sum) {
        for (uint256 m = 0; m < 2; ++m) {
            sum += _moved(b.base[i][m], b.prices[m], a.prices[m]);
            sum -= (b.base[i][m] * (a.funding[m] - b.funding[m])) / ONE;
        }
        sum += _moved(int256(b.collateral[i]), b.prices[0], a.prices[0]);
    }

    function _moved(int256 amount, uint256 from, uint256 to) internal pure returns (int256) {
        return (amount * (int256(to) - int256(from))) / ONE;
    }

    /* STEPS */

    function _mostOf(Allowance memory a) internal pure returns (int256) {
        return
            int256(a.draws + a.rewards + a.income + a.charged + a.discounts) - int256(a.penalties + a.fees + a.premium);
    }

    function _add(Allowance memory a) private {
        _sum.draws += a.draws;
        _sum.rewards += a.rewards;
        _sum.income += a.income;
        _sum.charged += a.charged;
        _sum.discounts += a.discounts;
        _sum.penalties += a.penalties;
        _sum.fees += a.fees;
        _sum.premium += a.premium;
    }

    function _isNear(int256 a, int256 b) internal pure returns (bool) {
        return a - b <= DUST && b - a <= DUST;
    }

    function _abs(int256 a) internal pure returns (uint256) {
        return a < 0 ? uint256(-a) : uint256(a);
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev As `caller`; the outcome must be the predicted one: 0 for success, else the selector of the error.
    function _expect(
        address caller,
        address target,
        bytes memory data,
        bytes4 expected,
        string memory verb
    ) internal returns (bool ok, bytes memory result) {
        vm.prank(caller);
        (ok, result) = target.call(data);
        bytes4 found =
            ok
                ? bytes4(0)
                : result.length < 4
                    ? bytes4(0xffffffff)
                    : bytes4(result);
        string memory outcome = string.concat(verb, " ", _nameOf(found));
        if (found == expected) _reached(bytes32(bytes(outcome)));
        else _break(string.concat("OUTCOME: ", outcome, " ", _hex(result), " instead of ", _nameOf(expected)));
    }
}
