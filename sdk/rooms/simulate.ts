// Several calls on one state, for previews of what a contract does in two steps: refresh, then price. A node runs the code of a creation that is
// never sent, so nothing has to be deployed for it and nothing is changed by it.
import { concat, dataLength, dataSlice, toBeHex, zeroPadBytes } from "ethers";

import { explained } from "../reverts/decode.ts";
import type { Context, ReadOptions } from "./context.ts";

/** One call of the sequence. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

const WORD = 32;
const Op = {
  PUSH2: "0x61",
  PUSH20: "0x73",
  PUSH32: "0x7f",
  MSTORE: "0x52",
  GAS: "0x5a",
  CALL: "0xf1",
  PUSH0: "0x5f",
  JUMPI: "0x57",
  JUMPDEST: "0x5b",
  RETURN: "0xf3",
  REVERT: "0xfd",
  RETURNDATASIZE: "0x3d",
  RETURNDATACOPY: "0x3e",
} as const;

/**
 * Makes calls one after the other, each on what the one before has left, and answers what the last one returns. The first that reverts ends it with
 * its reason.
 */
export async function callInOrder(context: Context, calls: readonly Call[], when: ReadOptions): Promise<string> {
  return explained(context.provider.call({ data: programOf(calls), blockTag: when.blockTag ?? "latest" }));
}

/** Code that calls in order and returns the last answer. */
export function programOf(calls: readonly Call[]): string {
  let code = "0x";
  for (const [index, { to, data }] of calls.entries()) {
    code = concat([code, stored(data), called(to, dataLength(data))]);
    code = concat([code, orElse(dataLength(code), index === calls.length - 1 ? "return" : "go on")]);
  }
  return code;
}

/** Writes bytes to memory from 0 on, word by word. */
function stored(data: string): string {
  const words = Math.ceil(dataLength(data) / WORD);
  const parts = Array.from({ length: words }, (_, word) => {
    const end = Math.min((word + 1) * WORD, dataLength(data));
    return concat([Op.PUSH32, zeroPadBytes(dataSlice(data, word * WORD, end), WORD), number(word * WORD), Op.MSTORE]);
  });
  return concat(parts);
}

/** CALL with all gas, no value, memory from 0 as data, and no room for the answer, which is fetched afterwards. */
function called(to: string, length: number): string {
  return concat([Op.PUSH0, Op.PUSH0, number(length), Op.PUSH0, Op.PUSH0, Op.PUSH20, to, Op.GAS, Op.CALL]);
}

/** Jumps over a revert with the callee's reason when the call went well; ends with its answer or goes on. */
function orElse(at: number, then: "return" | "go on"): string {
  const answer = concat([Op.RETURNDATASIZE, Op.PUSH0, Op.PUSH0, Op.RETURNDATACOPY, Op.RETURNDATASIZE, Op.PUSH0]);
  const failed = concat([answer, Op.REVERT]);
  const jump = concat([number(at + dataLength(number(0)) + 1 + dataLength(failed)), Op.JUMPI]);
  return concat([jump, failed, Op.JUMPDEST, ...(then === "return" ? [answer, Op.RETURN] : [])]);
}

function number(value: number): string {
  return concat([Op.PUSH2, toBeHex(value, 2)]);
}
