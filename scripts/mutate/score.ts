/** A share of a sample, and where that of the whole lies with a confidence of 95%. */
export interface Score {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile of the normal distribution for 95%, both sides. */
const Z = 1.959963984540054;

/** Wilson's interval: it stays within 0 and 1, and is right for shares near 1, which is where a score should be. */
export function scoreOf(successes: number, total: number): Score {
  if (total === 0) return { share: 0, low: 0, high: 1 };
  const share = successes / total;
  const square = (Z * Z) / total;
  const centre = share + square / 2;
  const reach = Z * Math.sqrt((share * (1 - share)) / total + square / (4 * total));
  return { share, low: (centre - reach) / (1 + square), high: (centre + reach) / (1 + square) };
}
