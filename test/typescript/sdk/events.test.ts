import { expect } from "chai";
import fc from "fast-check";

import {
  confirmed,
  InvalidCursorError,
  NodeFaultError,
  parseCursor,
  ReorganisationTooDeepError,
  streamLogs,
  UnknownEventError,
} from "../../../sdk/index.ts";
import type { BulwarkClient, Cursor, EventItem, StreamItem, StreamOptions } from "../../../sdk/index.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import { Ledger, WrittenChain } from "./support/chain.ts";
import { clientsOf } from "./support/client.ts";

const NOBODY: StreamOptions = { addresses: [] };

/** Reads to the head and keeps the ledger; answers the last cursor, as JSON. */
async function readAll(chain: WrittenChain, ledger: Ledger, options: Partial<StreamOptions> = {}): Promise<string> {
  const waits: number[] = [];
  const retry = { sleep: (time: number) => (waits.push(time), Promise.resolve()), ...options.retry };
  let cursor = JSON.stringify(options.cursor);
  for await (const item of streamLogs(chain, { ...NOBODY, ...options, retry })) {
    if (item.kind === "log") ledger.add(item.log);
    else if (item.kind === "removed") ledger.remove(item.log);
    else cursor = JSON.stringify(item.cursor);
  }
  return cursor;
}

