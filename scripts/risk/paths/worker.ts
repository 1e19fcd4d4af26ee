// One thread of a pool: is given a job, then pieces of it.
import { parentPort } from "node:worker_threads";

import type { Task } from "./Pool.ts";
import { walker } from "./simulate.ts";

let walk: ReturnType<typeof walker> | undefined;
let rows = new Float64Array() as Float64Array<ArrayBufferLike>;

parentPort?.on("message", (task: Task) => {
  if (task.kind === "job") {
    walk = walker(task.job);
    rows = new Float64Array(task.buffer);
    return;
  }
  walk?.(task.first, task.count, rows);
  parentPort?.postMessage(task.count);
});
