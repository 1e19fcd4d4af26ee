import { expect } from "chai";

import { contractErrors } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { linkControl } from "../risk/support/control.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import { expectClosed, saidIn, spreadOf } from "./support/closings.ts";

const SIZE = 100n * WAD;
const PENDING = { blockTag: "pending" } as const;
const HOUR = 3_600;

describe("SDK: previews of deleveraging and writing off (SDK-01)", () => {
  let client: BulwarkClient;
  const world = useWorld(async (w) => {
    // Alice is long 100 at 200 with 2,100 and has paid 10 of it as a fee: below maintenance margin under 186.5, bankrupt under 179.1.
    await w.cash(w.alice, 2_100n);
    await w.cash(w.bob, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    client = await (await clientsOf(w)).as(w.carol);
  });
  const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

  /** Previews on the state that the next block has, does it in that block, and compares everything that was said. */
  async function expectDeleveraged(account: string) {
    const w = world();
    await w.nextIn(7n);
    const { tooEarly, ...preview } = await client.liquidations.previewDeleverage(account, PENDING);
    expect(tooEarly).to.equal(undefined);
    await w.nextIn(7n);
    expectClosed(await saidIn(w, await w.engine.deleverage(account)), preview);
    return preview;
  }
  async function expectWrittenOff(account: string) {
    const w = world();
    await w.nextIn(7n);
    const preview = await client.liquidations.previewWriteOff(account, PENDING);
    await w.nextIn(7n);
    expectClosed(await saidIn(w, await w.engine.writeOff(account)), preview);
    return preview;
  }
  /** Live minutes on the clock of an auction. */
  async function wait(minutes: number, account: string) {
    const w = world();
    await w.engine.start(account);
    for (let passed = 0; passed < minutes; passed += 4) {
      await w.networkHelpers.time.increase(240);
      await w.oracle.refreshAll(3n);
    }
  }

  it("LIQ-06: an account with equity is closed to its target at the consensus price, the penalty to the wei", async () => {
    const w = world();
    await w.setEth(184n * WAD + 12_345n * 10n ** 10n);
    await wait(20, w.id(w.alice));
    const preview = await expectDeleveraged(w.id(w.alice));
    expect(preview.fraction).to.be.within(1n, WAD - 1n);
    expect(preview.penalty).to.be.greaterThan(0n);
    expect(preview.closings[0]!.price).to.equal(184n * WAD + 12_345n * 10n ** 10n);
    expect(preview.socialized).to.equal(0n);
  });

  it("LIQ-06: where the rest would be dust, all of it", async () => {
    const w = world();
    const account = await w.cash(w.alice, 45n, 7n);
    await w.trade(account, w.id(w.bob), ETH_MARKET, 2n * WAD, 200n * WAD);
    await w.setEth(183n * WAD);
    await wait(20, account);
    const preview = await expectDeleveraged(account);
    expect(preview.value).to.be.greaterThan(0n);
    expect(preview.fraction).to.equal(WAD);
  });

  it("LIQ-06: a short position, two markets, a size add-on", async () => {
    const w = world();
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n, addOn: 300_000 });
    const account = await w.cash(w.alice, 4_000n, 1n);
    await w.trade(account, w.id(w.bob), 2, -300n * WAD, 50n * WAD);
    await w.trade(account, w.id(w.bob), ETH_MARKET, 10n * WAD, 200n * WAD);
    await w.setFeeds(feeds, 62n * WAD);
    await w.oracle.refresh(2);
    await w.engine.start(account);
    for (let passed = 0; passed < 20; passed += 4) {
      await w.networkHelpers.time.increase(240);
      await w.oracle.refreshAll(7n);
    }
    const preview = await expectDeleveraged(account);
    expect(preview.value).to.be.greaterThan(0n);
    expect(preview.closings.map(({ market, base }) => [market, base > 0n])).to.deep.equal([
      [0, true],
      [2, false],
    ]);
  });

  it("LIQ-06: bankrupt, with an empty fund: the side that gained pays through its closing price", async () => {
    const w = world();
    await w.setEth(178n * WAD);
    const preview = await expectDeleveraged(w.id(w.alice));
    expect([preview.fraction, preview.covered]).to.deep.equal([WAD, 0n]);
    expect(preview.shortfall).to.equal(110n * WAD);
    expect(preview.split.sides).to.deep.equal([
      { market: ETH_MARKET, isLong: false, amount: 110n * WAD, perUnit: (11n * WAD) / 10n },
    ]);
    expect(preview.closings[0]).to.deep.equal({
      market: ETH_MARKET,
      base: SIZE,
      indexPrice: 178n * WAD,
      price: 178n * WAD + (11n * WAD) / 10n,
    });
  });

  it("LIQ-06: charges to a unit that have to be rounded are rounded as there, on either side", async () => {
    const w = world();
    await w.setEth(200n * WAD);
    const [long, short] = [await w.cash(w.alice, 700n, 5n), await w.cash(w.alice, 700n, 6n)];
    await w.trade(long, w.id(w.bob), ETH_MARKET, 33n * WAD + 7n, 200n * WAD);
    await w.setEth(178n * WAD);
    const fallen = await expectDeleveraged(long);
    await w.setEth(200n * WAD);
    await w.trade(short, w.id(w.bob), ETH_MARKET, -33n * WAD - 11n, 200n * WAD);
    await w.setEth(222n * WAD);
    const risen = await expectDeleveraged(short);
    for (const { closings, split } of [fallen, risen]) {
      const [closing] = closings;
      const [side] = split.sides;
      expect((side!.amount * WAD) % (closing!.base < 0n ? -closing!.base : closing!.base)).not.to.equal(0n);
    }
  });

  it("LIQ-05, LIQ-06: layers pay in their order, two markets bear the rest by their weights, and what they do not all markets by notional", async () => {
    const w = world();
    const capital = { junior: 100n, senior: 400n, committed: 200n, reinsurance: 500n, reinsured: 100n };
    await standBehind(w, w.erin, capital);
    await w.setEth(200n * WAD);
    await w.fundReserve(100n * USD);
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n });
    await w.setBtc(8_000n * WAD, 0);
    const dave = await w.cash(w.dave, 100_000n);
    await w.trade(dave, w.id(w.bob), BTC_MARKET, 3n * WAD, 8_000n * WAD);
    await w.cash(w.alice, 1_500n);
    await w.trade(w.id(w.alice), w.id(w.bob), 2, -200n * WAD, 50n * WAD);
    // The average follows the first part of the move: what is lost by that falls on all.
    await w.setFeeds(feeds, (115n * WAD) / 2n);
    await w.setEth(172n * WAD);
    await w.oracle.refreshAll(7n);
    await w.networkHelpers.time.increase(6 * HOUR);
    await w.setFeeds(feeds, 58n * WAD);
    await w.setEth((343n * WAD) / 2n, 0);
    const preview = await expectDeleveraged(w.id(w.alice));
    for (const layer of ["reserve", "junior", "senior", "reinsurance"] as const) {
      expect(preview.byLayer[layer], layer).to.be.greaterThan(0n);
    }
    expect(preview.split.sides.map(({ market, isLong }) => [market, isLong])).to.deep.equal([
      [ETH_MARKET, false],
      [2, true],
    ]);
    expect(preview.split.spread.amount).to.be.greaterThan(0n);
    expect(preview.split.spread.markets.map(({ market }) => market)).to.deep.equal([0, 1, 2]);
  });

  it("LIQ-06: collateral counts at its haircut value", async () => {
    const w = world();
    await w.collateral(w.alice, 10n * WAD);
    await w.setEth(158n * WAD);
    const preview = await expectDeleveraged(w.id(w.alice));
    expect(preview.shortfall).to.be.greaterThan(-preview.value);
  });

  it("FND-02, ORC-07: with a gap premium that runs, and a leg without consensus, which stays", async () => {
    const w = world();
    const control = await linkControl(w);
    await w.fundReserve(20_000n * USD);
    await w.cash(w.alice, 2_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), BTC_MARKET, WAD / 2n, 8_000n * WAD);
    await control.sync(ETH_MARKET);
    await w.networkHelpers.time.increase(HOUR);
    await w.setEth(150n * WAD);
    await w.kill(w.btcFeeds);
    await w.networkHelpers.time.increase(600);
    await w.engine.start(w.id(w.alice));
    for (let passed = 0; passed < 12; passed += 4) {
      await w.networkHelpers.time.increase(240);
      await w.oracle.refresh(ETH_MARKET);
    }
    const preview = await expectDeleveraged(w.id(w.alice));
    expect(preview.closings.map(({ market }) => market)).to.deep.equal([ETH_MARKET]);
    expect(await w.baseOf(w.id(w.alice), BTC_MARKET)).to.equal(WAD / 2n);
    expect(preview.covered).to.be.greaterThan(0n);
  });

  it("LIQ-06: what the engine would call too early is previewed, with how long it is; its other errors are thrown with the same values", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const { liquidations } = client;
    for (const account of [bob, w.clearing]) {
      const [thrown, reverted] = [
        await errorOf(liquidations.previewDeleverage(account)),
        await errorOf(liquidations.deleverage(account)),
      ] as { name: string; values: unknown }[];
      expect(thrown!.name).to.equal(reverted!.name);
      expect(thrown!.values).to.deep.equal(reverted!.values);
    }
    await w.setEth(184n * WAD);
    await w.engine.start(alice);
    await w.networkHelpers.time.increase(100);
    const preview = await liquidations.previewDeleverage(alice);
    expect(preview.tooEarly).to.deep.equal({ elapsed: 100n, timeout: 1_200n });
    expect(preview.fraction).to.be.within(1n, WAD);
    await w.fundReserve(100_000n * USD);
    await w.setEth(178n * WAD);
    await w.networkHelpers.mine();
    const funded = await liquidations.previewDeleverage(alice);
    expect(funded.tooEarly?.timeout).to.equal(600n);
    expect([funded.covered, funded.socialized]).to.deep.equal([funded.shortfall, 0n]);
  });

  describe("writing off", () => {
    /** Alice's second account has bought at 200 and sold at 150, has nothing but ten ether, and ether falls. */
    async function debtor() {
      const w = world();
      const account = await w.collateral(w.alice, 10n * WAD, 2n);
      await w.trade(account, w.id(w.bob), ETH_MARKET, 20n * WAD, 200n * WAD);
      await w.setEth(150n * WAD);
      await w.trade(account, w.id(w.bob), ETH_MARKET, -20n * WAD, 150n * WAD);
      return account;
    }

    it("LIQ-05: a debt without positions falls on the layers, then on all markets by notional, at prices of now", async () => {
      const w = world();
      const account = await debtor();
      const dave = await w.cash(w.dave, 100_000n);
      await w.trade(dave, w.id(w.bob), BTC_MARKET, 2n * WAD, 8_000n * WAD);
      await w.fundReserve(200n * USD);
      await w.networkHelpers.time.increase(HOUR);
      await w.setBtc(8_100n * WAD, 0);
      await w.setEth(20n * WAD, 0);
      const preview = await expectWrittenOff(account);
      expect(preview.covered).to.be.greaterThan(0n);
      expect(preview.split.sides).to.deep.equal([]);
      expect(preview.split.spread.amount).to.equal(preview.socialized).and.to.be.greaterThan(0n);
      expect(preview.split.spread.markets.map(({ market }) => market)).to.deep.equal([ETH_MARKET, BTC_MARKET]);
    });

    it("LIQ-05: what no open interest can bear stays with the house", async () => {
      const w = world();
      const account = await debtor();
      await w.setEth(1n * WAD);
      // Everybody else leaves.
      await w.engine.deleverage(w.id(w.alice));
      const preview = await expectWrittenOff(account);
      expect(preview.split.unallocated).to.equal(preview.socialized).and.to.be.greaterThan(0n);
    });

    it("LIQ-05: an account that holds something, or owes nothing, is refused with the engine's error", async () => {
      const w = world();
      for (const account of [w.id(w.alice), w.id(w.bob), w.clearing]) {
        const thrown = await errorOf(client.liquidations.previewWriteOff(account));
        const reverted = await errorOf(client.liquidations.writeOff(account));
        expect(thrown).to.be.instanceOf(contractErrors.LiquidationEngine_NotWriteOff);
        expect((thrown as { values: unknown }).values).to.deep.equal((reverted as { values: unknown }).values);
      }
    });
  });

  it("LIQ-05: a bid's loss is split over two markets and the rest of all, to the wei of each unit's charge", async () => {
    const w = world();
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n });
    await w.cash(w.carol, 1_000_000n);
    await w.cash(w.alice, 1_500n);
    await w.trade(w.id(w.alice), w.id(w.bob), 2, 200n * WAD, 50n * WAD);
    await w.setFeeds(feeds, 46n * WAD);
    await w.setEth(170n * WAD, 0);
    await w.oracle.refreshAll(7n);
    await w.networkHelpers.time.increase(6 * HOUR);
    await w.setFeeds(feeds, (91n * WAD) / 2n);
    await w.setEth((339n * WAD) / 2n, 0);
    const question = { account: w.id(w.alice), bidder: w.id(w.carol), fraction: (6n * WAD) / 10n + 7n };
    await w.nextIn(7n);
    const { split, socialized } = await client.liquidations.preview({ ...question, ...PENDING });
    await w.nextIn(7n);
    const said = await saidIn(w, await w.bidWith(w.carol, question.account, { fraction: question.fraction }));
    expect(split.sides.map(({ market }) => market)).to.deep.equal([ETH_MARKET, 2]);
    expect(split.spread.amount).to.be.greaterThan(0n);
    const sides = split.sides.map(({ market, isLong, perUnit }) => [market, isLong, perUnit] as const);
    expect(said.charged).to.deep.equal([...sides, ...spreadOf(split)]);
    expect(split.sides.reduce((sum, { amount }) => sum + amount, split.spread.amount)).to.equal(socialized);
  });
});
