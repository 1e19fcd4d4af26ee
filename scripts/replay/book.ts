import { accrued, unpack } from "../../sdk/math/FundingMath.ts";
import { toAccountId } from "../../sdk/identifiers.ts";
import {
  currentRateUp,
  haircutValueDown,
  initialMarginUp,
  initialRate,
  positionMarginUp,
  valueDown,
} from "../../sdk/math/MarginMath.ts";
import { baseOf, effectiveSumDown, quoteValueDown, rollOnce } from "../../sdk/math/SideIndex.ts";
import type { GenerationEnd, Side } from "../../sdk/math/SideIndex.ts";
import { abs, mulWadDown, signedMulDivDown } from "../../sdk/math/WadMath.ts";
import { RATE_ONE, RATIO_ONE, WAD } from "../../sdk/math/constants.ts";
import { signed } from "./chain.ts";
import type { Ramp } from "../../sdk/math/MarginMath.ts";
import type { Chain } from "./chain.ts";
import { MARKET, WETH } from "./local.ts";

/** Stored slots of an account in the market of the replay. */
interface Slots {
  readonly cash: bigint;
  readonly shares: bigint;
  readonly quote: bigint;
  readonly generation: bigint;
  readonly collateral: bigint;
}

/** A side as stored, and what its base has been charged per unit so far. */
interface SideState {
  readonly side: Side;
  readonly chargedPerUnit: bigint;
}

/** What an account is worth and needs; see contracts/types/Margin.sol. */
export interface Standing {
  readonly base: bigint;
  /** V. */
  readonly value: bigint;
  /** E. */
  readonly marginBalance: bigint;
  /** MM. */
  readonly maintenance: bigint;
  readonly initialMargin: bigint;
}

/** Settings of market and collateral that do not change during a replay. */
interface Terms {
  readonly addOn: bigint;
  readonly haircut: bigint;
  /** Smallest maintenance margin that is not zero, WAD. */
  readonly minMaintenance: bigint;
}

const NOTHING: Slots = { cash: 0n, shares: 0n, quote: 0n, generation: 0n, collateral: 0n };

/**
 * The books of the house as a keeper mirrors them: stored slots of every account, read again when an account was touched, and
 * both sides, read again when something happened. Everything else follows by the twins of the Solidity libraries, so that hundreds
 * of accounts are valued at a new price without a call. `Invariants` compares it with the chain.
 */
export class Book {
  readonly #chain: Chain;
  readonly #slots = new Map<string, Slots>();
  readonly #ends = new Map<string, GenerationEnd>();
  #sides: { readonly long: SideState; readonly short: SideState };
  /** F, its velocity and when both were written (CLR-05). */
  #funding = { paid: 0n, velocity: 0n, at: 0n };
  #terms: Terms;
  /** mmr and the fund's ratio, which risk control moves where it is linked (RSK-01). */
  #ramp: Ramp = { rateSet: 0n, rateTarget: 0n, setAt: 0n };
  #ratio = RATIO_ONE;
  /** Socialised loss that each account has borne, WAD. */
  readonly borne = new Map<string, bigint>();
  /** Base of each side, wei. */
  openInterest = 0n;
  /** Consensus price, WAD. */
  price: bigint;
  /** Account of the house itself that holds what deleveraged accounts left (LIQ-06). */
  readonly clearingAccount: string;

  private constructor(chain: Chain, price: bigint) {
    this.#chain = chain;
    this.clearingAccount = toAccountId(chain.at.house, 0n);
    this.price = price;
    const empty = { side: { sum: 0n, product: 0n, generation: 0n }, chargedPerUnit: 0n };
    this.#sides = { long: empty, short: empty };
    this.#terms = { addOn: 0n, haircut: 0n, minMaintenance: 0n };
  }

