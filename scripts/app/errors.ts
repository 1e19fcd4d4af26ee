/** Base of what `npm run app` refuses on purpose. */
export class AppCommandError extends Error {
  override name = "AppCommandError";
}

/** A wrong option: the command ends with exit code 2. */
export class OptionError extends AppCommandError {
  override name = "OptionError";
}

/** One of the programs that the page needs did not start. */
export class StartError extends AppCommandError {
  override name = "StartError";
}
