/*
 * Hourly prices of two breaks as one venue (Binance spot) recorded them: hour in UTC, open, close.
 * USDC/USDT had been delisted there and opened again at 14:00 on 2023-03-11; LUNA/USDT ended at 2022-05-13 00:00.
 */

export const USDC_FROM = Date.UTC(2023, 2, 11, 14) / 1_000;
export const USDC: readonly (readonly [number, number])[] = [
  [1, 0.9129],
  [0.9127, 0.9128],
  [0.9129, 0.9209],
  [0.9208, 0.9385],
  [0.9385, 0.942],
  [0.942, 0.9461],
  [0.9461, 0.9764],
  [0.9764, 0.9545],
  [0.9545, 0.9496],
  [0.9496, 0.9592],
  [0.9593, 0.9605],
  [0.9601, 0.9689],
];

export const LUNA_FROM = Date.UTC(2022, 4, 12, 0) / 1_000;
export const LUNA: readonly (readonly [number, number])[] = [
  [1.0782, 1.1297],
  [1.1297, 0.8401],
  [0.8402, 0.5506],
  [0.5506, 0.392],
  [0.392, 0.292],
  [0.292, 0.3148],
  [0.3147, 0.1605],
  [0.1605, 0.1407],
  [0.141, 0.0758],
  [0.0758, 0.026],
  [0.026, 0.0871],
  [0.0869, 0.0325],
  [0.0324, 0.02018],
  [0.02018, 0.01131],
];

/** Seconds between two steps of a replay. */
export const STEP = 900;

/** Time and price (1e-8) every 15 minutes, in a straight line from each hour's open to its close. */
export function pathOf(from: number, hours: readonly (readonly [number, number])[]): { time: bigint; price: bigint }[] {
  return hours.flatMap(([open, close], hour) =>
    [0, 1, 2, 3].map((quarter) => ({
      time: BigInt(from + hour * 3_600 + quarter * STEP),
      price: BigInt(Math.round((open + ((close - open) * quarter) / 4) * 1e8)),
    })),
  );
}
