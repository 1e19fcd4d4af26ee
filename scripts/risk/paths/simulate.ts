import { COLUMNS, Kernel } from "../kernel/Kernel.ts";
import type { Column, Start } from "../kernel/Kernel.ts";
import type { StressParameters } from "../kernel/parameters.ts";
import { fillPath } from "./models.ts";
import type { PathModel } from "./models.ts";
import { PathRandom } from "./PathRandom.ts";

/** Paths to walk. Plain data: it is sent to worker threads. */
export interface Job {
  readonly parameters: StressParameters;
  readonly start: Start;
  readonly model: PathModel;
  readonly seed: number;
  readonly paths: number;
  readonly hours: number;
}

/** What every path came to, one row for each. */
export class Outcomes {
  readonly paths: number;
  readonly rows: Float64Array<ArrayBufferLike>;

  /** @param rows as many as there are paths times COLUMNS */
  constructor(rows: Float64Array<ArrayBufferLike>) {
    this.rows = rows;
    this.paths = rows.length / COLUMNS.length;
  }

  column(name: Column): Float64Array {
    const offset = COLUMNS.indexOf(name);
    return Float64Array.from({ length: this.paths }, (_, path) => this.rows[path * COLUMNS.length + offset]!);
  }

  /**
   * What the reserve lost on a path, by what it paid less what came in: below 0 where it gained. Layers behind it and holders come on top.
   */
  fundLosses(): Float64Array {
    const [reserve, rewards] = [this.column("reserve"), this.column("rewards")];
    const [penalties, premiums] = [this.column("penalties"), this.column("premiums")];
    return reserve.map((paid, path) => paid + rewards[path]! - penalties[path]! - premiums[path]!);
  }

  /** What had to be paid by whom ever: shortfalls and rewards. */
  grossLosses(): Float64Array {
    const rewards = this.column("rewards");
    return this.column("shortfall").map((shortfall, path) => shortfall + rewards[path]!);
  }

  count(name: Column): number {
    return this.column(name).reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  }

  mean(name: Column): number {
    return this.column(name).reduce((sum, value) => sum + value, 0) / this.paths;
  }
}

/** Walks some of a job's paths, and writes their rows where they belong. */
export function walker(job: Job): (first: number, count: number, rows: Float64Array<ArrayBufferLike>) => void {
  const kernel = new Kernel(job.parameters, job.start);
  const random = new PathRandom();
  const path = new Float64Array(job.hours);
  const { price } = job.start.observed;
  return (first, count, rows) => {
    for (let index = first; index < first + count; index++) {
      random.start(job.seed, index);
      fillPath(job.model, random, price, path);
      kernel.run(path, rows.subarray(index * COLUMNS.length, (index + 1) * COLUMNS.length));
    }
  };
}

/** All paths on this thread: the same figures as on many. */
export function simulateHere(job: Job): Outcomes {
  const rows = new Float64Array(job.paths * COLUMNS.length);
  walker(job)(0, job.paths, rows);
  return new Outcomes(rows);
}
