import { ETH_MARKET, MarketClass, RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import type { ClassTerms } from "../../../deploy/modules/defaults.ts";
import type { ClassName } from "../../crashes/data.ts";
import { Budget } from "./constants.ts";

/** How those behave whom no contract rules. */
export interface Bidders {
  /** Seconds after a price in which nobody bids. */
  readonly delay: number;
  /** What taking over a position costs a bidder, basis points of its notional: for less he does not bid. */
  readonly cost: number;
}

/** Money that stands behind the market, units of the settlement asset. */
export interface Capital {
  readonly reserve: number;
  readonly junior: number;
  readonly senior: number;
  readonly reinsurance: number;
}

/** Everything that one path depends on beside its prices and its book. Plain data: it is sent to worker threads. */
export interface StressParameters {
  readonly terms: ClassTerms;
  /** Growth of mmr per million units of notional, 1e-6. */
  readonly addOn: number;
  /** Open interest that the market is listed with at most, units of base. */
  readonly listedCap: number;
  /** Draw budget of the market's class, basis points. */
  readonly classBudget: number;
  /** Whether that budget is the one that losses without weight are charged to (FND-02). */
  readonly isTail: boolean;
  readonly bidders: Bidders;
  readonly capital: Capital;
}

const CLASSES: Readonly<Record<ClassName, { readonly index: number; readonly budget: number }>> = {
  major: { index: MarketClass.Major, budget: Budget.major },
  mid: { index: MarketClass.Mid, budget: Budget.mid },
  tail: { index: MarketClass.Tail, budget: Budget.tail },
};

export const BIDDERS: Bidders = { delay: 300, cost: 20 };

/** The deployment's defaults for a class, listed as ETH is but for the class, with what the caller decides. */
export function parametersOf(marketClass: ClassName, given: { capital: Capital; bidders?: Bidders }): StressParameters {
  const { budget, index } = CLASSES[marketClass];
  const terms = RISK_PARAMETERS[index];
  if (terms === undefined) throw new RangeError(`no parameters of class ${marketClass}`);
  return {
    terms,
    addOn: ETH_MARKET.addOn,
    listedCap: Number(ETH_MARKET.cap) / 1e18,
    classBudget: budget,
    isTail: index === MarketClass.Tail,
    bidders: given.bidders ?? BIDDERS,
    capital: given.capital,
  };
}
