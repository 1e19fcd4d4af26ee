import { wrongEntries } from "../instrument/listed.ts";
import type { Branch } from "./points.ts";

/** Branches reached by file, those never reached, and whether that is all that can be. */
export function reportOf(
  branches: readonly Branch[],
  reached: ReadonlySet<number>,
  unreachable: ReadonlyMap<string, string>,
): { lines: string[]; isComplete: boolean } {
  const states = branches.map((branch, index) => ({
    branch,
    isReached: reached.has(index + 1),
    isListed: unreachable.has(branch.identity),
  }));
  const files = [...new Set(branches.map(({ file }) => file))];
  const width = Math.max(4, ...files.map((file) => file.length));
  const row = (name: string, list: typeof states) => {
    const counted = list.filter(({ isListed }) => !isListed);
    const done = counted.filter(({ isReached }) => isReached).length;
    const share = counted.length === 0 ? "" : `${((100 * done) / counted.length).toFixed(1)}%`;
    return name.padEnd(width) + `${done}/${counted.length}`.padStart(12) + share.padStart(9);
  };
  const lines = [
    "file".padEnd(width) + "branches".padStart(12),
    ...files.map((file) =>
      row(
        file,
        states.filter(({ branch }) => branch.file === file),
      ),
    ),
    row("all", states),
  ];
  const missed = states.filter(({ isReached, isListed }) => !isReached && !isListed);
  if (missed.length > 0) lines.push("", "Never reached:");
  for (const { branch } of missed) lines.push(`${branch.file}:${branch.line}  ${branch.way}: ${branch.text}`);

  const existing = new Set(branches.map(({ identity }) => identity));
  const seen = new Set(states.filter(({ isReached }) => isReached).map(({ branch }) => branch.identity));
  const wrong = wrongEntries(unreachable, existing, seen);
  lines.push(...wrong);
  return { lines, isComplete: missed.length === 0 && wrong.length === 0 };
}

/** What the figures rest on: suites and files measured in this run, kept from the one before, and never measured. */
export function scopeOf(all: readonly string[], now: ReadonlySet<string>, measured: ReadonlySet<string>): string {
  const before = all.filter((name) => !now.has(name) && measured.has(name)).length;
  const left = all.length - now.size - before;
  return (
    `Of ${all.length} suites and files ${now.size} measured now, ` +
    `${before} kept from the last run on the same contracts, ${left} not measured.`
  );
}
