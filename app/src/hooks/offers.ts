// Orders that can be filled now: those of the board, and one from a link.
import { useQuery } from "@tanstack/react-query";

import { readBoard } from "../chain/orderBoard.ts";
import type { Offer } from "../chain/sweep.ts";
import { decodeOrder, encodeOrder } from "../../../sdk/index.ts";
import type { SignedOrder } from "../../../sdk/index.ts";
import { useNow } from "./clock.ts";
import { useDeployment } from "./network.tsx";
import { useRead } from "./read.ts";
import { useStored } from "./stored.ts";

/** Between two looks at the board, milliseconds. */
const LOOK = 2_000;

/** @param extra an order that was brought from elsewhere */
export function useOffers(extra: SignedOrder | undefined) {
  const { client, network, chainKey } = useDeployment();
  const now = useNow();
  // A board changes between blocks, too.
  const board = useQuery({
    queryKey: [chainKey, "board"],
    queryFn: () => (network.orders === undefined ? [] : readBoard(network.orders, client.orders.book)),
    refetchInterval: LOOK,
  });
  const listed = board.data ?? [];
  const hashes = listed.map(({ hash }) => hash).join();
  const answer = useRead(["offers", extra?.hash, { version: hashes }], async () => {
    const house = client.addresses.house.toLowerCase();
    const mine = [...listed, ...(extra === undefined ? [] : [extra])].filter(
      ({ order }) => order.house.toLowerCase() === house,
    );
    const unique = [...new Map(mine.map((signed) => [signed.hash, signed])).values()];
    const left = await Promise.all(unique.map(({ order }) => client.orders.remaining(order)));
    return unique.map((signed, index): Offer => ({ signed, remaining: left[index] ?? 0n }));
  });
  const offers = answer.value?.filter(({ signed, remaining }) => remaining > 0n && signed.order.expiry > now);
  return { ...answer, error: answer.error ?? board.error, value: offers };
}

/** Orders that this browser has signed on this chain, as texts, newest first. */
export function useOwnOrders(): {
  orders: readonly SignedOrder[];
  add: (signed: SignedOrder) => void;
  drop: (hash: string) => void;
} {
  const { client, chainKey } = useDeployment();
  const key = `bulwark:orders:${chainKey}`;
  const [stored, store] = useStored(key, "[]");
  const orders = parseAll(stored).flatMap((text) => {
    try {
      return [decodeOrder(text, client.orders.book)];
    } catch {
      return []; // From another version of the page.
    }
  });
  const write = (list: readonly SignedOrder[]) => store(JSON.stringify(list.map(encodeOrder)));
  return {
    orders,
    add: (signed) => write([signed, ...orders].slice(0, 50)),
    drop: (hash) => write(orders.filter((one) => one.hash !== hash)),
  };
}

function parseAll(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return []; // Nothing that this page has written.
  }
}
