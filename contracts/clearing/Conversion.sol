// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouseTreasury} from "../interfaces/IClearingHouseTreasury.sol";
import {MarginMath} from "../libraries/MarginMath.sol";
import {TokenUnits} from "../libraries/TokenUnits.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset} from "../types/Clearing.sol";
import {BPS_ONE, WAD} from "../types/Constants.sol";
import {Scope} from "../types/Flags.sol";
import {Header, HeaderWord} from "../types/Headers.sol";
import {AccountId, AssetId, FeedId} from "../types/Identifiers.sol";
import {Words} from "../types/Words.sol";
import {Balances} from "./Balances.sol";

/// @title Negative cash is put right, not left (CLR-10)
/// @notice Anyone buys the collateral of an account whose cash is negative beyond what is tolerated, or for more than a day.
abstract contract Conversion is Balances, IClearingHouseTreasury {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;

    /// @dev Largest discount, reached after DISCOUNT_PERIOD of negative cash.
    uint256 internal constant MAX_DISCOUNT = 0.05e18;
    uint256 internal constant DISCOUNT_PERIOD = 1 hours;
    /// @dev Negative cash of any size may be put right after this time.
    uint256 internal constant TOLERATED_FOR = 1 days;

    /// @dev A purchase on its way.
    struct Purchase {
        uint256 index;
        uint256 price;
        uint256 amount;
        uint256 cost;
        uint256 maxCost;
    }

    function buyCollateral(
        AccountId seller,
        AccountId buyer,
        AssetId asset,
        uint256 amount,
        uint256 maxCost
    ) external nonReentrant returns (uint256 bought, uint256 cost) {
        _requireAuthorized(buyer, Scope.TRADE);
        if (seller == buyer) revert ClearingHouse_SelfTrade(seller);
        Purchase memory purchase;
        purchase.index = _requireAsset(asset);
        purchase.amount = amount;
        purchase.maxCost = maxCost;
        if (purchase.index == 0 || amount == 0) revert ClearingHouse_InvalidAmount(amount, type(uint96).max);
        _price(purchase, seller);
        _exchange(purchase, seller, buyer);
        emit CollateralBought(seller, buyer, asset, purchase.amount, purchase.cost);
        return (purchase.amount, purchase.cost);
    }

    /// @dev Price and amount: never more than the account has, nor more than puts its cash back to zero.
    function _price(Purchase memory purchase, AccountId seller) private view {
        HeaderWord header = _headers[seller].load();
        if (!_isForSale(seller, header)) revert ClearingHouse_CollateralNotForSale(seller, header.cash());
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(_assets[purchase.index].feed));
        if (!hasConsensus) revert ClearingHouse_BlindAccount(seller);
        purchase.price = WadMath.mulWadUp(price, WAD - _discount(header.negativeSince()));
        purchase.amount = WadMath.min(purchase.amount, _collateral[seller][purchase.index]);
        // The clearing account sells all it has; its surplus is the fund's.
        if (seller != _clearingAccount()) {
            uint256 needed = WadMath.mulDivUp(uint256(-header.cash()), WAD, purchase.price);
            purchase.amount = WadMath.min(purchase.amount, needed);
        }
        purchase.cost = WadMath.mulWadUp(purchase.amount, purchase.price);
        if (purchase.amount == 0) revert ClearingHouse_CollateralNotForSale(seller, header.cash());
        if (purchase.cost > purchase.maxCost) revert ClearingHouse_CostAboveLimit(purchase.cost, purchase.maxCost);
    }

    function _exchange(Purchase memory purchase, AccountId seller, AccountId buyer) private {
        Header memory from = Header({word: _headers[seller].load()});
        Header memory to = Header({word: _headers[buyer].load()});
        _removeCollateralFrom(seller, from, purchase.index, purchase.amount);
        _addCollateralTo(buyer, to, purchase.index, purchase.amount);
        _addCash(from, purchase.cost.toInt256());
        _addCash(to, -purchase.cost.toInt256());
        if (seller == _clearingAccount() && from.word.assets() == 0 && from.word.cash() > 0) {
            _creditFund(uint256(from.word.cash()));
            from.setCash(0);
        }
        _saveHeader(seller, from);
        _saveHeader(buyer, to);
        _requireInitialMargin(buyer, _health(buyer));
    }

    /// @dev Beyond the tolerated share of haircut collateral, beyond the house's cap, after a day, or left by a deleveraging.
    function _isForSale(AccountId account, HeaderWord header) private view returns (bool) {
        if (account == _clearingAccount()) return header.assets() != 0;
        if (header.cash() >= 0) return false;
        if (block.timestamp >= (uint256(header.negativeSince()) << 8) + TOLERATED_FOR) return true;
        uint256 debt = uint256(-header.cash());
        if (debt * BPS_ONE > _haircutCollateral(account, header) * NEGATIVE_CASH_SHARE_BPS) return true;
        // Positive cash of the house is at least what it holds in tokens less its debt to the fund (docs/decisions.md).
        uint256 held = TokenUnits.toWad(_tokensHeld(), SETTLEMENT_DECIMALS);
        return uint256(_totals.negativeCash) * BPS_ONE > held * NEGATIVE_CASH_CAP_BPS;
    }

    function _haircutCollateral(AccountId account, HeaderWord header) private view returns (uint256 sum) {
        for (uint256 bits = header.assets(); bits != 0; bits &= bits - 1) {
            uint256 index = LibBit.ffs(bits);
            Asset memory asset = _assets[index];
            (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(asset.feed));
            if (hasConsensus) sum += MarginMath.haircutValueDown(_collateral[account][index], price, asset.haircut);
        }
    }

    /// @dev Grows from 0 to MAX_DISCOUNT within DISCOUNT_PERIOD of cash having become negative.
    function _discount(uint24 negativeSince) private view returns (uint256) {
        uint256 since = uint256(negativeSince) << 8;
        if (negativeSince == 0 || block.timestamp <= since) return 0;
        uint256 elapsed = WadMath.min(block.timestamp - since, DISCOUNT_PERIOD);
        return WadMath.mulDivDown(MAX_DISCOUNT, elapsed, DISCOUNT_PERIOD);
    }
}
