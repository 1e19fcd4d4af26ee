// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books} from "./Books.sol";

/// @dev CLR-05 while time passes: what one side pays the other gets, each by its base, and never more than the clamp lets through. How fast
/// funding moves is not foretold.
abstract contract FundingFlow is Books {
    /// @dev Most that one hour may cost, of the index: half the taker fee of 5 basis points.
    uint256 private constant MOST_PER_HOUR = 25;
    uint256 private constant SHARE_ONE = 100_000;

    /// @dev Whenever time passes nothing but funding moves, and it moves no base.
    function _advance(uint256 seconds_) internal override {
        Book memory before;
        Book memory afterwards;
        _readAccounts(before);
        (int256 first, int256 second) = (_paid(0), _paid(1));
        super._advance(seconds_);
        (first, second) = (_paid(0) - first, _paid(1) - second);
        if (first == 0 && second == 0) return;
        _readAccounts(afterwards);
        _checkFlow(before, afterwards, 0, first);
        _checkFlow(before, afterwards, 1, second);
        uint256 hour = _min(seconds_, 1 hours);
        _require(_size(first) <= (_clampOf(highestPrice[0]) * hour) / 1 hours + 1, "CLR-05: above the clamp");
        _require(_size(second) <= (_clampOf(highestPrice[1]) * hour) / 1 hours + 1, "CLR-05: above the clamp");
    }

    function _checkFlow(Book memory before, Book memory afterwards, uint256 m, int256 moved) private {
        if (moved == 0) return;
        int256 sum;
        uint256 slack = WEI + _slackOf(m, _size(moved));
        for (uint256 i = 0; i < ALL; ++i) {
            int256 got = afterwards.quote[i][m] - before.quote[i][m];
            _require(before.base[i][m] == afterwards.base[i][m], "CLR-05: time moved a base");
            int256 expected = -(before.base[i][m] * moved) / int256(UNIT);
            _require(_size(got - expected) <= slack, "CLR-05: paid by something else than base");
            if (_size(got) > uint256(WEI)) _reached("funding paid");
            sum += got;
        }
        uint256 dust = WEI * ALL + (baseDust[m] * _size(moved)) / UNIT + 1;
        _require(_size(sum) <= dust, "CLR-05: funding is not zero-sum");
    }

    /// @dev After a fill that may move it: what can still be paid for one unit is within the clamp of this index.
    function _checkVelocity(uint256 m, uint256 index) internal {
        (, int256 velocity) = HOUSE.fundingOf(_market(m));
        _require(_size(velocity) <= _clampOf(index) / 1 hours + 1, "CLR-05: velocity above the clamp");
    }

    /// @dev What longs have paid for one unit of base so far.
    function _paid(uint256 m) private view returns (int256 funding) {
        (funding, ) = HOUSE.fundingOf(_market(m));
    }

    function _clampOf(uint256 price) private pure returns (uint256) {
        return (price * MOST_PER_HOUR) / SHARE_ONE;
    }
}
