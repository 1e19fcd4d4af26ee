import type { LogDescription, Result } from "ethers";

import { HOUSE_SETTINGS } from "../../deploy/modules/defaults.ts";
import { abs } from "../../sdk/math/WadMath.ts";
import { ChainError } from "./errors.ts";
import { TOKEN_TO_WAD } from "./local.ts";

/** Who paid for losses, in the order in which they pay. WAD. `reserve` contains bidders' rewards, which it alone pays. */
export interface Layers {
  readonly reserve: bigint;
  readonly junior: bigint;
  readonly senior: bigint;
  readonly reinsurance: bigint;
  readonly socialized: bigint;
}

/** Gas of one kind of transaction. */
export interface GasFigures {
  readonly count: number;
  readonly average: bigint;
  readonly max: bigint;
}

interface GasSum {
  count: number;
  sum: bigint;
  max: bigint;
}

const LAYERS = ["reserve", "junior", "senior", "reinsurance"] as const;

/**
 * Adds up what the contracts report in their events. It holds nothing that a reader of the chain could not know, and checks each
 * loss as it walks: deficit + reward = what the layers and the holders paid, to the wei (INV-03).
 */
export class Ledger {
  bids = 0;
  deleveragings = 0;
  writeOffs = 0;
  fills = 0;
  collateralSales = 0;
  penalties = 0n;
  /** Shortfall of accounts with V < 0, WAD. */
  badDebt = 0n;
  /** Part of the socialised loss that no open interest could bear, WAD. */
  unallocated = 0n;
  reward = 0n;
  fees = 0n;
  /** Gap premium that both sides have paid to the fund (FND-02), WAD. */
  gapPremium = 0n;
  /** The fund's part of the trading fees that were collected, WAD. */
  fundFees = 0n;
  /** Trading fees that were collected, the fund's part with the fee recipient's, WAD. */
  collected = 0n;
  /** Base that opposite sides lost to deleveraging, wei. */
  deleveraged = 0n;
  /** Events after which shorts may have been charged more for each unit of base. */
  shortEvents = 0;
  layers: Layers = { reserve: 0n, junior: 0n, senior: 0n, reinsurance: 0n, socialized: 0n };
  readonly liquidated = new Set<string>();
  /** Accounts whose auction runs, and the time at which it opened. */
  readonly auctions = new Map<string, number>();
  /** Losses that did not add up, in words. */
  readonly broken: string[] = [];
  readonly #gas = new Map<string, GasSum>();

  /** Books the gas of a transaction under a name. */
  addGas(operation: string, gasUsed: bigint): void {
    const sum = this.#gas.get(operation) ?? { count: 0, sum: 0n, max: 0n };
    sum.count++;
    sum.sum += gasUsed;
    if (gasUsed > sum.max) sum.max = gasUsed;
    this.#gas.set(operation, sum);
  }

  get gas(): ReadonlyMap<string, GasFigures> {
    const figures = [...this.#gas].map(
      ([name, { count, sum, max }]) => [name, { count, average: sum / BigInt(count), max }] as const,
    );
    return new Map(figures);
  }

  /** Books the events of one transaction. */
  add(events: readonly LogDescription[], time: number): void {
    for (const event of events) this.#addOne(event, time);
    this.#checkLosses(events);
  }

  #addOne({ name, args }: LogDescription, time: number): void {
    switch (name) {
      case "BidFilled": {
        const result = tuple(args, "result");
        this.bids++;
        this.liquidated.add(text(args, "account"));
        this.penalties += amount(result, "penalty");
        this.#addLoss(amount(result, "shortfall"), amount(result, "socialized"));
        break;
      }
      case "Deleveraged": {
        this.deleveragings++;
        this.liquidated.add(text(args, "account"));
        this.penalties += amount(args, "penalty");
        this.#addLoss(amount(args, "shortfall"), amount(args, "socialized"));
        break;
      }
      case "Covered": {
        const paid = tuple(args, "paid");
        const reward = amount(args, "reward");
        this.reward += reward;
        const [reserve = 0n, junior = 0n, senior = 0n, reinsurance = 0n] = LAYERS.map((layer) => amount(paid, layer));
        this.layers = {
          reserve: this.layers.reserve + reserve + reward,
          junior: this.layers.junior + junior,
          senior: this.layers.senior + senior,
          reinsurance: this.layers.reinsurance + reinsurance,
          socialized: this.layers.socialized,
        };
        break;
      }
      case "LossUnallocated":
        this.unallocated += amount(args, "amount");
        break;
      case "SideCharged":
        if (!flag(args, "long")) this.shortEvents++;
        break;
      case "SideDeleveraged":
        if (!flag(args, "long")) this.shortEvents++;
        this.deleveraged += amount(args, "base");
        break;
      case "Traded":
        this.fills++;
        this.fees += amount(args, "fee");
        break;
      case "FeesCollected": {
        const paid = amount(args, "amount") * TOKEN_TO_WAD;
        this.fundFees += fundPartOf(paid);
        this.collected += paid + fundPartOf(paid);
        break;
      }
      case "GapPremiumAccrued":
        this.gapPremium += amount(args, "premium");
        break;
      case "CollateralBought":
        this.collateralSales++;
        break;
      case "AuctionStarted":
        this.auctions.set(text(args, "account"), time);
        break;
      case "AuctionEnded":
        this.auctions.delete(text(args, "account"));
        break;
      default:
        break;
    }
  }

  #addLoss(shortfall: bigint, socialized: bigint): void {
    this.badDebt += shortfall;
    this.layers = { ...this.layers, socialized: this.layers.socialized + socialized };
  }

  /** INV-03 of one transaction: what the fund booked and what the engine booked are the same money. */
  #checkLosses(events: readonly LogDescription[]): void {
    let covered = 0n;
    let rewarded = 0n;
    for (const { name, args } of events) {
      if (name !== "Covered") continue;
      const paid = tuple(args, "paid");
      for (const layer of LAYERS) covered += amount(paid, layer);
      rewarded += amount(args, "reward");
    }
    for (const { name, args } of events) {
      if (name !== "BidFilled" && name !== "Deleveraged") continue;
      const figures = name === "BidFilled" ? tuple(args, "result") : args;
      const reward = name === "BidFilled" ? amount(figures, "reward") : 0n;
      const [shortfall, socialized] = [amount(figures, "shortfall"), amount(figures, "socialized")];
      if (shortfall !== covered + socialized || reward !== rewarded || amount(figures, "covered") !== covered) {
        const parts = [shortfall, reward, covered, rewarded, socialized].map(String).join(", ");
        this.broken.push(
          `${name} ${text(args, "account")}: shortfall, reward, covered, rewarded, socialised = ${parts}`,
        );
      }
    }
  }
}

