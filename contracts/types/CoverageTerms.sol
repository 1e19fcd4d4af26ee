// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Ends of cover and of premium lie on this grid (CVR-04).
uint256 constant WEEK = 7 days;
/// @dev From the request of an exit to its window (CVR-06).
uint256 constant COOLDOWN = 28 days;
/// @dev In which an exit can be paid, unless it is withheld.
uint256 constant WINDOW = 7 days;
/// @dev Longest that withholding can delay one exit (R4).
uint256 constant MAX_DELAY = 63 days;
/// @dev Before a product or a commitment takes effect: whoever disagrees has left by then (R5).
uint256 constant ANNOUNCEMENT = COOLDOWN + WINDOW + 1;
/// @dev Buckets in the ring of weeks in which premium ends (CVR-04).
uint256 constant RING = 16;
/// @dev After the end of a series, events before it can still be reported.
uint256 constant REPORTING = 7 days;
/// @dev An incident that nobody decides ends after so long (CLM-01).
uint256 constant LAPSE = 14 days;
/// @dev Weeks that a series can run: 10. What is sold in the week of a request is free again, reported and decided or lapsed, when the
/// request's longest delay is over (INV-19). Weeks are whole, so that the day of the week does not matter.
uint256 constant MAX_TERM_WEEKS = (COOLDOWN + MAX_DELAY - REPORTING - LAPSE) / WEEK;
/// @dev For so long after a charge an incident may be open that nobody has reported.
uint256 constant FRESH = 1 hours;
/// @dev Least time that bought cover runs (CVR-08).
uint256 constant MIN_TERM = 7 days;
/// @dev After its waiting time a purchase that could not be minted for so long is refunded. Not above MIN_TERM: so nothing is minted
/// after the end.
uint256 constant MINT_PERIOD = 7 days;
/// @dev No new cover while junior is a smaller part of the capital (CVR-04).
uint256 constant MIN_JUNIOR_BPS = 20_00;
/// @dev Part of a cover's premium that is the fund's (FND-02).
uint256 constant FUND_SHARE_BPS = 10_00;
/// @dev Premium is split by capital; a unit of junior counts so many times a unit of senior (CVR-04).
uint256 constant JUNIOR_WEIGHT = 3;
/// @dev On top of the model's premium (CVR-08).
uint256 constant LOADING_BPS = 30_00;
/// @dev WAD: what a loss leaves of a tranche below this is not worth shares.
uint256 constant TRANCHE_DUST = 1e6;
