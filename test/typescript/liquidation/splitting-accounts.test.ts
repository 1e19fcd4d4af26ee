import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

/** A market without size add-on: MM of two halves is MM of the whole. */
const FLAT = 2;
const SIZE = 100n * WAD;
const OPENED = 200n * WAD;
const PURSE = 2_400n;
/** Rounding of one account, once more for each account more, wei. */
const ROUNDING = 20n;

/** Enough for two bids; an estimate does not see that one of them was skipped. */
const GAS = { gasLimit: 15_000_000n };

describe("splitting an account changes no total (INV-21)", () => {
  let feeds: Awaited<ReturnType<World["listMarket"]>>;
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    feeds = await w.listMarket(FLAT, OPENED);
  });

  /** Alice's money and position in so many equal accounts, all sold at one price in one second. */
  const sold = async (accounts: number, price: bigint) => {
    const w = world();
    const snapshot = await w.networkHelpers.takeSnapshot();
    const at = (await w.now()) + 1_000n;
    const ids: string[] = [];
    for (let sub = 0n; sub < accounts; sub++) {
      const account = await w.cash(w.alice, PURSE / BigInt(accounts), sub);
      await w.trade(account, w.id(w.bob), FLAT, SIZE / BigInt(accounts), OPENED);
      ids.push(account);
    }
    await w.setFeeds(feeds, price);
    await w.networkHelpers.time.setNextBlockTimestamp(at);
    const requests = ids.map((account) => w.request(w.carol, account));
    await expect(w.engine.connect(w.carol).bidMany(requests, GAS)).not.to.emit(w.engine, "BidFailed");
    const sum = async (read: (account: string) => Promise<bigint>) =>
      (await Promise.all(ids.map(read))).reduce((total, value) => total + value, 0n);
    const segment = await w.fund.segmentOf(w.segment);
    const result = {
      alice: await sum((account) => w.valueOf(account)),
      base: await sum((account) => w.baseOf(account, FLAT)),
      cost: await sum((account) => w.house.liquidationCostOf(account)),
      bob: await w.valueOf(w.id(w.bob)),
      carol: await w.valueOf(w.id(w.carol)),
      fundAccount: await w.house.fundAccount(),
      drawn: segment.drawn,
      unpaid: segment.unpaid,
      bucket: await w.engine.rewardBucket(),
    };
    await snapshot.restore();
    return result;
  };

  const cases: [what: string, dollars: bigint, reserve: bigint][] = [
    ["V above zero: a part is sold, and the penalty is one", 182n, 0n],
    ["V below zero, an empty fund: what nobody pays is socialised", 172n, 0n],
    ["V below zero, and the fund pays a part", 172n, 300n],
  ];
  for (const [what, dollars, reserve] of cases) {
    it(what, async () => {
      if (reserve !== 0n) await world().fundReserve(reserve * USD);
      const whole = await sold(1, dollars * WAD);
      expect(whole.base).to.be.lessThan(SIZE);
      if (dollars < 176n) expect(whole.drawn + whole.unpaid).to.be.greaterThan(0n);
      else expect(whole.fundAccount).to.be.greaterThan(0n);
      for (const accounts of [2, 4]) {
        const split = await sold(accounts, dollars * WAD);
        const wei = ROUNDING * BigInt(accounts);
        for (const [key, value] of Object.entries(whole)) {
          const difference = split[key as keyof typeof whole] - value;
          expect(difference, `${key} of ${accounts} accounts`).to.be.within(-wei, wei);
        }
      }
    });
  }
});
