// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountHeader} from "../types/Clearing.sol";
import {MAX_BLIND} from "../types/Constants.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {Words} from "../types/Words.sol";
import {Deleveraging} from "./Deleveraging.sol";

/// @title End of positions whose price is gone for good
/// @notice No holding makes an account immune (ORC-07): after MAX_BLIND a position that nobody can value or sell is closed at the last price
/// that there was, for both sides alike. Neither side is favoured, and no loss that is only supposed becomes one that the fund pays (R6).
abstract contract BlindClosing is Deleveraging {
    using Words for AccountHeader;

    function closeBlindLeg(AccountId account, MarketId market) external nonReentrant {
        uint256 index = _requireMarket(market);
        (uint256 since, uint256 price) = _deadSince(index);
        if (!_isDead(since)) revert ClearingHouse_NotBlind(market, since, MAX_BLIND);
        _accrueGap(index, price);
        Health memory health = _health(account);
        if (!health.isLiquidatable()) {
            revert ClearingHouse_NotLiquidatable(account, health.marginBalance, health.maintenanceMargin());
        }
        int256 base = _ownBase(account, index);
        if (base == 0) revert ClearingHouse_InvalidSize(base);
        Header memory header = Header({word: _headers[account].load()});
        _closeBase(account, header, index, base, price, 0);
        _stampLiquidated(account, header, 0, false);
        _saveHeader(account, header);
        emit BlindLegClosed(account, market, base, price);
    }
}
