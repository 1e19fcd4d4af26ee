import { abs } from "../../../../sdk/math/WadMath.ts";
import type { Random } from "../../support/random.ts";
import { isLiquidatable, meetsInitial } from "../model/types.ts";
import type { Health } from "../model/types.ts";
import { bitsOf, ownerOf } from "../model/world.ts";
import type { Order } from "../model/SignedOrders.ts";
import type { Stage } from "../stage.ts";
import type { Twin } from "../Twin.ts";

/** A position as a draw sees it. */
export interface Held {
  readonly account: string;
  readonly market: bigint;
  readonly base: bigint;
}

/** What a draw looks at: the twin's state of now, and who there is. */
export class People {
  readonly twin: Twin;
  readonly random: Random;
  readonly accounts: readonly string[];
  readonly owners: readonly string[];
  /** Orders that were signed in this sequence. */
  readonly orders: Order[] = [];

  constructor({ accounts, people, twin }: Stage, random: Random) {
    this.twin = twin;
    this.random = random;
    this.accounts = accounts;
    this.owners = people;
  }

  get markets(): readonly bigint[] {
    return this.twin.universe.markets;
  }

  one<Item>(items: readonly Item[]): Item {
    const item = items[Number(this.random.below(BigInt(items.length)))];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }

  any(): string {
    return this.one(this.accounts);
  }

  /** Whoever may act for an account: mostly its owner. */
  senderFor(account: string): string {
    return this.random.oneIn(12n) ? this.one(this.owners) : ownerOf(account);
  }

  /** As of the last block; undefined where the twin cannot say. */
  health(account: string): Health {
    this.twin.world.transient.clear();
    return this.twin.house.healthOf(account);
  }

  /** Accounts that can be liquidated now, the clearing account left out. */
  get distressed(): readonly string[] {
    return this.accounts.filter((account) => isLiquidatable(this.health(account)));
  }

  get auctioned(): readonly string[] {
    return this.accounts.filter((account) => this.twin.engine.auctions.get(account).isOpen);
  }

  /** Positions that are not zero. */
  get held(): readonly Held[] {
    const { house } = this.twin;
    return this.accounts.flatMap((account) =>
      bitsOf(house.headers.get(account).markets)
        .map((market) => ({ account, market, base: house.leg(account, market, 0n).base }))
        .filter(({ base }) => abs(base) > 0n),
    );
  }

  /** Who holds collateral, and the clearing account. */
  get withCollateral(): readonly string[] {
    const { house } = this.twin;
    return [...this.accounts, house.clearing].filter((account) => house.headers.get(account).assets !== 0n);
  }

  get inDebt(): readonly string[] {
    const { house } = this.twin;
    return [...this.accounts, house.clearing].filter((account) => house.headers.get(account).cash < 0n);
  }

  get waiting(): readonly string[] {
    const { house } = this.twin;
    return this.accounts.filter((account) => house.queued.get(account).shares !== 0n);
  }

  hasConsensus(feed: bigint): boolean {
    this.twin.world.transient.clear();
    return this.twin.oracle.quote(feed).hasConsensus;
  }

  /** Worth something, and below initial margin. */
  get tight(): readonly string[] {
    return this.accounts.filter((account) => {
      const health = this.health(account);
      return health.value > 0n && !meetsInitial(health);
    });
  }

  price(feed: bigint): bigint {
    return this.twin.oracle.sources[Number(feed)]?.[0]?.price ?? 0n;
  }
}
