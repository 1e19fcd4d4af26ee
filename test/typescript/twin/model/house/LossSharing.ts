import { WAD } from "../../../../../sdk/math/constants.ts";
import { abs, min, mulDivUp, mulWadDown, mulWadUp } from "../../../../../sdk/math/WadMath.ts";
import type { Header } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { Slicing } from "./Slicing.ts";
import { hasWeight, lossWeight } from "./Valuation.ts";
import type { PricedLeg } from "./Valuation.ts";

export interface Stake {
  readonly market: bigint;
  readonly leg: PricedLeg;
  weight: bigint;
}

export interface Loss {
  readonly stakes: Stake[];
  readonly fraction: bigint;
  readonly isClosing: boolean;
  remaining: bigint;
  weightLeft: bigint;
}

const ROUNDING = 8n;

/** Twin of LossSharing.sol (LIQ-05). */
export class LossSharing extends Slicing {
  socialize(account: string, bidder: string, fraction: bigint, loss: bigint): void {
    const state = this.openLoss(account, { fraction, loss, isClosing: false });
    if (fraction !== WAD && loss > ROUNDING) this.#requireNotOpposite(state, bidder);
    for (const stake of state.stakes) {
      const part = this.nextPart(state, stake);
      if (part !== 0n) this.chargeSide(stake.market, stake.leg.base <= 0n, part);
    }
    this.spread(account, state.remaining);
  }

  #requireNotOpposite({ stakes }: Loss, bidder: string): void {
    for (const { leg, market } of stakes) {
      const base = this.ownBase(bidder, market);
      if ((base > 0n && leg.base < 0n) || (base < 0n && leg.base > 0n)) {
        refuse("ClearingHouse_PartialBidAgainstOwnSide", bidder, market);
      }
    }
  }

  protected openLoss(account: string, terms: { fraction: bigint; loss: bigint; isClosing: boolean }): Loss {
    const { fraction, isClosing, loss } = terms;
    let weightLeft = 0n;
    const stakes = bitsOf(this.headers.get(account).markets).map((market): Stake => {
      const leg = this.pricedLeg(account, market, this.markets.get(market));
      if (loss === 0n || !hasWeight(leg)) return { market, leg, weight: 0n };
      const weight = lossWeight(leg, this.oracle.averagePrice(market));
      weightLeft += weight;
      return { market, leg, weight };
    });
    return { stakes, fraction, isClosing, remaining: loss, weightLeft };
  }

  protected nextPart(state: Loss, { leg, market, weight }: Stake): bigint {
    if (weight === 0n) return 0n;
    const bearing = state.isClosing ? abs(leg.base) : this.interest.get(market).openInterest;
    const part = [
      mulDivUp(state.remaining, weight, state.weightLeft),
      mulWadUp(weight, state.fraction),
      mulWadDown(bearing, leg.price),
      state.remaining,
    ].reduce(min);
    state.remaining -= part;
    state.weightLeft -= weight;
    return part;
  }

  /** Returns what no open interest can bear. */
  protected spread(account: string, loss: bigint): bigint {
    if (loss === 0n) return 0n;
    const notional = this.#notionalOfOthers(account);
    const borne = min(loss, notional);
    if (borne !== 0n) this.#chargeAll(account, borne, notional);
    const unallocated = loss - borne;
    if (unallocated !== 0n) {
      this.fundAccount.change({ unallocated: this.fundAccount.get().unallocated + unallocated });
      this.world.pass("loss unallocated");
    }
    return unallocated;
  }

  #notionalOfOthers(account: string): bigint {
    return bitsOf(this.listed.get()).reduce((notional, market) => {
      const bearing = 2n * this.interest.get(market).openInterest;
      if (bearing === 0n) return notional;
      const others = bearing - min(bearing, abs(this.ownBase(account, market)));
      return notional + mulWadDown(others, this.oracle.lastPrice(market));
    }, 0n);
  }

  #chargeAll(account: string, loss: bigint, notional: bigint): void {
    const header = { ...this.headers.get(account) };
    for (const market of bitsOf(this.listed.get())) {
      if (this.interest.get(market).openInterest === 0n) continue;
      const price = this.oracle.lastPrice(market);
      const perUnit = min(price, mulDivUp(price, loss, notional));
      this.chargeSidePerUnit(market, true, perUnit);
      this.chargeSidePerUnit(market, false, perUnit);
      if ((header.markets & (1n << market)) !== 0n) this.#creditBack(account, header, market, perUnit);
    }
    this.saveHeader(account, header);
    this.world.pass("loss spread over all markets");
  }

  #creditBack(account: string, header: Header, market: bigint, perUnit: bigint): void {
    const funding = this.fundingOf(market);
    const leg = this.leg(account, market, funding);
    this.recordBorne(account, market, { before: leg.base, after: leg.base }, perUnit);
    leg.quoteValue += mulWadDown(abs(leg.base), perUnit);
    this.storeLeg(account, header, market, leg, funding);
  }

  /** `positionOf(account, market).base`. */
  baseOf(account: string, market: bigint): bigint {
    return this.leg(account, this.requireMarket(market), this.fundingOf(market)).base;
  }

  protected ownBase(account: string, market: bigint): bigint {
    if ((this.headers.get(account).markets & (1n << market)) === 0n) return 0n;
    return this.leg(account, market, 0n).base;
  }
}
