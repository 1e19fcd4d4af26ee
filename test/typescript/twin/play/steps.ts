import { WAD } from "../../../../sdk/math/constants.ts";
import { max } from "../../../../sdk/math/WadMath.ts";
import { addressOf, ownerOf } from "../model/world.ts";
import type { Command } from "../verbs.ts";
import { drawPublication, republication } from "./markets.ts";
import type { People } from "./people.ts";

/** A step of a mood's plan: a command, or the name of a verb whose arguments are drawn. */
export type Step = (people: People) => Command | { readonly verb: string; readonly after?: bigint };

export const once = (command: (people: People) => Command): Step => command;
export const call =
  (verb: string, after?: bigint): Step =>
  () =>
    after === undefined ? { verb } : { verb, after };
export const crash = (moves: readonly bigint[]): Step => once((people) => drawPublication(people, moves, 50n));

/** Fills an account's position away against whoever stands opposite. */
export const closes =
  (market: bigint, index: number): Step =>
  (people) => {
    const account = people.accounts[index] ?? "";
    const base = people.twin.house.leg(account, market, 0n).base;
    const maker = people.held.find((one) => one.market === market && one.base > 0n !== base > 0n)?.account ?? "";
    if (base === 0n || maker === "") return { verb: "trade" };
    const price = people.price(market);
    const fill = { taker: account, maker, market, size: -base, price };
    const { orderBook } = people.twin.house.links.get();
    return { verb: "trade", sender: addressOf(orderBook), after: 1n, args: [fill] };
  };

/** Measures an account that is not in distress: it changes no other's measure. */
export const flagsOther =
  (after: bigint): Step =>
  (people) => {
    const { distressed } = people;
    const others = people.accounts.filter((account) => !distressed.includes(account));
    return { verb: "flag", sender: people.one(people.owners), after, args: [people.one(others)] };
  };

/** Measures one of the accounts. */
export const flags =
  (account: number, after: bigint): Step =>
  (people) => ({ verb: "flag", sender: people.one(people.owners), after, args: [people.accounts[account] ?? ""] });

/** Takes out all that an account may take out, were no deficit measured. */
export const withdrawsFree =
  (index: number): Step =>
  (people) => {
    const account = people.accounts[index] ?? "";
    const { initialBalance, initialMargin } = people.health(account);
    const free = people.twin.house.cashToken.toNativeDown(max(initialBalance - initialMargin, 0n));
    return { verb: "withdraw", sender: ownerOf(account), after: 1n, args: [account, 0n, free] };
  };

export const writesOff =
  (account: number): Step =>
  (people) => ({
    verb: "writeOff",
    sender: people.one(people.owners),
    after: 1n,
    args: [people.accounts[account] ?? ""],
  });

/** One account bids for all that may be taken of another. */
export const bids =
  (seller: number, buyer: number): Step =>
  (people) => {
    const [account, bidder] = [people.accounts[seller] ?? "", people.accounts[buyer] ?? ""];
    const limits = { fraction: WAD, minFraction: 0n, maxPrice: WAD << 96n, minIncome: 0n };
    return { verb: "bid", sender: ownerOf(bidder), after: 60n, args: [{ account, bidder, ...limits }] };
  };

/** A fill at the index price between two of the accounts. */
export const fills =
  (market: bigint, taker: number, maker: number, size: bigint): Step =>
  (people) => {
    const { orderBook } = people.twin.house.links.get();
    const [one, other] = [people.accounts[taker] ?? "", people.accounts[maker] ?? ""];
    const fill = { taker: one, maker: other, market, size, price: people.price(market) };
    return { verb: "trade", sender: addressOf(orderBook), after: 1n, args: [fill] };
  };

/** Closes one of the accounts against the other sides. */
export const deleverages =
  (account: number, after = 1n): Step =>
  (people) => ({
    verb: "deleverage",
    sender: people.one(people.owners),
    after,
    args: [people.accounts[account] ?? ""],
  });

export const [ALICE, BOB, CAROL, DAVE, ERIN] = [0, 1, 2, 3, 4];

export const again = once((people) => republication(people));