/** The fund's part beside `paid` to the fee recipient, WAD, as the house rounds it (FND-02). */
function fundPartOf(paid: bigint): bigint {
  const share = BigInt(HOUSE_SETTINGS.fundFeeShareBps);
  return (paid * share) / (10_000n - share);
}

/** Accounts whose stored slots a transaction has written. */
export function touchedBy(events: readonly LogDescription[]): string[] {
  return events.flatMap(({ args }) =>
    ["taker", "maker", "seller", "bidder", "buyer", "account"].flatMap((name) => {
      const value: unknown = has(args, name) ? args.getValue(name) : undefined;
      return typeof value === "string" ? [value] : [];
    }),
  );
}

/** A number in an event. */
export function amount(args: Result, name: string): bigint {
  const value: unknown = args.getValue(name);
  if (typeof value !== "bigint") throw new ChainError(`an event's ${name} is no number`);
  return value;
}

/** An identifier in an event. */
export function text(args: Result, name: string): string {
  const value: unknown = args.getValue(name);
  if (typeof value !== "string") throw new ChainError(`an event's ${name} is no identifier`);
  return value;
}

/** A flag in an event. */
export function flag(args: Result, name: string): boolean {
  const value: unknown = args.getValue(name);
  if (typeof value !== "boolean") throw new ChainError(`an event's ${name} is no flag`);
  return value;
}

function tuple(args: Result, name: string): Result {
  const value: unknown = args.getValue(name);
  if (!isResult(value)) throw new ChainError(`an event's ${name} is no struct`);
  return value;
}

function isResult(value: unknown): value is Result {
  return typeof value === "object" && value !== null && "getValue" in value && "toObject" in value;
}

function has(args: Result, name: string): boolean {
  return name in args.toObject();
}

/** Bounds of what rounding may leave in the books, from the events that round (R2, R2a, layout.md). WAD. */
export class DustBound {
  /** Each touched position is stored rounded down and read rounded down: 1 wei each. */
  static readonly #PER_TOUCH = 2n;
  #money = 0n;
  #base = 0n;
  #facts = 0n;

  addTouches(count: number): void {
    this.#money += BigInt(count) * DustBound.#PER_TOUCH;
  }

  /**
   * A charge is rounded up once per unit of base and once per share (1e-27): less than a wei for each whole unit.
   * @param openInterest wei of base
   * @param shares of the side, wei
   */
  addCharge(openInterest: bigint, shares: bigint): void {
    this.#money += openInterest / 10n ** 18n + shares / 10n ** 27n + 2n;
    this.#facts += openInterest / 10n ** 18n + 2n;
  }

  /** A premium is charged to both sides and rounded as a charge is, but it is no loss and writes no fact. */
  addPremium(openInterest: bigint, shares: bigint): void {
    this.#money += openInterest / 10n ** 18n + shares / 10n ** 27n + 2n;
  }

  /**
   * A deleveraging cuts each position of the other side to whole wei of base, and the closing price to whole wei for each unit that
   * is closed (R2a).
   */
  addDeleveraging(closed: bigint, side: { openInterest: bigint; shares: bigint; holders: bigint }): void {
    this.#base += side.holders + 1n;
    this.#money += abs(closed) / 10n ** 18n + side.shares / 10n ** 27n + 2n;
    this.#facts += side.openInterest / 10n ** 18n + side.holders + 2n;
  }

  /** WAD that holders' shares of charges, as the facts tell them per unit of base, may be away from what was charged (CLM-03). */
  get facts(): bigint {
    return this.#facts;
  }

  /** Base that the sum over all accounts may be away from zero, wei (INV-02). */
  get base(): bigint {
    return this.#base;
  }

  /**
   * Money that the books may be away from what is held, WAD.
   * @param highestPrice WAD: a wei of base that is missing is worth no more
   * @param positions that are read to sum up, each rounded down twice
   */
  money(highestPrice: bigint, positions: number): bigint {
    return this.#money + this.#base * (highestPrice / 10n ** 18n + 1n) + 2n * BigInt(positions);
  }
}
