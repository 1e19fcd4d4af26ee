// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SideIndex} from "../libraries/SideIndex.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Position, Side, WithdrawalQueue} from "../types/Clearing.sol";
import {PRODUCT_ONE, WAD} from "../types/Constants.sol";
import {AccountId} from "../types/Identifiers.sol";
import {MeasuredDeficit} from "./MeasuredDeficit.sol";

/// @title Withdrawals that wait for tokens (CLR-10)
/// @notice The house may owe more cash than it holds in tokens while some account's cash is negative against collateral. What it cannot
/// pay at once waits, and tokens that come in are set aside for all who wait, pro rata, by index: the queue is a side of its own
/// whose base is what still waits, closed at price 1 (CLR-09). Nothing else is paid before it.
abstract contract QueuedWithdrawals is MeasuredDeficit {
    using SafeCast for uint256;
    using SafeCast for int256;

    function enqueue(AccountId account, uint256 amount) external onlyLinked(address(this)) {
        // What came in before is theirs who waited then, whether or not one of them has claimed since (R3).
        _serveQueue();
        Side memory side = _queueSide;
        if (side.product == 0) side.product = uint112(PRODUCT_ONE); // The first one ever.
        _queueSide = side;
        (int256 base, int256 credited) = _queuedOf(account, side);
        int256 shares = SideIndex.sharesOf(base + amount.toInt256(), side.product);
        _storeQueued(account, side, shares, credited);
        _queue.waiting += amount.toUint128();
        _fundAccount.hasQueue = true;
        emit WithdrawalQueued(account, amount, _queue.waiting);
    }

    function shareLoss(uint256 charged) external onlyLinked(address(this)) returns (uint256 native) {
        uint256 missing = _fundAccount.unallocated;
        // What the house has for its accounts: tokens, and what the fund has booked and not yet sent (FND-11).
        int256 assets = TokenUnits.toWad(_tokensHeld(), SETTLEMENT_DECIMALS).toInt256() - _fundAccount.balance;
        if (assets <= 0) revert ClearingHouse_InsufficientLiquidity(charged, _tokensHeld());
        uint256 pay = WadMath.mulDivDown(charged, uint256(assets), uint256(assets) + missing);
        native = TokenUnits.toNativeDown(pay, SETTLEMENT_DECIMALS);
        uint256 givenUp = charged - TokenUnits.toWad(native, SETTLEMENT_DECIMALS);
        _fundAccount.unallocated = uint96(missing - WadMath.min(givenUp, missing));
    }

    function claimWithdrawal(AccountId account) external nonReentrant returns (uint256 paid) {
        _serveQueue();
        Side memory side = _queueSide;
        (int256 base, int256 credited) = _queuedOf(account, side);
        // Credits are good to a few wei (R2a): the last claimant gets what is there.
        credited = int256(WadMath.min(WadMath.positivePart(credited), _queue.reserved));
        if (credited == 0) return 0;
        paid = TokenUnits.toNativeDown(uint256(credited), SETTLEMENT_DECIMALS);
        uint256 paidWad = TokenUnits.toWad(paid, SETTLEMENT_DECIMALS);
        if (base == 0)
            delete _queued[account]; // What does not make a unit of the token stays with the house.
        else _storeQueued(account, side, SideIndex.sharesOf(base, side.product), credited - int256(paidWad));
        uint256 taken = base == 0 ? uint256(credited) : paidWad;
        _queue.reserved -= taken.toUint128();
        if (_queue.reserved == 0 && _queue.waiting == 0) _fundAccount.hasQueue = false;
        if (paid != 0) _pay(SETTLEMENT_TOKEN, account.owner(), paid);
        emit WithdrawalPaid(account, account.owner(), paid, uint256(base));
    }

    function queuedWithdrawalOf(AccountId account) external view returns (uint256 waiting, uint256 claimable) {
        (int256 base, int256 credited) = _queuedOf(account, _queueSide);
        return (WadMath.positivePart(base), WadMath.positivePart(credited));
    }

    function withdrawalQueue() external view returns (uint256 waiting, uint256 reserved) {
        return (_queue.waiting, _queue.reserved);
    }

    /// @dev Sets tokens aside for all who wait, pro rata, in one write.
    function _serveQueue() private {
        WithdrawalQueue memory queue = _queue;
        if (queue.waiting == 0) return;
        uint256 balance = TokenUnits.toWad(_tokenBalance(), SETTLEMENT_DECIMALS);
        uint256 served = WadMath.min(balance - WadMath.min(balance, queue.reserved), queue.waiting);
        if (served == 0) return;
        Side memory side = _queueSide;
        SideIndex.deleverage({
            side: side,
            long: true,
            base: served,
            openInterest: queue.waiting,
            price: WAD,
            funding: 0
        });
        queue.waiting -= uint128(served); // Not above what waits.
        queue.reserved += uint128(served);
        if (SideIndex.endsGeneration(side, 0)) {
            uint16 ended = side.generation;
            _queueEnds[ended] = SideIndex.startGeneration(side, 0);
        }
        _queueSide = side;
        _queue = queue;
        emit QueueServed(served, queue.waiting);
    }

    /// @dev Writes a claim so that it is worth `credited` now.
    function _storeQueued(AccountId account, Side memory side, int256 shares, int256 credited) private {
        _queued[account] = Position({
            shares: shares.toInt112(),
            quote: SideIndex.storedQuoteDown(shares, credited, side.sum).toInt128(),
            generation: side.generation
        });
    }

    /// @dev What an account still waits for, and what has been set aside for it. WAD, both rounded down.
    function _queuedOf(AccountId account, Side memory side) private view returns (int256 base, int256 credited) {
        Position memory position = _queued[account];
        (int256 shares, int256 quote) = (position.shares, position.quote);
        uint256 generation = position.generation;
        // Each generation ends at P < 2^-16, so that nothing of 2^96 wei is left to bring forward after six of them.
        while (generation != side.generation && shares != 0) {
            (shares, quote) = SideIndex.rollOnce(shares, quote, _queueEnds[generation]);
            ++generation;
        }
        if (shares == 0) return (0, quote);
        return (SideIndex.baseOf(shares, side.product), SideIndex.quoteValueDown(shares, quote, side.sum));
    }
}
