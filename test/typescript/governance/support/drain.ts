// How whoever makes the prices takes what a fund may be drawn for: one of his accounts loses all and more to another of his.
import { WAD } from "../../support/deployment.ts";
import type { Compromised } from "./thief.ts";

const MAX = (1n << 255n) - 1n;
const HOUR = 3_600n;

/** A market and the sources of its feed. */
export interface Rigged {
  readonly market: number;
  readonly feeds: readonly { setAnswer(answer: bigint): Promise<unknown> }[];
  /** Whole dollars. */
  readonly price: bigint;
}

/** All sources of a market say this. */
export async function say({ feeds }: Pick<Rigged, "feeds">, price: bigint): Promise<void> {
  for (const feed of feeds) await feed.setAnswer(price * 10n ** 8n);
}

/** A loss counts for its class only as far as the price falls from the hour's average (LIQ-05): that must have risen before. Three hours. */
export async function raise(t: Compromised, markets: readonly Rigged[]): Promise<void> {
  for (let hour = 0; hour < 3; ++hour) {
    for (const one of markets) {
      await say(one, one.price);
      await t.oracle.refresh(one.market);
    }
    await t.networkHelpers.time.increase(HOUR);
  }
}

/** In each market a new account of the thief's loses four fifths of so many units to his other one, and his third one bids. */
export async function crash(
  t: Compromised,
  markets: readonly Rigged[],
  accounts: { readonly winner: string; readonly bidder: string; readonly loser: () => Promise<string> },
  units = 100n,
): Promise<void> {
  for (const one of markets) {
    await say(one, one.price);
    const loser = await accounts.loser();
    await t.trade(loser, accounts.winner, one.market, units * WAD, one.price * WAD);
    await say(one, one.price / 5n);
    await t.networkHelpers.time.increase(1n);
    await t.engine.connect(t.key).bid({
      account: loser,
      bidder: accounts.bidder,
      fraction: WAD,
      minFraction: 0n,
      maxPrice: MAX,
      minIncome: 0n,
    });
  }
}
