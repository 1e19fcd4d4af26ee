import { abs } from "../../../../sdk/math/WadMath.ts";
import { NO_ACCOUNT } from "../../../../sdk/identifiers.ts";
import { ownerOf } from "../model/world.ts";
import type { Trade } from "../model/house/Trading.ts";
import type { Order } from "../model/SignedOrders.ts";
import { drawTrade } from "./markets.ts";
import type { Call } from "./markets.ts";
import type { People } from "./people.ts";

/** An account's orders have so few nonces that they meet. */
const NONCES = 12n;

/** A fill as it is drawn for the house itself, as an order that its maker has signed; or one of the orders before once more. */
export function drawFill(people: People): Call {
  const { random } = people;
  const earlier = people.orders;
  const isNew = earlier.length === 0 || !random.oneIn(3n);
  const [fill] = drawTrade(people, "").args as [Trade];
  const order = isNew ? makerOrder(people, fill) : people.one(earlier);
  if (isNew) people.orders.push(order);
  const taker = random.oneIn(20n) ? people.any() : fill.taker;
  return {
    sender: people.senderFor(taker),
    args: [order, signerOf(people, order), taker, sizeOf(people, order, abs(fill.size))],
  };
}

/** Two orders that meet, relayed by anyone. */
export function drawSettlement(people: People): Call {
  const [fill] = drawTrade(people, "").args as [Trade];
  const maker = makerOrder(people, fill);
  const taker = { ...maker, account: fill.taker, size: -maker.size, nonce: people.random.below(NONCES) };
  const off = people.random.oneIn(10n) ? maker.limitPrice / 100n : 0n;
  const crossing = { ...taker, limitPrice: maker.limitPrice + (maker.size > 0n ? off : -off) };
  people.orders.push(maker);
  const size = sizeOf(people, maker, abs(fill.size));
  return {
    sender: people.one(people.owners),
    args: [maker, signerOf(people, maker), crossing, signerOf(people, crossing), size],
  };
}

export function drawCancel(people: People): Call {
  const account = people.any();
  return {
    sender: people.senderFor(account),
    args: [account, [people.random.below(NONCES), people.random.below(NONCES)]],
  };
}

export function drawCancelWord(people: People): Call {
  const account = people.any();
  const mask = people.one([1n, 6n, 0n]);
  return { sender: people.senderFor(account), args: [account, 0n, mask] };
}

function makerOrder(people: People, { maker, market, price, size, taker }: Trade): Order {
  const { random, twin } = people;
  const flags = people.one([0n, 2n, 2n, 2n, 1n, 3n, random.oneIn(10n) ? 4n : 2n]);
  const isPartial = (flags & 2n) !== 0n;
  return {
    house: random.oneIn(40n) ? twin.engine.address : twin.house.address,
    account: maker,
    market,
    size: -size * (isPartial ? people.one([1n, 2n, 3n]) : 1n),
    limitPrice: price,
    expiry: twin.world.now + people.one([0n, 60n, 100_000n, 100_000n]),
    nonce: random.below(NONCES),
    flags,
    taker: random.oneIn(5n) ? taker : NO_ACCOUNT,
  };
}

/** Mostly what was drawn; else all of the order, or nonsense. */
function sizeOf(people: People, order: Order, size: bigint): bigint {
  return people.one([size, size, size, abs(order.size), people.random.oneIn(6n) ? 0n : size, size + 1n]);
}

const signerOf = (people: People, { account }: Order): string =>
  people.random.oneIn(15n) ? people.one(people.owners) : ownerOf(account);
