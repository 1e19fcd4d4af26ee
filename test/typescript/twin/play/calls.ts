import { WAD } from "../../../../sdk/math/constants.ts";
import { max } from "../../../../sdk/math/WadMath.ts";
import { MarketFlag, Scope } from "../model/types.ts";
import { ownerOf } from "../model/world.ts";
import type { Stage } from "../stage.ts";
import { INTRUSIONS } from "./intrusions.ts";
import { drawRisk, drawTrade } from "./markets.ts";
import type { Call } from "./markets.ts";
import { drawCancel, drawCancelWord, drawFill, drawSettlement } from "./orders.ts";
import type { People } from "./people.ts";

/** Draws the arguments of one verb from what the twin holds; undefined where there is nothing to do it to. */
export type Draw = (people: People, senders: Stage["senders"]) => Call | undefined;

const MAX = (1n << 256n) - 1n;
const HOUR = 3_600n;

const anyone = (people: People): string => people.one(people.owners);
const anyMarket = (people: People): bigint => (people.random.oneIn(25n) ? 9n : people.one(people.markets));

/** One of these, where there is one; now and then any. */
function mostly(people: People, markets: readonly bigint[]): bigint {
  return markets.length === 0 || people.random.oneIn(12n) ? anyMarket(people) : people.one(markets);
}

/** Some of an amount: a part, all, a bit too much, and now and then nonsense. */
function some(people: People, amount: bigint): bigint {
  if (people.random.oneIn(20n)) return people.one([0n, 1n, 1n << 97n]);
  const part = people.one([1n, 100n, 300n, 500n, 900n, 1_000n, 1_000n, 1_001n]);
  return (max(amount, 0n) * part) / 1_000n;
}

/** An amount of an asset that an account has, in the token's own decimals. */
function heldOf({ twin }: People, account: string, asset: bigint): bigint {
  const { house } = twin;
  const wad = asset === 0n ? house.headers.get(account).cash : house.collateral.get(account, asset);
  return house.tokenOf(asset).toNativeDown(max(wad, 0n));
}

/** Cash, or mostly an asset of which an account has some. */
function assetOf(people: People, account: string): bigint {
  const asset = people.one([0n, 0n, 0n, 1n, 2n]);
  return heldOf(people, account, asset) > 0n || people.random.oneIn(8n) ? asset : 0n;
}

function deposit(people: People): Call {
  const account = people.any();
  const sender = people.senderFor(account);
  const asset = people.one([0n, 0n, 0n, 1n, 2n]);
  const amount = people.one([10n, 150n, 1_000n, 5_000n, people.random.oneIn(8n) ? 9_000_000n : 400n]);
  const unit = [1_000_000n, 10n ** 16n, 10n ** 4n][Number(asset)] ?? 1n;
  const odd = people.random.below(unit);
  const nonsense = people.random.oneIn(25n);
  return { sender, args: [account, nonsense ? 5n : asset, amount * unit + odd] };
}

function withdraw(people: People): Call {
  const account = people.any();
  const asset = assetOf(people, account);
  const sender = people.senderFor(account);
  return { sender, args: [account, asset, some(people, heldOf(people, account, asset))] };
}

function move(people: People): Call {
  const [first] = people.accounts;
  const other = people.accounts.at(-1) ?? "";
  const [from, to] = people.random.flag() ? [first ?? "", other] : [other, first ?? ""];
  const asset = assetOf(people, from);
  const { house } = people.twin;
  const balance = asset === 0n ? house.headers.get(from).cash : house.collateral.get(from, asset);
  const target = people.random.oneIn(10n) ? people.any() : to;
  return { sender: people.senderFor(from), args: [from, target, asset, some(people, balance)] };
}

function setDelegate(people: People): Call {
  const sender = anyone(people);
  const scopes = people.one([Scope.All, Scope.Trade, Scope.Withdraw, 0n, people.random.oneIn(10n) ? 16n : 3n]);
  const expiry = people.twin.world.now + people.one([0n, 60n, 100n * HOUR]);
  return { sender, args: [people.random.oneIn(20n) ? sender : anyone(people), scopes, expiry] };
}

/** Whoever is below maintenance margin, or now and then anyone. */
function target(people: People): string | undefined {
  const distressed = people.distressed;
  if (distressed.length > 0 && !people.random.oneIn(15n)) return people.one(distressed);
  if (people.random.oneIn(30n)) return people.twin.house.clearing;
  return people.random.oneIn(6n) ? people.any() : undefined;
}

