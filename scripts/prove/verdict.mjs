// Reading the SMT checker's answers.

const PROVED = /^(?:BMC|CHC): (.+?) check is safe!/;
const VIOLATED = /^(?:BMC|CHC): Assertion violation happens here\./;
/** Not an answer about a target: an invariant that the solver found on the way. */
const REMARK = /^(?:BMC|CHC): (?:Contract invariant|Reentrancy propert)|^Contract invariant|^Reentrancy propert/;
const FROM_CHECKER = /^(?:BMC|CHC)\b|SMTChecker|SMT solver|[Hh]orn solver/;
/** What the checker says about itself. A feature that it does not know it takes to do anything, so proofs stay proofs. */
const HARMLESS = [/engine of the SMTChecker is deprecated/, /^SMTChecker: \d+ unsupported language feature/];

/**
 * @param {{ severity: string, message: string, formattedMessage?: string,
 *   sourceLocation?: { file: string, start: number } }[]} diagnostics
 * @returns {{ others: number, proved: Set<string>, violated: Set<string>, failures: string[] }}
 * `proved` and `violated` hold sites of assertions, `others` counts arithmetic checks, `failures` says what is no proof.
 */
export function readVerdict(diagnostics) {
  const proved = new Set();
  const violated = new Set();
  const others = new Set();
  const failures = [];
  for (const { severity, message, formattedMessage, sourceLocation: at } of diagnostics) {
    const site = `${at?.file}:${at?.start}`;
    const safe = PROVED.exec(message);
    if (safe?.[1].startsWith("Assertion")) proved.add(site);
    else if (safe) others.add(`${safe[1]} ${site}`);
    else if (severity === "error" || isFailure(message)) {
      if (VIOLATED.test(message)) violated.add(site);
      failures.push((formattedMessage ?? message).trim());
    }
  }
  return { others: others.size, proved, violated, failures };
}

/** Whatever else the checker says (violated, unproved, no solver) is no proof. */
function isFailure(message) {
  return FROM_CHECKER.test(message) && ![REMARK, ...HARMLESS].some((pattern) => pattern.test(message));
}
