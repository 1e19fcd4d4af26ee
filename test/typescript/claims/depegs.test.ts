import { expect } from "chai";

import { LUNA, LUNA_FROM, pathOf, STEP, USDC, USDC_FROM } from "./support/history.ts";
import { stage, WAD } from "./support/stage.ts";
import type { Cover, Stage } from "./support/stage.ts";

const HOUR = 3_600n;
/** As in IPriceSource. */
const [VALID, OUTSIDE_BAND] = [0n, 4n];
const cents = (n: number) => BigInt(Math.round(n * 1e6));

/** Honest sources differ a little, as those of one asset do. */
const honest = (price: bigint, i: number) => (price * BigInt(10_000 + 3 * i)) / 10_000n;

/** When each cover was first confirmed, and the time of its event. */
type Outcome = { confirmedAt: bigint; eventAt: bigint } | undefined;

/** Follows a path; `answers` says what each source shows. */
async function replay(
  s: Stage,
  path: readonly { time: bigint; price: bigint }[],
  answers: (i: number, price: bigint) => bigint | undefined,
  covers: readonly Cover[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = covers.map(() => undefined);
  for (const { time, price } of path) {
    const seen = await s.step(time, (i) => answers(i, price), covers);
    for (const [i, { confirmed, eventAt }] of seen.entries()) {
      if (confirmed === 0n) continue;
      expect(confirmed, "one unit").to.equal(WAD);
      outcomes[i] ??= { confirmedAt: time + BigInt(i), eventAt };
      expect(eventAt, "a confirmed event keeps its time").to.equal(outcomes[i].eventAt);
    }
  }
  return outcomes;
}

async function expectPaid(s: Stage, { series }: Cover, eventAt: bigint): Promise<void> {
  await s.verifier.open(s.vault.address, series);
  expect((await s.verifier.incidentOf(s.vault.address, series)).eventAt).to.equal(eventAt);
  await s.verifier.resolve(s.vault.address, series);
  expect((await s.verifier.outcome(s.vault.address, series)).confirmed).to.equal(WAD);
}

/** A day after the last observation that showed anything the answer is "nothing has happened". */
async function expectUnpaid(s: Stage, { series }: Cover): Promise<void> {
  await expect(s.verifier.open(s.vault.address, series))
    .to.be.revertedWithCustomError(s.verifier, "ClaimVerifier_NothingHappened")
    .withArgs(0n, 0n, 0n);
}

describe("CLM-04: the USDC depeg of March 2023, one of three sources pinned at its floor", () => {
  const FLOOR = cents(95);
  const path = pathOf(USDC_FROM, USDC);
  /** 14:45 UTC: the first price below 0.95 (0.9347). */
  const BELOW = BigInt(USDC_FROM + 3 * STEP);
  /** The third source cannot show less than its floor, and says so as if it were the price. */
  const pinned = (i: number, price: bigint) => (i === 2 && price < FLOOR ? FLOOR : honest(price, i));

  it("pays a depeg below 0.95 after one hour, with the event at 14:45 UTC, and nothing on what did not happen", async () => {
    const s = await stage(USDC_FROM, cents(100), [1n, 1n, FLOOR]);
    const covers = [
      await s.depegBelow(cents(95), HOUR),
      await s.depegBelow(cents(90), HOUR), // Never that low at a step.
      await s.touch(cents(92), true),
      await s.touch(cents(101), false), // The wrong side.
    ];
    const outcomes = await replay(s, path, pinned, covers);
    const [depeg, deeper, touch, above] = outcomes;
    // The cover is observed in the second of the step, the touch two seconds later.
    expect(depeg).to.deep.equal({ confirmedAt: BELOW + HOUR, eventAt: BELOW });
    // 15:00, 15:15 and 15:30 UTC are the first three in a row at or below 0.92.
    const touched = BigInt(USDC_FROM) + HOUR + 2n;
    expect(touch).to.deep.equal({ confirmedAt: touched + 1_800n, eventAt: touched });
    expect([deeper, above]).to.deep.equal([undefined, undefined]);

    const [first, second, third, fourth] = covers;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    await expectPaid(s, first, BELOW);
    await expectUnpaid(s, second);
    await expectPaid(s, third, touched);
    await expectUnpaid(s, fourth);
  });

  it("needs an average: six hours in which the price came back are no depeg below 0.93, and one below 0.95", async () => {
    const s = await stage(USDC_FROM, cents(100), [1n, 1n, FLOOR]);
    const cover = await s.depegBelow(cents(93), 6n * HOUR);
    expect(await replay(s, path, pinned, [cover])).to.deep.equal([undefined]);
    const other = await stage(USDC_FROM, cents(100), [1n, 1n, FLOOR]);
    const wide = await other.depegBelow(cents(95), 6n * HOUR);
    expect(await replay(other, path, pinned, [wide])).to.deep.equal([
      { confirmedAt: BELOW + 6n * HOUR, eventAt: BELOW },
    ]);
  });

  it("CLM-06: while two of three sources are gone nothing is counted; the row begins when they are back", async () => {
    const s = await stage(USDC_FROM, cents(100), [1n, 1n, FLOOR]);
    const cover = await s.depegBelow(cents(95), HOUR);
    const { trigger, terms, mark } = cover;
    const [first, second] = s.sources;
    if (first === undefined || second === undefined) throw new Error("sources");
    const back = 7;
    for (const { time, price } of path.slice(0, back)) {
      for (const [i, source] of s.sources.entries()) await source.setRound(honest(price, i), time - 1n);
      await first.setMode(1);
      await second.setMode(1);
      await s.networkHelpers.time.setNextBlockTimestamp(time);
      await expect(trigger.observe(terms, mark)).to.be.revertedWithCustomError(trigger, "Trigger_Unreadable");
      await expect(s.verifier.open(s.vault.address, cover.series)).to.be.revertedWithCustomError(
        s.verifier,
        "ClaimVerifier_NotDecided",
      );
    }
    await first.setMode(0);
    await second.setMode(0);
    const returned = BigInt(USDC_FROM + back * STEP);
    expect(await replay(s, path.slice(back), pinned, [cover])).to.deep.equal([
      { confirmedAt: returned + HOUR, eventAt: returned },
    ]);
  });
});

describe("CLM-04: LUNA in May 2022, one of five sources pinned at its floor of 0.10 and one stuck at 0.107", () => {
  const FLOOR = cents(10);
  const STUCK = cents(10.7);
  const path = pathOf(LUNA_FROM, LUNA);
  /** Both look alive: they publish anew at every step. */
  const answers = (i: number, price: bigint) => {
    if (i === 4 && price < FLOOR) return FLOOR;
    if (i === 3 && price < STUCK) return STUCK;
    return honest(price, i);
  };

  it("pays a touch of 0.05 with the event at 09:45 UTC, where a price of one source would have stood at 0.107 for ever", async () => {
    const s = await stage(LUNA_FROM, cents(108), [1n, 1n, 1n, FLOOR, FLOOR]);
    const covers = [
      await s.touch(cents(5), true),
      await s.touch(cents(0.5), true), // Later than this path.
      await s.touch(cents(200), false), // The wrong side.
      await s.depegBelow(cents(50), 2n * HOUR),
    ];
    const [touch, lower, above, depeg] = await replay(s, path, answers, covers);
    // 09:45, 10:00 and 10:15 UTC: 0.0385, 0.0260, 0.0413.
    const touched = BigInt(LUNA_FROM) + 9n * HOUR + 2_700n;
    expect(touch).to.deep.equal({ confirmedAt: touched + 1_800n, eventAt: touched });
    expect([lower, above]).to.deep.equal([undefined, undefined]);
    // 03:30 UTC is the first step below 0.50 (0.4713), observed three seconds into it.
    const below = BigInt(LUNA_FROM) + 3n * HOUR + 1_800n + 3n;
    expect(depeg).to.deep.equal({ confirmedAt: below + 2n * HOUR, eventAt: below });

    const [first, second, third, fourth] = covers;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    await expectPaid(s, first, touched);
    await expectUnpaid(s, second);
    await expectUnpaid(s, third);
    await expectPaid(s, fourth, below);
  });

  it("does not take 0.107 for a price: with the stuck source alone in its opinion, consensus is the market's", async () => {
    const s = await stage(LUNA_FROM, cents(108), [1n, 1n, 1n, FLOOR, FLOOR]);
    const cover = await s.touch(cents(5), true);
    await replay(s, path.slice(0, 40), answers, [cover]);
    const market = path[39]?.price ?? 0n;
    const { price } = await s.oracle.cached(9n);
    const { statuses } = await s.oracle.inspect(9n);
    expect([...statuses], "the floor is no answer, 0.107 is one").to.deep.equal([
      VALID,
      VALID,
      VALID,
      VALID,
      OUTSIDE_BAND,
    ]);
    expect(price / 10n ** 10n).to.be.within(honest(market, 0), honest(market, 2));
  });
});
