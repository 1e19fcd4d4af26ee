import { readFileSync } from "node:fs";
import { expect } from "chai";

import { calmPremium } from "../../../scripts/crashes/carry.ts";
import { BIDDERS } from "../../../scripts/risk/kernel/parameters.ts";
import { parseOptions } from "../../../scripts/risk/options.ts";
import { carryReport } from "../../../scripts/risk/report/carry.ts";
import { carry, NOTHING, sum } from "../../../scripts/risk/studies/carry.ts";
import type { CarryRequest } from "../../../scripts/risk/studies/carry.ts";
import { carryStudy, gapsOf, leftOf } from "../../../scripts/risk/studies/gaps.ts";
import type { CarryStudy, Years } from "../../../scripts/risk/studies/gaps.ts";
import { FEED_RULES } from "../../../deploy/modules/defaults.ts";

const REQUEST: CarryRequest = {
  marketClass: "major",
  accounts: 60,
  seed: 1,
  bidders: BIDDERS,
  reserve: 1e6,
  demand: 1e7,
  use: 0.8,
  renewal: 168,
};

describe("what the gap premium carries over ether's recorded hours", function () {
  this.timeout(120_000);
  let study: CarryStudy;
  let major: Years;
  before(async () => {
    study = await carryStudy(parseOptions([]));
    major = study.classes[0]!;
    expect(major.marketClass).to.equal("major");
  });

  it("FND-02: in class major premium and penalties bring more than all gaps take, and every gap is paid by what came in since the one before", () => {
    expect(study.hours).to.be.greaterThan(43_000);
    expect(major.gaps.length).to.be.greaterThan(5);
    for (const years of [major, ...study.renewals]) {
      expect(leftOf(years.total, true)).to.be.greaterThan(0);
      for (const { day, since } of years.gaps) expect(leftOf(since, true), day).to.be.greaterThan(0);
    }
  });

  it("FND-02: penalties alone do not: the gap of March 2020 is more than they brought since the one before, and on the days of gaps they pay less than half", () => {
    const march = major.gaps.find(({ crash }) => crash === "2020-03-eth");
    expect(march && leftOf(march.since, false)).to.be.lessThan(0);
    const days = sum(major.gaps.map(({ on }) => on));
    expect(days.losses).to.be.greaterThan(0.8 * major.total.losses);
    expect(2 * days.penalties).to.be.lessThan(days.losses);
  });

  it("FND-04: in class tail the cap carries: without it LUNA takes ten times as much after the same years", () => {
    const luna = study.after.find(({ crash }) => crash === "2022-05-luna");
    expect(luna?.capped.losses).to.be.greaterThan(0);
    expect(luna?.uncapped.losses).to.be.greaterThan(10 * (luna?.capped.losses ?? Infinity));
  });

  it("FND-02, INV-03: the reserve ends with what it began with, premium and penalties, less what holders did not bear", () => {
    for (const { reserve, total } of [...study.classes, ...study.renewals]) {
      const expected = reserve.start + total.premiums + total.penalties - (total.losses - total.socialized);
      expect(Math.abs(reserve.end / expected - 1)).to.be.lessThan(1e-9);
    }
  });

  it("FND-02: docs/economics.md shows what the command prints", () => {
    const document = readFileSync(new URL("../../../docs/economics.md", import.meta.url), "utf8");
    // The document stands a level deeper; its headings are as printed otherwise.
    const sections = carryReport(study).trimEnd().split(/^## /m).slice(1);
    expect(sections).to.have.length(4);
    for (const section of sections) expect(document).to.include(`### ${section.trimEnd()}`);
  });

  it("FND-02: a market at rest pays the premium of the volatility floor by the twins' formula and nothing else", () => {
    const hours = Array.from({ length: 1_000 }, () => ({ price: 2_000, stretch: "rest" }));
    const { stretches } = carry(REQUEST, hours);
    const flow = stretches.get("rest") ?? NOTHING;
    expect([flow.hours, flow.losses, flow.penalties]).to.deep.equal([1_000, 0, 0]);
    const yearly = Number(calmPremium("major", FEED_RULES.volatilityFloor)) / 1e18;
    const expected = (yearly * flow.interest) / (365 * 24);
    // The first book opens at a rate that no sync has written.
    expect(Math.abs(flow.premiums / expected - 1)).to.be.lessThan(0.01);
  });

  it("FND-02: what goes on from a walk begins with its reserve, oracle and risk control", () => {
    const hours = Array.from({ length: 336 }, (_, index) => ({
      price: 2_000 * (1 + 0.01 * (index % 7)),
      stretch: "all",
    }));
    const whole = carry(REQUEST, hours);
    const half = carry(REQUEST, hours.slice(0, 168));
    const rest = carry(REQUEST, hours.slice(168), half);
    expect(rest.reserve.end).to.equal(whole.reserve.end);
    expect(rest.kernel.control.gapRate).to.equal(whole.kernel.control.gapRate);
  });

  it("a gap is a day that took more than its penalties, and what came in since the one before counts with it", () => {
    const flow = (losses: number, penalties: number, premiums: number) => ({
      ...NOTHING,
      hours: 24,
      losses,
      penalties,
      premiums,
    });
    const days = new Map([
      ["2019-01-01", flow(1, 3, 10)],
      ["2019-01-02", flow(9, 2, 10)],
      ["2020-03-12", flow(5, 4, 1)],
      ["2020-03-14", flow(0, 4, 1)],
    ]);
    const [first, second, ...more] = gapsOf(days);
    expect(more).to.deep.equal([]);
    expect([first?.day, first?.crash, second?.day, second?.crash]).to.deep.equal([
      "2019-01-02",
      undefined,
      "2020-03-12",
      "2020-03-eth",
    ]);
    expect(first?.since).to.deep.equal({ ...NOTHING, hours: 48, losses: 10, penalties: 5, premiums: 20 });
    expect(second?.since).to.deep.equal(flow(5, 4, 1));
    expect([leftOf(flow(5, 4, 1), false), leftOf(flow(5, 4, 1), true)]).to.deep.equal([-1, 0]);
  });
});
