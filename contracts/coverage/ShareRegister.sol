// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title Who holds the shares of one epoch, and who held them when something was lost (FND-10)
/// @notice Nothing is kept of the past until what somebody holds changes for the first time in an interval that a draw has begun. Then what
/// was held until the interval before is kept, and with it, where it is not known yet, that nothing was held before that.
/// @dev What is held: shares of one's own and shares that one has in the queue. Between the two they move without changing it.
library ShareRegister {
    using Checkpoints for Checkpoints.Trace224;

    /// @param shares not in the queue
    /// @param since interval in which what is held changed last, as far as it matters: 0 before the first draw
    struct Holding {
        uint128 shares;
        uint32 since;
    }

    /// @param past by the last interval in which it was held; of address 0, who holds nothing, the supply
    struct Register {
        Holding supply;
        mapping(address account => Holding) holdings;
        mapping(address account => Checkpoints.Trace224) past;
    }

    function add(Holding storage holding, uint256 shares) internal {
        holding.shares += uint128(shares); // Fits: the vault keeps the supply within 128 bits.
    }

    /// @dev Reverts below zero.
    function subtract(Holding storage holding, uint256 shares) internal {
        holding.shares -= uint128(shares); // Fits: not above the supply.
    }

    /// @notice Keeps what is held, before it changes in `interval`, above 0.
    /// @param queued shares in the queue
    function keep(
        Holding storage holding,
        Checkpoints.Trace224 storage past,
        uint32 interval,
        uint256 queued
    ) internal {
        (uint256 held, uint32 since) = (holding.shares + queued, holding.since);
        if (since == interval) return;
        holding.since = interval;
        if (held == 0) return;
        (bool isKept, uint32 until, ) = past.latestCheckpoint();
        if (since != 0 && (!isKept || until < since - 1)) past.push(since - 1, 0);
        past.push(interval - 1, uint224(held)); // Fits: both parts are within the supply.
    }

    /// @notice What was held at the end of an interval, or is held now if it is not over.
    /// @param queued what is in the queue now
    function heldIn(
        Holding storage holding,
        Checkpoints.Trace224 storage past,
        uint32 interval,
        uint256 queued
    ) internal view returns (uint256) {
        return interval >= holding.since ? holding.shares + queued : past.lowerLookup(interval);
    }
}
