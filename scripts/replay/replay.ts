import { History } from "./history.ts";
import { Auditor } from "./invariants.ts";
import type { Check } from "./invariants.ts";
import { Keepers } from "./keepers.ts";
import { FEED_TO_WAD, SEGMENT } from "./local.ts";
import { Market } from "./market.ts";
import type { ReplayOptions } from "./options.ts";
import { pathOf } from "./path.ts";
import type { Point } from "./path.ts";
import type { PriceSeries } from "./prices.ts";
import { createRandom } from "./random.ts";
import { setUp } from "./setup.ts";
import type { Setting, Stage } from "./setup.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";
import { Traders } from "./traders.ts";
import { accrueAll, readTranches } from "./underwriting.ts";

/** Everything that is printed, drawn and written. */
export interface Outcome {
  readonly summary: Summary;
  readonly checks: readonly Check[];
  readonly history: History;
  readonly series: PriceSeries;
}

/** Told about every step, to show that something happens. */
export interface Listener {
  settingUp(done: number, total: number, note: string): void;
  pointReached(done: number, total: number, point: Point): void;
}

/** Tokens move between fund and house once an hour of bars (FND-11), and the books are audited every twelve. */
const SETTLE_EVERY = 4;
const AUDIT_EVERY = 48;
/** Keepers come four times a step while something waits: a gap above 5 minutes would not count as live (ORC-05). */
const VISITS_PER_STEP = 4;
const LONGEST_GAP = 300;

/** Runs the whole replay on a chain of its own; `setting` is what differs from March 2020. */
export async function replay(
  options: ReplayOptions,
  series: PriceSeries,
  listener: Listener,
  setting: Setting = {},
): Promise<Outcome> {
  const path = pathOf(series);
  const stage = await setUp(options, path, (...progress) => listener.settingUp(...progress), setting);
  try {
    return await new Replay(options, series, stage, setting).run(listener);
  } finally {
    await stage.desk.chain.close();
  }
}

/** The order in which things happen. */
class Replay {
  readonly #series: PriceSeries;
  readonly #path: readonly Point[];
  readonly #stage: Stage;
  readonly #setting: Setting;
  readonly #market: Market;
  readonly #traders: Traders;
  readonly #keepers: Keepers;
  readonly #auditor: Auditor;
  readonly #history: History;

  constructor(options: ReplayOptions, series: PriceSeries, stage: Stage, setting: Setting) {
    const { desk } = stage;
    const path = pathOf(series);
    this.#series = series;
    this.#path = path;
    this.#stage = stage;
    this.#setting = setting;
    this.#market = new Market(desk, createRandom(options.seed).fork("market"));
    this.#traders = new Traders(desk, this.#market, stage.traders);
    this.#keepers = new Keepers(desk, this.#market, this.#traders, stage.keepers);
    const highest = path.reduce((high, { price }) => (price > high ? price : high), 0n);
    const vaults = stage.vaults.map(({ name }) => name);
    const behind = { vaults, cover: stage.cover };
    this.#auditor = new Auditor(desk, { keepers: this.#keepers, behind, highestPrice: highest * FEED_TO_WAD });
    const accounts = [...stage.traders, ...stage.keepers].map(({ account }) => account);
    this.#history = new History(desk, { accounts, vaults });
  }

  async run(listener: Listener): Promise<Outcome> {
    for (const [step, point] of this.#path.entries()) {
      await this.#step(step, point);
      await this.#history.record(point);
      listener.pointReached(step + 1, this.#path.length, point);
    }
    const { desk, traders, deposits, vaults, cover } = this.#stage;
    await cover?.redeem();
    await accrueAll(desk, vaults);
    await this.#settle();
    await this.#auditor.audit(true);
    await this.#setting.onEnd?.(desk);
    const accounts = new Set(traders.map(({ account }) => account));
    const values = await readTranches(desk, vaults);
    const summary = summarize({ desk, accounts, deposits, cover, values, audit: this.#auditor.last });
    return { summary, checks: this.#auditor.checks, history: this.#history, series: this.#series };
  }

  async #step(step: number, point: Point): Promise<void> {
    const { chain, ledger, book } = this.#stage.desk;
    await this.#market.moveTo(point.time, point.price);
    book.price = point.price * FEED_TO_WAD;
    await this.#refresh();
    this.#traders.decide(step);
    await this.#act();
    await this.#traders.match();

    const next = this.#path[step + 1]?.time ?? point.time;
    const visits = next - point.time > LONGEST_GAP ? VISITS_PER_STEP : 1;
    for (let visit = 1; visit < visits; visit++) {
      if (ledger.auctions.size === 0 && this.#keepers.liquidatable().length === 0) break;
      chain.advanceTo(point.time + Math.floor((visit * (next - point.time)) / visits));
      await this.#refresh();
      await this.#act();
    }
    if ((step + 1) % SETTLE_EVERY === 0) await this.#settle();
    if ((step + 1) % AUDIT_EVERY === 0) await this.#auditor.audit();
    await this.#setting.onStep?.(this.#stage.desk, step);
  }

  /** Keepers take over what they want; then whoever reports claims looks whether shorts were charged. */
  async #act(): Promise<void> {
    await this.#keepers.act();
    await this.#stage.cover?.claim();
  }

  async #refresh(): Promise<void> {
    const { desk } = this.#stage;
    const data = desk.chain.oracle.interface.encodeFunctionData("refresh", [0]);
    await desk.act({ to: desk.chain.at.oracle, data, operation: "refresh" });
  }

  async #settle(): Promise<void> {
    const { desk } = this.#stage;
    const { at, fund, house } = desk.chain;
    const settle = fund.interface.encodeFunctionData("settle", [SEGMENT]);
    await desk.act({ to: at.fund, data: settle, operation: "settle" });
    const collect = house.interface.encodeFunctionData("collectFees");
    await desk.act({ to: at.house, data: collect, operation: "collectFees" });
  }
}
