import * as consensusMath from "../../../../sdk/math/ConsensusMath.ts";
import type { Consensus } from "../../../../sdk/math/ConsensusMath.ts";
import { MAX_PRICE } from "../../../../sdk/math/constants.ts";
import * as volatility from "../../../../sdk/math/VolatilityMath.ts";
import { max, min } from "../../../../sdk/math/WadMath.ts";
import type { Variable } from "../storage/layout.ts";
import type { FeedState } from "./types.ts";
import { bitsOf, Contract, refuse } from "./world.ts";
import type { World } from "./world.ts";

/** A source of a feed as it stands; what answers nothing has price 0. */
export interface Source {
  readonly price: bigint;
  readonly publishedAt: bigint;
  readonly answers: boolean;
}

/** How a feed was listed. */
export interface FeedRules {
  readonly quorum: bigint;
  readonly kinds: bigint;
  readonly maxDeviation: bigint;
  readonly maxGap: bigint;
  readonly volatilityFloor: bigint;
  readonly maxAge: bigint;
}

interface Outcome {
  readonly isRead: boolean;
  readonly consensus: Consensus;
}

const MAX_UINT16 = (1n << 16n) - 1n;

/** Twin of PriceOracle.sol, Volatility.sol and the consensus of FeedRegistry.sol, without sequencer (ORC-02, ORC-04, ORC-05, VOL-01). */
export class PriceOracle extends Contract {
  readonly feeds = this.table<FeedState>("_feeds");
  /** What the world outside says, feed by feed: replaced, never changed in place. */
  sources: readonly (readonly Source[])[] = [];
  readonly #rules: FeedRules;

  constructor(world: World, address: string, layout: ReadonlyMap<string, Variable>, rules: FeedRules) {
    super(world, address, layout);
    this.#rules = rules;
  }

