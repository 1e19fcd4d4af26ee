// The five paths of FND-09 by name, each as far as it goes at the moment: what the thief does with what he has announced and listed.
import { expect } from "chai";

import { accountId, USD, WAD } from "../../support/deployment.ts";
import type { Random } from "../../support/random.ts";
import { MAX } from "../../support/world.ts";
import { crash, raise, say } from "../support/drain.ts";
import type { Rigged } from "../support/drain.ts";
import { DAY } from "../support/governed.ts";
import type { Stage } from "./stage.ts";

export const PATHS = [
  "second venue",
  "evil yield vault",
  "evil source and sale",
  "worthless collateral or series",
  "many markets",
] as const;
export type Path = (typeof PATHS)[number];

/** WAD of a millionth. */
const UNIT = 10n ** 12n;
const PRICE = 200n;
const WEEK = 7n * DAY;
const ALL = { major: 10_000, mid: 10_000, tail: 10_000, segment: 10_000, reward: 10_000 };
const REQUEST = {
  shortfallByClass: [10n ** 24n, 0n, 0n] as [bigint, bigint, bigint],
  fraction: WAD,
  reward: 10n ** 24n,
};
/** Consensus less what a sale may take off (FND-05). */
const LEAST_SALE = (PRICE * WAD * 97n) / 100n;
/** What his accounts begin with, whole dollars, and the units of which one loses four fifths to another. */
const [WINNER, STAKE, UNITS] = [10_000_000n, 75_000n, 2_500n];

export class Thief {
  readonly #stage: Stage;
  readonly #random: Random;
  /** Segment of his own venue, on the house's vaults. */
  readonly segment: bigint;
  /** What he has got by each path, WAD or tokens: whether it was walked to its end. */
  readonly taken = new Map<Path, bigint>(PATHS.map((path) => [path, 0n]));
  /** Set when what he has announced is executed. */
  readonly feeds = new Set<number>();
  readonly markets = new Set<number>();
  readonly assets = new Set<number>();
  #lent = 0n;
  #accounts = 100n;
  #winner: string | undefined;
  #bidder: string | undefined;
  #series: { readonly id: bigint; purchase?: bigint } | undefined;

  private constructor(stage: Stage, random: Random, segment: bigint) {
    this.#stage = stage;
    this.#random = random;
    this.segment = segment;
  }

  static async create(stage: Stage, random: Random): Promise<Thief> {
    const { fund, helper, evil, vault, reinsurance } = stage;
    const layers = { backstop: await vault.getAddress(), reinsurance: await reinsurance.getAddress() };
    const registering = [await evil.venue.getAddress(), ALL, layers] as const;
    const segment = await fund.connect(helper).registerSegment.staticCall(...registering);
    await fund.connect(helper).registerSegment(...registering);
    return new Thief(stage, random, segment);
  }

  /** Sources of his that are listed say the price that everybody else sees. */
  async quote(): Promise<void> {
    for (const feed of this.feeds) await say({ feeds: this.#stage.evil.feeds.get(feed)! }, PRICE);
  }

  /** One step on a path. Reverts are the caller's to name. */
  async walk(path: Path): Promise<void> {
    if (path === "second venue") return this.#draw();
    if (path === "evil yield vault") return this.#lend();
    if (path === "evil source and sale")
      return this.#random.oneIn(3n) ? this.#sell() : this.#drain("evil source and sale", [0]);
    if (path === "many markets") return this.#drain(path, [...this.markets]);
    return this.#random.flag() ? this.#cheapCollateral() : this.#worthlessSeries();
  }

  /** What anyone may activate for him, and what his venue then draws. */
  async #draw(): Promise<void> {
    const { fund, helper, vault, reinsurance } = this.#stage;
    if (this.#random.flag()) {
      const layer = this.#random.pick([vault, vault, reinsurance]);
      await layer.activateCommitment(this.segment);
    }
    const { paid } = await fund.connect(helper).cover.staticCall(this.segment, REQUEST);
    await fund.connect(helper).cover(this.segment, REQUEST);
    expect(paid.reserve, "INV-07: a reserve of another segment").to.equal(0n);
    this.#took("second venue", paid.junior + paid.senior + paid.reinsurance);
  }

  /** A desk of his own takes what it may; what his yield vault was lent is gone already. */
  async #lend(): Promise<void> {
    const { investments, evil, segment, usd } = this.#stage;
    const lent = await usd.balanceOf(await evil.yieldVault.getAddress());
    this.#took("evil yield vault", (lent - this.#lent) * UNIT);
    this.#lent = lent;
    const amount = (await investments.investable(segment)) / UNIT;
    if (amount === 0n) return;
    const asked = this.#random.flag() ? amount : this.#random.between(1n, amount);
    await investments.connect(evil.desk).invest(segment, asked);
    this.#took("evil yield vault", asked * UNIT);
  }

