// Whoever disagrees leaves within 35 days of the first hostile announcement, each at a time of his own, with all that was his; until then, and
// for those who stay afterwards too, every exit is open.
import { expect } from "chai";

import { CASH, USD, WAD } from "../../support/deployment.ts";
import type { Random } from "../../support/random.ts";
import { MAX } from "../../support/world.ts";
import { DAY } from "../support/governed.ts";
import { COVER, OTHERS } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** From the announcement to the last second in which nothing can have been lost. */
export const NOTICE = 35n * DAY;
const COOLDOWN = 28n * DAY;
const WINDOW = 7n * DAY;
/** WAD of a millionth, the token's smallest unit. */
const UNIT = 10n ** 12n;
const PRICE = 200n;
const TAKER_FEE_BPS = 5n;
const GAP_RATE_ONE = 10n ** 15n;

interface Plan {
  readonly at: bigint;
  readonly act: () => Promise<void>;
}

type Share = Stage["junior"];

export class Honest {
  readonly #stage: Stage;
  readonly #start: bigint;
  readonly #plans: Plan[] = [];
  readonly #present = new Set(["trader", "pair", "holder", "underwriter"]);
  /** What the two who trade had at the start, and what the gap premium can have taken since: WAD. */
  readonly #pairHad = new Map<string, bigint>();
  #premium = 0n;
  #gapRate = 0n;
  #lookedAt: bigint;
  readonly #worth = new Map<string, bigint>();
  readonly #requestedAt = new Map<string, bigint>();

  private constructor(stage: Stage, start: bigint) {
    this.#stage = stage;
    this.#start = start;
    this.#lookedAt = start;
  }

