// A run: a thief with every key announces, executes and does what he can, in an order that a seed draws; after each step the segment has lost
// no more than FND-09 allows, every exit is open, and nothing was executed before its delay.
import { expect } from "chai";
import type { BaseContract } from "ethers";

import type { Random } from "../../support/random.ts";
import { DAY } from "../support/governed.ts";
import { ALL_BITS } from "../support/thief.ts";
import { Bound } from "./bound.ts";
import { Honest, NOTICE } from "./honest.ts";
import { EXECUTED } from "./outcomes.ts";
import type { Outcomes } from "./outcomes.ts";
import { enterOutflows } from "./outflows.ts";
import { PATHS, Thief } from "./paths.ts";
import { administration, changed, NAMES, ONCE, powerOf } from "./powers.ts";
import { firstWishes, laterWishes } from "./wishes.ts";
import type { Drawn, Power } from "./powers.ts";
import type { Stage } from "./stage.ts";

const HOUR = 3_600n;
/** OpenZeppelin's manager lets a scheduled call lapse after so long. */
const EXPIRES = 7n * DAY;

/** When what he has announced on the first days counts. */
const LATER = 41n * DAY;

interface Announced extends Power {
  readonly eta: bigint;
  readonly address: string;
}

/** What a run tells besides its outcomes. */
export interface Report {
  readonly steps: number;
  readonly days: bigint;
  readonly bound: Bound;
  readonly reserve: { readonly before: bigint; readonly after: bigint };
  readonly taken: Thief["taken"];
}

export class Campaign {
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #outcomes: Outcomes;
  readonly #start: bigint;
  readonly #bound: Bound;
  readonly #honest: Honest;
  readonly #thief: Thief;
  /** What he wants most, in an order that is drawn. */
  readonly #wishes: string[];
  #isLater = false;
  /** Feeds that he has announced. */
  readonly #feeds = new Set<number>();
  #announced: Announced[] = [];
  #seenBlock: number;

  private constructor(
    stage: Stage,
    random: Random,
    outcomes: Outcomes,
    made: { start: bigint; bound: Bound; honest: Honest; thief: Thief; block: number },
  ) {
    this.#stage = stage;
    this.#random = random;
    this.#outcomes = outcomes;
    this.#wishes = firstWishes(random);
    ({
      start: this.#start,
      bound: this.#bound,
      honest: this.#honest,
      thief: this.#thief,
      block: this.#seenBlock,
    } = made);
  }

