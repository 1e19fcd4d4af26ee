import { asInt128 } from "../../../../../sdk/math/checked.ts";
import { MAX_OPEN_INTEREST, WAD } from "../../../../../sdk/math/constants.ts";
import * as fundingMath from "../../../../../sdk/math/FundingMath.ts";
import * as index from "../../../../../sdk/math/SideIndex.ts";
import { abs, max, min, mulDivUp, mulWadUp, positivePart, signedMulDivDown } from "../../../../../sdk/math/WadMath.ts";
import type { Header, Market, Position, Side } from "../types.ts";
import { AccountFlag, MarketFlag } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { LossRecords } from "./LossRecords.ts";

export interface Leg {
  base: bigint;
  quoteValue: bigint;
}

/** What a change of base did. */
export interface Change {
  readonly before: bigint;
  readonly after: bigint;
}

const MAX_ROLLS = 8;
const MAX_MARKETS_PER_ACCOUNT = 16;
const MAX_UINT128 = (1n << 128n) - 1n;
const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_UINT24 = (1n << 24n) - 1n;

/** Twin of Positions.sol (CLR-04, CLR-08, CLR-09). */
export class Positions extends LossRecords {
  protected fundingNow({ funding, fundingAt, fundingRate }: Market): bigint {
    const elapsed = this.now - fundingAt;
    if (fundingRate === 0n || elapsed === 0n) return funding;
    return funding + fundingMath.accrued(fundingMath.unpack(fundingRate), elapsed);
  }

  protected fundingOf(market: bigint): bigint {
    return this.fundingNow(this.markets.get(market));
  }

  /** Base and quote value of a position now. */
  leg(account: string, market: bigint, funding: bigint): Leg {
    const position = this.positions.get(account, market);
    let { shares, quote } = position;
    if (shares === 0n) return { base: 0n, quoteValue: quote };
    const side = this.sides.get(market, shares > 0n);
    if (position.generation !== side.generation) {
      const rolled = this.#rolled(market, position, side.generation);
      ({ shares, quote } = rolled);
      if (shares === 0n) return { base: 0n, quoteValue: quote };
      if (rolled.generation !== side.generation) {
        refuse("ClearingHouse_PositionTooOld", account, market, side.generation - position.generation);
      }
    }
    return {
      base: index.baseOf(shares, side.product),
      quoteValue: index.quoteValueDown(shares, quote, index.effectiveSumDown(side, funding)),
    };
  }

