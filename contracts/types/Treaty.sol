// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a vault announces for a segment: a layer above what the segment has to bear itself (CVR-09).
/// @param limit most that the layer pays in a period, WAD, before reinstatements
/// @param attachment what the segment has to have lost in the period before the layer pays anything, WAD; 0: pays from the first wei that
/// reaches it
/// @param reinstatements how often the whole limit can be restored in a period, in parts or at once
/// @param periodWeeks weeks that a premium pays for
/// @param premiumBps per year, part of the limit
struct TreatyTerms {
    uint96 limit;
    uint96 attachment;
    uint8 reinstatements;
    uint8 periodWeeks;
    uint16 premiumBps;
}

/// @notice How a vault's treaty with a segment stands.
/// @param terms of this period, or of the last one; all 0 where there was none
/// @param startsAt from when on the layer pays
/// @param endsAt end of the period; 0 where none has begun. The layer pays up to this second, this one excluded
/// @param limit that has begun with the period: what capital was free for, at most that of the terms, WAD
/// @param remaining may still be drawn, unless exits have cut it, WAD
/// @param reinstatable may still be restored, WAD
/// @param attachesAt loss of the segment since its registration from which on the layer pays, raised by what the layer has paid, WAD; 0
/// without attachment
/// @param lastDrawnAt time of the last draw
/// @param announced next terms; all 0 where there are none
/// @param activeFrom from when on they can begin
struct TreatyView {
    TreatyTerms terms;
    uint256 startsAt;
    uint256 endsAt;
    uint256 limit;
    uint256 remaining;
    uint256 reinstatable;
    uint256 attachesAt;
    uint256 lastDrawnAt;
    TreatyTerms announced;
    uint256 activeFrom;
}

/// @dev Bounds of a treaty's terms.
uint256 constant MIN_PERIOD_WEEKS = 4;
/// @dev Not above RING - 2: a period that begins within a week runs to the end of one.
uint256 constant MAX_PERIOD_WEEKS = 13;
uint256 constant MAX_REINSTATEMENTS = 4;
/// @dev What the segment loses within so long of one draw is one occurrence: its limit is not restored meanwhile. Reinsurance calls it the hours
/// clause.
uint256 constant OCCURRENCE = 72 hours;
/// @dev A period that begins within so long of the end of the last one goes on at once; any other pays nothing for the first 72 hours, so that
/// nobody waits for signs of a loss before he pays.
uint256 constant RENEWAL = 1 days;