  /** Plays a run from the stage's own state. `outcomes` is added to, and what it lacks is tried first. */
  static async run(stage: Stage, random: Random, outcomes: Outcomes, days: bigint): Promise<Report> {
    await stage.restore();
    const start = await stage.now();
    const before = await stage.reserve();
    const campaign = new Campaign(stage, random, outcomes, {
      start,
      bound: new Bound(before, start),
      honest: await Honest.create(stage, random.for("honest"), start),
      thief: await Thief.create(stage, random.for("thief")),
      block: await stage.ethers.provider.getBlockNumber(),
    });
    let steps = 0;
    for (; (await stage.now()) < start + days * DAY; ++steps) await campaign.#step();
    expect(campaign.#honest.haveLeft, "everybody who wanted has left").to.equal(true);
    const after = await stage.reserve();
    return { steps, days, bound: campaign.#bound, reserve: { before, after }, taken: campaign.#thief.taken };
  }

  async #step(): Promise<void> {
    const random = this.#random;
    // In the first days he announces most, so that it counts soon.
    const kind = random.below(this.#wishes.length > 0 ? 8n : 20n);
    if (kind < 5n) await this.#announce();
    else if (kind < 6n) await this.#cheat();
    else if (kind < 7n) await this.#guard();
    else if (kind < 8n) await this.#anyone();
    else if (kind < 9n) await this.#steer();
    else if (kind < 12n) await this.#executeSome();
    else if (kind < 16n) await this.#walk();
    else await this.#wait();
    await this.#look();
  }

  /* TIME */

  /** Some hours or days, or until something that was announced may be executed; nobody who wants to act in between is passed over. */
  async #wait(): Promise<void> {
    const now = await this.#stage.now();
    const etas = this.#announced.map(({ eta }) => eta).filter((eta) => eta > now);
    const soonest = etas.reduce((least, eta) => (eta < least ? eta : least), now + 3n * DAY);
    const until = this.#random.flag() ? soonest : now + this.#random.between(HOUR, 3n * DAY);
    for (;;) {
      const at = this.#honest.next(until);
      if (at > (await this.#stage.now())) await this.#stage.networkHelpers.time.increaseTo(at);
      await this.#stage.refresh();
      await this.#thief.quote();
      await this.#honest.act();
      if (at >= until) return;
      await this.#look();
    }
  }

  /* THE GOVERNOR'S KEY */

  #drawn(now: bigint): Drawn {
    const days = (now - this.#start) / DAY;
    const feeds = [...this.#feeds];
    return { stage: this.#stage, random: this.#random, now, days, segment: this.#thief.segment, feeds };
  }

  async #announce(): Promise<void> {
    const now = await this.#stage.now();
    if (now >= this.#start + LATER && !this.#isLater) this.#wishes.push(...laterWishes(this.#random));
    this.#isLater = now >= this.#start + LATER;
    const wish = this.#wishes.shift();
    const isAdministration = wish === undefined ? this.#random.oneIn(6n) : !NAMES.includes(wish);
    const power = isAdministration
      ? await administration(this.#drawn(now), wish)
      : await powerOf(wish ?? this.#leastTried(), this.#drawn(now));
    if (power.delay === 0n) {
      await this.#outcomes.attempt(power.name, () => this.#send(power));
      return;
    }
    const { manager, stolen, governor } = this.#stage;
    const address = await power.target.getAddress();
    await this.#outcomes.attempt(`announce`, async () => {
      await stolen.schedule(address, power.data, 0);
      const at = await this.#stage.now();
      const id = await manager.hashOperation(await governor.getAddress(), address, power.data);
      const eta = await manager.getSchedule(id);
      expect(eta - at, `${power.name}: its delay`).to.equal(power.delay);
      this.#announced.push({ ...power, address, eta });
      if (power.name === "listFeed") this.#feeds.add(numberIn(power));
    });
  }

  /** Of three that are drawn, the one that has been executed least, over all runs. */
  #leastTried(): string {
    const done = (name: string) => {
      const waiting = this.#announced.filter((one) => one.name === name).length;
      return waiting + this.#outcomes.times(name, ONCE[name] ?? EXECUTED);
    };
    const drawn = [0, 1, 2].map(() => this.#random.pick(NAMES as [string, ...string[]]));
    return drawn.reduce((least, name) => (done(name) < done(least) ? name : least));
  }

  async #executeSome(): Promise<void> {
    const now = await this.#stage.now();
    this.#announced = this.#announced.filter(({ eta }) => eta + EXPIRES > now);
    const ready = this.#announced.filter(({ eta }) => eta <= now);
    if (ready.length === 0) return this.#wait();
    for (const one of ready) {
      if (this.#random.oneIn(4n)) continue;
      await this.#stage.refresh();
      await this.#thief.quote();
      if (one.name === "listFeed") await this.#prepareFeeds();
      const ended = await this.#outcomes.attempt(one.name, () => this.#stage.stolen.execute(one.address, one.data));
      this.#announced = this.#announced.filter((other) => other !== one);
      if (ended === EXECUTED) this.#note(one);
      await this.#look();
    }
  }

  /** New sources must agree when they are listed. */
  async #prepareFeeds(): Promise<void> {
    for (const feeds of this.#stage.evil.feeds.values())
      for (const feed of feeds) await feed.setAnswer(200n * 10n ** 8n);
  }

  #note(power: Power): void {
    const into = { listFeed: this.#thief.feeds, listMarket: this.#thief.markets, listAsset: this.#thief.assets };
    if (power.name in into) into[power.name as keyof typeof into].add(numberIn(power));
  }

  /** Before its time, without announcement, or by somebody who has no right: refused for exactly that. */
  async #cheat(): Promise<void> {
    const { manager, stolen, helper, governor, canceller } = this.#stage;
    const now = await this.#stage.now();
    const early = this.#announced.find(({ eta }) => eta > now + 60n);
    if (early !== undefined && this.#random.flag()) {
      // Of a target that he has closed himself he may not call anything.
      const isClosed = await manager.isTargetClosed(early.address);
      const expected = isClosed ? "AccessManagerUnauthorizedCall" : "AccessManagerNotReady";
      expect(await this.#outcomes.ends(() => stolen.execute(early.address, early.data))).to.equal(expected);
      if (!this.#random.oneIn(4n)) return;
      const isThere = await manager.getRoleGuardian(1n);
      await this.#outcomes.attempt("cancel", () =>
        manager.connect(canceller).cancel(governor.getAddress(), early.address, early.data),
      );
      if (isThere !== 0n) this.#announced = this.#announced.filter((one) => one !== early);
      return;
    }
    const power = await powerOf(this.#leastTried(), this.#drawn(now));
    if (power.delay === 0n) return;
    const address = await power.target.getAddress();
    const id = await manager.hashOperation(await governor.getAddress(), address, power.data);
    if ((await manager.getSchedule(id)) === 0n) {
      expect(await this.#outcomes.ends(() => stolen.execute(address, power.data))).to.be.oneOf([
        "AccessManagerNotScheduled",
        "AccessManagerExpired",
        "AccessManagerUnauthorizedCall",
      ]);
    }
    const hasRight = (await manager.hasRole(2n, helper.address)).isMember;
    const ended = await this.#outcomes.ends(() => helper.sendTransaction({ to: address, data: power.data }));
    if (!hasRight) expect(ended, `${power.name} by a stranger`).to.equal("AccessManagedUnauthorized");
    else this.#outcomes.count("without delay, 36 days after its announcement", ended);
  }

  /* THE OTHER KEYS */

  async #guard(): Promise<void> {
    const { guardian, steward, guardianKey } = this.#stage;
    await this.#outcomes.attempt("pause", () => guardian.connect(guardianKey).pause(ALL_BITS, 7n * DAY));
    if (this.#random.oneIn(3n))
      await this.#outcomes.attempt("lift", () => guardian.connect(guardianKey).lift(ALL_BITS));
    if (this.#random.oneIn(6n)) await this.#outcomes.attempt("dismiss", () => steward.connect(guardianKey).dismiss());
  }

  async #steer(): Promise<void> {
    const { riskController, steward, key } = this.#stage;
    const index = this.#random.pick([0, 1, 2]);
    const { parameters } = await riskController.classParameters(index);
    const fields = [...(parameters as unknown as bigint[])].map(Number);
    const wanted = changed(fields, this.#random);
    await this.#outcomes.attempt("adjust", () => steward.connect(key).adjust(index, wanted as never));
  }

  /** A call that needs no announcement, from the key that has the right. */
  async #send({ target, data }: { target: BaseContract; data: string }): Promise<unknown> {
    return this.#stage.guardianKey.sendTransaction({ to: await target.getAddress(), data });
  }

  /* WITHOUT A KEY */

  async #walk(): Promise<void> {
    const path = this.#random.pick(PATHS);
    await this.#outcomes.attempt(path, () => this.#thief.walk(path));
  }

  async #anyone(): Promise<void> {
    const { riskController, fund, segment, yieldDesk, evil, surplusStake, recapAuction } = this.#stage;
    const market = this.#random.pick([0, 1, 2, 3]);
    await this.#outcomes.attempt("sync", () => riskController.sync(market));
    await this.#outcomes.attempt("settle", () => fund.settle(segment));
    if (this.#random.oneIn(3n)) {
      await this.#outcomes.attempt("divest", async () =>
        yieldDesk.divest(await evil.yieldVault.getAddress(), 10n ** 30n),
      );
    }
    await this.#outcomes.attempt("observe", () => recapAuction.observe());
    await this.#outcomes.attempt("share", () => surplusStake.share());
  }

  /* WHAT MUST HOLD */

  /** Ways out of the reserve since the last look, and exits. */
  async #look(): Promise<void> {
    const last = await this.#stage.ethers.provider.getBlockNumber();
    if (last > this.#seenBlock) await enterOutflows(this.#stage, this.#bound, [this.#seenBlock + 1, last]);
    this.#seenBlock = last;
    const now = await this.#stage.now();
    this.#bound.seen(now, await this.#stage.reserve());
    if (now <= this.#start + NOTICE) {
      expect(this.#bound.left("draw") + this.#bound.left("lending"), "before the notice is over").to.equal(0n);
    }
    await this.#honest.probe();
  }
}

/** What is listed by it. */
const numberIn = ({ name, target, data }: Power) => Number(target.interface.decodeFunctionData(name, data)[0]);
