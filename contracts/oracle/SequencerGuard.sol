// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {IPriceOracle, SequencerStatus} from "../interfaces/IPriceOracle.sol";
import {CallOutcome, GuardedCall} from "../libraries/GuardedCall.sol";

/// @title The sequencer's health on a layer 2 (ORC-03)
/// @notice While the sequencer is down, nobody but a few can act, and prices stand still; just after, everybody must first get
/// the chance to. Both count as time in which no price decides. Reads Chainlink's feed for it: answer 0 is up and 1 is down, and the round
/// started when it changed.
/// @dev On a chain without a sequencer the feed is zero, and all that is left of this is one comparison with an immutable.
abstract contract SequencerGuard is IPriceOracle {
    int256 private constant UP = 0;
    int256 private constant DOWN = 1;
    uint256 private constant SHORTEST_GRACE = 1 minutes;
    /// @dev Well below the time after which a leg without consensus may be closed (ORC-07, `maxBlind`, 24 hours).
    uint256 private constant LONGEST_GRACE = 6 hours;

    uint256 private constant ROUND_WORDS = 5;
    uint256 private constant ANSWER_WORD = 1;
    uint256 private constant STARTED_WORD = 2;

    address private immutable _sequencerFeed;
    uint256 private immutable _graceSeconds;

    /// @param feed Chainlink's sequencer uptime feed of this chain, or zero where there is no sequencer
    /// @param grace 1 minute to 6 hours, or 0 where there is no sequencer
    constructor(address feed, uint256 grace) {
        bool isInRange = feed == address(0) ? grace == 0 : grace >= SHORTEST_GRACE && grace <= LONGEST_GRACE;
        if (!isInRange) revert PriceOracle_InvalidGrace(feed, grace);
        (_sequencerFeed, _graceSeconds) = (feed, grace);
        // Another contract at the address would be a sequencer that is down for ever.
        if (feed != address(0)) {
            (bool ok, , ) = _readFeedOfSequencer(feed);
            if (!ok) revert PriceOracle_SequencerUnreadable(feed);
        }
    }

    /// @inheritdoc IPriceOracle
    function sequencerStatus() external view override returns (SequencerStatus memory) {
        return _readStatus();
    }

    /// @dev Whether prices may decide something now.
    function _isSequencerLive() internal view returns (bool) {
        return _sequencerFeed == address(0) || _readStatus().isLive;
    }

    /// @dev Reverts unless prices may decide something now.
    function _requireSequencer() internal view {
        if (_sequencerFeed == address(0)) return;
        SequencerStatus memory status = _readStatus();
        if (!status.isLive) revert PriceOracle_SequencerDown(status.since, status.graceEnds);
    }

    function _readStatus() private view returns (SequencerStatus memory status) {
        (status.feed, status.graceSeconds) = (_sequencerFeed, _graceSeconds);
        if (_sequencerFeed == address(0)) {
            status.isLive = true;
            return status;
        }
        (bool ok, bool isUp, uint256 since) = _readFeedOfSequencer(_sequencerFeed);
        if (!ok) return status;
        status.since = since;
        // A change at no time, or in the future, is none that anybody has seen: an end of it cannot be named.
        if (!isUp || since == 0 || since > block.timestamp) return status;
        status.graceEnds = since + _graceSeconds;
        status.isLive = block.timestamp >= status.graceEnds;
    }

    /// @return ok whether it said that it is up, or down
    function _readFeedOfSequencer(address feed) private view returns (bool ok, bool isUp, uint256 since) {
        (CallOutcome outcome, uint256[] memory round) = GuardedCall.tryStaticCall(
            feed,
            GuardedCall.FEED_GAS,
            abi.encodeCall(AggregatorV3Interface.latestRoundData, ()),
            ROUND_WORDS
        );
        if (outcome != CallOutcome.Returned) return (false, false, 0);
        int256 answer = int256(round[ANSWER_WORD]);
        if (answer != UP && answer != DOWN) return (false, false, 0);
        return (true, answer == UP, round[STARTED_WORD]);
    }
}
