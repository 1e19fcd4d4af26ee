/*
 * Structs of the contracts' storage under their Solidity names (contracts/types/Clearing.sol, Auction.sol, ClearingStorage.sol, fund/,
 * coverage/VaultStorage.sol). Numbers, addresses and identifiers are bigint.
 */

export type Header = {
  cash: bigint;
  markets: bigint;
  assets: bigint;
  lastLiquidatedAt: bigint;
  flags: bigint;
  negativeSince: bigint;
};
export type Position = { shares: bigint; quote: bigint; generation: bigint };
export type Side = { sum: bigint; product: bigint; generation: bigint };
export type GenerationEnd = { product: bigint; sum: bigint };
export type Market = {
  funding: bigint;
  fundingRate: bigint;
  fundingAt: bigint;
  rateSet: bigint;
  rateTarget: bigint;
  rateSetAt: bigint;
  /** Growth in the lower 20 bits, steps of the penalty above it. */
  addOn: bigint;
  flags: bigint;
};
export type Interest = { openInterest: bigint; cap: bigint; gapRate: bigint; gapAt: bigint };
export type SideFacts = { socializedPerUnit: bigint; deleveraged: bigint; lastAt: bigint; count: bigint };
export type Asset = { token: bigint; decimals: bigint; feed: bigint; haircut: bigint; cap: bigint };
export type Delegate = { scopes: bigint; expiry: bigint };
export type Config = { engine: bigint; bandBps: bigint; takerFeeBps: bigint; ratio: bigint; deficitsUntil: bigint };
export type FundAccount = { balance: bigint; unallocated: bigint; hasQueue: boolean };
export type Totals = { fees: bigint; negativeCash: bigint };
export type Deficits = {
  current: bigint;
  previous: bigint;
  epoch: bigint;
  resources: bigint;
  marketsCurrent: bigint;
  marketsPrevious: bigint;
};
export type Measured = { amount: bigint; epoch: bigint };
export type Ending = { closesAt: bigint; blindSince: bigint; listedCap: bigint; pausedUntil: bigint };
export type WithdrawalQueue = { waiting: bigint; reserved: bigint };
export type SaleRecord = { price: bigint; base: bigint; soldAt: bigint; side: bigint };
export type AccountRecord = { sale: SaleRecord; socializedPerUnit: bigint; borne: bigint };
export type Links = { fund: bigint; orderBook: bigint; riskController: bigint; guardian: bigint };

export type Auction = {
  elapsed: bigint;
  touchedAt: bigint;
  belowSince: bigint;
  isOpen: boolean;
  wasBelow: boolean;
};
export type Bucket = { penalties: bigint; updatedAt: bigint };

export type Budgets = {
  engine: bigint;
  majorShare: bigint;
  midShare: bigint;
  tailShare: bigint;
  segmentShare: bigint;
  rewardShare: bigint;
  usedMajor: bigint;
  usedMid: bigint;
  drawnAt: bigint;
  usedTail: bigint;
  usedReward: bigint;
  rewardedAt: bigint;
};
export type Segment = {
  reserve: bigint;
  owed: bigint;
  decimals: bigint;
  drawn: bigint;
  unpaid: bigint;
  budgets: Budgets;
  venue: bigint;
  pending: bigint;
  token: bigint;
  layers: { backstop: bigint; reinsurance: bigint };
};

export type VaultCapital = {
  junior: bigint;
  senior: bigint;
  juniorEpoch: bigint;
  seniorEpoch: bigint;
  advances: bigint;
  draws: bigint;
};
export type RunningLoss = {
  junior: bigint;
  senior: bigint;
  segment: bigint;
  juniorEpoch: bigint;
  seniorEpoch: bigint;
};
export type VaultLedger = {
  unearned: bigint;
  rate: bigint;
  accruedAt: bigint;
  committed: bigint;
  owed: bigint;
  decided: bigint;
  liability: bigint;
  escrowed: bigint;
  payable_: bigint;
  atRisk: bigint;
};
export type TrancheBook = {
  advanced: bigint;
  advances: bigint;
  queued: bigint;
  advanceChanges: bigint;
  maxAdvancePerShare: bigint;
};
export type Commitment = {
  remaining: bigint;
  owed: bigint;
  activeFrom: bigint;
  endsInWeek: bigint;
  announced: bigint;
  attachesAt: bigint;
  lastDrawnAt: bigint;
};

export type FeedState = {
  cache: {
    price: bigint;
    publishedAt: bigint;
    readAt: bigint;
    deadSeconds: bigint;
    spreadBps: bigint;
    version: bigint;
  };
  variance: { fast: bigint; slow: bigint; samplePrice: bigint };
  average: { sampledAt: bigint; average: bigint };
};

/** MRG-01, see contracts/types/Margin.sol. */
export interface Health {
  value: bigint;
  marginBalance: bigint;
  initialBalance: bigint;
  linearMargin: bigint;
  sizeMargin: bigint;
  blindMargin: bigint;
  initialMargin: bigint;
  blindSpread: bigint;
  blindLoss: bigint;
  penaltyBasis: bigint;
  hasBlind: boolean;
}

export const maintenanceOf = (health: Health): bigint => health.linearMargin + health.sizeMargin + health.blindMargin;
export const isLiquidatable = (health: Health): boolean => health.marginBalance < maintenanceOf(health);
export const reliefOf = (health: Health): bigint => health.blindSpread + health.blindLoss;
export const meetsInitial = (health: Health): boolean => health.initialBalance >= health.initialMargin;

export const Scope = { Trade: 1n, Deposit: 2n, Move: 4n, Withdraw: 8n, All: 15n } as const;
export const AccountFlag = { InAuction: 1n, Flagged: 2n, Recorded: 4n } as const;
export const MarketFlag = { Class: 3n, Open: 4n, Listed: 8n, Closed: 16n, Charged: 32n, Paused: 64n } as const;
