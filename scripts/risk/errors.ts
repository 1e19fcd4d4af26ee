import { InputError, ReplayError } from "../replay/errors.ts";

/** Recorded prices that cannot be used. */
export class SeriesError extends InputError {
  override name = "SeriesError";
  readonly series: string;

  constructor(series: string, problem: string) {
    super(`series "${series}": ${problem}`);
    this.series = series;
  }
}

/** A statistic was asked of too little. */
export class SampleError extends ReplayError {
  override name = "SampleError";
  readonly size: number;

  constructor(statistic: string, size: number, least: number) {
    super(`${statistic} needs at least ${least} values and got ${size}`);
    this.size = size;
  }
}

/** A worker thread ended before its paths were done. */
export class WorkerError extends ReplayError {
  override name = "WorkerError";
}
