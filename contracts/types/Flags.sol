// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Rights that an owner can lend to a delegate until a date (CLR-01). None sends value to anyone else.
library Scope {
    /// @dev Fill, sign orders and bid for the account.
    uint8 internal constant TRADE = 1;
    /// @dev Put tokens of the delegate into the account.
    uint8 internal constant DEPOSIT = 2;
    /// @dev Move cash and collateral between sub-accounts of the same owner.
    uint8 internal constant MOVE = 4;
    /// @dev Withdraw, to the owner only.
    uint8 internal constant WITHDRAW = 8;
    /// @dev All scopes.
    uint8 internal constant ALL = 15;
}

/// @notice Bits of an account header's flags.
library AccountFlags {
    /// @dev An auction runs: no asset and no market is added to the account (ORC-05).
    uint8 internal constant IN_AUCTION = 1;
    /// @dev A deficit of the account was measured and counts (CLR-07).
    uint8 internal constant FLAGGED = 2;
    /// @dev Its owner wants its liquidations recorded (CLM-04).
    uint8 internal constant RECORDED = 4;
}

/// @notice Bits of a market's flags.
library MarketFlags {
    /// @dev Two bits of MarketClass.
    uint8 internal constant CLASS_MASK = 3;
    /// @dev Listed and open for risk-increasing fills.
    uint8 internal constant OPEN = 4;
    /// @dev Listed.
    uint8 internal constant LISTED = 8;
    /// @dev Closed for good: every position stands at the closing price (CLR-11).
    uint8 internal constant CLOSED = 16;
    /// @dev Holders were charged a loss at some time: positions keep count of what they bore (CLM-03).
    uint8 internal constant CHARGED = 32;
    /// @dev The guardian paused it; until when stands in Ending, and the mark may outlast the pause (GOV-03).
    uint8 internal constant PAUSED = 64;
}
