import { CALLS } from "./play/calls.ts";
import { INTRUSIONS } from "./play/intrusions.ts";
import type { Ending } from "./runner.ts";
import type { Twin } from "./Twin.ts";

/** How commands ended, over all sequences, and what a run must have come by. */
export class Outcomes {
  readonly #counts = new Map<string, number>();
  /** Errors that were met, counted. */
  readonly errors = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #fields = new Set<string>();
  /** Steps inside commands that were accepted, counted. */
  readonly steps = new Map<string, number>();
  accepted = 0;
  refused = 0;

  count(verb: string, ending: Ending): void {
    const name = `${verb}: ${ending}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (ending === "ok") this.accepted++;
    else {
      this.refused++;
      this.errors.set(ending, this.times(ending) + 1);
    }
  }

  /** How often an error was met. */
  times(error: Ending): number {
    return this.errors.get(error) ?? 0;
  }

  /** Takes in what a stage's twin has come by, and the fields that its commands have changed. */
  add({ tables, world }: Twin, changed: ReadonlySet<string>): void {
    for (const [step, count] of world.passed) this.steps.set(step, (this.steps.get(step) ?? 0) + count);
    for (const field of changed) this.#changed.add(field);
    for (const { fields } of tables) for (const field of fields) this.#fields.add(field);
  }

  get sorted(): readonly string[] {
    return [...this.#counts, ...this.steps].map(([name, count]) => `${name} ${count}`).sort();
  }

  /** Fields of the twin that no command has changed. */
  get unchanged(): readonly string[] {
    return [...this.#fields].filter((field) => !this.#changed.has(field)).sort();
  }

  /** What was never reached, of what must be reached. */
  get missing(): readonly string[] {
    return [
      ...VERBS_TO_ACCEPT.filter((verb) => !this.#counts.has(`${verb}: ok`)).map((verb) => `${verb}: never accepted`),
      ...ERRORS.filter((error) => this.times(error) === 0).map((error) => `${error}: never answered`),
      ...STEPS.filter((step) => !this.steps.has(step)).map((step) => `${step}: never passed`),
    ];
  }
}

/** All but the calls that nobody but a contract may make. */
const VERBS_TO_ACCEPT = Object.keys(CALLS).filter((verb) => !(verb in INTRUSIONS));

/** Errors that 500 sequences meet, each more than once with either of two seeds. */
const ERRORS = [
  "AccessManagedUnauthorized",
  "ClearingHouse_Bankrupt",
  "ClearingHouse_BelowInitialMargin",
  "ClearingHouse_BlindAccount",
  "ClearingHouse_CollateralNotForSale",
  "ClearingHouse_CostAboveLimit",
  "ClearingHouse_DeficitShareWithheld",
  "ClearingHouse_DeficitUnbooked",
  "ClearingHouse_DustPosition",
  "ClearingHouse_InAuction",
  "ClearingHouse_InsufficientBalance",
  "ClearingHouse_InvalidAmount",
  "ClearingHouse_InvalidClosing",
  "ClearingHouse_InvalidDelegate",
  "ClearingHouse_InvalidPrice",
  "ClearingHouse_InvalidSize",
  "ClearingHouse_MarketClosed",
  "ClearingHouse_MarketPaused",
  "ClearingHouse_NoConsensus",
  "ClearingHouse_NotAuthorized",
  "ClearingHouse_NotBlind",
  "ClearingHouse_NotClosing",
  "ClearingHouse_NotLinked",
  "ClearingHouse_NotLiquidatable",
  "ClearingHouse_OpenInterestCapExceeded",
  "ClearingHouse_PartialBidAgainstOwnSide",
  "ClearingHouse_PriceOutsideBand",
  "ClearingHouse_ReductionTooCostly",
  "ClearingHouse_SelfTrade",
  "ClearingHouse_UnknownAsset",
  "ClearingHouse_UnknownMarket",
  "InsuranceFund_InvalidAmount",
  "InsuranceFund_NotEngine",
  "LiquidationEngine_AlreadyStarted",
  "LiquidationEngine_ClearingAccount",
  "LiquidationEngine_IncomeBelowLimit",
  "LiquidationEngine_InvalidFraction",
  "LiquidationEngine_NoAuction",
  "LiquidationEngine_NotAuthorized",
  "LiquidationEngine_NotLiquidatable",
  "LiquidationEngine_NotWriteOff",
  "LiquidationEngine_PriceAboveLimit",
  "LiquidationEngine_TooEarly",
  "SignedOrders_ExceedsRemaining",
  "SignedOrders_Expired",
  "SignedOrders_InvalidFlags",
  "SignedOrders_InvalidSignature",
  "SignedOrders_InvalidSize",
  "SignedOrders_NotAuthorized",
  "SignedOrders_NotCrossing",
  "SignedOrders_NotReducing",
  "SignedOrders_WrongHouse",
  "SignedOrders_WrongTaker",
] as const;

/** Steps inside commands that were accepted, as often. */
const STEPS = [
  "a budget binds",
  "auction ended",
  "bid for a part",
  "bid for a whole account",
  "bid for an account that is partly blind",
  "bid of a batch filled",
  "bid of a batch refused",
  "bid with a loss that is socialised",
  "bid with a loss that layers pay",
  "bid with a reward",
  "collateral swept",
  "consensus missed",
  "deficit measured",
  "deleveraged to target",
  "deleveraged, loss socialised",
  "fill: adds",
  "fill: closes",
  "fill: opens",
  "fill: reduces",
  "fill: turns round",
  "fund settled: received",
  "fund settled: sent",
  "funding moved",
  "gap premium accrued",
  "generation ended",
  "junior tranche used up",
  "loss borne recorded",
  "loss spread over all markets",
  "loss unallocated",
  "measured deficit booked",
  "negative cash",
  "order filled in part",
  "position rolled",
  "queue served",
  "reduced below initial margin",
  "sale recorded",
  "share of a deficit withheld",
  "side charged",
  "surplus of the clearing account credited",
  "timed out by the wall clock",
  "timed out, live",
  "two orders settled",
  "unallocated loss repaid from fees",
  "unallocated loss shared",
  "vault collected",
  "vault drawn",
  "withdrawal claimed",
  "withdrawal queued",
  "written off",
] as const;

/** Fields that nothing here changes, in the order of their names. */
export const NEVER_CHANGED: readonly string[] = [
  // Decided when an asset is listed.
  ...["cap", "decimals", "feed", "haircut", "token"].map((field) => `_assets.${field}`),
  // What underwriters, holders of cover and governance move in a vault; its floor keeps senior from being used up by draws.
  ...["advances", "seniorEpoch"].map((field) => `_capital.${field}`),
  ...["activeFrom", "announced", "attachesAt", "endsInWeek", "lastDrawnAt"].map((field) => `_commitments.${field}`),
  // Decided when the house is deployed, linked and listed.
  ...["bandBps", "engine", "takerFeeBps"].map((field) => `_config.${field}`),
  "_feeds.cache.version",
  ...["accruedAt", "atRisk", "decided", "escrowed", "liability", "payable_", "rate", "unearned"].map(
    (field) => `_ledger.${field}`,
  ),
  ...["fund", "guardian", "orderBook", "riskController"].map((field) => `_links.${field}`),
  "_listed",
  // No share moves, so that no interval ends.
  ...["juniorEpoch", "seniorEpoch"].map((field) => `_running.${field}`),
  ...["engine", "majorShare", "midShare", "rewardShare", "segmentShare", "tailShare"].map(
    (field) => `_segments.budgets.${field}`,
  ),
  ...["decimals", "layers.backstop", "layers.reinsurance", "token", "venue"].map((field) => `_segments.${field}`),
  ...["advanced", "advances", "maxAdvancePerShare", "queued"].map((field) => `_tranches.${field}`),
];
