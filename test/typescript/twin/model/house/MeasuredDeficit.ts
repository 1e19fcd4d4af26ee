import { WAD } from "../../../../../sdk/math/constants.ts";
import { abs, min, mulDivUp, mulWadDown, mulWadUp } from "../../../../../sdk/math/WadMath.ts";
import type { Deficits, Header } from "../types.ts";
import { AccountFlag } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { Valuation } from "./Valuation.ts";

const EPOCH = 3_600n;
const MAX_UINT96 = (1n << 96n) - 1n;
const MAX_UINT128 = (1n << 128n) - 1n;

/** What a bid or a deleveraging has sold of an account, what the account owed for it, and what the fund paid. */
export interface Sold {
  readonly fraction: bigint;
  readonly shortfall: bigint;
  readonly drawn: bigint;
}

/** What is measured, and the hour in which it counts. */
interface Counted {
  readonly deficit: bigint;
  readonly epoch: bigint;
}

/** Twin of DeficitGate.sol and MeasuredDeficit.sol (CLR-07). */
export class MeasuredDeficit extends Valuation {
  protected get hasDeficits(): boolean {
    return this.now < this.config.get().deficitsUntil;
  }

  protected requireBooked(market: bigint): void {
    if (!this.hasDeficits) return;
    const { excess, markets } = this.#excess();
    if (excess !== 0n && (markets & (1n << market)) !== 0n) refuse("ClearingHouse_DeficitUnbooked", market);
  }

  protected bookDeficit(account: string, { fraction, shortfall, drawn }: Sold): void {
    if (!this.hasDeficits) return;
    const sums = this.#now();
    const header = { ...this.headers.get(account) };
    if ((header.flags & AccountFlag.Flagged) !== 0n) {
      const rest = mulDivUp(shortfall, WAD - fraction, fraction);
      this.#measure(account, header, { deficit: rest, epoch: this.measured.get(account).epoch }, sums);
      this.headers.change({ flags: header.flags }, account);
      this.world.pass("measured deficit booked");
    }
    sums.resources -= min(sums.resources, drawn);
    this.#store(sums);
  }

  measure(account: string, deficit: bigint, resources: bigint): void {
    const header = { ...this.headers.get(account) };
    const sums = this.#now();
    this.#measure(account, header, { deficit, epoch: sums.epoch }, sums);
    sums.resources = min(resources, MAX_UINT128);
    this.#store(sums);
    this.headers.change({ flags: header.flags }, account);
  }

  /** `deficits().measured`. */
  get measuredSum(): bigint {
    const { current, previous } = this.#now();
    return current + previous;
  }

  protected deficitShareUp(account: string): bigint {
    if (!this.hasDeficits) return 0n;
    const { excess, markets } = this.#excess();
    const own = this.headers.get(account).markets & markets;
    if (excess === 0n || own === 0n) return 0n;
    let [notional, openNotional] = [0n, 0n];
    for (const market of bitsOf(markets)) {
      const price = this.oracle.lastPrice(market);
      openNotional += mulWadDown(this.interest.get(market).openInterest, price);
      const base = (own & (1n << market)) === 0n ? 0n : abs(this.leg(account, market, 0n).base);
      notional += mulWadUp(base, price);
    }
    if (notional >= openNotional) return min(excess, notional);
    return min(mulDivUp(excess, notional, openNotional), notional);
  }

  #measure(account: string, header: Header, { deficit, epoch }: Counted, sums: Deficits): void {
    const isFlagged = (header.flags & AccountFlag.Flagged) !== 0n;
    if (isFlagged) {
      const before = this.measured.get(account);
      if (before.epoch === sums.epoch) sums.current -= before.amount;
      else if (before.epoch + 1n === sums.epoch) sums.previous -= before.amount;
    }
    const isCurrent = epoch === sums.epoch;
    const hasLapsed = epoch + 1n < sums.epoch;
    const amount = hasLapsed ? 0n : min(deficit, MAX_UINT96 - (isCurrent ? sums.current : sums.previous));
    if (amount === 0n) {
      if (isFlagged) this.measured.delete(account);
      header.flags &= ~AccountFlag.Flagged;
      return;
    }
    this.world.pass("deficit measured");
    header.flags |= AccountFlag.Flagged;
    const markets = header.markets === 0n ? this.listed.get() : header.markets;
    if (isCurrent) {
      sums.current += amount;
      sums.marketsCurrent |= markets;
    } else {
      sums.previous += amount;
      sums.marketsPrevious |= markets;
    }
    this.measured.set({ amount, epoch }, account);
  }

  #store(sums: Deficits): void {
    this.deficits.set(sums);
    const isNone = sums.current === 0n && sums.previous === 0n;
    this.config.change({ deficitsUntil: isNone ? 0n : (sums.epoch + 2n) * EPOCH });
  }

  #now(): Deficits {
    const stored = this.deficits.get();
    const epoch = this.now / EPOCH;
    if (stored.epoch === epoch) return { ...stored };
    const isNext = stored.epoch + 1n === epoch;
    return {
      ...stored,
      previous: isNext ? stored.current : 0n,
      marketsPrevious: isNext ? stored.marketsCurrent : 0n,
      current: 0n,
      marketsCurrent: 0n,
      epoch,
    };
  }

  #excess(): { excess: bigint; markets: bigint } {
    if (!this.hasDeficits) return { excess: 0n, markets: 0n };
    const { current, marketsCurrent, marketsPrevious, previous, resources } = this.#now();
    const sum = current + previous;
    return { excess: sum - min(sum, resources), markets: marketsCurrent | marketsPrevious };
  }
}
