import { WAD } from "../../../../../sdk/math/constants.ts";
import { max, min, mulWadDown } from "../../../../../sdk/math/WadMath.ts";
import { cover, total } from "../../../../../sdk/math/Waterfall.ts";
import type { LayerAmounts } from "../../../../../sdk/math/Waterfall.ts";
import type { Variable } from "../../storage/layout.ts";
import type { ClearingHouse } from "../house/ClearingHouse.ts";
import type { Segment } from "../types.ts";
import { Contract, refuse } from "../world.ts";
import type { CoverageVault } from "./CoverageVault.ts";
import { charged, limitDown, NO_BUDGET, readBudget } from "./DrawBudgets.ts";
import type { ByClass } from "./DrawBudgets.ts";

export interface CoverRequest {
  readonly shortfallByClass: ByClass;
  readonly fraction: bigint;
  readonly reward: bigint;
}

const MAX_LEDGER = (1n << 96n) - 1n;
const MAX_UINT128 = (1n << 128n) - 1n;
const ANY = (1n << 256n) - 1n;

/** Twin of InsuranceFund.sol and SegmentBooks.sol for the segment of one house: cover, settle, donate (FND-02, FND-11). */
export class InsuranceFund extends Contract {
  readonly segments = this.table<Segment>("_segments");
  readonly house: ClearingHouse;
  readonly backstop: CoverageVault;
  readonly reinsurance: CoverageVault;

  constructor(
    house: ClearingHouse,
    place: { address: string; layout: ReadonlyMap<string, Variable> },
    vaults: { backstop: CoverageVault; reinsurance: CoverageVault },
  ) {
    super(house.world, place.address, place.layout);
    this.house = house;
    ({ backstop: this.backstop, reinsurance: this.reinsurance } = vaults);
  }

  donate(segment: bigint, amount: bigint): void {
    const entry = this.#known(segment);
    const token = this.house.cashToken;
    const room = token.toNativeDown(MAX_LEDGER - entry.reserve - entry.owed);
    if (amount === 0n || amount > room) refuse("InsuranceFund_InvalidAmount", amount, room);
    if (!token.transferFrom(this.world.sender, this.address, amount)) {
      refuse("InsuranceFund_UnexpectedTransfer", amount, 0n);
    }
    this.segments.change({ reserve: entry.reserve + token.toWad(amount) }, segment);
  }

  /** By the segment's engine. */
  cover(segment: bigint, request: CoverRequest): { paid: LayerAmounts; reward: bigint } {
    const entry = this.#known(segment);
    const { fraction, shortfallByClass } = request;
    const { reserve } = entry;
    const budget = reserve === 0n ? NO_BUDGET : readBudget(entry.budgets, reserve, this.now);
    const allowed: ByClass = reserve === 0n ? [0n, 0n, 0n] : limitDown(budget, shortfallByClass, reserve);
    const sum = allowed[0] + allowed[1] + allowed[2];
    const whole = shortfallByClass[0] + shortfallByClass[1] + shortfallByClass[2];
    const available = { ...this.#layers(segment, whole - sum), reserve: sum };
    const split = cover(whole, fraction, available);
    const spare = min(budget.leftForRewards, reserve - sum);
    const reward = min(request.reward, mulWadDown(spare, fraction));
    const { paid, fromVaults } = this.#drawLayers(segment, split.paid);
    const booked = paid.reserve + reward;
    this.segments.change(
      {
        reserve: reserve - booked,
        owed: entry.owed + booked + fromVaults,
        pending: entry.pending + fromVaults,
        drawn: min(entry.drawn + total(paid) + reward, MAX_UINT128),
        unpaid: min(entry.unpaid + split.shortfallUp - total(paid), MAX_UINT128),
        budgets: charged(entry.budgets, budget, { allowed, fraction, reward, now: this.now }),
      },
      segment,
    );
    if (sum < whole && reserve > sum && fraction === WAD) this.world.pass("a budget binds");
    return { paid, reward };
  }

  settle(segment: bigint): void {
    this.#known(segment);
    const extra = this.#collect(segment);
    const entry = this.segments.get(segment);
    const claim = this.#claim();
    const sent = claim > 0n ? this.#send(entry, claim) : 0n;
    const received = claim === 0n ? this.#receive() : 0n;
    const left = entry.owed - sent;
    const owed = max(min(this.#claim(), left), entry.pending);
    const reserve = entry.reserve + extra + received + (left - owed);
    if (reserve + owed > MAX_LEDGER) refuse("InsuranceFund_InvalidAmount", reserve + owed, MAX_LEDGER);
    this.segments.change({ reserve, owed }, segment);
    if (sent !== 0n) this.world.pass("fund settled: sent");
    if (received !== 0n) this.world.pass("fund settled: received");
  }

  resources(segment: bigint): LayerAmounts {
    this.#known(segment);
    return this.#layers(segment, ANY);
  }

  /* STEPS */

  /** Commitments without treaty: it does not matter what was borne before. */
  #layers(segment: bigint, asked: bigint): LayerAmounts {
    const { owed, reserve } = this.segments.get(segment);
    const none = { reserve, junior: 0n, senior: 0n, reinsurance: 0n };
    if (asked === 0n) return none;
    const first = this.backstop.offer(segment, asked);
    let room = MAX_LEDGER - reserve - owed;
    const junior = min(first.junior, room);
    room -= junior;
    const senior = min(first.senior, room);
    room -= senior;
    if (asked <= junior + senior) return { ...none, junior, senior };
    const second = this.reinsurance.offer(segment, asked === ANY ? ANY : asked - junior - senior);
    return { ...none, junior, senior, reinsurance: min(second.junior + second.senior, room) };
  }

  #drawLayers(segment: bigint, wanted: LayerAmounts): { paid: LayerAmounts; fromVaults: bigint } {
    let paid = wanted;
    const asked = wanted.junior + wanted.senior;
    if (asked !== 0n) paid = { ...paid, ...this.backstop.draw(segment, asked) };
    if (wanted.reinsurance !== 0n) {
      const { junior, senior } = this.reinsurance.draw(segment, wanted.reinsurance);
      paid = { ...paid, reinsurance: junior + senior };
    }
    return { paid, fromVaults: paid.junior + paid.senior + paid.reinsurance };
  }

  /** Returns what came beyond `pending`. */
  #collect(segment: bigint): bigint {
    const native = [this.backstop, this.reinsurance].reduce(
      (sum, vault) => sum + vault.collect(segment, this.address),
      0n,
    );
    if (native === 0n) return 0n;
    const received = this.house.cashToken.toWad(native);
    const { pending } = this.segments.get(segment);
    const collected = min(received, pending);
    this.segments.change({ pending: pending - collected }, segment);
    return received - collected;
  }

  #send({ owed, pending }: Segment, claim: bigint): bigint {
    const token = this.house.cashToken;
    const amount = token.toNativeDown(min(claim, owed - pending));
    if (amount === 0n || !token.transfer(this.address, this.house.address, amount)) return 0n;
    this.house.settle(token.toWad(amount));
    return token.toWad(amount);
  }

  #receive(): bigint {
    const token = this.house.cashToken;
    const before = token.balanceOf(this.address);
    this.house.settle(0n);
    return token.toWad(token.balanceOf(this.address) - before);
  }

  #claim(): bigint {
    const { balance } = this.house.fundAccount.get();
    return balance < 0n ? -balance : 0n;
  }

  #known(segment: bigint): Segment {
    const entry = this.segments.get(segment);
    if (entry.budgets.engine === 0n) refuse("InsuranceFund_UnknownSegment", segment);
    return entry;
  }
}