  static async create(stage: Stage, random: Random, start: bigint): Promise<Honest> {
    const honest = new Honest(stage, start);
    for (const account of [stage.pair.long, stage.pair.short]) {
      honest.#pairHad.set(account, (await stage.house.health(account)).value);
    }
    for (const share of [stage.junior, stage.senior]) {
      for (const who of [stage.underwriter, stage.staying]) {
        honest.#worth.set(await honest.#keyOf(share, who.address), await honest.#worthOf(share, who.address));
      }
    }
    const within = (low: bigint, high: bigint) => low + random.below(high - low);
    const plan = (at: bigint, act: () => Promise<void>) => honest.#plans.push({ at: start + at, act });
    plan(within(DAY, NOTICE), () => honest.#traderLeaves());
    plan(within(DAY, NOTICE), () => honest.#pairLeaves());
    plan(within(DAY, NOTICE), () => honest.#holderLeaves());
    for (const share of [stage.junior, stage.senior]) {
      const asked = within(60n, WINDOW - DAY);
      plan(asked, () => honest.#request(share));
      plan(within(asked + COOLDOWN + 60n, NOTICE - 3_600n), () => honest.#claim(share));
    }
    honest.#plans.sort((a, b) => Number(a.at - b.at));
    return honest;
  }

  /** Everybody who has decided to leave has left. */
  get haveLeft(): boolean {
    return this.#present.size === 0;
  }

  /** When the next one acts, unless that is later. */
  next(limit: bigint): bigint {
    const [plan] = this.#plans;
    return plan !== undefined && plan.at < limit ? plan.at : limit;
  }

  /** Acts of now. */
  async act(): Promise<void> {
    const now = await this.#stage.now();
    await this.#pass(now);
    while (this.#plans[0] !== undefined && this.#plans[0].at <= now) await this.#plans.shift()!.act();
  }

  /** The gap premium of the time since the last look, at the higher of the rates of then and of now: a sync changes it. */
  async #pass(now: bigint): Promise<void> {
    const { gapRate } = (await this.#stage.house.marketOf(0))[1];
    const rate = gapRate > this.#gapRate ? gapRate : this.#gapRate;
    this.#premium += (rate * (now - this.#lookedAt) * PRICE * OTHERS.size * WAD) / GAP_RATE_ONE + 1n;
    [this.#gapRate, this.#lookedAt] = [gapRate, now];
  }

  /** Every exit, tried without making it. */
  async probe(): Promise<void> {
    const { house, vault, trader, honest, holder, series, engine, bidder, sick, staying, underwriter } = this.#stage;
    const now = await this.#stage.now();
    await this.#pass(now);
    if (this.#present.has("trader")) {
      const all = (await house.headerOf(honest.trader)).cash / UNIT;
      const paid = await house.connect(trader).withdraw.staticCall(honest.trader, CASH, all);
      expect(paid, "a trader's exit").to.equal(this.#stage.honestTrader.dollars);
    }
    if (this.#present.has("holder")) {
      const paid = await vault.connect(holder).redeem.staticCall(series, COVER.units, holder.address);
      expect(paid, "cover that is owed").to.equal(((COVER.units / WAD) * COVER.payout) / UNIT);
    }
    for (const share of [this.#stage.junior, this.#stage.senior]) {
      await this.#probeExit(share, underwriter, now);
      await this.#probeExit(share, staying, now);
      if (now > this.#start + NOTICE) continue;
      const had = this.#worth.get(await this.#keyOf(share, staying.address))!;
      expect(await this.#worthOf(share, staying.address), "a tranche, before its notice is over").to.be.at.least(
        had - 1n,
      );
    }
    const { marginBalance, linearMargin, sizeMargin } = await house.health(sick);
    // The thief may have lowered what an account needs.
    if (marginBalance >= linearMargin + sizeMargin) return;
    const request = { account: sick, bidder: this.#stage.bidding, fraction: WAD, minFraction: 0n, maxPrice: MAX };
    const { fraction } = await engine.connect(bidder).bid.staticCall({ ...request, minIncome: 0n });
    expect(fraction, "a bid").to.be.greaterThan(0n);
  }

  async #probeExit(share: Share, who: Stage["staying"], now: bigint): Promise<void> {
    const key = await this.#keyOf(share, who.address);
    const balance = await share.balanceOf(who.address);
    if (balance > 0n) await share.connect(who).requestRedeem.staticCall(balance, who.address, who.address);
    const askedAt = this.#requestedAt.get(key);
    if (askedAt === undefined || now < askedAt + COOLDOWN || now >= askedAt + COOLDOWN + WINDOW) return;
    const paid = await share.connect(who).getFunction("claimExit(address)").staticCall(who.address);
    expect(paid, "an underwriter's exit").to.be.at.least(this.#worth.get(key)! - 2n);
  }

  async #traderLeaves(): Promise<void> {
    const { house, usd, trader, honest } = this.#stage;
    const before = await usd.balanceOf(trader.address);
    await house.connect(trader).withdraw(honest.trader, CASH, (await house.headerOf(honest.trader)).cash / UNIT);
    const came = (await usd.balanceOf(trader.address)) - before;
    expect(came, "all that the trader had").to.equal(this.#stage.honestTrader.dollars);
    this.#present.delete("trader");
  }

  async #pairLeaves(): Promise<void> {
    const { house, usd, pair, trade, long, short } = this.#stage;
    await trade(pair.short, pair.long, 0, OTHERS.size * WAD, PRICE * WAD);
    const fee = (OTHERS.size * WAD * PRICE * TAKER_FEE_BPS) / 10_000n;
    for (const [who, account] of [
      [long, pair.long],
      [short, pair.short],
    ] as const) {
      const { cash } = await house.headerOf(account);
      const before = await usd.balanceOf(who.address);
      await house.connect(who).withdraw(account, CASH, cash / UNIT);
      const came = ((await usd.balanceOf(who.address)) - before) * UNIT;
      const least = this.#pairHad.get(account)! - (who === short ? fee : 0n) - this.#premium - UNIT;
      expect(came, "what a trade has cost by its terms").to.be.at.least(least);
    }
    this.#present.delete("pair");
  }

  async #holderLeaves(): Promise<void> {
    const { vault, usd, series, holder } = this.#stage;
    const before = await usd.balanceOf(holder.address);
    await vault.connect(holder).redeem(series, COVER.units, holder.address);
    const came = (await usd.balanceOf(holder.address)) - before;
    expect(came, "cover that is owed").to.equal(((COVER.units / WAD) * COVER.payout * USD) / WAD);
    this.#present.delete("holder");
  }

  async #request(share: Share): Promise<void> {
    const { underwriter } = this.#stage;
    const all = await share.balanceOf(underwriter.address);
    await share.connect(underwriter).requestRedeem(all, underwriter.address, underwriter.address);
    this.#requestedAt.set(await this.#keyOf(share, underwriter.address), await this.#stage.now());
  }

  async #claim(share: Share): Promise<void> {
    const { usd, underwriter } = this.#stage;
    const key = await this.#keyOf(share, underwriter.address);
    const before = await usd.balanceOf(underwriter.address);
    await share.connect(underwriter).getFunction("claimExit(address)")(underwriter.address);
    const came = (await usd.balanceOf(underwriter.address)) - before;
    // Rounded down when it was asked for and when it is paid.
    expect(came, "all that the underwriter had").to.be.at.least(this.#worth.get(key)! - 2n);
    this.#requestedAt.delete(key);
    if (this.#requestedAt.size === 0) this.#present.delete("underwriter");
  }

  async #keyOf(share: Share, owner: string): Promise<string> {
    return `${await share.getAddress()} ${owner}`;
  }

  async #worthOf(share: Share, owner: string): Promise<bigint> {
    return share.convertToAssets(await share.balanceOf(owner));
  }
}
