import type { Listed } from "./mutant.ts";
import type { Result } from "./results.ts";
import { scoreOf } from "./score.ts";

/** A mutant that was judged. */
export interface Judged {
  readonly mutant: Listed;
  readonly result: Result;
  /** Why it behaves as the original does, for those that are known to. */
  readonly equivalent?: string;
}

/** Lower end of the interval that the command demands. */
export const LEAST = 0.93;

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/** One line a file, the survivors, and the score. */
export function reportOf(judged: readonly Judged[]): { lines: string[]; isEnough: boolean } {
  const counted = judged.filter(({ equivalent }) => equivalent === undefined);
  const files = [...new Set(judged.map(({ mutant }) => mutant.file))].sort();
  const width = Math.max(4, ...files.map((file) => file.length));
  const row = (name: string, list: readonly Judged[]) => {
    const is = (status: Result["status"]) =>
      list.filter(({ result, equivalent }) => result.status === status && equivalent === undefined).length;
    const cells = [is("killed"), is("survived"), is("timed out"), list.filter((each) => each.equivalent).length];
    return name.padEnd(width) + cells.map((cell) => String(cell).padStart(11)).join("");
  };
  const head =
    "file".padEnd(width) + ["killed", "survived", "timed out", "equivalent"].map((word) => word.padStart(11)).join("");
  const lines = [
    head,
    ...files.map((file) =>
      row(
        file,
        judged.filter(({ mutant }) => mutant.file === file),
      ),
    ),
    row("all", judged),
  ];

  const survivors = counted.filter(({ result }) => result.status === "survived");
  if (survivors.length > 0) lines.push("", "Survivors:");
  for (const { mutant } of survivors) {
    lines.push(
      `${mutant.file}:${mutant.line}  ${mutant.operator}`,
      `  before  ${mutant.before}`,
      `  after   ${mutant.after || "nothing"}`,
    );
  }
  const detected = counted.length - survivors.length;
  const { share, low, high } = scoreOf(detected, counted.length);
  lines.push(
    "",
    `score ${percent(share)}, 95% interval ${percent(low)} to ${percent(high)} (${detected} of ${counted.length} mutants noticed); ` +
      `lower end must be at least ${percent(LEAST)}`,
  );
  return { lines, isEnough: low >= LEAST };
}
