// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../types/Identifiers.sol";
import {SourceStatus} from "./IPriceSource.sol";

/// @notice One source of a feed, as listed.
/// @param reader contract that implements IPriceSource; or the oracle itself, which reads a Chainlink feed where the settings are one word,
/// as ChainlinkSource takes them, and else a price of Pyth, with settings as PythSource takes them
/// @param target third-party contract
/// @param settings settings for the reader's `configure`
struct SourceListing {
    address reader;
    address target;
    bytes settings;
}

/// @notice How a feed is decided (ORC-02).
/// @param quorum fewest surviving sources
/// @param kinds fewest distinct kinds among the survivors, 2 to 4 (R6)
/// @param maxDeviation farthest from the median that a source may be, WAD fraction
/// @param maxGap longest time between two refreshes that counts as live, seconds (ORC-05)
/// @param volatilityFloor lowest annual volatility reported, WAD fraction (0.4e18 = 40% a year)
struct FeedRules {
    uint8 quorum;
    uint8 kinds;
    uint64 maxDeviation;
    uint32 maxGap;
    uint64 volatilityFloor;
}

/// @notice A feed's cache as stored.
struct CachedPrice {
    uint256 price;
    uint256 publishedAt;
    uint256 readAt;
    uint256 deadSeconds;
    uint256 spreadBps;
}

/// @notice The sequencer of a layer 2, as its feed says now (ORC-03).
/// @param feed Chainlink's sequencer uptime feed, zero on a chain without a sequencer; never changes
/// @param graceSeconds how long after the sequencer's return no price decides anything; never changes
/// @param isLive whether prices may decide something: always true on a chain without one
/// @param since when it last went up or down, seconds; 0 when its feed cannot be read
/// @param graceEnds from when on prices decide again, seconds; 0 while it is down or its feed cannot be read
struct SequencerStatus {
    address feed;
    uint256 graceSeconds;
    bool isLive;
    uint256 since;
    uint256 graceEnds;
}

/// @title Multi-source price oracle with cache, dead seconds and realised volatility
/// @notice A price is the median of the sources that are fresh, valid and near each other (ORC-02). All prices are WAD
/// settlement units per whole unit. Views may be called at any time; none depends on `block.number`.
/// While the sequencer of a layer 2 is down, and in the grace time after, sources are not asked (ORC-03): `quote` and `quotes` say that
/// there is no consensus, so that deposits, cancellations and risk reduction go on; what decides something reverts with
/// `PriceOracle_SequencerDown`. A price that was read in this second before the change stands for the rest of it.
interface IPriceOracle {
    /// @notice Emitted when a refresh stored a new observation.
    event PriceRefreshed(FeedId indexed feed, uint256 price, uint256 publishedAt, uint256 deadSeconds);
    /// @notice Emitted when a refresh found no consensus; the last one stays.
    event ConsensusMissed(FeedId indexed feed, uint256 fresh, uint256 agreeing);
    /// @notice Emitted when a volatility sample was taken. Variances are WAD per second.
    event VolatilitySampled(FeedId indexed feed, uint256 fast, uint256 slow);
    /// @notice Emitted when it was said whose price a feed is.
    event FeedTokenSet(FeedId indexed feed, address token);
    /// @notice Emitted when a feed was listed or its sources replaced.
    event FeedListed(FeedId indexed feed, FeedRules rules, SourceListing[] sources);

    /// @notice Thrown by `consensusPrice` when too few sources agree.
    error PriceOracle_NoConsensus(FeedId feed, uint256 fresh, uint256 agreeing, uint256 quorum);
    /// @notice Thrown when a feed was never listed.
    error PriceOracle_UnknownFeed(FeedId feed);
    /// @notice Thrown at listing when rules contradict each other or leave their bounds.
    error PriceOracle_InvalidRules(FeedRules rules, uint256 sources);
    /// @notice Thrown at listing when the sources do not agree at once.
    error PriceOracle_ListingWithoutConsensus(FeedId feed, uint256 fresh, uint256 agreeing);
    /// @notice Thrown when a feed's token has no code, or the feed has one already (`current`).
    error PriceOracle_InvalidToken(FeedId feed, address token, address current);
    /// @notice Thrown at listing when the same reader and target appear twice.
    error PriceOracle_DuplicateSource(address reader, address target);
    /// @notice Thrown where a price would decide something while the sequencer is down or in grace (ORC-03). `graceEnds` is 0 while it is
    /// down, and both are 0 when its feed cannot be read, which counts as down.
    error PriceOracle_SequencerDown(uint256 since, uint256 graceEnds);
    /// @notice Thrown at deployment when the grace time is not 1 minute to 6 hours, or not 0 without a sequencer's feed.
    error PriceOracle_InvalidGrace(address sequencerFeed, uint256 graceSeconds);
    /// @notice Thrown at deployment when the sequencer's feed does not say up or down.
    error PriceOracle_SequencerUnreadable(address sequencerFeed);

