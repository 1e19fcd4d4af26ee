// Any error as a sentence that a reader can act on.
import { BulwarkError, ContractError, decodeError } from "../../../sdk/index.ts";
import { AppError } from "./errors.ts";
import { exactAmount, inUtc } from "./format.ts";

export interface Words {
  /** What to do. */
  readonly text: string;
  /** Name and values as the contract gave them, for whoever asks for help. */
  readonly details?: string;
  /** The user said no in the wallet: nothing went wrong. */
  readonly isRefusal?: boolean;
}

const REFUSED = new Set<unknown>([4001, "ACTION_REJECTED"]);
const SENTENCES: Readonly<Record<string, string>> = {
  "-32002": "The wallet has a question open already: look at it and answer there first.",
  INSUFFICIENT_FUNDS: "The wallet has too little ether to pay for gas.",
  NETWORK_ERROR: "The node does not answer. Try again in a moment.",
  SERVER_ERROR: "The node does not answer as it should. Try again in a moment.",
  TIMEOUT: "The node took too long to answer. Try again in a moment.",
  NONCE_EXPIRED: "The wallet used a number that was used already: try again, or reset the account in the wallet.",
  REPLACEMENT_UNDERPRICED: "The wallet wants to replace a pending transaction and offers too little gas for it.",
  UNSUPPORTED_OPERATION: "The wallet cannot do this: use another one.",
};

/** Amounts in advice are as contracts have them. From so many digits on one is read as WAD. */
const WAD_DIGITS = /\b\d{14,}\b/g;
const SECONDS = /\b1[5-9]\d{8}\b|\b[23]\d{9}\b/g;
const LONG_HEX = /0x([0-9a-fA-F]{4})[0-9a-fA-F]{12,}([0-9a-fA-F]{4})/g;

export function inWords(error: unknown): Words {
  if (isRefusal(error)) return { text: "You said no in the wallet: nothing was sent.", isRefusal: true };
  const decoded = decodeError(error);
  if (decoded instanceof ContractError) return { text: readable(decoded.advice), details: decoded.message };
  if (decoded instanceof BulwarkError) return { text: readable(decoded.message), ...causeOf(error) };
  if (error instanceof AppError) return { text: error.message, ...causeOf(error) };
  for (const code of codesOf(error)) {
    const sentence = SENTENCES[code];
    if (sentence !== undefined) return { text: sentence, details: messageOf(error) };
  }
  if (error instanceof TypeError && /fetch/i.test(error.message)) {
    return {
      text: "The host of this page or its node does not answer. Try again in a moment.",
      details: error.message,
    };
  }
  return {
    text: "Something went wrong that the page has no words for. Try again; the details say more.",
    details: messageOf(error),
  };
}

/** Whether the user refused. Wallets and the SDK wrap the code. */
function isRefusal(error: unknown): boolean {
  return codesOf(error).some((code) => REFUSED.has(code) || code === "4001");
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const { code, cause, error: inner, info } = error as Record<string, unknown>;
  const own = typeof code === "number" || typeof code === "string" ? [String(code)] : [];
  return [...own, ...[cause, inner, info].flatMap((one) => codesOf(one, depth + 1))];
}

function causeOf(error: unknown): { details?: string } {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? {} : { details: messageOf(cause) };
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(error);
}

/** Raw numbers of contracts as a reader writes them. */
export function readable(text: string): string {
  return text
    .replace(LONG_HEX, "0x$1…$2")
    .replace(WAD_DIGITS, (digits) => exactAmount(roundedWad(BigInt(digits)), 18))
    .replace(SECONDS, (seconds) => inUtc(BigInt(seconds)));
}

/** Six decimals say enough. */
function roundedWad(value: bigint): bigint {
  const unit = 10n ** 12n;
  return (value / unit) * unit;
}
