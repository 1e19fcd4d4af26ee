import { targetOf } from "../contracts.ts";
import type { BulwarkContracts } from "../contracts.ts";
import { EVENT_CONTRACTS, logReader, topicsOf } from "../events/decode.ts";
import type { NamedLog } from "../events/decode.ts";
import type { Cursor } from "../events/cursor.ts";
import { sourceOf } from "../events/source.ts";
import { streamLogs } from "../events/stream.ts";
import type { StreamOptions } from "../events/stream.ts";
import type { Context } from "./context.ts";

/** Which contracts and events; everything when left out. */
export interface EventOptions extends Omit<StreamOptions, "addresses" | "topics"> {
  readonly contracts?: readonly (keyof BulwarkContracts)[];
  readonly events?: readonly string[];
}

/** An event, an event that is no longer part of the chain, or how far everything has been given out. */
export type EventItem =
  | ({ readonly kind: "event" | "removed" } & NamedLog)
  | { readonly kind: "cursor"; readonly block: number; readonly cursor: Cursor };

/** What the contracts of a deployment say, in order. */
export class Events {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Streams events; see `streamLogs` for what cursor, confirmations and depth mean.
   * @example
   * for await (const item of client.events.stream({ events: ["BidFilled"], fromBlock, poll: 4_000 })) {
   *   if (item.kind === "event") console.log(item.values.account, item.values.result);
   * }
   */
  async *stream(options: EventOptions = {}): AsyncGenerator<EventItem, void> {
    const { contracts: names = EVENT_CONTRACTS, events, ...rest } = options;
    const { contracts, provider } = this.#context;
    const topics = events && topicsOf(events, names);
    const addresses = names.map((name) => targetOf(contracts[name]));
    const read = logReader(contracts);
    for await (const item of streamLogs(sourceOf(provider), { ...rest, addresses, ...(topics && { topics }) })) {
      if (item.kind === "cursor") {
        yield item;
        continue;
      }
      const named = read(item.log);
      if (named === undefined) continue;
      yield { kind: item.kind === "log" ? "event" : "removed", ...named };
    }
  }
}
