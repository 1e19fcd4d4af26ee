// Runs checks in processes of their own, two at a time, each answer within a time limit from outside.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { root } from "../ci/process.mjs";

/** A solver takes a processor and up to a gigabyte; more than two at once help nobody's machine. */
const PROCESSES = Math.min(2, availableParallelism());
const LIMIT_SECONDS = 200;
const CHECKER = fileURLToPath(new URL("./check.mjs", import.meta.url));

const running = new Set();

/** Ends what is under way. */
export function stopAll() {
  for (const child of running) child.kill("SIGKILL");
}

/**
 * Checks sources one after the other in one process. A process that dies or gives no answer in time fails the source that
 * it was at and those behind it.
 *
 * @param {{ path: string, source: string }[]} sources
 * @returns {Promise<{ engine?: string, proved: string[], unknown: string[], others: number, refuted: string[],
 *   failures: string[], seconds: number }[]>} one result for each source
 */
export function checkInChild(sources) {
  const child = fork(CHECKER, { cwd: root, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  running.add(child);
  const results = sources.map(() => ({ proved: [], unknown: [], others: 0, refuted: [], failures: [], seconds: 0 }));
  return new Promise((resolve) => {
    let started = performance.now();
    let at = 0;
    let complaint = "";
    let isLate = false;
    let timer;
    const restart = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isLate = true;
        child.kill("SIGKILL");
      }, LIMIT_SECONDS * 1000);
    };
    restart();
    child.stderr.on("data", (data) => (complaint += data));
    child.on("message", ({ file, id, proof, refutation, isDone }) => {
      restart();
      const result = results[at];
      if (file) Object.assign(result, file);
      if (proof?.isProved) result.proved.push(id);
      else if (proof && !proof.isViolated) result.unknown.push(id);
      if (refutation?.refuted) result.refuted.push(id);
      result.failures.push(...(proof?.failures ?? refutation?.failures ?? []));
      if (!isDone) return;
      result.seconds = (performance.now() - started) / 1000;
      started = performance.now();
      at++;
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      const cause = isLate
        ? `no answer within ${LIMIT_SECONDS} s`
        : `the checker ended with ${code}: ${complaint.trim()}`;
      for (const result of results.slice(at)) result.failures.push(cause);
      resolve(results);
    });
    child.send(sources);
  });
}

/** Works through a list, as many at a time as there may be processes. */
export async function inParallel(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
}
