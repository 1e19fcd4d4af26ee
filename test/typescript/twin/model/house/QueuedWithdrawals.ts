import { PRODUCT_ONE, WAD } from "../../../../../sdk/math/constants.ts";
import * as index from "../../../../../sdk/math/SideIndex.ts";
import { min, mulDivDown, positivePart } from "../../../../../sdk/math/WadMath.ts";
import type { Side } from "../types.ts";
import { ownerOf, refuse } from "../world.ts";
import { Balances } from "./Balances.ts";
import type { Leg } from "./Positions.ts";

/** Twin of QueuedWithdrawals.sol (CLR-10). */
export class QueuedWithdrawals extends Balances {
  protected enqueue(account: string, amount: bigint): void {
    this.#serve();
    const stored = this.queueSide.get();
    const side = stored.product === 0n ? { ...stored, product: PRODUCT_ONE } : stored;
    this.queueSide.set(side);
    const { base, quoteValue } = this.#queuedOf(account, side);
    this.#storeQueued(account, side, index.sharesOf(base + amount, side.product), quoteValue);
    this.queue.change({ waiting: this.queue.get().waiting + amount });
    this.fundAccount.change({ hasQueue: true });
    this.world.pass("withdrawal queued");
  }

  protected shareLoss(charged: bigint): bigint {
    const { balance, unallocated } = this.fundAccount.get();
    const token = this.cashToken;
    const assets = token.toWad(this.tokensHeld) - balance;
    if (assets <= 0n) refuse("ClearingHouse_InsufficientLiquidity", charged, this.tokensHeld);
    const native = token.toNativeDown(mulDivDown(charged, assets, assets + unallocated));
    const givenUp = charged - token.toWad(native);
    this.fundAccount.change({ unallocated: unallocated - min(givenUp, unallocated) });
    this.world.pass("unallocated loss shared");
    return native;
  }

  claimWithdrawal(account: string): void {
    this.#serve();
    const side = this.queueSide.get();
    const { base, quoteValue } = this.#queuedOf(account, side);
    const credited = min(positivePart(quoteValue), this.queue.get().reserved);
    if (credited === 0n) return;
    const token = this.cashToken;
    const paid = token.toNativeDown(credited);
    const paidWad = token.toWad(paid);
    if (base === 0n) this.queued.delete(account);
    else this.#storeQueued(account, side, index.sharesOf(base, side.product), credited - paidWad);
    this.queue.change({ reserved: this.queue.get().reserved - (base === 0n ? credited : paidWad) });
    const { reserved, waiting } = this.queue.get();
    if (reserved === 0n && waiting === 0n) this.fundAccount.change({ hasQueue: false });
    if (paid !== 0n) this.pay(token, ownerOf(account), paid);
    this.world.pass("withdrawal claimed");
  }

  #serve(): void {
    const { reserved, waiting } = this.queue.get();
    if (waiting === 0n) return;
    const balance = this.cashToken.toWad(this.cashToken.balanceOf(this.address));
    const served = min(balance - min(balance, reserved), waiting);
    if (served === 0n) return;
    const closing = { base: served, openInterest: waiting, price: WAD, funding: 0n };
    const { side } = index.deleverage(this.queueSide.get(), true, closing);
    this.queue.set({ waiting: waiting - served, reserved: reserved + served });
    this.world.pass("queue served");
    if (!index.endsGeneration(side, 0n)) return this.queueSide.set(side);
    const started = index.startGeneration(side, 0n);
    this.queueEnds.set(started.end, side.generation);
    this.queueSide.set(started.side);
  }

  #storeQueued(account: string, side: Side, shares: bigint, credited: bigint): void {
    const quote = index.storedQuoteDown(shares, credited, side.sum);
    this.queued.set({ shares, quote, generation: side.generation }, account);
  }

  #queuedOf(account: string, side: Side): Leg {
    let { shares, quote, generation } = this.queued.get(account);
    for (; generation !== side.generation && shares !== 0n; ++generation) {
      ({ shares, quote } = index.rollOnce(shares, quote, this.queueEnds.get(generation)));
    }
    if (shares === 0n) return { base: 0n, quoteValue: quote };
    return { base: index.baseOf(shares, side.product), quoteValue: index.quoteValueDown(shares, quote, side.sum) };
  }
}
