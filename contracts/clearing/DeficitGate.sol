// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseRegistry} from "../interfaces/IClearingHouseRegistry.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Valuation} from "./Valuation.sol";

/// @title The way to measured deficits (CLR-07)
/// @notice Fills, bids and withdrawals look at one number that they have read anyway. Only while some deficit is measured do they call
/// the registry's code, at this contract's own address: what is rare costs no code here and no gas otherwise.
abstract contract DeficitGate is Valuation {
    function _hasDeficits() internal view returns (bool) {
        return block.timestamp < _config.deficitsUntil;
    }

    /// @dev A fill moves base from one account to another, so it shrinks the charged side or lets someone in: both wait. Anyone may book
    /// the loss and try again in the same transaction.
    function _requireBooked(uint256 market) internal view {
        if (_hasDeficits()) _registry().requireBooked(MarketId.wrap(uint8(market)));
    }

    /// @dev What a bid or a deleveraging leaves of an account's measured deficit, and of the fund's resources, where there are deficits.
    /// After the headers are stored.
    function _bookDeficit(AccountId account, uint256 fraction, uint256 shortfall, uint256 drawn) internal {
        _registry().bookDeficit(account, fraction, shortfall, drawn);
    }

    /// @dev The part of the unbooked loss that an account must leave behind.
    function _deficitShareUp(AccountId account) internal view returns (uint256) {
        return _hasDeficits() ? _registry().deficitShareOf(account) : 0;
    }

    /// @dev This contract: what it does not have itself is answered by the registry's code.
    function _registry() internal view returns (IClearingHouseRegistry) {
        return IClearingHouseRegistry(address(this));
    }
}
