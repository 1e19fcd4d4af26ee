// A reader of events that survives restarts: what it has booked and how far it has read are stored together.
import type { BulwarkClient, Cursor } from "../index.ts";

/** What is stored, as JSON. */
export interface Book {
  readonly cursor: Cursor | undefined;
  /** Bids by account under liquidation. */
  readonly bids: Readonly<Record<string, number>>;
}

export interface BookStore {
  load(): Promise<Book | undefined>;
  save(book: Book): Promise<void>;
}

/** Counts bids up to the head of the chain, and takes back those of blocks that a reorganisation has replaced. */
export async function countBids(client: BulwarkClient, store: BookStore, fromBlock: number): Promise<Book> {
  let book: Book = (await store.load()) ?? { cursor: undefined, bids: {} };
  const stream = client.events.stream({ cursor: book.cursor, fromBlock, contracts: ["engine"], events: ["BidFilled"] });
  for await (const item of stream) {
    if (item.kind === "cursor") {
      book = { ...book, cursor: item.cursor };
      await store.save(book);
      continue;
    }
    const account = String(item.values.account);
    const count = (book.bids[account] ?? 0) + (item.kind === "event" ? 1 : -1);
    book = { ...book, bids: { ...book.bids, [account]: count } };
  }
  return book;
}
