// Proves every file of test/proofs and refutes the bug planted beside each property. Names of files choose among them:
// `npm run prove -- Waterfall Margin`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../ci/process.mjs";
import { checkInChild, inParallel, stopAll } from "./pool.mjs";
import { readProof, repeatedIds } from "./properties.mjs";
import { proofFiles } from "./table.mjs";
import { SELF_TESTS, wrongReadings } from "./selftest.mjs";

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => {
    stopAll();
    process.exit(code);
  });
}

const sum = { proved: 0, refuted: 0, unknown: 0, others: 0, failed: 0 };
const complain = (texts) => {
  for (const text of texts) console.log(text.replace(/^/gm, "     "));
};

async function runSelfTests() {
  const results = await checkInChild(SELF_TESTS.map(([, source]) => ({ path: "test/proofs/SelfTest.sol", source })));
  const wrong = SELF_TESTS.flatMap(([name, , expected], index) => {
    const { failures } = results[index];
    const isRight = expected === undefined ? failures.length === 0 : failures.some((text) => text.includes(expected));
    return isRight ? [] : [`self-test "${name}": wanted ${expected ?? "a proof"}, got ${JSON.stringify(failures)}`];
  });
  wrong.push(...wrongReadings());
  sum.failed += wrong.length;
  console.log(
    `${wrong.length === 0 ? "ok  " : "FAIL"} the prover refuses what is false (${SELF_TESTS.length} self-tests)`,
  );
  complain(wrong);
}

async function proveFile([path, { source, properties }]) {
  const [result] = await checkInChild([{ path, source }]);
  const { engine, proved, unknown, others, refuted, failures, seconds } = result;
  const open = properties.length - proved.length;
  sum.proved += proved.length;
  sum.refuted += refuted.length;
  sum.unknown += unknown.length;
  sum.others += others;
  const isWhole = failures.length === 0 && open === 0 && refuted.length === properties.length;
  if (!isWhole) sum.failed++;
  const counts = `${proved.length} of ${properties.length} proved, ${refuted.length} refuted as planted`;
  const arithmetic = others > 0 ? `, ${others} arithmetic checks` : "";
  console.log(
    `${isWhole ? "ok  " : "FAIL"} ${path} (${engine ?? "no engine"}, ${seconds.toFixed(1)} s): ${counts}${arithmetic}`,
  );
  complain(failures);
}

/** Files that take most of the time; `--quick` leaves them out, and says so. */
const DEAR = [/\/models\//, /\/Side\./, /\/Slot\./, /\/WaterfallPart\./];

const isQuick = process.argv.includes("--quick");
const filters = process.argv
  .slice(2)
  .filter((text) => text !== "--quick")
  .map((text) => text.toLowerCase());
const isLeftOut = (path) => isQuick && DEAR.some((name) => name.test(path));
const found = proofFiles(filters);
if (isQuick) console.log(`left out by --quick: ${found.filter(isLeftOut).join(", ")}`);
const proofs = found
  .filter((path) => !isLeftOut(path))
  .map((path) => {
    const source = readFileSync(join(root, path), "utf8");
    return [path, { source, ...readProof(source) }];
  });

const started = performance.now();
if (proofs.length === 0) {
  sum.failed++;
  console.log(`FAIL no proof in test/proofs ${filters.length > 0 ? `has ${filters.join(" or ")} in its name` : ""}`);
}
const repeated = repeatedIds(proofs);
sum.failed += repeated.length;
complain(repeated.map((text) => `FAIL ${text}`));
await inParallel([runSelfTests, ...proofs.map((proof) => () => proveFile(proof))], (work) => work());

const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`prove: ${proofs.length} files, ${sum.others} arithmetic checks, ${sum.failed} failures, ${seconds} s`);
console.log(`${sum.proved} proved, ${sum.refuted} refuted as planted, ${sum.unknown} unknown`);
process.exitCode = sum.failed === 0 && sum.unknown === 0 ? 0 : 1;
