import { BPS_ONE, WAD } from "../../../../../sdk/math/constants.ts";
import { haircutValueDown } from "../../../../../sdk/math/MarginMath.ts";
import { min, mulDivDown, mulDivUp, mulWadUp } from "../../../../../sdk/math/WadMath.ts";
import type { Header } from "../types.ts";
import { Scope } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { Deleveraging } from "./Deleveraging.ts";

const MAX_DISCOUNT = WAD / 20n;
const DISCOUNT_PERIOD = 3_600n;
const TOLERATED_FOR = 86_400n;
const MAX_UINT96 = (1n << 96n) - 1n;

export interface CollateralPurchase {
  readonly seller: string;
  readonly buyer: string;
  readonly asset: bigint;
  readonly amount: bigint;
  readonly maxCost: bigint;
}

/** Twin of Conversion.sol (CLR-10). */
export class Conversion extends Deleveraging {
  buyCollateral(purchase: CollateralPurchase): void {
    const { amount, asset, buyer, seller } = purchase;
    this.requireAuthorized(buyer, Scope.Trade);
    if (seller === buyer) refuse("ClearingHouse_SelfTrade", seller);
    this.requireAsset(asset);
    if (asset === 0n || amount === 0n) refuse("ClearingHouse_InvalidAmount", amount, MAX_UINT96);
    const priced = this.#price(purchase);
    this.#exchange(purchase, priced.amount, priced.cost);
  }

  #price({ amount: asked, asset, maxCost, seller }: CollateralPurchase): { amount: bigint; cost: bigint } {
    const header = this.headers.get(seller);
    if (!this.#isForSale(seller, header)) refuse("ClearingHouse_CollateralNotForSale", seller, header.cash);
    const quote = this.oracle.quote(this.assets.get(asset).feed);
    if (!quote.hasConsensus) refuse("ClearingHouse_BlindAccount", seller);
    const price = mulWadUp(quote.price, WAD - this.#discount(header.negativeSince));
    let amount = min(asked, this.collateral.get(seller, asset));
    if (seller !== this.clearing) amount = min(amount, mulDivUp(-header.cash, WAD, price));
    const cost = mulWadUp(amount, price);
    if (amount === 0n) refuse("ClearingHouse_CollateralNotForSale", seller, header.cash);
    if (cost > maxCost) refuse("ClearingHouse_CostAboveLimit", cost, maxCost);
    return { amount, cost };
  }

  #exchange({ asset, buyer, seller }: CollateralPurchase, amount: bigint, cost: bigint): void {
    const from = { ...this.headers.get(seller) };
    const to = { ...this.headers.get(buyer) };
    this.removeCollateral(seller, from, asset, amount);
    this.addCollateral(buyer, to, asset, amount);
    this.addCash(from, cost);
    this.addCash(to, -cost);
    if (seller === this.clearing && from.assets === 0n && from.cash > 0n) {
      this.creditFund(from.cash);
      from.cash = 0n;
      this.world.pass("surplus of the clearing account credited");
    }
    this.saveHeader(seller, from);
    this.saveHeader(buyer, to);
    this.requireInitialMargin(buyer, this.healthOf(buyer));
  }

  #isForSale(account: string, header: Header): boolean {
    if (account === this.clearing) return header.assets !== 0n;
    if (header.cash >= 0n) return false;
    if (this.now >= (header.negativeSince << 8n) + TOLERATED_FOR) return true;
    const { negativeCashCapBps, negativeCashShareBps } = this.settings;
    if (-header.cash * BPS_ONE > this.#haircutCollateral(account, header) * negativeCashShareBps) return true;
    const held = this.cashToken.toWad(this.tokensHeld);
    return this.totals.get().negativeCash * BPS_ONE > held * negativeCashCapBps;
  }

  #haircutCollateral(account: string, { assets }: Header): bigint {
    return bitsOf(assets).reduce((sum, asset) => {
      const { feed, haircut } = this.assets.get(asset);
      const { hasConsensus, price } = this.oracle.quote(feed);
      return hasConsensus ? sum + haircutValueDown(this.collateral.get(account, asset), price, haircut) : sum;
    }, 0n);
  }

  #discount(negativeSince: bigint): bigint {
    const since = negativeSince << 8n;
    if (negativeSince === 0n || this.now <= since) return 0n;
    return mulDivDown(MAX_DISCOUNT, min(this.now - since, DISCOUNT_PERIOD), DISCOUNT_PERIOD);
  }
}
