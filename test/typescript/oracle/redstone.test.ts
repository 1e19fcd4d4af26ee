import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import { concat, ContractFactory, encodeBytes32String, HDNodeWallet as Wallets, Interface, Mnemonic } from "ethers";

import { Random, seedOfRun } from "../support/random.ts";
import { deployOracle, FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";
import { closePayload, readPublishedCode, signPackage } from "./support/redstone.ts";

/** RedStone's contract for tests takes the first 19 of Hardhat's accounts for its signers and asks for 10 of them. */
const THRESHOLD = 10;
const PHRASE = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const SIGNERS = Array.from({ length: 19 }, (_, i) => Wallets.fromMnemonic(PHRASE, `m/44'/60'/0'/0/${i}`));
const REAL = new Interface([
  "function getValuesForDataFeedIds(bytes32[]) view returns (uint256[])",
  "error InsufficientNumberOfUniqueSigners(uint256, uint256)",
  "error SignerNotAuthorised(address)",
  "error TimestampsMustBeEqual()",
]);
const ETH = encodeBytes32String("ETH");

/** Our store and RedStone's own contract, with the same signers. */
async function deploy() {
  const fixture = await deployOracle();
  const { ethers, now } = fixture;
  const source = await ethers.deployContract("RedStoneSource", [SIGNERS.map(({ address }) => address), THRESHOLD]);
  const factory = new ContractFactory(
    REAL,
    readPublishedCode("SampleRedstoneConsumerNumericMock"),
    fixture.administrator,
  );
  const consumer = await factory.deploy();
  const to = await consumer.getAddress();
  const question = (feeds: readonly string[]) => REAL.encodeFunctionData("getValuesForDataFeedIds", [feeds]);
  return {
    ...fixture,
    source,
    /** What RedStone's contract reads from a payload behind its calldata. */
    async askReal(feeds: readonly string[], payload: string): Promise<bigint[]> {
      const answer = await ethers.provider.call({ to, data: concat([question(feeds), payload]) });
      return (REAL.decodeFunctionResult("getValuesForDataFeedIds", answer)[0] as bigint[]).map((value) => value);
    },
    milliseconds: async () => (await now()) * 1_000n,
  };
}

/** Different ones, in any order. */
function draw(random: Random, count: number): HDNodeWallet[] {
  const left = [...SIGNERS];
  return Array.from({ length: count }, () => left.splice(Number(random.below(BigInt(left.length))), 1)[0]!);
}

describe("RedStone's packages (ORC-01, ORC-08)", () => {
  it("ORC-08: the published contract and ours read the same values from 30 random payloads", async () => {
    const { source, askReal, milliseconds } = await deploy();
    const random = new Random(seedOfRun()).for("redstone");
    const feeds = ["AVAX", "BTC", "ETH"];
    const ids = feeds.map(encodeBytes32String);
    let time = await milliseconds();
    for (let round = 0; round < 30; round++) {
      const size = 1 + Number(random.below(32n));
      const limit = 1n << BigInt(Math.min(8 * size, 128));
      const packages = draw(random, THRESHOLD).flatMap((signer) => {
        const points = feeds.map((feed) => ({ feed, value: random.between(0n, limit - 1n) }));
        // All in one package, or each in its own, as RedStone's gateways do both.
        return round % 2 === 0
          ? [signPackage(signer, time, points, size)]
          : points.map((point) => signPackage(signer, time, [point], size));
      });
      const payload = closePayload(packages, random.flag() ? "0x" : "0x302e392e30");
      const expected = await askReal(ids, payload);
      await source.update(ids, payload);
      for (const [i, id] of ids.entries()) {
        const { value, timestamp } = await source.storedValue(id);
        expect([value, timestamp], `round ${round}, ${feeds[i]}, ${size} bytes`).to.deep.equal([expected[i], time]);
      }
      time += 1n;
    }
  });

  it("ORC-08: what the published contract refuses is refused here", async () => {
    const { source, askReal, milliseconds } = await deploy();
    const time = await milliseconds();
    const one = (signer: HDNodeWallet, at = time) => signPackage(signer, at, [{ feed: "ETH", value: 1n }]);
    const nine = SIGNERS.slice(0, THRESHOLD - 1).map((signer) => one(signer));
    const stranger = Wallets.fromMnemonic(PHRASE, "m/44'/60'/0'/0/19");
    for (const [packages, theirs, ours] of [
      [nine, "InsufficientNumberOfUniqueSigners", "RedStoneSource_TooFewSigners"],
      [[...nine, nine[0]!], "InsufficientNumberOfUniqueSigners", "RedStoneSource_DuplicateSigner"],
      [[...nine, one(stranger)], "SignerNotAuthorised", "RedStoneSource_UnknownSigner"],
      [[...nine, one(SIGNERS[10]!, time + 1n)], "TimestampsMustBeEqual", "RedStoneSource_TimestampsDiffer"],
    ] as const) {
      const payload = closePayload(packages);
      const found = await askReal([ETH], payload).then(
        () => "nothing",
        (error: { data: string }) => REAL.parseError(error.data)?.name,
      );
      expect(found).to.equal(theirs);
      await expect(source.update([ETH], payload)).to.be.revertedWithCustomError(source, ours);
    }
    await source.update([ETH], closePayload([...nine, one(SIGNERS[18]!)]));
    expect((await source.storedValue(ETH)).value).to.equal(1n);
  });

  it("ORC-01, ORC-02: as a source of a feed, its price counts once somebody has brought it", async () => {
    const { ethers, oracle, source, mockSources, asReaders, milliseconds, later } = await deploy();
    const target = await source.getAddress();
    const settings = ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint32", "uint8"], [ETH, 600, 8]);
    const others = await mockSources(2);
    const listings = [...(await asReaders(others)), { reader: target, target, settings }];
    await oracle.listFeed(FEED, { ...RULES, quorum: 2n }, listings);
    expect((await oracle.inspect(FEED)).statuses).to.deep.equal([Status.Valid, Status.Valid, Status.Unreachable]);

    const value = (PRICE + WAD) / 10n ** 10n;
    const time = await milliseconds();
    await source.update(
      [ETH],
      closePayload(SIGNERS.slice(0, 10).map((signer) => signPackage(signer, time, [{ feed: "ETH", value }]))),
    );
    // The median of 2,000, 2,000 and 2,001.
    await oracle.listFeed(FEED, { ...RULES, quorum: 3n }, listings);
    await later();
    const { statuses, prices, publishedAt } = await oracle.inspect(FEED);
    expect(statuses[2]).to.equal(Status.Valid);
    expect([prices[2], publishedAt[2]]).to.deep.equal([PRICE + WAD, time / 1_000n]);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
  });
});
