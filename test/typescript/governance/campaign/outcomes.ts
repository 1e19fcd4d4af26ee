// What was tried, and how it ended: a campaign in which something never happened proves nothing about it. Whatever is refused must say why.
import { dataLength } from "ethers";
import type { Interface } from "ethers";

interface Thrown {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly info?: { readonly error?: unknown };
}

export const EXECUTED = "executed";

export class Outcomes {
  readonly #faces: readonly Interface[];
  readonly #counts = new Map<string, Map<string, number>>();

  /** @param faces of the contracts that may refuse something */
  constructor(faces: readonly Interface[]) {
    this.#faces = faces;
  }

  times(name: string, ended: string): number {
    return this.#counts.get(name)?.get(ended) ?? 0;
  }

  /** All endings, each with how often it was. */
  get endings(): readonly (readonly [ended: string, count: number])[] {
    return [...this.#counts.values()].flatMap((counts) => [...counts]);
  }

  count(name: string, ended: string): void {
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts.set(ended, (counts.get(ended) ?? 0) + 1));
  }

  async attempt(name: string, act: () => Promise<unknown>): Promise<string> {
    const ended = await this.ends(act);
    this.count(name, ended);
    return ended;
  }

  /** EXECUTED, or the name of the error. What is none of the contracts' errors is thrown on: it is a finding. */
  async ends(act: () => Promise<unknown>): Promise<string> {
    try {
      await act();
      return EXECUTED;
    } catch (error) {
      const data = revertData(error);
      if (data === undefined || dataLength(data) < 4) throw error;
      for (const face of this.#faces) {
        const parsed = face.parseError(data);
        if (parsed !== null) return parsed.name;
      }
      throw error;
    }
  }
}

/** Data that came with a revert, wherever the library has put it; undefined when the error is none of the chain's. */
function revertData(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { data, error: inner, info } = error as Thrown;
  if (typeof data === "string" && data.startsWith("0x")) return data;
  return revertData(inner) ?? revertData(info?.error);
}