  #rolled(market: bigint, position: Position, current: bigint): Position {
    let { shares, quote, generation } = position;
    const long = shares > 0n;
    for (let steps = 0; steps < MAX_ROLLS && generation !== current && shares !== 0n; ++steps) {
      ({ shares, quote } = index.rollOnce(shares, quote, this.ends.get(market, long, generation)));
      ++generation;
    }
    return { shares, quote, generation };
  }

  protected storeLeg(account: string, header: Header, market: bigint, leg: Leg, funding: bigint): void {
    const bit = 1n << market;
    if (leg.base === 0n) {
      this.addCash(header, leg.quoteValue);
      if ((header.markets & bit) !== 0n) {
        this.positions.delete(account, market);
        header.markets &= ~bit;
      }
      return;
    }
    if ((header.markets & bit) === 0n) this.#addMarket(account, header, bit);
    const side = this.sides.get(market, leg.base > 0n);
    const shares = index.sharesOf(leg.base, side.product);
    const quote = asInt128(index.storedQuoteDown(shares, leg.quoteValue, index.effectiveSumDown(side, funding)));
    this.positions.set({ shares, quote, generation: side.generation }, account, market);
  }

  #addMarket(account: string, header: Header, bit: bigint): void {
    if ((header.flags & AccountFlag.InAuction) !== 0n) refuse("ClearingHouse_InAuction", account);
    header.markets |= bit;
    const count = bitsOf(header.markets).length;
    if (count > MAX_MARKETS_PER_ACCOUNT) {
      refuse("ClearingHouse_TooManyMarkets", account, count, MAX_MARKETS_PER_ACCOUNT);
    }
  }

  protected beforeChange(settings: Market, account: string, market: bigint, held: bigint, base: bigint): void {
    if ((settings.flags & MarketFlag.Charged) === 0n) return;
    this.recordBorne(account, market, { before: held, after: held + base }, 0n);
  }

  /** Changes a position by `base` for `quote`; `leg` is the position as of now, at `funding`. */
  protected changeLeg(
    account: string,
    header: Header,
    leg: Leg,
    by: { market: bigint; base: bigint; quote: bigint; funding: bigint },
  ): Change {
    const after = leg.base + by.base;
    const kept = keptQuote(leg, by.base, by.quote);
    this.addCash(header, leg.quoteValue + by.quote - kept);
    this.storeLeg(account, header, by.market, { base: after, quoteValue: kept }, by.funding);
    return { before: leg.base, after };
  }

  protected growInterest(market: bigint, growth: bigint): bigint {
    const openInterest = positivePart(this.interest.get(market).openInterest + growth);
    if (openInterest > MAX_OPEN_INTEREST) {
      refuse("ClearingHouse_OpenInterestCapExceeded", market, openInterest, MAX_OPEN_INTEREST);
    }
    if (growth !== 0n) this.interest.change({ openInterest }, market);
    return openInterest;
  }

  /* SIDES */

  protected storeSide(market: bigint, long: boolean, side: Side, funding: bigint): void {
    if (!index.endsGeneration(side, funding)) return this.sides.set(side, market, long);
    this.world.pass("generation ended");
    const started = index.startGeneration(side, funding);
    this.ends.set(started.end, market, long, side.generation);
    this.sides.set(started.side, market, long);
  }

  protected chargeSide(market: bigint, long: boolean, amount: bigint): void {
    const { openInterest } = this.interest.get(market);
    const { side, perUnit } = index.charge(this.sides.get(market, long), long, amount, openInterest);
    this.storeSide(market, long, side, this.fundingOf(market));
    this.#recordCharge(market, long, perUnit, 0n);
    this.world.pass("side charged");
  }

  protected chargeSidePerUnit(market: bigint, long: boolean, perUnit: bigint): void {
    const side = index.chargePerUnit(this.sides.get(market, long), long, perUnit);
    this.storeSide(market, long, side, this.fundingOf(market));
    this.#recordCharge(market, long, perUnit, 0n);
  }

  protected deleverageSide(
    market: bigint,
    long: boolean,
    closing: { closed: bigint; price: bigint; surcharge: bigint; funding: bigint },
  ): void {
    const { closed, price, surcharge, funding } = closing;
    const openInterest = max(this.interest.get(market).openInterest, closed);
    const stored = this.sides.get(market, long);
    const { side, productBefore } = index.deleverage(stored, long, { base: closed, openInterest, price, funding });
    const fell = index.deleveragedLn(productBefore, side.product);
    this.storeSide(market, long, side, funding);
    this.#recordCharge(market, long, mulDivUp(surcharge, WAD, openInterest), fell);
    this.interest.change({ openInterest: openInterest - closed }, market);
  }

  roll(account: string, market: bigint): void {
    this.requireMarket(market);
    const position = this.positions.get(account, market);
    if (position.shares === 0n) return;
    const rolled = this.#rolled(market, position, this.sides.get(market, position.shares > 0n).generation);
    if (rolled.generation !== position.generation) this.world.pass("position rolled");
    if (rolled.shares !== 0n) return this.positions.set(rolled, account, market);
    const header = { ...this.headers.get(account) };
    this.storeLeg(account, header, market, { base: 0n, quoteValue: rolled.quote }, 0n);
    this.saveHeader(account, header);
  }

  #recordCharge(market: bigint, long: boolean, perUnit: bigint, deleveraged: bigint): void {
    if (perUnit !== 0n) {
      this.markets.change({ flags: this.markets.get(market).flags | MarketFlag.Charged }, market);
    }
    const facts = this.facts.get(market, long);
    this.facts.set(
      {
        socializedPerUnit: min(facts.socializedPerUnit + perUnit, MAX_UINT128),
        deleveraged: min(facts.deleveraged + deleveraged, MAX_UINT64),
        lastAt: this.now,
        count: min(facts.count + 1n, MAX_UINT24),
      },
      market,
      long,
    );
  }
}

/** Growth of the long side through one account's change. */
export const longGrowth = ({ before, after }: Change): bigint => positivePart(after) - positivePart(before);

/** A fraction of a base, away from zero. */
export function fractionUp(base: bigint, fraction: bigint): bigint {
  const size = mulWadUp(abs(base), fraction);
  return base < 0n ? -size : size;
}

function keptQuote(leg: Leg, base: bigint, quote: bigint): bigint {
  if (leg.base === 0n || leg.base > 0n === base > 0n) return leg.quoteValue + quote;
  const [held, changed] = [abs(leg.base), abs(base)];
  if (changed === held) return 0n;
  if (changed < held) return signedMulDivDown(leg.quoteValue, held - changed, held);
  return signedMulDivDown(quote, changed - held, changed);
}
