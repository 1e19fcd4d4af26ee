import { expect } from "chai";

import { toJson } from "../../../scripts/replay/json.ts";
import { parseOptions } from "../../../scripts/replay/options.ts";
import { builtInPrices } from "../../../scripts/replay/prices.ts";
import { replay } from "../../../scripts/replay/replay.ts";
import type { Outcome } from "../../../scripts/replay/replay.ts";
import { report } from "../../../scripts/replay/report.ts";
import { table } from "../../../scripts/replay/table.ts";

const FIELDS = [
  "accounts",
  "liquidated",
  "bids",
  "penalties",
  "badDebt",
  "reserve",
  "junior",
  "senior",
  "reinsurance",
  "socialized",
  "deleveraged",
  "reward",
  "coverSold",
  "premiums",
  "coverPaid",
  "standingPremiums",
  "underwriters",
  "winnersPaid",
  "conservationDifference",
  "dustBound",
  "gas",
] as const;

const UNIT = 10n ** 18n;
/** The smallest unit of the settlement token: what a payout may lose to rounding. */
const TOKEN_UNIT = 10n ** 12n;
const NO_LAYERS = ["--fund", "0", "--backstop", "0", "--reinsurance", "0"] as const;

const TERMS = {
  profile: "default",
  terms: { fund: 0n, backstop: 0n, reinsurance: 0n, cover: 0n },
  seed: 1,
  source: "test <series>",
  provenance: "a & b",
};

const silent = { settingUp: () => undefined, pointReached: () => undefined };

function run(...args: string[]): Promise<Outcome> {
  return replay(parseOptions(["--accounts", "24", ...args]), builtInPrices(), silent);
}

/** A decimal string of the JSON, WAD. */
function wad(figures: Readonly<Record<string, unknown>>, name: string): bigint {
  const value = figures[name];
  if (typeof value !== "string") throw new TypeError(`${name} is no decimal string`);
  expect(value, name).to.match(/^-?\d+(\.\d{1,18})?$/);
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const amount = BigInt(whole + fraction.padEnd(18, "0"));
  return value.startsWith("-") ? -amount : amount;
}

/** Everything that a replay promises whatever the fund holds. */
function expectSound(outcome: Outcome): Record<string, unknown> {
  const figures = JSON.parse(toJson(outcome.summary)) as Record<string, unknown>;
  expect(Object.keys(figures)).to.deep.equal([...FIELDS]);
  expect(figures["accounts"]).to.equal(24);
  const of = (name: string) => wad(figures, name);
  const layers = ["reserve", "junior", "senior", "reinsurance"].map(of).reduce((sum, paid) => sum + paid, 0n);
  const underwriters = figures["underwriters"] as Readonly<Record<string, unknown>>;
  const [deposited, earned, lost, value] = ["deposited", "earned", "lost", "value"].map((name) =>
    wad(underwriters, name),
  );
  // What is read after the last accrual has earned a few seconds more.
  const gap = (value ?? 0n) - ((deposited ?? 0n) + (earned ?? 0n) - (lost ?? 0n));
  expect(gap >= 0n && gap < UNIT, "INV-08").to.equal(true);
  const drawn = of("junior") + of("senior") + of("reinsurance");
  const paidToHolders = (lost ?? 0n) - drawn;
  const rounding = BigInt(outcome.summary.holders) * TOKEN_UNIT;
  expect(paidToHolders >= of("coverPaid") && paidToHolders <= of("coverPaid") + rounding, "INV-12").to.equal(true);
  expect(of("badDebt") + of("reward"), "INV-03").to.equal(layers + of("socialized"));
  const difference = of("conservationDifference");
  expect((difference < 0n ? -difference : difference) <= of("dustBound"), "CLR-08").to.equal(true);
  // A bound that lets anything pass would prove nothing: a millionth of a unit is far above what rounding does.
  expect(of("dustBound") < 10n ** 12n, "bound").to.equal(true);
  expect(outcome.checks.filter(({ holds }) => !holds)).to.deep.equal([]);
  expect(outcome.checks.map(({ id }) => id)).to.include.members([
    "CLR-08",
    "INV-01",
    "INV-02",
    "INV-03",
    "INV-04",
    "INV-05",
    "FND-11",
  ]);
  return figures;
}

