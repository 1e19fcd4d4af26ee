import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { Campaign } from "./campaign/campaign.ts";
import type { Report } from "./campaign/campaign.ts";
import { EXECUTED, Outcomes } from "./campaign/outcomes.ts";
import { PATHS } from "./campaign/paths.ts";
import { NAMES, ONCE } from "./campaign/powers.ts";
import { createStage } from "./campaign/stage.ts";

/** Runs of `npm test`; `BULWARK_THEFTS` has more of them. */
const RUNS = BigInt(process.env["BULWARK_THEFTS"] ?? 3);
/** 36 days of notice, 35 more for what announces by itself, and some to enjoy it. */
const DAYS = 85n;

describe("every key stolen at once, in any order (FND-09)", function () {
  this.timeout(3_600_000);

  it(`FND-09: ${RUNS} thefts drawn from a seed: no more than the bound is lost, exits stay open, every power and path is tried`, async () => {
    const stage = await createStage();
    const seed = seedOfRun();
    const outcomes = new Outcomes(stage.faces);
    const reports: Report[] = [];
    const never = () => [
      ...NAMES.filter((name) => outcomes.times(name, ONCE[name] ?? EXECUTED) === 0),
      ...Object.keys(ONCE).filter((name) => outcomes.times(name, ONCE[name]!) === 0 && !NAMES.includes(name)),
      ...PATHS.filter((path) => reports.every(({ taken }) => taken.get(path)! < WAD)),
    ];
    // What a rare order leaves out may come in more runs than were asked for, but not in three times as many.
    for (let run = 0n; run < RUNS || (run < 3n * RUNS && never().length > 0); ++run) {
      reports.push(await Campaign.run(stage, new Random(seed + run), outcomes, DAYS));
    }
    print(seed, outcomes, reports);
    expect(never(), "powers that were never used, and paths that were never walked, to the end").to.deep.equal([]);
  });
});

function print(seed: bigint, outcomes: Outcomes, reports: readonly Report[]): void {
  const all = outcomes.endings;
  const sum = (isCounted: (ended: string) => boolean) =>
    all.reduce((total, [ended, count]) => (isCounted(ended) ? total + count : total), 0);
  const refusals = new Set(all.map(([ended]) => ended).filter((ended) => ended !== EXECUTED));
  console.log(
    `      seed ${seed}, ${reports.length} thefts: ${sum((ended) => ended === EXECUTED)} acts executed, ` +
      `${sum((ended) => ended !== EXECUTED)} refused with ${refusals.size} errors`,
  );
  const dollars = (amount: bigint) => Number(amount / 10n ** 18n).toLocaleString("en");
  for (const { steps, bound, reserve, taken } of reports) {
    const day = bound.mostIn(86_400n, "draw", "reward");
    const week = bound.mostIn(7n * 86_400n, "lending");
    const paths = [...taken].map(([path, amount]) => `${path} ${dollars(amount)}`).join(", ");
    console.log(
      `      ${steps} steps: reserve ${dollars(reserve.before)} to ${dollars(reserve.after)}; most drawn in a day ${dollars(day)}, ` +
        `most lent in a week ${dollars(week)}; ${paths}`,
    );
  }
}
