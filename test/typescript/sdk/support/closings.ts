// What a transaction said of losses and closed positions, and whether a preview had said the same.
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import type { ClosingPreview, LossSplit } from "../../../../sdk/index.ts";
import type { World } from "../../support/world.ts";

/** What house and engine said in one transaction. */
export interface Said {
  readonly result: Omit<ClosingPreview, "closings" | "split" | "byLayer"> | undefined;
  /** Market, long, base and price of each side that was closed. */
  readonly closed: readonly (readonly [number, boolean, bigint, bigint])[];
  /** Market, long and charge to a unit. */
  readonly charged: readonly (readonly [number, boolean, bigint])[];
  readonly unallocated: bigint;
}

export async function saidIn(w: World, sent: ContractTransactionResponse): Promise<Said> {
  const logs = (await sent.wait())?.logs ?? [];
  const all = logs.map((log) => w.engine.interface.parseLog(log) ?? w.house.interface.parseLog(log));
  const of = (name: string) => all.filter((log) => log?.name === name).map((log) => log!.args.toArray() as unknown[]);
  const [deleveraged] = of("Deleveraged") as bigint[][];
  const [, value, fraction, penalty, shortfall, covered, socialized] = deleveraged ?? [];
  return {
    result: deleveraged && {
      value: value!,
      fraction: fraction!,
      penalty: penalty!,
      shortfall: shortfall!,
      covered: covered!,
      socialized: socialized!,
    },
    closed: of("SideDeleveraged").map(([market, long, base, price]) => [
      Number(market),
      long as boolean,
      base as bigint,
      price as bigint,
    ]),
    charged: of("SideCharged").map(([market, long, perUnit]) => [Number(market), long as boolean, perUnit as bigint]),
    unallocated: (of("LossUnallocated")[0]?.[0] as bigint | undefined) ?? 0n,
  };
}

/** The charges of a spread: both sides of every market. */
export const spreadOf = ({ spread }: LossSplit) =>
  spread.markets.flatMap(({ market, perUnit }) => [true, false].map((long) => [market, long, perUnit] as const));

export function expectClosed(said: Said, preview: ClosingPreview): void {
  const { closings, split, byLayer, ...result } = preview;
  expect(said.result).to.deep.equal(result);
  expect(said.closed).to.deep.equal(
    closings.map(({ market, base, price }) => [market, base < 0n, base < 0n ? -base : base, price]),
  );
  // What a market bears by itself is in the price; the rest is charged per unit.
  expect(said.charged).to.deep.equal(spreadOf(split));
  expect(said.unallocated).to.equal(split.unallocated);
  const { reserve, junior, senior, reinsurance } = byLayer;
  expect(reserve + junior + senior + reinsurance).to.equal(result.covered);
  const sum = split.sides.reduce((total, { amount }) => total + amount, split.spread.amount + split.unallocated);
  expect(sum, "the split adds up").to.equal(result.socialized);
}
