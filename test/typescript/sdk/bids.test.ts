import { expect } from "chai";

import { confirmed, contractErrors, planOf } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { BTC_MARKET, ETH_MARKET, WAD } from "../support/deployment.ts";
import { standBehind } from "../support/underwriting.ts";
import { Scope, useWorld } from "../support/world.ts";
import type { BidReport, World } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";

const SIZE = 100n * WAD;
/** The least that the feeds can move, WAD. */
const TICK = 10n ** 10n;
const PENDING = { blockTag: "pending" } as const;

describe("SDK: previews of bids (SDK-01)", () => {
  let carol: BulwarkClient;
  const world = useWorld(async (w) => {
    // Alice is long 100 at 200 with 2,100 and has paid 10 of it as a fee: below maintenance margin under 186.5, bankrupt under 179.1.
    await w.cash(w.alice, 2_100n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 100_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    carol = await (await clientsOf(w)).as(w.carol);
  });

  const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

  /** Previews on the state that the next block has, bids in that block, and compares every field. */
  async function expectSame(
    w: World,
    options: { account?: string; fraction?: bigint } = {},
  ): Promise<BidReport & { elapsed: bigint }> {
    const question = { account: w.id(w.alice), bidder: w.id(w.carol), ...options };
    await w.nextIn(7n);
    const preview = await carol.liquidations.preview({ ...question, ...PENDING });
    await w.nextIn(7n);
    const report = await w.bidFor(w.carol, question.account, { ...options, bidder: question.bidder });
    const { terms, fraction, payment, penalty, shortfall, covered, socialized, reward } = preview;
    expect({
      value: terms.value,
      income: terms.income,
      fraction,
      payment,
      penalty,
      shortfall,
      covered,
      socialized,
      reward,
    }).to.deep.equal(report);
    return { ...report, elapsed: terms.elapsed };
  }

  it("SDK-01: a bid on a solvent account does what was previewed, to the wei", async () => {
    const w = world();
    await w.setEth(186n * WAD);
    const report = await expectSame(w);
    expect(report.value).to.be.greaterThan(0n);
    expect(report.penalty).to.be.greaterThan(0n);
    expect(report.fraction).to.be.within(1n, WAD - 1n);
  });

  it("SDK-01: a part, an auction that runs, and the next bid after it", async () => {
    const w = world();
    await w.setEth(185n * WAD);
    await confirmed(carol.liquidations.start(w.id(w.alice)));
    await w.networkHelpers.time.increase(200);
    await w.setEth(185n * WAD);
    const first = await expectSame(w, { fraction: WAD / 20n });
    expect(first.fraction).to.equal(WAD / 20n);
    const second = await expectSame(w, { fraction: WAD / 10n });
    expect(first.elapsed, "200 s, then three prices a second apart, then 60 s and 7 s").to.be.within(200n, 280n);
    expect(second.elapsed - first.elapsed).to.equal(7n);
  });

  it("SDK-01: a bankrupt account, with what each layer pays, the reward, and what is socialised", async () => {
    const w = world();
    await w.fundReserve(300n * 10n ** 6n);
    await w.setEth(178n * WAD);
    const preview = await carol.liquidations.preview({ account: w.id(w.alice), bidder: w.id(w.carol), ...PENDING });
    const report = await expectSame(w);
    expect(report.value).to.be.lessThan(0n);
    expect(preview.byLayer.reserve).to.equal(report.covered);
    expect(report.covered, "the reserve's budget of its class").to.equal(105n * WAD);
    expect(report.socialized).to.equal(report.shortfall - report.covered);
    expect(report.socialized).to.be.greaterThan(0n);
  });

  it("SDK-01: layers behind the reserve", async () => {
    const w = world();
    await standBehind(w, w.erin, { junior: 100n, senior: 400n, committed: 200n, reinsurance: 500n, reinsured: 100n });
    await w.setEth(200n * WAD);
    await w.fundReserve(100n * 10n ** 6n);
    // What trading has cost them in five weeks is nothing: no funding, no gap premium is set.
    await w.setEth(176n * WAD);
    const question = { account: w.id(w.alice), bidder: w.id(w.carol) };
    const { byLayer } = await carol.liquidations.preview({ ...question, ...PENDING });
    const [before] = await Promise.all([carol.fund.report()]);
    const report = await expectSame(w);
    const after = await carol.fund.report();
    expect(report.covered).to.equal(byLayer.reserve + byLayer.junior + byLayer.senior + byLayer.reinsurance);
    for (const layer of ["reserve", "junior", "senior", "reinsurance"] as const) {
      const paid = before.resources[layer] - after.resources[layer];
      if (layer !== "reserve") expect(byLayer[layer], layer).to.equal(paid);
      expect(byLayer[layer], layer).to.be.greaterThan(0n);
    }
  });

  it("LIQ-04: a reward that earlier penalties pay for", async () => {
    const w = world();
    await w.cash(w.dave, 2_100n);
    await w.trade(w.id(w.dave), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.fundReserve(100_000n * 10n ** 6n);
    await w.setEth(186n * WAD);
    expect((await expectSame(w)).penalty).to.be.greaterThan(0n);
    await w.setEth(179n * WAD + WAD / 5n);
    const poor = await expectSame(w, { account: w.id(w.dave) });
    expect(poor.value, "less than the income").to.be.within(1n, poor.income - 1n);
    expect(poor.reward).to.be.greaterThan(0n);
    const question = { account: w.id(w.dave), bidder: w.id(w.carol) };
    expect(poor.fraction).to.equal(WAD);
    expect(await errorOf(carol.liquidations.preview(question)), "all of it is sold").to.be.instanceOf(
      contractErrors.LiquidationEngine_NotLiquidatable,
    );
  });

  it("LIQ-05: a shortfall in markets of two classes, within the budget of each", async () => {
    const w = world();
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n });
    await w.cash(w.alice, 1_500n);
    await w.trade(w.id(w.alice), w.id(w.bob), 2, 200n * WAD, 50n * WAD);
    await w.fundReserve(1_000n * 10n ** 6n);
    await w.setFeeds(feeds, 43n * WAD);
    await w.setEth(172n * WAD + 1_234_567n * TICK, 0);
    const report = await expectSame(w, { fraction: (6n * WAD) / 10n + 7n });
    expect((report.shortfall * 7n) % WAD, "a part that has to be rounded").not.to.equal(0n);
    expect(report.covered).to.be.within(1n, report.shortfall - 1n);
    expect(report.socialized).to.be.greaterThan(0n);
  });

  it("LIQ-05: more than the move of the hour cost: each class is charged its weight at most, the rest is tail's", async () => {
    const w = world();
    await w.fundReserve(1_000n * 10n ** 6n);
    for (let hour = 0; hour < 12; hour++) {
      await w.setEth(178n * WAD, 3_600);
      await w.oracle.refresh(0);
    }
    await w.setEth(177n * WAD + WAD / 2n);
    const report = await expectSame(w);
    expect(report.shortfall).to.be.greaterThan(150n * WAD);
    // Its weight is 100 units times half a dollar from the average; tail's budget is 10% of the reserve.
    expect(report.covered).to.be.within(149n * WAD, 152n * WAD);
  });

  it("LIQ-10: where the rest would be dust, all of it", async () => {
    const w = world();
    await w.setEth(170n * WAD);
    const report = await expectSame(w, { fraction: WAD - WAD / 1_000n });
    expect(report.fraction).to.equal(WAD);
  });

  it("ORC-07: an account that holds something without consensus", async () => {
    const w = world();
    await w.cash(w.alice, 2_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), BTC_MARKET, WAD, 8_000n * WAD);
    await w.setEth(168n * WAD);
    await w.kill(w.btcFeeds);
    await w.networkHelpers.mine();
    const { health } = await carol.accounts.report(w.id(w.alice));
    expect(health.hasBlind).to.equal(true);
    const report = await expectSame(w);
    expect(report.fraction).to.be.within(1n, WAD);
  });

  it("SDK-01: what the engine refuses is refused by the preview, with the same error and values", async () => {
    const w = world();
    const account = w.id(w.alice);
    const preview: unknown = await carol.liquidations
      .preview({ account, bidder: w.id(w.carol) })
      .catch((error: unknown) => error);
    const bid: unknown = await carol.liquidations.bid(w.request(w.carol, account)).catch((error: unknown) => error);
    expect(preview).to.be.instanceOf(contractErrors.LiquidationEngine_NotLiquidatable);
    expect(bid).to.be.instanceOf(contractErrors.LiquidationEngine_NotLiquidatable);
    expect((preview as { values: unknown }).values).to.deep.equal((bid as { values: unknown }).values);
    expect((bid as { values: unknown }).values).to.deep.include({ account, marginBalance: 2_090n * WAD });
  });

  it("SDK-01: a fraction that is none, the house's own account, and a bidder without margin", async () => {
    const w = world();
    await w.setEth(185n * WAD);
    const question = { account: w.id(w.alice), bidder: w.id(w.carol) };
    for (const fraction of [0n, WAD + 1n]) {
      const errors = [
        await errorOf(carol.liquidations.preview({ ...question, fraction })),
        await errorOf(carol.liquidations.simulate(w.request(w.carol, question.account, { fraction }))),
      ];
      for (const error of errors) {
        expect(error).to.be.instanceOf(contractErrors.LiquidationEngine_InvalidFraction);
        expect(error).to.deep.include({ values: { fraction, minFraction: 0n } });
      }
    }
    expect(await errorOf(carol.liquidations.preview({ ...question, account: w.clearing }))).to.be.instanceOf(
      contractErrors.LiquidationEngine_ClearingAccount,
    );
    const frank = await (await clientsOf(w)).as(w.frank);
    await frank.liquidations.preview({ ...question, bidder: w.id(w.frank) });
    expect(await errorOf(frank.liquidations.simulate(w.request(w.frank, question.account)))).to.be.instanceOf(
      contractErrors.ClearingHouse_BelowInitialMargin,
    );
    const { payment } = await carol.liquidations.simulate(w.request(w.carol, question.account));
    expect(payment).to.be.greaterThan(0n);
  });

  it("SDK-01: limits made from a preview are kept by a bid a minute later, and refuse one at worse terms", async () => {
    const w = world();
    await w.setEth(185n * WAD);
    const question = { account: w.id(w.alice), bidder: w.id(w.carol) };
    const request = carol.liquidations.request(question, await carol.liquidations.preview(question));
    await w.setEth(185n * WAD + WAD / 5n, 0);
    const refused: unknown = await carol.liquidations.bid(request).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(contractErrors.LiquidationEngine_PriceAboveLimit);
    expect((refused as { values: { maxPrice: bigint } }).values.maxPrice).to.equal(request.maxPrice);
    await w.setEth(185n * WAD);
    await confirmed(carol.liquidations.bid(request));
    expect(await w.baseOf(w.id(w.carol))).to.be.greaterThan(0n);
  });

  it("SDK-01: `after` says what the income grows to: 2% at the start, 10% after 5 minutes, 50% after 20", async () => {
    const w = world();
    await w.setEth(186n * WAD);
    await confirmed(carol.liquidations.start(w.id(w.alice)));
    const question = { account: w.id(w.alice), bidder: w.id(w.carol) };
    const margin = 744n * WAD; // 4% of 18,600, and the add-on of 0.2% per million
    const income = async (after: bigint) => (await carol.liquidations.preview({ ...question, after })).terms.income;
    expect(((await income(300n)) * 1_000n) / margin).to.equal(100n);
    expect(((await income(1_200n)) * 1_000n) / margin).to.equal(500n);
    expect(await income(9_999n)).to.equal(await income(1_200n));
  });

  it("PER-01: refresh and bid through the Router in one transaction; biddable() names who can be bid for", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.setEth(186n * WAD);
    expect(await carol.liquidations.biddable([bob, alice])).to.deep.equal([alice]);
    const expiry = (await w.now()) + 600n;
    await confirmed(carol.accounts.lendRouter(expiry));
    expect(await w.house.isAuthorized(w.id(w.carol), await w.router.getAddress(), Scope.Trade)).to.equal(true);
    const plan = planOf(expiry, [
      { kind: "refresh", feeds: [0, 1] },
      { kind: "bid", request: w.request(w.carol, alice) },
    ]);
    await confirmed(carol.run(plan));
    expect(await carol.liquidations.biddable([bob, alice])).to.deep.equal([]);
    expect(await w.baseOf(w.id(w.carol))).to.be.greaterThan(0n);
  });

  it("LIQ-09: a batch takes what can be taken", async () => {
    const w = world();
    await w.setEth(186n * WAD);
    const requests = [w.request(w.carol, w.id(w.bob)), w.request(w.carol, w.id(w.alice))];
    const receipt = await confirmed(carol.liquidations.bidMany(requests));
    const names = receipt.logs.map((log) => w.engine.interface.parseLog(log)?.name).filter((name) => name);
    expect(names).to.include("BidFailed").and.to.include("BidFilled");
  });
});
