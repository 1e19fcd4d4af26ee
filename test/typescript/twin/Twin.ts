import { FEED_RULES, HOUSE_SETTINGS, VAULT_FLOOR } from "../../../deploy/modules/defaults.ts";
import { CoverageVault } from "./model/fund/CoverageVault.ts";
import { InsuranceFund } from "./model/fund/InsuranceFund.ts";
import { ClearingHouse } from "./model/house/ClearingHouse.ts";
import { LiquidationEngine } from "./model/engine/LiquidationEngine.ts";
import { PriceOracle } from "./model/PriceOracle.ts";
import { SignedOrders } from "./model/SignedOrders.ts";
import { Token } from "./model/Token.ts";
import { World } from "./model/world.ts";
import type { Contract } from "./model/world.ts";
import { layoutOf, slotOf } from "./storage/layout.ts";
import type { Key } from "./storage/layout.ts";
import type { Table, Value } from "./storage/tables.ts";

/** Where the contracts of a deployment are. */
export interface Addresses {
  readonly house: string;
  readonly engine: string;
  readonly fund: string;
  readonly oracle: string;
  readonly orders: string;
  readonly chainId: bigint;
  readonly backstop: string;
  readonly reinsurance: string;
  /** Tokens of the assets and their decimals, the settlement asset first. */
  readonly tokens: readonly { readonly address: string; readonly decimals: bigint }[];
  readonly administrator: string;
}

/** What the entries of all tables can be, as far as the commands go. */
export interface Universe {
  readonly accounts: readonly string[];
  readonly people: readonly string[];
  readonly markets: readonly bigint[];
  readonly assets: readonly bigint[];
  readonly segment: bigint;
}

/** All contracts of a house in bigint, state for state. */
export class Twin {
  readonly world: World;
  readonly house: ClearingHouse;
  readonly engine: LiquidationEngine;
  readonly fund: InsuranceFund;
  readonly oracle: PriceOracle;
  readonly orders: SignedOrders;
  readonly tokens: readonly Token[];
  readonly vaults: readonly [CoverageVault, CoverageVault];
  readonly administrator: string;
  readonly universe: Universe;
  /** Slots of variables that no command writes (FIXED). */
  readonly #fixed = new Map<string, Map<bigint, bigint>>();

  private constructor(
    parts: Pick<Twin, "world" | "house" | "engine" | "fund" | "oracle" | "orders" | "tokens" | "vaults">,
    administrator: string,
    universe: Universe,
  ) {
    this.world = parts.world;
    this.house = parts.house;
    this.engine = parts.engine;
    this.fund = parts.fund;
    this.oracle = parts.oracle;
    this.orders = parts.orders;
    this.tokens = parts.tokens;
    this.vaults = parts.vaults;
    this.administrator = administrator.toLowerCase();
    this.universe = universe;
  }

  static async create(addresses: Addresses, universe: Universe): Promise<Twin> {
    const world = new World();
    const rules = {
      quorum: BigInt(FEED_RULES.quorum),
      kinds: BigInt(FEED_RULES.kinds),
      maxDeviation: FEED_RULES.maxDeviation,
      maxGap: BigInt(FEED_RULES.maxGap),
      volatilityFloor: FEED_RULES.volatilityFloor,
      maxAge: 86_400n,
    };
    const oracle = new PriceOracle(world, addresses.oracle, await layoutOf("PriceOracle"), rules);
    const tokenLayout = await layoutOf("MockToken");
    const tokens = addresses.tokens.map(({ address, decimals }) => new Token(world, address, tokenLayout, decimals));
    const settings = {
      feeRecipient: addresses.administrator.toLowerCase(),
      minMaintenanceMargin: HOUSE_SETTINGS.minMaintenanceMargin,
      fundFeeShareBps: BigInt(HOUSE_SETTINGS.fundFeeShareBps),
      negativeCashShareBps: BigInt(HOUSE_SETTINGS.negativeCashShareBps),
      negativeCashCapBps: BigInt(HOUSE_SETTINGS.negativeCashCapBps),
    };
    const house = new ClearingHouse(world, addresses.house, await layoutOf("ClearingHouse"), {
      oracle,
      tokens,
      settings,
    });
    const vaultLayout = await layoutOf("CoverageVault");
    const vault = (address: string) =>
      new CoverageVault(world, { address, layout: vaultLayout }, { token: house.cashToken, floor: VAULT_FLOOR });
    const [backstop, reinsurance] = [vault(addresses.backstop), vault(addresses.reinsurance)];
    const fundPlace = { address: addresses.fund, layout: await layoutOf("InsuranceFund") };
    const fund = new InsuranceFund(house, fundPlace, { backstop, reinsurance });
    const enginePlace = { address: addresses.engine, layout: await layoutOf("LiquidationEngine") };
    const engine = new LiquidationEngine(house, fund, { ...enginePlace, segment: universe.segment });
    const ordersPlace = { address: addresses.orders, layout: await layoutOf("SignedOrders") };
    const orders = new SignedOrders(house, { ...ordersPlace, chainId: addresses.chainId });
    const vaults: [CoverageVault, CoverageVault] = [backstop, reinsurance];
    return new Twin({ world, house, engine, fund, oracle, orders, tokens, vaults }, addresses.administrator, universe);
  }