describe("replay of March 2020 with few accounts", function () {
  this.timeout(300_000);
  let funded: Outcome;
  let underwritten: Outcome;
  let broke: Outcome;
  let bare: Outcome;
  before(async () => {
    funded = await run();
    underwritten = await run("--fund", "0", "--backstop", "2000", "--reinsurance", "2000", "--cover", "1000");
    broke = await run(...NO_LAYERS);
    bare = await run(...NO_LAYERS, "--cover", "0");
  });

  it("with a fund: liquidates, and the reserve pays (INV-03, CLR-08)", () => {
    const figures = expectSound(funded);
    expect(figures["liquidated"]).to.be.a("number").above(0);
    expect(figures["bids"]).to.be.a("number").above(0);
    expect(wad(figures, "penalties") > 0n).to.equal(true);
    expect(wad(figures, "badDebt") > 0n).to.equal(true);
    expect(wad(figures, "reserve") > 0n).to.equal(true);
  });

  it("without a reserve: junior pays before senior, senior before reinsurance, reinsurance before holders (INV-03, INV-08)", () => {
    const figures = expectSound(underwritten);
    const of = (name: string) => wad(figures, name);
    // The loss is far above what both vaults have committed: each layer pays all that it may.
    expect(of("junior") > 0n && of("senior") > 0n && of("socialized") > 0n).to.equal(true);
    for (const drawn of [of("junior") + of("senior"), of("reinsurance")]) {
      expect(drawn <= 2_000n * UNIT && drawn > 1_999n * UNIT).to.equal(true);
    }
    const juniors = underwritten.summary.tranches.filter(({ tranche }) => tranche === "junior");
    expect(juniors.map(({ value }) => value < UNIT)).to.deep.equal([true, true]);
    expect(underwritten.checks.map(({ id }) => id)).to.include.members(["CVR-02", "CVR-07", "INV-08"]);
  });

  it("without any layer: ends in socialised loss and deleveraging, difference still 0 within dust (CLR-08, LIQ-05, LIQ-06)", () => {
    const figures = expectSound(broke);
    expect(wad(figures, "socialized") > 0n).to.equal(true);
    for (const layer of ["junior", "senior", "reinsurance"]) expect(wad(figures, layer), layer).to.equal(0n);
    expect(wad(figures, "deleveraged") > 0n).to.equal(true);
    const winnersPaid = wad(figures, "winnersPaid");
    expect(winnersPaid > 0n && winnersPaid < 100n * UNIT).to.equal(true);
  });

  it("pays holders of cover what a unit of base was charged, within the limit (CVR-07)", () => {
    const { summary, checks } = broke;
    expect(summary.holders).to.be.above(0);
    const sold = 50_000n * UNIT;
    expect(summary.coverSold <= sold && summary.coverSold > sold - TOKEN_UNIT).to.equal(true);
    expect(summary.premiums > 0n && summary.premiums < summary.coverSold).to.equal(true);
    expect(summary.coverPaid > 0n && summary.coverPaid <= summary.coverSold).to.equal(true);
    expect(checks.find(({ id }) => id === "CVR-07")?.holds).to.equal(true);
  });

  it("pays for cover out of junior first, whatever is committed (CVR-05)", () => {
    const junior = broke.summary.tranches.find(({ tranche }) => tranche === "junior");
    const senior = broke.summary.tranches.find(({ tranche }) => tranche === "senior");
    expect((junior?.lost ?? 0n) > 0n).to.equal(true);
    expect((senior?.lost ?? 0n) === 0n || (junior?.value ?? 0n) < UNIT).to.equal(true);
    expect(broke.summary.tranches.map(({ vault }) => vault)).to.deep.equal(["backstop", "backstop"]);
  });

  it("does without underwriters: no vault has anything, and nothing is said of them", () => {
    const figures = expectSound(bare);
    for (const name of ["coverSold", "premiums", "coverPaid", "standingPremiums"]) {
      expect(wad(figures, name), name).to.equal(0n);
    }
    expect(bare.summary.tranches).to.deep.equal([]);
    expect(table({ ...bare, ...TERMS })).to.not.include("Underwriters");
  });

  it("gives the same figures for the same seed", async () => {
    const again = await run(...NO_LAYERS);
    expect(toJson(again.summary)).to.equal(toJson(broke.summary));
  });

  it("prints one table, and draws a report that needs nothing from elsewhere", () => {
    const input = { ...broke, ...TERMS };
    const labels = ["bad debt", "holders (socialised loss)", "conservation difference", "Gas, default build"];
    for (const label of [...labels, "sold, sum insured", "paid to them", "Underwriters"]) {
      expect(table(input)).to.include(label);
    }
    const html = report({ ...input, frames: broke.history.frames });
    expect(html.match(/<svg /g)).to.have.length(6);
    expect(html).to.not.match(/(src|href)=|url\(|@import|<script/);
    expect(html).to.not.include("NaN");
    expect(html).to.include("test &lt;series&gt;").and.include("a &amp; b").and.include("prefers-color-scheme: dark");
  });
});
