import type { Entry } from "../instrument/listed.ts";
import { isMeasured } from "../instrument/sources.ts";

/** Lines with code in them, how many some test has run, and those that none has and none can be excused for. */
export interface Lines {
  readonly found: number;
  readonly hit: number;
  readonly missed: readonly string[];
}

/**
 * Reads Hardhat's lcov file. A line counts as run when every statement on it was, so all lines are all statements. Excused is a line with
 * a decision that stands among the unreachable branches.
 * @param source text of a contract, by its path
 */
export function linesOf(lcov: string, unreachable: readonly Entry[], source: (file: string) => string): Lines {
  const excused = unreachable.map(({ identity }) => identity.split(" | "));
  const isExcused = (file: string, line: number) => {
    const text = source(file).split("\n")[line - 1] ?? "";
    return excused.some(([where, decided]) => where === file && decided !== undefined && text.includes(decided));
  };
  let file = "";
  let [found, hit] = [0, 0];
  const missed: string[] = [];
  for (const row of lcov.split("\n")) {
    const [kind, value = ""] = row.split(/:(.*)/s);
    if (kind === "SF") file = value.replaceAll("\\", "/");
    if (kind !== "DA" || !isMeasured(file)) continue;
    const [line = 0, count = 0] = value.split(",").map(Number);
    found++;
    if (count > 0) hit++;
    else if (!isExcused(file, line)) missed.push(`${file}:${line}`);
  }
  return { found, hit, missed };
}
