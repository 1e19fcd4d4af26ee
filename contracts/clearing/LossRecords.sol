// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WadMath} from "../libraries/WadMath.sol";
import {AccountRecord, SaleRecord} from "../types/Clearing.sol";
import {AccountFlags} from "../types/Flags.sol";
import {Header} from "../types/Headers.sol";
import {AccountId} from "../types/Identifiers.sol";
import {ClearingStorage} from "./ClearingStorage.sol";

/// @title What an account bore and at what price it was sold
/// @notice Facts of one account in one market (CLM-03, CLM-04), never read by the loss path. They cost nothing where there is nothing to
/// record: a market whose holders were never charged says so in a slot that is read anyway, and sales are recorded for accounts that ask.
abstract contract LossRecords is ClearingStorage {
    /// @dev Before a position changes in a market that was ever charged: takes in what its side was charged since its last change.
    /// @param excluded charge per unit that the account is being given back, WAD
    function _recordBorne(
        AccountId account,
        uint256 market,
        int256 baseBefore,
        int256 baseAfter,
        uint256 excluded
    ) internal {
        uint256 current;
        if (baseBefore != 0) {
            current = _facts[market][baseBefore > 0].socializedPerUnit;
            // Held on a side that was never charged: the record stands at 0, and has to be looked at by those alone who change sides.
            if (current == 0 && (baseAfter == 0 || (baseAfter > 0) == (baseBefore > 0))) return;
        }
        AccountRecord storage record = _records[account][market];
        uint256 seen = record.socializedPerUnit;
        uint256 borne = _borne(baseBefore, current, seen + excluded);
        // Each charge is below 2^125 and has been taken from what the account had.
        if (borne != 0) record.borne += uint128(borne);
        if (baseAfter == 0) return;
        current = _facts[market][baseAfter > 0].socializedPerUnit;
        if (current != seen) record.socializedPerUnit = uint128(current); // Read from a uint128.
    }

    /// @dev What `base` has borne of the charges to its side since `socializedPerUnit` stood at `seen`, rounded down.
    function _borneSince(uint256 market, int256 base, uint256 seen) internal view returns (uint256) {
        return base == 0 ? 0 : _borne(base, _facts[market][base > 0].socializedPerUnit, seen);
    }

    function _borne(int256 base, uint256 current, uint256 seen) private pure returns (uint256) {
        return current <= seen ? 0 : WadMath.mulWadDown(WadMath.abs(base), current - seen);
    }

    function _stampLiquidated(AccountId account, Header memory header, uint256 cost, bool closesAuction) internal {
        header.setLastLiquidatedAt(uint40(block.timestamp));
        if (closesAuction) header.lower(AccountFlags.IN_AUCTION);
        if (cost != 0) _liquidationCost[account] += cost;
    }

    /// @dev Sales of one second count as one: they were made at one price. Where a position had been deleveraged wholly nothing is sold, and
    /// what was sold before stays on record.
    function _recordSale(AccountId account, uint256 market, int256 base, uint256 price) internal {
        if (base == 0) return;
        SaleRecord storage last = _records[account][market].sale;
        uint256 sold = WadMath.abs(base);
        uint8 side = base > 0 ? 1 : 2;
        if (last.soldAt == block.timestamp && last.side == side) sold += last.base;
        _records[account][market].sale = SaleRecord({
            price: uint112(price), // At most MAX_PRICE.
            base: uint96(sold), // Never above the position that it was sold of, which is at most 2^95.
            soldAt: uint40(block.timestamp),
            side: side
        });
    }
}
