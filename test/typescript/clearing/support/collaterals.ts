import { haircutValueDown } from "../../../../sdk/math/MarginMath.ts";
import { WAD } from "../../support/deployment.ts";
import type { World } from "../../support/world.ts";

/** Prices have the eight digits that feeds have. */
export const FEED_DIGIT = 10n ** 10n;
export const TERMS = [
  { asset: 2, decimals: 6, price: 102_345_678n, haircut: 250n, cap: 40_000n, odd: 123_457n },
  { asset: 3, decimals: 8, price: 812_345_678_901n, haircut: 825n, cap: 3n, odd: 1_234_567n },
  { asset: 4, decimals: 18, price: 21_765_432_109n, haircut: 1_333n, cap: 150n, odd: 1_234_567_890_123_456_789n },
  { asset: 5, decimals: 18, price: 3_712_345n, haircut: 4_500n, cap: 900_000n, odd: 98_765_432_109_876_543_211n },
] as const;

/** A collateral asset as it is listed, and what the house should hold for each account, WAD. */
export class Collateral {
  readonly asset: number;
  readonly unit: bigint;
  readonly price: bigint;
  readonly haircut: bigint;
  readonly cap: bigint;
  /** In the token's own decimals. */
  readonly odd: bigint;
  readonly token: World["weth"];
  readonly feeds: Awaited<ReturnType<World["listFeed"]>>;
  readonly held = new Map<string, bigint>();

  constructor(terms: (typeof TERMS)[number], token: World["weth"], feeds: Collateral["feeds"]) {
    this.asset = terms.asset;
    this.unit = 10n ** BigInt(18 - terms.decimals);
    this.price = terms.price * FEED_DIGIT;
    this.haircut = terms.haircut;
    this.cap = terms.cap * WAD;
    this.odd = terms.odd;
    this.token = token;
    this.feeds = feeds;
  }

  of(account: string): bigint {
    return this.held.get(account) ?? 0n;
  }

  add(account: string, amount: bigint): void {
    this.held.set(account, this.of(account) + amount);
  }

  move(from: string, to: string, amount: bigint): void {
    this.add(from, -amount);
    this.add(to, amount);
  }
}

export function haircutValue(all: readonly Collateral[], account: string): bigint {
  return all.reduce((sum, each) => sum + haircutValueDown(each.of(account), each.price, each.haircut), 0n);
}
