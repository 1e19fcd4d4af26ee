import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { SelfDealer, partOf, profitOf, termsAt } from "../support/self-dealing.ts";
import type { Policy, Tally, Terms } from "../support/self-dealing.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * LIQ-08: with the gap premium on, one owner with two accounts has nothing to expect. Many seeded paths in the mathematics of the contracts;
 * then two of their hours in the contracts themselves. Exact per path, whatever he does, is test/solidity/invariants/SelfDealing.t.sol.
 */

const PATHS = 60;
const HOURS = 300;
/** A mean that is so many standard errors below zero is not there by chance. */
const SIGMAS = 3;
const FREEDOM = 4;

/** Numbers in [0, 1), seeded (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** kappa times a draw of Student's law, WAD. */
function move(next: () => number, scale: bigint): bigint {
  let square = 0;
  for (let i = 0; i < FREEDOM; i++) square += normal(next) ** 2;
  const draw = (Number(scale) / 1e18) * (normal(next) / Math.sqrt(square / FREEDOM));
  return BigInt(Math.round(Math.max(draw, -0.95) * 1e12)) * 10n ** 6n;
}

interface Estimate {
  readonly mean: number;
  readonly error: number;
  readonly tallies: readonly Tally[];
}

function estimate(terms: Terms, policy: Policy, paths = PATHS): Estimate {
  const tallies: Tally[] = [];
  for (let path = 0; path < paths; path++) {
    const next = uniform(7_919 * path + 1);
    const dealer = new SelfDealer(terms, policy, next);
    for (let hour = 0; hour < HOURS; hour++) dealer.live(move(next, terms.scale));
    tallies.push(dealer.tally);
  }
  return { ...meanOf(tallies.map(profitOf)), tallies };
}

/** With its standard error. */
function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

const sumOf = (tallies: readonly Tally[], pick: (tally: Tally) => bigint) =>
  tallies.reduce((sum, tally) => sum + pick(tally), 0n);

/** He always takes out what he can; the premium is the less, and the draws are the more, the less he leaves in. */
const policy = (name: string, refillsTo: bigint, isFirstIn = 0): Policy => ({
  name,
  withdraws: true,
  refillsTo,
  isFirstIn,
});
const POLICIES = [
  policy("never adds money", 0n),
  policy("adds at 1.5 MM", (WAD * 15n) / 10n),
  policy("adds at 2.5 MM", (WAD * 25n) / 10n),
  policy("first in half of all falls", WAD, 0.5),
  policy("first in 9 of 10 falls", WAD, 0.9),
];
const VOLATILITIES = [40n, 80n, 160n, 240n];
/** Part of the expected gap, basis points, with which the premium alone is enough; stewards and votes may set up to all of it. */
const HIGH_SHARE = 7_000n;

