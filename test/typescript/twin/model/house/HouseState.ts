import { asInt128 } from "../../../../../sdk/math/checked.ts";
import type { Variable } from "../../storage/layout.ts";
import type { PriceOracle } from "../PriceOracle.ts";
import type { Token } from "../Token.ts";
import type * as types from "../types.ts";
import { Contract, ownerOf, refuse } from "../world.ts";
import type { World } from "../world.ts";

/** What a house is deployed with (ClearingStorage.Settings). */
export interface HouseSettings {
  readonly feeRecipient: string;
  readonly minMaintenanceMargin: bigint;
  readonly fundFeeShareBps: bigint;
  readonly negativeCashShareBps: bigint;
  readonly negativeCashCapBps: bigint;
}

/** Links of a house that its twin needs. */
export interface HouseParts {
  readonly oracle: PriceOracle;
  /** Tokens of the assets, the settlement asset first. */
  readonly tokens: readonly Token[];
  readonly settings: HouseSettings;
}

/** Twin of ClearingStorage.sol. */
export class HouseState extends Contract {
  readonly headers = this.table<types.Header>("_headers");
  readonly positions = this.table<types.Position>("_positions");
  readonly collateral = this.table<bigint>("_collateral");
  readonly liquidationCost = this.table<bigint>("_liquidationCost");
  readonly delegates = this.table<types.Delegate>("_delegates");
  readonly markets = this.table<types.Market>("_markets");
  readonly interest = this.table<types.Interest>("_interest");
  readonly sides = this.table<types.Side>("_sides");
  readonly facts = this.table<types.SideFacts>("_facts");
  readonly ends = this.table<types.GenerationEnd>("_ends");
  readonly assets = this.table<types.Asset>("_assets");
  readonly assetTotals = this.table<bigint>("_assetTotals");
  readonly config = this.table<types.Config>("_config");
  readonly fundAccount = this.table<types.FundAccount>("_fundAccount");
  readonly totals = this.table<types.Totals>("_totals");
  readonly deficits = this.table<types.Deficits>("_deficits");
  readonly measured = this.table<types.Measured>("_measured");
  readonly endings = this.table<types.Ending>("_endings");
  readonly queue = this.table<types.WithdrawalQueue>("_queue");
  readonly queueSide = this.table<types.Side>("_queueSide");
  readonly queueEnds = this.table<types.GenerationEnd>("_queueEnds");
  readonly queued = this.table<types.Position>("_queued");
  readonly records = this.table<types.AccountRecord>("_records");
  readonly links = this.table<types.Links>("_links");
  readonly listed = this.table<bigint>("_listed");

  readonly oracle: PriceOracle;
  readonly tokens: readonly Token[];
  readonly settings: HouseSettings;
  /** `_clearingAccount`. */
  readonly clearing: string;

  constructor(world: World, address: string, layout: ReadonlyMap<string, Variable>, parts: HouseParts) {
    super(world, address, layout);
    ({ oracle: this.oracle, tokens: this.tokens, settings: this.settings } = parts);
    this.clearing = `${this.address}${"0".repeat(24)}`;
  }

  get cashToken(): Token {
    return this.tokenOf(0n);
  }

  tokenOf(asset: bigint): Token {
    const token = this.tokens[Number(asset)];
    if (token === undefined) throw new Error(`the twin knows no token of asset ${asset}`);
    return token;
  }

  /* RIGHTS */

  isAuthorized(account: string, caller: string, scopes: bigint): boolean {
    const owner = ownerOf(account);
    if (caller === owner) return true;
    const delegate = this.delegates.get(owner, caller);
    return (delegate.scopes & scopes) === scopes && this.now < delegate.expiry;
  }

  protected requireAuthorized(account: string, scope: bigint): void {
    const caller = this.world.sender;
    if (!this.isAuthorized(account, caller, scope)) refuse("ClearingHouse_NotAuthorized", account, caller, scope);
  }

  /* ACCOUNT HEADERS */

  protected saveHeader(account: string, header: types.Header): void {
    const { cash: before } = this.headers.get(account);
    const { cash } = header;
    if (before < 0n || cash < 0n) {
      const sum = this.totals.get().negativeCash + (before < 0n ? before : 0n) - (cash < 0n ? cash : 0n);
      this.totals.change({ negativeCash: sum });
      if (cash >= 0n) header.negativeSince = 0n;
      else if (before >= 0n) header.negativeSince = (this.now + 255n) >> 8n;
      if (cash < 0n) this.world.pass("negative cash");
    }
    this.headers.set({ ...header }, account);
  }

  protected addCash(header: types.Header, amount: bigint): void {
    header.cash = asInt128(header.cash + amount, "cash");
  }

  protected creditFund(amount: bigint): void {
    const { balance, unallocated } = this.fundAccount.get();
    const repaid = amount < unallocated ? amount : unallocated;
    if (repaid !== 0n) this.world.pass("unallocated loss repaid");
    this.fundAccount.change({
      unallocated: unallocated - repaid,
      balance: asInt128(balance + amount - repaid, "balance"),
    });
  }

  protected debitFund(amount: bigint): void {
    this.fundAccount.change({ balance: asInt128(this.fundAccount.get().balance - amount, "balance") });
  }

  /* SMALL READERS */

  protected setPenaltyRate(market: bigint, rate: bigint): void {
    const steps = (rate - 500n) / 100n;
    const { addOn } = this.markets.get(market);
    this.markets.change({ addOn: (addOn & ADD_ON_MASK) | (steps << 20n) }, market);
  }

  protected requireMarket(market: bigint): bigint {
    if ((this.listed.get() & (1n << market)) === 0n) refuse("ClearingHouse_UnknownMarket", market);
    return market;
  }

  protected requireAsset(asset: bigint): types.Asset {
    const settings = this.assets.get(asset);
    if (settings.token === 0n) refuse("ClearingHouse_UnknownAsset", asset);
    return settings;
  }
}

/** The growth of mmr in `Market.addOn`. */
export const ADD_ON_MASK = (1n << 20n) - 1n;
