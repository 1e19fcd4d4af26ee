// Numbers as people read them. Everything on the page goes through here: grouped, with a fixed number of decimals, exact on demand.
import { AmountError } from "./errors.ts";

const GROUP = /\B(?=(\d{3})+(?!\d))/g;
const SEPARATOR = ",";
const MINUS = "\u2212";

/** All decimals that a number has, none more. */
export function exactAmount(value: bigint, decimals: number): string {
  const { sign, whole, fraction } = parts(value, decimals);
  const trimmed = fraction.replace(/0+$/, "");
  return `${sign}${whole.replace(GROUP, SEPARATOR)}${trimmed === "" ? "" : `.${trimmed}`}`;
}

/** So many decimals, rounded half away from zero. */
export function fixedAmount(value: bigint, decimals: number, digits: number): string {
  if (digits >= decimals) return padded(value, decimals, digits);
  const unit = 10n ** BigInt(decimals - digits);
  const half = value < 0n ? -unit / 2n : unit / 2n;
  return padded((value + half) / unit, digits, digits);
}

function padded(value: bigint, decimals: number, digits: number): string {
  const { sign, whole, fraction } = parts(value, decimals);
  const shown = fraction.padEnd(digits, "0");
  return `${sign}${whole.replace(GROUP, SEPARATOR)}${shown === "" ? "" : `.${shown}`}`;
}

function parts(value: bigint, decimals: number): { sign: string; whole: string; fraction: string } {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const at = digits.length - decimals;
  return { sign: value < 0n ? MINUS : "", whole: digits.slice(0, at), fraction: digits.slice(at) };
}

/** How many decimals a price or a size of this magnitude is shown with. */
export function digitsFor(value: bigint, decimals: number): number {
  const size = value < 0n ? -value : value;
  const one = 10n ** BigInt(decimals);
  if (size >= 10_000n * one) return 0;
  if (size >= one || size === 0n) return 2;
  return 4;
}

/** A fraction in units of 1/one, per cent. */
export function percent(value: bigint, one: bigint, digits = 1): string {
  return `${fixedAmount((value * 10n ** 8n) / one, 6, digits)}%`;
}

/** Text of a form as a number of smallest units. */
export function parseAmount(text: string, decimals: number): bigint {
  const cleaned = text.trim().replaceAll(SEPARATOR, "");
  const match = /^(\d*)(?:\.(\d*))?$/.exec(cleaned);
  const [whole = "", fraction = ""] = match === null ? [] : [match[1], match[2] ?? ""];
  if (match === null || (whole === "" && fraction === "")) {
    throw new AmountError("Write a number, with a point before decimals, as in 1250.5.");
  }
  if (fraction.length > decimals) throw new AmountError(`This has at most ${decimals} decimals.`);
  return BigInt((whole === "" ? "0" : whole) + fraction.padEnd(decimals, "0"));
}

/** As text that a form holds: no groups. */
export function plainAmount(value: bigint, decimals: number): string {
  return exactAmount(value, decimals).replaceAll(SEPARATOR, "").replace(MINUS, "-");
}

/** A float for plots. Plots have no decimals to lose. */
export function toFloat(value: bigint, decimals = 18): number {
  return Number(value) / 10 ** decimals;
}

const UNITS = [
  ["d", 86_400n],
  ["h", 3_600n],
  ["min", 60n],
  ["s", 1n],
] as const;

/** The two largest units of a time. */
export function duration(seconds: bigint): string {
  let left = seconds < 0n ? 0n : seconds;
  const shown: string[] = [];
  for (const [name, size] of UNITS) {
    const count = left / size;
    left %= size;
    if (shown.length > 0 && count === 0n) break;
    if (count > 0n) shown.push(`${count} ${name}`);
    if (shown.length === 2) break;
  }
  return shown.length === 0 ? "0 s" : shown.join(" ");
}

export function inUtc(seconds: bigint | number): string {
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** An address or hash, its ends. */
export function shortHex(text: string, ends = 4): string {
  return text.length <= 2 + 2 * ends ? text : `${text.slice(0, 2 + ends)}…${text.slice(-ends)}`;
}

/** Large numbers on axes. */
export function compact(value: number): string {
  const size = Math.abs(value);
  const [unit, name] = size >= 1e9 ? [1e9, "bn"] : size >= 1e6 ? [1e6, "m"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  const scaled = value / unit;
  const digits = Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? 0 : Math.abs(scaled) >= 1 ? 1 : 3;
  return `${scaled.toFixed(digits).replace("-", MINUS)}${name}`;
}
