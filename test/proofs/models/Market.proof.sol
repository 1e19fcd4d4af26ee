// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A market and an auction (CLR-08, CLR-09, LIQ-01, INV-02, INV-15)
/// @dev Abstracts Positions with all longs as one and all shorts as one. Left out: values, products and their roundings (P-SIDE, P-STEP).
/// prove-engine: chc
contract BaseModel {
    int256 private longs;
    int256 private shorts;

    function trade(uint96 base) external {
        longs += int256(uint256(base));
        shorts -= int256(uint256(base));
    }

    function close(uint96 base) external {
        require(int256(uint256(base)) <= longs);
        longs -= int256(uint256(base));
        shorts += int256(uint256(base));
    }

    function sidesAreEqual() external view {
        // P-MARKET-01: The base of longs and the base of shorts add up to zero.
        // bounds: any sequence of calls
        // bug: "shorts += int256(uint256(base));" -> ""
        assert(longs + shorts == 0);
    }
}

/// @title Cash and positions
/// @dev Abstracts Positions and LossSharing: cash of all accounts, value of all longs and of all shorts. Left out: base, roundings; a move of the price is any.
contract ValueModel {
    int256 private tokens;
    int256 private cash;
    int256 private longs;
    int256 private shorts;

    function deposit(uint96 amount) external {
        tokens += int256(uint256(amount));
        cash += int256(uint256(amount));
    }

    function move(int96 gain) external {
        longs += gain;
        shorts -= gain;
    }

    function socialize(uint96 loss, bool ofLongs) external {
        cash += int256(uint256(loss));
        if (ofLongs) shorts -= int256(uint256(loss));
        else longs -= int256(uint256(loss));
    }

    function nothingIsMade() external view {
        // P-MARKET-02: Cash and all positions are worth the tokens deposited, to the wei, whatever the price did and who was charged.
        // bounds: any sequence of calls
        // bug: "shorts -= gain;" -> ""
        assert(tokens == cash + longs + shorts);
    }
}

/// @title The clock of an auction
/// @dev Abstracts LiquidationEngine for one account, whose health is any at any moment. Left out: dead seconds, the hard stop, bids.
contract ClockModel {
    uint256 private age;
    uint256 private untouched;
    uint256 private live;
    bool private wasBelow;

    function start() external {
        age = 0;
        untouched = 0;
        live = 0;
        wasBelow = true;
    }

    function wait(uint32 elapsed) external {
        age += elapsed;
        untouched += elapsed;
    }

    function touch(bool isBelow) external {
        if (wasBelow && isBelow) live += untouched;
        else live = live > untouched ? live - untouched : 0;
        untouched = 0;
        wasBelow = isBelow;
    }

    function clockIsNotAheadOfTime() external view {
        // P-MARKET-03: No auction is older than the time since it began: nobody makes a clock run faster by touching it.
        // bounds: any sequence of calls
        // bug at 2: "untouched = 0;" -> ""
        assert(live + untouched <= age);
    }
}
