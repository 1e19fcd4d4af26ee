import { expect } from "chai";

import { BTC_MARKET, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Hyperliquid, 2025-10-10 (T1). In 12 minutes 2.1 billion USD were closed by a queue that takes the most profitable and most leveraged
 * first; all of the ten largest winners were in it, and winners lost 45.0 to 51.7 million more than was missing. SOL fell by 26%.
 * Figures: peers.md of the design notes, T1 (arXiv 2512.01112v3, 2602.15182). The accounts are ours: ten longs, of whom the fall leaves
 * five with less than nothing, and four shorts of different size and leverage. Nobody bids and the fund is empty.
 */

const MARKET = 2;
const ENTRY = 200n * WAD;
/** 26% down. */
const AFTER = 148n * WAD;
const UNITS = 1_000n;
const SIZE = UNITS * WAD;
const FEE = 100n;
/** 20% of 200,000, and 50%. */
const [WEAK, STRONG] = [40_000n, 100_000n];
/** What each of the five weak ones owes beyond what he has: 1,000 times 52, less 40,000. */
const MISSING = 12_000n * DOLLAR;
/** Thousands of units, and margin: from no leverage to nearly eight times. */
const WINNERS = [
  [4n, 800_000n],
  [3n, 300_000n],
  [2n, 100_000n],
  [1n, 26_000n],
] as const;
/** Weak longs, and as many strong ones. */
const PAIRS = 5n;

describe("incident T1: winners are closed by a queue (Hyperliquid, 2025-10-10)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  let [weak, strong, winners]: [string[], string[], string[]] = [[], [], []];
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, ENTRY, { cap: 10n * SIZE });
    [weak, strong, winners] = [[], [], []];
    for (const [index, [, margin]] of WINNERS.entries()) winners.push(await w.cash(w.bob, margin, BigInt(index)));
    for (let i = 0n; i < PAIRS; ++i) {
      weak.push(await w.cash(w.alice, WEAK + FEE, i));
      strong.push(await w.cash(w.dave, STRONG + FEE, i));
    }
    // Each long meets every winner, by their sizes.
    for (const long of [...weak, ...strong]) {
      for (const [index, [part]] of WINNERS.entries()) {
        await w.trade(long, winners[index]!, MARKET, (SIZE * part) / 10n, ENTRY);
      }
    }
    // The last winner is hedged in another market.
    await w.cash(w.carol, 100_000n);
    await w.trade(w.id(w.carol), winners[3]!, BTC_MARKET, -WAD / 10n, 8_000n * WAD);
  });

  it("LIQ-05, LIQ-06, R3: what is closed is what is bankrupt, what winners give up is what is missing: nothing beyond, no rank", async () => {
    const w = world();
    const before = await Promise.all(winners.map((winner) => w.valueOf(winner)));
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, AFTER);
    for (const account of weak) {
      await expect(w.engine.connect(w.erin).deleverage(account))
        .to.emit(w.engine, "Deleveraged")
        .withArgs(account, -MISSING, WAD, 0n, MISSING, 0n, MISSING);
    }
    expect(await w.openInterest(MARKET), "five of ten are closed").to.equal(5n * SIZE);
    let given = 0n;
    for (const [index, [part]] of WINNERS.entries()) {
      const size = part * SIZE;
      const base = await w.baseOf(winners[index]!, MARKET);
      // R2a: at most (positions of the side + 1) wei for each deleveraging.
      expect(base * 2n + size, "half of each, whatever his profit or leverage").to.be.within(-50n, 50n);
      const lost = (size * (ENTRY - AFTER)) / WAD - ((await w.valueOf(winners[index]!)) - before[index]!);
      expect(lost - (5n * MISSING * part) / 10n, "by size").to.be.within(-(10n ** 6n), 10n ** 6n);
      given += lost;
    }
    expect(given - 5n * MISSING, "45.0 to 51.7 million more than was missing").to.be.within(-(10n ** 6n), 10n ** 6n);
    for (const account of strong) {
      expect(await w.baseOf(account, MARKET)).to.equal(SIZE);
      expect((await w.valueOf(account)) - 48_000n * DOLLAR).to.be.within(-10n, 0n);
    }
    expect(await w.house.unallocatedLoss()).to.equal(0n);
  });

  it("LIQ-06: a winner's position in another market stays as it is", async () => {
    const w = world();
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, AFTER);
    for (const account of weak) await w.engine.connect(w.erin).deleverage(account);
    expect(await w.baseOf(winners[3]!, BTC_MARKET)).to.equal(WAD / 10n);
  });
});
