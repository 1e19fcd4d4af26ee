// States for `decide`: a quiet one, an account under liquidation, and arbitrary ones.
import fc from "fast-check";
import { keccak256, toBeHex } from "ethers";

import type { AccountState, Health, KeeperState, Rules } from "../../../../scripts/keeper/decide/state.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import { saleNeeds, saleTerms } from "../../../../sdk/previews/bid.ts";

export const RULES: Rules = {
  budget: 100_000n * WAD,
  minProfit: 5n * WAD,
  toleranceBps: 50n,
  refreshEvery: 900n,
  syncEvery: 3_600n,
  settleAbove: 100n * WAD,
  payAbove: 10n * WAD,
  bonds: 1,
};
export const NOW = 1_700_000_000n;
export const BIDDER = toBeHex(0xb1dden, 32);
export const MIN_MARGIN = 10n * WAD;
export const accountOf = (index: number): string => toBeHex(BigInt(index) + 1n, 32);

/** Nothing to do. */
export const QUIET: KeeperState = {
  now: NOW,
  rules: RULES,
  bidder: { account: BIDDER, freeMargin: 1_000_000n * WAD, cash: 1_000_000n * WAD },
  minMaintenanceMargin: MIN_MARGIN,
  spent: 0n,
  gasCost: 0n,
  accounts: [],
  oldPositions: [],
  feeds: [{ feed: 0, readAt: NOW - 10n, maxGap: 300n }],
  markets: [{ market: 0, syncedAt: NOW - 10n, isClosed: false }],
  endings: [],
  blindLegs: [],
  waiting: [],
  sales: [],
  claims: [],
  bond: undefined,
  notices: [],
  fundAccount: 0n,
  waits: new Map(),
};

/** Long 100 ether at 186 with 690 left: MM 744, IM 1,116. */
export const HEALTH: Health = {
  value: 690n * WAD,
  marginBalance: 690n * WAD,
  initialBalance: 690n * WAD,
  linearMargin: 744n * WAD,
  sizeMargin: 0n,
  blindMargin: 0n,
  initialMargin: 1_116n * WAD,
  blindSpread: 0n,
  blindLoss: 0n,
  penaltyBasis: 744n * WAD * 1_000n,
};

/** An account with what a bid on it would bring; `elapsed` of the auction's clock. */
export function underLiquidation(index: number, health: Partial<Health> = {}, elapsed = 300n): AccountState {
  const whole = { ...HEALTH, ...health };
  const terms = saleTerms(whole, elapsed, MIN_MARGIN);
  const { fraction, owing } = saleNeeds(whole, terms, { asked: WAD, minMaintenanceMargin: MIN_MARGIN });
  return {
    account: accountOf(index),
    isHouseOwn: false,
    health: whole,
    markets: 1n,
    assets: 0n,
    feeds: 1n,
    measured: 0n,
    auction: { isOpen: true, wasBelow: true },
    isDeleverageable: false,
    offer: { terms, fraction, income: ((terms.income - owing) * fraction) / WAD },
  };
}

const dollars = (least: number, most: number) =>
  fc.bigInt({ min: BigInt(least) * 10n ** 15n, max: BigInt(most) * 10n ** 15n });

const arbitraryAccount = fc
  .record({
    index: fc.integer({ min: 0, max: 40 }),
    margin: fc.oneof(dollars(5_000, 30_000), dollars(20_000, 50_000_000)),
    size: dollars(0, 1_000_000),
    balance: fc.integer({ min: -1_500, max: 1_400 }),
    elapsed: fc.bigInt({ min: 0n, max: 2_000n }),
    isDeleverageable: fc.boolean(),
    isOpen: fc.boolean(),
    wasBelow: fc.boolean(),
    measured: dollars(0, 1_000_000),
    markets: fc.constantFrom(0n, 1n, 3n),
  })
  .map(({ index, margin, size, balance, elapsed, isDeleverageable, isOpen, wasBelow, measured, markets }) => {
    const value = ((margin + size) * BigInt(balance)) / 1_000n;
    const health = {
      value,
      marginBalance: value,
      initialBalance: value,
      linearMargin: margin,
      sizeMargin: size,
      initialMargin: ((margin + size) * 3n) / 2n,
      penaltyBasis: (margin + size) * 1_000n,
    };
    const isBelow = value < margin + size;
    const found = underLiquidation(index, health, elapsed);
    return {
      ...found,
      isDeleverageable: isDeleverageable && isBelow,
      auction: { isOpen, wasBelow },
      measured,
      markets,
      offer: isBelow ? found.offer : undefined,
    };
  });

/** Anything that could be read. */
export const arbitraryState: fc.Arbitrary<KeeperState> = fc
  .record({
    accounts: fc.uniqueArray(arbitraryAccount, { selector: ({ account }) => account, maxLength: 8 }),
    budget: dollars(0, 100_000_000),
    spent: dollars(0, 50_000_000),
    minProfit: dollars(0, 100_000),
    gasCost: dollars(0, 20_000),
    toleranceBps: fc.bigInt({ min: 0n, max: 1_000n }),
    freeMargin: dollars(0, 100_000_000),
    cash: dollars(0, 100_000_000),
    sales: fc.uniqueArray(
      fc.record({
        seller: fc.integer({ min: 50, max: 60 }).map(accountOf),
        asset: fc.integer({ min: 1, max: 7 }),
        price: dollars(1, 4_000_000),
        discount: fc.bigInt({ min: 0n, max: WAD / 20n }),
        held: dollars(0, 1_000_000),
        debt: fc.option(dollars(1, 10_000_000), { nil: undefined }),
      }),
      { selector: ({ seller, asset }) => `${seller} ${asset}`, maxLength: 4 },
    ),
    fundAccount: fc.bigInt({ min: -1_000n * WAD, max: 1_000n * WAD }),
    age: fc.bigInt({ min: 0n, max: 8_000n }),
  })
  .map(({ accounts, sales, spent, gasCost, freeMargin, cash, fundAccount, age, ...rules }) => ({
    ...QUIET,
    rules: { ...RULES, ...rules },
    accounts,
    sales,
    spent,
    gasCost,
    fundAccount,
    bidder: { account: BIDDER, freeMargin, cash },
    feeds: [{ feed: 0, readAt: NOW - age, maxGap: 300n }],
    markets: [{ market: 0, syncedAt: NOW - age, isClosed: false }],
  }));

/** A name for a state, so that an unchanged one can be told. */
export function fingerprint(state: KeeperState): string {
  const text = JSON.stringify(state, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value instanceof Map ? [...value] : value,
  );
  return keccak256(new TextEncoder().encode(text));
}
