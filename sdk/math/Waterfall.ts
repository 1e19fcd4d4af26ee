import { asUint256 } from "./checked.ts";
import { min, mulWadDown, mulWadUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/Waterfall.sol (R1, R2).
 */

/** What each layer pays, in the order in which they pay. WAD of the settlement asset. */
export interface LayerAmounts {
  readonly reserve: bigint;
  readonly junior: bigint;
  readonly senior: bigint;
  readonly reinsurance: bigint;
}

/** Sum over the layers. */
export function total({ reserve, junior, senior, reinsurance }: LayerAmounts): bigint {
  return asUint256(reserve + junior + senior + reinsurance);
}

/** Splits `loss` over the layers, strictly in order. */
export function splitDown(loss: bigint, available: LayerAmounts): { paid: LayerAmounts; residual: bigint } {
  let residual = asUint256(loss, "loss");
  const pay = (layer: keyof LayerAmounts): bigint => {
    const part = min(residual, asUint256(available[layer], layer));
    residual -= part;
    return part;
  };
  const paid = {
    reserve: pay("reserve"),
    junior: pay("junior"),
    senior: pay("senior"),
    reinsurance: pay("reinsurance"),
  };
  return { paid, residual };
}

/** `fraction` (WAD) of every layer, rounded down. */
export function takeFractionDown(amounts: LayerAmounts, fraction: bigint): LayerAmounts {
  return {
    reserve: mulWadDown(amounts.reserve, fraction),
    junior: mulWadDown(amounts.junior, fraction),
    senior: mulWadDown(amounts.senior, fraction),
    reinsurance: mulWadDown(amounts.reinsurance, fraction),
  };
}

/** What each layer pays when `fraction` of an account is taken: its part of what it would pay for the whole. */
export function cover(
  wholeShortfall: bigint,
  fraction: bigint,
  available: LayerAmounts,
): { paid: LayerAmounts; shortfallUp: bigint; residual: bigint } {
  const paid = takeFractionDown(splitDown(wholeShortfall, available).paid, fraction);
  const shortfallUp = mulWadUp(wholeShortfall, fraction);
  return { paid, shortfallUp, residual: asUint256(shortfallUp - total(paid)) };
}