describe("attack: self-dealing under the law that the fund is sized by (LIQ-08, FND-03)", () => {
  for (const volatility of VOLATILITIES) {
    it(`LIQ-08: its expectation is negative with keepers about, at ${volatility}% a year, whatever he leaves in`, () => {
      const terms = termsAt((volatility * WAD) / 100n);
      const lines: string[] = [];
      for (const each of POLICIES) {
        const { mean, error } = estimate(terms, each);
        lines.push(`${each.name.padEnd(27)} ${mean.toFixed(2).padStart(9)} +- ${error.toFixed(2)}`);
        expect(mean + SIGMAS * error, each.name).to.be.lessThan(0);
      }
      console.log(`      millionths of notional an hour, at ${volatility}% a year:\n      ${lines.join("\n      ")}`);
    });
  }

  it("LIQ-08: what the accounts really fall below zero has the mean that is counted for it", () => {
    const terms = termsAt((160n * WAD) / 100n);
    const { tallies } = estimate(terms, policy("adds at 1.2 MM", (WAD * 12n) / 10n), 3 * PATHS);
    const { mean, error } = meanOf(
      tallies.map(({ shortfalls, draws, notional }) => partOf(shortfalls - draws, notional)),
    );
    const drawn = partOf(
      sumOf(tallies, ({ draws }) => draws),
      sumOf(tallies, ({ notional }) => notional),
    );
    console.log(`      expected ${drawn.toFixed(1)}, realised less expected ${mean.toFixed(1)} +- ${error.toFixed(1)}`);
    expect(error).to.be.lessThan(drawn / 2);
    expect(Math.abs(mean)).to.be.lessThan(SIGMAS * error);
  });

  /* What the premium alone carries, and what it does not: printed, and bounded, so that a change of it is seen. */
  it("LIQ-08: it is the penalty that keeps it so: one before every keeper in every fall gains, by less than two and a half premiums", () => {
    const terms = termsAt((80n * WAD) / 100n);
    const { mean, error, tallies } = estimate(terms, policy("always first", WAD, 1));
    const premium = partOf(
      sumOf(tallies, (tally) => tally.premium),
      sumOf(tallies, ({ notional }) => notional),
    );
    console.log(`      always first: ${mean.toFixed(2)} +- ${error.toFixed(2)}, premium ${premium.toFixed(2)}`);
    expect(mean - SIGMAS * error).to.be.greaterThan(0);
    expect(mean + SIGMAS * error).to.be.lessThan(2.5 * premium);
  });

  for (const volatility of VOLATILITIES) {
    it(`LIQ-08, RSK-01: a premium of ${HIGH_SHARE} basis points of the gap leaves him nothing to expect, without any keeper, at ${volatility}% a year`, () => {
      const { mean, error, tallies } = estimate(
        termsAt((volatility * WAD) / 100n, HIGH_SHARE),
        policy("always first", WAD, 1),
      );
      const premium = partOf(
        sumOf(tallies, (tally) => tally.premium),
        sumOf(tallies, ({ notional }) => notional),
      );
      console.log(`      always first: ${mean.toFixed(2)} +- ${error.toFixed(2)}, premium ${premium.toFixed(2)}`);
      expect(mean + SIGMAS * error).to.be.lessThan(0);
    });
  }

  describe("the same hours in the contracts", () => {
    const FLAT = 2;
    const AT_200 = 200n * WAD;
    const SIZE = 100n * WAD;
    const HOUR = 3_600n;
    /** 1e-8 a second; rounding of a quote and of a charge per unit. */
    const RATE = 10_000_000n;
    const DUST = 1_000n;
    const TERMS: Terms = { scale: 6n * 10n ** 15n, maintenanceRate: 4_000n, gapRate: RATE };
    let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
    let start: bigint;
    /** Alice is long in one account and short in the other; the fund can pay, and risk control is played by the token's address. */
    const world = useWorld(async (w) => {
      feeds = await w.listMarket(FLAT, AT_200);
      await w.fundReserve(1_000_000n * USD);
      await w.cash(w.bob, 1_000_000n);
      const [long, short] = [await w.cash(w.alice, 2_510n), await w.cash(w.alice, 2_500n, 1n)];
      // The taker's fee of 10 leaves 2,500 in both.
      await w.trade(long, short, FLAT, SIZE, AT_200);
      await w.house.linkRiskController(await w.usd.getAddress());
      const controller = await w.ethers.getImpersonatedSigner(await w.usd.getAddress());
      await w.networkHelpers.setBalance(controller.address, WAD);
      const targets = { maintenanceTarget: 4_000, cap: 1_000_000n * WAD, gapRate: RATE, penaltyRate: 1_000 };
      await w.house.connect(controller).applyRisk(FLAT, targets, 1_000_000_000);
      start = await w.now();
    });
    const wealth = async () => {
      const w = world();
      const values = await Promise.all([0n, 1n, 2n].map(async (sub) => w.valueOf(w.id(w.alice, sub))));
      return values.reduce((sum, value) => sum + value);
    };
    /** A price that everybody has read, and both premiums at it. */
    const payForTheHour = async (price: bigint) => {
      const w = world();
      await w.setFeeds(feeds, price);
      await w.oracle.refresh(FLAT);
      await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
      await w.house.connect(w.erin).accrue(FLAT);
    };
    const model = (fall: bigint) => {
      const pair = { price: AT_200, units: SIZE, equity: [2_500n * DOLLAR, 2_500n * DOLLAR] as const };
      const dealer = new SelfDealer(TERMS, policy("never adds money", 0n), () => 0, pair);
      dealer.live(-fall);
      return dealer.tally;
    };

    it("LIQ-08, FND-02: a fall of 30% brings him what the loser was below zero, less both premiums", async () => {
      const w = world();
      const third = await w.cash(w.alice, 100_000n, 2n);
      const before = await wealth();
      await payForTheHour(140n * WAD);
      // He buys his own account out, before anybody else.
      await w.bidFor(w.alice, w.id(w.alice), { bidder: third });
      const { shortfalls, premium } = model((WAD * 30n) / 100n);
      expect(shortfalls).to.be.greaterThan(3_500n * DOLLAR);
      expect((await wealth()) - before - (shortfalls - premium)).to.be.within(-DUST, DUST);
    });

    it("LIQ-02, FND-02: a fall of 9% costs him both premiums, the keeper's income and the penalty", async () => {
      const w = world();
      const before = await wealth();
      await payForTheHour(182n * WAD);
      await w.bidFor(w.bob, w.id(w.alice));
      const { premium, income, penalties, shortfalls } = model((WAD * 9n) / 100n);
      expect([shortfalls, income > 0n, penalties > 0n]).to.deep.equal([0n, true, true]);
      expect((await wealth()) - before + premium + income + penalties).to.be.within(-DUST, DUST);
    });
  });
});
