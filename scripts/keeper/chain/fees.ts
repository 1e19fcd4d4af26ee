// What a transaction pays for gas, and what a replacement pays (EIP-1559).
import { max, min } from "../../../sdk/math/WadMath.ts";
import { GasTooDearError } from "../errors.ts";

export interface Fees {
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
}

/** Nodes refuse a replacement that pays less than a tenth more; an eighth is what the strictest ask. */
const BUMP = { numerator: 9n, denominator: 8n } as const;
/** Room for so many times the base fee of now. */
const BASE_FEES = 2n;

/** Fees of a first version. */
export function firstFees(baseFee: bigint, suggested: bigint, most: bigint): Fees {
  if (baseFee >= most) throw new GasTooDearError(baseFee, most);
  const maxFee = min(baseFee * BASE_FEES + suggested, most);
  return { maxFee, priorityFee: min(suggested, maxFee) };
}

/** Fees that replace `last`: an eighth more at least, and what a first version would pay now. Undefined where that is above `most`. */
export function replacementFees(last: Fees, baseFee: bigint, most: bigint): Fees | undefined {
  const bumped = (fee: bigint) => (fee * BUMP.numerator + BUMP.denominator - 1n) / BUMP.denominator + 1n;
  const priorityFee = bumped(last.priorityFee);
  const least = max(bumped(last.maxFee), priorityFee);
  if (least > most) return undefined;
  return { maxFee: max(least, min(baseFee * BASE_FEES + priorityFee, most)), priorityFee };
}
