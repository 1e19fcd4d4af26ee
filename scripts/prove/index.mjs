// Proves every file of test/proofs, each in a process of its own with a time limit from outside.
import { fork } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../ci/process.mjs";
import { SELF_TESTS } from "./selftest.mjs";

const LIMIT_SECONDS = 240;
const CHECKER = fileURLToPath(new URL("./check.mjs", import.meta.url));

/** @returns {Promise<{ engine?: string, assertions: number, others: number, failures: string[], seconds: number }>} */
function proveInChild(path, source) {
  const started = performance.now();
  const child = fork(CHECKER, { cwd: root, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  return new Promise((resolve) => {
    let verdict = { assertions: 0, others: 0, failures: [] };
    let complaint = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, LIMIT_SECONDS * 1000);
    child.stderr.on("data", (data) => (complaint += data));
    child.on("message", (message) => (verdict = message));
    child.on("close", (code) => {
      clearTimeout(timer);
      if (isLate) verdict.failures.push(`not proved within ${LIMIT_SECONDS} s`);
      else if (code !== 0) verdict.failures.push(`the checker ended with exit code ${code}: ${complaint.trim()}`);
      else if (verdict.assertions === 0 && verdict.failures.length === 0) verdict.failures.push("nothing was proved");
      resolve({ ...verdict, seconds: (performance.now() - started) / 1000 });
    });
    child.send({ path, source });
  });
}

/** Works through a list, as many at a time as there are processors. */
async function inParallel(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

let failed = 0;

await inParallel(SELF_TESTS, async ([name, source, expected]) => {
  const { failures } = await proveInChild("test/proofs/SelfTest.sol", source);
  const isRight = expected === undefined ? failures.length === 0 : failures.some((text) => text.includes(expected));
  if (isRight) return;
  failed++;
  console.log(`FAIL self-test "${name}": wanted ${expected ?? "a proof"}, got ${JSON.stringify(failures)}`);
});
if (failed === 0) console.log(`ok   the prover refuses what is false (${SELF_TESTS.length} self-tests)`);

const paths = globSync("test/proofs/**/*.sol", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .sort();
const sum = { assertions: 0, others: 0 };

await inParallel(paths, async (path) => {
  const { engine, assertions, others, failures, seconds } = await proveInChild(
    path,
    readFileSync(join(root, path), "utf8"),
  );
  sum.assertions += assertions;
  sum.others += others;
  const isProved = failures.length === 0;
  if (!isProved) failed++;
  const counts = `${assertions} assertions and ${others} arithmetic checks proved`;
  console.log(`${isProved ? "ok  " : "FAIL"} ${path} (${engine ?? "no engine"}, ${seconds.toFixed(1)} s): ${counts}`);
  for (const text of failures) console.log(text.replace(/^/gm, "     "));
});

if (paths.length === 0) {
  failed++;
  console.log("FAIL there is no proof in test/proofs");
}
console.log(`prove: ${sum.assertions} assertions and ${sum.others} arithmetic checks proved, ${failed} failures`);
process.exitCode = failed === 0 ? 0 : 1;
