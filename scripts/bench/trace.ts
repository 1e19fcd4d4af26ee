import { BenchError } from "./errors.ts";

/** One instruction of an execution trace, as debug_traceTransaction lists them. */
export interface Step {
  readonly pc: number;
  readonly op: string;
  readonly gas: number;
  readonly gasCost: number;
  readonly depth: number;
  readonly stack?: readonly string[];
  readonly memory?: readonly string[];
}

/** What part of a trace is wanted: the rest costs time. */
interface Wanted {
  readonly stack?: boolean;
  readonly memory?: boolean;
}

type Request = (method: string, ...params: readonly unknown[]) => Promise<unknown>;

/** The instructions of a mined transaction. */
export async function traceOf(request: Request, hash: string, wanted: Wanted = {}): Promise<readonly Step[]> {
  const answer = await request("debug_traceTransaction", hash, {
    disableStorage: true,
    disableStack: wanted.stack !== true,
    disableMemory: wanted.memory !== true,
  });
  if (typeof answer !== "object" || answer === null || !("structLogs" in answer)) {
    throw new BenchError(`no trace of ${hash}`);
  }
  if ("failed" in answer && answer.failed === true) throw new BenchError(`${hash} has reverted`);
  return answer.structLogs as readonly Step[];
}

/**
 * Gas inside the transaction before refund, without the 21,000 and calldata: what the first instruction had less what the last one left.
 */
export function executionGas(steps: readonly Step[]): number {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) throw new BenchError("an empty trace has no gas");
  return first.gas - last.gas + last.gasCost;
}

/** What the cheapest writing of a slot that was zero costs. */
const NEW_SLOT = 20_000;

/** Slots that were zero before, and are not after. A user who comes for the second time pays for none but those of a new record. */
export function newSlots(steps: readonly Step[]): number {
  return steps.filter(({ op, gas }, index) => op === "SSTORE" && gas - (steps[index + 1]?.gas ?? gas) >= NEW_SLOT)
    .length;
}

/** What each call of the outermost frame has cost it: the call itself, its account, and everything inside. */
export function costsOfCalls(steps: readonly Step[]): number[] {
  const depth = steps[0]?.depth;
  const costs: number[] = [];
  let before: number | undefined;
  for (const [index, step] of steps.entries()) {
    if (step.depth !== depth) continue;
    if (before !== undefined) costs.push(before - step.gas);
    before = (steps[index + 1]?.depth ?? 0) > step.depth ? step.gas : undefined;
  }
  return costs;
}