const restored = (cursor: string): Partial<StreamOptions> => ({ cursor: JSON.parse(cursor) as Cursor });
const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe("SDK: event streams (SDK-01)", () => {
  it("SDK-01: gives out every log once, in order, and goes on from a stored cursor without gap or double", async () => {
    const [chain, ledger] = [new WrittenChain(30), new Ledger()];
    const cursor = await readAll(chain, ledger, { range: 7 });
    expect(ledger.logs).to.deep.equal(chain.canonical());
    chain.mine(5, 3);
    await readAll(chain, ledger, restored(cursor));
    expect(ledger.logs).to.deep.equal(chain.canonical());
    expect(ledger.logs.length).to.equal(45);
  });

  it("SDK-01: takes back what a reorganisation replaced, newest first, and reads what came instead", async () => {
    const [chain, ledger] = [new WrittenChain(20), new Ledger()];
    const cursor = await readAll(chain, ledger, { range: 3 });
    chain.reorganise(4, 1, 2);
    const items: StreamItem[] = [];
    for await (const item of streamLogs(chain, { ...NOBODY, range: 3, ...restored(cursor) })) items.push(item);
    const removed = items.filter(({ kind }) => kind === "removed");
    expect(removed.length, "a range of three is read again whole").to.be.within(4, 6);
    expect(items.slice(0, removed.length)).to.deep.equal(removed);
    for (const item of items) {
      if (item.kind === "log") ledger.add(item.log);
      else if (item.kind === "removed") ledger.remove(item.log);
    }
    expect(ledger.logs).to.deep.equal(chain.canonical());
  });

  it("SDK-01: with confirmations a reorganisation that shallow is never seen", async () => {
    const [chain, ledger] = [new WrittenChain(20), new Ledger()];
    const cursor = await readAll(chain, ledger, { confirmations: 5 });
    expect(ledger.logs).to.deep.equal(chain.canonical(5));
    const before = [...ledger.logs];
    chain.reorganise(5);
    await readAll(chain, ledger, { ...restored(cursor), confirmations: 5 });
    expect(ledger.logs).to.deep.equal(before);
  });

  it("SDK-01: a reorganisation at the depth that is remembered is taken back, one deeper is an error", async () => {
    for (const [depth, isFine] of [
      [10, true],
      [11, false],
    ] as const) {
      const [chain, ledger] = [new WrittenChain(50), new Ledger()];
      const cursor = await readAll(chain, ledger, { depth: 10, range: 4 });
      chain.reorganise(depth, 3);
      const error = await errorOf(readAll(chain, ledger, { ...restored(cursor), depth: 10 }));
      if (isFine) expect(ledger.logs).to.deep.equal(chain.canonical());
      else expect(error).to.be.instanceOf(ReorganisationTooDeepError).and.include({ block: 39 });
    }
  });

  it("SDK-01: a cursor holds logs as deep as the stream remembers, however much it has read at once", async () => {
    const [chain, ledger] = [new WrittenChain(500), new Ledger()];
    const { checkpoints } = parseCursor(JSON.parse(await readAll(chain, ledger, { depth: 10, range: 400 })));
    expect(ledger.logs.length).to.equal(500);
    expect(checkpoints.flatMap(({ logs }) => logs).length).to.equal(10);
    expect(checkpoints.map(({ isSettled }) => isSettled)).to.deep.equal([true, false]);
  });

  it("SDK-01: a node that is behind takes nothing back", async () => {
    const [chain, ledger] = [new WrittenChain(20), new Ledger()];
    const cursor = await readAll(chain, ledger);
    chain.behind = 6;
    expect(await readAll(chain, ledger, restored(cursor))).to.equal(cursor);
    expect(ledger.logs).to.deep.equal(chain.canonical());
  });

  it("SDK-01: a chain that changes while a range is read is read again, and nothing of it is given out meanwhile", async () => {
    const [chain, ledger] = [new WrittenChain(20), new Ledger()];
    let times = 3;
    chain.onLogs = () => {
      if (times-- > 0) chain.reorganise(2, 1);
    };
    ledger.remove = () => expect.fail("given out too early");
    await readAll(chain, ledger);
    expect(times).to.be.lessThan(0);
    expect(ledger.logs).to.deep.equal(chain.canonical());
  });

  it("SDK-01: a chain that changes after the look back is looked at again", async () => {
    const [chain, ledger] = [new WrittenChain(20), new Ledger()];
    const cursor = await readAll(chain, ledger);
    chain.mine(2);
    let times = 1;
    chain.onHead = () => {
      if (times-- > 0) chain.reorganise(5, 1);
    };
    await readAll(chain, ledger, restored(cursor));
    expect(ledger.logs).to.deep.equal(chain.canonical());
  });

  it("SDK-01: halves ranges that a node finds too large, and grows again after", async () => {
    const [chain, ledger] = [new WrittenChain(200), new Ledger()];
    chain.limit = 30;
    await readAll(chain, ledger, { range: 128, depth: 5 });
    expect(ledger.logs).to.deep.equal(chain.canonical());
    expect(chain.asked.slice(0, 4)).to.deep.equal([128, 64, 32, 16]);
    expect(Math.max(...chain.asked.slice(4)), "tried again").to.equal(32);
  });

  it("SDK-01: waits longer after each fault, and gives up with an error that leaves the cursor good", async () => {
    const [chain, ledger] = [new WrittenChain(10), new Ledger()];
    const waits: number[] = [];
    const sleep = (time: number) => (waits.push(time), Promise.resolve());
    const retry = { sleep, attempts: 4, firstWait: 100, longestWait: 300 };
    chain.faults = [new Error("socket hang up"), new Error("socket hang up"), new Error("socket hang up")];
    const cursor = await readAll(chain, ledger, { retry });
    expect(waits).to.deep.equal([100, 200, 300]);
    chain.mine(3);
    chain.faults = Array.from({ length: 4 }, () => new Error("socket hang up"));
    const error = await errorOf(readAll(chain, ledger, { ...restored(cursor), retry }));
    expect(error).to.be.instanceOf(NodeFaultError).and.include({ attempts: 4 });
    await readAll(chain, ledger, restored(cursor));
    expect(ledger.logs).to.deep.equal(chain.canonical());
  });

  it("SDK-01: at the head it polls until it is told to end", async () => {
    const chain = new WrittenChain(3);
    const stop = new AbortController();
    const seen: number[] = [];
    let polls = 0;
    const sleep = () => {
      if (++polls === 3) stop.abort();
      chain.mine(1);
      return Promise.resolve();
    };
    const options = { ...NOBODY, poll: 1, signal: stop.signal, retry: { sleep } };
    for await (const item of streamLogs(chain, options)) if (item.kind === "log") seen.push(item.log.blockNumber);
    expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
  });

  for (const value of [
    null,
    7,
    {},
    { format: 2, start: 0, checkpoints: [] },
    { format: 1, start: 0, checkpoints: [{}] },
  ]) {
    it(`SDK-01: refuses ${JSON.stringify(value)} as a cursor`, () => {
      expect(() => parseCursor(value)).to.throw(InvalidCursorError);
    });
  }

  it("SDK-01: whatever chain, node and reader do, the reader ends with the chain's logs", async () => {
    const event = fc.oneof(
      fc.record({
        kind: fc.constant("mine"),
        blocks: fc.integer({ min: 1, max: 12 }),
        logs: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({
        kind: fc.constant("reorganise"),
        depth: fc.integer({ min: 1, max: 6 }),
        more: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({
        kind: fc.constant("read"),
        range: fc.integer({ min: 1, max: 9 }),
        faults: fc.integer({ min: 0, max: 3 }),
      }),
      fc.record({ kind: fc.constant("limit"), limit: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant("behind"), behind: fc.integer({ min: 0, max: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        const [chain, ledger] = [new WrittenChain(3), new Ledger()];
        let cursor: string | undefined;
        const read = async (range: number) => {
          const from = cursor === undefined ? {} : restored(cursor);
          cursor = await readAll(chain, ledger, { ...from, range, depth: 8 });
        };
        let unread = 0;
        for (const step of events) {
          if ("blocks" in step) chain.mine(step.blocks, step.logs);
          else if ("limit" in step) chain.limit = step.limit;
          else if ("behind" in step) chain.behind = step.behind;
          else if ("depth" in step && unread + step.depth <= 8) chain.reorganise(step.depth, step.more);
          if ("depth" in step) unread += step.depth;
          if (!("range" in step)) continue;
          unread = 0;
          chain.faults = Array.from({ length: step.faults }, () => new Error("timeout"));
          await read(step.range);
        }
        chain.behind = 0;
        chain.mine(1);
        await read(5);
        expect(ledger.logs).to.deep.equal(chain.canonical());
      }),
      { seed: 20260722, numRuns: 300 },
    );
  });
});

describe("SDK: events of a deployment (SDK-01)", () => {
  let carol: BulwarkClient;
  const world = useWorld(async (w) => {
    carol = await (await clientsOf(w)).as(w.carol);
  });

  it("SDK-01: streams a bid by name, with values, and takes it back when the chain forgets it", async () => {
    const w = world();
    const fromBlock = await carol.provider.getBlockNumber();
    await w.cash(w.alice, 2_100n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 100_000n);
    const [alice, bob, bidder] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(185n * WAD);
    const beforeBid = await w.networkHelpers.takeSnapshot();
    const request = w.request(w.carol, alice);
    const receipt = await confirmed(carol.liquidations.bid(request));
    const events: EventItem[] = [];
    let cursor: Cursor | undefined;
    for await (const item of carol.events.stream({ fromBlock, contracts: ["engine"], events: ["BidFilled"] })) {
      if (item.kind === "cursor") cursor = item.cursor;
      else events.push(item);
    }
    expect(events.length).to.equal(1);
    const [bid] = events;
    if (bid?.kind !== "event") throw new Error("no event");
    expect(bid).to.include({ contract: "engine", event: "BidFilled" });
    expect(bid.log).to.include({ transactionHash: receipt.hash, blockNumber: receipt.blockNumber });
    expect(bid.values).to.include({ account: alice, bidder });
    expect(bid.values.result).to.have.all.keys(
      "fraction",
      "payment",
      "penalty",
      "shortfall",
      "covered",
      "socialized",
      "reward",
    );
    await beforeBid.restore();
    await w.networkHelpers.mine(2);
    const after: EventItem[] = [];
    const options = { cursor, contracts: ["engine"], events: ["BidFilled"] } as const;
    for await (const item of carol.events.stream(options)) if (item.kind !== "cursor") after.push(item);
    expect(after).to.deep.equal([{ ...bid, kind: "removed" }]);
  });

  it("SDK-01: names an event that no contract has", async () => {
    const error = await errorOf(carol.events.stream({ contracts: ["engine"], events: ["Deposited"] }).next());
    expect(error).to.be.instanceOf(UnknownEventError).and.include({ event: "Deposited" });
  });

  it("SDK-01: streams everything that the contracts say", async () => {
    const w = world();
    const fromBlock = (await carol.provider.getBlockNumber()) + 1;
    await w.cash(w.alice, 10n);
    const names: string[] = [];
    for await (const item of carol.events.stream({ fromBlock })) if (item.kind === "event") names.push(item.event);
    expect(names).to.deep.equal(["Deposited"]);
  });
});