function bidRequest(people: People, account: string) {
  const { random } = people;
  const others = people.accounts.filter((other) => other !== account);
  const rich = [...others].sort((a, b) => (people.health(a).initialBalance > people.health(b).initialBalance ? -1 : 1));
  const bidder = random.oneIn(3n) ? people.one(people.accounts) : (rich[random.oneIn(4n) ? 1 : 0] ?? account);
  return {
    account,
    bidder,
    fraction: people.one([
      WAD,
      WAD,
      WAD,
      WAD / 2n,
      WAD / 10n,
      WAD / 1_000n,
      1n,
      random.oneIn(15n) ? WAD + 1n : WAD / 3n,
    ]),
    minFraction: random.oneIn(8n) ? WAD / 2n : 0n,
    maxPrice: random.oneIn(10n) ? 100n * WAD : MAX,
    minIncome: random.oneIn(12n) ? 50n * WAD : 0n,
  };
}

function bid(people: People): Call | undefined {
  const account = target(people);
  if (account === undefined) return undefined;
  const request = bidRequest(people, account);
  return { sender: people.senderFor(request.bidder), args: [request] };
}

function bidMany(people: People): Call | undefined {
  const account = target(people);
  if (account === undefined) return undefined;
  const first = bidRequest(people, account);
  const requests = [first, bidRequest(people, people.one([account, people.any()]))];
  return { sender: ownerOf(first.bidder), args: [requests] };
}

const atTarget: Draw = (people) => {
  const account = target(people);
  return account === undefined ? undefined : { sender: anyone(people), args: [account] };
};

function buyCollateral(people: People): Call | undefined {
  const debtors = people.withCollateral.filter((account) => people.inDebt.includes(account));
  const sellers = debtors.length > 0 && !people.random.oneIn(10n) ? debtors : people.withCollateral;
  if (sellers.length === 0 || (debtors.length === 0 && !people.random.oneIn(12n))) return undefined;
  const seller = people.one(sellers);
  const buyer = people.any();
  const assets = [1n, 2n].filter((asset) => people.twin.house.collateral.get(seller, asset) > 0n);
  const asset = people.random.oneIn(15n) ? 0n : people.one(assets.length > 0 ? assets : [1n]);
  const amount = people.one([MAX >> 160n, MAX >> 160n, WAD / 2n, WAD * 3n, people.random.oneIn(10n) ? 0n : 1n]);
  const maxCost = people.random.oneIn(6n) ? 10n * WAD : MAX;
  return { sender: people.senderFor(buyer), args: [seller, buyer, asset, amount, maxCost] };
}

function roll(people: People): Call | undefined {
  const { house } = people.twin;
  const stale = people.accounts.flatMap((account) =>
    people.markets
      .filter((market) => {
        const { generation, shares } = house.positions.get(account, market);
        return shares !== 0n && generation !== house.sides.get(market, shares > 0n).generation;
      })
      .map((market) => [account, market] as const),
  );
  if (stale.length === 0 && !people.random.oneIn(6n)) return undefined;
  return { sender: anyone(people), args: stale.length > 0 ? people.one(stale) : [people.any(), anyMarket(people)] };
}

function announceClosing(people: People): Call {
  const { twin } = people;
  const when = twin.world.now + people.one([168n * HOUR + 60n, 170n * HOUR, 100n * HOUR]);
  return { sender: people.random.oneIn(6n) ? anyone(people) : twin.administrator, args: [anyMarket(people), when] };
}

function lowerCap(people: People): Call {
  const { twin } = people;
  const cap = people.one([1_000n * WAD, 600n * WAD, 1n << 90n]);
  return { sender: people.random.oneIn(6n) ? anyone(people) : twin.administrator, args: [anyMarket(people), cap] };
}

function setMaintenanceTarget(people: People): Call {
  const rate = people.one([3_000n, 4_500n, 8_000n, 20_000n, people.random.oneIn(6n) ? 0n : 50_000n]);
  const sender = people.random.oneIn(6n) ? anyone(people) : people.twin.administrator;
  return { sender, args: [anyMarket(people), rate] };
}

function burn(people: People): Call {
  const { house } = people.twin;
  const left = people.one([0n, 100_000_001n, 2_000_000_000n]);
  const held = house.cashToken.balanceOf(house.address);
  return { sender: anyone(people), args: [house.address, max(held - left, 0n)] };
}

/** Tokens for the house: what those who wait still lack, or all of it but little, or any amount. */
function mint(people: People): Call {
  const { house } = people.twin;
  const { reserved, waiting } = house.queue.get();
  const token = house.cashToken;
  const lacking = token.toNativeDown(waiting + reserved) - token.balanceOf(house.address);
  const amount = people.one([lacking, lacking - 1n, lacking - 500n, some(people, 3_000_000_000n)]);
  return { sender: anyone(people), args: [house.address, max(amount, 0n)] };
}

