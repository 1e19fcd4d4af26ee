import { BenchError } from "./errors.ts";
import { profile } from "./profile.ts";
import type { Peer, Row } from "./rows.ts";
import { capital } from "./scenarios/capital.ts";
import { claims } from "./scenarios/claims.ts";
import { covers } from "./scenarios/cover.ts";
import { liquidations } from "./scenarios/liquidations.ts";
import { mathematics } from "./scenarios/math.ts";
import { prices } from "./scenarios/prices.ts";
import type { Recorder, Scenario } from "./scenarios/scenario.ts";
import { mixedSources } from "./scenarios/sources.ts";
import { trading } from "./scenarios/trading.ts";
import type { Result } from "./table.ts";
import { splitOf } from "./split.ts";
import type { Split } from "./split.ts";
import { executionGas, newSlots, traceOf } from "./trace.ts";
import type { World } from "./world.ts";

export const SCENARIOS: readonly Scenario[] = [
  ...liquidations,
  ...trading,
  ...prices,
  ...mixedSources,
  ...capital,
  ...covers,
  ...claims,
  ...mathematics,
];

/** What each further market adds: the mean over the third and the fourth. */
const MARGINALS = {
  "bid-market": "bid",
  "reserve-market": "bid-reserve",
  "socialised-market": "bid-socialised",
  "deleverage-market": "deleverage",
  "health-market": "health",
} as const;

/** What has been measured. */
export interface Measured {
  readonly figures: ReadonlyMap<string, number>;
  /** Slots that an operation has written for the first time. */
  readonly fresh: ReadonlyMap<string, number>;
  readonly splits: ReadonlyMap<string, Split>;
  readonly profiles: readonly string[];
}

/** Runs all scenarios, or those that an operation needs, each from the freshly deployed system. */
export async function measure(world: World, profiled?: string): Promise<Measured> {
  const { chain } = world;
  const figures = new Map<string, number>();
  const profiles: string[] = [];
  const fresh = new Map<string, number>();
  const splits = new Map<string, Split>();
  const note = async (key: string, measured: string | number): Promise<void> => {
    if (typeof measured === "number") {
      figures.set(key, measured);
      return;
    }
    const steps = await traceOf(chain.request, measured);
    figures.set(key, executionGas(steps));
    fresh.set(key, newSlots(steps));
    splits.set(key, splitOf(steps));
  };
  const wanted = profiled === undefined ? SCENARIOS : SCENARIOS.filter(({ keys }) => keys.includes(profiled));
  const record: Recorder = async (key, measured) => {
    await note(key, measured);
    if (key !== profiled) return;
    profiles.push(typeof measured === "string" ? await profile(chain, measured) : `${measured} gas, of one call`);
  };
  for (const { keys, run } of wanted) {
    try {
      await world.onTrial(() => run(world, record));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BenchError(`${keys.join(", ")}: ${reason}`, { cause });
    }
  }
  if (profiled === undefined) derive(figures);
  return { figures, fresh, splits, profiles };
}

function derive(figures: Map<string, number>): void {
  const at = (key: string) => {
    const gas = figures.get(key);
    if (gas === undefined) throw new BenchError(`${key} was not measured`);
    return gas;
  };
  for (const [key, base] of Object.entries(MARGINALS)) {
    figures.set(key, Math.round((at(`${base}-4`) - at(`${base}-2`)) / 2));
  }
  // What a loss costs more in each further market when it is shared out.
  figures.set("socialise-market", at("socialised-market") - at("reserve-market"));
  figures.set("draw-collect", at("draw") + at("collect"));
}

/** Who of the two is shown: what has run here, unless another peer that is quoted is cheaper. */
export function shownPeer(quoted: Peer | undefined, run: Peer | undefined): Peer | undefined {
  if (!quoted || !run) return run ?? quoted;
  const isSamePeer = quoted.name.split(" ")[0] === run.name.split(" ")[0];
  return isSamePeer || run.gas < quoted.gas ? run : quoted;
}

/** The table's rows, each with the best peer of those quoted and those run here. */
export function resultsOf(
  rows: readonly Row[],
  { figures, fresh }: Measured,
  quoted: ReadonlyMap<string, Peer>,
  run: ReadonlyMap<string, Peer>,
): Result[] {
  return rows.map((row): Result => {
    const gas = figures.get(row.key);
    if (gas === undefined) throw new BenchError(`${row.key} was not measured`);
    return { row, gas, fresh: fresh.get(row.key), peer: shownPeer(quoted.get(row.key), run.get(row.key)) };
  });
}