    /// @notice Reads the sources and stores what they agree on. Anyone may call; the caller pays for it.
    /// Does not revert when there is no consensus. In one transaction only the first call reads the sources; in the same second
    /// a later transaction replaces the stored price only when a source is newer (ORC-04). Reverts with `PriceOracle_SequencerDown`
    /// (ORC-03). Re-entrancy: reads by staticcall.
    /// @return price consensus price, or the last one when there is none now
    /// @return hasConsensus whether the sources agree now
    function refresh(FeedId feed) external returns (uint256 price, bool hasConsensus);

    /// @notice Brings feeds to this second: refreshes each that was not yet read in it. What was read in this second stands, as it does for
    /// `quote`, so that bids on several accounts in one block read the sources once; who knows of a newer price calls `refresh` before.
    /// Does not revert when a feed has no consensus, reverts on one that was never listed and with `PriceOracle_SequencerDown` (ORC-03).
    /// Re-entrancy: reads by staticcall.
    /// @param feeds bit f for feed f
    /// @return words what `quotes` would return now
    function refreshAll(uint256 feeds) external returns (uint256[] memory words);

    /// @notice As `refreshAll` for a single feed, without an array: most liquidations depend on one price. Re-entrancy: reads by staticcall.
    /// @return word price << 1 | whether it has consensus
    function refreshedWord(FeedId feed) external returns (uint256 word);

    /// @notice The price of this second: from the cache when it was refreshed in this second, else read from the sources now.
    /// @return price consensus price, or the last one when there is none now
    /// @return hasConsensus whether the sources agree now
    function quote(FeedId feed) external view returns (uint256 price, bool hasConsensus);

    /// @notice `quote` of several feeds at once.
    /// @param feeds bit f for feed f
    /// @return words one for each bit, lowest feed first: price << 1, plus 1 when the sources agree now
    function quotes(uint256 feeds) external view returns (uint256[] memory words);

    /// @notice As `quote`, but reverts with `PriceOracle_NoConsensus` when there is none (ORC-02), and with
    /// `PriceOracle_SequencerDown` (ORC-03).
    function consensusPrice(FeedId feed) external view returns (uint256 price);

    /// @notice The last consensus price and when it was read. Calls nothing.
    function lastPrice(FeedId feed) external view returns (uint256 price, uint256 readAt);

    /// @notice Moving average of the consensus price with a time constant of 1 hour, which does not yet contain the price of the
    /// last refresh (LIQ-05). Calls nothing.
    function averagePrice(FeedId feed) external view returns (uint256 price);

    /// @notice Seconds without observation since listing, an ongoing gap included (ORC-05). Calls nothing.
    function deadSeconds(FeedId feed) external view returns (uint256 seconds_);

    /// @notice Realised variance per second, WAD: the greater of what is stored and of what the return since the last sample would
    /// make of it (VOL-01), not below the feed's floor. Calls nothing.
    function variance(FeedId feed) external view returns (uint256 fast, uint256 slow);

    /// @notice How far a price without consensus may have moved: z * sigma * sqrt(age), z = 4, WAD fraction, rounded up (ORC-07).
    function blindMove(FeedId feed) external view returns (uint256 fraction);

    /// @notice The cache slot, unpacked.
    function cached(FeedId feed) external view returns (CachedPrice memory);

    /// @notice What each source says now, in the order of listing, for keepers and auditors.
    function inspect(
        FeedId feed
    ) external view returns (SourceStatus[] memory statuses, uint256[] memory prices, uint256[] memory publishedAt);

    /// @notice The sequencer's state now. Re-entrancy: reads by staticcall.
    function sequencerStatus() external view returns (SequencerStatus memory);

    /// @notice Lists a feed or replaces its sources. Restricted by the access manager. The new sources must agree at once.
    /// Reverts with `PriceOracle_SequencerDown` (ORC-03). Limit: cannot write a price.
    function listFeed(FeedId feed, FeedRules calldata rules, SourceListing[] calldata sources) external;

    /// @notice Says which token's price a feed is, so that no vault sells cover against the token it pays in (CVR-03). Restricted by the
    /// access manager. Limit: once for each feed; moves no price.
    function setToken(FeedId feed, address token) external;

    /// @notice Token whose price a feed is; zero when that was never said, as for what is no token.
    function tokenOf(FeedId feed) external view returns (address token);
}
