// Questions to which a revert is an answer.
import { BulwarkError } from "../../../sdk/errors.ts";
import { NodeFaultError } from "../../../sdk/events/retry.ts";
import { explained } from "../../../sdk/reverts/decode.ts";

/** What a call answers, undefined where it reverts; a fault of the node is no answer. */
export async function answerOf<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await explained(call());
  } catch (error) {
    if (error instanceof BulwarkError && !(error instanceof NodeFaultError)) return undefined;
    throw error;
  }
}

/** Whether a call would succeed. */
export async function goesThrough(call: () => Promise<unknown>): Promise<boolean> {
  return (await answerOf(async () => ({ answer: await call() }))) !== undefined;
}
