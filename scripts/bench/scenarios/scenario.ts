import type { World } from "../world.ts";

/** Takes down what a mined transaction, given by its hash, or a call inside one, given by its gas, has cost. */
export type Recorder = (key: string, measured: string | number) => Promise<void>;

/** A stretch of the chain's life that ends with transactions to be measured. It starts from the freshly deployed system. */
export interface Scenario {
  /** Operations that it measures. */
  readonly keys: readonly string[];
  readonly run: (world: World, record: Recorder) => Promise<void>;
}
