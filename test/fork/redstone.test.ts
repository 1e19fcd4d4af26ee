import { expect } from "chai";
import { concat, Interface, SigningKey, Wallet } from "ethers";

import { contractOf } from "../../scripts/fork/compile.ts";
import { compileRedStone, ETH_FEED, REDSTONE_DECIMALS, redStonePayload } from "../../scripts/fork/parts/redstone.ts";
import type { Statement } from "../../scripts/fork/parts/redstone.ts";
import type { Foreign } from "../../scripts/fork/foreign.ts";
import { Status } from "./support/sources.ts";
import { useWorld } from "./support/world.ts";

const THRESHOLD = 3;
const UNIT = 10n ** BigInt(REDSTONE_DECIMALS);
const TO_WAD = 10n ** BigInt(18 - REDSTONE_DECIMALS);
const AGE = 600n;
/** Five nodes of ours, and a stranger. Keys of tests. */
const KEYS = [1, 2, 3, 4, 5, 6].map((digit) => new SigningKey(`0x${String(digit).repeat(64)}`));
const NODES = KEYS.slice(0, 5);
const STRANGER = KEYS[5]!;
const addressOf = (key: SigningKey) => new Wallet(key.privateKey).address;

describe("RedStone's own consumer and our store, over the same payloads", () => {
  const world = useWorld();
  let consumer: Foreign;
  const source = async (threshold = THRESHOLD) => {
    const w = world();
    const signers = NODES.map(addressOf);
    consumer = await w.chain.deploy(
      contractOf(
        compileRedStone(() => undefined),
        "RedStoneConsumer",
      ),
      [...[signers, threshold]],
    );
    return w.ethers.deployContract("RedStoneSource", [signers, threshold]);
  };
  /** What RedStone's code makes of a payload; undefined when it refuses. */
  const theirs = async (payload: string): Promise<bigint | undefined> => {
    const w = world();
    const data = concat([consumer.interface.encodeFunctionData("value", [ETH_FEED]), payload]);
    try {
      const answer = await w.ethers.provider.call({ to: consumer.address, data, blockTag: "pending" });
      return Interface.from(["function value() view returns (uint256)"]).decodeFunctionResult(
        "value",
        answer,
      )[0] as bigint;
    } catch {
      return undefined;
    }
  };
  /** Statements of these nodes about ether, one for each value. */
  const say = (keys: readonly SigningKey[], values: readonly bigint[], timestampMs: bigint): Statement[] =>
    keys.map((key, index) => ({ key, feed: ETH_FEED, value: values[index] ?? 0n, timestampMs }));

  it("ORC-01: both take the same median, for an odd and an even number of signers", async () => {
    const w = world();
    for (const values of [
      [2_000n * UNIT, 2_003n * UNIT, 1_990n * UNIT],
      [2_000n * UNIT, 2_003n * UNIT, 1_990n * UNIT, 2_000n * UNIT + 1n],
      [1n, 2_100n * UNIT, 2_101n * UNIT, 2_102n * UNIT, 10n ** 30n],
    ]) {
      const store = await source(values.length);
      const payload = redStonePayload(say(NODES.slice(0, values.length), values, (await w.now()) * 1_000n));
      const sorted = [...values].sort((a, b) => (a < b ? -1 : 1));
      const [low, high] = [sorted[(values.length - 1) >> 1]!, sorted[values.length >> 1]!];
      expect(await theirs(payload), "RedStone's").to.equal((low + high) / 2n);
      await store.update([ETH_FEED], payload);
      expect((await store.storedValue(ETH_FEED)).value, "ours").to.equal((low + high) / 2n);
    }
  });

  it("ORC-06: where more sign than must, RedStone's code counts as many as must, ours all: two liars last decide theirs only", async () => {
    const w = world();
    const store = await source(THRESHOLD);
    const values = [2_000n * UNIT, 2_001n * UNIT, 2_002n * UNIT, 1n, 1n];
    const payload = redStonePayload(say(NODES, values, (await w.now()) * 1_000n));
    expect(await theirs(payload)).to.equal(1n);
    await store.update([ETH_FEED], payload);
    expect((await store.storedValue(ETH_FEED)).value).to.equal(2_000n * UNIT);
  });

  it("ORC-01: the stored value is a price until the second of its greatest age, and not after", async () => {
    const w = world();
    const store = await source();
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint32", "uint8"],
      [ETH_FEED, AGE, REDSTONE_DECIMALS],
    );
    const [first, second] = await store.configure(await store.getAddress(), settings);
    expect((await store.read(first, second)).status, "nothing has been brought").to.equal(Status.Unreachable);
    const now = await w.now();
    const values = [2_000n * UNIT, 2_000n * UNIT, 2_000n * UNIT];
    await store.update([ETH_FEED], redStonePayload(say(NODES.slice(0, 3), values, now * 1_000n)));
    const expected = [Status.Valid, 2_000n * UNIT * TO_WAD, now, 0n];
    await w.networkHelpers.time.increaseTo(now + AGE);
    expect([...(await store.read(first, second))]).to.deep.equal(expected);
    await w.networkHelpers.time.increase(1);
    expect((await store.read(first, second)).status).to.equal(Status.Stale);
  });

  it("ORC-01: what RedStone's own code refuses, ours refuses, with the reason", async () => {
    const w = world();
    const store = await source();
    const values = [2_000n * UNIT, 2_001n * UNIT, 2_002n * UNIT];
    const nowMs = (await w.now()) * 1_000n;
    const good = say(NODES.slice(0, 3), values, nowMs);
    const flipped = redStonePayload(good).replace(/^0x(..)/, "0xff");
    const cases: readonly [string, string, string, readonly unknown[]][] = [
      ["two of three", redStonePayload(good.slice(0, 2)), "RedStoneSource_TooFewSigners", [ETH_FEED, 2, THRESHOLD]],
      [
        "a stranger",
        redStonePayload([...good.slice(0, 2), { ...good[2]!, key: STRANGER }]),
        "RedStoneSource_UnknownSigner",
        [addressOf(STRANGER)],
      ],
      [
        "one node twice",
        redStonePayload([...good.slice(0, 2), { ...good[1]!, value: 5n }]),
        "RedStoneSource_DuplicateSigner",
        [ETH_FEED, addressOf(NODES[1]!)],
      ],
      [
        "two times",
        redStonePayload([...good.slice(0, 2), { ...good[2]!, timestampMs: nowMs - 1n }]),
        "RedStoneSource_TimestampsDiffer",
        [nowMs - 1n, nowMs],
      ],
      // Theirs looks at the bits that are set in the marker, ours at all of them.
      ["no marker", redStonePayload(good).replace(/1e0000$/, "0e0000"), "RedStoneSource_MissingMarker", []],
    ];
    for (const [name, payload, error, args] of cases) {
      expect(await theirs(payload), name).to.be.undefined;
      const refused = expect(store.update([ETH_FEED], payload), name);
      await refused.to.be.revertedWithCustomError(store, error).withArgs(...args);
    }
    expect(await theirs(flipped), "a bit changed").to.be.undefined;
    await expect(store.update([ETH_FEED], flipped)).to.be.revertedWithCustomError(
      store,
      "RedStoneSource_UnknownSigner",
    );
    expect(await theirs(redStonePayload(good)), "the payload itself").to.equal(2_001n * UNIT);
    await store.update([ETH_FEED], redStonePayload(good));
  });

  it("ORC-08: the same payload again is no error and changes nothing, an older one neither", async () => {
    const w = world();
    const store = await source();
    const nowMs = (await w.now()) * 1_000n;
    const values = [2_000n * UNIT, 2_001n * UNIT, 2_002n * UNIT];
    const payload = redStonePayload(say(NODES.slice(0, 3), values, nowMs));
    await store.connect(w.alice).update([ETH_FEED], payload);
    const stored = await store.storedValue(ETH_FEED);
    expect(await store.update.staticCall([ETH_FEED], payload)).to.equal(0n);
    await store.connect(w.bob).update([ETH_FEED], payload);
    const older = redStonePayload(say(NODES.slice(2), [1n, 2n, 3n], nowMs - 1n));
    await store.update([ETH_FEED], older);
    expect([...(await store.storedValue(ETH_FEED))]).to.deep.equal([...stored]);
  });
});
