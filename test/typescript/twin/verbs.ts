import type { BidRequest } from "./model/engine/LiquidationEngine.ts";
import type { Source } from "./model/PriceOracle.ts";
import type { RiskTargets } from "./model/house/RiskLimits.ts";
import type { Order } from "./model/SignedOrders.ts";
import type { Trade } from "./model/house/Trading.ts";
import { addressOf, refuse } from "./model/world.ts";
import type { Twin } from "./Twin.ts";

/** A value as the ABI carries it. */
export type Argument = string | bigint | boolean | readonly Argument[] | object;

/** Something that is done: plain data, so that it can be done again, without what was before it. */
export interface Command {
  readonly verb: string;
  /** Who sends it, lower case. */
  readonly sender: string;
  /** Seconds after the block before. */
  readonly after: bigint;
  readonly args: readonly Argument[];
}

/** What the sources of a feed are made to say; `lag` seconds before the last block. */
export interface Publication {
  readonly feed: bigint;
  readonly sources: readonly { readonly price: bigint; readonly lag: bigint; readonly answers: boolean }[];
}

export type Target = "house" | "engine" | "fund" | "oracle" | "orders" | "token";

interface Verb {
  readonly target: Target;
  /** Function of the contract. */
  readonly method: string;
  readonly play: (twin: Twin, args: readonly Argument[]) => void;
}

const house = (method: string, play: Verb["play"]): Verb => ({ target: "house", method, play });
const orders = (method: string, play: Verb["play"]): Verb => ({ target: "orders", method, play });
const engine = (method: string, play: Verb["play"]): Verb => ({ target: "engine", method, play });

/* Arguments are written by the generator in the order of the ABI. */
const text = (args: readonly Argument[], index: number): string => args[index] as string;
const number = (args: readonly Argument[], index: number): bigint => args[index] as bigint;

const restricted =
  (play: Verb["play"]): Verb["play"] =>
  (twin, args) => {
    const { sender } = twin.world;
    if (sender !== twin.administrator) refuse("AccessManagedUnauthorized", sender);
    play(twin, args);
  };

/** A call that only another contract may make: refused to everybody here. */
const linked =
  (expected: (twin: Twin) => bigint): Verb["play"] =>
  (twin) =>
    refuse("ClearingHouse_NotLinked", twin.world.sender, addressOf(expected(twin)));

const byEngine = linked((twin) => twin.house.config.get().engine);
const byItself = linked((twin) => BigInt(twin.house.address));

