// The way to the node: faults are waited out, answers are final.
import { BrowserProvider, FetchRequest, JsonRpcProvider, Network } from "ethers";

import { isRangeTooLarge, NodeFaultError, retried, sleep } from "../../../sdk/events/retry.ts";
import type { RetryOptions } from "../../../sdk/events/retry.ts";
import { decodeError } from "../../../sdk/reverts/decode.ts";

export interface Question {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** Asks a node once. */
export type Transport = (question: Question) => Promise<unknown>;

export interface TransportOptions extends Partial<RetryOptions> {
  readonly onFault?: (method: string, error: unknown) => void;
}

const RETRY = { attempts: 6, firstWait: 250, longestWait: 8_000, sleep } as const;
/** A node that takes a question and never answers is a fault after so long, milliseconds. */
const LONGEST_ANSWER = 30_000;
/** Of JSON-RPC's range for errors of one's own. */
const NODE_FAULT = -32_098;
/** What a node says about a transaction, not about itself. */
const FINAL =
  /nonce|underpriced|already known|known transaction|insufficient funds|fee cap|max fee per gas|exceeds block gas|intrinsic gas|revert/i;

/** Asks again after a fault, waiting longer each time. A revert and a refused transaction are answers. */
export function patient(ask: Transport, options: TransportOptions = {}): Transport {
  const { onFault, ...retry } = options;
  return async (question) =>
    retried(
      async () => {
        try {
          return await ask(question);
        } catch (error) {
          if (!isAnswer(question.method, error)) onFault?.(question.method, error);
          throw error;
        }
      },
      { ...RETRY, ...retry },
      (error) => isAnswer(question.method, error),
    ).catch((error: unknown) => {
      throw error instanceof NodeFaultError ? Object.assign(error, { code: NODE_FAULT }) : error;
    });
}

/** @param chainId where it has been asked for; otherwise ethers does, and goes on for ever while there is no answer */
export function providerOf(ask: Transport, chainId?: bigint): BrowserProvider {
  const request = ({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }) =>
    ask({ method, params: Array.isArray(params) ? params : [] });
  const network = chainId === undefined ? undefined : Network.from(chainId);
  return new BrowserProvider({ request }, network, { cacheTimeout: -1, staticNetwork: network ?? true });
}

/** A provider that asks again after a fault. */
export function patientProvider(ask: Transport, options: TransportOptions = {}): BrowserProvider {
  return providerOf(patient(ask, options));
}

/** A node behind a URL. @param chainId spares ethers a question; what the node says of itself is asked for by whoever uses it */
export function httpTransport(url: string, chainId: number): { ask: Transport; close: () => void } {
  const request = new FetchRequest(url);
  request.timeout = LONGEST_ANSWER;
  const network = Network.from(chainId);
  const provider = new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1 });
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

/** Whether a node was asked as often as it may be. ethers throws an error of its own that keeps the code of what it was given. */
export function isNodeFault(error: unknown): boolean {
  return (error as { error?: { code?: unknown } }).error?.code === NODE_FAULT;
}