  refresh(feed: bigint): { price: bigint; hasConsensus: boolean } {
    const { price } = this.#known(feed).cache;
    const outcome = this.#outcomeOf(feed);
    if (outcome !== undefined) return { price, hasConsensus: outcome.isRead };
    const consensus = this.#observe(feed, price);
    const isRead = this.#isReached(feed, consensus);
    this.world.transient.set(`outcome ${feed}`, { isRead, consensus });
    if (isRead) return { price: this.#record(feed, consensus), hasConsensus: true };
    this.world.pass("consensus missed");
    return { price, hasConsensus: false };
  }

  refreshAll(feeds: bigint): { price: bigint; hasConsensus: boolean }[] {
    return bitsOf(feeds).map((feed) =>
      this.feeds.get(feed).cache.readAt === this.now ? this.quote(feed) : this.refresh(feed),
    );
  }

  quote(feed: bigint): { price: bigint; hasConsensus: boolean } {
    const { price, readAt } = this.feeds.get(feed).cache;
    const outcome = this.#outcomeOf(feed);
    if (outcome !== undefined) return { price, hasConsensus: outcome.isRead };
    if (readAt === this.now) return { price, hasConsensus: true };
    const consensus = this.#observe(feed, this.#known(feed).cache.price);
    const hasConsensus = this.#isReached(feed, consensus);
    return { price: hasConsensus ? consensus.price : price, hasConsensus };
  }

  consensusPrice(feed: bigint): bigint {
    const { price, readAt } = this.feeds.get(feed).cache;
    const outcome = this.#outcomeOf(feed);
    if (outcome === undefined && readAt === this.now) return price;
    const consensus = outcome?.consensus ?? this.#observe(feed, this.#known(feed).cache.price);
    if (outcome === undefined ? this.#isReached(feed, consensus) : outcome.isRead) {
      return outcome === undefined ? consensus.price : price;
    }
    return refuse("PriceOracle_NoConsensus", feed, consensus.fresh, consensus.agreeing, this.#required(feed));
  }

  lastPrice(feed: bigint): bigint {
    return this.#known(feed).cache.price;
  }

  readAt(feed: bigint): bigint {
    return this.feeds.get(feed).cache.readAt;
  }

  averagePrice(feed: bigint): bigint {
    return this.#known(feed).average.average;
  }

  deadSeconds(feed: bigint): bigint {
    return this.#deadSeconds(this.#known(feed));
  }

  blindMove(feed: bigint): bigint {
    const { cache, variance, average } = this.#known(feed);
    const [fast] = blended(variance, cache.price, cache.readAt - average.sampledAt);
    const floor = volatility.fromAnnualUp(this.#rules.volatilityFloor);
    return volatility.blindMoveUp(max(max(fast, variance.fast), floor), this.now - cache.readAt);
  }

  /* STEPS */

  /** What a feed's refresh came to in this transaction. */
  #outcomeOf(feed: bigint): Outcome | undefined {
    return this.world.transient.get(`outcome ${feed}`) as Outcome | undefined;
  }

  #observe(feed: bigint, last: bigint): Consensus {
    const answers = this.#sourcesOf(feed).flatMap(({ price, publishedAt, answers: isHonest }, kind) => {
      const isValid =
        isHonest &&
        price > 0n &&
        price <= MAX_PRICE &&
        publishedAt > 0n &&
        publishedAt <= this.now &&
        this.now - publishedAt <= this.#rules.maxAge;
      return isValid ? [{ price, publishedAt, kind: BigInt(kind) }] : [];
    });
    return consensusMath.decide(answers, { maxDeviation: this.#rules.maxDeviation, last });
  }

  #isReached(feed: bigint, consensus: Consensus): boolean {
    return consensusMath.isReached(consensus, { required: this.#required(feed), kinds: this.#rules.kinds });
  }

  #required(feed: bigint): bigint {
    return consensusMath.requiredAgreement(BigInt(this.#sourcesOf(feed).length), this.#rules.quorum);
  }

  #record(feed: bigint, consensus: Consensus): bigint {
    const state = this.#known(feed);
    const { cache } = state;
    const isNewer = consensus.publishedAt > cache.publishedAt;
    if (cache.readAt === this.now && !isNewer) return cache.price;
    const { price } = consensus;
    this.feeds.set(
      {
        cache: {
          price,
          publishedAt: isNewer ? consensus.publishedAt : cache.publishedAt,
          readAt: this.now,
          deadSeconds: this.#deadSeconds(state),
          spreadBps: min(consensus.spreadBps, MAX_UINT16),
          version: cache.version,
        },
        ...this.#advanced(state, price),
      },
      feed,
    );
    return price;
  }

  #advanced({ cache, variance, average: slot }: FeedState, price: bigint): Pick<FeedState, "variance" | "average"> {
    const average = volatility.movingAverageDown(slot.average, cache.price, this.now - cache.readAt);
    if (!volatility.isNewInterval(this.now, slot.sampledAt)) {
      return { variance, average: { sampledAt: slot.sampledAt, average } };
    }
    const [fast, slow] = blended(variance, price, this.now - slot.sampledAt);
    return { variance: { fast, slow, samplePrice: price }, average: { sampledAt: this.now, average } };
  }

  #deadSeconds({ cache }: FeedState): bigint {
    const gap = this.now - cache.readAt;
    return gap > this.#rules.maxGap ? cache.deadSeconds + gap - this.#rules.maxGap : cache.deadSeconds;
  }

  #known(feed: bigint): FeedState {
    const state = this.feeds.get(feed);
    if (state.cache.price === 0n) refuse("PriceOracle_UnknownFeed", feed);
    return state;
  }

  #sourcesOf(feed: bigint): readonly Source[] {
    return this.sources[Number(feed)] ?? [];
  }
}

function blended(stored: FeedState["variance"], price: bigint, elapsed: bigint): [fast: bigint, slow: bigint] {
  const realized = volatility.realizedVarianceUp(price, stored.samplePrice, elapsed);
  return [
    volatility.blendUp(stored.fast, realized, { elapsed, tau: volatility.FAST_TIME }),
    volatility.blendUp(stored.slow, realized, { elapsed, tau: volatility.SLOW_TIME }),
  ];
}
