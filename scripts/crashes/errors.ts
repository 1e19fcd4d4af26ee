import { InputError, ReplayError } from "../replay/errors.ts";

/** A figure in the recorded data that cannot be meant. */
export class CrashDataError extends InputError {
  override name = "CrashDataError";
  readonly crash: string;

  constructor(crash: string, problem: string) {
    super(`recorded crash "${crash}": ${problem}`);
    this.crash = crash;
  }
}

/** The books of a run do not add up. */
export class BooksError extends ReplayError {
  override name = "BooksError";
}
