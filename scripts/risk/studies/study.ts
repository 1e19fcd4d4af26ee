import type { PathModel } from "../paths/models.ts";
import type { StressOptions } from "../options.ts";
import type { RollingResult } from "../forecast/rolling.ts";
import type { Prediction } from "./predictor.ts";
import type { MapPoint } from "./pressure.ts";
import type { ReverseStress } from "./reverse.ts";
import type { Sensitivity } from "./sensitivity.ts";
import type { Simulation } from "./simulation.ts";
import type { Proposal } from "./steward.ts";
import type { WindowResult } from "./windows.ts";

/** How fast the paths were walked. */
export interface Throughput {
  readonly paths: number;
  readonly seconds: number;
  readonly threads: number;
  /** Accounts times hours times paths, by the second. */
  readonly accountHours: number;
}

/** What was simulated before and after the proposals, on the same draws. */
export interface Verification {
  readonly before: Simulation;
  readonly after: Simulation;
}

/** Everything that the command finds out. */
export interface Study {
  readonly options: StressOptions;
  readonly asset: string;
  readonly source: string;
  readonly hoursRecorded: number;
  /** A year, at the start of every path. */
  readonly volatility: number;
  readonly openInterest: number;
  readonly target: number;
  readonly models: readonly PathModel[];
  readonly simulations: readonly Simulation[];
  readonly throughput: Throughput;
  readonly windows: readonly WindowResult[];
  readonly backtests: readonly RollingResult[];
  readonly reverse: readonly ReverseStress[];
  readonly sensitivities: readonly Sensitivity[];
  readonly prediction: Prediction;
  readonly map: readonly MapPoint[];
  readonly proposals: readonly Proposal[];
  readonly verification: Verification | undefined;
}
