/** Base of what the replay refuses on purpose. */
export class ReplayError extends Error {
  override name = "ReplayError";
}

/** A wrong option or input file: the command ends with exit code 2. */
export class InputError extends ReplayError {
  override name = "InputError";
}

/** A value of an option that cannot be used. */
export class OptionError extends InputError {
  override name = "OptionError";
  readonly option: string;
  readonly value: string;

  constructor(option: string, value: string, expected: string) {
    super(`${option} "${value}": ${expected}`);
    this.option = option;
    this.value = value;
  }
}

/** A price file that cannot be used; `line` counts from 1, 0 stands for the file as a whole. */
export class PriceFileError extends InputError {
  override name = "PriceFileError";
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(line === 0 ? `price file "${file}": ${problem}` : `price file "${file}", line ${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}

/** The chain answered with something that the replay does not understand. */
export class ChainError extends ReplayError {
  override name = "ChainError";
}
