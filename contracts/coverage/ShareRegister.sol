// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title Who holds the shares of one epoch, and who held them when something was lost (FND-10)
/// @notice Nothing is kept of the past until what somebody holds changes for the first time in an interval that a draw has begun. Then what
/// was held until the interval before is kept, and with it, where it is not known yet, that nothing was held before that.
/// @dev What is held: shares of one's own and shares that one has in the queue. Between the two they move without changing it.
library ShareRegister {
    using Checkpoints for Checkpoints.Trace224;

    /// @param shares not in the queue; of address 0 the supply
    /// @param since interval in which what is held changed last, as far as it matters: 0 before the first draw
    struct Holding {
        uint128 shares;
        uint32 since;
    }

    /// @param past by the last interval in which it was held
    struct Register {
        mapping(address account => Holding) holdings;
        mapping(address account => Checkpoints.Trace224) past;
    }

    /// @dev Key of the supply. Shares of address 0 do not exist.
    address internal constant SUPPLY = address(0);

    function supply(Register storage register) internal view returns (uint256) {
        return register.holdings[SUPPLY].shares;
    }

    function add(Register storage register, address account, uint256 shares) internal {
        register.holdings[account].shares += uint128(shares); // Fits: the vault keeps the supply within 128 bits.
    }

    /// @dev Reverts below zero.
    function subtract(Register storage register, address account, uint256 shares) internal {
        register.holdings[account].shares -= uint128(shares); // Fits: not above the supply.
    }

    /// @notice Whether what is held so far must be kept before it changes in `interval`.
    function isUnkept(Register storage register, address account, uint32 interval) internal view returns (bool) {
        return interval != 0 && register.holdings[account].since != interval;
    }

    /// @notice Keeps what is held until now. Before it changes in `interval`, above 0.
    function keep(Register storage register, address account, uint32 interval, uint256 queued) internal {
        Holding storage holding = register.holdings[account];
        uint256 held = holding.shares + queued;
        if (held != 0) {
            Checkpoints.Trace224 storage past = register.past[account];
            uint32 since = holding.since;
            (bool isKept, uint32 until, ) = past.latestCheckpoint();
            if (since != 0 && (!isKept || until < since - 1)) past.push(since - 1, 0);
            past.push(interval - 1, uint224(held)); // Fits: both parts are within the supply.
        }
        holding.since = interval;
    }

    /// @notice What was held at the end of an interval, or is held now if it is not over.
    /// @param queued what is in the queue now
    function heldIn(
        Register storage register,
        address account,
        uint32 interval,
        uint256 queued
    ) internal view returns (uint256) {
        Holding storage holding = register.holdings[account];
        if (interval >= holding.since) return holding.shares + queued;
        return register.past[account].lowerLookup(interval);
    }
}
