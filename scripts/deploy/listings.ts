// Feeds, markets, assets, products, the fund's segment and its desk, read back from the chain and compared with what the deployment asked for (GOV-02).
// What risk control moves by rule, a market's margin rate and cap of the day, is held to its bounds. Extra listings are differences too.
import { AbiCoder, Contract, Interface, Result } from "ethers";
import type { ContractRunner, Provider } from "ethers";

import { RISK_PARAMETERS, YIELD_FLOOR } from "../../deploy/modules/defaults.ts";
import type { AssetTerms, MarketTerms } from "../../deploy/modules/defaults.ts";
import type { Compare } from "./check.ts";
import type { RecordedCall } from "./journal.ts";
import { eventsOf } from "./logs.ts";

const RULES = "tuple(uint8 quorum, uint8 kinds, uint64 maxDeviation, uint32 maxGap, uint64 volatilityFloor)";
const SOURCES = "tuple(address reader, address target, bytes settings)[]";
const PRODUCT =
  "tuple(address trigger, bytes32 terms, uint96 sides, uint96 minLimit, uint96 maxLimit, uint8 maxTermWeeks, uint16 capacityShareBps, " +
  "bytes32 model, uint32 waiting)";
const BUDGETS = "tuple(uint16 major, uint16 mid, uint16 tail, uint16 segment, uint16 reward)";
const LAYERS = "tuple(address backstop, address reinsurance)";
const EVENTS = new Interface([
  `event FeedListed(uint8 indexed feed, ${RULES} rules, ${SOURCES} sources)`,
  `event ProductAnnounced(uint32 indexed product, ${PRODUCT} terms, uint256 opensAt)`,
  "event ProductClosed(uint32 indexed product)",
  `event SegmentRegistered(uint32 indexed segment, address indexed venue, address indexed engine, address token, ${BUDGETS} budgets, ${LAYERS} layers)`,
]);
const HOUSE = new Interface([
  "function marketOf(uint8) view returns (tuple(int96 funding, int32 fundingRate, uint32 fundingAt, uint16 rateSet, uint16 rateTarget, " +
    "uint32 rateSetAt, uint24 addOn, uint8 flags), tuple(uint96 openInterest, uint96 cap, uint32 gapRate, uint32 gapAt))",
  "function listedCapOf(uint8) view returns (uint96)",
  "function listedMarkets() view returns (uint256)",
  "function closingOf(uint8) view returns (uint256 closesAt, bool isClosed)",
  "function assetOf(uint8) view returns (tuple(address token, uint8 decimals, uint8 feed, uint16 haircut, uint64 cap), uint256)",
  "function settlementToken() view returns (address)",
]);
const FUND = new Interface([
  "function investmentOf(uint32) view returns (tuple(address desk, uint256 activeFrom, uint256 floor, uint256 invested))",
]);
const MAX_ASSETS = 8;
/** Of a market's flags: its class, and whether it is listed, open and not closed. */
const [CLASS_MASK, OPEN, LISTED, CLOSED] = [3n, 4n, 8n, 16n];

export interface Listings {
  readonly runner: Provider & ContractRunner;
  readonly addressOf: (name: string) => string;
  readonly calls: readonly RecordedCall[];
  readonly compare: Compare;
}

/** Compares all of it. */
export async function checkListings(about: Listings): Promise<void> {
  await checkFeeds(about);
  await checkMarkets(about);
  await checkAssets(about);
  for (const vault of ["CoverageVault", "ReinsuranceVault"]) await checkProducts(about, vault);
  await checkSegment(about);
}

const callsOf = ({ calls }: Listings, method: string) => calls.filter((call) => call.method === method);

/** One canonical word for a value of an ABI type, whether structs come as objects or as tuples. */
const words = (type: string, value: unknown): string => AbiCoder.defaultAbiCoder().encode([type], [plain(value)]);
const plain = (value: unknown): unknown => (value instanceof Result ? value.toArray().map(plain) : value);

/** A feed's sources are kept in a form of their own, and published when it is listed: the last listing counts. */
async function checkFeeds(about: Listings): Promise<void> {
  const events = await eventsOf(about.runner, about.addressOf("PriceOracle"), EVENTS, ["FeedListed"]);
  const found = new Map(events.map(({ args }) => [Number(args.feed), args]));
  const expected = callsOf(about, "listFeed");
  const feeds = expected.map(({ args }) => Number(args[0])).sort((a, b) => a - b);
  about.compare(
    "feeds",
    feeds,
    [...found.keys()].sort((a, b) => a - b),
  );
  for (const { args } of expected) {
    const [feed, rules, sources] = args as [number, unknown, { reader: string; target: string; settings: string }[]];
    const listed = found.get(Number(feed));
    if (listed === undefined) continue;
    about.compare(`feed ${feed}: rules`, words(RULES, rules), words(RULES, listed.rules));
    const actual = listed.sources as unknown as readonly (readonly [string, string, string])[];
    about.compare(`feed ${feed}: sources`, sources.length, actual.length);
    for (const [index, { reader, target, settings }] of sources.entries()) {
      const [isReader, isTarget, isSettings] = actual[index] ?? ["none", "none", "none"];
      about.compare(`feed ${feed}: source ${index}: reader`, reader, isReader);
      about.compare(`feed ${feed}: source ${index}: target`, target, isTarget);
      about.compare(`feed ${feed}: source ${index}: settings`, settings, isSettings);
    }
  }
}

