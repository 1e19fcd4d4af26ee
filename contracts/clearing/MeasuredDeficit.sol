// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouseRegistry} from "../interfaces/IClearingHouseRegistry.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Deficits, Measured} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountFlags} from "../types/Flags.sol";
import {AccountId, FeedId, MarketId} from "../types/Identifiers.sol";
import {Balances} from "./Balances.sol";

/// @title Losses that can be seen and are not yet booked (CLR-07)
/// @notice Anyone has an insolvent account measured; what it owes beyond what it has counts until it is booked, measured anew, or the
/// epoch after its own has ended (one to two hours). While the sum is above what the fund can pay, nobody leaves at the others' cost:
/// fills in the markets of flagged accounts wait until the loss is booked, which then needs no timeout, and withdrawals leave the
/// account's part of the excess behind (R3, R4).
abstract contract MeasuredDeficit is Balances, IClearingHouseRegistry {
    /// @dev Length of an epoch. What was measured lapses by itself; renewing one account's measure renews no other's.
    uint256 internal constant DEFICIT_EPOCH = 1 hours;

    function bookDeficit(
        AccountId account,
        uint256 fraction,
        uint256 shortfall,
        uint256 drawn
    ) external onlyLinked(address(this)) {
        Deficits memory sums = _deficitsNow();
        AccountHeader memory header = _headers[account];
        if (header.flags & AccountFlags.FLAGGED != 0) {
            // Only a flag makes it last longer.
            uint256 epoch = _measured[account].epoch;
            _measure(account, header, WadMath.mulDivUp(shortfall, WAD - fraction, fraction), epoch, sums);
            _headers[account].flags = header.flags;
        }
        sums.resources -= uint128(WadMath.min(sums.resources, drawn)); // Not above what it was.
        _storeDeficits(sums);
    }

    function measure(
        AccountId account,
        uint256 deficit,
        uint256 resources
    ) external nonReentrant onlyLinked(_config.engine) {
        AccountHeader memory header = _headers[account];
        Deficits memory sums = _deficitsNow();
        _measure(account, header, deficit, sums.epoch, sums);
        sums.resources = uint128(WadMath.min(resources, type(uint128).max));
        _storeDeficits(sums);
        _headers[account].flags = header.flags;
        emit DeficitMeasured(account, deficit, uint256(sums.current) + sums.previous, resources);
    }

    /* VIEWS */

    function requireBooked(MarketId market) external view {
        (uint256 excess, uint256 markets) = _excessDeficit();
        if (excess != 0 && markets & (1 << MarketId.unwrap(market)) != 0) revert ClearingHouse_DeficitUnbooked(market);
    }

    function deficits() external view returns (uint256 measured, uint256 resources, uint256 markets) {
        Deficits memory sums = _deficitsNow();
        measured = uint256(sums.current) + sums.previous;
        return (measured, sums.resources, sums.marketsCurrent | sums.marketsPrevious);
    }

    function measuredDeficitOf(AccountId account) external view returns (uint256 amount, uint256 epoch) {
        return (_measured[account].amount, _measured[account].epoch);
    }

    /// @dev By notional in the markets concerned over their open interest; at most the notional: no charge is above the price (LIQ-05).
    function deficitShareOf(AccountId account) external view returns (uint256) {
        (uint256 excess, uint256 markets) = _excessDeficit();
        uint256 own = _headers[account].markets & markets;
        if (excess == 0 || own == 0) return 0;
        uint256 notional;
        uint256 openNotional;
        for (uint256 bits = markets; bits != 0; bits &= bits - 1) {
            uint256 market = LibBit.ffs(bits);
            (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
            openNotional += WadMath.mulWadDown(_interest[market].openInterest, price);
            // Base does not depend on funding.
            uint256 base = own & (1 << market) == 0 ? 0 : WadMath.abs(_leg(account, market, 0).base);
            notional += WadMath.mulWadUp(base, price);
        }
        if (notional >= openNotional) return WadMath.min(excess, notional);
        return WadMath.min(WadMath.mulDivUp(excess, notional, openNotional), notional);
    }

    /* STEPS */

    /// @dev Replaces what was measured of an account; never adds to it.
    /// @param amount WAD, 0 takes the account out
    /// @param epoch in which it counts, not after that of the sums; none before the previous one counts
    function _measure(
        AccountId account,
        AccountHeader memory header,
        uint256 amount,
        uint256 epoch,
        Deficits memory sums
    ) internal {
        if (header.flags & AccountFlags.FLAGGED != 0) {
            Measured memory measured = _measured[account];
            // What has lapsed is in neither sum any more.
            if (measured.epoch == sums.epoch) sums.current -= measured.amount;
            else if (measured.epoch + 1 == sums.epoch) sums.previous -= measured.amount;
        }
        bool isCurrent = epoch == sums.epoch;
        uint256 sum = isCurrent ? sums.current : sums.previous;
        amount = epoch + 1 < sums.epoch ? 0 : WadMath.min(amount, type(uint96).max - sum);
        if (amount == 0) {
            if (header.flags & AccountFlags.FLAGGED != 0) delete _measured[account];
            header.flags &= ~AccountFlags.FLAGGED;
            return;
        }
        header.flags |= AccountFlags.FLAGGED;
        // Without a position the loss would be spread over all markets (LIQ-05).
        uint48 markets = header.markets == 0 ? _listed : header.markets;
        // Sums are bounded above.
        if (isCurrent) {
            sums.current = uint96(sum + amount);
            sums.marketsCurrent |= markets;
        } else {
            sums.previous = uint96(sum + amount);
            sums.marketsPrevious |= markets;
        }
        _measured[account] = Measured({amount: uint96(amount), epoch: uint32(epoch)});
    }

    function _storeDeficits(Deficits memory sums) internal {
        _deficits = sums;
        bool isNone = sums.current == 0 && sums.previous == 0;
        _config.deficitsUntil = isNone ? 0 : uint32((uint256(sums.epoch) + 2) * DEFICIT_EPOCH);
    }

    /// @dev As stored, brought to the epoch of now.
    function _deficitsNow() internal view returns (Deficits memory sums) {
        sums = _deficits;
        uint256 epoch = block.timestamp / DEFICIT_EPOCH;
        if (sums.epoch == epoch) return sums;
        bool isNext = uint256(sums.epoch) + 1 == epoch;
        sums.previous = isNext ? sums.current : 0;
        sums.marketsPrevious = isNext ? sums.marketsCurrent : 0;
        (sums.current, sums.marketsCurrent, sums.epoch) = (0, 0, uint32(epoch));
    }

    /// @dev What is measured beyond what the fund could pay, WAD, and the markets that it came from.
    function _excessDeficit() internal view returns (uint256 excess, uint256 markets) {
        if (block.timestamp >= _config.deficitsUntil) return (0, 0);
        Deficits memory sums = _deficitsNow();
        uint256 sum = uint256(sums.current) + sums.previous;
        excess = sum - WadMath.min(sum, sums.resources);
        markets = sums.marketsCurrent | sums.marketsPrevious;
    }
}
