import { RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { START_RATE, incomeDown, maxFractionUp, penaltyOf } from "../../../sdk/math/AuctionMath.ts";
import { initialMarginUp, initialRate, notionalUp, positionMarginUp } from "../../../sdk/math/MarginMath.ts";
import { HORIZON, expectedExcessUp, scaleUp } from "../../../sdk/math/ReserveMath.ts";
import { MIN_VARIANCE, gapRateUp, maintenanceTargetUp } from "../../../sdk/math/RiskMath.ts";
import { fromAnnualUp } from "../../../sdk/math/VolatilityMath.ts";
import { max, min, mulDivUp, mulWadDown, mulWadUp } from "../../../sdk/math/WadMath.ts";

/*
 * One owner who is long in one account and short as much in another (LIQ-08), hour by hour, in the mathematics of the contracts (the twins
 * equal the libraries to the wei). Prices follow the law that the fund is sized by (FND-03): Student's with four degrees of freedom.
 */

const GAP_RATE_ONE = 10n ** 15n;
const RATIO_ONE = 10n ** 9n;
const TARGET_RATIO = (WAD * 115n) / 100n;
const PENALTY = WAD / 10n;
/** Five basis points. */
const TAKER_FEE = (WAD * 5n) / 10_000n;
const UNITS = 100n * WAD;
const OPENING_PRICE = 200n * WAD;

/** What the owner does at the end of an hour, once everybody has seen the price. */
export interface Policy {
  readonly name: string;
  /** Whether he takes out what initial margin does not need. */
  readonly withdraws: boolean;
  /** He adds money up to so many times MM, WAD; 0 for never. */
  readonly refillsTo: bigint;
  /** Of the hours that take an account below MM, the part in which he has filled it up before any keeper bids. */
  readonly isFirstIn: number;
}

/** Two accounts as they stand: long and short by the same number of units. */
export interface Pair {
  readonly price: bigint;
  readonly units: bigint;
  readonly equity: readonly [bigint, bigint];
}

/** What one side of a market owes and needs at a volatility, as risk control sets it. */
export interface Terms {
  /** kappa of FND-03, WAD. */
  readonly scale: bigint;
  readonly maintenanceRate: bigint;
  /** 1e-15 per second and side. */
  readonly gapRate: bigint;
}

/**
 * Terms of class major with a fund that has all that it needs: the premium is not raised, margins are not doubled.
 * @param chargedShare u of FND-02, basis points; the one that deployments begin with unless given
 */
export function termsAt(volatility: bigint, chargedShare?: bigint): Terms {
  const parameters = RISK_PARAMETERS[0];
  if (!parameters) throw new RangeError("there are no parameters of class major");
  const variance = fromAnnualUp(volatility);
  const bounds = { floor: BigInt(parameters.maintenanceFloor), cap: BigInt(parameters.maintenanceCap) };
  const scale = scaleUp(variance, variance, MIN_VARIANCE);
  const maintenanceRate = maintenanceTargetUp(variance, BigInt(parameters.deviations), bounds);
  const gapRate = gapRateUp({
    scale,
    rate: maintenanceRate,
    chargedShare: chargedShare ?? BigInt(parameters.chargedShare),
    loading: BigInt(parameters.loading),
    multiple: WAD,
  });
  return { scale, maintenanceRate, gapRate };
}

/** What came of a stretch of time, parts of notional times hours, WAD: draws are what the owner may expect of the fund in each hour. */
export interface Tally {
  hours: number;
  notional: bigint;
  draws: bigint;
  premium: bigint;
  penalties: bigint;
  income: bigint;
  fees: bigint;
  /** What accounts really were below zero; `draws` is its expectation, hour by hour. */
  shortfalls: bigint;
}

/** Both accounts. Draws come in as their expectation, given what the accounts hold: the rare hour that pays would drown all others in noise. */
export class SelfDealer {
  readonly tally: Tally = {
    hours: 0,
    notional: 0n,
    draws: 0n,
    premium: 0n,
    penalties: 0n,
    income: 0n,
    fees: 0n,
    shortfalls: 0n,
  };
  readonly #terms: Terms;
  readonly #policy: Policy;
  readonly #chance: () => number;
  #price: bigint;
  #units: bigint;
  /** Of the long and of the short account, WAD. */
  #equity: [bigint, bigint];

  /** @param chance numbers in [0, 1): who is first. @param pair at initial margin unless given */
  constructor(terms: Terms, policy: Policy, chance: () => number, pair?: Pair) {
    [this.#terms, this.#policy, this.#chance] = [terms, policy, chance];
    [this.#price, this.#units, this.#equity] = [pair?.price ?? OPENING_PRICE, pair?.units ?? UNITS, [0n, 0n]];
    if (pair) this.#equity = [...pair.equity];
    else this.#open();
  }

  /** An hour passes, the price moves by `move`, WAD, and everybody pays for the hour at the new price. */
  live(move: bigint): void {
    const before = notionalUp(this.#units, this.#price);
    this.tally.hours += 1;
    this.tally.notional += before;
    for (const equity of this.#equity) {
      // Half of all moves are against this account.
      const margin = max((equity * WAD) / before, 0n);
      this.tally.draws += mulWadDown(before, expectedExcessUp(margin, this.#terms.scale)) / 2n;
    }
    const difference = (this.#price * move) / WAD;
    const gained = (this.#units * difference) / WAD;
    this.#price += difference;
    const perUnit = mulDivUp(this.#price, this.#terms.gapRate * HORIZON, GAP_RATE_ONE);
    const premium = mulWadUp(this.#units, perUnit);
    this.tally.premium += 2n * premium;
    this.#equity = [this.#equity[0] + gained - premium, this.#equity[1] - gained - premium];
    const goesOn = [this.#settle(0), this.#settle(1)];
    if (goesOn.includes(false)) this.#close();
  }

  /** Keepers and the owner. Returns whether the account goes on. */
  #settle(side: 0 | 1): boolean {
    const equity = this.#equity[side];
    if (equity < 0n) {
      this.tally.shortfalls -= equity;
      return false;
    }
    const { linear } = positionMarginUp(this.#units, this.#price, this.#terms.maintenanceRate, 0n);
    if (equity < linear && this.#chance() >= this.#policy.isFirstIn) {
      this.#sell(equity, linear);
      return false;
    }
    const least = mulWadUp(linear, this.#policy.refillsTo);
    const next = max(equity, least);
    this.#equity[side] = this.#policy.withdraws ? min(next, max(this.#initialMargin(), least)) : next;
    return true;
  }

  /** A keeper buys up to the target as soon as the account is below MM; the owner then closes the rest. */
  #sell(equity: bigint, maintenance: bigint): void {
    const income = min(incomeDown(maintenance, equity, START_RATE), equity);
    const penalty = penaltyOf(PENALTY, maintenance, equity, income);
    const fraction = maxFractionUp({
      marginBalance: equity,
      linearMargin: maintenance,
      sizeMargin: 0n,
      blindMargin: 0n,
      retained: equity - income - penalty,
      targetRatio: TARGET_RATIO,
    });
    this.tally.income += mulWadDown(income, fraction);
    this.tally.penalties += mulWadDown(penalty, fraction);
  }

  #initialMargin(): bigint {
    return initialMarginUp(this.#units, this.#price, initialRate(this.#terms.maintenanceRate, RATIO_ONE), 0n);
  }

  /** Closes what there is, between his own accounts: the taker pays the fee, and again for the new pair. */
  #close(): void {
    const notional = notionalUp(this.#units, this.#price) + notionalUp(UNITS, OPENING_PRICE);
    this.tally.fees += mulWadUp(notional, TAKER_FEE);
    this.#open();
  }

  /** A new pair at initial margin. */
  #open(): void {
    [this.#price, this.#units] = [OPENING_PRICE, UNITS];
    const margin = this.#initialMargin();
    this.#equity = [margin, margin];
  }
}

/** Parts per million of notional and hour that the owner is better off. */
export function profitOf({ notional, draws, premium, penalties, income, fees }: Tally): number {
  return partOf(draws - premium - penalties - income - fees, notional);
}

/** Parts per million of the notional that stood for so many hours. */
export function partOf(amount: bigint, notional: bigint): number {
  return Number((amount * 10n ** 18n) / notional) / 1e12;
}
