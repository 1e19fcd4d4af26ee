/** The fork could not be prepared: exit code 1. */
export class ForkError extends Error {
  override name = "ForkError";
}