  /** The fund's ether is sold at the consensus of the moment, whoever makes it. */
  async #sell(): Promise<void> {
    const { reserveSale, helper, usd, oracle, networkHelpers } = this.#stage;
    const isHonest = !this.feeds.has(0);
    if ((await reserveSale.startedAt(1)) === 0n) {
      await reserveSale.connect(helper).start(1);
      await networkHelpers.time.increase(this.#random.between(60n, 14_000n));
      await this.#stage.refresh();
      await this.quote();
    }
    await oracle.refresh(0);
    const price = await reserveSale.priceOf(1);
    if (isHonest) expect(price, "a sale at honest prices").to.be.at.least(LEAST_SALE);
    await usd.mint(helper.address, 1_000n * USD);
    await reserveSale.connect(helper).buy(1, WAD / 2n, 1_000n * USD);
    await reserveSale.forward();
  }

  /** Draws for losses that he makes in markets whose price is his. */
  async #drain(path: Path, numbers: readonly number[]): Promise<void> {
    const markets = numbers.filter((market) => this.feeds.has(market)).map((market) => this.#rigged(market));
    if (markets.length === 0) return;
    await this.#stage.refresh();
    await this.quote();
    await raise(this.#stage, markets);
    await this.#stage.refresh();
    await this.quote();
    await this.#crash(path, markets, () => this.#stage.deposit(this.#stage.key, STAKE, ++this.#accounts));
  }

  async #crash(path: Path, markets: readonly Rigged[], loser: () => Promise<string>): Promise<void> {
    const { helper, key, deposit, fund, segment } = this.#stage;
    const before = await fund.segmentOf(segment);
    try {
      this.#winner ??= await deposit(helper, WINNER);
      this.#bidder ??= await deposit(key, WINNER, 99n);
      await crash(this.#stage, markets, { winner: this.#winner, bidder: this.#bidder, loser }, UNITS);
    } finally {
      this.#took(path, (await fund.segmentOf(segment)).drawn - before.drawn);
      await this.quote();
    }
  }

  /** Positions that are to lose stand on tokens that he prints. */
  async #cheapCollateral(): Promise<void> {
    const { evil, house, key, oracle } = this.#stage;
    const asset = [...this.assets][0] ?? 2;
    const loser = async () => {
      const account = accountId(key.address, ++this.#accounts);
      // As much as the house believes to be worth his stake.
      const { price } = await oracle.lastPrice((await house.assetOf(asset))[0].feed);
      const amount = (STAKE * WAD * WAD) / price;
      await evil.junk.mint(key.address, amount);
      await evil.junk.connect(key).approve(await house.getAddress(), MAX);
      await house.connect(key).deposit(account, asset, amount);
      return account;
    };
    const market = this.feeds.has(0) ? 0 : [...this.markets][0];
    if (market === undefined) {
      await loser();
      return;
    }
    await this.#stage.refresh();
    await this.quote();
    await raise(this.#stage, [this.#rigged(market)]);
    await this.#stage.refresh();
    await this.quote();
    await this.#crash("worthless collateral or series", [this.#rigged(market)], loser);
  }

  /** Cover of his own on a fact of his own: a series is opened, bought, completed, and paid. */
  async #worthlessSeries(): Promise<void> {
    const { vault, verifier, helper, usd, evil, ethers } = this.#stage;
    const vaultAddress = await vault.getAddress();
    if (this.#series === undefined) {
      const week = (await this.#stage.now()) / WEEK + 9n;
      const opening = [await this.#evilProduct(), 5n * WAD, week] as const;
      const id = await vault.connect(helper).openSeries.staticCall(...opening);
      await vault.connect(helper).openSeries(...opening);
      this.#series = { id };
    }
    if (this.#series.purchase === undefined) {
      await usd.mint(helper.address, 10_000n * USD);
      for (const spender of [vaultAddress, await verifier.getAddress()])
        await usd.connect(helper).approve(spender, MAX);
      const units = ((await vault.freeCapital()) / 5n / WAD / 2n) * WAD;
      const buying = [this.#series.id, units, 10_000n * USD, helper.address] as const;
      const [purchase] = await vault.connect(helper).buy.staticCall(...buying);
      await vault.connect(helper).buy(...buying);
      this.#series.purchase = purchase;
    }
    const { id, purchase } = this.#series;
    if ((await vault.purchaseOf(purchase)).mintsAt !== 0n) await vault.complete(purchase);
    await evil.trigger.setFact(ethers.ZeroHash, 5n * WAD, await this.#stage.now(), 0n);
    await verifier.connect(helper).open(vaultAddress, id);
    await verifier.resolve(vaultAddress, id);
    await vault.sync(id);
    const units = (await vault.seriesOf(id)).supply;
    const paid = await vault.connect(helper).redeem.staticCall(id, units, helper.address);
    await vault.connect(helper).redeem(id, units, helper.address);
    this.#took("worthless collateral or series", paid * UNIT);
  }

  /** The last product over his trigger; the first ones are the house's. */
  async #evilProduct(): Promise<number> {
    const { vault, evil } = this.#stage;
    const trigger = await evil.trigger.getAddress();
    for (let product = 3; ; ++product) {
      const { terms } = await vault.productOf(product);
      if (terms.trigger === trigger || terms.trigger === `0x${"0".repeat(40)}`) return product;
    }
  }

  #rigged(market: number): Rigged {
    return { market, feeds: this.#stage.evil.feeds.get(market)!, price: PRICE };
  }

  #took(path: Path, amount: bigint): void {
    this.taken.set(path, this.taken.get(path)! + amount);
  }
}
