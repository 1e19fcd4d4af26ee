// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePiece} from "../libraries/CodePiece.sol";

import {AccountHeader} from "../types/Clearing.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Words} from "../types/Words.sol";
import {ClearingStorage} from "./ClearingStorage.sol";
import {Moves} from "./Moves.sol";

/// @title Second part of the clearing house's code: loss sharing, deleveraging, moves
/// @notice Reached through ClearingHouse only, on its storage; see IClearingHouseExtension for every function. Rooms, lowest first:
/// ClearingStorage, Positions, Valuation, Balances, LossSharing, Deleveraging, BlindClosing, Moves. What is not here is
/// answered by ClearingHouseRegistry.
contract ClearingHouseExtension is Moves, CodePiece {
    using Words for AccountHeader;

    address private immutable REGISTRY;

    constructor(Settings memory settings, address registry) ClearingStorage(settings) {
        if (registry.code.length == 0) revert ClearingHouse_InvalidLink(registry);
        REGISTRY = registry;
    }

    function positionOf(AccountId account, MarketId market) external view returns (int256 base, int256 quoteValue) {
        uint256 index = _requireMarket(market);
        Leg memory leg = _leg(account, index, _fundingOf(index));
        return (leg.base, leg.quoteValue);
    }

    function feedsOf(AccountId account) external view returns (uint256 bitmap) {
        return _feedsOf(_headers[account].load());
    }

    function _nextPiece() internal view override returns (address) {
        return REGISTRY;
    }
}
