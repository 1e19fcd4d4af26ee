import { expect } from "chai";

import { ETH_USD, pythUpdate } from "../../scripts/fork/parts/pyth.ts";
import type { PythPrice } from "../../scripts/fork/parts/pyth.ts";
import { onNetwork, part, WAD } from "./support/fork.ts";
import { Status } from "./support/sources.ts";
import { useWorld } from "./support/world.ts";

const PYTH = [
  "function getPriceUnsafe(bytes32 id) view returns (int64 price, uint64 conf, int32 expo, uint256 publishTime)",
  "function getUpdateFee(bytes[] updates) view returns (uint256)",
  "function updatePriceFeeds(bytes[] updates) payable",
];
const AGE = 3_600n;
/** A week: nobody need have brought a price to a public contract lately. */
const LONGEST_AGE = 604_800n;
const CONFIDENCE_BPS = 100n;
const SETTINGS = ["bytes32", "uint32", "uint16"];
const EXPONENT = -8;
const UNIT = 10n ** 8n;
const TO_WAD = 10n ** 10n;

onNetwork("The Pyth contract", ["pyth", "chainlink", "usdc", "weth"], () => {
  const world = useWorld();

  it("ORC-01: what is stored is read, scaled to WAD, with its confidence; one second too old is stale", async () => {
    const w = world();
    const source = await w.ethers.deployContract("PythSource");
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(SETTINGS, [ETH_USD, LONGEST_AGE, CONFIDENCE_BPS]);
    const [first, second] = await source.configure(part("pyth"), settings);
    const stored = await w.chain.at(part("pyth"), PYTH).read("getPriceUnsafe", [ETH_USD]);
    const [price, confidence, exponent, publishTime] = stored as unknown as [bigint, bigint, bigint, bigint];
    const scale = 10n ** (18n + exponent);
    await w.networkHelpers.time.increaseTo(publishTime + LONGEST_AGE);
    const read = await source.read(first, second);
    expect([...read]).to.deep.equal([Status.Valid, price * scale, publishTime, confidence * scale]);
    await w.networkHelpers.time.increase(1);
    expect((await source.read(first, second)).status).to.equal(Status.Stale);
  });
});

onNetwork("Updates of the Pyth contract", ["mockPyth", "chainlink", "usdc", "weth"], () => {
  const world = useWorld();
  const deploy = async () => {
    const w = world();
    const source = await w.ethers.deployContract("PythSource");
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(SETTINGS, [ETH_USD, AGE, CONFIDENCE_BPS]);
    const [first, second] = await source.configure(part("mockPyth"), settings);
    return () => source.read(first, second);
  };
  /** Brings a price, with the fee that the contract asks for less `short`. */
  const bring = async (price: Partial<PythPrice>, short = 0n) => {
    const w = world();
    const pyth = w.chain.at(part("mockPyth"), PYTH);
    const publishTime = await w.now();
    const quote = { id: ETH_USD, price: 2_000n * UNIT, confidence: UNIT, exponent: EXPONENT, publishTime };
    const updates = [pythUpdate({ ...quote, ...price })];
    const value = (await pyth.readNumber("getUpdateFee", [updates])) - short;
    const data = pyth.interface.encodeFunctionData("updatePriceFeeds", [updates]);
    return w.alice.sendTransaction({ to: pyth.address, data, value });
  };

  it("ORC-08: anyone brings a newer price for the fee; an older one changes nothing and is no error", async () => {
    const w = world();
    const read = await deploy();
    await w.networkHelpers.time.increase(60);
    const publishTime = await w.now();
    await bring({ price: 1_900n * UNIT, publishTime });
    expect([...(await read())]).to.deep.equal([Status.Valid, 1_900n * WAD, publishTime, WAD]);
    await bring({ price: 1_800n * UNIT, publishTime: publishTime - 1n });
    await bring({ price: 1_700n * UNIT, publishTime });
    expect((await read()).price).to.equal(1_900n * WAD);
    let refused = false;
    await bring({ price: 1_600n * UNIT }, 1n).catch(() => (refused = true));
    expect(refused, "a wei short of the fee").to.equal(true);
  });

  it("ORC-01: a confidence as wide as is allowed is taken, a unit wider is uncertain", async () => {
    const w = world();
    const read = await deploy();
    const widest = (2_000n * UNIT * CONFIDENCE_BPS) / 10_000n;
    await w.networkHelpers.time.increase(60);
    await bring({ confidence: widest });
    expect([...(await read())].slice(0, 2)).to.deep.equal([Status.Valid, 2_000n * WAD]);
    expect((await read()).confidence).to.equal(widest * TO_WAD);
    await w.networkHelpers.time.increase(60);
    await bring({ confidence: widest + 1n });
    expect([...(await read())]).to.deep.equal([Status.Uncertain, 0n, 0n, 0n]);
  });

  it("ORC-01: zero, negative and future answers are typed failures", async () => {
    const w = world();
    const read = await deploy();
    for (const [change, status] of [
      [{ price: 0n }, Status.NotPositive],
      [{ price: -1n }, Status.NotPositive],
    ] as const) {
      await w.networkHelpers.time.increase(60);
      await bring({ ...change, confidence: 0n });
      expect([...(await read())]).to.deep.equal([status, 0n, 0n, 0n]);
    }
    await bring({ publishTime: (await w.now()) + 1_000n });
    expect((await read()).status).to.equal(Status.FromFuture);
  });
});