  static async open(chain: Chain, price: bigint): Promise<Book> {
    const book = new Book(chain, price);
    const market = await chain.read(call(chain, chain.house.interface.encodeFunctionData("marketOf", [MARKET])));
    const asset = await chain.read(call(chain, chain.house.interface.encodeFunctionData("assetOf", [WETH])));
    const least = await chain.read(call(chain, chain.house.interface.encodeFunctionData("minMaintenanceMargin")));
    book.#terms = { addOn: market[6] ?? 0n, haircut: asset[3] ?? 0n, minMaintenance: least[0] ?? 0n };
    await book.touch([book.clearingAccount]);
    await book.readSides();
    return book;
  }

  /** All accounts that ever had a slot, the house's clearing account included. */
  get accounts(): readonly string[] {
    return [...this.#slots.keys()];
  }

  /** Reads accounts again that a transaction has touched. */
  async touch(accounts: Iterable<string>): Promise<void> {
    const { interface: abi } = this.#chain.house;
    await Promise.all(
      [...new Set(accounts)].map(async (account) => {
        const read = (data: string) => this.#chain.read(call(this.#chain, data));
        const [cash = 0n, markets = 0n, assets = 0n] = await read(abi.encodeFunctionData("headerOf", [account]));
        const [shares = 0n, quote = 0n, generation = 0n] =
          markets === 0n ? [] : await read(abi.encodeFunctionData("storedPosition", [account, MARKET]));
        const [collateral = 0n] =
          assets === 0n ? [] : await read(abi.encodeFunctionData("collateralOf", [account, WETH]));
        const slots = { cash: signed(cash), shares: signed(shares), quote: signed(quote), generation, collateral };
        this.#slots.set(account, slots);
      }),
    );
  }

  /** Reads open interest again, which every fill and bid can change, and what risk control writes. */
  async readInterest(): Promise<void> {
    const data = this.#chain.house.interface.encodeFunctionData("marketOf", [MARKET]);
    const market = await this.#chain.read(call(this.#chain, data));
    const [paid = 0n, rate = 0n, at = 0n, rateSet = 0n, rateTarget = 0n, setAt = 0n] = market;
    this.#funding = { paid: signed(paid), velocity: unpack(signed(rate)), at };
    this.#ramp = { rateSet, rateTarget, setAt };
    this.openInterest = market[8] ?? 0n;
  }

  /** The fund's ratio as risk control has just set it, in units of RATIO_ONE. */
  setRatio(ratio: bigint): void {
    this.#ratio = ratio;
  }

  /** How mmr moves, as of the last time that the market was read. */
  get ramp(): Ramp {
    return this.#ramp;
  }

  /** mmr now, in units of RATE_ONE. */
  get maintenanceRate(): bigint {
    return currentRateUp(this.#ramp, BigInt(this.#chain.now()));
  }

  /**
   * Reads both sides again. What they were charged since the last reading is booked to the accounts that held base then, apart
   * from `culprit`, whose loss it is and who bears none of it (LIQ-05): call it before `touch`.
   */
  async readSides(culprit?: string): Promise<void> {
    const before = this.#sides;
    const bases = this.accounts.map((account) => [account, this.baseOf(account)] as const);
    await this.readInterest();
    this.#sides = { long: await this.#readSide(true), short: await this.#readSide(false) };
    const charged = {
      long: this.#sides.long.chargedPerUnit - before.long.chargedPerUnit,
      short: this.#sides.short.chargedPerUnit - before.short.chargedPerUnit,
    };
    if (charged.long === 0n && charged.short === 0n) return;
    for (const [account, base] of bases) {
      if (base === 0n || account === culprit) continue;
      const amount = mulWadDown(abs(base), base > 0n ? charged.long : charged.short);
      this.borne.set(account, (this.borne.get(account) ?? 0n) + amount);
    }
  }

  async #readSide(long: boolean): Promise<SideState> {
    const { interface: abi } = this.#chain.house;
    const [sum = 0n, product = 0n, generation = 0n, chargedPerUnit = 0n] = await this.#chain.read(
      call(this.#chain, abi.encodeFunctionData("sideOf", [MARKET, long])),
    );
    for (let ended = 0n; ended < generation; ended++) {
      const key = endKey(long, ended);
      if (this.#ends.has(key)) continue;
      const data = abi.encodeFunctionData("generationEndOf", [MARKET, long, ended]);
      const [endProduct = 0n, endSum = 0n] = await this.#chain.read(call(this.#chain, data));
      this.#ends.set(key, { product: endProduct, sum: signed(endSum) });
    }
    return { side: { sum: signed(sum), product, generation }, chargedPerUnit };
  }

  /** Signed base of an account, wei. */
  baseOf(account: string): bigint {
    return this.#position(this.slotsOf(account)).base;
  }

  slotsOf(account: string): Slots {
    return this.#slots.get(account) ?? NOTHING;
  }

  /** Base and quote value as `positionOf` answers. */
  #position(slots: Slots): { base: bigint; quoteValue: bigint } {
    let { shares, quote } = slots;
    if (shares === 0n) return { base: 0n, quoteValue: quote };
    const long = shares > 0n;
    const { side } = long ? this.#sides.long : this.#sides.short;
    for (let ended = slots.generation; ended < side.generation && shares !== 0n; ended++) {
      const end = this.#ends.get(endKey(long, ended));
      if (end) ({ shares, quote } = rollOnce(shares, quote, end));
    }
    if (shares === 0n) return { base: 0n, quoteValue: quote };
    const { paid, velocity, at } = this.#funding;
    const funding = paid + accrued(velocity, BigInt(this.#chain.now()) - at);
    const effectiveSum = effectiveSumDown(side, funding);
    return { base: baseOf(shares, side.product), quoteValue: quoteValueDown(shares, quote, effectiveSum) };
  }

  /** Shares of one side, an upper bound for rounding: open interest over P, in wei. */
  sharesOf(long: boolean): bigint {
    const { product } = (long ? this.#sides.long : this.#sides.short).side;
    return product === 0n ? 0n : (this.openInterest * 10n ** 30n) / product;
  }

  /** How many accounts hold base on a side. */
  holdersOf(long: boolean): bigint {
    return BigInt(
      this.accounts.filter((account) => (long ? this.baseOf(account) > 0n : this.baseOf(account) < 0n)).length,
    );
  }

  /** Cash and position at the consensus price, without collateral: what the account claims in settlement tokens. */
  claimOf(account: string): bigint {
    return this.#claimOf(this.slotsOf(account)).claim;
  }

  #claimOf(slots: Slots): { base: bigint; claim: bigint } {
    const { base, quoteValue } = this.#position(slots);
    return { base, claim: slots.cash + signedMulDivDown(base, this.price, WAD) + quoteValue };
  }

  /** The account's health at the book's price, as `ClearingHouse.health` computes it (MRG-01). */
  standingOf(account: string): Standing {
    const slots = this.slotsOf(account);
    const { collateral } = slots;
    const { addOn, haircut } = this.#terms;
    const rateAtEntry = initialRate(this.#ramp.rateTarget, this.#ratio);
    const { base, claim } = this.#claimOf(slots);
    const { linear, size } = positionMarginUp(abs(base), this.price, this.maintenanceRate, addOn);
    return {
      base,
      value: claim + (collateral === 0n ? 0n : valueDown(collateral, this.price)),
      marginBalance: claim + (collateral === 0n ? 0n : haircutValueDown(collateral, this.price, haircut)),
      maintenance: linear + size,
      initialMargin: initialMarginUp(abs(base), this.price, rateAtEntry, addOn),
    };
  }

  /** Base below which a position is too small for the house, wei, with a tenth to spare for a falling price. */
  get dustBase(): bigint {
    const { minMaintenance } = this.#terms;
    return (((minMaintenance * RATE_ONE * 11n) / 10n) * WAD) / (this.maintenanceRate * this.price) + 1n;
  }
}

export function isLiquidatable({ marginBalance, maintenance }: Standing): boolean {
  return marginBalance < maintenance;
}

const endKey = (long: boolean, generation: bigint) => `${long ? "long" : "short"} ${generation.toString()}`;

function call(chain: Chain, data: string): { to: string; data: string } {
  return { to: chain.at.house, data };
}
