import type { Entry } from "../instrument/listed.ts";
import { isMeasured } from "../instrument/sources.ts";

/** Lines with code in them, how many some test has run, and those that none has and none can be excused for. */
export interface Lines {
  readonly found: number;
  readonly hit: number;
  readonly missed: readonly string[];
}

/**
 * Reads Hardhat's lcov files, of one run or of several behind one another: a line is reached when one of them has run it. A line counts as run
 * when every statement on it was, so all lines are all statements. Excused is a line with a decision that stands among the unreachable branches.
 * @param source text of a contract, by its path
 */
export function linesOf(lcov: string, unreachable: readonly Entry[], source: (file: string) => string): Lines {
  const excused = unreachable.map(({ identity }) => identity.split(" | "));
  const isExcused = (file: string, line: number) => {
    const text = source(file).split("\n")[line - 1] ?? "";
    return excused.some(([where, decided]) => where === file && decided !== undefined && text.includes(decided));
  };
  let file = "";
  const reached = new Map<string, boolean>();
  for (const row of lcov.split("\n")) {
    const [kind, value = ""] = row.split(/:(.*)/s);
    if (kind === "SF") file = value.replaceAll("\\", "/");
    if (kind !== "DA" || !isMeasured(file)) continue;
    const [line = 0, count = 0] = value.split(",").map(Number);
    const key = `${file}:${line}`;
    reached.set(key, count > 0 || (reached.get(key) ?? false));
  }
  const others = [...reached].filter(([, isReached]) => !isReached).map(([key]) => key);
  const missed = others.filter((key) => {
    const at = key.lastIndexOf(":");
    return !isExcused(key.slice(0, at), Number(key.slice(at + 1)));
  });
  return { found: reached.size, hit: reached.size - others.length, missed };
}
