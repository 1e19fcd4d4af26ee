// What deploy/modules/Local.ts sets up, in numbers.

/** The market of the replay; its feed and that of wrapped ether have the same number. */
export const MARKET = 0;
/** Asset 0 is the settlement token. */
export const CASH = 0;
export const WETH = 1;
/** The first segment of the fund is the house's. */
export const SEGMENT = 1;
/** The vaults behind the fund, in the order in which they pay. */
export const VAULTS = ["backstop", "reinsurance"] as const;
export type VaultName = (typeof VAULTS)[number];
/** The settlement token has six decimals. */
export const TOKEN_DECIMALS = 6;
export const TOKEN_TO_WAD = 10n ** 12n;
/** Feeds have eight. */
export const FEED_DECIMALS = 8;
export const FEED_TO_WAD = 10n ** 10n;