/** Verbs with what they are called with. */
export const CALLS: Readonly<Record<string, Draw>> = {
  deposit,
  depositWithPermit: (people) => {
    const { args, sender } = deposit(people);
    const zero = `0x${"00".repeat(32)}`;
    return { sender, args: [...args, people.twin.world.now + HOUR, 27n, zero, zero] };
  },
  withdraw,
  move,
  setDelegate,
  trade: (people, { orderBook }) => drawTrade(people, orderBook),
  fill: drawFill,
  settleOrders: drawSettlement,
  cancel: drawCancel,
  cancelWord: drawCancelWord,
  claimWithdrawal: (people) => {
    const { waiting } = people;
    if (waiting.length === 0 && !people.random.oneIn(8n)) return undefined;
    return { sender: anyone(people), args: [waiting.length > 0 ? people.one(waiting) : people.any()] };
  },
  roll,
  buyCollateral,
  collectFees: (people) => ({ sender: anyone(people), args: [] }),
  accrue: (people) => ({ sender: anyone(people), args: [anyMarket(people)] }),
  setSaleRecords: (people) => {
    const account = people.any();
    return { sender: people.senderFor(account), args: [account, !people.random.oneIn(4n)] };
  },
  markBlind: (people) => {
    const blind = people.markets.filter((market) => !people.hasConsensus(market));
    return { sender: anyone(people), args: [mostly(people, blind)] };
  },
  closeBlindLeg: (people) => {
    const { endings } = people.twin.house;
    const marked = people.held.filter(
      ({ market }) => endings.get(market).blindSince !== 0n && !people.hasConsensus(market),
    );
    if (marked.length === 0 && !people.random.oneIn(5n)) return undefined;
    const { account, market } = people.one(marked.length > 0 ? marked : people.held);
    return { sender: anyone(people), args: [account, market] };
  },
  closeMarket: (people) => {
    const { endings, markets } = people.twin.house;
    const isOpen = (market: bigint) => (markets.get(market).flags & MarketFlag.Closed) === 0n;
    const announced = people.markets.filter((market) => endings.get(market).closesAt !== 0n && isOpen(market));
    if (announced.length === 0 && !people.random.oneIn(5n)) return undefined;
    return { sender: anyone(people), args: [mostly(people, announced)] };
  },
  announceClosing,
  assessLiquidation: (people) => {
    const account = people.any();
    return { sender: anyone(people), args: [account, people.random.flag() ? account : people.any()] };
  },
  applyRisk: (people, { riskController }) =>
    drawRisk(people, people.random.oneIn(15n) ? anyone(people) : riskController),
  pauseMarket: (people, { guardian }) => {
    const until = people.twin.world.now + people.one([0n, HOUR, 100n * HOUR]);
    return { sender: people.random.oneIn(8n) ? anyone(people) : guardian, args: [anyMarket(people), until] };
  },
  setMaintenanceTarget,
  lowerCap,
  start: atTarget,
  touch: (people) => {
    const { auctioned } = people;
    if (auctioned.length === 0 && !people.random.oneIn(10n)) return undefined;
    return { sender: anyone(people), args: [auctioned.length > 0 ? people.one(auctioned) : people.any()] };
  },
  bid,
  bidMany,
  flag: (people) => ({ sender: anyone(people), args: [target(people) ?? people.any()] }),
  deleverage: atTarget,
  writeOff: (people) => {
    const { house } = people.twin;
    const debtors = people.inDebt.filter((account) => house.headers.get(account).markets === 0n);
    if (debtors.length === 0 && !people.random.oneIn(8n)) return undefined;
    return { sender: anyone(people), args: [debtors.length > 0 ? people.one(debtors) : people.any()] };
  },
  donate: (people) => ({
    sender: anyone(people),
    args: [
      people.twin.universe.segment + (people.random.oneIn(15n) ? 1n : 0n),
      people.one([0n, 50_000_000n, 700_000_001n]),
    ],
  }),
  settle: (people) => ({ sender: anyone(people), args: [people.twin.universe.segment] }),
  refresh: (people) => ({ sender: anyone(people), args: [anyMarket(people)] }),
  refreshAll: (people) => ({ sender: anyone(people), args: [people.one([15n, 15n, 3n, 5n])] }),
  burn,
  mint,
  ...INTRUSIONS,
};
