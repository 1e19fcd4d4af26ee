import { expect } from "chai";

import { confirmed, contractErrors, IncidentStatus, ModelKind, modelIdOf, Tranche } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { linkControl } from "../risk/support/control.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { openSeries, standBehind } from "../support/underwriting.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import type { Clients } from "./support/client.ts";

const LIMIT = 40n * WAD;
const UNITS = 12n * WAD + 345n;
const PENDING = { blockTag: "pending" } as const;
const DAY = 86_400;

describe("SDK: cover, claims and vaults (SDK-01)", () => {
  let clients: Clients;
  let dave: BulwarkClient;
  let series: bigint;
  const world = useWorld(async (w) => {
    const capital = { junior: 20_000n, senior: 40_000n, committed: 2_000n, reinsurance: 1_000n, reinsured: 500n };
    await standBehind(w, w.erin, capital);
    series = await openSeries(w, LIMIT, 9);
    await w.setEth(200n * WAD);
    clients = await clientsOf(w);
    dave = await clients.as(w.dave);
    await w.usd.mint(w.dave.address, 10_000n * USD);
  });
  const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
  const vaultAddress = () => dave.addresses.vault;
  const purse = () => dave.tokens.balanceOf(world().dave.address);

  /** Buys in the second that was previewed, and says what it cost. */
  async function buyPreviewed(units: bigint): Promise<{ previewed: bigint; charged: bigint }> {
    const w = world();
    await confirmed(dave.tokens.approve(vaultAddress(), 10_000n * USD));
    await w.nextIn(11n);
    const { premium } = await dave.covers.previewPremium(series, units, PENDING);
    const before = await purse();
    await w.nextIn(11n);
    await confirmed(dave.covers.buy({ series, units, maxPremium: premium }, w.dave.address));
    return { previewed: premium, charged: before - (await purse()) };
  }

  it("SDK-01: the premium that was previewed is what is charged, a first and a second time, near full use too", async () => {
    for (const units of [UNITS, 500n * WAD, 1n]) {
      const { previewed, charged } = await buyPreviewed(units);
      expect(charged, `${units} units`).to.equal(previewed);
      expect(charged).to.be.greaterThan(0n);
    }
    const parts = await dave.covers.previewPremium(series, 200n * WAD);
    expect(parts.curve, "scarcity sets the price").to.be.greaterThan(parts.model);
    expect(parts.factor).to.equal(WAD);
  });

  it("FND-04: the premium factor of the risk control that the house is linked to counts", async () => {
    const w = world();
    await w.cash(w.alice, 50_000n);
    await w.cash(w.bob, 50_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 1_000n * WAD, 200n * WAD);
    const plain = await dave.covers.previewPremium(series, UNITS);
    const control = await linkControl(w);
    await control.sync(ETH_MARKET);
    const { factor } = await dave.covers.previewPremium(series, UNITS);
    expect(factor).to.equal(await control.premiumFactor());
    expect(factor).to.be.within((11n * WAD) / 10n, 2n * WAD);
    const { previewed, charged } = await buyPreviewed(UNITS);
    expect(charged).to.equal(previewed);
    expect(charged).to.be.greaterThan(plain.premium);
  });

  it("CVR-08: a cover that is priced by level, price and volatility is previewed to the unit", async () => {
    const w = world();
    const level = 150n * WAD;
    const terms = { hazardRate: WAD, volatilityFloor: (6n * WAD) / 10n, level, lowerLevel: 0n, isBelow: true, feed: 0 };
    const trigger = await w.ethers.getContractAt("PriceTouchTrigger", await w.deployed.priceTouch.getAddress());
    const definition = { feed: 0, level, fromAbove: true };
    const encoded = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    const model = { ...terms, kind: ModelKind.OneTouch };
    const models = await w.ethers.getContractAt("PremiumModel", await w.deployed.premiumModel.getAddress());
    await models.defineModel(model);
    const vault = await w.ethers.getContractAt("ICoverageVault", vaultAddress());
    await vault.connect(w.administrator).announceProduct({
      trigger: await trigger.getAddress(),
      terms: encoded,
      sides: 0n,
      minLimit: WAD,
      maxLimit: 100n * WAD,
      maxTermWeeks: 10,
      capacityShareBps: 5_000,
      model: modelIdOf(model),
      waiting: DAY,
    });
    await w.networkHelpers.time.increase(35 * DAY + 2);
    await w.setEth(200n * WAD);
    const week = Math.floor((await w.networkHelpers.time.latest()) / (7 * DAY)) + 6;
    series = await vault.openSeries.staticCall(2, LIMIT, week);
    await vault.openSeries(2, LIMIT, week);
    const subject = await dave.contracts.verifier.subjectOf(vaultAddress(), series);
    await w.oracle.refresh(0);
    await trigger.observe(encoded, subject.mark);
    await w.setEth(190n * WAD, 300);
    await w.oracle.refresh(0);
    const { model: asked, curve } = await dave.covers.previewPremium(series, UNITS);
    expect(asked, "the model sets the price").to.be.greaterThan(curve);
    // The refresh of a purchase may take a sample of the volatility or not: the preview does what the purchase does.
    for (const seconds of [0, 400, 900, 901]) {
      await w.setEth((190n - BigInt(seconds) / 100n) * WAD, seconds);
      const { previewed, charged } = await buyPreviewed(UNITS);
      expect(charged, `${seconds} s later`).to.equal(previewed);
    }
  });

  it("SDK-01: with a permit through the Router: one transaction, no approval, what the premium leaves comes back", async () => {
    const w = world();
    const deadline = (await w.now()) + 600n;
    const permit = await dave.tokens.permit(dave.covers.permitSpender, { value: 900n * USD, deadline });
    const before = await purse();
    await w.nextIn(9n);
    const { premium } = await dave.covers.previewPremium(series, UNITS, PENDING);
    await w.nextIn(9n);
    await confirmed(dave.covers.buyWithPermit({ series, units: UNITS, maxPremium: 900n * USD }, permit));
    expect(before - (await purse())).to.equal(premium);
    expect(await dave.covers.purchase(1n)).to.include({ buyer: w.dave.address, series, units: UNITS });
  });

  it("SDK-01: a limit below the premium is refused by an error that says what to raise it to", async () => {
    const w = world();
    await confirmed(dave.tokens.approve(vaultAddress(), 10_000n * USD));
    const { premium } = await dave.covers.previewPremium(series, UNITS);
    const refused = await errorOf(dave.covers.buy({ series, units: UNITS, maxPremium: premium / 2n }, w.dave.address));
    expect(refused).to.be.instanceOf(contractErrors.CoverageVault_PremiumAboveLimit);
    expect((refused as { values: { maxPremium: bigint } }).values.maxPremium).to.equal(premium / 2n);
    expect(await errorOf(dave.covers.previewPremium(series, 10_000n * WAD))).to.be.instanceOf(
      contractErrors.CoverageVault_NoCapacity,
    );
  });

  it("CLM-01, CVR-05: buy, mint, a loss, claim and redeem: what was previewed is what is paid", async () => {
    const w = world();
    const redeemer = w.dave.address;
    await buyPreviewed(UNITS);
    expect(await errorOf(dave.covers.complete(1n))).to.be.instanceOf(contractErrors.CoverageVault_TooEarly);
    await w.networkHelpers.time.increase(3 * DAY);
    await w.setEth(200n * WAD);
    await confirmed(dave.covers.complete(1n));
    expect(await dave.covers.balanceOf(redeemer, series)).to.equal(UNITS);
    expect(await dave.claims.preview(series)).to.deep.include({ isDecided: true, payoutPerUnit: 0n });
    expect(await errorOf(dave.claims.open(series))).to.be.instanceOf(contractErrors.ClaimVerifier_NothingHappened);

    // Alice falls so far that holders of the short side are charged.
    await w.cash(w.alice, 2_100n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.frank, 100_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(120n * WAD);
    expect((await w.bidFor(w.frank, w.id(w.alice))).socialized).to.be.greaterThan(DOLLAR);
    const { payoutPerUnit } = await dave.claims.preview(series);
    expect(payoutPerUnit).to.be.within(1n, LIMIT);

    const { bond } = await dave.claims.bond();
    await confirmed(dave.tokens.approve(dave.addresses.verifier, bond));
    await confirmed(dave.claims.open(series));
    expect(await dave.claims.incident(series)).to.include({ status: BigInt(IncidentStatus.Open), key: 1n });
    await confirmed(dave.claims.resolve(series));
    expect(await dave.claims.outcome(series)).to.include({ isOpen: false, confirmed: payoutPerUnit });
    const due = await dave.covers.previewRedeem(series, UNITS);
    const before = await purse();
    await confirmed(dave.covers.redeem(series, UNITS, redeemer));
    expect((await purse()) - before).to.equal(due);
    expect(due).to.equal((UNITS * payoutPerUnit) / WAD / 10n ** 12n);
  });

  it("CVR-01, CVR-06: deposit, request, wait, claim: shares as previewed, the window as exitOf says", async () => {
    const w = world();
    const place = { tranche: Tranche.Senior };
    const share = await dave.vaults.share(place);
    await confirmed(dave.tokens.approve(await share.getAddress(), 1_000n * USD));
    const minShares = await dave.vaults.previewDeposit(place, 1_000n * USD);
    const free = await dave.vaults.capacity();
    await confirmed(dave.vaults.deposit(place, { assets: 1_000n * USD, minShares, receiver: w.dave.address }));
    expect(await share.balanceOf(w.dave.address)).to.equal(minShares);
    expect((await dave.vaults.capacity()) - free).to.equal(1_000n * WAD);
    expect(await dave.vaults.tranche(place)).to.deep.include({ value: 41_000n * WAD, epoch: 0n });
    await confirmed(dave.vaults.requestExit(place, minShares, w.dave.address));
    const { opensAt, closesAt, shares } = await dave.vaults.exitOf(place, w.dave.address);
    expect([closesAt - opensAt, shares]).to.deep.equal([604_800n, minShares]);
    const claim = { receiver: w.dave.address, minAssets: 0n };
    const early = await errorOf(dave.vaults.claimExit(place, claim));
    expect(early).to.be.instanceOf(contractErrors.CoverageVault_OutsideWindow);
    expect((early as { values: unknown }).values).to.deep.equal({ opensAt, closesAt });
    await w.networkHelpers.time.increaseTo(opensAt);
    await w.setEth(200n * WAD);
    const before = await purse();
    await confirmed(dave.vaults.claimExit(place, claim));
    expect((await purse()) - before).to.equal(1_000n * USD);
    expect((await dave.vaults.report("ReinsuranceVault")).commitment).to.equal(500n * WAD);
  });

  it("FND-08: the fund's rooms say what the contracts say", async () => {
    const w = world();
    await w.fundReserve(700n * USD);
    const [report, layers, solvency] = [
      await dave.fund.report(),
      await dave.fund.layers(),
      await dave.fund.solvency(WAD / 5n),
    ];
    expect(report.segment.reserve).to.equal(700n * WAD);
    expect(report.resources).to.deep.equal({
      reserve: 700n * WAD,
      junior: 2_000n * WAD,
      senior: 0n,
      reinsurance: 500n * WAD,
    });
    expect(layers.map(({ isAnswered, report: { commitment } }) => [isAnswered, commitment])).to.deep.equal([
      [true, 2_000n * WAD],
      [true, 500n * WAD],
    ]);
    expect(solvency.segment.layers).to.deep.equal(report.resources);
    expect(solvency.gap).to.include({ gap: WAD / 5n, loss: 0n });
    expect(await dave.fund.deficits()).to.include({ measured: 0n, unallocated: 0n });
    expect(await dave.fund.ratio()).to.have.all.keys("ratio", "setAt", "target");
    expect(await errorOf(dave.fund.solvency(2n * WAD))).to.be.instanceOf(contractErrors.Solvency_InvalidGap);
    await confirmed(dave.fund.settle());
    await confirmed(dave.tokens.approve(dave.addresses.fund, 5n * USD));
    await confirmed(dave.fund.donate(5n * USD));
    expect((await dave.fund.report()).segment.reserve).to.equal(705n * WAD);
  });
});
