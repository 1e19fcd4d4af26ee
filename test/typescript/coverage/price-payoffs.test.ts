import { expect } from "chai";

import { ModelKind } from "../../../sdk/models.ts";
import { actions, deployLocal, USD, WAD } from "../support/deployment.ts";
import type { Deployment, Signer } from "../support/deployment.ts";
import { JUNIOR, SENIOR, underwrite, vaultsOf } from "../support/underwriting.ts";

const ETH_FEED = 0;
const DAY = 86_400;
const HOUR = 3_600;
const WEEK = 7 * DAY;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * DAY + 1;
/** ETH stands at 200. */
const PRICE = 200n * WAD;
const LEVEL = 140n * WAD;
const [UPPER, LOWER] = [160n * WAD, 80n * WAD];
const UNITS = 100n * WAD;

const deployTouches = (d: Deployment, oracle: string) => d.ethers.deployContract("PriceTouchTrigger", [oracle]);
const deploySpreads = (d: Deployment, oracle: string) => d.ethers.deployContract("PutSpreadTrigger", [oracle]);
type PriceTrigger = Awaited<ReturnType<typeof deployTouches>> | Awaited<ReturnType<typeof deploySpreads>>;

/** One-sided cover on a fall of ETH: what a model is told beside its kind and its levels. */
const FALLING = { feed: ETH_FEED, isBelow: true, hazardRate: WAD, volatilityFloor: (6n * WAD) / 10n };

/** The deployment with 10,000 of capital, and a product on each of two payoffs, on the oracle of the house. */
async function stage() {
  const d = await deployLocal();
  const { setEth } = actions(d);
  const [, underwriter, buyer, late] = d.signers;
  if (!underwriter || !buyer || !late) throw new Error("too few accounts");
  const { vault } = await vaultsOf(d);
  const vaultAddress = await vault.getAddress();
  const model = await d.ethers.getContractAt("PremiumModel", await vault.premiumModel());
  const verifier = await d.ethers.getContractAt("ClaimVerifier", await vault.verifier());
  const cover = await d.ethers.getContractAt("CoverToken", await vault.coverToken());
  const oracle = await d.oracle.getAddress();
  const touches = await deployTouches(d, oracle);
  const spreads = await deploySpreads(d, oracle);
  await underwrite(d, vaultAddress, underwriter, JUNIOR, 4_000n);
  await underwrite(d, vaultAddress, underwriter, SENIOR, 6_000n);
  await d.usd.mint(d.administrator.address, 1_000n * USD);
  await d.usd.approve(await verifier.getAddress(), 1_000n * USD);
  for (const who of [buyer, late]) {
    await d.usd.mint(who.address, 10_000n * USD);
    await d.usd.connect(who).approve(vaultAddress, 10_000n * USD);
  }

  const announce = async (trigger: PriceTrigger, terms: string, kind: number, level: bigint, lowerLevel: bigint) => {
    const modelTerms = { ...FALLING, kind, level, lowerLevel };
    const id = await model.defineModel.staticCall(modelTerms);
    await model.defineModel(modelTerms);
    const product = {
      trigger: await trigger.getAddress(),
      terms,
      sides: 0n,
      minLimit: WAD,
      maxLimit: WAD,
      maxTermWeeks: 10,
      capacityShareBps: 5_000,
      model: id,
      waiting: DAY,
    };
    const number = await vault.announceProduct.staticCall(product);
    await vault.announceProduct(product);
    return number;
  };
  const touchDefinition = { feed: ETH_FEED, level: LEVEL, fromAbove: true };
  const touchTerms = await touches.defineTerms.staticCall(touchDefinition);
  await touches.defineTerms(touchDefinition);
  const spreadDefinition = { feed: ETH_FEED, upper: UPPER, lower: LOWER };
  const spreadTerms = await spreads.defineTerms.staticCall(spreadDefinition);
  await spreads.defineTerms(spreadDefinition);
  const touchProduct = await announce(touches, touchTerms, ModelKind.OneTouch, LEVEL, 0n);
  const spreadProduct = await announce(spreads, spreadTerms, ModelKind.PutSpread, UPPER, LOWER);
  await setEth(PRICE, ANNOUNCEMENT);

  const now = async () => d.networkHelpers.time.latest();

  return {
    ...d,
    vault,
    verifier,
    model,
    cover,
    buyer,
    late,
    setEth,
    now,
    spreads,
    spreadTerms,
    touch: { trigger: touches, terms: touchTerms, product: touchProduct },
    spread: { trigger: spreads, terms: spreadTerms, product: spreadProduct },

    /** A series that ends with the fourth week from now, and its mark and end. */
    async open(product: bigint) {
      const week = Math.floor((await now()) / WEEK) + 4;
      const series = await vault.openSeries.staticCall(product, WAD, week);
      await vault.openSeries(product, WAD, week);
      const { mark } = await verifier.subjectOf(vaultAddress, series);
      return { series, mark, endsAt: week * WEEK };
    },

    /** The premium is taken; tokens follow. */
    async buy(series: bigint, who: Signer) {
      const args = [series, UNITS, 10_000n * USD, who.address] as const;
      const [purchase] = await vault.connect(who).buy.staticCall(...args);
      await vault.connect(who).buy(...args);
      const { premium } = await vault.purchaseOf(purchase);
      return { purchase, premium: premium / (WAD / USD) };
    },

    /** The price at a time, on all sources. */
    async setEthAt(price: bigint, time: number) {
      await d.networkHelpers.time.increaseTo(time);
      await setEth(price, 0);
    },

    /** Opened, decided, taken in by the vault. */
    async claim(series: bigint) {
      await verifier.open(vaultAddress, series);
      await verifier.resolve(vaultAddress, series);
      await vault.sync(series);
    },
  };
}

