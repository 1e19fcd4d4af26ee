/**
 * How many to draw from each stratum: in proportion to its size, at least one from each that has any as long as `count` allows it, the
 * remainders to the largest fractions.
 */
export function allot(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (count >= total) return [...sizes];
  const exact = sizes.map((size) => (size * count) / total);
  const alloted = exact.map((share, index) =>
    Math.min(sizes[index] ?? 0, Math.max(Math.floor(share), share > 0 ? 1 : 0)),
  );
  let left = count - alloted.reduce((sum, share) => sum + share, 0);
  const byFraction = exact.map((share, index) => ({ index, fraction: share % 1 }));
  byFraction.sort((a, b) => (left > 0 ? b.fraction - a.fraction : a.fraction - b.fraction) || a.index - b.index);
  while (left !== 0) {
    const before = left;
    for (const { index } of byFraction) {
      if (left === 0) break;
      const step = Math.sign(left);
      const next = (alloted[index] ?? 0) + step;
      // Taking back leaves every stratum its one, unless there are more strata than draws.
      if (next > (sizes[index] ?? 0) || (step < 0 && next < (count >= sizes.length ? 1 : 0))) continue;
      alloted[index] = next;
      left -= step;
    }
    if (left === before) break;
  }
  return alloted;
}
