import { FEED_RULES, RISK_PARAMETERS } from "../../deploy/modules/defaults.ts";
import { scaleUp } from "../../sdk/math/ReserveMath.ts";
import { gapRateUp, maintenanceTargetUp, MIN_VARIANCE } from "../../sdk/math/RiskMath.ts";
import { fromAnnualUp } from "../../sdk/math/VolatilityMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import type { ClassName } from "./data.ts";
import { marketOf } from "./module.ts";
import type { CrashResult } from "./run.ts";

const YEAR = 365n * 86_400n;
const GAP_RATE_ONE = 10n ** 15n;
/** Volatilities a year at which the premium of a calm market is told: the floor of every feed, and twice as much. WAD. */
export const CALM = [FEED_RULES.volatilityFloor, 2n * FEED_RULES.volatilityFloor] as const;

/** What one crash took from the fund beyond what came in without the gap premium, WAD: this is what the premium has to carry. */
export function drainOf({ badDebt, reward, inflow }: CrashResult): bigint {
  return badDebt + reward - inflow.penalties - inflow.fees - inflow.cover;
}

/**
 * What both sides pay in a calm year as a part of one side's open interest, WAD (FND-02): the plain premium, without the surcharge
 * near the cap, mmr where risk control puts it.
 * @param volatility a year, WAD
 */
export function calmPremium(marketClass: ClassName, volatility: bigint): bigint {
  const parameters = RISK_PARAMETERS[marketOf(marketClass).class];
  if (!parameters) throw new RangeError(`no parameters of class ${marketClass}`);
  const variance = fromAnnualUp(volatility);
  const bounds = { floor: BigInt(parameters.maintenanceFloor), cap: BigInt(parameters.maintenanceCap) };
  const rate = gapRateUp({
    scale: scaleUp(variance, variance, MIN_VARIANCE),
    rate: maintenanceTargetUp(variance, BigInt(parameters.deviations), bounds),
    chargedShare: BigInt(parameters.chargedShare),
    loading: BigInt(parameters.loading),
    multiple: WAD,
  });
  return (2n * rate * YEAR * WAD) / GAP_RATE_ONE;
}

/** Years of calm premium that pay the drain of a crash, by volatility; undefined where nothing was drained or nobody traded. */
export function yearsToPay(result: CrashResult): readonly number[] | undefined {
  const drain = drainOf(result);
  if (drain <= 0n || result.openInterest === 0n) return undefined;
  return CALM.map((volatility) =>
    ratio(drain * WAD, calmPremium(result.marketClass, volatility) * result.openInterest),
  );
}

/** Several crashes of one asset against what calm years between the first and the last bring, parts of open interest. */
export interface Span {
  readonly asset: string;
  readonly crashes: number;
  readonly years: number;
  /** Sum of what each crash drained, of its open interest. */
  readonly drained: number;
  /** Premium within the crashes, of the open interest. */
  readonly within: number;
  /** Premium of the whole time at each volatility of CALM. */
  readonly calm: readonly number[];
}

/** @param results all with risk control, or all without */
export function spans(results: readonly CrashResult[]): readonly Span[] {
  const assets = [...new Set(results.map(({ asset }) => asset))];
  return assets.flatMap((asset): Span[] => {
    const own = results.filter((result) => result.asset === asset && result.openInterest > 0n);
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last || own.length < 2) return [];
    const seconds = (last.levels.at(-1)?.time ?? 0) - (first.levels[0]?.time ?? 0);
    const years = seconds / Number(YEAR);
    const sum = (of: (result: CrashResult) => bigint) =>
      own.reduce((total, result) => total + ratio(of(result), result.openInterest), 0);
    return [
      {
        asset,
        crashes: own.length,
        years,
        drained: sum(drainOf),
        within: sum(({ inflow }) => inflow.gapPremium),
        calm: CALM.map((volatility) => years * ratio(calmPremium(first.marketClass, volatility), WAD)),
      },
    ];
  });
}

/** A quotient for reading. */
export function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000;
}
