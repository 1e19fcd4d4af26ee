// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ILiquidationEngine} from "../interfaces/ILiquidationEngine.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {Auction} from "../types/Auction.sol";
import {WAD} from "../types/Constants.sol";
import {AccountId, FeedId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";

/// @title The live clock of auctions
/// @notice Counts only seconds in which prices of the account's assets could be observed (R7, ORC-05, LIQ-01): wall time less the
/// largest growth of dead seconds among the feeds that have consensus. Time below maintenance margin at both ends is added, other
/// time is subtracted.
abstract contract AuctionClock is ILiquidationEngine, ReentrancyGuardTransient {
    /// @dev tau: an auction ends at E >= tau MM, and a bid at f* leaves the account there.
    uint256 internal constant TARGET_RATIO = 1.15e18;
    /// @dev Deleveraging of an account with V > 0 waits for so many live seconds.
    uint256 internal constant SOLVENT_TIMEOUT = 20 minutes;
    /// @dev ... and with V <= 0, while the fund can pay.
    uint256 internal constant INSOLVENT_TIMEOUT = 10 minutes;
    /// @dev After so much wall time below MM the timeouts count as reached, whatever the clock says (R7).
    uint256 internal constant HARD_STOP = 6 hours;
    /// @dev Feeds whose dead seconds share one word: 32 bits each.
    uint256 private constant FEEDS_PER_WORD = 8;

    IClearingHouse internal immutable HOUSE;
    IPriceOracle internal immutable ORACLE;

    mapping(AccountId account => Auction) internal _auctions;
    mapping(AccountId account => mapping(uint256 word => uint256 deadSeconds)) private _deadSeconds;

    constructor(IClearingHouse house) {
        HOUSE = house;
        ORACLE = IPriceOracle(house.oracle());
    }

    /// @dev The auction as of now, one that starts now when none runs. Writes nothing but `auction`, which comes empty.
    function _next(
        AccountId account,
        uint256 feeds,
        Health memory health,
        Auction memory auction
    ) internal view returns (bool isNew) {
        uint40 current = uint40(block.timestamp);
        Auction storage stored = _auctions[account];
        isNew = !stored.isOpen;
        auction.isOpen = true;
        auction.touchedAt = current;
        if (isNew) {
            auction.belowSince = current;
            auction.wasBelow = true;
            return isNew;
        }
        bool isBelow = health.isLiquidatable();
        auction.elapsed = uint40(_elapsed(account, stored, feeds, isBelow));
        auction.belowSince = isBelow && !stored.wasBelow ? current : stored.belowSince;
        auction.wasBelow = isBelow;
    }

    /// @dev Writes an auction that goes on. A new one marks the account, so that nothing is added to it (ORC-05).
    function _store(
        AccountId account,
        uint256 feeds,
        Health memory health,
        Auction memory auction,
        bool isNew
    ) internal {
        _auctions[account] = auction;
        _storeDeadSeconds(account, feeds);
        if (isNew) {
            HOUSE.setInAuction(account, true);
            emit AuctionStarted(account, health.marginBalance, health.maintenanceMargin());
        } else {
            emit AuctionTouched(account, auction.elapsed, auction.wasBelow);
        }
    }

    /// @dev Frees the slot; the house's flag is cleared by the caller, in the same write as the slice where there is one.
    function _end(AccountId account) internal {
        delete _auctions[account];
        emit AuctionEnded(account);
    }

    /// @dev Seconds on the clock if it were touched now.
    function _elapsed(
        AccountId account,
        Auction storage auction,
        uint256 feeds,
        bool isBelow
    ) internal view returns (uint256) {
        uint256 live = block.timestamp - auction.touchedAt;
        live -= WadMath.min(live, _deadGrowth(account, feeds));
        if (auction.wasBelow && isBelow) return auction.elapsed + live;
        return auction.elapsed - WadMath.min(auction.elapsed, live);
    }

    /// @dev Largest growth of dead seconds since the last touch among the account's feeds that have consensus now (ORC-05, ORC-07).
    function _deadGrowth(AccountId account, uint256 feeds) private view returns (uint256 growth) {
        for (; feeds != 0; feeds &= feeds - 1) {
            uint256 feed = LibBit.ffs(feeds);
            FeedId id = FeedId.wrap(uint8(feed));
            (, bool hasConsensus) = ORACLE.quote(id);
            if (!hasConsensus) continue;
            uint256 word = _deadSeconds[account][feed / FEEDS_PER_WORD];
            uint256 before = uint32(word >> (32 * (feed % FEEDS_PER_WORD)));
            uint256 current = ORACLE.deadSeconds(id);
            // A feed that was listed anew with a longer gap may show fewer dead seconds than before.
            if (current > before) growth = WadMath.max(growth, current - before);
        }
    }

    function _storeDeadSeconds(AccountId account, uint256 feeds) private {
        for (; feeds != 0; feeds &= feeds - 1) {
            uint256 feed = LibBit.ffs(feeds);
            uint256 index = feed / FEEDS_PER_WORD;
            uint256 shift = 32 * (feed % FEEDS_PER_WORD);
            uint256 word = _deadSeconds[account][index];
            uint256 value = uint32(ORACLE.deadSeconds(FeedId.wrap(uint8(feed))));
            uint256 updated = (word & ~(uint256(type(uint32).max) << shift)) | (value << shift);
            if (updated != word) _deadSeconds[account][index] = updated;
        }
    }

    function _isAtTarget(Health memory health) internal pure returns (bool) {
        return health.marginBalance >= int256(WadMath.mulDivUp(health.maintenanceMargin(), TARGET_RATIO, WAD));
    }

    /// @dev LIQ-01's wall-clock hard stop, or the live timeout.
    function _isTimedOut(Auction memory auction, uint256 timeout) internal view returns (bool) {
        return auction.elapsed >= timeout || block.timestamp - auction.belowSince >= HARD_STOP;
    }
}
