// Faults of a node: waiting longer each time, and giving up in the end.
import { BulwarkError } from "../errors.ts";

export interface RetryOptions {
  /** Calls of one request before the stream gives up. */
  readonly attempts: number;
  /** Wait after the first fault, milliseconds; doubled after each. */
  readonly firstWait: number;
  /** Longest wait, milliseconds. */
  readonly longestWait: number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Words by which nodes say that a range has too many blocks or logs. */
const TOO_LARGE =
  /range|too many|too large|limit|exceed|more than \d+|response size|10000 results|query timeout|-32005|-32602/i;

/** Whether a node asks for a smaller range. */
export function isRangeTooLarge(error: unknown): boolean {
  return TOO_LARGE.test(wordsOf(error));
}

/** Calls until it answers. A fault that `isFinal` knows is thrown at once. */
export async function retried<T>(
  call: () => Promise<T>,
  options: RetryOptions,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (isFinal(error)) throw error;
      if (attempt >= options.attempts) throw new NodeFaultError(attempt, error);
      await options.sleep(Math.min(options.firstWait * 2 ** (attempt - 1), options.longestWait), options.signal);
      options.signal?.throwIfAborted();
    }
  }
}

/** Ends early when the signal does. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted === true) end();
  });
}

function wordsOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { message = "", code = "", error: inner, info } = error as Record<string, unknown>;
  const rest = [inner, (info as { error?: unknown } | undefined)?.error].filter((item) => item !== undefined);
  return [String(message), String(code), ...rest.map(wordsOf)].join(" ");
}

/** A node that did not answer, however often it was asked. The cursor stands where it stood: go on from it. */
export class NodeFaultError extends BulwarkError {
  override name = "NodeFaultError";
  readonly attempts: number;

  constructor(attempts: number, cause: unknown) {
    super(
      `The node failed ${attempts} times in a row (the last fault is the cause): go on later from the last cursor.`,
      {
        cause,
      },
    );
    this.attempts = attempts;
  }
}
