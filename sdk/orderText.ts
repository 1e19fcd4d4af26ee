// A signed order as a text that fits into a link: who has it can fill it. It carries no right but the one that was signed.
import { BulwarkError } from "./errors.ts";
import { buildOrder, hashOrder, OrderFlags } from "./orders.ts";
import type { OrderBook, SignedOrder } from "./orders.ts";

const PREFIX = "bulwark-order-1.";
/** Field by field, in this order; numbers as text. */
type Row = readonly [string, string, number, string, string, string, string, number, string, string];

export function encodeOrder({ order, signature }: Pick<SignedOrder, "order" | "signature">): string {
  const { house, account, market, size, limitPrice, expiry, nonce, flags, taker } = order;
  const numbers = [size, limitPrice, expiry, nonce].map(String) as [string, string, string, string];
  const row: Row = [house, account, market, ...numbers, flags, taker, signature];
  return PREFIX + btoa(JSON.stringify(row)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Reads an order from a text, or from a link that ends with one. Whose house it is for and whether it can be filled the caller asks. */
export function decodeOrder(text: string, book: OrderBook): SignedOrder {
  const at = text.indexOf(PREFIX);
  if (at < 0)
    throw new OrderTextError(`This is no order: a text that begins with "${PREFIX}", or a link with one in it.`);
  const row = parseRow(text.slice(at + PREFIX.length).trim());
  const [house, account, market, size, limitPrice, expiry, nonce, flags, taker, signature] = row;
  const order = read(() =>
    buildOrder(
      {
        house,
        account,
        market,
        size: BigInt(size),
        limitPrice: BigInt(limitPrice),
        expiry: BigInt(expiry),
        nonce: BigInt(nonce),
        reduceOnly: (flags & OrderFlags.REDUCE_ONLY) !== 0,
        partialFills: (flags & OrderFlags.PARTIAL_FILLS) !== 0,
        taker,
      },
      { now: 0n },
    ),
  );
  if (!/^0x([0-9a-f]{2})+$/i.test(signature))
    throw new OrderTextError("The order's signature is no hexadecimal text: copy it again.");
  return { order, signature, hash: hashOrder(order, book) };
}

function parseRow(encoded: string): Row {
  const row = read(() => JSON.parse(atob(encoded.replaceAll("-", "+").replaceAll("_", "/"))) as unknown);
  const kinds = "string,string,number,string,string,string,string,number,string,string";
  if (!Array.isArray(row) || row.map((item) => typeof item).join() !== kinds) {
    throw new OrderTextError("The order is damaged: a field is missing. Copy all of it.");
  }
  return row as unknown as Row;
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new OrderTextError("The order is damaged: copy all of it, from the first letter to the last.", { cause });
  }
}

/** A text that is no signed order. */
export class OrderTextError extends BulwarkError {
  override name = "OrderTextError";
}
