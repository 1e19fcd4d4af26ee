// Where the gas of one transaction goes: by function, by kind of instruction, and by storage slot.
import type { Chain } from "./chain.ts";
import { Names } from "./names.ts";
import { executionGas, traceOf } from "./trace.ts";
import type { Step } from "./trace.ts";

const CALLS: Readonly<Record<string, number>> = { CALL: 1, CALLCODE: 1, STATICCALL: 1, DELEGATECALL: 1 };
/** What is not computing. */
const IS_STATE = /^(SLOAD|SSTORE|LOG\d|EXTCODESIZE|EXTCODECOPY)$/;
const WARM_READ = 100;
const COLUMN = 10;
const MOST_SOURCES = 60;

/** A call on its way. */
interface Frame {
  /** Address whose code runs, and whose storage it works on. */
  readonly code: string;
  readonly storage: string;
  readonly depth: number;
  readonly startGas: number;
  /** Gas that the calls of this one have used. */
  inner: number;
  selector: string | undefined;
  /** Words that it has put into memory, for the preimages of slots. */
  readonly memory: Map<number, bigint>;
}

interface FunctionCost {
  calls: number;
  self: number;
  whole: number;
}

interface SlotCost {
  coldReads: number;
  warmReads: number;
  readGas: number;
  writes: number;
  writeGas: number;
}

/** What a transaction was made of. */
class Profile {
  readonly functions = new Map<string, FunctionCost>();
  readonly slots = new Map<string, SlotCost>();
  readonly kinds = new Map<string, { count: number; gas: number }>();
  readonly sources = new Map<string, { steps: number; gas: number }>();
  readonly preimages = new Map<string, readonly [bigint, bigint]>();
  readonly #frames: Frame[];
  readonly #names: Names;

  constructor(to: string, first: Step, names: Names) {
    this.#names = names;
    this.#frames = [this.#frame({ code: to, storage: to, depth: first.depth, startGas: first.gas })];
  }

  read(steps: readonly Step[]): void {
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      const frame = this.#frames.at(-1);
      if (!frame) return;
      this.#remember(frame, step, next);
      if (next && next.depth > step.depth) this.#enter(frame, step, next);
      else if (!next || next.depth < step.depth) this.#leave(step, next);
      else this.#count(frame, step, step.gas - next.gas);
    }
  }

  #frame(start: Pick<Frame, "code" | "storage" | "depth" | "startGas">): Frame {
    return { ...start, inner: 0, selector: undefined, memory: new Map() };
  }

  #enter(frame: Frame, step: Step, next: Step): void {
    const code = addressOf(stackAt(step, 1));
    const storage = step.op === "DELEGATECALL" || step.op === "CALLCODE" ? frame.storage : code;
    // What the caller pays for the call itself is known when it has returned.
    this.#frames.push(this.#frame({ code, storage, depth: next.depth, startGas: next.gas }));
    this.#pendingCalls.push({ gas: step.gas, op: step.op });
  }

  readonly #pendingCalls: { gas: number; op: string }[] = [];

  #leave(step: Step, next: Step | undefined): void {
    const frame = this.#frames.pop();
    if (!frame) return;
    this.#add("other", step.gasCost);
    const whole = frame.startGas - step.gas + step.gasCost;
    const key = this.#names.functionOf(frame.code, frame.storage, frame.selector);
    const cost = this.functions.get(key) ?? { calls: 0, self: 0, whole: 0 };
    cost.calls += 1;
    cost.whole += whole;
    cost.self += whole - frame.inner;
    this.functions.set(key, cost);
    const call = this.#pendingCalls.pop();
    const caller = this.#frames.at(-1);
    if (!call || !next || !caller) return;
    caller.inner += whole;
    this.#add(`${call.op} itself`, call.gas - next.gas - whole);
  }

  #count(frame: Frame, step: Step, gas: number): void {
    const { op } = step;
    if (!IS_STATE.test(op)) this.#addSource(this.#names.sourceOf(frame.code, step.pc), gas);
    if (op === "SLOAD" || op === "SSTORE") {
      const cost = this.#slot(frame.storage, stackAt(step, 0));
      if (op === "SSTORE") {
        cost.writes += 1;
        cost.writeGas += gas;
      } else {
        if (gas > WARM_READ) cost.coldReads += 1;
        else cost.warmReads += 1;
        cost.readGas += gas;
      }
      this.#add(op === "SLOAD" ? (gas > WARM_READ ? "SLOAD cold" : "SLOAD warm") : "SSTORE", gas);
    } else if (op in CALLS) {
      this.#add(`${op} itself`, gas); // An account without code, or a precompile.
    } else if (/^(LOG\d|KECCAK256|TLOAD|TSTORE|EXTCODE\w+|BALANCE|MCOPY|\w+COPY)$/.test(op)) {
      this.#add(op.replace(/^LOG\d$/, "LOG"), gas);
    } else {
      this.#add("other", gas);
    }
  }

  #slot(contract: string, slot: bigint): SlotCost {
    const key = `${contract}:${slot.toString(16)}`;
    const cost = this.slots.get(key) ?? { coldReads: 0, warmReads: 0, readGas: 0, writes: 0, writeGas: 0 };
    this.slots.set(key, cost);
    return cost;
  }

  #addSource(source: string, gas: number): void {
    const entry = this.sources.get(source) ?? { steps: 0, gas: 0 };
    entry.steps += 1;
    entry.gas += gas;
    this.sources.set(source, entry);
  }

  #add(kind: string, gas: number): void {
    const entry = this.kinds.get(kind) ?? { count: 0, gas: 0 };
    entry.count += 1;
    entry.gas += gas;
    this.kinds.set(kind, entry);
  }

  #remember(frame: Frame, step: Step, next: Step | undefined): void {
    if (step.op === "MSTORE") {
      frame.memory.set(Number(stackAt(step, 0)), stackAt(step, 1));
    } else if (step.op === "CALLDATALOAD" && next && frame.selector === undefined && stackAt(step, 0) === 0n) {
      frame.selector = stackAt(next, 0).toString(16).padStart(64, "0").slice(0, 8);
    } else if (step.op === "KECCAK256" && next && stackAt(step, 1) === 64n) {
      const offset = Number(stackAt(step, 0));
      const [key, base] = [frame.memory.get(offset), frame.memory.get(offset + 32)];
      if (key !== undefined && base !== undefined) this.preimages.set(stackAt(next, 0).toString(16), [key, base]);
    }
  }
}

