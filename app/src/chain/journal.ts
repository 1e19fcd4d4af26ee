// Transactions that this browser has sent, kept in its storage: pending ones survive a reload.
import type { ContractTransactionResponse, JsonRpcApiProvider } from "ethers";

import { confirmed } from "../../../sdk/index.ts";
import { inWords } from "./words.ts";

export type EntryStatus = "pending" | "confirmed" | "failed" | "lost";

export interface Entry {
  readonly hash: string;
  /** What it does, in words. */
  readonly label: string;
  readonly status: EntryStatus;
  /** Milliseconds, of this machine. */
  readonly sentAt: number;
  readonly from: string;
  /** Why it failed. */
  readonly reason?: string;
  readonly block?: number;
}

const KEPT = 50;
/** A transaction that no node knows for so long was dropped. */
const PATIENCE = 120_000;

/** Where the journal is kept: the browser's storage. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
}

/** One chain's transactions. */
export class Journal {
  readonly #key: string;
  readonly #storage: TextStore;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[];

  constructor(chainKey: string, storage: TextStore) {
    this.#key = `bulwark:transactions:${chainKey}`;
    this.#storage = storage;
    this.#entries = parse(storage.getItem(this.#key));
  }

  /** Newest first; the same array until something changes. */
  readonly entries = (): readonly Entry[] => this.#entries;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(entry: Pick<Entry, "hash" | "label" | "from">): void {
    const others = this.#entries.filter(({ hash }) => hash !== entry.hash);
    this.#write([{ ...entry, status: "pending", sentAt: Date.now() }, ...others]);
  }

  update(hash: string, change: Partial<Entry>): void {
    this.#write(this.#entries.map((entry) => (entry.hash === hash ? { ...entry, ...change } : entry)));
  }

  clear(): void {
    this.#write(this.#entries.filter(({ status }) => status === "pending"));
  }

  #write(entries: readonly Entry[]): void {
    this.#entries = entries.slice(0, KEPT);
    this.#storage.setItem(this.#key, JSON.stringify(this.#entries));
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Looks once how a pending transaction stands.
 * @returns whether it is over
 */
export async function follow(journal: Journal, entry: Entry, provider: JsonRpcApiProvider): Promise<boolean> {
  const [receipt, sent] = await Promise.all([
    provider.getTransactionReceipt(entry.hash),
    provider.getTransaction(entry.hash),
  ]);
  if (receipt !== null && receipt.status === 1) {
    journal.update(entry.hash, { status: "confirmed", block: receipt.blockNumber });
  } else if (receipt !== null && sent !== null) {
    const reason = await confirmed(sent as unknown as ContractTransactionResponse).then(
      () => undefined,
      (error: unknown) => inWords(error).text,
    );
    journal.update(entry.hash, { status: "failed", block: receipt.blockNumber, ...(reason && { reason }) });
  } else if (receipt === null && sent === null && Date.now() - entry.sentAt > PATIENCE) {
    journal.update(entry.hash, {
      status: "lost",
      reason: "No node knows it any more: it was dropped or replaced in the wallet.",
    });
  } else {
    return false;
  }
  return true;
}

function parse(text: string | null): readonly Entry[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isEntry) : [];
  } catch {
    return []; // Written by something else: there is nothing to remember.
  }
}

function isEntry(value: unknown): value is Entry {
  const { hash, label, status, sentAt, from } = (value ?? {}) as Partial<Entry>;
  const texts = [hash, label, status, from].every((one) => typeof one === "string");
  return texts && typeof sentAt === "number";
}
