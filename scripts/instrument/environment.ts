import { InstrumentError } from "./errors.ts";

/*
 * What a command tells the Hardhat process that it starts.
 */

/** Folder of artifacts, cache and everything else that the build makes, from the project's root. */
export const FOLDER = "BULWARK_INSTRUMENT_FOLDER";
/** File with the rewritten sources. */
export const CHANGES = "BULWARK_INSTRUMENT_CHANGES";
/** Set when the simulator shall report numbers. */
export const LISTEN = "BULWARK_INSTRUMENT_LISTEN";

export const isListening = () => process.env[LISTEN] !== undefined;

export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new InstrumentError(`the environment variable ${name} is not set`);
  return value;
}
