// Reading the counts that Hardhat's two test runners print, and adding them up.

/** The last `N passing` (or failing, pending ...) of an output: runners print their summary at the end. */
function lastCount(output, word) {
  const matches = [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))];
  return Number(matches.at(-1)?.[1] ?? 0);
}

/** So many lines say which tests failed, and how. */
const FAILURE_LINES = 40;

/** What a runner says of its failed tests, at the end of its output. */
function failuresIn(output) {
  const lines = output.split("\n");
  const start = lines.findLastIndex((line) => /^\s*\d+ failing\b/.test(line));
  if (start < 0) return [];
  return lines.slice(start + 1, start + 1 + FAILURE_LINES).filter((line) => line.trim() !== "");
}

/**
 * What a run of one test runner amounts to. A run that ended badly without naming a failed test (a contract that does
 * not compile, a crash) and a run in which no test was executed each count as one failure.
 *
 * @param {{ runner: string, code: number, output: string }} result
 * @returns {{ passed: number, failed: number, skipped: number, problems: string[] }}
 */
export function countTests({ runner, code, output }) {
  const passed = lastCount(output, "passing");
  let failed = lastCount(output, "failing");
  const skipped = lastCount(output, "pending") + lastCount(output, "skipped");
  const problems = failed > 0 ? failuresIn(output) : [];
  if (passed + failed === 0) {
    problems.push(`the ${runner} runner executed no test`);
    failed = 1;
  } else if (code !== 0 && failed === 0) {
    problems.push(`the ${runner} runner ended with exit code ${code} although no test failed`);
    failed = 1;
  }
  return { passed, failed, skipped, problems };
}

/** The line that ends a run: exactly `N passed, N failed`. */
export const totalLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