  /** Contracts whose whole storage is known. */
  get whole(): readonly Contract[] {
    return [this.house, this.engine, this.fund, this.oracle, this.orders];
  }

  get contracts(): readonly Contract[] {
    return [...this.whole, ...this.vaults, ...this.tokens];
  }

  get tables(): readonly Table<Value>[] {
    return this.contracts.flatMap(({ tables }) => tables);
  }

  /** Takes every entry of every table from the chain. */
  async load(read: (contract: string, slot: bigint) => Promise<bigint>): Promise<void> {
    for (const table of this.tables) {
      for (const key of this.#keysOf(table)) {
        const slots = table.slots(...key);
        const words = new Map<bigint, bigint>();
        for (const slot of slots) words.set(slot, await read(table.contract, slot));
        table.load((slot) => words.get(slot) ?? 0n, ...key);
      }
    }
    for (const { address, untouched } of this.whole) {
      const words = new Map<bigint, bigint>();
      for (const variable of untouched) {
        const keys = FIXED[variable.label];
        if (keys === undefined) throw new Error(`${variable.label} is neither played nor known to be fixed`);
        if (keys === "empty") continue;
        const slot = slotOf(variable, keys === "house" ? [this.house.address] : []);
        words.set(slot, await read(address, slot));
      }
      this.#fixed.set(address, words);
    }
    for (const account of this.universe.people) for (const token of this.tokens) token.approve(account);
  }

  /** All keys that an entry of a table may have before anything is played. */
  #keysOf(table: Table<Value>): readonly (readonly Key[])[] {
    const { accounts, assets, markets, people, segment } = this.universe;
    const { label } = table.variable;
    const feeds = markets;
    const owners = [...people, this.administrator, ...this.contracts.map(({ address }) => address)];
    const byLabel: Readonly<Record<string, readonly (readonly Key[])[]>> = {
      _headers: each(accounts),
      _positions: pairs(accounts, markets),
      _collateral: pairs(accounts, assets),
      _liquidationCost: each(accounts),
      _delegates: pairs(people, people),
      _markets: each(markets),
      _interest: each(markets),
      _sides: pairs(markets, [true, false]),
      _facts: pairs(markets, [true, false]),
      _ends: markets.flatMap((market) => pairs([true, false], [0n, 1n, 2n, 3n]).map((key) => [market, ...key])),
      _assets: each(assets),
      _assetTotals: each(assets),
      _measured: each(accounts),
      _endings: each(markets),
      _queueEnds: each([0n, 1n, 2n, 3n]),
      _queued: each(accounts),
      _records: pairs(accounts, markets),
      _auctions: each(accounts),
      _deadSeconds: pairs(accounts, [0n]),
      _segments: [[segment]],
      _feeds: each(feeds),
      _balances: each(owners),
      _tranches: each([0n, 1n]),
      _commitments: [[segment]],
      _usedNonces: pairs(accounts, [0n]),
      _filled: each([`0x${"00".repeat(32)}`]),
    };
    const keys = byLabel[label];
    if (keys === undefined && table.variable.keys.length > 0) throw new Error(`keys of ${label} are not known`);
    return keys ?? [[]];
  }

  /** All storage of the contracts that are known whole: what the twin plays, and what was set up once and never changes. */
  storages(): { address: string; words: Map<bigint, bigint> }[] {
    return this.whole.map(({ address, tables }) => {
      const words = new Map(this.#fixed.get(address));
      for (const table of tables) {
        for (const name of table.names) for (const [slot, word] of table.words(name)) words.set(slot, word);
      }
      return { address, words };
    });
  }

  /** Every entry has its slot: what the chain writes elsewhere belongs to no entry that is known. */
  placeOf(contract: string, slot: bigint): { table: Table<Value>; name: string } | undefined {
    for (const table of this.tables) {
      if (table.contract !== contract) continue;
      const name = table.names.find((each) => table.words(each).has(slot));
      if (name !== undefined) return { table, name };
    }
    return undefined;
  }
}

/** Variables that no command here writes: single ones, the mapping in which set-up has made one entry, and those without any. */
const FIXED: Readonly<Record<string, "single" | "house" | "empty">> = {
  _authority: "single",
  _consumingSchedule: "single",
  _segment: "single",
  _segmentCount: "single",
  _segmentOfVenue: "house",
  _investments: "empty",
  _surpluses: "empty",
  _tokens: "empty",
  _nameFallback: "single",
  _versionFallback: "single",
};

const each = (keys: readonly Key[]): Key[][] => keys.map((key) => [key]);
const pairs = (first: readonly Key[], second: readonly Key[]): Key[][] =>
  first.flatMap((one) => second.map((other) => [one, other]));
