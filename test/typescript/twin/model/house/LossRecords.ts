import { abs, mulWadDown } from "../../../../../sdk/math/WadMath.ts";
import type { Header } from "../types.ts";
import { AccountFlag } from "../types.ts";
import { HouseState } from "./HouseState.ts";

/** Twin of LossRecords.sol (CLM-03, CLM-04). */
export class LossRecords extends HouseState {
  protected recordBorne(
    account: string,
    market: bigint,
    held: { before: bigint; after: bigint },
    excluded: bigint,
  ): void {
    const record = this.records.get(account, market);
    const seen = record.socializedPerUnit;
    const borne = this.#borneSince(market, held.before, seen + excluded);
    if (borne !== 0n) {
      this.world.pass("loss borne recorded");
      this.records.change({ borne: record.borne + borne }, account, market);
    }
    if (held.after === 0n) return;
    const current = this.facts.get(market, held.after > 0n).socializedPerUnit;
    if (current !== seen) this.records.change({ socializedPerUnit: current }, account, market);
  }

  #borneSince(market: bigint, base: bigint, seen: bigint): bigint {
    if (base === 0n) return 0n;
    const current = this.facts.get(market, base > 0n).socializedPerUnit;
    return current <= seen ? 0n : mulWadDown(abs(base), current - seen);
  }

  protected stampLiquidated(account: string, header: Header, cost: bigint, closesAuction: boolean): void {
    header.lastLiquidatedAt = this.now;
    if (closesAuction) header.flags &= ~AccountFlag.InAuction;
    if (cost !== 0n) this.liquidationCost.set(this.liquidationCost.get(account) + cost, account);
  }

  protected recordSale(account: string, market: bigint, base: bigint, price: bigint): void {
    if (base === 0n) return;
    const { sale } = this.records.get(account, market);
    const side = base > 0n ? 1n : 2n;
    const isSame = sale.soldAt === this.now && sale.side === side;
    const sold = abs(base) + (isSame ? sale.base : 0n);
    this.world.pass("sale recorded");
    this.records.change({ sale: { price, base: sold, soldAt: this.now, side } }, account, market);
  }
}
