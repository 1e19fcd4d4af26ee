import { expect } from "chai";

import {
  BlindAccountError,
  confirmed,
  ContractError,
  contractErrors,
  decodeError,
  PermitUnsupportedError,
  signPermit,
} from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD, WETH } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import type { Clients } from "./support/client.ts";

const PENDING = { blockTag: "pending" } as const;
/** The least that the feeds can move, WAD. */
const TICK = 10n ** 10n;
/** Where only the add-on, which grows with the square of the price, sells a long position: beyond 100,000. */
const FAR = 100_000n * WAD;

describe("SDK: accounts (SDK-01)", () => {
  let clients: Clients;
  let alice: BulwarkClient;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 5_000n);
    await w.cash(w.bob, 100_000n);
    clients = await clientsOf(w);
    alice = await clients.as(w.alice);
  });
  const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
  const account = () => world().id(world().alice);
  const trade = (market: number, size: bigint, price: bigint) =>
    world().trade(account(), world().id(world().bob), market, size, price);

  it("SDK-01: a report says what the chain says, and what follows from it", async () => {
    await trade(ETH_MARKET, 100n * WAD, 200n * WAD);
    const report = await alice.accounts.report(account());
    expect(report.header).to.include({ cash: 4_990n * WAD, markets: 1n, assets: 0n });
    expect(report.maintenanceMargin).to.equal(800n * WAD + (8n * WAD) / 10n);
    expect(report.health.initialMargin).to.equal(2_000n * WAD + (8n * WAD) / 10n);
    expect(report.freeMargin).to.equal(4_990n * WAD - report.health.initialMargin);
    expect([report.isLiquidatable, report.meetsInitialMargin]).to.deep.equal([false, true]);
    const [position, ...more] = await alice.accounts.positions(account());
    expect(position).to.include({ market: 0n, base: 100n * WAD, price: 200n * WAD, hasConsensus: true });
    expect(more).to.deep.equal([]);
  });

  it("SDK-01: the most that can be withdrawn can be, one unit of the token more cannot", async () => {
    await trade(ETH_MARKET, 100n * WAD, 200n * WAD);
    await world().setEth(203n * WAD); // A profit, which counts in full for a major market.
    const most = await alice.accounts.maxWithdraw(account());
    expect(most).to.equal((4_990n + 300n) * USD - 2_030_824_180n);
    expect(await errorOf(alice.accounts.withdraw(account(), { amount: most + 1n }))).to.be.instanceOf(
      contractErrors.ClearingHouse_BelowInitialMargin,
    );
    await confirmed(alice.accounts.withdraw(account(), { amount: most }));
    expect(await alice.accounts.maxWithdraw(account())).to.equal(0n);
    expect(await alice.tokens.balanceOf(world().alice.address)).to.equal(most);
  });

  it("MRG-01: of a tail market's profit half can be withdrawn", async () => {
    const w = world();
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n, addOn: 0 });
    await trade(2, 100n * WAD, 50n * WAD);
    await w.setFeeds(feeds, 54n * WAD);
    // Cash 4,997.5, half of a profit of 400, and margin of 10% of 5,400.
    expect(await alice.accounts.maxWithdraw(account())).to.equal(4_657_500_000n);
    await confirmed(alice.accounts.withdraw(account(), { amount: 4_657_500_000n }));
    expect(await alice.accounts.maxWithdraw(account())).to.equal(0n);
  });

  it("CLR-07: the account's part of a measured deficit stays", async () => {
    const w = world();
    await w.cash(w.carol, 2_100n);
    await w.trade(w.id(w.carol), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await trade(ETH_MARKET, 60n * WAD, 200n * WAD);
    await w.setEth(170n * WAD);
    await confirmed(alice.liquidations.flag(w.id(w.carol)));
    const { deficitShare, freeMargin, health } = await alice.accounts.report(account());
    expect(deficitShare).to.be.greaterThan(0n);
    expect(freeMargin).to.equal(health.initialBalance - health.initialMargin - deficitShare);
    const most = await alice.accounts.maxWithdraw(account());
    expect(await errorOf(alice.accounts.withdraw(account(), { amount: most + 1n }))).to.be.instanceOf(
      contractErrors.ClearingHouse_DeficitShareWithheld,
    );
    await confirmed(alice.accounts.withdraw(account(), { amount: most }));
  });

  it("SDK-01: without positions everything can be withdrawn; with a collateral asset its haircut counts", async () => {
    const w = world();
    expect(await alice.accounts.maxWithdraw(account())).to.equal(5_000n * USD);
    await w.collateral(w.alice, 10n * WAD);
    expect(await alice.accounts.maxWithdraw(account(), { asset: WETH })).to.equal(10n * WAD);
    await trade(ETH_MARKET, 300n * WAD, 200n * WAD);
    const most = await alice.accounts.maxWithdraw(account(), { asset: WETH });
    expect(most).to.be.within(1n, 10n * WAD - 1n);
    expect(await errorOf(alice.accounts.withdraw(account(), { asset: WETH, amount: most + 1n }))).to.be.instanceOf(
      contractErrors.ClearingHouse_BelowInitialMargin,
    );
    await confirmed(alice.accounts.withdraw(account(), { asset: WETH, amount: most }));
  });

  const cases: [what: string, setUp: () => Promise<unknown>, sides: ("below" | "above")[]][] = [
    ["a long position", () => trade(ETH_MARKET, 100n * WAD, 200n * WAD), ["below"]],
    ["a short position", () => trade(ETH_MARKET, -100n * WAD, 200n * WAD), ["above"]],
    [
      "a long position, the same asset as collateral, and a hedge elsewhere",
      async () => {
        await world().collateral(world().alice, 5n * WAD);
        await trade(ETH_MARKET, 150n * WAD, 200n * WAD);
        await trade(BTC_MARKET, -WAD / 2n, 8_000n * WAD);
      },
      ["below"],
    ],
    [
      "a short position with less of the asset as collateral",
      async () => {
        await world().collateral(world().alice, 200n * WAD);
        await trade(ETH_MARKET, -300n * WAD, 200n * WAD);
      },
      ["above"],
    ],
  ];
  for (const [what, setUp, sides] of cases) {
    it(`SDK-01: liquidation price of ${what}: at it the chain says liquidatable, a tick nearer it does not`, async () => {
      const w = world();
      await setUp();
      const prices = await alice.accounts.liquidationPrices(account(), ETH_MARKET);
      expect(prices.isLiquidatable).to.equal(false);
      for (const side of ["below", "above"] as const) {
        const found = prices[side];
        const isNear = found !== undefined && found < FAR;
        expect(isNear, side).to.equal(sides.includes(side));
        if (!isNear) continue;
        const isSold = async (price: bigint) => {
          await w.setEth(price, 0);
          await w.networkHelpers.mine();
          return (await alice.accounts.report(account())).isLiquidatable;
        };
        const sold = side === "below" ? (found / TICK) * TICK : ((found + TICK - 1n) / TICK) * TICK;
        const healthy = side === "below" ? sold + TICK : sold - TICK;
        expect(await isSold(sold), `${side}: at it`).to.equal(true);
        expect(await isSold(healthy), `${side}: a tick nearer`).to.equal(false);
        expect((await alice.accounts.liquidationPrices(account(), ETH_MARKET))[side]).to.equal(found);
      }
    });
  }

  it("SDK-01: no liquidation price where there is none, or no consensus", async () => {
    const w = world();
    await trade(ETH_MARKET, 10n * WAD, 200n * WAD);
    const prices = await alice.accounts.liquidationPrices(account(), ETH_MARKET);
    expect(prices).to.deep.include({ isLiquidatable: false, below: undefined });
    expect(prices.above).to.be.greaterThan(FAR);
    const other = await alice.accounts.liquidationPrices(account(), BTC_MARKET);
    expect(other).to.deep.equal({ isLiquidatable: false, below: undefined, above: undefined });
    await w.kill(w.ethFeeds);
    expect(await errorOf(alice.accounts.liquidationPrices(account(), ETH_MARKET))).to.be.instanceOf(BlindAccountError);
    expect(await alice.accounts.maxWithdraw(account())).to.equal(0n);
  });

  it("LIQ-05: an account's share of the next charge is what its position loses when it comes, to the wei", async () => {
    const w = world();
    // Carol, long, will owe more than she has; Alice and Bob are short against her and Dave.
    await w.cash(w.carol, 2_100n);
    await w.cash(w.dave, 100_000n);
    await w.cash(w.erin, 100_000n);
    const [carol, dave, bob] = [w.id(w.carol), w.id(w.dave), w.id(w.bob)];
    await w.trade(carol, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.trade(dave, account(), ETH_MARKET, 37n * WAD + 7n, 200n * WAD);
    await w.setEth(176n * WAD);
    const question = { account: carol, bidder: w.id(w.erin), ...PENDING };
    await w.nextIn(5n);
    const { socialized } = await alice.liquidations.preview(question);
    const share = await alice.accounts.chargeShare(account(), ETH_MARKET, { amount: socialized, ...PENDING });
    expect(share.charged).to.equal(socialized);
    expect(share.share).to.equal(((37n * WAD + 7n) * WAD) / (137n * WAD + 7n));
    await w.nextIn(5n);
    const before = (await w.house.positionOf(account(), ETH_MARKET, PENDING)).quoteValue;
    await w.nextIn(5n);
    expect((await w.bidFor(w.erin, carol)).socialized).to.equal(socialized);
    const after = (await w.house.positionOf(account(), ETH_MARKET)).quoteValue;
    expect(socialized).to.be.greaterThan(300n * DOLLAR);
    expect(before - after).to.equal(share.cost);
    expect(share.cost - (socialized * share.share) / WAD).to.be.within(0n, 400n);
    const capped = await alice.accounts.chargeShare(account(), ETH_MARKET, { amount: 10n ** 30n });
    expect(capped.charged, "a side pays its notional at most").to.equal(((137n * WAD + 7n) * 176n * WAD) / WAD);
    const none = await alice.accounts.chargeShare(w.id(w.frank), ETH_MARKET, { amount: DOLLAR });
    expect(none).to.deep.equal({ share: 0n, charged: 0n, perUnit: 0n, cost: 0n });
  });

  it("CLR-02: deposits with a permit, without an approval; a permit for another chain, spender or time is refused", async () => {
    const w = world();
    await w.usd.mint(w.alice.address, 70n * USD);
    const deadline = (await w.now()) + 600n;
    const permit = await alice.tokens.permit(w.houseAddress, { value: 70n * USD, deadline });
    await confirmed(alice.accounts.deposit(account(), { amount: 70n * USD, permit }));
    expect(await w.cashOf(account())).to.equal(5_070n * WAD);
    // Used up, for someone else, or too late: the house falls back to the allowance, and there is none.
    await w.usd.mint(w.alice.address, 10n * USD);
    const elsewhere = await alice.tokens.permit(w.bob.address, { value: 10n * USD, deadline });
    const late = await alice.tokens.permit(w.houseAddress, { value: 10n * USD, deadline: (await w.now()) - 1n });
    for (const bad of [permit, elsewhere, late]) {
      const refused = await errorOf(alice.accounts.deposit(account(), { amount: 10n * USD, permit: bad }));
      expect(refused).to.be.instanceOf(ContractError);
      expect((refused as Error).name).to.be.oneOf(["ClearingHouse_TransferFailed", "ClearingHouse_UnexpectedTransfer"]);
    }
  });

  it("SDK-01: a token without permits says so", async () => {
    const w = world();
    const signer = await clients.signer(w.alice);
    const request = { token: await w.oracle.getAddress(), spender: w.houseAddress, value: 1n, deadline: 1n };
    expect(await errorOf(signPermit(signer, request))).to.be.instanceOf(PermitUnsupportedError);
  });

  it("CLR-01: moves, delegates and approvals by the client", async () => {
    const w = world();
    const other = w.id(w.alice, 1n);
    expect([alice.accounts.idOf(w.alice.address), alice.accounts.idOf(w.alice.address, 1n)]).to.deep.equal([
      account(),
      other,
    ]);
    await confirmed(alice.accounts.move(account(), other, { amount: 30n * WAD }));
    expect(await w.cashOf(other)).to.equal(30n * WAD);
    const expiry = (await w.now()) + 100n;
    await confirmed(alice.accounts.setDelegate(w.bob.address, 2, expiry));
    expect(await w.house.isAuthorized(other, w.bob.address, 2)).to.equal(true);
    await w.usd.mint(w.alice.address, 5n * USD);
    await confirmed(alice.tokens.approve(w.houseAddress, 5n * USD));
    await confirmed(alice.accounts.deposit(other, { amount: 5n * USD }));
    expect(await w.cashOf(other)).to.equal(35n * WAD);
    const refused = await errorOf(alice.accounts.move(account(), w.id(w.bob), { amount: 1n }));
    expect(decodeError(refused)).to.be.instanceOf(contractErrors.ClearingHouse_NotAuthorized);
  });
});
