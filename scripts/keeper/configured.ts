import { OptionError } from "./errors.ts";

/** A value of hardhat.config.ts: what Hardhat says of one that is missing or wrong is said in its first line, and never the value. */
export async function configured<T>(value: () => Promise<T>): Promise<T> {
  try {
    return await value();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "HardhatError") throw error;
    throw new OptionError(error.message.split("\n")[0] ?? error.message);
  }
}
