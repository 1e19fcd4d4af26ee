import { encodeBytes32String, Wallet } from "ethers";

import type { OracleFixture } from "./oracle.ts";
import { WAD } from "./oracle.ts";
import { closePayload, signPackage } from "./redstone.ts";

const MAX_AGE = 3_600n;
const HIGHEST = (1n << 256n) - 1n;
/** Selectors of what the readers ask. */
const GET_PRICE = "0x96834ad3";
const OBSERVE = "0x883bdbfd";
const SLOT0 = "0x3850c7bd";
const OBSERVATIONS = "0x252c09d7";
const [TOKEN0, TOKEN1] = ["0x0dfe1681", "0xd21220a7"];
const GET_RATE = "0x679aefce";
const WINDOW = 1_800n;
/** In the order of MockAnswers. */
const Mode = { Reverts: 1, BurnsGas: 2, RevertBomb: 4 } as const;

/** A source of a feed with its real reader, in front of a contract that says what a test wants. */
export interface Adapter {
  readonly name: string;
  readonly listing: { readonly reader: string; readonly target: string; readonly settings: string };
  /** Publishes a price, WAD, now. */
  say(price: bigint): Promise<unknown>;
  /** Everything that can be wrong with what such a source says, a price apart. */
  readonly faults: readonly (readonly [string, () => Promise<unknown>])[];
}

async function answers({ ethers }: OracleFixture) {
  const contract = await ethers.deployContract("MockAnswers");
  const coder = ethers.AbiCoder.defaultAbiCoder();
  return {
    contract,
    address: await contract.getAddress(),
    answer: (selector: string, types: string[], values: readonly unknown[]) =>
      contract.setAnswer(selector, coder.encode(types, values)),
    /** What every third-party contract can do to its callers. */
    hostile: (selector: string): Adapter["faults"] => [
      ["reverts", () => contract.setMode(selector, Mode.Reverts)],
      ["burns all gas", () => contract.setMode(selector, Mode.BurnsGas)],
      ["reverts with 200 kB", () => contract.setMode(selector, Mode.RevertBomb)],
      ["returns short data", () => contract.setAnswer(selector, "0x01")],
      ["returns words of other types", () => contract.setAnswer(selector, `0x${"ff".repeat(256)}`)],
    ],
  };
}

/** A push feed of 8 decimals with a band, read by the oracle itself. */
export async function chainlink(fixture: OracleFixture): Promise<Adapter> {
  const { ethers, oracleAddress, now } = fixture;
  const feed = await ethers.deployContract("MockAggregator", [8, 2_000n * 10n ** 8n]);
  const [low, high] = [20n * 10n ** 8n, 200_000n * 10n ** 8n];
  await feed.setBand(low, high);
  return {
    name: "Chainlink",
    listing: {
      reader: oracleAddress,
      target: await feed.getAddress(),
      settings: ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [MAX_AGE]),
    },
    say: (price) => feed.setAnswer(price / 10n ** 10n),
    faults: [
      ["says 0", () => feed.setAnswer(0n)],
      ["says a negative price", () => feed.setAnswer(-2_000n * 10n ** 8n)],
      ["is pinned at the lower edge of its band", () => feed.setAnswer(low)],
      ["is pinned at the upper edge of its band", () => feed.setAnswer(high)],
      ["says that it is from tomorrow", async () => feed.setRound(2_000n * 10n ** 8n, (await now()) + 86_400n)],
      ["has no round", () => feed.setRound(2_000n * 10n ** 8n, 0n)],
      ["has 6 decimals from now on", () => feed.setAnswer(2_000n * 10n ** 6n)],
      ["has 18 decimals from now on", () => feed.setAnswer(2_000n * 10n ** 18n)],
      ["reverts", () => feed.setMode(1)],
      ["burns all gas", () => feed.setMode(2)],
      ["returns short data", () => feed.setMode(3)],
      ["reverts with 200 kB", () => feed.setMode(5)],
    ],
  };
}

/** A pull feed with a confidence of 0.1%, of which 0.5% are allowed; read by the oracle itself. */
export function pyth(fixture: OracleFixture): Promise<Adapter> {
  return readBy(fixture, fixture.oracleAddress);
}

/** The same, with a reader of its own. */
export async function pythWithReader(fixture: OracleFixture): Promise<Adapter> {
  return readBy(fixture, await (await fixture.ethers.deployContract("PythSource")).getAddress());
}

async function readBy(fixture: OracleFixture, reader: string): Promise<Adapter> {
  const { ethers, now } = fixture;
  const mock = await answers(fixture);
  const publish = async (price: bigint, confidence = price / 1_000n, exponent = -8n) =>
    mock.answer(GET_PRICE, ["int64", "uint64", "int32", "uint256"], [price, confidence, exponent, await now()]);
  await publish(2_000n * 10n ** 8n);
  return {
    name: "Pyth",
    listing: {
      reader,
      target: mock.address,
      settings: ethers.AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "uint32", "uint16"],
        [encodeBytes32String("ETH"), MAX_AGE, 50],
      ),
    },
    say: (price) => publish(price / 10n ** 10n),
    faults: [
      ["says 0", () => publish(0n, 0n)],
      ["says a negative price", () => publish(-2_000n * 10n ** 8n, 0n)],
      ["is not sure", () => publish(2_000n * 10n ** 8n, 11n * 10n ** 8n)],
      ["forgets its exponent", () => publish(2_000n * 10n ** 8n, 0n, 0n)],
      ["has an exponent that nobody can have meant", () => publish(2_000n, 0n, 30n)],
      ...mock.hostile(GET_PRICE),
    ],
  };
}

