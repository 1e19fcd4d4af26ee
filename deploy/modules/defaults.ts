import { hazardModel, modelIdOf } from "../../sdk/models.ts";

/** Risk class of a market, as in `MarketClass`. */
export const MarketClass = { Major: 0, Mid: 1, Tail: 2 } as const;

/** A feed and what differs from FEED_RULES. */
export interface FeedTerms {
  readonly feed: number;
  /** Oldest answer that counts, seconds: the feed's heartbeat and a margin. */
  readonly maxAge: number;
  readonly rules?: Partial<typeof FEED_RULES>;
}

/** Pyth's name of ETH / USD, the same on every chain. */
export const PYTH_ETH_USD = "0xff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace";

/** A market: see `MarketListing`. */
export interface MarketTerms {
  readonly market: number;
  readonly class: number;
  /** mmr, 1e-5. */
  readonly maintenanceRate: number;
  /** Growth of mmr per million units of notional, 1e-6. */
  readonly addOn: number;
  /** Highest open interest, wei of base. */
  readonly cap: bigint;
}

/** A collateral asset. */
export interface AssetTerms {
  readonly asset: number;
  readonly feed: number;
  /** Basis points taken off the value. */
  readonly haircut: number;
  /** Most whole units that the house holds. */
  readonly cap: bigint;
}

/**
 * How feeds are decided (spec section 12: delta 1%, maxGap 5 min, volatility floor 40% a year for majors). With three sources two
 * must survive, and more than half of three is two; of two kinds (R6).
 */
export const FEED_RULES = {
  quorum: 2,
  kinds: 2,
  maxDeviation: 10n ** 16n,
  maxGap: 300,
  volatilityFloor: 4n * 10n ** 17n,
};

/** Draw budgets of the segment in basis points (spec section 12): 35/20/10% by class, 60% in all, 2% for rewards. */
export const BUDGETS = { major: 3500, mid: 2000, tail: 1000, segment: 6000, reward: 200 };

/** Settings of the house that never change (spec section 12). */
export const HOUSE_SETTINGS = {
  minMaintenanceMargin: 10n * 10n ** 18n,
  bandBps: 200,
  takerFeeBps: 5,
  fundFeeShareBps: 2000,
  negativeCashShareBps: 5000,
  negativeCashCapBps: 1000,
};

/** ETH: class major, mmr 4%: 4 sigma sqrt(h) at 93% a year, inside the class's 3% to 25% (MRG-02). */
export const ETH_MARKET: MarketTerms = {
  market: 0,
  class: MarketClass.Major,
  maintenanceRate: 4_000,
  addOn: 2_000,
  cap: 1_000_000n * 10n ** 18n,
};

/** BTC: class major, mmr 3%, the floor of its class. */
export const BTC_MARKET: MarketTerms = {
  market: 1,
  class: MarketClass.Major,
  maintenanceRate: 3_000,
  addOn: 2_000,
  cap: 100_000n * 10n ** 18n,
};

/** Wrapped ether as collateral, priced by the ETH feed. */
export const WETH_ASSET: AssetTerms = { asset: 1, feed: 0, haircut: 1_000, cap: 1_000_000n };

/**
 * What BulwarkGovernor.sol says of itself, by its views: two days until a vote begins, a week to vote, half a million tokens to propose, 4% of
 * supply, two days to answer a late quorum, two days at least until an execution. Votes can change all but the last.
 */
export const GOVERNOR_SETTINGS = {
  votingDelay: 172_800n,
  votingPeriod: 604_800n,
  proposalThreshold: 500_000n * 10n ** 18n,
  quorumNumerator: 4n,
  quorumDenominator: 100n,
  lateQuorumVoteExtension: 172_800n,
  baseDelaySeconds: 172_800n,
};

/** Vaults (CVR-01): assets that are never drawn, WAD. */
export const VAULT_FLOOR = 100n * 10n ** 18n;

/** Reserve that lending to yield vaults leaves at least, WAD (FND-06). */
export const YIELD_FLOOR = 100_000n * 10n ** 18n;

/** Bond of an incident whose facts are on the chain, and what a lapse keeps of it, whole units of the settlement asset. */
export const CLAIM_BOND = { bond: 10n, lapseFee: 1n };

/** Longs and shorts of a market, as `ProductTerms.sides` and `IClearingHouseCore.distress` count them. */
export const sideBit = (market: number, long: boolean): bigint => 1n << BigInt(2 * market + (long ? 0 : 1));

/**
 * How much of the limit of cover against socialised loss is expected to be paid in a year: 2%, below the floor's minimum, so that use of the
 * capital sets the price (CVR-08).
 */
export const SOCIALIZED_LOSS_MODEL = hazardModel(2n * 10n ** 16n);

/** Cover against socialised loss (CVR-07, spec section 12: waiting 72 h for venue events). */
export const SOCIALIZED_LOSS = {
  minLimit: 10n ** 16n,
  maxLimit: 10n ** 23n,
  maxTermWeeks: 10,
  capacityShareBps: 5_000,
  model: modelIdOf(SOCIALIZED_LOSS_MODEL),
  waiting: 72 * 3_600,
};

/** Parameters of a class of markets: see `ClassParameters` of contracts/types/Risk.sol. */
export interface ClassTerms {
  /** Bounds of mmr's target, 1e-5. */
  readonly maintenanceFloor: number;
  readonly maintenanceCap: number;
  /** z, 1e-2. */
  readonly deviations: number;
  /** Basis points of notional that count as expected shortfall at least. */
  readonly shortfallFloor: number;
  /** Basis points of the fund's resources that one market may rely on. */
  readonly resourceShare: number;
  /** pi0, basis points of MM. */
  readonly basePenalty: number;
  /** u, basis points. */
  readonly chargedShare: number;
  /** Basis points. */
  readonly loading: number;
}

/** In the order of `ClassParameters`. */
export const fieldsOf = (terms: ClassTerms): readonly number[] => [
  terms.maintenanceFloor,
  terms.maintenanceCap,
  terms.deviations,
  terms.shortfallFloor,
  terms.resourceShare,
  terms.basePenalty,
  terms.chargedShare,
  terms.loading,
];

const EVERY_CLASS = { deviations: 400, basePenalty: 1_000, chargedShare: 1_000, loading: 15_000 };

/**
 * Risk control (spec section 12): mmr z = 4, floor 3/5/10%, cap 25/35/50%; target floor 1.5/3/6%; pi0 10%; u 0.1, loading 1.5. A market may
 * rely on what its class may draw in a day (BUDGETS).
 */
export const RISK_PARAMETERS: [ClassTerms, ClassTerms, ClassTerms] = [
  {
    ...EVERY_CLASS,
    maintenanceFloor: 3_000,
    maintenanceCap: 25_000,
    shortfallFloor: 150,
    resourceShare: BUDGETS.major,
  },
  { ...EVERY_CLASS, maintenanceFloor: 5_000, maintenanceCap: 35_000, shortfallFloor: 300, resourceShare: BUDGETS.mid },
  {
    ...EVERY_CLASS,
    maintenanceFloor: 10_000,
    maintenanceCap: 50_000,
    shortfallFloor: 600,
    resourceShare: BUDGETS.tail,
  },
];
