// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskController} from "../interfaces/IRiskController.sol";
import {MarginMath} from "../libraries/MarginMath.sol";
import {RiskMath} from "../libraries/RiskMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Market} from "../types/Clearing.sol";
import {AccountId, MarketId, feedOfMarket} from "../types/Identifiers.sol";
import {LargeAccount} from "../types/Risk.sol";
import {TargetHistory} from "./TargetHistory.sol";

/// @title The two largest accounts that anyone has shown (FND-03)
/// @notice A house cannot rank its accounts without a loop, so it is shown them: the two largest stand, and a larger one drives out the
/// smaller.
/// @dev Why a measurement may be renewed downwards at once, by anyone: whoever shrinks or closes should not count longer, and an account
/// that is gone would otherwise stand for ever. The price is that two large positions, opened and closed again, can drive out two
/// others, which must then be shown anew. What that is worth is bounded: where mmr is 4 sigma sqrt(h), two accounts never count more than
/// the markets that they are in do by themselves, so they matter only while mmr lags behind volatility or a market was not measured.
abstract contract LargeAccounts is TargetHistory, ReentrancyGuardTransient {
    IClearingHouse internal immutable HOUSE;
    IPriceOracle internal immutable ORACLE;

    LargeAccount private _first;
    LargeAccount private _second;

    constructor(IClearingHouse house_) {
        if (address(house_).code.length == 0 || house_.engine() == address(0)) {
            revert RiskController_InvalidHouse(address(house_));
        }
        HOUSE = house_;
        ORACLE = IPriceOracle(house_.oracle());
    }

    /// @inheritdoc IRiskController
    function register(AccountId account) external nonReentrant returns (uint256 stress) {
        // Check
        stress = _measure(account);
        LargeAccount storage place = _placeOf(account, stress);

        // Effect
        _recordTarget();
        if (place.account == account && place.stress != 0) {
            emit AccountMeasured(account, place.stress, stress);
        } else {
            if (place.stress != 0) emit AccountReplaced(place.account, account, place.stress);
            emit AccountMeasured(account, 0, stress);
        }
        place.account = stress == 0 ? AccountId.wrap(0) : account;
        place.stress = uint128(stress); // `_measure` saturates.
        place.measuredAt = uint40(block.timestamp);
    }

    /// @inheritdoc IRiskController
    function largeAccounts() external view returns (LargeAccount memory first, LargeAccount memory second) {
        return (_first, _second);
    }

    function _accountsTarget() internal view returns (uint256) {
        return uint256(_first.stress) + _second.stress;
    }

    /// @dev The place that an account has, or the one that it takes.
    function _placeOf(AccountId account, uint256 stress) private view returns (LargeAccount storage place) {
        if (_first.account == account && _first.stress != 0) return _first;
        if (_second.account == account && _second.stress != 0) return _second;
        place = _second.stress < _first.stress ? _second : _first;
        if (stress <= place.stress) revert RiskController_NotLarge(account, stress, place.stress);
    }

    /// @dev At most MAX_MARKETS_PER_ACCOUNT positions.
    function _measure(AccountId account) private returns (uint256 stress) {
        uint256 markets = HOUSE.headerOf(account).markets;
        if (markets == 0) return 0;
        uint256[] memory words = ORACLE.refreshAll(markets);
        for (uint256 i = 0; markets != 0; markets &= markets - 1) {
            MarketId market = MarketId.wrap(uint8(LibBit.ffs(markets)));
            stress += _stressOf(account, market, words[i++] >> 1);
        }
        return WadMath.min(stress, type(uint128).max);
    }

    function _stressOf(AccountId account, MarketId market, uint256 price) private view returns (uint256) {
        (int256 base, ) = HOUSE.positionOf(account, market);
        if (base == 0) return 0; // Wholly deleveraged, or of a closed market.
        (uint256 fast, uint256 slow) = ORACLE.variance(feedOfMarket(market));
        (Market memory settings, ) = HOUSE.marketOf(market);
        return
            RiskMath.stressUp({
                absoluteBase: WadMath.abs(base),
                price: price,
                variance: RiskMath.highestVariance(fast, slow),
                rate: _rateNow(settings)
            });
    }

    /// @dev mmr now, in units of RATE_ONE (MRG-02).
    function _rateNow(Market memory settings) internal view returns (uint256) {
        return
            MarginMath.currentRateUp({
                rateSet: settings.rateSet,
                rateTarget: settings.rateTarget,
                setAt: settings.rateSetAt,
                timestamp: block.timestamp
            });
    }
}
