// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {FeedId} from "../../../../contracts/types/Identifiers.sol";
import {FundingFlow} from "./FundingFlow.sol";

/// @dev The gap premium (FND-02): both sides owe rate * seconds * price for a unit of base since it was last taken, and the fund is credited at
/// once what is taken of open interest, rounded down on each side.
abstract contract GapCharges is FundingFlow {
    uint256 private constant RATE_ONE = 1e15;
    /// @dev 5e-8 a second, 0.4% of notional a day: so much that an error in it shows within a few calls.
    uint256 private constant MOST_RATE = 50_000_000;

    /// @dev Per second and side, 1e-15, as risk control has last written it; and when it was last taken.
    uint256[2] private _gapRate;
    uint256[2] private _takenAt;

    /// @dev Anyone has it taken, at the last price.
    function accrue(uint256 seed) external step(seed) {
        if (_chance(50)) _advance(1 + _draw(2 hours));
        _accrue(_draw(2));
    }

    /// @dev Risk control writes another rate: what was owed at the old one is taken before.
    function setGapRate(uint256 seed) external step(seed) {
        uint256 m = _draw(2);
        uint256 rate = _chance(20) ? 0 : 1 + _draw(MOST_RATE);
        Book memory book = _read();
        _charge(book, m, _lastPrice(m));
        SYSTEM.chargeGap(_market(m), uint32(rate));
        _noteTaken(m);
        _gapRate[m] = rate;
        _checkBook(book, ALL, ALL, "FND-02: a change of the rate");
        _reached("gap rate set");
    }

    /* STEPS */

    function _accrue(uint256 m) internal {
        Book memory book = _read();
        uint256 premium = _charge(book, m, _lastPrice(m));
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseTreasury.accrue, (_market(m))),
            "",
            "accrue"
        );
        if (!ok) return;
        _require(abi.decode(result, (uint256)) == premium, "FND-02: floor(charge * base) of both sides");
        _noteTaken(m);
        _checkBook(book, ALL, ALL, "FND-02: premium of both sides");
        if (premium != 0) _reached("premium taken");
    }

    /// @dev What one unit of base owes now, never more than its price.
    function _owedPerUnit(uint256 m, uint256 price) internal view returns (uint256) {
        uint256 earned = _gapRate[m] * (_time - _takenAt[m]);
        return _min(price, (price * earned + RATE_ONE - 1) / RATE_ONE);
    }

    /// @dev The books as they stand once a market's premium is paid. Returns what the fund gets of it.
    function _charge(Book memory book, uint256 m, uint256 price) internal view returns (uint256 premium) {
        if (book.interest[m] == 0) return 0;
        uint256 perUnit = _owedPerUnit(m, price);
        book.slack[m] += _slackOf(m, perUnit);
        for (uint256 i = 0; i < ALL; ++i) book.quote[i][m] -= int256((_size(book.base[i][m]) * perUnit) / UNIT);
        premium = 2 * ((perUnit * book.interest[m]) / UNIT);
        book.fund += int256(premium);
    }

    /// @dev As above, in all of an account's markets, at the prices of the books: what an assessment takes before it measures.
    function _chargeMarketsOf(Book memory book, uint256 i) internal view {
        for (uint256 m = 0; m < 2; ++m) if (book.markets[i] & (1 << m) != 0) _charge(book, m, book.prices[m]);
    }

    /// @dev A call has taken it. Each side's part is rounded down once.
    function _noteTaken(uint256 m) internal {
        if (_takenAt[m] == _time) return;
        _takenAt[m] = _time;
        quoteDust += ALL + 2;
    }

    function _noteMarketsTaken(Book memory book, uint256 i) internal {
        for (uint256 m = 0; m < 2; ++m) if (book.markets[i] & (1 << m) != 0) _noteTaken(m);
    }

    function _lastPrice(uint256 m) internal view returns (uint256 price) {
        (price, ) = ORACLE.lastPrice(FeedId.wrap(uint8(m)));
    }
}
