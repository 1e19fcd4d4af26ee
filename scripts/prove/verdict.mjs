// Reading the SMT checker's answers.

const PROVED = /^(?:BMC|CHC): (.+?) check is safe!/;
/** Not an answer about a target: an invariant that the solver found on the way. */
const REMARK = /^(?:BMC|CHC): (?:Contract invariant|Reentrancy propert)|^Contract invariant|^Reentrancy propert/;
const FROM_CHECKER = /^(?:BMC|CHC)\b|SMTChecker|SMT solver|[Hh]orn solver/;
/** What the checker says about itself. A feature that it does not know it takes to do anything, so proofs stay proofs. */
const HARMLESS = [/engine of the SMTChecker is deprecated/, /^SMTChecker: \d+ unsupported language feature/];

/**
 * @param {{ severity: string, message: string, formattedMessage?: string,
 *   sourceLocation?: { file: string, start: number } }[]} diagnostics
 * @returns {{ assertions: number, others: number, assertionSites: Set<string>, failures: string[] }}
 */
export function readVerdict(diagnostics) {
  const proved = new Map();
  const assertionSites = new Set();
  const failures = [];
  for (const { severity, message, formattedMessage, sourceLocation: at } of diagnostics) {
    const safe = PROVED.exec(message);
    if (safe) {
      const site = `${at?.file}:${at?.start}`;
      proved.set(`${safe[1]} ${site}`, safe[1]);
      if (safe[1].startsWith("Assertion")) assertionSites.add(site);
    } else if (severity === "error" || isFailure(message)) {
      failures.push((formattedMessage ?? message).trim());
    }
  }
  const kinds = [...proved.values()];
  const assertions = kinds.filter((kind) => kind.startsWith("Assertion")).length;
  return { assertions, others: kinds.length - assertions, assertionSites, failures };
}

/** Whatever else the checker says (violated, unproved, no solver) is no proof. */
function isFailure(message) {
  return FROM_CHECKER.test(message) && ![REMARK, ...HARMLESS].some((pattern) => pattern.test(message));
}
