import { asUint256 } from "./checked.ts";
import { BPS_ONE } from "./constants.ts";
import { YEAR } from "./PremiumMath.ts";
import { min, mulDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/TreatyMath.sol (CVR-09): layers with attachment.
 */

/** Asks for what surely counts, whatever the loss is. */
const ANY_LOSS = (1n << 256n) - 1n;

/** A layer and the loss that reaches it, WAD. */
export interface LayerLoss {
  /** Loss of the segment from which on the layer pays; 0: always. */
  readonly attachesAt: bigint;
  /** What the segment has lost before, and what stands before the layer bears of this loss. */
  readonly borne: bigint;
  /** What is left for the layer and those behind it. */
  readonly needed: bigint;
  /** What the layer may still pay. */
  readonly limit: bigint;
}

/** What a layer pays of a loss, WAD. */
export function offered(loss: LayerLoss): bigint {
  const needed = asUint256(loss.needed, "needed");
  const limit = asUint256(loss.limit, "limit");
  const gap = asUint256(loss.attachesAt, "attachesAt") - asUint256(loss.borne, "borne");
  if (gap <= 0n) return min(needed, limit);
  if (needed === ANY_LOSS || needed <= gap) return 0n;
  return min(needed - gap, limit);
}

/** Premium for `limit` over `term` seconds, WAD, at basis points of the limit a year. */
export function premiumUp(limit: bigint, premiumBps: bigint, term: bigint): bigint {
  const share = asUint256(asUint256(premiumBps, "premiumBps") * asUint256(term, "term"));
  return mulDivUp(limit, share, BPS_ONE * YEAR);
}
