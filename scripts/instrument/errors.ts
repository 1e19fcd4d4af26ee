/** Base of what the instruments refuse on purpose. */
export class InstrumentError extends Error {
  override name = "InstrumentError";
}

/** The compiler does not take the sources as they are, or says something of them that the instruments do not expect. */
export class AnalysisError extends InstrumentError {
  override name = "AnalysisError";
}

/** Two changes of a text cross each other: one must lie within the other, or beside it. */
export class EditError extends InstrumentError {
  override name = "EditError";
}

/** A build, or a process that runs tests, ended in another way than it should. */
export class RunError extends InstrumentError {
  override name = "RunError";
}

/** A value of an option that cannot be used. */
export class OptionError extends InstrumentError {
  override name = "OptionError";
  readonly option: string;
  readonly value: string;

  constructor(option: string, value: string, expected: string) {
    super(`${option} "${value}": ${expected}`);
    this.option = option;
    this.value = value;
  }
}

/** A list of what is excused is not right. */
export class ListError extends InstrumentError {
  override name = "ListError";
}
