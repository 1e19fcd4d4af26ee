import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

import { BenchError } from "./errors.ts";

const FILE = fileURLToPath(new URL("../../test/gas/snapshot.json", import.meta.url));
const NAME = relative(process.cwd(), FILE);

/** Gas by key of the operation. */
export type Figures = ReadonlyMap<string, number>;

/** Writes the snapshot that later runs are compared with. */
export function writeSnapshot(figures: Figures): string {
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(figures), null, 2)}\n`);
  return `${NAME}: ${figures.size} figures written.`;
}

/** Differences between the committed snapshot and what was measured; none when every figure is the same to the gas. */
export function compareWithSnapshot(figures: Figures): readonly string[] {
  if (!existsSync(FILE)) throw new BenchError(`${NAME} is missing; write it with npm run bench -- --update`);
  const stored = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, number>;
  return differencesBetween(new Map(Object.entries(stored)), figures);
}

/** One line for each key that the two do not agree on. */
export function differencesBetween(stored: Figures, measured: Figures): readonly string[] {
  const keys = [...new Set([...stored.keys(), ...measured.keys()])];
  return keys.flatMap((key) => {
    const [before, now] = [stored.get(key), measured.get(key)];
    if (before === now) return [];
    if (before === undefined) return [`${key}: not in the snapshot, now ${now}`];
    if (now === undefined) return [`${key}: ${before} in the snapshot, not measured now`];
    return [`${key}: ${before} in the snapshot, now ${now} (${now > before ? "+" : ""}${now - before})`];
  });
}
