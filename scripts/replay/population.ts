import type { Random } from "./random.ts";

/** A trader as planned: what it deposits, which side it takes, how far it leans out, and when. */
export interface Plan {
  readonly isLong: boolean;
  /** Notional over margin balance at entry. */
  readonly leverage: number;
  /** What it deposits, in units of the settlement asset at the first price. */
  readonly deposit: number;
  /** Whether it deposits wrapped ether instead of the settlement asset: then fees make its cash negative (CLR-10). */
  readonly inEther: boolean;
  /** When it enters, as a part of the path's length. */
  readonly entry: number;
}

/** The share of longs: shorts are fewer and larger, as the buyers of leverage are many. */
const LONG_SHARE = 0.7;
/** This part enters with the first price, the rest through the first three quarters of the path. */
const FIRST_WAVE = 0.65;
const LAST_ENTRY = 0.75;
const SMALLEST = 1_500;
const LARGEST = 120_000;
/** Initial margin is a tenth of notional, so ten is the most that there is. */
const LEVERAGE = { long: [2, 10], short: [1.5, 6] } as const;
const ETHER_SHARE = 0.15;
/** Wrapped ether falls with a long's position: who posts it leans out less. */
const MOST_LEVERAGE_IN_ETHER = 4;
/** Shorts that enter first must be able to sell what longs that enter first buy. */
const SHORT_SPARE = 1.1;

/** Plans `count` traders; the same random source plans the same ones. */
export function planPopulation(count: number, random: Random): Plan[] {
  const longs = Math.round(count * LONG_SHARE);
  const plans = Array.from({ length: count }, (_, index) => {
    const plan = planTrader(index < longs, random);
    // One of each side enters first whatever chance says, so that there is a market.
    return index === 0 || index === longs ? { ...plan, entry: 0 } : plan;
  });
  return matchSides(plans).map((plan) => ({ ...plan, deposit: Math.round(plan.deposit * 100) / 100 }));
}

/** Notional that a plan stands for. */
export function notionalOf(plan: Plan): number {
  return plan.deposit * plan.leverage;
}

function planTrader(isLong: boolean, random: Random): Plan {
  const [low, high] = isLong ? LEVERAGE.long : LEVERAGE.short;
  const inEther = random.chance(ETHER_SHARE);
  const leverage = Math.min(random.logUniform(low, high), inEther ? MOST_LEVERAGE_IN_ETHER : high);
  const notional = random.logUniform(SMALLEST, LARGEST);
  const entry = random.chance(FIRST_WAVE) ? 0 : random.next() * LAST_ENTRY;
  return { isLong, leverage, deposit: notional / leverage, inEther, entry };
}

/** Scales the shorts of the first wave so that they can take the other side of its longs. */
function matchSides(plans: readonly Plan[]): Plan[] {
  const isFirst = (plan: Plan) => plan.entry === 0;
  const sum = (isLong: boolean) =>
    plans
      .filter((plan) => isFirst(plan) && plan.isLong === isLong)
      .reduce((total, plan) => total + notionalOf(plan), 0);
  const scale = (SHORT_SPARE * sum(true)) / sum(false);
  return plans.map((plan) => (plan.isLong || !isFirst(plan) ? plan : { ...plan, deposit: plan.deposit * scale }));
}
