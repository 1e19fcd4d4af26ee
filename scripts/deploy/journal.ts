// What Ignition writes down of a deployment, one event a line, before and after each step: the only record that a killed run leaves whole.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { DeployError } from "./errors.ts";

/** A transaction that a run was about to send when it ended: whether it did, only the chain knows. */
export interface Unconfirmed {
  /** Ignition's name of the step, and which of its transactions. */
  readonly step: string;
  readonly interaction: number;
  readonly from: string;
  readonly nonce: number;
}

/** A call that the deployment made. Big numbers are bigint, structs are objects. */
export interface RecordedCall {
  readonly step: string;
  readonly contract: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Journal {
  /** Addresses of what was created, by Ignition's name. */
  readonly created: ReadonlyMap<string, string>;
  /** What their constructors were given, by the same names. Big numbers are bigint, structs are objects. */
  readonly constructed: ReadonlyMap<string, readonly unknown[]>;
  readonly calls: readonly RecordedCall[];
  /** Transactions that were prepared and whose hash is not known. */
  readonly unconfirmed: readonly Unconfirmed[];
  /** Highest block in which a transaction of the deployment is known to be. */
  readonly lastBlock: number;
}

interface Entry {
  readonly type: string;
  readonly futureId: string;
  readonly from?: string;
  readonly nonce?: number;
  readonly networkInteractionId?: number;
  readonly contractAddress?: string;
  readonly functionName?: string;
  readonly args?: readonly unknown[];
  readonly constructorArgs?: readonly unknown[];
  readonly result?: { readonly type: string; readonly address?: string };
  readonly receipt?: { readonly blockNumber: number };
}

/** After these a prepared transaction is settled, or its nonce is given up. */
const NONCE_IS_FREE = "ONCHAIN_INTERACTION_REPLACED_BY_USER";
const SETTLED = new Set(["TRANSACTION_SEND", "TRANSACTION_CONFIRM", "ONCHAIN_INTERACTION_TIMEOUT", NONCE_IS_FREE]);

export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/** Reads the journal of a deployment. */
export function readJournal(folder: string): Journal {
  const file = journalFile(folder);
  if (!existsSync(file)) throw new DeployError(`there is no deployment in ${folder}`);
  const created = new Map<string, string>();
  const constructed = new Map<string, readonly unknown[]>();
  const started = new Map<string, Entry>();
  const calls: RecordedCall[] = [];
  const prepared = new Map<string, Unconfirmed>();
  let lastBlock = 0;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.trim() === "") continue;
    const entry = JSON.parse(line, reviveBigInts) as Entry;
    const { type, futureId: step } = entry;
    const { networkInteractionId: interaction = 0 } = entry;
    const key = `${step}/${interaction}`;
    lastBlock = Math.max(lastBlock, entry.receipt?.blockNumber ?? 0);
    if (type.endsWith("_STATE_INITIALIZE")) started.set(step, entry);
    if (type === "TRANSACTION_PREPARE_SEND") {
      prepared.set(key, { step, interaction, from: started.get(step)?.from ?? "", nonce: entry.nonce ?? 0 });
    }
    if (SETTLED.has(type)) prepared.delete(key);
    if (entry.result?.type !== "SUCCESS") continue;
    if (type === "DEPLOYMENT_EXECUTION_STATE_COMPLETE") {
      created.set(step, entry.result.address ?? "");
      constructed.set(step, started.get(step)?.constructorArgs ?? []);
    }
    if (type === "CALL_EXECUTION_STATE_COMPLETE") calls.push(callOf(step, started.get(step)));
  }
  return { created, constructed, calls, unconfirmed: [...prepared.values()], lastBlock };
}

/** Writes down that a prepared transaction was never sent, in the words in which Ignition gives up a nonce: it sends the step anew. */
export function forget(folder: string, { step, interaction }: Unconfirmed): void {
  const entry = { futureId: step, networkInteractionId: interaction, type: NONCE_IS_FREE };
  appendFileSync(journalFile(folder), `\n${JSON.stringify(entry)}`);
}

function callOf(step: string, entry: Entry | undefined): RecordedCall {
  return { step, contract: entry?.contractAddress ?? "", method: entry?.functionName ?? "", args: entry?.args ?? [] };
}

/** Ignition writes a bigint as an object. */
function reviveBigInts(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("_kind" in value) || !("value" in value)) return value;
  return value._kind === "bigint" ? BigInt(String(value.value)) : value;
}