/** Three signers, two of whom decide. */
export async function redstone(fixture: OracleFixture): Promise<Adapter> {
  const { ethers, now } = fixture;
  const signers = [1n, 2n, 3n].map((key) => new Wallet(ethers.toBeHex(key, 32)));
  const source = await ethers.deployContract("RedStoneSource", [signers.map(({ address }) => address), 2]);
  const target = await source.getAddress();
  const id = encodeBytes32String("ETH");
  const bring = async (value: bigint) => {
    const time = (await now()) * 1_000n;
    const packages = signers.slice(0, 2).map((signer) => signPackage(signer, time, [{ feed: "ETH", value }]));
    return source.update([id], closePayload(packages));
  };
  await bring(2_000n * 10n ** 8n);
  return {
    name: "RedStone",
    listing: {
      reader: target,
      target,
      settings: ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint32", "uint8"], [id, MAX_AGE, 8]),
    },
    say: (price) => bring(price / 10n ** 10n),
    faults: [
      ["says 0", () => bring(0n)],
      ["says the most that can be stored", () => bring((1n << 128n) - 1n)],
    ],
  };
}

/** A pool that has been at one price for the whole window. */
export async function uniswap(fixture: OracleFixture): Promise<Adapter> {
  const { ethers, now } = fixture;
  const mock = await answers(fixture);
  const [one, two] = [
    await ethers.deployContract("MockToken", ["One", "ONE", 18]),
    await ethers.deployContract("MockToken", ["Two", "TWO", 18]),
  ];
  await mock.answer(TOKEN0, ["address"], [await one.getAddress()]);
  await mock.answer(TOKEN1, ["address"], [await two.getAddress()]);
  const observe = async (tick: bigint, liquidity = 10n ** 18n) => {
    await mock.answer(
      OBSERVE,
      ["int56[]", "uint160[]"],
      [
        [0n, tick * WINDOW],
        [0n, (WINDOW << 128n) / liquidity],
      ],
    );
    await mock.answer(SLOT0, Array<string>(7).fill("uint256"), [0, 0, 0, 0, 0, 0, 0]);
    return mock.answer(OBSERVATIONS, Array<string>(4).fill("uint256"), [(await now()) % (1n << 32n), 0, 0, 1]);
  };
  const tickOf = (price: bigint) => BigInt(Math.floor(Math.log(Number(price) / 1e18) / Math.log(1.0001)));
  await observe(tickOf(2_000n * WAD));
  const reader = await ethers.deployContract("UniswapV3Source");
  return {
    name: "Uniswap",
    listing: {
      reader: await reader.getAddress(),
      target: mock.address,
      settings: ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "uint32", "uint32", "uint128"],
        [await two.getAddress(), WINDOW, MAX_AGE, 10n ** 17n],
      ),
    },
    say: (price) => observe(tickOf(price)),
    faults: [
      ["is at its lowest tick", () => observe(-887_272n)],
      ["is at its highest tick", () => observe(887_272n)],
      ["was nearly empty", () => observe(tickOf(2_000n * WAD), 10n ** 16n)],
      ...mock.hostile(OBSERVE),
      // Not the last of them: this pool says the same at every index.
      ...mock.hostile(SLOT0).slice(0, -1),
    ],
  };
}

/** A token that stands for 1.1 of what a push feed prices, at most 5% more a year. */
export async function ratio(fixture: OracleFixture): Promise<Adapter> {
  const { ethers } = fixture;
  const mock = await answers(fixture);
  const say = (rate: bigint) => mock.answer(GET_RATE, ["uint256"], [rate]);
  const rate = (11n * WAD) / 10n;
  await say(rate);
  const feed = await ethers.deployContract("MockAggregator", [8, 2_000n * 10n ** 8n]);
  const reader = await ethers.deployContract("ChainlinkSource");
  const coder = ethers.AbiCoder.defaultAbiCoder();
  const source = await ethers.deployContract("RatioSource", [
    await reader.getAddress(),
    await feed.getAddress(),
    coder.encode(["uint32"], [MAX_AGE]),
  ]);
  const publish = (price: bigint) => feed.setAnswer((price * 10n) / 11n / 10n ** 10n);
  await publish(2_000n * WAD);
  return {
    name: "ratio",
    listing: {
      reader: await source.getAddress(),
      target: mock.address,
      settings: coder.encode(["bytes4", "uint8", "uint16", "uint16"], [GET_RATE, 18, 500, 9_800]),
    },
    say: publish,
    faults: [
      ["has a rate of 0", () => say(0n)],
      ["has a rate 2.85% too low", () => say((rate * 9_715n) / 10_000n)],
      ["has a rate 1% too high", () => say((rate * 101n) / 100n)],
      ["has the highest rate of all", () => say(HIGHEST)],
      ["has a price of 0", () => feed.setAnswer(0n)],
      ["has a price that reverts", () => feed.setMode(1)],
      ["has a price that burns all gas", () => feed.setMode(2)],
      ...mock.hostile(GET_RATE),
    ],
  };
}
