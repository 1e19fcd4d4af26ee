import { DecimalsError } from "./errors.ts";
import { asUint256 } from "./math/checked.ts";

// Twin of contracts/libraries/TokenUnits.sol: a token's own decimals and WAD.

const DECIMALS = 18;

/** Native units as WAD. */
export function toWad(native: bigint, decimals: number): bigint {
  return asUint256(asUint256(native, "native") * scaleOf(decimals));
}

/** WAD as native units, rounded down: what is paid out. */
export function toNativeDown(wad: bigint, decimals: number): bigint {
  return asUint256(wad, "wad") / scaleOf(decimals);
}

/** WAD as native units, rounded up: what is charged. Nothing is nothing, whatever the decimals, as on the chain. */
export function toNativeUp(wad: bigint, decimals: number): bigint {
  if (asUint256(wad, "wad") === 0n) return 0n;
  return (wad - 1n) / scaleOf(decimals) + 1n;
}

function scaleOf(decimals: number): bigint {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > DECIMALS) throw new DecimalsError(decimals);
  return 10n ** BigInt(DECIMALS - decimals);
}
