import { asInt128 } from "../../../../../sdk/math/checked.ts";
import { BPS_ONE } from "../../../../../sdk/math/constants.ts";
import { min, mulDivDown, mulDivUp } from "../../../../../sdk/math/WadMath.ts";
import { addressOf } from "../world.ts";
import { Conversion } from "./Conversion.ts";

/** Twin of Settlement.sol (FND-11). */
export class Settlement extends Conversion {
  /** By the fund. */
  settle(received: bigint): void {
    let balance = this.fundAccount.get().balance + received;
    const token = this.cashToken;
    if (balance > 0n) {
      const native = min(token.toNativeDown(balance), this.tokensHeld);
      if (native !== 0n && token.transfer(this.address, addressOf(this.links.get().fund), native)) {
        balance -= token.toWad(native);
      }
    }
    this.fundAccount.change({ balance: asInt128(balance, "balance") });
  }

  collectFees(): void {
    const fees = this.#repaidFrom(this.totals.get().fees);
    const shareBps = this.settings.fundFeeShareBps;
    const share = mulDivUp(fees, shareBps, BPS_ONE);
    const token = this.cashToken;
    const paid = min(token.toNativeDown(fees - share), this.tokensHeld);
    const paidWad = token.toWad(paid);
    const fundPart = mulDivDown(paidWad, shareBps, BPS_ONE - shareBps);
    this.totals.change({ fees: fees - paidWad - fundPart });
    if (fundPart !== 0n) this.creditFund(fundPart);
    if (paid !== 0n) this.pay(token, this.settings.feeRecipient, paid);
  }

  #repaidFrom(fees: bigint): bigint {
    const { unallocated } = this.fundAccount.get();
    if (unallocated === 0n) return fees;
    const repaid = min(fees, unallocated);
    this.fundAccount.change({ unallocated: unallocated - repaid });
    this.world.pass("unallocated loss repaid from fees");
    return fees - repaid;
  }
}
