import { WAD } from "../../../../../sdk/math/constants.ts";
import { haircutValueDown } from "../../../../../sdk/math/MarginMath.ts";
import { abs, min, mulDivUp, signedMulDivDown } from "../../../../../sdk/math/WadMath.ts";
import type { Header } from "../types.ts";
import { AccountFlag, isLiquidatable, maintenanceOf } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { LossSharing } from "./LossSharing.ts";
import type { Stake } from "./LossSharing.ts";
import { fractionUp } from "./Positions.ts";

export interface CloseOut {
  readonly account: string;
  readonly fraction: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
  readonly drawn: bigint;
  readonly sweepsCollateral: boolean;
  readonly closesAuction: boolean;
}

export const MAX_BLIND = 86_400n;

/** Twin of Deleveraging.sol, BlindClosing.sol and of dead feeds in Prices.sol (LIQ-06, ORC-07). */
export class Deleveraging extends LossSharing {
  closeOut(request: CloseOut): void {
    const { account, drawn, penalty, shortfall } = request;
    const state = this.openLoss(account, { fraction: WAD, loss: shortfall - drawn, isClosing: true });
    for (const stake of state.stakes) stake.weight = this.nextPart(state, stake);
    this.spread(account, state.remaining);
    const header = { ...this.headers.get(account) };
    for (const stake of state.stakes) if (stake.leg.hasConsensus) this.#close(request, header, stake);
    this.addCash(header, shortfall - penalty);
    if (penalty !== 0n) this.creditFund(penalty);
    if (drawn !== 0n) this.debitFund(drawn);
    if (request.sweepsCollateral) this.#sweepCollateral(account, header);
    this.stampLiquidated(account, header, penalty, request.closesAuction);
    this.saveHeader(account, header);
    this.bookDeficit(account, { fraction: WAD, shortfall: 0n, drawn });
  }

  #close({ account, fraction }: CloseOut, header: Header, { leg, market, weight }: Stake): void {
    const base = fractionUp(leg.base, fraction);
    if ((header.flags & AccountFlag.Recorded) !== 0n) this.recordSale(account, market, base, leg.price);
    this.#closeBase(account, header, market, { base, price: leg.price, surcharge: weight });
  }

  #closeBase(
    account: string,
    header: Header,
    market: bigint,
    closing: { base: bigint; price: bigint; surcharge: bigint },
  ): void {
    const { base, price: indexPrice, surcharge } = closing;
    const settings = this.markets.get(market);
    const funding = this.fundingNow(settings);
    const quote = signedMulDivDown(base, indexPrice, WAD);
    const leg = this.leg(account, market, funding);
    this.beforeChange(settings, account, market, leg.base, -base);
    this.changeLeg(account, header, leg, { market, base: -base, quote, funding });
    if (base === 0n) return;
    const other = base < 0n;
    const closed = abs(base);
    const price = closingPrice(indexPrice, mulDivUp(surcharge, WAD, closed), other);
    this.deleverageSide(market, other, { closed, price, surcharge, funding });
  }

  #sweepCollateral(account: string, header: Header): void {
    if (header.assets === 0n) return;
    const sink = { ...this.headers.get(this.clearing) };
    for (const asset of bitsOf(header.assets)) {
      const { feed, haircut } = this.assets.get(asset);
      const { hasConsensus, price } = this.oracle.quote(feed);
      if (!hasConsensus) continue;
      const amount = this.collateral.get(account, asset);
      const counted = haircutValueDown(amount, price, haircut);
      this.removeCollateral(account, header, asset, amount);
      this.addCollateral(this.clearing, sink, asset, amount);
      this.addCash(header, counted);
      this.addCash(sink, -counted);
      this.world.pass("collateral swept");
    }
    this.saveHeader(this.clearing, sink);
  }

  /* DEAD FEEDS */

  closeBlindLeg(account: string, market: bigint): void {
    this.requireMarket(market);
    const { price, since } = this.deadSince(market);
    if (!this.isDead(since)) refuse("ClearingHouse_NotBlind", market, since, MAX_BLIND);
    this.accrueGap(market, price);
    const health = this.healthOf(account);
    if (!isLiquidatable(health)) {
      refuse("ClearingHouse_NotLiquidatable", account, health.marginBalance, maintenanceOf(health));
    }
    const base = this.ownBase(account, market);
    if (base === 0n) refuse("ClearingHouse_InvalidSize", base);
    const header = { ...this.headers.get(account) };
    this.#closeBase(account, header, market, { base, price, surcharge: 0n });
    this.stampLiquidated(account, header, 0n, false);
    this.saveHeader(account, header);
  }

  protected deadSince(market: bigint): { since: bigint; price: bigint } {
    const price = this.oracle.lastPrice(market);
    const readAt = this.oracle.readAt(market);
    const since = this.endings.get(market).blindSince;
    const lives = since <= readAt || this.hasConsensusNow(market);
    return { price, since: lives ? 0n : since };
  }

  protected hasConsensusNow(market: bigint): boolean {
    return this.oracle.refreshAll(1n << market)[0]?.hasConsensus ?? false;
  }

  protected isDead(since: bigint): boolean {
    return since !== 0n && this.now - since >= MAX_BLIND;
  }
}

function closingPrice(price: bigint, perUnit: bigint, other: boolean): bigint {
  if (!other) return min(price + perUnit, 2n * price);
  return perUnit >= price ? 0n : price - perUnit;
}
