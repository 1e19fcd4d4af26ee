import { Fund } from "../kernel/Fund.ts";
import type { Start } from "../kernel/Kernel.ts";
import { Observations } from "../kernel/Observations.ts";
import type { StressParameters } from "../kernel/parameters.ts";
import { RiskControl } from "../kernel/RiskControl.ts";

/** Open interest of one side and FND-03's target for it, units of the settlement asset, before the first hour. */
export function sizeOf(parameters: StressParameters, start: Start): { openInterest: number; target: number } {
  const base = start.longs.base.reduce((sum, each) => sum + each, 0);
  const seen = new Observations();
  seen.load(start.observed);
  const control = new RiskControl(parameters);
  control.load(start.controlled);
  const fund = new Fund(parameters);
  fund.reset();
  control.sync(seen, start.observed.readAt, base, fund.resourcesAt(start.observed.readAt));
  return { openInterest: base * seen.price, target: control.target };
}
