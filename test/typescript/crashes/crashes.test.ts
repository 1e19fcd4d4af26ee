import { expect } from "chai";

import { calmPremium, drainOf, spans } from "../../../scripts/crashes/carry.ts";
import { recordedCrashes } from "../../../scripts/crashes/data.ts";
import { toJson } from "../../../scripts/crashes/json.ts";
import { runCrash } from "../../../scripts/crashes/run.ts";
import type { CrashResult } from "../../../scripts/crashes/run.ts";
import { report } from "../../../scripts/crashes/table.ts";
import { abs } from "../../../sdk/math/WadMath.ts";

const UNIT = 10n ** 18n;
const OPTIONS = { crashes: [], accounts: 20, seed: 1, hours: 6, reserveBps: 500, json: undefined };
const silent = { settingUp: () => undefined, pointReached: () => undefined };

function run(id: string, linked: boolean, change: Partial<typeof OPTIONS> = {}): Promise<CrashResult> {
  const crash = recordedCrashes().find((each) => each.id === id);
  if (!crash) throw new Error(`no crash ${id}`);
  return runCrash(crash, { ...OPTIONS, ...change }, { linked, listener: silent });
}

/** Every wei that was lost has one payer, and every wei of the fund's has an origin. */
function expectSound(result: CrashResult): void {
  const { layers, badDebt, reward, unexplained, checks } = result;
  const paid = layers.reserve + layers.junior + layers.senior + layers.reinsurance + layers.socialized;
  expect(badDebt + reward, "INV-03").to.equal(paid);
  expect(unexplained, "FND-02").to.equal(0n);
  expect(checks.filter(({ holds }) => !holds)).to.deep.equal([]);
  expect(checks.map(({ id }) => id)).to.include.members(["CLR-08", "INV-01", "INV-02", "INV-03", "INV-04", "FND-02"]);
}

