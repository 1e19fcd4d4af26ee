// Twin of contracts/libraries/TokenUnits.sol: a token's own decimals and WAD.

const DECIMALS = 18;

/** Native units as WAD. */
export function toWad(native: bigint, decimals: number): bigint {
  return native * scaleOf(decimals);
}

/** WAD as native units, rounded down: what is paid out. */
export function toNativeDown(wad: bigint, decimals: number): bigint {
  return wad / scaleOf(decimals);
}

/** WAD as native units, rounded up: what is charged. */
export function toNativeUp(wad: bigint, decimals: number): bigint {
  const scale = scaleOf(decimals);
  return (wad + scale - 1n) / scale;
}

function scaleOf(decimals: number): bigint {
  return 10n ** BigInt(DECIMALS - decimals);
}
