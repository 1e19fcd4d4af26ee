// The way to the node: faults are waited out, answers are final.
import { BrowserProvider, JsonRpcProvider } from "ethers";

import { isRangeTooLarge, retried, sleep } from "../../../sdk/events/retry.ts";
import type { RetryOptions } from "../../../sdk/events/retry.ts";
import { decodeError } from "../../../sdk/reverts/decode.ts";

export interface Question {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** Asks a node once. */
export type Transport = (question: Question) => Promise<unknown>;

export interface TransportOptions extends Partial<Omit<RetryOptions, "signal">> {
  readonly onFault?: (method: string, error: unknown) => void;
}

const RETRY = { attempts: 6, firstWait: 250, longestWait: 8_000, sleep } as const;
/** What a node says about a transaction, not about itself. */
const FINAL =
  /nonce|underpriced|already known|known transaction|insufficient funds|fee cap|max fee per gas|exceeds block gas|intrinsic gas|revert/i;

/** A provider that asks again after a fault, waiting longer each time. A revert and a refused transaction are answers. */
export function patientProvider(ask: Transport, options: TransportOptions = {}): BrowserProvider {
  const { onFault, ...retry } = options;
  const request = ({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }) =>
    retried(
      async () => {
        try {
          return await ask({ method, params: Array.isArray(params) ? params : [] });
        } catch (error) {
          if (!isAnswer(method, error)) onFault?.(method, error);
          throw error;
        }
      },
      { ...RETRY, ...retry },
      (error) => isAnswer(method, error),
    );
  return new BrowserProvider({ request }, undefined, { cacheTimeout: -1, staticNetwork: true });
}

/** A node behind a URL. */
export function httpTransport(url: string): { ask: Transport; close: () => void } {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 });
  return {
    ask: async ({ method, params = [] }) => provider.send(method, [...params]) as Promise<unknown>,
    close: () => provider.destroy(),
  };
}

function isAnswer(method: string, error: unknown): boolean {
  if (decodeError(error) !== undefined) return true;
  if (method === "eth_getLogs" && isRangeTooLarge(error)) return true;
  return FINAL.test(error instanceof Error ? error.message : String(error));
}