describe("recorded crashes, six hours of March 2020", function () {
  this.timeout(300_000);
  let on: CrashResult;
  let off: CrashResult;
  before(async () => {
    on = await run("2020-03-eth", true);
    off = await run("2020-03-eth", false);
  });

  it("INV-03, CLR-08: the books add up to the wei with risk control and without", () => {
    expectSound(on);
    expectSound(off);
    expect(on.checks.map(({ id }) => id)).to.include("FND-03");
    for (const { badDebt, liquidated } of [on, off]) {
      expect(badDebt > 0n).to.equal(true);
      expect(liquidated).to.be.above(0);
    }
  });

  it("FND-02: with risk control both sides pay a gap premium, without it none; the other income flows in both", () => {
    expect(on.inflow.gapPremium > 0n).to.equal(true);
    expect(off.inflow.gapPremium).to.equal(0n);
    expect(off.levels.map(({ gapRate }) => gapRate)).to.deep.equal(Array<bigint>(6).fill(0n));
    expect(on.inflow.penalties > 0n).to.equal(true);
    for (const { fees, cover } of [on.inflow, off.inflow]) expect(fees > 0n && cover > 0n).to.equal(true);
  });

  it("FND-02: without it penalties do not carry the gap: they are less than a tenth of what accounts owed", () => {
    expect(off.inflow.penalties * 10n < off.badDebt).to.equal(true);
    expect(drainOf(off) > 0n).to.equal(true);
  });

  it("FND-02: the premium of an hour is the rate on both sides' notional: the sum is that of the hourly figures, to three tenths", () => {
    // Rates and prices move within the hour, so this is no equality; a premium of one side only, or in another unit, is far outside.
    const hours = on.levels.slice(0, -1).map((level, index) => {
      const next = on.levels[index + 1];
      const seconds = BigInt((next?.time ?? 0) - level.time);
      return (2n * level.gapRate * seconds * level.openInterest) / 10n ** 15n;
    });
    const expected = hours.reduce((sum, each) => sum + each, 0n);
    expect(expected > 0n).to.equal(true);
    expect(abs(on.inflow.gapPremium - expected) * 10n < expected * 3n).to.equal(true);
  });

  it("FND-04: the fund's ratio falls with the price, and what is told as lowest is the lowest", () => {
    for (const { ratio, reserve, levels } of [on, off]) {
      expect(levels).to.have.length(6);
      const ratios = levels.map((level) => level.ratio);
      expect(ratio.start).to.equal(ratios[0]);
      expect(ratio.end).to.equal(ratios[5]);
      expect(ratios.every((each) => each >= ratio.lowest) && ratios.includes(ratio.lowest)).to.equal(true);
      expect(ratio.lowest < ratio.start).to.equal(true);
      expect(reserve.end < reserve.start).to.equal(true);
    }
  });

  it("gives the same figures for the same seed, and others for another one", async () => {
    expect(toJson([await run("2020-03-eth", true)])).to.equal(toJson([on]));
    expect(toJson([await run("2020-03-eth", true, { seed: 2 })])).to.not.equal(toJson([on]));
  });

  it("prints two tables and writes JSON in which INV-03 holds", () => {
    const text = report([on, off]);
    const rows = text.split("\n").filter((line) => line.startsWith("| 2020-03-eth"));
    expect(rows).to.have.length(4);
    const tables = text.split("\n").filter((line) => line.startsWith("|"));
    for (const table of [tables.slice(0, 4), tables.slice(4)]) {
      expect(new Set(table.map((line) => line.length)).size).to.equal(1);
      expect(new Set(table.map((line) => line.split("|").length)).size).to.equal(1);
    }
    expect(text).to.not.include("NaN").and.not.include("undefined");

    const { runs } = JSON.parse(toJson([on, off])) as { runs: Record<string, unknown>[] };
    expect(runs.map(({ riskControl }) => riskControl)).to.deep.equal([true, false]);
    for (const figures of runs) {
      const layers = Object.values(figures["layers"] as Record<string, string>).map(wad);
      const owed = wad(String(figures["badDebt"])) + wad(String(figures["reward"]));
      expect(layers.reduce((sum, paid) => sum + paid, 0n)).to.equal(owed);
      expect(Object.keys(figures["inflow"] as object)).to.deep.equal(["penalties", "gapPremium", "fees", "cover"]);
    }
  });

  it("FND-04: a market of class tail is let in by what the same capital can stand behind, and without risk control is not", async () => {
    const [limited, free] = [await run("2022-11-ftt", true), await run("2022-11-ftt", false)];
    expectSound(limited);
    expectSound(free);
    expect(limited.openInterest > 0n).to.equal(true);
    expect(limited.openInterest * 2n < free.openInterest).to.equal(true);
    expect(limited.badDebt < free.badDebt).to.equal(true);
  });

  it("FND-02, LIQ-05: where holders cannot bear a loss either, the fund's income repays it first, and the books still add up", async () => {
    const wick = await run("2020-03-link", true);
    expectSound(wick);
    expect(wick.layers.socialized > 0n).to.equal(true);
  });

  it("with nothing in the fund risk control lets nobody in (known issue 51), and the command still ends", async () => {
    const empty = await run("2020-03-eth", true, { reserveBps: 0 });
    expectSound(empty);
    expect(empty.openInterest < on.openInterest).to.equal(true);
  });

  it("adds crashes of one asset up over the years between them, and says nothing of a single one", () => {
    expect(spans([on])).to.deep.equal([]);
    const later = { ...on, levels: on.levels.map((level) => ({ ...level, time: level.time + 365 * 86_400 })) };
    const [span] = spans([on, later]);
    expect(span?.crashes).to.equal(2);
    expect(span?.years).to.be.within(1, 1.001);
    const calmYear = Number(calmPremium("major", 4n * 10n ** 17n)) / 1e18;
    expect(Math.abs((span?.calm[0] ?? 0) - calmYear)).to.be.below(1e-4);
    const part = Number((drainOf(on) * 1_000_000n) / on.openInterest) / 1e6;
    expect(Math.abs((span?.drained ?? 0) - 2 * part)).to.be.below(1e-5);
  });
});

/** A decimal string, WAD. */
function wad(text: string): bigint {
  expect(text).to.match(/^\d+(\.\d{1,18})?$/);
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(18, "0"));
}
