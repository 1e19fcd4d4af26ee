import { network } from "hardhat";

export const WAD = 10n ** 18n;
/** One of 1e-8, as answers of the feeds have 8 decimals. */
const NATIVE = 10n ** 10n;
const FEED = 9n;
const BOND = 100n * 10n ** 6n;
const WEEK = 604_800n;

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];
const deployTouches = (ethers: Ethers, oracle: string) => ethers.deployContract("PriceTouchTrigger", [oracle]);
const deployDepegs = (ethers: Ethers, oracle: string) => ethers.deployContract("DepegTrigger", [oracle]);
const deploySource = (ethers: Ethers, price: bigint) => ethers.deployContract("MockAggregator", [8, price]);
type PriceTrigger = Awaited<ReturnType<typeof deployTouches>> | Awaited<ReturnType<typeof deployDepegs>>;

/** A series, and what decides it. */
export interface Cover {
  trigger: PriceTrigger;
  series: bigint;
  terms: string;
  mark: bigint;
}

export type Stage = Awaited<ReturnType<typeof stage>>;

/**
 * An oracle over Chainlink-shaped sources, one for each floor (the lowest answer that it can show), both price triggers, and a verifier
 * whose vault is the first signer. The chain begins a day before `from`, so that nothing is in the past.
 */
export async function stage(from: number, firstPrice: bigint, floors: readonly bigint[]) {
  const count = floors.length;
  const { ethers, networkHelpers } = await network.create({
    override: { initialDate: new Date((from - 86_400) * 1_000), gas: 12_000_000n },
  });
  const [vault] = await ethers.getSigners();
  if (vault === undefined) throw new Error("no accounts");
  const manager = await ethers.deployContract("MockAccessManager", [vault.address]);
  const oracle = await ethers.deployContract("PriceOracle", [await manager.getAddress(), ethers.ZeroAddress, 0n]);
  const oracleAddress = await oracle.getAddress();
  const sources: Awaited<ReturnType<typeof deploySource>>[] = [];
  for (const floor of floors) {
    const source = await deploySource(ethers, firstPrice);
    await source.setBand(floor, firstPrice * 1_000n);
    sources.push(source);
  }
  const settings = ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [86_400n]);
  // Of three kinds, so that any two sources are of two (R6).
  const readers = [
    oracleAddress,
    await (await ethers.deployContract("MockPullReader")).getAddress(),
    await (await ethers.deployContract("MockTimeWeightedReader")).getAddress(),
  ];
  const listing = await Promise.all(
    sources.map(async (source, index) => ({
      reader: readers[index % readers.length] ?? "",
      target: await source.getAddress(),
      settings,
    })),
  );
  const rules = {
    quorum: count >= 4 ? 3n : 2n,
    kinds: 2n,
    maxDeviation: WAD / 100n,
    maxGap: 300n,
    volatilityFloor: (4n * WAD) / 10n,
  };
  await oracle.listFeed(FEED, rules, listing);

  const token = await ethers.deployContract("MockToken", ["Test Dollar", "USDT", 6]);
  const verifier = await ethers.deployContract("ClaimVerifier", [
    await token.getAddress(),
    BOND,
    0n,
    ethers.Wallet.createRandom().address,
  ]);
  await token.mint(vault.address, 1_000n * BOND);
  await token.approve(await verifier.getAddress(), ethers.MaxUint256);
  const touches = await deployTouches(ethers, oracleAddress);
  const depegs = await deployDepegs(ethers, oracleAddress);
  let seriesCount = 0n;

  const register = async (trigger: PriceTrigger, terms: string): Promise<Cover> => {
    const series = ++seriesCount;
    const endsAt = BigInt(await networkHelpers.time.latest()) + WEEK;
    await verifier.registerSeries(series, await trigger.getAddress(), terms, WAD, endsAt, endsAt + WEEK);
    return { trigger, series, terms, mark: (await verifier.subjectOf(vault.address, series)).mark };
  };

  return {
    ethers,
    networkHelpers,
    vault,
    oracle,
    sources,
    verifier,
    touches,
    depegs,

    /** Cover that is paid when the price touches a level, from above or from below. */
    touch: async (level: bigint, fromAbove: boolean) => {
      const definition = { feed: FEED, level: level * NATIVE, fromAbove };
      const terms = await touches.defineTerms.staticCall(definition);
      await touches.defineTerms(definition);
      return register(touches, terms);
    },

    /** Cover that is paid when the average is below a level for a window. */
    depegBelow: async (level: bigint, window: bigint) => {
      const definition = { feed: FEED, level: level * NATIVE, window };
      const terms = await depegs.defineTerms.staticCall(definition);
      await depegs.defineTerms(definition);
      return register(depegs, terms);
    },

    /** The answers of all sources at a time, then an observation for each cover; `undefined` leaves a source as it is. */
    step: async (time: bigint, answers: (i: number) => bigint | undefined, covers: readonly Cover[]) => {
      for (const [i, source] of sources.entries()) {
        const answer = answers(i);
        // Published a second before it is read.
        if (answer !== undefined) await source.setRound(answer, time - 1n);
      }
      const seen = [];
      for (const [i, cover] of covers.entries()) {
        await networkHelpers.time.setNextBlockTimestamp(time + BigInt(i));
        await cover.trigger.observe(cover.terms, cover.mark);
        const { confirmed, eventAt } = await answerOf(cover);
        seen.push({ confirmed, eventAt });
      }
      return seen;
    },
  };

  /** What is confirmed, or nothing while the trigger is undecided. */
  async function answerOf(cover: Cover) {
    const { trigger, terms, mark } = cover;
    try {
      const [confirmed, eventAt] = await trigger.evaluate(terms, mark);
      return { confirmed, eventAt };
    } catch (error) {
      if (!String(error).includes("Trigger_Undecided")) throw error;
      return { confirmed: 0n, eventAt: 0n };
    }
  }
}
