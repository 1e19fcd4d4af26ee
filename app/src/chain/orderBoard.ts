// A board of signed orders: a list that anyone may read and add to. It has no right: what it leaves out or makes up cannot be filled.
import { decodeOrder, encodeOrder } from "../../../sdk/index.ts";
import type { OrderBook, SignedOrder } from "../../../sdk/index.ts";
import { OrderRefusedError } from "./errors.ts";

const urlOf = (path: string): URL => new URL(path, document.baseURI);

/** Orders on the board; those that cannot be read are left out. */
export async function readBoard(path: string, book: OrderBook): Promise<readonly SignedOrder[]> {
  const response = await fetch(urlOf(path), { cache: "no-store" });
  if (!response.ok) throw new OrderRefusedError(`The order board answers ${response.status}.`);
  const texts = (await response.json()) as unknown;
  if (!Array.isArray(texts)) throw new OrderRefusedError("The order board does not answer with a list.");
  return texts.flatMap((text) => {
    try {
      return [decodeOrder(String(text), book)];
    } catch {
      return []; // Somebody else's nonsense is no reason to show nothing.
    }
  });
}

export async function postOrder(path: string, signed: SignedOrder): Promise<void> {
  const response = await fetch(urlOf(path), { method: "POST", body: encodeOrder(signed) });
  if (!response.ok) throw new OrderRefusedError(`The order board did not take the order: ${await response.text()}`);
}
