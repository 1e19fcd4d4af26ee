import { expect } from "chai";

import type { Adapter } from "./support/kinds.ts";
import { chainlink, pyth, pythWithReader, ratio, redstone, uniswap } from "./support/kinds.ts";
import type { OracleFixture } from "./support/oracle.ts";
import { deployOracle, FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";

type Make = (fixture: OracleFixture) => Promise<Adapter>;

const FEEDS: readonly (readonly [string, readonly Make[]])[] = [
  ["3 sources of 3 kinds", [chainlink, pyth, uniswap]],
  ["5 sources of 4 kinds", [chainlink, pyth, redstone, uniswap, ratio]],
  ["3 sources of 3 kinds, Pyth with a reader of its own", [chainlink, pythWithReader, uniswap]],
];

/** Honest sources differ by up to 0.1%, as those of one asset do. */
const honest = (i: number) => PRICE + BigInt(i) * (WAD / 2n);

/** A feed whose sources have all published just now, two kinds at least to decide; `from` and `to` are what honest ones say. */
async function deploy(makes: readonly Make[]) {
  const fixture = await deployOracle();
  const sources: Adapter[] = [];
  for (const make of makes) sources.push(await make(fixture));
  const { oracle, networkHelpers } = fixture;
  const quorum = sources.length >= 4 ? 3n : 2n;
  await oracle.listFeed(
    FEED,
    { ...RULES, quorum, kinds: 2n },
    sources.map(({ listing }) => listing),
  );
  for (const [i, source] of sources.entries()) await source.say(honest(i));
  await fixture.later();
  await oracle.refresh(FEED);
  await fixture.later();
  const { statuses, prices } = await oracle.inspect(FEED);
  expect(statuses.every((status) => status === Status.Valid)).to.equal(true);
  const { restore } = await networkHelpers.takeSnapshot();
  return {
    ...fixture,
    sources,
    prices,
    restore,
    /** A price that none of these has said or nothing: how many of both. */
    async expectNoOtherDecision(honestOnes: readonly number[], what: string): Promise<boolean> {
      await fixture.later();
      const { price, hasConsensus } = await oracle.quote(FEED);
      if (!hasConsensus) return false;
      const said = honestOnes.map((i) => prices[i]!).sort((a, b) => (a < b ? -1 : 1));
      const [from, to] = [said[0]!, said.at(-1)!];
      expect(price >= from && price <= to, `${what}: ${from} <= ${price} <= ${to}`).to.equal(true);
      return true;
    },
  };
}

/** What silences a source that is honest otherwise. */
const silence = (source: Adapter) => source.faults[0]![1]();

for (const [name, makes] of FEEDS) {
  const all = makes.map((_, i) => i);
  const without = (...gone: readonly number[]) => all.filter((i) => !gone.includes(i));

  describe(`ORC-06: faults that change no decision, ${name}`, () => {
    it("a price 1% off, up or down, of any one source; and with any honest one missing", async () => {
      const { sources, prices, restore, expectNoOtherDecision } = await deploy(makes);
      for (const i of all) {
        for (const percent of [99n, 101n]) {
          for (const missing of [undefined, ...without(i)]) {
            // 1% from what the ratio's rate and the pool's ticks make of it, so a wei less than that.
            await sources[i]!.say((prices[i]! * percent) / 100n);
            if (missing !== undefined) await silence(sources[missing]!);
            const what = `${sources[i]!.name} at ${percent}%, without ${missing ?? "none"}`;
            const decided = await expectNoOtherDecision(without(i, missing ?? -1), what);
            if (missing === undefined) expect(decided, what).to.equal(true);
            await restore();
          }
        }
      }
    });

    it("any one source frozen for a day while the market falls by 20%", async () => {
      for (const frozen of all) {
        const { oracle, networkHelpers, sources, now } = await deploy(makes);
        await networkHelpers.time.increase(86_400);
        for (const i of without(frozen)) await sources[i]!.say((honest(i) * 8n) / 10n);
        await oracle.refresh(FEED);
        const { price, readAt } = await oracle.cached(FEED);
        expect(readAt, sources[frozen]!.name).to.equal(await now());
        // A tick of the pool is a basis point.
        const [from, to] = [(honest(0) * 7_999n) / 10_000n, (honest(makes.length - 1) * 8n) / 10n];
        expect(price >= from && price <= to, `${sources[frozen]!.name}: ${price}`).to.equal(true);
        expect((await oracle.inspect(FEED)).statuses[frozen]).to.equal(Status.Stale);
      }
    });

    it("whatever else is wrong with any one source (0, negative, at a band's edge, hostile); and with any honest one missing", async () => {
      const { oracle, sources, restore, expectNoOtherDecision } = await deploy(makes);
      const seen = new Set<bigint>();
      for (const i of all) {
        for (const [fault, happen] of sources[i]!.faults) {
          for (const missing of [undefined, ...without(i)]) {
            await happen();
            if (missing !== undefined) await silence(sources[missing]!);
            const what = `${sources[i]!.name} ${fault}, without ${missing ?? "none"}`;
            const decided = await expectNoOtherDecision(without(i, missing ?? -1), what);
            if (missing === undefined) {
              expect(decided, what).to.equal(true);
              const { statuses, prices } = await oracle.inspect(FEED);
              seen.add(statuses[i]!);
              if (statuses[i] !== Status.Valid) expect(prices[i], what).to.equal(0n);
            }
            await restore();
          }
        }
      }
      const { Unreachable, Malformed, NotPositive, OutsideBand } = Status;
      for (const status of [Unreachable, Malformed, NotPositive, OutsideBand]) {
        expect(seen.has(status), `status ${status} was seen`).to.equal(true);
      }
    });
  });
}

describe("ORC-06: two of five collude, sources of 4 kinds", () => {
  it("wherever they agree, also with one honest source missing: a price that an honest one says, or none", async () => {
    const { sources, prices, restore, expectNoOtherDecision } = await deploy(FEEDS[1]![1]);
    let [decisions, none] = [0, 0];
    for (let first = 0; first < 5; first++) {
      for (let second = first + 1; second < 5; second++) {
        const rest = [0, 1, 2, 3, 4].filter((i) => i !== first && i !== second);
        for (const missing of [undefined, ...rest]) {
          for (const parts of [500_000n, 990_500n, 1_009_500n, 3_000_000n]) {
            for (const i of [first, second]) await sources[i]!.say((prices[2]! * parts) / 1_000_000n);
            if (missing !== undefined) await silence(sources[missing]!);
            const what = `${first} and ${second} at ${parts}, without ${missing ?? "none"}`;
            const decided = await expectNoOtherDecision(
              rest.filter((i) => i !== missing),
              what,
            );
            if (decided) decisions++;
            else none++;
            if (missing === undefined) expect(decided, what).to.equal(true);
            await restore();
          }
        }
      }
    }
    expect(decisions > 0 && none > 0, "both outcomes were seen").to.equal(true);
  });
});
