import { RISK_PARAMETERS } from "../../deploy/modules/defaults.ts";
import { currentRateUp } from "../../sdk/math/MarginMath.ts";
import type { Ramp } from "../../sdk/math/MarginMath.ts";
import { scaleUp } from "../../sdk/math/ReserveMath.ts";
import { contributionUp, MIN_VARIANCE, ratioDown, shortfallUp } from "../../sdk/math/RiskMath.ts";
import { mulWadDown } from "../../sdk/math/WadMath.ts";
import { signed } from "../replay/chain.ts";
import type { Desk } from "../replay/desk.ts";
import type { Check } from "../replay/invariants.ts";
import { MARKET, SEGMENT, TOKEN_TO_WAD, VAULTS } from "../replay/local.ts";
import { readVault } from "../replay/underwriting.ts";
import type { ClassName } from "./data.ts";
import { BooksError } from "./errors.ts";
import { marketOf } from "./module.ts";
import type { Inflow } from "./run.ts";

/** A figure at the start, at its lowest and at the end. */
export interface Range {
  readonly start: bigint;
  readonly lowest: bigint;
  readonly end: bigint;
}

/** How things stand after an hour. */
export interface Level {
  readonly time: number;
  /** WAD. */
  readonly price: bigint;
  /** Of one side at this price, WAD. */
  readonly openInterest: bigint;
  readonly reserve: bigint;
  /** In units of RATIO_ONE. */
  readonly ratio: bigint;
  /** 1e-15 per second and unit of notional, each side. */
  readonly gapRate: bigint;
}

/**
 * Reads the fund by the hour. Its ratio is measured by the twins of risk control's own formulas, so that it can be told where no
 * controller is linked too; where one is, its target must be the same to the wei.
 */
export class Meter {
  readonly #marketClass: ClassName;
  readonly #linked: boolean;
  readonly #levels: Level[] = [];
  readonly #apart: string[] = [];
  #inflow: Inflow = { penalties: 0n, gapPremium: 0n, fees: 0n, cover: 0n };
  #unexplained = 0n;

  constructor(marketClass: ClassName, linked: boolean) {
    this.#marketClass = marketClass;
    this.#linked = linked;
  }

  get levels(): readonly Level[] {
    return this.#levels;
  }

  get inflow(): Inflow {
    return this.#inflow;
  }

  get unexplained(): bigint {
    return this.#unexplained;
  }

  get highestInterest(): bigint {
    return this.#levels.reduce((high, { openInterest }) => (openInterest > high ? openInterest : high), 0n);
  }

  get reserve(): Range {
    return this.#range(({ reserve }) => reserve);
  }

  get ratio(): Range {
    return this.#range(({ ratio }) => ratio);
  }

  get checks(): readonly Check[] {
    const money = `${this.#unexplained.toString()} wei unexplained`;
    const all = [
      {
        id: "FND-02",
        name: "reserve = gifts + income - payments, to the wei",
        holds: this.#unexplained === 0n,
        detail: money,
      },
    ];
    const name = "risk control's target = the twins' target, to the wei";
    const detail = this.#apart[0] ?? "the same";
    if (this.#linked) all.push({ id: "FND-03", name, holds: this.#apart.length === 0, detail });
    return all.map((check) => ({ ...check, count: this.#levels.length }));
  }

  /** @param ramp of mmr before a sync that came in this second: that is what the sync has measured with */
  async read(desk: Desk, ramp: Ramp): Promise<void> {
    const { book, chain } = desk;
    const { at, house, oracle, riskController } = chain;
    const variance = oracle.interface.encodeFunctionData("variance", [MARKET]);
    const [fast = 0n, slow = 0n] = await chain.read({ to: at.oracle, data: variance });
    const market = await chain.read({ to: at.house, data: house.interface.encodeFunctionData("marketOf", [MARKET]) });
    const resources = riskController.interface.encodeFunctionData("resources");
    const [available = 0n] = await chain.read({ to: at.riskController, data: resources });
    const floor = BigInt(RISK_PARAMETERS[marketOf(this.#marketClass).class]?.shortfallFloor ?? 0);
    const rate = currentRateUp(ramp, BigInt(chain.now()));
    const shortfall = shortfallUp(scaleUp(fast, slow, MIN_VARIANCE), rate, floor);
    const target = contributionUp(book.openInterest, book.price, shortfall);
    if (this.#linked) await this.#compare(desk, target);
    this.#levels.push({
      time: chain.now(),
      price: book.price,
      openInterest: mulWadDown(book.openInterest, book.price),
      reserve: (await segmentOf(desk)).reserve,
      ratio: ratioDown(available, target),
      gapRate: market[10] ?? 0n,
    });
  }

  async #compare(desk: Desk, target: bigint): Promise<void> {
    const { at, read, riskController } = desk.chain;
    const data = riskController.interface.encodeFunctionData("contributionOf", [MARKET]);
    const [contribution = 0n] = await read({ to: at.riskController, data });
    if (contribution !== target) this.#apart.push(`${contribution.toString()} and ${target.toString()} wei`);
  }

  /**
   * Closes the account of what the fund took in and paid. What is still on its way counts: the house's signed account, draws that
   * vaults have not sent, and the share of premiums that they hold for the fund. So does income that repaid a loss which no open
   * interest could bear, before it reached the fund (LIQ-05).
   * @param donated in the settlement token's smallest unit
   */
  async close(desk: Desk, donated: bigint): Promise<void> {
    const { capital, chain, ledger } = desk;
    const cover = VAULTS.reduce((sum, name) => sum + capital[name].cover.fundShare, 0n);
    const { penalties, gapPremium, fundFees: fees } = ledger;
    this.#inflow = { penalties, gapPremium, fees, cover };
    const { reserve, owed, pending } = await segmentOf(desk);
    const house = chain.house.interface.encodeFunctionData("fundAccount");
    const [account = 0n] = await chain.read({ to: chain.at.house, data: house });
    const readings = await Promise.all(VAULTS.map((name) => readVault(chain, name)));
    const inVaults = readings.reduce((sum, { owedToFund }) => sum + owedToFund, 0n);
    const has = reserve + owed - pending + inVaults + signed(account) + (await repaidBy(desk));
    const shouldHave = donated * TOKEN_TO_WAD + penalties + gapPremium + fees + cover - ledger.layers.reserve;
    this.#unexplained = has - shouldHave;
  }

  #range(of: (level: Level) => bigint): Range {
    const [first] = this.#levels;
    const last = this.#levels.at(-1);
    if (!first || !last) throw new BooksError("nothing was measured");
    const lowest = this.#levels.reduce((low, level) => (of(level) < low ? of(level) : low), of(first));
    return { start: of(first), lowest, end: of(last) };
  }
}

async function segmentOf({ chain }: Desk): Promise<{ reserve: bigint; owed: bigint; pending: bigint }> {
  const data = chain.fund.interface.encodeFunctionData("segmentOf", [SEGMENT]);
  const [, , , reserve = 0n, owed = 0n, pending = 0n] = await chain.read({ to: chain.at.fund, data });
  return { reserve, owed, pending };
}

/** What the fund's income has repaid of a loss that no open interest could bear, WAD; the rest of what was repaid came from trading fees. */
async function repaidBy({ chain, ledger }: Desk): Promise<bigint> {
  const { at, house, read } = chain;
  const [left = 0n] = await read({ to: at.house, data: house.interface.encodeFunctionData("unallocatedLoss") });
  const [fees = 0n] = await read({ to: at.house, data: house.interface.encodeFunctionData("totals") });
  return ledger.unallocated - left - (ledger.fees - ledger.collected - fees);
}
