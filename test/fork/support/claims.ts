// Cover on a foreign protocol, from the registration of a series to what one token of it is paid.
import type { BaseContract, ContractTransactionResponse } from "ethers";

import { WAD } from "./fork.ts";
import type { Signer } from "./fork.ts";
import type { World } from "./world.ts";

/** Incident statuses, as IncidentStatus. */
export const Incident = { None: 0n, Open: 1n, Confirmed: 2n, Rejected: 3n, Lapsed: 4n } as const;
/** From `prepare` to the first series. */
const SETTLING = 3_600;
/** Between two observations that count, and how many there must be. */
const SPACING = 300;
const OBSERVATIONS = 3;
const DAY = 86_400n;
const TERM = 30n * DAY;
const REPORTING = 7n * DAY;

/** A trigger that is observed. */
export interface ObservedTrigger extends BaseContract {
  prepare(terms: string): Promise<ContractTransactionResponse>;
  observe: {
    (terms: string, mark: bigint): Promise<ContractTransactionResponse>;
    staticCall(terms: string, mark: bigint): Promise<readonly [confirmed: bigint, eventAt: bigint]>;
  };
}

/** A series as the verifier knows it. */
export class Cover {
  readonly #world: World;
  readonly #trigger: ObservedTrigger;
  readonly #terms: string;
  readonly #mark: bigint;
  /** Who registered it: whoever calls speaks for himself, so an account stands for a vault. */
  readonly vault: Signer;
  readonly series: bigint;

  private constructor(world: World, trigger: ObservedTrigger, terms: string, mark: bigint, series: bigint) {
    this.#world = world;
    this.#trigger = trigger;
    this.#terms = terms;
    this.#mark = mark;
    this.vault = world.dave;
    this.series = series;
  }

  /** Registers cover of at most one unit a token, with all that must come before. */
  static async begin(world: World, trigger: ObservedTrigger, terms: string, series = 1n): Promise<Cover> {
    const vault = world.dave;
    await trigger.prepare(terms);
    await world.networkHelpers.time.increase(SETTLING);
    const endsAt = (await world.now()) + TERM;
    const at = await trigger.getAddress();
    await world.verifier.connect(vault).registerSeries(series, at, terms, WAD, endsAt, endsAt + REPORTING);
    const { mark } = await world.verifier.subjectOf(vault.address, series);
    return new Cover(world, trigger, terms, mark, series);
  }

  /** One observation, after the time from which it counts. */
  async observe(): Promise<void> {
    await this.#world.networkHelpers.time.increase(SPACING);
    await this.#trigger.observe(this.#terms, this.#mark);
  }

  /** As many as confirm. */
  async observeAll(): Promise<void> {
    for (let observation = 0; observation < OBSERVATIONS; observation++) await this.observe();
  }

  /** What one more observation would confirm. */
  async wouldConfirm(): Promise<bigint> {
    return (await this.#trigger.observe.staticCall(this.#terms, this.#mark))[0];
  }

  /** Erin reports, with a bond in real USDC. */
  async open(): Promise<ContractTransactionResponse> {
    const w = this.#world;
    const { bond } = await w.verifier.bondTerms();
    await w.mint(w.erin.address, bond);
    await w.usdc.send("approve", [await w.verifier.getAddress(), bond], w.erin.address);
    return w.verifier.connect(w.erin).open(this.vault.address, this.series);
  }

  /** Reports and decides. Returns what one token is paid, WAD. */
  async claim(): Promise<bigint> {
    const w = this.#world;
    await this.open();
    await w.verifier.resolve(this.vault.address, this.series);
    return (await w.verifier.outcome(this.vault.address, this.series)).confirmed;
  }

  async status(): Promise<bigint> {
    return (await this.#world.verifier.incidentOf(this.vault.address, this.series)).status;
  }
}

/** Dollars in the token's smallest unit as WAD parts of `whole`. */
export const partOf = (amount: bigint, whole: bigint): bigint => (amount * WAD) / whole;
