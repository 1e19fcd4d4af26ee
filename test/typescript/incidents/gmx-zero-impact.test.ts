import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * GMX v1 on Avalanche, 2022-09-18 (T13). Everybody could trade against the pool at the oracle's price without impact. Someone took a large
 * position, moved AVAX on exchanges by about 1%, closed at the oracle's new price, and did so about five times in a night: 400,000 to
 * 565,000 USD came from the pool's depositors. Afterwards open interest was capped at 2M long and 1M short.
 * Figures: incidents.csv of the design notes, 2022-09-18; peers.md, T13.
 */

const MARKET = 2;
const AVAX = 18n * WAD;
const PUMPED = (18n * 101n * WAD) / 100n;
const ROUNDS = 5;
/** 2M USD of notional: the cap that came afterwards. */
const CAP = (2_000_000n * WAD) / 18n;
const SIZE = CAP / 2n;
const FEE_BPS = 5n;

describe("incident T13: trades at the oracle's price without impact (GMX v1 AVAX, 2022-09-18)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  /** Alice attacks; Bob quotes at the index; Carol and Dave hold positions against each other and quote nothing; a reserve stands by. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, AVAX, { cap: CAP });
    for (const who of [w.alice, w.bob, w.carol, w.dave]) await w.cash(who, 1_000_000n);
    await w.trade(w.id(w.carol), w.id(w.dave), MARKET, CAP / 4n, AVAX);
  });
  const values = async () => {
    const w = world();
    const people = [w.alice, w.bob, w.carol, w.dave];
    return Promise.all(people.map(async (who) => w.valueOf(w.id(who))));
  };
  const minute = async (price: bigint, moved: number) => {
    const w = world();
    await w.networkHelpers.time.increase(60);
    for (const [i, feed] of feeds.entries()) await feed.setAnswer((i < moved ? price : AVAX) / 10n ** 10n);
    await w.oracle.refresh(MARKET);
  };
  const feeOf = (price: bigint) => {
    const notional = (SIZE * price + WAD - 1n) / WAD;
    return (notional * FEE_BPS + 9_999n) / 10_000n;
  };

  it("CLR-06b, CLR-08: what the attacker wins is what the one who signed at that price lost: no pool, no fund, no other trader", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const before = await values();
    const fund = await w.house.fundAccount();
    let fees = 0n;
    for (let round = 0; round < ROUNDS; ++round) {
      await w.trade(alice, bob, MARKET, SIZE, AVAX);
      await minute(PUMPED, 3);
      await w.trade(alice, bob, MARKET, -SIZE, PUMPED);
      await minute(AVAX, 3);
      fees += feeOf(AVAX) + feeOf(PUMPED);
    }
    const after = await values();
    const won = (BigInt(ROUNDS) * SIZE * (PUMPED - AVAX)) / WAD;
    expect(won).to.be.greaterThan(49_000n * DOLLAR);
    const dust = BigInt(4 * ROUNDS);
    expect(after[0]! - before[0]!).to.be.within(won - fees - dust, won - fees + dust);
    expect(after[1]! - before[1]!).to.be.within(-won - dust, -won + dust);
    // Holders who signed nothing are where they were, but for the funding that the fills did not move: all were at the index.
    expect([after[2]! - before[2]!, after[3]! - before[3]!]).to.deep.equal([0n, 0n]);
    expect(await w.house.fundAccount()).to.equal(fund);
    await w.expectConserved(dust);
  });

  it("CLR-03: he has no counterparty at the old price once the index has moved beyond the band", async () => {
    const w = world();
    await minute((AVAX * 103n) / 100n, 3);
    await expect(w.trade(w.id(w.alice), w.id(w.bob), MARKET, SIZE, AVAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_PriceOutsideBand")
      .withArgs(AVAX, (AVAX * 103n) / 100n, 200n);
  });

  it("CLR-06: nor more than the cap, however deep his pocket", async () => {
    const w = world();
    await expect(w.trade(w.id(w.alice), w.id(w.bob), MARKET, CAP, AVAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(MARKET, CAP + CAP / 4n, CAP);
  });

  it("ORC-06: moving one exchange of three moves no price: five round trips cost their fees", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const before = await values();
    for (let round = 0; round < ROUNDS; ++round) {
      await w.trade(alice, bob, MARKET, SIZE, AVAX);
      await minute((AVAX * 110n) / 100n, 1);
      expect(await w.oracle.consensusPrice(MARKET)).to.equal(AVAX);
      await w.trade(alice, bob, MARKET, -SIZE, AVAX);
    }
    const after = await values();
    expect(before[0]! - after[0]!).to.equal(BigInt(2 * ROUNDS) * feeOf(AVAX));
    expect(after[1]).to.equal(before[1]);
  });
});
