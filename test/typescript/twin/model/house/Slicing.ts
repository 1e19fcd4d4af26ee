import { WAD } from "../../../../../sdk/math/constants.ts";
import { abs, mulWadDown, positivePart, signedMulDivDown } from "../../../../../sdk/math/WadMath.ts";
import type { Header } from "../types.ts";
import { AccountFlag } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { fractionUp, longGrowth } from "./Positions.ts";
import { Trading } from "./Trading.ts";
import { favourableProfit, profitOf } from "./Valuation.ts";

export interface Slice {
  readonly seller: string;
  readonly bidder: string;
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
  readonly reward: bigint;
  readonly drawn: bigint;
  readonly cost: bigint;
  readonly closesAuction: boolean;
}

interface Transfer {
  readonly seller: Header;
  readonly bidder: Header;
  cashAndProfit: bigint;
  shrunk: bigint;
}

/** Twin of Slicing.sol (LIQ-02). */
export class Slicing extends Trading {
  slice(request: Slice): void {
    if (request.seller === request.bidder) refuse("ClearingHouse_SelfTrade", request.seller);
    const seller = { ...this.headers.get(request.seller) };
    const transfer = {
      seller,
      bidder: { ...this.headers.get(request.bidder) },
      cashAndProfit: seller.cash,
      shrunk: 0n,
    };
    for (const market of bitsOf(seller.markets)) this.#slicePosition(request, transfer, market);
    for (const asset of bitsOf(seller.assets)) this.#sliceCollateral(request, transfer, asset);
    this.#sliceCash(request, transfer);
    this.stampLiquidated(request.seller, seller, request.cost, request.closesAuction);
    this.saveHeader(request.seller, seller);
    this.saveHeader(request.bidder, transfer.bidder);
    this.bookDeficit(request.seller, request);
    for (const market of bitsOf(transfer.shrunk)) this.requireBooked(market);
    const health = this.healthAt(request.bidder, transfer.bidder);
    this.requireInitialMargin(request.bidder, health);
    if (request.fraction !== WAD) this.requireNoDust(request.bidder, health);
  }

  setInAuction(account: string, inAuction: boolean): void {
    const { flags } = this.headers.get(account);
    const changed = inAuction ? flags | AccountFlag.InAuction : flags & ~AccountFlag.InAuction;
    this.headers.change({ flags: changed }, account);
  }

  #slicePosition({ bidder, fraction, seller }: Slice, transfer: Transfer, market: bigint): void {
    const settings = this.markets.get(market);
    const leg = this.pricedLeg(seller, market, settings);
    if (!leg.hasConsensus) {
      transfer.cashAndProfit += positivePart(favourableProfit(leg));
      return;
    }
    transfer.cashAndProfit += profitOf(leg);
    if (leg.base === 0n) return this.storeLeg(seller, transfer.seller, market, leg, 0n);
    const base = fractionUp(leg.base, fraction);
    const quote = signedMulDivDown(base, leg.price, WAD);
    if ((transfer.seller.flags & AccountFlag.Recorded) !== 0n) this.recordSale(seller, market, base, leg.price);
    const funding = this.fundingNow(settings);
    this.beforeChange(settings, seller, market, leg.base, -base);
    const sold = this.changeLeg(seller, transfer.seller, leg, { market, base: -base, quote, funding });
    const held = this.leg(bidder, market, funding);
    this.beforeChange(settings, bidder, market, held.base, base);
    const bought = this.changeLeg(bidder, transfer.bidder, held, { market, base, quote: -quote, funding });
    const growth = longGrowth(sold) + longGrowth(bought);
    if (growth !== 0n) this.growInterest(market, growth);
    if (abs(bought.after) < abs(bought.before)) transfer.shrunk |= 1n << market;
  }

  #sliceCollateral({ bidder, fraction, seller }: Slice, transfer: Transfer, asset: bigint): void {
    const { feed } = this.assets.get(asset);
    const held = this.collateral.get(seller, asset);
    const { hasConsensus, price } = this.oracle.quote(feed);
    if (!hasConsensus) {
      transfer.cashAndProfit += this.favourableValue(feed, held, price);
      return;
    }
    const amount = mulWadDown(held, fraction);
    if (amount === 0n) return;
    this.removeCollateral(seller, transfer.seller, asset, amount);
    this.addCollateral(bidder, transfer.bidder, asset, amount);
  }

  #sliceCash(request: Slice, transfer: Transfer): void {
    const moved = signedMulDivDown(transfer.cashAndProfit, request.fraction, WAD);
    this.addCash(transfer.seller, request.payment - request.penalty - moved);
    this.addCash(transfer.bidder, moved + request.shortfall + request.reward - request.payment);
    if (request.penalty !== 0n) this.creditFund(request.penalty);
    if (request.drawn !== 0n) this.debitFund(request.drawn);
  }
}
