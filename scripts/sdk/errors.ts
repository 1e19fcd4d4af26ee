/** Base of what the commands about the package refuse on purpose. */
export class SdkCommandError extends Error {
  override name = "SdkCommandError";
}

/** The package cannot be built from what is there. */
export class BuildError extends SdkCommandError {
  override name = "BuildError";
}

/** A wrong option: the command ends with exit code 2. */
export class OptionError extends SdkCommandError {
  override name = "OptionError";
}

/** The package did not do what its README says. */
export class CheckError extends SdkCommandError {
  override name = "CheckError";
}

/** There is no browser to run the package in. */
export class NoBrowserError extends SdkCommandError {
  override name = "NoBrowserError";

  constructor(tried: readonly string[]) {
    super(
      `there is no browser among ${tried.join(", ")}; install Chromium, name one with --browser, or leave this part out with --no-browser`,
    );
  }
}
