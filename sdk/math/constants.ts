// The same names and values as contracts/types/Constants.sol.

/** One unit of the settlement asset, of a base asset, or 100% of a fraction. */
export const WAD = 10n ** 18n;
/** Scale of a side's product P. */
export const PRODUCT_ONE = 10n ** 30n;
/** Scale of a side's sum S. */
export const SUM_ONE = 10n ** 27n;
/** A generation of a side ends when P falls below 2^-16. */
export const PRODUCT_FLOOR = PRODUCT_ONE >> 16n;
/** A generation of a side ends when |effective S| reaches 2^120. */
export const SUM_ROLL_LIMIT = 1n << 120n;
/** Highest price, WAD. */
export const MAX_PRICE = 10n ** 27n;
/** Highest open interest of a market, wei of base. */
export const MAX_OPEN_INTEREST = 1n << 95n;
/** Scale of margin rates. */
export const RATE_ONE = 100_000n;
/** Scale of fractions in basis points. */
export const BPS_ONE = 10_000n;
/** imr = mmr target + 6 points (MRG-02). */
export const INITIAL_MARGIN_POINTS = 6_000n;
/** Scale of the fund ratio. */
export const RATIO_ONE = 10n ** 9n;