/** The profile of a mined transaction, as text. */
export async function profile(chain: Chain, hash: string): Promise<string> {
  const steps = await traceOf(chain.request, hash, { stack: true });
  const transaction = await chain.request("eth_getTransactionByHash", hash);
  const to = (transaction as { to: string }).to.toLowerCase();
  const names = new Names(chain);
  const [first] = steps;
  if (!first) return "";
  const result = new Profile(to, first, names);
  result.read(steps);
  const gas = executionGas(steps);
  return [
    `gas inside the transaction: ${gas}`,
    "",
    ...functionTable(result),
    "",
    ...kindTable(result, gas),
    "",
    ...slotTable(result, names),
    "",
    ...sourceTable(result),
  ].join("\n");
}

function functionTable({ functions }: Profile): string[] {
  const rows = [...functions].sort((a, b) => b[1].self - a[1].self);
  return [
    `${"calls".padStart(6)}${"self".padStart(COLUMN)}${"with calls".padStart(COLUMN + 2)}  function`,
    ...rows.map(([name, { calls, self, whole }]) =>
      [String(calls).padStart(6), String(self).padStart(COLUMN), String(whole).padStart(COLUMN + 2), `  ${name}`].join(
        "",
      ),
    ),
  ];
}

function kindTable({ kinds }: Profile, gas: number): string[] {
  const rows = [...kinds].sort((a, b) => b[1].gas - a[1].gas);
  return [
    `${"count".padStart(6)}${"gas".padStart(COLUMN)}${"part".padStart(8)}  kind`,
    ...rows.map(([kind, entry]) => {
      const part = `${((100 * entry.gas) / gas).toFixed(1)} %`;
      return `${String(entry.count).padStart(6)}${String(entry.gas).padStart(COLUMN)}${part.padStart(8)}  ${kind}`;
    }),
  ];
}

function slotTable({ slots, preimages }: Profile, names: Names): string[] {
  const rows = [...slots].sort((a, b) => b[1].readGas + b[1].writeGas - (a[1].readGas + a[1].writeGas));
  return [
    `${"gas".padStart(COLUMN)}${"SLOAD".padStart(9)}${"SSTORE".padStart(9)}  slot (SLOAD: cold+warm; SSTORE: times x gas in all)`,
    ...rows.map(([key, cost]) => {
      const [contract = "", slot = ""] = key.split(":");
      const gas = String(cost.readGas + cost.writeGas).padStart(COLUMN);
      const reads = `${cost.coldReads}+${cost.warmReads}`.padStart(9);
      const writes = (cost.writes === 0 ? "-" : `${cost.writes}x${cost.writeGas}`).padStart(9);
      return `${gas}${reads}${writes}  ${names.slotOf(contract, BigInt(`0x${slot}`), preimages)}`;
    }),
  ];
}

/** Where the computing is, storage, events and calls left aside. */
function sourceTable({ sources }: Profile): string[] {
  const rows = [...sources].sort((a, b) => b[1].gas - a[1].gas).slice(0, MOST_SOURCES);
  return [
    `${"steps".padStart(6)}${"gas".padStart(COLUMN)}  computing, by function of the sources (without SLOAD, SSTORE, LOG, calls)`,
    ...rows.map(([name, { steps, gas }]) => `${String(steps).padStart(6)}${String(gas).padStart(COLUMN)}  ${name}`),
  ];
}

/** The stack's word `depth` below its top. */
function stackAt(step: Step, depth: number): bigint {
  const word = step.stack?.at(-1 - depth) ?? "0";
  return BigInt(word.startsWith("0x") ? word : `0x${word}`);
}

function addressOf(word: bigint): string {
  return `0x${(word & ((1n << 160n) - 1n)).toString(16).padStart(40, "0")}`;
}