describe("Cover on prices from announcement to payment, on the real oracle (CVR-03, CVR-08, CLM-02)", () => {
  it("CLM-04: all or nothing: three observations five minutes apart below the level pay one unit a token", async () => {
    const s = await stage();
    const { trigger, terms, product } = s.touch;
    const { series, mark } = await s.open(product);
    const { purchase, premium } = await s.buy(series, s.buyer);
    expect((await s.oracle.cached(ETH_FEED)).readAt, "bought at a price of that second").to.equal(await s.now());
    expect(premium > 0n && premium < 100n * USD, `${premium}`).to.equal(true);
    await s.setEth(PRICE, DAY);
    await s.vault.complete(purchase);
    expect(await s.cover.balanceOf(s.buyer.address, series)).to.equal(UNITS);

    // Who buys now sees no loss; before his tokens are minted the price falls through the level, and he gets his money back.
    const waiting = await s.buy(series, s.late);
    await s.setEth(LEVEL - WAD, 6 * HOUR);
    await expect(s.vault.connect(s.late).buy(series, UNITS, 10_000n * USD, s.late.address))
      .to.be.revertedWithCustomError(s.vault, "CoverageVault_SeriesNotForSale")
      .withArgs(series);
    for (let i = 0; i < 3; i++) {
      if (i > 0) await s.setEth(LEVEL - WAD, 300);
      await expect(s.verifier.open(await s.vault.getAddress(), series)).to.be.revertedWithCustomError(
        s.verifier,
        "ClaimVerifier_NotDecided",
      );
      await trigger.observe(terms, mark);
    }
    await s.claim(series);
    const before = await s.usd.balanceOf(s.late.address);
    await s.vault.complete(waiting.purchase);
    expect((await s.usd.balanceOf(s.late.address)) - before, "refunded").to.equal(waiting.premium);
    await expect(s.vault.connect(s.buyer).redeem(series, UNITS, s.buyer.address)).to.changeTokenBalance(
      s.ethers,
      s.usd,
      s.buyer,
      100n * USD,
    );
  });

  it("CLM-04: a put spread pays (160 - 110) / 80 for the highest of three prices in its last hour", async () => {
    const s = await stage();
    const { trigger, terms, product } = s.spread;
    const { series, mark, endsAt } = await s.open(product);
    const { purchase } = await s.buy(series, s.buyer);
    await s.setEth(PRICE, DAY);
    await s.vault.complete(purchase);

    // Before its last hour nothing counts, whatever the price.
    await s.setEthAt(LOWER, endsAt - HOUR - 60);
    await trigger.observe(terms, mark);
    expect((await trigger.streakOf(terms, mark)).seenAt).to.equal(0n);
    for (const [i, price] of [100n, 110n, 90n].entries()) {
      await s.setEthAt(price * WAD, endsAt - 20 * 60 + i * 300);
      await trigger.observe(terms, mark);
    }
    await s.setEthAt(PRICE, endsAt + DAY); // What comes after the end changes nothing.
    await s.claim(series);
    expect((await s.verifier.outcome(await s.vault.getAddress(), series)).confirmed).to.equal((625n * WAD) / 1_000n);
    await expect(s.vault.connect(s.buyer).redeem(series, UNITS, s.buyer.address)).to.changeTokenBalance(
      s.ethers,
      s.usd,
      s.buyer,
      (625n * USD) / 10n,
    );
  });

  it("CVR-08: a spread at or above the price is not sold, and no series begins below its upper level", async () => {
    const s = await stage();
    const { series } = await s.open(s.spread.product);
    await s.setEth(UPPER);
    await expect(s.vault.connect(s.buyer).buy(series, UNITS, 10_000n * USD, s.buyer.address))
      .to.be.revertedWithCustomError(s.model, "PremiumModel_LevelNotBelowSpot")
      .withArgs(UPPER, UPPER);
    await s.setEth(UPPER - 10n ** 10n);
    const week = Math.floor((await s.now()) / WEEK) + 5;
    await expect(s.vault.openSeries(s.spread.product, WAD, week)).to.be.revertedWithCustomError(
      s.verifier,
      "ClaimVerifier_InvalidSeries",
    );
    await s.setEth(UPPER);
    await s.vault.openSeries(s.spread.product, WAD, week);
  });

  it("CVR-08, ORC-02: without consensus nothing is sold, and what was sold is minted or refunded", async () => {
    const s = await stage();
    const { series } = await s.open(s.touch.product);
    const { purchase, premium } = await s.buy(series, s.buyer);
    await s.networkHelpers.time.increase(2 * DAY); // All sources are too old.
    await expect(s.vault.connect(s.late).buy(series, UNITS, 10_000n * USD, s.late.address))
      .to.be.revertedWithCustomError(s.vault, "CoverageVault_SeriesNotForSale")
      .withArgs(series);
    const before = await s.usd.balanceOf(s.buyer.address);
    await s.vault.complete(purchase);
    expect((await s.usd.balanceOf(s.buyer.address)) - before).to.equal(premium);
  });
});
