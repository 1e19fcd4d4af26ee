import { expect } from "chai";

import { fieldsOf, RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import type { ClassTerms } from "../../../deploy/modules/defaults.ts";
import { COLUMNS, Kernel } from "../../../scripts/risk/kernel/Kernel.ts";
import { parametersOf } from "../../../scripts/risk/kernel/parameters.ts";
import { fillPath } from "../../../scripts/risk/paths/models.ts";
import { PathRandom } from "../../../scripts/risk/paths/PathRandom.ts";
import { FIELDS, mandateOf } from "../../../scripts/risk/studies/steward.ts";
import { createRandom } from "../../../scripts/replay/random.ts";
import { ChainMarket, FEED_ONE, openMarket } from "./support/chain-market.ts";
import type { Trader } from "./support/chain-market.ts";
import { expectNear } from "./support/near.ts";

const PATHS = 20;
const HOURS = 6;
const PRICE = 200;
const RESERVE = 20_000n;
const VIOLENT = { kind: "jump", volatility: 1.5, jumpsPerYear: 3_000, jumpMean: 0, jumpDeviation: 0.12 } as const;
/** As by default; at once; ones who wait for more than the knee of k_time and past a sample; ones for whom nothing is enough. */
const BIDDERS = [
  { delay: 300, cost: 20 },
  { delay: 0, cost: 20 },
  { delay: 300, cost: 150 },
  { delay: 300, cost: 300 },
];

/** Five longs and three shorts of the same sum, from careful to as far as initial margin goes. */
function traders(seed: number): Trader[] {
  const random = createRandom(seed);
  const leverage = () => Math.round(random.logUniform(5, 9) * 100) / 100;
  const sizes = [100, 200, 150, 50, 250].map((base) => ({ isLong: true, base, leverage: leverage() }));
  return [...sizes, ...[300, 250, 200].map((base) => ({ isLong: false, base, leverage: leverage() }))];
}

describe("the stress kernel against the chain", function () {
  this.timeout(120_000);

  it(`RSK-10: ${PATHS} paths end as they do in the contracts, account by account, to 1e-9`, async () => {
    const market = await openMarket();
    let [bids, forced, drawn, unpaid] = [0, 0, 0, 0];
    for (let index = 0; index < PATHS; index++) {
      await market.reset();
      const bidders = BIDDERS[index % BIDDERS.length] ?? { delay: 0, cost: 0 };
      const chain = new ChainMarket(market, bidders);
      const start = await chain.begin(traders(index), RESERVE);
      const capital = { reserve: (await chain.figures()).reserve, junior: 0, senior: 0, reinsurance: 0 };
      const kernel = new Kernel(parametersOf("major", { capital, bidders }), start);
      kernel.reset();
      const random = new PathRandom();
      random.start(3, index);
      const path = new Float64Array(HOURS);
      fillPath(VIOLENT, random, PRICE, path);
      for (const exact of path) {
        const price = Math.round(exact * FEED_ONE) / FEED_ONE;
        kernel.step(price);
        await chain.step(price);
      }
      const row = new Float64Array(COLUMNS.length);
      kernel.write(row);
      const of = (name: (typeof COLUMNS)[number]) => row[COLUMNS.indexOf(name)] ?? Number.NaN;
      expect([of("bids"), of("forced")], `path ${index}`).to.deep.equal([chain.bids, chain.forced]);

      const holdings = await chain.holdings();
      const longs = kernel.longs.shares.length;
      holdings.forEach(({ base, value }, seat) => {
        const [side, account] = seat < longs ? [kernel.longs, seat] : [kernel.shorts, seat - longs];
        const mine = (side.shares[account] ?? 0) * side.product;
        expectNear(mine, base, 1e-9 * Math.max(1, base), `path ${index}, base of ${seat}`);
        const worth = side.valueOf(account, kernel.seen.price);
        expectNear(worth, value, 1e-9 * Math.max(1_000, Math.abs(value)), `path ${index}, value of ${seat}`);
      });
      const figures = await chain.figures();
      const near = (mine: number, its: number, name: string) =>
        expectNear(mine, its, 1e-9 * Math.max(1_000, Math.abs(its)), `path ${index}, ${name}`);
      near(of("lastReserve"), figures.reserve, "reserve");
      near(of("reserve") + of("rewards"), figures.drawn, "drawn");
      near(of("socialized"), figures.unpaid, "unpaid");
      near(kernel.longs.openInterest, figures.openInterest, "open interest");
      near(kernel.control.cap, figures.cap, "cap");
      const { gapRate, penaltyRate, rateSet, rateTarget, ratio } = kernel.control;
      expect([rateSet, rateTarget, penaltyRate], `path ${index}`).to.deep.equal(figures.margin);
      // A token has six decimals: what is settled is cut by up to 1e-6, which may tip the last digit of what is rounded.
      expectNear(ratio, figures.ratio, 1, `path ${index}, ratio`);
      expectNear(gapRate, figures.gapRate, 1, `path ${index}, gap rate`);
      bids += chain.bids;
      forced += chain.forced;
      drawn += figures.drawn;
      unpaid += figures.unpaid;
    }
    // A comparison of what never happened would say nothing.
    expect(bids).to.be.greaterThan(20);
    expect(forced).to.be.greaterThan(15);
    expect(drawn).to.be.greaterThan(20_000);
    expect(unpaid).to.be.greaterThan(10_000);
  });

  it("RSK-02: the mandate that proposals keep to is the one that the steward's contract gives", async () => {
    const { control, d } = await openMarket();
    const steward = await d.ethers.deployContract("Steward", [await control.authority(), await control.getAddress()]);
    const expiry = (await d.networkHelpers.time.latest()) + 86_400;
    const write = (index: number, terms: ClassTerms) => {
      const fields = fieldsOf(terms) as unknown as Parameters<typeof control.setClassParameters>[1];
      return control.setClassParameters(index, fields);
    };
    // A share of which two thirds are no round number: safer than the default, so it may be written at once.
    const odd = { ...RISK_PARAMETERS[0], resourceShare: 3_333 };
    await write(0, odd);
    await steward.appoint(d.administrator.address, expiry);
    for (const [index, terms] of [odd, RISK_PARAMETERS[1], RISK_PARAMETERS[2]].entries()) {
      const [lowest, highest] = await steward.rangeOf(index);
      const { high, low } = mandateOf(terms);
      FIELDS.forEach((field, position) => {
        expect(BigInt(low[field]), `${index} ${field}`).to.equal(lowest[position]);
        // Where governance's own bound is lower, it is what counts.
        const most = field === "maintenanceCap" && index !== 0 ? 50_000n : highest[position];
        expect(BigInt(high[field]), `${index} ${field}`).to.equal(most);
      });
      // Everything as far toward safety as the mandate allows is within the controller's own bounds.
      await write(index, { ...high, resourceShare: low.resourceShare });
    }
  });
});