/** Everything that a sequence can do on the chain. */
export const VERBS: Readonly<Record<string, Verb>> = {
  deposit: house("deposit", (t, a) => t.house.deposit(text(a, 0), number(a, 1), number(a, 2))),
  depositWithPermit: house("depositWithPermit", (t, a) =>
    t.house.depositWithPermit(text(a, 0), number(a, 1), number(a, 2)),
  ),
  withdraw: house("withdraw", (t, a) => t.house.withdraw(text(a, 0), number(a, 1), number(a, 2))),
  move: house("move", (t, a) => t.house.move(text(a, 0), text(a, 1), number(a, 2), number(a, 3))),
  setDelegate: house("setDelegate", (t, a) => t.house.setDelegate(text(a, 0), number(a, 1), number(a, 2))),
  claimWithdrawal: house("claimWithdrawal", (t, a) => t.house.claimWithdrawal(text(a, 0))),
  roll: house("roll", (t, a) => t.house.roll(text(a, 0), number(a, 1))),
  buyCollateral: house("buyCollateral", (t, a) =>
    t.house.buyCollateral({
      seller: text(a, 0),
      buyer: text(a, 1),
      asset: number(a, 2),
      amount: number(a, 3),
      maxCost: number(a, 4),
    }),
  ),
  collectFees: house("collectFees", (t) => t.house.collectFees()),
  accrue: house("accrue", (t, a) => t.house.accrue(number(a, 0))),
  setSaleRecords: house("setSaleRecords", (t, a) => t.house.setSaleRecords(text(a, 0), a[1] as boolean)),
  markBlind: house("markBlind", (t, a) => t.house.markBlind(number(a, 0))),
  closeBlindLeg: house("closeBlindLeg", (t, a) => t.house.closeBlindLeg(text(a, 0), number(a, 1))),
  closeMarket: house("closeMarket", (t, a) => t.house.closeMarket(number(a, 0))),
  assessLiquidation: house("assessLiquidation", (t, a) => t.house.assessLiquidation(text(a, 0), text(a, 1))),
  trade: house("trade", (t, a) => t.house.trade(a[0] as Trade)),
  applyRisk: house("applyRisk", (t, a) => t.house.applyRisk(number(a, 0), a[1] as RiskTargets, number(a, 2))),
  pauseMarket: house("pauseMarket", (t, a) => t.house.pauseMarket(number(a, 0), number(a, 1))),
  announceClosing: house(
    "announceClosing",
    restricted((t, a) => t.house.announceClosing(number(a, 0), number(a, 1))),
  ),
  setMaintenanceTarget: house(
    "setMaintenanceTarget",
    restricted((t, a) => t.house.setMaintenanceTarget(number(a, 0), number(a, 1))),
  ),
  lowerCap: house(
    "lowerCap",
    restricted((t, a) => t.house.lowerCap(number(a, 0), number(a, 1))),
  ),
  slice: house("slice", byEngine),
  closeOut: house("closeOut", byEngine),
  socialize: house("socialize", byEngine),
  measure: house("measure", byEngine),
  setInAuction: house("setInAuction", byEngine),
  enqueue: house("enqueue", byItself),
  bookDeficit: house("bookDeficit", byItself),
  settleHouse: house(
    "settle",
    linked((twin) => twin.house.links.get().fund),
  ),
  start: engine("start", (t, a) => t.engine.start(text(a, 0))),
  touch: engine("touch", (t, a) => t.engine.touch(text(a, 0))),
  bid: engine("bid", (t, a) => t.engine.bid(a[0] as BidRequest)),
  bidMany: engine("bidMany", (t, a) => t.engine.bidMany(a[0] as readonly BidRequest[])),
  flag: engine("flag", (t, a) => t.engine.flag(text(a, 0))),
  deleverage: engine("deleverage", (t, a) => t.engine.deleverage(text(a, 0))),
  writeOff: engine("writeOff", (t, a) => t.engine.writeOff(text(a, 0))),
  donate: { target: "fund", method: "donate", play: (t, a) => t.fund.donate(number(a, 0), number(a, 1)) },
  settle: { target: "fund", method: "settle", play: (t, a) => t.fund.settle(number(a, 0)) },
  cover: {
    target: "fund",
    method: "cover",
    play: (t, a) => {
      const { engine: expected } = t.fund.segments.get(number(a, 0)).budgets;
      refuse("InsuranceFund_NotEngine", t.world.sender, addressOf(expected));
    },
  },
  /* Where the ABI has a signature, a command says who has signed. */
  fill: orders("fill", (t, a) => t.orders.fill({ order: a[0] as Order, signer: text(a, 1) }, text(a, 2), number(a, 3))),
  settleOrders: orders("settle", (t, a) =>
    t.orders.settle(
      { order: a[0] as Order, signer: text(a, 1) },
      { order: a[2] as Order, signer: text(a, 3) },
      number(a, 4),
    ),
  ),
  cancel: orders("cancel", (t, a) => t.orders.cancel(text(a, 0), a[1] as readonly bigint[])),
  cancelWord: orders("cancelWord", (t, a) => t.orders.cancelWord(text(a, 0), number(a, 1), number(a, 2))),
  /** The settlement token makes money and takes it away from whom it likes: so the house can come to hold less than it owes. */
  burn: { target: "token", method: "burn", play: (t, a) => t.house.cashToken.burn(text(a, 0), number(a, 1)) },
  mint: { target: "token", method: "mint", play: (t, a) => t.house.cashToken.mint(text(a, 0), number(a, 1)) },
  refresh: { target: "oracle", method: "refresh", play: (t, a) => void t.oracle.refresh(number(a, 0)) },
  refreshAll: { target: "oracle", method: "refreshAll", play: (t, a) => void t.oracle.refreshAll(number(a, 0)) },
};

/** What the world outside does: no transaction. */
export const PUBLISH = "publish";

/** The sources after a publication. */
export function published(twin: Twin, publications: readonly Publication[]): readonly (readonly Source[])[] {
  const sources = [...twin.oracle.sources];
  for (const { feed, sources: said } of publications) {
    sources[Number(feed)] = said.map(({ answers, lag, price }) => ({
      answers,
      price,
      publishedAt: twin.world.now - lag,
    }));
  }
  return sources;
}
