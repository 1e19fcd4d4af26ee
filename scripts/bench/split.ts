// What the gas of an operation is spent on: what a goal is missed by is one of these.
import { floorOf } from "./floors.ts";
import type { Row } from "./rows.ts";
import { executionGas } from "./trace.ts";
import type { Step } from "./trace.ts";

/** Gas of one transaction by kind. */
export interface Split {
  /** Slots: read and written, cold and warm. */
  readonly storage: number;
  /** Calls themselves: first calls of accounts, and what a call costs besides. */
  readonly calls: number;
  readonly events: number;
  /** Everything else: arithmetic, packing, memory, ABI coding, dispatch, hashing, transient storage. */
  readonly computing: number;
}

const IS_CALL = /^(CALL|CALLCODE|STATICCALL|DELEGATECALL)$/;
const IS_STORAGE = /^(SLOAD|SSTORE)$/;
const IS_EVENT = /^LOG\d$/;

/** A call on its way: what was left before it, and when the callee began. */
interface Pending {
  readonly before: number;
  readonly inside: number;
}

/** Takes a trace apart. */
export function splitOf(steps: readonly Step[]): Split {
  const sums = { storage: 0, calls: 0, events: 0 };
  const pending: Pending[] = [];
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (!next) break;
    if (next.depth > step.depth) {
      pending.push({ before: step.gas, inside: next.gas });
    } else if (next.depth < step.depth) {
      const call = pending.pop();
      if (!call) continue;
      const callee = call.inside - step.gas + step.gasCost;
      sums.calls += call.before - next.gas - callee;
    } else if (IS_STORAGE.test(step.op)) {
      sums.storage += step.gas - next.gas;
    } else if (IS_EVENT.test(step.op)) {
      sums.events += step.gas - next.gas;
    } else if (IS_CALL.test(step.op)) {
      sums.calls += step.gas - next.gas; // A precompile.
    }
  }
  return { ...sums, computing: executionGas(steps) - sums.storage - sums.calls - sums.events };
}

const HEADER = ["key", "storage", "calls", "events", "computing", "gas", "floor", "goal", "over"] as const;

/** All rows that are transactions, as a table in Markdown. */
export function splitTable(rows: readonly Row[], splits: ReadonlyMap<string, Split>): string {
  const lines = rows.flatMap((row) => {
    const split = splits.get(row.key);
    return split ? [cells(row, split)] : [];
  });
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const rule = HEADER.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(HEADER), line(rule), ...lines.map(line)].join("\n");
}

function cells({ key, floor, goal }: Row, { storage, calls, events, computing }: Split): string[] {
  const gas = storage + calls + events + computing;
  const over = goal === undefined ? 0 : gas - goal;
  const words = [storage, calls, events, computing, gas, floorOf(floor), goal].map(
    (value) => value?.toLocaleString("en-US") ?? "",
  );
  return [key, ...words, over > 0 ? over.toLocaleString("en-US") : ""];
}
