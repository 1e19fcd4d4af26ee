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
  "coverPaid",
  "winnersPaid",
  "conservationDifference",
  "dustBound",
  "gas",
] as const;

const silent = { accountFunded: () => undefined, pointReached: () => undefined };

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
  expect(of("coverPaid")).to.equal(layers);
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
  ]);
  return figures;
}

describe("replay of March 2020 with few accounts", function () {
  this.timeout(300_000);
  let funded: Outcome;
  let broke: Outcome;
  before(async () => {
    funded = await run();
    broke = await run("--fund", "0");
  });

  it("with a fund: liquidates, and the reserve pays (INV-03, CLR-08)", () => {
    const figures = expectSound(funded);
    expect(figures["liquidated"]).to.be.a("number").above(0);
    expect(figures["bids"]).to.be.a("number").above(0);
    expect(wad(figures, "penalties") > 0n).to.equal(true);
    expect(wad(figures, "badDebt") > 0n).to.equal(true);
    expect(wad(figures, "reserve") > 0n).to.equal(true);
  });

  it("without a fund: ends in socialised loss and deleveraging, difference still 0 within dust (CLR-08, LIQ-05, LIQ-06)", () => {
    const figures = expectSound(broke);
    expect(wad(figures, "socialized") > 0n).to.equal(true);
    expect(wad(figures, "deleveraged") > 0n).to.equal(true);
    const winnersPaid = wad(figures, "winnersPaid");
    expect(winnersPaid > 0n && winnersPaid < 100n * 10n ** 18n).to.equal(true);
  });

  it("gives the same figures for the same seed", async () => {
    const again = await run("--fund", "0");
    expect(toJson(again.summary)).to.equal(toJson(broke.summary));
  });

  it("prints one table, and draws a report that needs nothing from elsewhere", () => {
    const terms = { profile: "default", fund: 0n, seed: 1, source: "test <series>", provenance: "a & b" };
    const input = { ...broke, ...terms };
    for (const label of ["bad debt", "holders (socialised loss)", "conservation difference", "Gas, default build"]) {
      expect(table(input)).to.include(label);
    }
    const html = report({ ...input, frames: broke.history.frames });
    expect(html.match(/<svg /g)).to.have.length(5);
    expect(html).to.not.match(/(src|href)=|url\(|@import|<script/);
    expect(html).to.not.include("NaN");
    expect(html).to.include("test &lt;series&gt;").and.include("a &amp; b").and.include("prefers-color-scheme: dark");
  });
});
