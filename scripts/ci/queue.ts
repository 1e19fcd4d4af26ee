// Jobs that run beside each other and print one after the other.

export interface Output {
  readonly line: (text: string) => void;
  /** Nothing more comes. */
  readonly end: () => void;
}

interface Announced {
  readonly held: string[];
  hasEnded: boolean;
}

/**
 * Prints the lines of jobs in the order in which the jobs were announced: those of the first that has not ended at once, those of the others
 * when their turn comes.
 * @returns announces a job
 */
export function inOrder(print: (line: string) => void): () => Output {
  const jobs: Announced[] = [];
  const flush = () => {
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      job.held.splice(0).forEach(print);
      if (!job.hasEnded) return;
      jobs.shift();
    }
  };
  return () => {
    const job: Announced = { held: [], hasEnded: false };
    jobs.push(job);
    return {
      line: (text) => {
        job.held.push(text);
        flush();
      },
      end: () => {
        job.hasEnded = true;
        flush();
      },
    };
  };
}

/** So many at a time: whichever lane is free takes the next job. */
export async function inLanes(jobs: readonly (() => Promise<void>)[], lanes: number): Promise<void> {
  const waiting = [...jobs];
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
