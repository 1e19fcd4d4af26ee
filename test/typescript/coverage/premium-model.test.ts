import { expect } from "chai";

import { BPS_ONE } from "../../../sdk/math/constants.ts";
import { expectedLossUp, varianceUp } from "../../../sdk/math/LossModels.ts";
import type { LossTerms } from "../../../sdk/math/LossModels.ts";
import { meanRateUp } from "../../../sdk/math/PremiumCurve.ts";
import { FLOOR_RATE, premiumUp, utilisationUp } from "../../../sdk/math/PremiumMath.ts";
import { max, mulDivUp } from "../../../sdk/math/WadMath.ts";
import { deployWithSources, FEED, PRICE, Source, WAD } from "../oracle/support/oracle.ts";

const DAY = 86_400n;
const Kind = { HazardRate: 0, CashOrNothingPut: 1, PutSpread: 2, OneTouch: 3 } as const;
const LOADING_BPS = 3_000n;
const FLOOR = (6n * WAD) / 10n;
const FRESH = { kinkRate: 0n, utilisation: 0n, updatedAt: 0n };

const LEVELS = { level: 1_500n * WAD, lowerLevel: 900n * WAD };
const TERMS: readonly (readonly [kind: number, lowerLevel: bigint, twin: LossTerms])[] = [
  [Kind.CashOrNothingPut, 0n, { kind: "cashOrNothingPut", hazardRate: WAD, level: LEVELS.level }],
  [Kind.PutSpread, LEVELS.lowerLevel, { kind: "putSpread", hazardRate: WAD, ...LEVELS }],
  [Kind.OneTouch, 0n, { kind: "oneTouch", hazardRate: WAD, level: LEVELS.level, isBelow: true }],
];

/** A premium model on an oracle with three sources at 2,000. */
async function deployModel() {
  const fixture = await deployWithSources(3);
  const model = await fixture.ethers.deployContract("PremiumModel", [fixture.oracleAddress]);
  await fixture.oracle.refresh(FEED);

  return {
    ...fixture,
    model,

    /** Writes a price model down and returns its id. */
    async define(kind: number, lowerLevel: bigint, feed = FEED): Promise<string> {
      const terms = {
        kind,
        feed,
        isBelow: true,
        hazardRate: WAD,
        volatilityFloor: FLOOR,
        level: LEVELS.level,
        lowerLevel,
      };
      const id = await model.defineModel.staticCall(terms);
      await model.defineModel(terms);
      return id;
    },

    /** What the twin makes of the oracle's state and a price. */
    async lossByTwin(terms: LossTerms, spot: bigint, endsAt: bigint): Promise<bigint> {
      const [fast, slow] = await fixture.oracle.variance(FEED);
      const duration = endsAt - (await fixture.now());
      return expectedLossUp(terms, { spot, variance: varianceUp(fast, slow, FLOOR), duration });
    },
  };
}

describe("Premium model on the real oracle (CVR-08)", () => {
  for (const [kind, lowerLevel, terms] of TERMS) {
    it(`CVR-08: ${terms.kind}: loss and premium are the twin's to the wei, before and after a fall`, async () => {
      const m = await deployModel();
      const id = await m.define(kind, lowerLevel);
      const endsAt = (await m.now()) + 80n * DAY;
      const startsAt = endsAt - 70n * DAY;
      const before = await m.model.expectedLoss(id, startsAt, endsAt);
      expect(before).to.equal(await m.lossByTwin(terms, PRICE, endsAt));

      // The price of this second counts at once, its volatility with the refresh.
      const fallen = (PRICE * 85n) / 100n;
      for (const source of m.sources) await source.setPrice(fallen);
      await m.later();
      const unrefreshed = await m.model.expectedLoss(id, startsAt, endsAt);
      expect(unrefreshed).to.equal(await m.lossByTwin(terms, fallen, endsAt));
      await m.model.refresh(id);
      const refreshed = await m.model.expectedLoss(id, startsAt, endsAt);
      expect(refreshed).to.equal(await m.lossByTwin(terms, fallen, endsAt));
      expect(unrefreshed > before && refreshed > unrefreshed, `${before}, ${unrefreshed}, ${refreshed}`).to.equal(true);

      const [cost, bound, capital] = [100n * WAD, 850n * WAD, 1_000n * WAD];
      const premium = await m.model.quote(id, { cost, bound, capital, startsAt, endsAt }, FRESH);
      const used = utilisationUp(bound + cost, capital);
      const rate = max(meanRateUp(WAD / 25n, utilisationUp(bound, capital), used), FLOOR_RATE);
      const byModel = mulDivUp(cost, refreshed * (BPS_ONE + LOADING_BPS), WAD * BPS_ONE);
      expect(premium).to.equal(max(byModel, premiumUp(cost, rate, endsAt - startsAt)));
    });
  }

  it("CVR-08, ORC-02: nothing is priced while the sources do not agree", async () => {
    const m = await deployModel();
    const id = await m.define(Kind.OneTouch, 0n);
    for (const source of m.sources.slice(1)) await source.setMode(Source.Reverts);
    await m.later();
    const endsAt = (await m.now()) + 30n * DAY;
    await expect(m.model.expectedLoss(id, endsAt - 20n * DAY, endsAt))
      .to.be.revertedWithCustomError(m.oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 1n, 1n, 2n);
    await m.model.refresh(id); // Says that there is none, and reverts for nobody.
    await expect(m.model.quote(id, { cost: WAD, bound: 0n, capital: WAD, startsAt: endsAt - 20n * DAY, endsAt }, FRESH))
      .to.be.revertedWithCustomError(m.oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 1n, 1n, 2n);
  });

  it("CVR-08: a feed that was never listed prices nothing", async () => {
    const m = await deployModel();
    await expect(m.define(Kind.OneTouch, 0n, FEED + 1n))
      .to.be.revertedWithCustomError(m.oracle, "PriceOracle_UnknownFeed")
      .withArgs(FEED + 1n);
  });
});
