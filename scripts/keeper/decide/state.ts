// Everything that a decision depends on, read beforehand. Amounts WAD of the settlement asset, times in seconds.
import type { AccountId } from "../../../sdk/identifiers.ts";
import type { SaleHealth, SaleTerms } from "../../../sdk/previews/bid.ts";

/** What the operator allows and wants. */
export interface Rules {
  /** Most that may be laid out in a period of `BUDGET_PERIOD`: payments, and initial margin of what is taken. */
  readonly budget: bigint;
  /** Least that a bid or a purchase must bring after gas. */
  readonly minProfit: bigint;
  /** How far price and income may move between decision and execution, basis points. */
  readonly toleranceBps: bigint;
  /** Age at which a price is refreshed when no auction depends on it. */
  readonly refreshEvery: bigint;
  /** Age at which a market's limits of risk are measured anew; 0: never. */
  readonly syncEvery: bigint;
  /** Least balance between house and fund that is worth a settlement. */
  readonly settleAbove: bigint;
  /** Least that is worth the payment of a withdrawal that waits. */
  readonly payAbove: bigint;
  /** Most bonds of claims that may be out at a time; 0: no claims are opened. */
  readonly bonds: number;
}

/** Whose account takes what is bid for. */
export interface Bidder {
  readonly account: AccountId;
  /** What the account may lose before it may add no risk. */
  readonly freeMargin: bigint;
  /** Settlement asset of the account; what it owes is 0. */
  readonly cash: bigint;
}

export interface Health extends SaleHealth {
  readonly initialBalance: bigint;
  readonly initialMargin: bigint;
}

export interface AuctionState {
  readonly isOpen: boolean;
  readonly wasBelow: boolean;
}

/** What a bid for all that can be taken would do now. */
export interface Offer {
  readonly terms: SaleTerms;
  readonly fraction: bigint;
  /** Gross income of the fraction, reward included. */
  readonly income: bigint;
}

export interface AccountState {
  readonly account: AccountId;
  /** Of the house itself: its collateral is sold by CLR-10, and nobody bids for it. */
  readonly isHouseOwn: boolean;
  readonly health: Health;
  /** Markets, assets and feeds, one bit each. */
  readonly markets: bigint;
  readonly assets: bigint;
  readonly feeds: bigint;
  /** What was measured of its deficit and still counts (CLR-07). */
  readonly measured: bigint;
  readonly auction: AuctionState;
  /** Whether `deleverage` would go through now. */
  readonly isDeleverageable: boolean;
  /** Undefined where no bid would be taken, or nobody bids. */
  readonly offer: Offer | undefined;
}

/** A position of one account. */
export interface AccountPosition {
  readonly account: AccountId;
  readonly market: number;
}

export interface FeedState {
  readonly feed: number;
  readonly readAt: bigint;
  readonly maxGap: bigint;
}

export interface MarketState {
  readonly market: number;
  /** 0 before the first time. */
  readonly syncedAt: bigint;
  readonly isClosed: boolean;
}

/** A market with something to end. */
export interface EndingState {
  readonly market: number;
  /** Without consensus now (ORC-07). */
  readonly isBlind: boolean;
  /** Somebody has noted it. */
  readonly isMarked: boolean;
  /** Its announced end has come, and the house would close it (CLR-11). */
  readonly isClosable: boolean;
}

/** A withdrawal that waits, with what would be paid of it now (CLR-10). */
export interface WaitingState {
  readonly account: AccountId;
  readonly payable: bigint;
}

/** Collateral that is for sale (CLR-10). */
export interface SaleState {
  readonly seller: AccountId;
  readonly asset: number;
  readonly price: bigint;
  readonly discount: bigint;
  readonly held: bigint;
  /** What the sale may bring; undefined for the clearing account, which sells all it has. */
  readonly debt: bigint | undefined;
}

/** What decides a series. */
export interface Subject {
  readonly trigger: string;
  readonly terms: string;
  readonly mark: bigint;
  readonly endsAt: bigint;
}

/** A series of cover as verifier and vault know it. */
export interface ClaimState {
  readonly vault: string;
  readonly series: bigint;
  readonly isOpen: boolean;
  /** Opened by the keeper. */
  readonly isOwn: boolean;
  readonly isDecided: boolean;
  readonly payoutPerUnit: bigint;
  readonly confirmed: bigint;
  readonly eventAt: bigint;
  readonly startsAt: bigint;
  readonly endsAt: bigint;
  readonly reportsFrom: bigint;
  readonly reportsUntil: bigint;
  readonly lapsesAt: bigint;
  /** Whether the verifier has decided something that the vault has not taken in. */
  readonly isUnsynced: boolean;
  readonly subject: Subject;
  /** Whether one more observation would change what its trigger has counted (CLM-02). */
  readonly isWorthObserving: boolean;
}

/** In the bond token's own decimals. */
export interface BondState {
  readonly amount: bigint;
  readonly balance: bigint;
  readonly allowance: bigint;
}

/** A subscriber who has not heard of the latest incident as it stands. */
export interface NoticeState {
  readonly vault: string;
  readonly series: bigint;
  readonly subscriber: string;
}

export interface KeeperState {
  /** Time of the block that was read. */
  readonly now: bigint;
  readonly rules: Rules;
  /** Undefined: the keeper has no account; it does what costs gas only. */
  readonly bidder: Bidder | undefined;
  /** Smallest maintenance margin that is not zero. */
  readonly minMaintenanceMargin: bigint;
  /** Laid out in the period that ends now. */
  readonly spent: bigint;
  /** What one bid costs in gas. */
  readonly gasCost: bigint;
  readonly accounts: readonly AccountState[];
  /** Those that have missed more generations than one call carries over. */
  readonly oldPositions: readonly AccountPosition[];
  readonly feeds: readonly FeedState[];
  readonly markets: readonly MarketState[];
  readonly endings: readonly EndingState[];
  /** Positions that the house would close at the last price. */
  readonly blindLegs: readonly AccountPosition[];
  readonly waiting: readonly WaitingState[];
  readonly sales: readonly SaleState[];
  readonly claims: readonly ClaimState[];
  readonly bond: BondState | undefined;
  readonly notices: readonly NoticeState[];
  /** Signed account between house and fund. */
  readonly fundAccount: bigint;
  /** Actions by key that are not to be tried before a time. */
  readonly waits: ReadonlyMap<string, bigint>;
}

/** The budget is for so long, seconds. */
export const BUDGET_PERIOD = 86_400n;
