// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One unit of the settlement asset, of a base asset, or 100% of a fraction.
uint256 constant WAD = 1e18;
/// @dev Scale of a side's product P: P = 1e30 means that no share has been deleveraged in this generation.
uint256 constant PRODUCT_ONE = 1e30;
/// @dev Scale of a side's sum S: settlement units per share.
uint256 constant SUM_ONE = 1e27;
/// @dev A generation of a side ends when P falls below 2^-16 (CLR-09).
uint256 constant PRODUCT_FLOOR = PRODUCT_ONE >> 16;
/// @dev A generation of a side ends when |S| reaches 2^120 (1.3e9 units of settlement asset per share).
int256 constant SUM_ROLL_LIMIT = int256(1) << 120;
/// @dev Highest price that the house accepts: 1e9 units of settlement asset per whole unit.
uint256 constant MAX_PRICE = 1e27;
/// @dev Highest open interest of a market, in wei of base.
uint256 constant MAX_OPEN_INTEREST = 1 << 95;
/// @dev Highest growth of mmr per million units of notional of one position: 1.05, kept in 20 bits.
uint256 constant MAX_ADD_ON = (1 << 20) - 1;
/// @dev Markets of a house; one bit each in the account header.
uint256 constant MAX_MARKETS = 48;
/// @dev Markets that one account may hold at a time (LIQ-11).
uint256 constant MAX_MARKETS_PER_ACCOUNT = 16;
/// @dev Deposited assets of a house, the settlement asset included.
uint256 constant MAX_ASSETS = 8;
/// @dev Scale of margin rates (mmr) in storage.
uint256 constant RATE_ONE = 1e5;
/// @dev Scale of the gap premium's rate: 1e-15 per second and unit of notional (FND-02).
uint256 constant GAP_RATE_ONE = 1e15;
/// @dev Highest gap premium: 1e-7 per second, 0.86% of notional a day, some thirty times what the formula gives at its most.
uint256 constant MAX_GAP_RATE = 1e8;
/// @dev Bounds of the penalty, basis points of MM, and the steps in which it is kept (LIQ-07).
uint256 constant MIN_PENALTY_RATE = 5_00;
uint256 constant MAX_PENALTY_RATE = 20_00;
uint256 constant PENALTY_STEP = 1_00;
/// @dev Penalty of a market that risk control has not written yet.
uint256 constant INITIAL_PENALTY_RATE = 10_00;
/// @dev Scale of fractions in basis points in storage.
uint256 constant BPS_ONE = 100_00;
/// @dev Time without consensus after which a position can be closed at the last one (ORC-07).
uint256 constant MAX_BLIND = 24 hours;
/// @dev imr = mmr target + 6 points, which is 24 h of mmr's ramp at 0.25% per hour (MRG-02).
uint256 constant INITIAL_MARGIN_POINTS = 6_000;
/// @dev Scale of the fund ratio in the house's config slot.
uint256 constant RATIO_ONE = 1e9;
