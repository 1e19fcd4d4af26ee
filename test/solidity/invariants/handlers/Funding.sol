// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Interest} from "../../../../contracts/types/Clearing.sol";
import {FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Money} from "./Money.sol";

/// @dev What time takes from positions, foretold: funding between the sides (CLR-05) and the gap premium of both sides (FND-02). And what a
/// measured loss and an announced end forbid (CLR-07, CLR-11).
abstract contract Funding is Money {
    int256 private constant ONE = 1e18;
    int256 private constant HOUR = 3600;
    /// @dev A velocity is kept with 23 bits.
    int256 private constant PRECISION = 2 ** 21;

    /// @dev Velocity of F, WAD per unit and second, and F, as of the last look.
    int256[2] private _velocity;
    int256[2] private _paid;
    uint256[2] private _lookedAt;
    /// @dev Gap premium of the second market, 1e-15 per second and side, and since when it is owed.
    uint256 internal _gapPerSecond;
    uint256 internal _gapSince;
    /// @dev When a market ends; 0 while nothing is announced.
    uint256[2] internal _endsAt;

    /* FUNDING (CLR-05) */

    /// @dev F and its velocity now, from those of the last look: e^(-t) of an hour.
    function _foretellFunding(uint256 m) internal view returns (int256 velocity, int256 paid) {
        int256 elapsed = int256(_time - _lookedAt[m]);
        int256 left = elapsed > 100 * HOUR ? int256(0) : FixedPointMathLib.expWad((-elapsed * ONE) / HOUR);
        velocity = (_velocity[m] * left) / ONE;
        paid = _paid[m] + (_velocity[m] * HOUR * (ONE - left)) / ONE;
    }

    /// @dev Whether the house says the same; then goes on from there.
    function _checkFunding(uint256 m, int256 velocity, int256 paid) internal {
        (int256 found, int256 rate) = HOUSE.fundingOf(MarketId.wrap(uint8(m)));
        int256 size = velocity < 0 ? -velocity : velocity;
        int256 last = _velocity[m] < 0 ? -_velocity[m] : _velocity[m];
        _require(_isWithin(rate, velocity, size / PRECISION + 2), "CLR-05: velocity of funding");
        _require(_isWithin(found, paid, (last * HOUR) / PRECISION + 4 * HOUR), "CLR-05: funding");
        (_velocity[m], _paid[m], _lookedAt[m]) = (rate, found, _time);
    }

    /// @dev A fill pulls the velocity by 1 - e^(-notional / (OI / 2)) of its premium over the index, within 0.025% an hour: what moving it costs
    /// in fees. One that could not stand as a position does not move it.
    function _followFill(uint8 m, int256 size, uint256 price, uint256 openInterest) internal {
        (int256 velocity, int256 paid) = _foretellFunding(m);
        (uint256 index, ) = ORACLE.quote(FeedId.wrap(m));
        uint256 notional = (uint256(size < 0 ? -size : size) * price + UNIT - 1) / UNIT;
        if (notional * (m == 0 ? 4_000 : 3_000) >= 10e18 * 1e5) {
            int256 limit = int256((index * 25) / 1e5) / HOUR;
            uint256 open = (openInterest * index) / UNIT;
            int256 pull = _clamp((int256(price) - int256(index)) / HOUR, limit);
            if (open != 0) pull = (pull * int256(UNIT - _expOf((notional * 2 * UNIT) / open))) / ONE;
            velocity = _clamp(velocity + pull, limit);
            if (pull != 0) _reached("funding moved");
        }
        _checkFunding(m, velocity, paid);
    }

    function _fundingNow() internal view returns (int256[2] memory paid) {
        for (uint8 m = 0; m < 2; ++m) (paid[m], ) = HOUSE.fundingOf(MarketId.wrap(m));
    }

    function _expOf(uint256 exponent) private pure returns (uint256) {
        return exponent > 200e18 ? 0 : uint256(FixedPointMathLib.expWad(-int256(exponent)));
    }

    function _clamp(int256 value, int256 limit) private pure returns (int256) {
        if (value > limit) return limit;
        return value < -limit ? -limit : value;
    }

    function _isWithin(int256 a, int256 b, int256 slack) internal pure returns (bool) {
        return a - b <= slack && b - a <= slack;
    }

    /* THE GAP PREMIUM (FND-02) */

    /// @dev Taken of the second market before a call that would take it, so that what the call itself does can be seen. SelfDealing foretells
    /// the taking inside.
    function _takePremium() internal {
        uint256 premium = HOUSE.accrue(MarketId.wrap(1));
        _require(premium == _premiumDue(), "FND-02: premium");
        _gapSince = _time;
        // Charged rounded up by the unit, on both sides.
        if (premium != 0) quoteDust += (2 * _openInterestOf(1)) / UNIT + 4;
    }

    /// @dev Of a unit: rate times seconds times the last price, rounded up, never above the price; 0 where nothing is owed.
    function _gapPerUnit() internal view returns (uint256 perUnit) {
        (uint256 price, ) = ORACLE.lastPrice(FeedId.wrap(1));
        perUnit = (price * _gapPerSecond * (_time - _gapSince) + 1e15 - 1) / 1e15;
        if (perUnit > price) perUnit = price;
    }

    function _premiumDue() internal view returns (uint256) {
        return 2 * ((_gapPerUnit() * _openInterestOf(1)) / UNIT);
    }

    /// @dev Base of everybody in both markets.
    function _bases() internal view returns (int256[2][] memory bases) {
        bases = new int256[2][](ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            for (uint8 m = 0; m < 2; ++m) (bases[i][m], ) = HOUSE.positionOf(_accounts[i], MarketId.wrap(m));
        }
    }

    function _openInterestOf(uint8 market) internal view returns (uint256) {
        (, Interest memory interest) = HOUSE.marketOf(MarketId.wrap(market));
        return interest.openInterest;
    }

    /* MEASURED LOSSES (CLR-07) */

    /// @dev More is measured than the fund has, and of an account with a position there.
    function _isBlocked(uint8 market) internal view returns (bool) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        return measured > resources && markets & (1 << market) != 0;
    }
}
