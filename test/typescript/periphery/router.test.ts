import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { vaultsOf } from "../support/underwriting.ts";
import { Scope, useWorld } from "../support/world.ts";
import {
  Action,
  dollars,
  leftovers,
  permitOf,
  planOf,
  signedFill,
  stage,
  trust,
  unlinkedHouse,
} from "./support/plans.ts";
import type { Plan } from "./support/plans.ts";

const NOTHING = [0n, 0n, 0n, 0n];
const UNITS = 20n * WAD;

describe("Router: one user's steps in one transaction (PER-01)", () => {
  let series: bigint;
  const world = useWorld(async (w) => {
    series = await stage(w);
  });
  const run = (plan: Partial<Plan>, who = world().alice) => world().router.connect(who).run(planOf(plan));
  const cover = (maxPremium = 100n * USD, units = UNITS) => ({ series, units, maxPremium });

  it("PER-01 an insured trade at once: permit, deposit, refresh, fill and cover, and nothing is left behind", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const account = w.id(w.alice, 1n);
    const router = await w.router.getAddress();
    await w.usd.connect(w.alice).approve(router, 0n);
    const plan = planOf({
      permits: [await permitOf(w, w.alice, 3_100n * USD)],
      deposits: [{ ...dollars(account, 3_000n), minCredited: 3_000n * WAD }],
      refreshes: [1n],
      fills: [await signedFill(w, w.bob, account, 20n * WAD)],
      covers: [cover()],
    });
    await w.nextIn(5n);
    const preview = await w.router.connect(w.alice).run.staticCall(plan, { blockTag: "pending" });
    expect(preview.credited).to.deep.equal([3_000n * WAD]);
    expect(preview.bids).to.deep.equal([]);
    const tx = w.router.connect(w.alice).run(plan);
    await expect(tx, "exact")
      .to.emit(w.usd, "Approval")
      .withArgs(router, await vault.getAddress(), 100n * USD);
    await expect(tx)
      .to.emit(w.usd, "Approval")
      .withArgs(router, w.houseAddress, 3_000n * USD);
    const [bought] = preview.covers;
    if (bought === undefined) throw new Error("no cover");
    expect(bought.premium)
      .to.be.greaterThan(0n)
      .and.to.be.lessThan(100n * USD);
    // Taker fee: 5 basis points of 4,000.
    expect(await w.cashOf(account)).to.equal(2_998n * WAD);
    expect(await w.baseOf(account)).to.equal(20n * WAD);
    expect((await w.oracle.cached(0)).readAt).to.equal(await w.now());
    expect(await vault.purchaseOf(bought.purchase)).to.deep.include.members([w.alice.address, series, UNITS]);
    expect(await w.usd.balanceOf(w.alice.address), "only what was used").to.equal(7_000n * USD - bought.premium);
    expect(await w.usd.allowance(w.alice.address, router), "the permit was for all of it").to.equal(0n);
    expect(await leftovers(w)).to.deep.equal(NOTHING);
  });

  it("PER-01 any subset of the six actions does what it names and nothing else", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const alice = w.id(w.alice);
    await w.setEth(182n * WAD);
    const permit = await permitOf(w, w.alice, 500n * USD);
    const all: Pick<Plan, "permits" | "deposits" | "refreshes" | "fills" | "bids" | "covers"> = {
      permits: [permit],
      deposits: [dollars(alice, 300n)],
      refreshes: [2n],
      fills: [await signedFill(w, w.bob, alice, 2n * WAD, 1n, 182n * WAD)],
      bids: [w.request(w.alice, w.id(w.dave), { fraction: WAD / 10n })],
      covers: [cover()],
    };
    const keys = ["permits", "deposits", "refreshes", "fills", "bids", "covers"] as const;
    const snapshot = await w.networkHelpers.takeSnapshot();
    const dave = await w.baseOf(w.id(w.dave));
    for (let subset = 0; subset < 64; ++subset) {
      const has = (action: number) => (subset & (1 << action)) !== 0;
      const chosen = Object.fromEntries(keys.filter((_, action) => has(action)).map((key) => [key, all[key]]));
      const plan = planOf(chosen);
      await w.nextIn(5n);
      const outcome = await w.router.connect(w.alice).run.staticCall(plan, { blockTag: "pending" });
      const [before, nonce] = [await w.usd.balanceOf(w.alice.address), await w.usd.nonces(w.alice.address)];
      await w.router.connect(w.alice).run(plan);
      const label = `subset ${subset.toString(2)}`;
      expect(await w.usd.nonces(w.alice.address), label).to.equal(nonce + (has(Action.Permit) ? 1n : 0n));
      expect(outcome.credited, label).to.deep.equal(has(Action.Deposit) ? [300n * WAD] : []);
      expect((await w.oracle.cached(1)).readAt === (await w.now()), label).to.equal(has(Action.Refresh));
      expect(await w.orders.isNonceUsed(w.id(w.bob), 1n), label).to.equal(has(Action.Fill));
      expect((await w.baseOf(w.id(w.dave))) < dave, label).to.equal(has(Action.Bid));
      expect((await vault.books()).escrowed > 0n, label).to.equal(has(Action.BuyCover));
      expect(outcome.bids.length, label).to.equal(has(Action.Bid) ? 1 : 0);
      const spent =
        (has(Action.Deposit) ? 300n * USD : 0n) + (has(Action.BuyCover) ? (outcome.covers[0]?.premium ?? 0n) : 0n);
      expect(before - (await w.usd.balanceOf(w.alice.address)), label).to.equal(spent);
      expect(await leftovers(w), label).to.deep.equal(NOTHING);
      await snapshot.restore();
    }
  });

  it("PER-01 the user's order counts: a trade before its deposit has no margin, after it it has", async () => {
    const w = world();
    const account = await w.cash(w.alice, 100n, 7n);
    const steps = {
      deposits: [dollars(account, 3_000n)],
      fills: [await signedFill(w, w.bob, account, 20n * WAD)],
    };
    await expect(run({ ...steps, actions: [Action.Fill, Action.Deposit] })).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_BelowInitialMargin",
    );
    await run({ ...steps, actions: [Action.Deposit, Action.Fill] });
    expect(await w.baseOf(account)).to.equal(20n * WAD);
  });

  it("PER-01 the n-th action of a kind takes the n-th input of that kind", async () => {
    const w = world();
    const [first, second] = [w.id(w.alice, 1n), w.id(w.alice, 2n)];
    await run({
      actions: [Action.Deposit, Action.Fill, Action.Deposit, Action.Fill, Action.Refresh],
      deposits: [dollars(first, 1_000n), dollars(second, 3_000n)],
      fills: [await signedFill(w, w.bob, first, 5n * WAD, 1n), await signedFill(w, w.bob, second, 15n * WAD, 2n)],
      refreshes: [3n],
    });
    expect([await w.baseOf(first), await w.baseOf(second)]).to.deep.equal([5n * WAD, 15n * WAD]);
    expect(await w.cashOf(second)).to.equal(29_985n * (WAD / 10n));
  });

  it("PER-01 a step that fails undoes all steps before it", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const account = w.id(w.alice, 1n);
    await w.nextIn(60n);
    const premium = await vault.previewPremium(series, UNITS, { blockTag: "pending" });
    await expect(run({ deposits: [dollars(account, 1_000n)], covers: [cover(premium - 1n)] }))
      .to.be.revertedWithCustomError(vault, "CoverageVault_PremiumAboveLimit")
      .withArgs(premium, premium - 1n);
    expect(await w.cashOf(account)).to.equal(0n);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(10_000n * USD);
  });

  it("PER-01 the limits of a bid are the bidder's: price, fraction and income", async () => {
    const w = world();
    await w.setEth(182n * WAD);
    const dave = w.id(w.dave);
    const terms = await w.engine.termsOf(dave);
    const bids = (limits: object) => ({ bids: [w.request(w.alice, dave, limits)] });
    await expect(run(bids({ maxPrice: terms.price - 1n })))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_PriceAboveLimit")
      .withArgs(terms.price, terms.price - 1n);
    await expect(run(bids({ minFraction: terms.maxFraction + 1n })))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_FractionBelowMinimum")
      .withArgs(terms.maxFraction, terms.maxFraction + 1n);
    const income = (terms.income * terms.maxFraction) / WAD;
    await expect(run(bids({ minIncome: terms.income * 2n })))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_IncomeBelowLimit")
      .withArgs(income, (terms.income * 2n * terms.maxFraction) / WAD);
    const limits = { maxPrice: terms.price, minFraction: terms.maxFraction, minIncome: terms.income };
    const [result] = (await w.router.connect(w.alice).run.staticCall(planOf(bids(limits)))).bids;
    await run(bids(limits));
    expect(result?.fraction).to.equal(terms.maxFraction);
    expect(await w.baseOf(w.id(w.alice)), "f* of 100").to.equal(100n * WAD - (await w.baseOf(dave)));
  });

  it("PER-01 deadline: the last second counts, the next does not", async () => {
    const w = world();
    const deadline = (await w.now()) + 100n;
    await w.networkHelpers.time.setNextBlockTimestamp(deadline);
    await run({ deadline, refreshes: [1n] });
    await w.networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
    await expect(run({ deadline, refreshes: [1n] }))
      .to.be.revertedWithCustomError(w.router, "Router_Expired")
      .withArgs(deadline, deadline + 1n);
  });

  it("PER-01 Router_MissingInput and Router_UnusedInput: actions and inputs match for every kind", async () => {
    const w = world();
    const account = w.id(w.alice);
    const one: Omit<Plan, "deadline" | "actions"> = {
      permits: [await permitOf(w, w.alice, USD)],
      deposits: [dollars(account, 10n)],
      refreshes: [1n],
      fills: [await signedFill(w, w.bob, account, WAD)],
      bids: [w.request(w.alice, w.id(w.dave))],
      covers: [cover()],
      pythUpdates: [{ data: [], maxFee: 0n }],
      redStoneUpdates: [{ dataFeedIds: [], payload: "0x" }],
    };
    const kinds = ["permits", "deposits", "refreshes", "fills", "bids", "covers"] as const;
    const keys = [...kinds, "pythUpdates", "redStoneUpdates"] as const;
    expect(keys.length, "every kind").to.equal(Object.keys(Action).length);
    for (const [action, key] of keys.entries()) {
      await expect(run({ actions: [action] }), key)
        .to.be.revertedWithCustomError(w.router, "Router_MissingInput")
        .withArgs(action, 0n);
      await expect(run({ actions: [], [key]: one[key] }), key)
        .to.be.revertedWithCustomError(w.router, "Router_UnusedInput")
        .withArgs(action, 1n, 0n);
    }
    const twice = [dollars(account, 10n), dollars(account, 11n)];
    await expect(run({ actions: [1, 1, 1], deposits: twice }))
      .to.be.revertedWithCustomError(w.router, "Router_MissingInput")
      .withArgs(Action.Deposit, 2n);
    await expect(run({ actions: [1], deposits: twice }))
      .to.be.revertedWithCustomError(w.router, "Router_UnusedInput")
      .withArgs(Action.Deposit, 2n, 1n);
  });

  it("Router_UnknownAsset: no token is called that the house has not listed", async () => {
    const w = world();
    const permit = { ...(await permitOf(w, w.alice, USD)), asset: 5 };
    await expect(run({ permits: [permit] }))
      .to.be.revertedWithCustomError(w.router, "Router_UnknownAsset")
      .withArgs(5);
    await expect(run({ deposits: [{ ...dollars(w.id(w.alice), 1n), asset: 2 }] }))
      .to.be.revertedWithCustomError(w.router, "Router_UnknownAsset")
      .withArgs(2);
  });

  it("PER-01 without a scope the house, the book and the engine refuse the Router as they refuse everyone", async () => {
    const w = world();
    const [alice, router] = [w.id(w.alice), await w.router.getAddress()];
    await trust(w, w.alice, Scope.Trade);
    await expect(run({ deposits: [dollars(alice, 1n)] }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
      .withArgs(alice, router, Scope.Deposit);
    await trust(w, w.alice, Scope.All - Scope.Trade);
    await run({ deposits: [dollars(alice, 1n)] });
    await expect(run({ fills: [await signedFill(w, w.bob, alice, WAD)] }))
      .to.be.revertedWithCustomError(w.orders, "SignedOrders_NotAuthorized")
      .withArgs(alice, router);
    await expect(run({ bids: [w.request(w.alice, w.id(w.dave))] }))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotAuthorized")
      .withArgs(alice, router);
  });

  it("PER-01 its addresses are the house's own, and a wrong house or vault is refused at once", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const vaultAddress = await vault.getAddress();
    expect(await w.router.house()).to.equal(w.houseAddress);
    expect(await w.router.orders()).to.equal(await w.orders.getAddress());
    expect(await w.router.engine()).to.equal(w.engineAddress);
    expect(await w.router.oracle()).to.equal(await w.oracle.getAddress());
    expect(await w.router.vault()).to.equal(vaultAddress);
    const deploy = (house: string, of: string) =>
      w.ethers.deployContract("Router", [house, of, w.ethers.ZeroAddress, w.ethers.ZeroAddress]);
    const unlinked = await unlinkedHouse(w);
    for (const house of [w.alice.address, unlinked]) {
      await expect(deploy(house, vaultAddress))
        .to.be.revertedWithCustomError(w.router, "Router_InvalidHouse")
        .withArgs(house);
    }
    // A contract that names another house.
    const stranger = await (await w.ethers.deployContract("SignedOrders", [unlinked])).getAddress();
    for (const of of [w.alice.address, stranger]) {
      await expect(deploy(w.houseAddress, of))
        .to.be.revertedWithCustomError(w.router, "Router_InvalidVault")
        .withArgs(of, w.houseAddress);
    }
  });
});
