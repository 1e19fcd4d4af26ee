import { InstrumentError } from "./errors.ts";

/*
 * What a command tells the Hardhat process that it starts.
 */

/** Folder of artifacts, cache and everything else that the build makes, from the project's root. */
export const FOLDER = "BULWARK_INSTRUMENT_FOLDER";
/** File with the rewritten sources. */
export const CHANGES = "BULWARK_INSTRUMENT_CHANGES";
/** File to which the numbers that were reported are written. */
export const REPORTS = "BULWARK_INSTRUMENT_REPORTS";

export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new InstrumentError(`the environment variable ${name} is not set`);
  return value;
}
