/** The bench could not be run to its end: exit code 1. */
export class BenchError extends Error {
  override name = "BenchError";
}
