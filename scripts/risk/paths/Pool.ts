import { Worker } from "node:worker_threads";

import { WorkerError } from "../errors.ts";
import { COLUMNS } from "../kernel/Kernel.ts";
import { Outcomes } from "./simulate.ts";
import type { Job } from "./simulate.ts";

/** What a thread is told. */
export type Task =
  | { readonly kind: "job"; readonly job: Job; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "piece"; readonly first: number; readonly count: number };

/** Paths of one piece: large enough that messages cost nothing, small enough that threads end together. */
const PIECE = 250;

/** Threads that walk paths. What a path comes to does not depend on how many there are. */
export class Pool {
  readonly #workers: Worker[];

  constructor(threads: number) {
    const entry = new URL("./worker.ts", import.meta.url);
    this.#workers = Array.from({ length: threads }, () => new Worker(entry));
  }

  get threads(): number {
    return this.#workers.length;
  }

  /** One job after the other. */
  async run(job: Job, onProgress: (done: number) => void = () => undefined): Promise<Outcomes> {
    const buffer = new SharedArrayBuffer(job.paths * COLUMNS.length * Float64Array.BYTES_PER_ELEMENT);
    let [next, done] = [0, 0];
    const take = (): Task | undefined => {
      if (next >= job.paths) return undefined;
      const task = { kind: "piece", first: next, count: Math.min(PIECE, job.paths - next) } as const;
      next += task.count;
      return task;
    };
    const progress = (count: number) => onProgress((done += count));
    await Promise.all(this.#workers.map((worker) => serve(worker, { kind: "job", job, buffer }, take, progress)));
    return new Outcomes(new Float64Array(buffer));
  }

  /** Ends all threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** Hands pieces to one thread until there are none. */
function serve(
  worker: Worker,
  job: Task,
  take: () => Task | undefined,
  onDone: (count: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      settle();
    };
    const onError = (cause: Error) =>
      end(() => reject(new WorkerError(`a worker thread failed: ${cause.message}`, { cause })));
    const onExit = (code: number) => end(() => reject(new WorkerError(`a worker thread ended with code ${code}`)));
    const give = () => {
      const task = take();
      if (task === undefined) end(resolve);
      else worker.postMessage(task);
    };
    const onMessage = (count: number) => {
      onDone(count);
      give();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
    give();
  });
}
