import { BUDGETS, FEED_RULES, HOUSE_SETTINGS } from "../../../deploy/modules/defaults.ts";
import * as auction from "../../../sdk/math/AuctionMath.ts";
import * as margin from "../../../sdk/math/MarginMath.ts";
import * as reserve from "../../../sdk/math/ReserveMath.ts";
import * as risk from "../../../sdk/math/RiskMath.ts";
import { BPS_ONE, RATE_ONE, RATIO_ONE } from "../../../sdk/math/constants.ts";
import * as volatility from "../../../sdk/math/VolatilityMath.ts";

/*
 * The constants of the twins as floating-point numbers, so that none stands in two places. Those of the engine's clock have no twin and
 * are compared with the chain by test/typescript/stress/chain.test.ts.
 */

const fromWad = (amount: bigint): number => Number(amount) / 1e18;

export const Auction = {
  startRate: fromWad(auction.START_RATE),
  kneeRate: fromWad(auction.KNEE_RATE),
  maxRate: fromWad(auction.MAX_RATE),
  kneeSeconds: Number(auction.KNEE_SECONDS),
  endSeconds: Number(auction.END_SECONDS),
  gapShare: fromWad(auction.GAP_SHARE),
  /** tau. */
  targetRatio: 1.15,
  /** Live seconds after which every account that nobody bids for may be deleveraged, solvent or not. */
  timeout: 1_200,
} as const;

export const Margin = {
  rateOne: Number(RATE_ONE),
  risePerHour: Number(margin.RISE_PER_HOUR),
  fallPerHour: Number(margin.FALL_PER_HOUR),
  /** MM grows by this times the square of the notional and the add-on. */
  addOnUnit: 1e18 / Number(margin.ADD_ON_SCALE),
  least: fromWad(HOUSE_SETTINGS.minMaintenanceMargin),
} as const;

export const Reserve = {
  horizon: Number(reserve.HORIZON),
  quantile: fromWad(reserve.QUANTILE),
  oneOf: Number(reserve.ONE_OF),
} as const;

export const Risk = {
  minVariance: Number(risk.MIN_VARIANCE),
  kink: fromWad(risk.KINK),
  steepest: fromWad(risk.STEEPEST),
  maxGapRate: Number(risk.MAX_GAP_RATE),
  gapRateOne: 1e15,
  minPenalty: Number(risk.MIN_PENALTY_RATE),
  maxPenalty: Number(risk.MAX_PENALTY_RATE),
  penaltyStep: Number(risk.PENALTY_STEP),
  maxRatio: Number(risk.MAX_RATIO),
  ratioOne: Number(RATIO_ONE),
  maxCredit: Number(risk.MAX_CREDIT),
  riseTime: Number(risk.RISE_TIME),
  fallTime: Number(risk.FALL_TIME),
} as const;

export const Volatility = {
  grid: Number(volatility.GRID),
  fastTime: Number(volatility.FAST_TIME),
  slowTime: Number(volatility.SLOW_TIME),
  maxWeightTime: Number(volatility.MAX_WEIGHT_TIME),
  averageTime: Number(volatility.AVERAGE_TIME),
  highest: 2 ** 64,
  /** Variance per second of a feed counts at least so much, in units of 1e-18. */
  floor: Number(volatility.fromAnnualUp(FEED_RULES.volatilityFloor)),
} as const;

export const Budget = { ...BUDGETS, period: 86_400, rewardPeriod: 7 * 86_400 } as const;
export const BPS = Number(BPS_ONE);
export const HOUR = 3_600;
/** One unit of variance: the chain keeps whole multiples of 1e-18 a second. */
export const VARIANCE_ONE = 1e18;
/** Seconds of a year, as the twins count them. */
export const YEAR = 365 * 86_400;