async function checkMarkets(about: Listings): Promise<void> {
  const house = new Contract(about.addressOf("ClearingHouse"), HOUSE, about.runner);
  const expected = callsOf(about, "listMarket");
  const bitmap = expected.reduce((bits, { args }) => bits | (1n << BigInt(args[0] as number)), 0n);
  about.compare("house: markets", bitmap, await house.getFunction("listedMarkets")());
  for (const { args } of expected) {
    const [market, terms] = args as [number, Omit<MarketTerms, "market">];
    const [stored] = (await house.getFunction("marketOf")(market)) as [Record<string, bigint>];
    const { flags = 0n, addOn, rateSet, rateTarget } = stored;
    about.compare(`market ${market}: class`, terms.class, flags & CLASS_MASK);
    about.compare(`market ${market}: add-on`, terms.addOn, addOn);
    about.compare(`market ${market}: listed cap`, terms.cap, await house.getFunction("listedCapOf")(market));
    about.compare(`market ${market}: flags`, OPEN | LISTED, flags & (OPEN | LISTED | CLOSED));
    about.compare(`market ${market}: closing`, [0n, false], await house.getFunction("closingOf")(market));
    const { maintenanceFloor: floor, maintenanceCap: cap } = RISK_PARAMETERS[terms.class] ?? RISK_PARAMETERS[0];
    for (const [name, rate = 0n] of Object.entries({ rate: rateSet, "target rate": rateTarget })) {
      const bounds = `${floor} to ${cap}`;
      const isWithin = rate >= BigInt(floor) && rate <= BigInt(cap);
      about.compare(`market ${market}: ${name} within its class`, bounds, isWithin ? bounds : rate);
    }
  }
}

async function checkAssets(about: Listings): Promise<void> {
  const house = new Contract(about.addressOf("ClearingHouse"), HOUSE, about.runner);
  const expected = new Map(callsOf(about, "listAsset").map(({ args }) => [Number(args[0]), args.slice(1)]));
  for (let asset = 0; asset < MAX_ASSETS; asset++) {
    const [{ token, feed, haircut, cap }] = (await house.getFunction("assetOf")(asset)) as [
      Record<"token" | keyof Omit<AssetTerms, "asset">, unknown>,
    ];
    if (asset === 0) {
      about.compare("asset 0: settlement token", await house.getFunction("settlementToken")(), token);
      continue;
    }
    const none = ["0x0000000000000000000000000000000000000000", 0, 0, 0];
    about.compare(`asset ${asset}: token, feed, haircut, cap`, expected.get(asset) ?? none, [
      token,
      feed,
      haircut,
      cap,
    ]);
  }
}

/** Products of a vault, in the order in which they were announced. */
async function checkProducts(about: Listings, vault: string): Promise<void> {
  const address = about.addressOf(vault);
  const names = ["ProductAnnounced", "ProductClosed"];
  const events = await eventsOf(about.runner, address, EVENTS, names);
  const found = events.filter(({ name }) => name === "ProductAnnounced").map(({ args }) => words(PRODUCT, args.terms));
  const expected = callsOf(about, "announceProduct").filter(({ contract }) => contract === address);
  const terms = expected.map(({ args }) => words(PRODUCT, args[0]));
  about.compare(`${vault}: products`, terms.sort(), found.sort());
  const closed = events.filter(({ name }) => name === "ProductClosed").map(({ args }) => String(args.product));
  about.compare(`${vault}: closed products`, [], closed);
}

async function checkSegment(about: Listings): Promise<void> {
  const events = await eventsOf(about.runner, about.addressOf("InsuranceFund"), EVENTS, ["SegmentRegistered"]);
  const house = about.addressOf("ClearingHouse");
  const own = events.filter(({ args }) => args.venue === house);
  const expected = callsOf(about, "openSegment");
  about.compare("fund: segments of the house", expected.length, own.length);
  for (const [index, { args }] of expected.entries()) {
    const found = own[index]?.args;
    about.compare("fund: engine", about.addressOf("LiquidationEngine"), found?.engine);
    about.compare("fund: budgets", words(BUDGETS, args[0]), found && words(BUDGETS, found.budgets));
    about.compare("fund: vaults behind it", words(LAYERS, args[1]), found && words(LAYERS, found.layers));
    if (found === undefined) continue;
    const fund = new Contract(about.addressOf("InsuranceFund"), FUND, about.runner);
    const { desk, floor } = (await fund.getFunction("investmentOf")(found.segment)) as Record<string, unknown>;
    about.compare("fund: who may lend its reserve", about.addressOf("YieldDesk"), desk);
    about.compare("fund: what lending leaves", YIELD_FLOOR, floor);
  }
}
